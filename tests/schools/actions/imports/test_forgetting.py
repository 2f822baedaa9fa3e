"""Rows that nobody confirmed, and refused ones, are emptied in time; the list stays and says so."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from schools.actions.history import verify_history
from schools.actions.imports.forgetting import forget_previews
from schools.actions.imports.uploads import apply_import, cancel_import, refused_of
from schools.actions.refusals import WrongState
from schools.models import HistoryEntry, HistoryPayload, ListImport, Student
from tests.cast import make_cast
from tests.records.models.attack import attack
from tests.schools.actions.imports.test_uploads import AN, FAMILY, HAN, upload
from tests.workbooks import a_student

LONG_AGO = timedelta(days=30, minutes=1)


def long_waiting(cast, *people):
    made = upload(cast, *people or (a_student(HAN, "Phạm Gia Hân", **FAMILY),))
    ListImport.objects.filter(pk=made.pk).update(created_at=timezone.now() - LONG_AGO)
    return ListImport.objects.get(pk=made.pk)


def long_applied(cast):
    made = upload(cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    done = apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    ListImport.objects.filter(pk=done.pk).update(applied_at=timezone.now() - LONG_AGO)
    return done


def kept(made):
    return ListImport.objects.get(pk=made.pk)


def test_preview_that_waited_too_long_is_emptied_and_stays_with_its_numbers(cast):
    made = long_waiting(cast)
    assert forget_previews(now=timezone.now()) == 1
    found = kept(made)
    assert (found.state, found.rows, found.refused, found.days_kept) == ("HET_HAN", [], [], 30)
    assert (found.counts, found.file_name, found.uploaded_by) == (made.counts, "danh-sach.xlsx", cast.clerk)
    assert abs(found.emptied_at - timezone.now()) < timedelta(minutes=5)
    assert not Student.objects.filter(student_code=HAN).exists()


def test_refused_rows_are_emptied_and_the_list_stays_as_brought_in(cast):
    done = long_applied(cast)
    assert forget_previews(now=timezone.now()) == 1
    found = kept(done)
    assert (found.state, found.refused, refused_of(found), found.days_kept) == ("DA_NHAP", [], [], 30)
    assert found.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}


def test_others_are_left_alone(cast):
    young, cancelled = upload(cast, a_student(HAN)), long_waiting(cast)  # the second upload drops the first
    cancel_import(by=cast.clerk, list_import=cancelled)
    waiting = upload(cast, a_student(AN))
    before = list(ListImport.objects.order_by("pk").values())
    assert forget_previews(now=timezone.now()) == 0
    assert list(ListImport.objects.order_by("pk").values()) == before
    assert (kept(young).state, kept(waiting).state) == ("DA_HUY", "XEM_TRUOC")


def test_days_are_a_setting(cast, settings):
    made = long_waiting(cast)
    settings.PREVIEW_DAYS = 31
    assert forget_previews(now=timezone.now()) == 0
    assert forget_previews(now=timezone.now() + timedelta(days=1)) == 1
    assert kept(made).state == "HET_HAN"


def test_history_says_when_and_why_without_the_rows(cast):
    made = long_waiting(cast)
    forget_previews(now=timezone.now())
    entry = HistoryEntry.objects.order_by("-id").first()
    assert (entry.action, entry.actor, entry.method, entry.reason, entry.chain.key) == (
        "forget_previews", None, "prepared", "Đã xóa nội dung xem trước sau 30 ngày", cast.school.pk,
    )  # fmt: skip
    changes = entry.payloads.get(row_id=made.pk).payload["changes"]
    assert (changes["state"], changes["rows"]) == (["XEM_TRUOC", "HET_HAN"], ["***", "***"])
    told = str(list(HistoryPayload.objects.filter(payload__table="schools_listimport").values_list("payload")))
    assert not [word for word in ("Hân", "0912345678", "00120000000") if word in told]
    assert verify_history().faults == []


def test_emptied_preview_can_be_neither_confirmed_nor_dropped(cast):
    made = long_waiting(cast)
    forget_previews(now=timezone.now())
    with pytest.raises(WrongState, match="chờ quá 30 ngày nên nội dung đã xóa"):
        apply_import(by=cast.clerk, list_import=kept(made), digest=made.digest)
    with pytest.raises(WrongState, match="Hãy tải tệp lên lại"):
        cancel_import(by=cast.clerk, list_import=made)


@pytest.mark.parametrize(
    "change",
    [
        "rows = '[[3, {}]]'",
        "refused = '[[3, {}, \"x\"]]'",
        "emptied_at = NULL",
        "state = 'XEM_TRUOC'",
        "state = 'DA_HUY'",
    ],
)
def test_what_was_emptied_never_comes_back(cast, change):
    made = long_waiting(cast)
    forget_previews(now=timezone.now())
    assert "violates check constraint" in attack(f"UPDATE schools_listimport SET {change} WHERE id = %s", made.pk)


def test_list_confirmed_in_the_same_moment_is_brought_in_or_emptied_whole(transactional_db):
    cast = make_cast()
    made, together, outcomes = long_waiting(cast), threading.Barrier(2), []

    def confirm():
        try:
            together.wait()
            apply_import(by=cast.clerk, list_import=made, digest=made.digest)
            outcomes.append("in")
        except WrongState:
            outcomes.append("emptied")
        finally:
            connection.close()

    thread = threading.Thread(target=confirm)
    thread.start()
    together.wait()
    forget_previews(now=timezone.now())
    thread.join()
    state = {"in": "DA_NHAP", "emptied": "HET_HAN"}[outcomes[0]]
    assert (kept(made).state, kept(made).rows) == (state, [])
    assert Student.objects.filter(student_code=HAN).exists() is (state == "DA_NHAP")
