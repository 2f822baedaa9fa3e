"""What is confirmed is what was previewed; once; whole or not at all; by whom it may be."""

import threading

import psycopg
import pytest
from django.db import IntegrityError, connection

from schools.actions.imports.plans import PreviewOutdated
from schools.actions.imports.uploads import apply_import, cancel_import, planned, preview_import, refused_of
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import (
    Enrolment,
    HistoryEntry,
    HistoryPayload,
    ListImport,
    ParentLink,
    SchoolYear,
    Student,
    SubjectEnrolment,
    User,
)
from tests.cast import make_cast
from tests.workbooks import ASSIGNMENTS, STAFF, STUDENTS, a_student, table_of

HAN, AN = "7000000001", "7000000002"
FAMILY = {"mother_name": "Lò Thị Mai", "mother_phone": "0912345678"}
ROW_OF = {
    STUDENTS: a_student(HAN),
    STAFF: {"full_name": "Đinh Thị Hòa", "phone": "0912345678"},
    ASSIGNMENTS: {"class_name": "7A", "subject": "Ngữ văn", "teacher_name": "Lê Thu Hà"},
}


def upload(cast, *people, kind=STUDENTS, by=None, **options):
    return preview_import(
        by=by or cast.clerk, school=cast.school, year=cast.year, kind=kind, table=table_of(kind, *people),
        file_name="danh-sach.xlsx", **options,
    )  # fmt: skip


def state():
    """Everything a list of students can touch."""
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Student, Enrolment, SubjectEnrolment, ParentLink, User)
    }


def test_preview_writes_nothing_but_itself(cast):
    before = state()
    made = upload(cast, a_student(HAN, **FAMILY), a_student(AN, gender="x"))
    assert state() == before
    assert (made.state, made.counts) == ("XEM_TRUOC", {"new": 1, "changed": 0, "unchanged": 0, "refused": 1})
    assert planned(made).digest == made.digest == planned(ListImport.objects.get(pk=made.pk)).digest


def test_result_is_the_preview(cast):
    """What the plan says of old and new is what stands in the database before and after."""
    made = upload(
        cast,
        a_student(HAN, **FAMILY),
        {"student_code": cast.student.student_code, "address": "5 phố Khác"},
        {"student_code": cast.classmate.student_code, "class_name": "7A"},
        a_student(AN, gender="x"),
    )
    shown = planned(made)
    before = {student.pk: student for student in Student.objects.all()}
    done = apply_import(by=cast.clerk, list_import=made, digest=shown.digest)
    after = {student.pk: student for student in Student.objects.all()}
    changed = {pk for pk in before if before[pk].__dict__ | {"_state": 0} != after[pk].__dict__ | {"_state": 0}}
    assert {after[pk].full_name for pk in after.keys() - before.keys()} == {one.who for one in shown.those("new")}
    assert {after[pk].full_name for pk in changed} == {one.who for one in shown.those("changed")}
    assert done.counts == shown.counts == {"new": 1, "changed": 1, "unchanged": 1, "refused": 1}
    assert planned(upload(cast, a_student(HAN, **FAMILY))).counts["unchanged"] == 1


@pytest.mark.parametrize("kind", [STUDENTS, STAFF, ASSIGNMENTS])
def test_history_says_who_imported_what(cast, kind):
    made = upload(cast, ROW_OF[kind], kind=kind)
    apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    action = {STUDENTS: "import_students", STAFF: "import_staff", ASSIGNMENTS: "import_assignments"}[kind]
    entries = HistoryEntry.objects.filter(action=action)
    assert {(entry.actor, entry.method) for entry in entries} == {(cast.clerk, "imported")}
    tables = {"schools_student", "schools_user", "schools_teachingassignment"} & set(
        entries.values_list("table", flat=True)
    )
    assert tables == {
        STUDENTS: {"schools_student"}, STAFF: {"schools_user"}, ASSIGNMENTS: {"schools_teachingassignment"},
    }[kind]  # fmt: skip


def test_history_of_the_import_itself_carries_no_row(cast):
    made = upload(cast, a_student(HAN, "Phạm Gia Hân", **FAMILY), a_student(AN, "Lê Vy", gender="x"))
    apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    told = str(list(HistoryPayload.objects.filter(payload__table="schools_listimport").values_list("payload")))
    assert "danh-sach.xlsx" in told
    assert not [word for word in ("Hân", "Vy", "0912345678", "00120000000") if word in told]


def test_after_the_import_only_refused_rows_are_kept(cast):
    made = upload(cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    kept = ListImport.objects.get(pk=made.pk)
    assert (kept.state, kept.rows, kept.applied_at is not None) == ("DA_NHAP", [], True)
    ((row, cells, why),) = refused_of(kept)
    assert (row, cells["student_code"]) == (3, AN)
    assert why.startswith("Dòng 3, Lê Vy: Giới tính “x”")


# -- Not what was previewed -------------------------------------------------------------------------------------------
def test_change_in_between_is_previewed_again(cast):
    made = upload(cast, {"student_code": cast.student.student_code, "address": "5 phố Khác"})
    Student.objects.filter(pk=cast.student.pk).update(address="Đã đổi")
    before = state()
    with pytest.raises(PreviewOutdated):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    assert state() == before
    apply_import(by=cast.clerk, list_import=made, digest=planned(made).digest)
    assert Student.objects.get(pk=cast.student.pk).address == "5 phố Khác"


def test_masked_value_that_changed_in_between_is_noticed(cast):
    """Two numbers with the same last digits look the same in the preview; they are not the same plan."""
    Student.objects.filter(pk=cast.student.pk).update(personal_id="001000000777")
    made = upload(cast, {"student_code": cast.student.student_code, "address": "5 phố Khác"})
    other = upload(cast, {"student_code": cast.student.student_code, "personal_id": "002000000777"})
    again = upload(cast, {"student_code": cast.student.student_code, "personal_id": "003000000777"})
    assert len({made.digest, other.digest, again.digest}) == 3


def test_somebody_who_came_in_between_makes_the_preview_outdated(cast):
    made = upload(cast, a_student(HAN))
    Student.objects.create(
        school=cast.other_school,
        student_code=HAN,
        full_name="Ai Đó",
        gender="NU",
        born_on="2014-01-01",
        personal_id="009000000001",
    )
    with pytest.raises(PreviewOutdated):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)


