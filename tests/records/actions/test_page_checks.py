"""Every file of a page is where the database says, byte for byte as it was signed; what is not is named by version."""

import json
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from records.actions import page_checks
from records.actions.page_checks import NOTE, last_page_check, verify_pages
from records.actions.page_files import page_path, sweep_page_files
from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.models import PageVersion, Signature
from records.rooms import operator_to_do
from records.tasks import verify_pages as nightly
from tests.cast import make_cast
from tests.records.term import PIN, fresh, give_keys, make_term, submitted


def told() -> tuple[int, list[str]]:
    """How many files were read, and what was said of them."""
    said: list[str] = []
    check = verify_pages(said.append)
    assert check.faults == len(said)
    return check.files, said


def first() -> PageVersion:
    return PageVersion.objects.order_by("pk")[0]


def changed(version: PageVersion, place: int) -> None:
    """One bit of the file is another; a negative place is counted from the end."""
    content = bytearray(page_path(version).read_bytes())
    content[place] ^= 1
    page_path(version).write_bytes(content)


def name(version: PageVersion, state: str = "giáo viên chủ nhiệm đã kí") -> str:
    return f"{version.public_id}, bản số 1 ({state}): "


def test_all_files_are_as_they_were_signed(signed):
    assert told() == (2, [])


@pytest.mark.parametrize("at_once", [1, 2])
def test_batches_leave_nobody_out(signed, monkeypatch, at_once, django_assert_num_queries):
    monkeypatch.setattr(page_checks, "AT_ONCE", at_once)
    with django_assert_num_queries(2 // at_once + 1):
        assert told() == (2, [])


def test_earlier_states_that_were_swept_are_not_missed(signed):
    assert sweep_page_files(kept_for=timedelta(seconds=-1)) == 2
    assert told() == (2, [])


@pytest.mark.parametrize("place", [100, -1], ids=["in what was shown", "in the signature"])
def test_flipped_bit_is_found(signed, place):
    version = first()
    changed(version, place)
    assert told() == (2, [f"{name(version)}tệp {version.file} khác với tệp đã kí."])


def test_page_that_nobody_signed_yet_is_compared_with_what_was_rendered(term, handed_in):
    give_keys(term)
    version = first()
    assert told() == (0, [])  # no worker has come to them
    render_page(version)
    assert told() == (1, [])
    version.refresh_from_db()
    changed(version, 100)
    waiting = name(version, "chờ giáo viên chủ nhiệm kí")
    assert told() == (1, [f"{waiting}tệp {version.file} khác với tệp đã dựng."])


def test_missing_file_is_found(signed):
    version = first()
    page_path(version).unlink()
    assert told() == (2, [f"{name(version)}thiếu tệp {version.file}."])


def test_file_that_cannot_be_read_is_found(signed):
    version = first()
    page_path(version).unlink()
    page_path(version).mkdir()
    assert told() == (2, [f"{name(version)}không đọc được tệp {version.file} (Is a directory)."])


def test_file_of_another_page_in_its_place_is_found(signed):
    version, other = PageVersion.objects.order_by("pk")
    shutil.copy(page_path(other), page_path(version))
    assert told() == (2, [f"{name(version)}tệp {version.file} khác với tệp đã kí."])


def test_earlier_state_in_the_place_of_the_signed_one_is_found(signed):
    version = first()
    page_path(version).write_bytes(page_path(version).read_bytes()[: version.original_size])
    assert told() == (2, [f"{name(version)}tệp {version.file} khác với tệp đã kí."])


def test_database_changed_behind_its_guards_is_found(transactional_db, owner_dsn, settings, tmp_path):
    """The digest of the signature fits the file, that of what was shown does not; or the name is gone."""
    settings.FILES_ROOT = tmp_path / "files"
    term = make_term(make_cast())
    give_keys(submitted(term))
    given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()}
    order = sign_as_homeroom(by=fresh(term.cast.homeroom_teacher), **given)
    for item in order.items.select_related("order__by", "order__key", "version"):
        carry_out(item)
    first_one, second = PageVersion.objects.order_by("pk")
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("ALTER TABLE records_pageversion DISABLE TRIGGER USER")
        owner.execute("UPDATE records_pageversion SET original_digest = %s WHERE id = %s", ["a" * 64, first_one.pk])
        owner.execute(
            "UPDATE records_pageversion SET file = '', original_digest = '', original_size = NULL WHERE id = %s",
            [second.pk],
        )
        owner.execute("ALTER TABLE records_pageversion ENABLE TRIGGER USER")
    assert Signature.objects.count() == 2
    assert told() == (
        1,
        [
            f"{name(first_one)}phần trình kí trong tệp {first_one.file} khác với mã băm đã ghi.",
            f"{name(second)}cơ sở dữ liệu không ghi tên tệp.",
        ],
    )


# -- Who hears of it --------------------------------------------------------------------------------------------------
def command() -> tuple[list[str], int]:
    out = StringIO()
    try:
        call_command("verify_pages", stdout=out)
    except SystemExit as stopped:
        return out.getvalue().splitlines(), int(str(stopped.code))
    return out.getvalue().splitlines(), 0


def test_command_says_so_and_exits_1(signed):
    assert command() == (["2 tệp đã kiểm tra, 0 lỗi.", "Mọi tệp đúng như lúc kí."], 0)
    version = first()
    page_path(version).unlink()
    assert command() == ([f"SAI: {name(version)}thiếu tệp {version.file}.", "2 tệp đã kiểm tra, 1 lỗi."], 1)


def logged(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "records.tasks"]


def test_nightly_outcome_stands_in_the_log_and_before_the_operator(signed, caplog):
    def heard() -> list[str]:
        return [todo.words for todo in operator_to_do(fresh(signed.cast.operator))]

    assert heard() == []  # never checked
    nightly()
    assert (heard(), logged(caplog)) == ([], [])
    version = first()
    page_path(version).unlink()
    nightly()
    assert logged(caplog) == [f"{name(version)}thiếu tệp {version.file}."]
    assert heard()[0].startswith("Tệp học bạ: 1 tệp thiếu hoặc khác lúc kí (kiểm tra ")


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"at": "2026-11-20T03:15:00+07:00", "files": 2, "faults": 0}'])
def test_check_that_is_long_over_or_cannot_be_read_is_told(term, note):
    folder = Path(settings.FILES_ROOT)
    folder.mkdir(parents=True)
    (folder / NOTE).write_text(note)
    assert [todo.words for todo in operator_to_do(fresh(term.cast.operator))] == [
        "Tệp học bạ: đã quá hai ngày không kiểm tra được"
    ]


def test_note_holds_figures_only(signed):
    verify_pages(print)
    kept = json.loads((Path(settings.FILES_ROOT) / NOTE).read_text())
    assert (kept.keys(), kept["files"], kept["faults"]) == ({"at", "files", "faults"}, 2, 0)
    check = last_page_check()
    assert check is not None
    assert timezone.now() - check.at < timedelta(minutes=1)
