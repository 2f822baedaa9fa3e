"""A cell is saved once, by who may, against the value it had; what cannot be saved is answered cell by cell."""

import re
import threading
import uuid

import pytest
from django.db import connections

from records.actions.sheets import confirm_sheet, enter_marks, take_back_confirmation
from records.models import CellOperation, MarkRow, MarkSheet
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import HistoryEntry, Student, TeachingAssignment
from tests.cast import appoint, make_user
from tests.records.term import Term, close_windows, fill_sheet, fresh, make_term, operation


def row_of(term: Term) -> MarkRow:
    return term.maths.rows.get(student=term.cast.student)


def save(term: Term, *operations, by=None):
    return enter_marks(by=fresh(by or term.cast.maths_teacher), sheet=term.maths, operations=operations)


def outcomes(saved) -> list[str]:
    return [result.outcome for result in saved.results]


def cells(term: Term) -> dict[str, str]:
    return row_of(term).cells


def test_mark_is_stored_and_the_history_says_who_and_what(term):
    saved = save(term, operation(row_of(term), "TX1", "8,5"))
    assert outcomes(saved) == ["ok"]
    assert cells(term) == {"TX1": "8.5"}
    entry = HistoryEntry.objects.filter(table="records_markrow").newest()[0]
    assert (entry.actor, entry.action, entry.method) == (term.cast.maths_teacher, "enter_marks", "typed")
    changes = entry.payloads.get().payload["changes"]
    assert changes["cells.TX1"] == [None, "8.5"]
    assert list(changes["last_ops.TX1"])[1] == str(saved.results[0].op_id)


def test_average_stands_when_the_row_is_complete_and_goes_when_it_is_not(term):
    sheet = fill_sheet(term.maths, term.cast.maths_teacher, "8")
    row = row_of(term)
    assert (str(row.average), sheet.missing) == ("8.0", 0)
    save(term, operation(row, "GK", "", "8"))
    assert (row_of(term).average, term.maths.missing) == (None, 1)


def test_namesakes_are_told_apart_in_what_a_save_and_a_confirmation_answer(term):
    Student.objects.filter(pk=term.cast.classmate.pk).update(full_name=term.cast.student.full_name)
    student = Student.objects.get(pk=term.cast.student.pk)
    named = f"{student.full_name} ({student.born_on:%d/%m/%Y})"
    (result,) = save(term, operation(row_of(term), "TX1", "11")).results
    assert result.message.startswith(f"{named}, cột Thường xuyên 1: ")
    with pytest.raises(WrongState, match=re.escape(f"{named}, ")):
        confirm_sheet(by=term.cast.maths_teacher, sheet=term.maths, change_no=term.maths.change_no)


def test_reply_lost_sent_again_changes_nothing(term):
    sent = operation(row_of(term), "TX1", "8")
    save(term, sent)
    entries = HistoryEntry.objects.count()
    version = row_of(term).version
    assert outcomes(save(term, sent)) == ["ok"]
    assert (HistoryEntry.objects.count(), row_of(term).version) == (entries, version)


def test_retyped_before_the_answer_is_no_conflict_with_oneself(term):
    first = operation(row_of(term), "TX1", "8")
    save(term, first)
    second = operation(row_of(term), "TX1", "9", "", supersedes=frozenset([str(first.op_id)]))
    assert outcomes(save(term, second)) == ["ok"]
    assert cells(term) == {"TX1": "9"}


def test_stale_value_is_a_conflict_that_names_who_and_overwrites_nothing(term):
    save(term, operation(row_of(term), "TX1", "8"))
    result = save(term, operation(row_of(term), "TX1", "7", "6")).results[0]
    assert (result.outcome, result.value, result.by) == ("conflict", "8", "Lê Thu Hà")
    assert cells(term) == {"TX1": "8"}


def test_same_value_typed_by_two_is_no_conflict(term):
    save(term, operation(row_of(term), "TX1", "8"))
    assert outcomes(save(term, operation(row_of(term), "TX1", "8", "5"))) == ["ok"]


def test_cleared_and_retyped_is_two_steps_of_the_history(term):
    row = row_of(term)
    for typed, base in (("6,5", ""), ("", "6.5"), ("8,5", "")):
        save(term, operation(row, "CK", typed, base))
    entries = HistoryEntry.objects.filter(table="records_markrow", action="enter_marks").order_by("id")
    steps = [entry.payloads.get().payload["changes"]["cells.CK"] for entry in entries]
    assert steps == [[None, "6.5"], ["6.5", None], [None, "8.5"]]


@pytest.mark.parametrize("typed", ["11,5", "8,55", "abc", "-1", "85"])
def test_bad_value_is_refused_naming_student_column_and_rule(term, typed):
    result = save(term, operation(row_of(term), "GK", typed)).results[0]
    assert result.outcome == "invalid"
    assert result.message.startswith("Nguyễn Minh Anh, cột Giữa kì: ")
    assert cells(term) == {}