def test_forged_digest_is_outdated(cast):
    made = upload(cast, a_student(HAN))
    with pytest.raises(PreviewOutdated):
        apply_import(by=cast.clerk, list_import=made, digest="0" * 64)
    assert not Student.objects.filter(student_code=HAN).exists()


# -- Once -------------------------------------------------------------------------------------------------------------
def test_second_confirmation_does_nothing(cast):
    made = upload(cast, a_student(HAN, **FAMILY))
    apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    before = state()
    with pytest.raises(WrongState, match="đã nhập rồi"):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    with pytest.raises(WrongState):
        cancel_import(by=cast.clerk, list_import=made)
    assert state() == before


def test_cancelled_import_is_forgotten_and_cannot_be_confirmed(cast):
    made = upload(cast, a_student(HAN))
    cancel_import(by=cast.clerk, list_import=made)
    assert (ListImport.objects.get(pk=made.pk).rows, refused_of(ListImport.objects.get(pk=made.pk))) == ([], [])
    with pytest.raises(WrongState, match="đã hủy rồi"):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)


def test_new_upload_drops_the_one_that_waited(cast):
    first, second = upload(cast, a_student(HAN)), upload(cast, a_student(AN))
    states = dict(ListImport.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("DA_HUY", "XEM_TRUOC")


def test_list_without_anything_to_write_is_not_applied(cast):
    made = upload(cast, a_student(HAN, gender="x"))
    with pytest.raises(Refused, match="Không có dòng nào để nhập"):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)


def test_changed_identity_is_not_written_without_a_reason(cast):
    made = upload(cast, {"student_code": cast.student.student_code, "full_name": "Nguyễn Minh Ánh"})
    with pytest.raises(Refused, match="phải ghi lí do"):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest, reason="vì")
    apply_import(by=cast.clerk, list_import=made, digest=made.digest, reason="Quyết định cải chính số 12")
    entry = HistoryEntry.objects.about(cast.student).newest().first()
    assert (entry.action, entry.reason) == ("import_students", "Quyết định cải chính số 12")


# -- Who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [STUDENTS, STAFF])
@pytest.mark.parametrize("person", ["other_clerk", "vice_principal", "principal", "homeroom_teacher", "province_admin"])
def test_nobody_but_the_clerk_brings_students_and_staff(cast, kind, person):
    with pytest.raises(NotAllowed):
        upload(cast, ROW_OF[kind], kind=kind, by=getattr(cast, person))
    made = upload(cast, ROW_OF[kind], kind=kind)
    for act in (apply_import, cancel_import):
        with pytest.raises(NotAllowed):
            act(by=getattr(cast, person), list_import=made, **({"digest": made.digest} if act is apply_import else {}))


@pytest.mark.parametrize("person", ["other_clerk", "principal", "homeroom_teacher", "operator"])
def test_nobody_but_clerk_and_vice_principal_brings_assignments(cast, person):
    with pytest.raises(NotAllowed):
        upload(cast, ROW_OF[ASSIGNMENTS], kind=ASSIGNMENTS, by=getattr(cast, person))
    assert upload(cast, ROW_OF[ASSIGNMENTS], kind=ASSIGNMENTS, by=cast.vice_principal).is_waiting


def test_closed_year_takes_no_list(cast):
    made = upload(cast, a_student(HAN))
    SchoolYear.objects.filter(pk=cast.year.pk).update(closed_at="2026-01-01T00:00Z")
    cast.year.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        upload(cast, a_student(HAN))
    with pytest.raises(WrongState, match="đã đóng"):
        apply_import(by=cast.clerk, list_import=ListImport.objects.get(pk=made.pk), digest=made.digest)


# -- Whole or not at all ----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_crash_in_the_middle_leaves_nothing(owner_dsn):
    """The last thing written, the tie of the parent, fails in the database: students and accounts are gone too."""
    cast = make_cast()
    made = upload(cast, a_student(HAN, **FAMILY))
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(
            "ALTER TABLE schools_parentlink ADD CONSTRAINT none_more CHECK (starts_on < '2000-01-01') NOT VALID"
        )
    before, entries = state(), HistoryEntry.objects.count()
    with pytest.raises(IntegrityError):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    assert (state(), HistoryEntry.objects.count()) == (before, entries)
    assert ListImport.objects.get(pk=made.pk).is_waiting


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_import_once():
    cast = make_cast()
    made = upload(cast, *(a_student(f"70000000{number:02d}", f"Phạm {chr(65 + number)}") for number in range(20)))
    outcomes: list[object] = []

    def confirm() -> None:
        try:
            outcomes.append(apply_import(by=cast.clerk, list_import=made, digest=made.digest).state)
        except Refused as refused:
            outcomes.append(type(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("DA_NHAP") == 1
    assert (set(outcomes) - {"DA_NHAP"}) <= {WrongState, PreviewOutdated}
    assert Student.objects.filter(student_code__startswith="700000").count() == 20