def test_one_bad_cell_does_not_hold_back_the_others(term):
    row = row_of(term)
    saved = save(term, operation(row, "TX1", "8"), operation(row, "TX2", "x"), operation(row, "ZZ", "8"))
    assert outcomes(saved) == ["ok", "invalid", "forbidden"]
    assert cells(term) == {"TX1": "8"}


@pytest.mark.parametrize(
    "person", ["homeroom_teacher", "principal", "vice_principal", "clerk", "intruder", "inspector"]
)
def test_nobody_but_the_teacher_writes(term, person):
    saved = save(term, operation(row_of(term), "TX1", "8"), by=getattr(term.cast, person))
    assert outcomes(saved) == ["locked"]
    assert cells(term) == {}


def test_teacher_writes_only_the_own_columns(term):
    TeachingAssignment.objects.filter(pk=term.cast.teaching.pk).update(columns=["TX1"])
    row = row_of(term)
    assert outcomes(save(term, operation(row, "TX1", "8"), operation(row, "TX2", "8"))) == ["ok", "locked"]


def test_outside_the_window_nothing_is_written(term):
    close_windows()
    result = save(term, operation(row_of(term), "TX1", "8")).results[0]
    assert (result.outcome, result.message) == ("locked", "Ngoài hạn nhập: sổ đã khóa.")


def test_submitted_class_is_locked(term, handed_in):
    assert outcomes(save(term, operation(row_of(term), "TX1", "1", "8"))) == ["locked"]


def test_row_of_another_sheet_is_not_reached(term):
    other = term.sheets["NGU_VAN"].rows.first()
    assert outcomes(save(term, operation(other, "TX1", "8"))) == ["forbidden"]


def test_operation_id_of_somebody_else_is_refused(term):
    sent = operation(row_of(term), "TX1", "8")
    save(term, sent)
    stolen = operation(row_of(term), "TX2", "9", op_id=sent.op_id)
    assert outcomes(save(term, stolen)) == ["forbidden"]


def test_too_many_operations_are_refused_as_a_whole(term):
    row = row_of(term)
    with pytest.raises(Refused):
        save(term, *[operation(row, "TX1", "8") for _ in range(501)])
    assert not CellOperation.objects.exists()


# -- Confirming -------------------------------------------------------------------------------------------------------
def test_sheet_is_confirmed_by_its_teacher_and_then_locked(term):
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)
    assert term.maths.state == MarkSheet.State.CONFIRMED
    assert outcomes(save(term, operation(row_of(term), "TX1", "1", "8"))) == ["locked"]
    take_back_confirmation(by=fresh(term.cast.maths_teacher), sheet=sheet)
    assert outcomes(save(term, operation(row_of(term), "TX1", "1", "8"))) == ["ok"]


def test_incomplete_sheet_is_not_confirmed_and_the_first_gap_is_named(term):
    with pytest.raises(WrongState, match="Nguyễn Minh Anh, Thường xuyên 1"):
        confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=term.maths, change_no=0)


def test_sheet_changed_since_it_was_shown_is_not_confirmed(term):
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    with pytest.raises(WrongState, match="vừa có thay đổi"):
        confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no - 1)


def test_somebody_else_does_not_confirm(term):
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    for person in (term.cast.homeroom_teacher, term.cast.principal, term.cast.intruder):
        with pytest.raises(NotAllowed):
            confirm_sheet(by=fresh(person), sheet=sheet, change_no=sheet.change_no)


def test_sheet_of_two_teachers_waits_for_both(term):
    second = make_user("gv2", "Phan Văn Hai", term.cast.school)
    appoint(second, "GIAO_VIEN", term.cast.school)
    TeachingAssignment.objects.create(
        school_class=term.cast.class_7a, subject=term.cast.maths, teacher=second, part="Hình học",
        starts_on=term.cast.year.starts_on,
    )  # fmt: skip
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)
    assert term.maths.state == MarkSheet.State.OPEN
    confirm_sheet(by=fresh(second), sheet=sheet, change_no=sheet.change_no)
    assert term.maths.state == MarkSheet.State.CONFIRMED


# -- At once ----------------------------------------------------------------------------------------------------------
def at_once(*acts) -> None:
    def run(act):
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_lose_nothing_and_meet_in_one_conflict(live_term):
    term, results = live_term, []
    row = row_of(term)

    def typing(column: str, typed: str):
        return lambda: results.append(save(term, operation(row, column, typed, op_id=uuid.uuid4())))

    at_once(*[typing(column, "8") for column in ("TX1", "TX2", "TX3", "TX4")], typing("GK", "5"), typing("GK", "6"))
    assert sorted(outcome for saved in results for outcome in outcomes(saved)) == ["conflict", *["ok"] * 5]
    stored = cells(term)
    assert {column: stored[column] for column in ("TX1", "TX2", "TX3", "TX4")} == dict.fromkeys(
        ("TX1", "TX2", "TX3", "TX4"), "8"
    )
    assert stored["GK"] in {"5", "6"}
    assert term.maths.change_no == 5


@pytest.fixture
def live_term(transactional_db, settings, tmp_path) -> Term:
    from tests.cast import make_cast

    settings.FILES_ROOT = tmp_path / "files"
    return make_term(make_cast())
