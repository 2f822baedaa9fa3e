"""Rows follow a student in the transaction of the move: nothing is lost, closed ones stay, both classes say so."""

import json

import pytest
from django.db import connection

from records.actions.arriving import fit_row
from records.actions.homeroom import blockers_of, enter_records, submit_class
from records.actions.preparing import lacks_rows, prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.models import MarkRow, PeriodRecord, StudentMove
from records.models.lacking import lacking_of
from schools.actions.history import verify_history
from schools.actions.refusals import WrongState
from schools.models import HistoryEntry
from tests.records.models.attack import attack
from tests.records.moves import class_at_work, move, other_teacher, receive, release, second_class
from tests.records.term import Term, close_windows, confirm_all, fill_records, fill_sheet, fresh, operation, submitted


@pytest.fixture
def there(term: Term) -> Term:
    """7B, prepared in the same term."""
    return second_class(term)


def write(term: Term, **cells: str) -> MarkRow:
    """Cells of the student's row in maths."""
    row = term.maths.rows.get(student=term.cast.student)
    saved = enter_marks(
        by=fresh(term.cast.maths_teacher), sheet=term.maths,
        operations=[operation(row, column, typed) for column, typed in cells.items()],
    )  # fmt: skip
    assert {result.outcome for result in saved.results} == {"ok"}
    return row


def test_open_rows_follow_with_everything_that_stands_in_them(term, there):
    row = write(term, TX1="8", GK="7,5")
    record = term.class_period.rows.get(student=term.cast.student)
    teacher = fresh(term.cast.homeroom_teacher)
    enter_records(by=teacher, class_period=term.class_period, operations=[operation(record, "RL", "Tốt")])
    move(term, term.cast.student, term.cast.class_7b)
    row.refresh_from_db()
    record.refresh_from_db()
    assert (row.sheet, row.cells) == (there.maths, {"TX1": "8", "GK": "7.5"})
    assert (record.class_period, record.cells) == (there.class_period, {"RL": "TOT"})
    assert not MarkRow.objects.filter(student=term.cast.student, sheet__school_class=term.cast.class_7a).exists()


def test_both_classes_say_so_in_one_transaction_of_the_clerk(term, there):
    write(term, TX1="8")
    move(term, term.cast.student, term.cast.class_7b)
    told = HistoryEntry.objects.filter(table="records_markrow", operation="U", action="move_class")
    assert {entry.chain.key for entry in told} == {term.cast.class_7a.pk, term.cast.class_7b.pk}
    assert {(entry.actor, entry.reason) for entry in told} == {(term.cast.clerk, "Gia đình xin chuyển lớp")}
    assert verify_history().faults == []


def test_both_grids_count_anew_and_raise_their_number(term, there):
    write(term, TX1="8", TX2="8")
    before = {one.pk: one.change_no for one in (term.maths, there.maths, term.now(), there.now())}
    assert (term.maths.missing, there.maths.missing) == (10, 6)
    move(term, term.cast.student, term.cast.class_7b)
    assert (term.maths.missing, there.maths.missing) == (6, 10)
    assert (term.now().missing, there.now().missing) == (4, 8)
    assert term.maths.change_no > before[term.maths.pk]
    assert there.maths.change_no > before[there.maths.pk]
    assert (term.now().change_no, there.now().change_no) == (1, 1)


def test_nothing_is_left_for_the_next_look(term, there):
    move(term, term.cast.student, term.cast.class_7b)
    assert not lacks_rows(term.cast.class_7b, term.class_period.period)
    assert there.maths.rows.count() == 2


def test_move_of_marks_works_outside_the_entry_window(term, there):
    row = write(term, TX1="8")
    close_windows()
    move(term, term.cast.student, term.cast.class_7b)
    row.refresh_from_db()
    assert row.sheet == there.maths


def test_rows_wait_where_the_other_class_has_no_sheets_yet_and_come_when_it_has(term):
    row = write(term, TX1="8")
    move(term, term.cast.student, term.cast.class_7b)
    row.refresh_from_db()
    assert row.sheet == term.maths
    [told] = StudentMove.objects.all()
    assert told.stayed == ["Học kì I: lớp 7B chưa lập sổ kì này, điểm sang khi sổ được lập"]
    prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    row.refresh_from_db()
    assert row.sheet.school_class == term.cast.class_7b


# -- What stays -------------------------------------------------------------------------------------------------------
def test_row_of_a_confirmed_sheet_stays_where_it_was_signed(term, there):
    confirm_all(term)
    row = MarkRow.objects.get(student=term.cast.student, subject=term.cast.maths)
    move(term, term.cast.student, term.cast.class_7b)
    row.refresh_from_db()
    assert row.sheet == term.maths
    [told] = StudentMove.objects.all()
    assert "Toán, Học kì I: ở sổ lớp 7A, đã xác nhận" in told.stayed
    assert not lacks_rows(term.cast.class_7b, term.class_period.period)


def test_submitted_term_stays_and_is_neither_computed_nor_frozen_again(term, handed_in, there):
    move(term, term.cast.student, term.cast.class_7b)
    assert StudentMove.objects.get().stayed == ["Học kì I: ở lớp 7A (Trường THCS Nguyễn Du), đã nộp và kí ở đó"]
    assert PeriodRecord.objects.get(student=term.cast.student).class_period == term.class_period
    submitted_in_7b(there)
    versions = list(term.cast.student.pages.get().versions.all())
    assert [version.class_period for version in versions] == [term.class_period]


def submitted_in_7b(there: Term) -> None:
    teacher = there.teacher_of(there.maths)
    for sheet in there.sheets.values():
        fill_sheet(sheet, fresh(teacher))
        confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)
    cells = {"RL": "Tốt", "CP": "0", "KP": "0", "NX": "Ngoan."}
    rows = there.class_period.rows.all()
    operations = [operation(row, column, typed) for row in rows for column, typed in cells.items()]
    enter_records(by=fresh(teacher), class_period=there.class_period, operations=operations)
    submit_class(by=fresh(teacher), class_period=there.class_period)


def test_confirmed_sheet_of_the_new_class_is_named_as_what_keeps_it_from_being_submitted(term, there):
    teacher = there.teacher_of(there.maths)
    sheet = fill_sheet(there.maths, fresh(teacher))
    confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)
    move(term, term.cast.student, term.cast.class_7b)
    said = "Toán: Nguyễn Minh Anh chưa có kết quả (sổ đã xác nhận, giáo viên rút xác nhận để nhập)"
    assert said in blockers_of(there.now())


def test_full_row_that_nobody_confirmed_in_the_old_class_is_no_result_of_the_new_one(term, there):
    fill_sheet(term.maths, fresh(term.teacher_of(term.maths)))
    teacher = there.teacher_of(there.maths)
    sheet = fill_sheet(there.maths, fresh(teacher))
    confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)
    move(term, term.cast.student, term.cast.class_7b)
    row = term.maths.rows.get(student=term.cast.student)
    assert (row.average, row.sheet) == (8, term.maths)
    said = "Toán: Nguyễn Minh Anh chưa có kết quả (sổ đã xác nhận, giáo viên rút xác nhận để nhập)"
    assert said in blockers_of(there.now())


def test_unfinished_row_of_who_left_before_the_sheet_was_confirmed_is_not_lost_to_the_other_school(term, there):
    """7A closes while the student is between two schools: what nobody signed comes along."""
    row = write(term, TX1="8")
    release(term, term.cast.student)
    submitted(term)
    away = second_class_elsewhere(term)
    receive(term, term.cast.student, term.cast.other_class)
    row.refresh_from_db()
    assert (row.sheet, row.cells) == (away.maths, {"TX1": "8"})


def second_class_elsewhere(term: Term) -> Term:
    other_teacher(term.cast.other_class, "phuongtt", "Trần Thu Phương")
    return class_at_work(term, term.cast.other_class, term.class_period.period, "0000000030", "Vũ Đức Minh")


def test_who_has_been_released_is_written_in_the_old_class_no_more(term):
    row = write(term, TX1="8")
    release(term, term.cast.student)
    saved = enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX2", "9")])
    assert [one.outcome for one in saved.results] == ["forbidden"]


# -- Between schools --------------------------------------------------------------------------------------------------
def test_open_rows_follow_into_another_school(term):
    away = second_class_elsewhere(term)
    row = write(term, TX1="8", TX2="9")
    release(term, term.cast.student)
    assert term.maths.missing == 6  # who has left owes nothing
    receive(term, term.cast.student, term.cast.other_class)
    row.refresh_from_db()
    assert (row.sheet, row.cells) == (away.maths, {"TX1": "8", "TX2": "9"})
    chains = {
        entry.chain.key for entry in HistoryEntry.objects.filter(table="records_markrow", action="receive_student")
    }
    assert chains == {term.cast.class_7a.pk, term.cast.other_class.pk}
    assert verify_history().faults == []


# -- What is missing --------------------------------------------------------------------------------------------------
def test_what_is_missing_is_listed_by_subject_and_column(term, there):
    write(term, TX1="8", TX2="8", TX4="7", GK="6")
    move(term, term.cast.student, term.cast.class_7b)
    lines = {one.words: one.sheet for one in lacking_of(term.cast.student, term.cast.class_7b)}
    assert lines["Toán, học kì I: thiếu TX3, CK"] == there.maths
    assert "Phần chủ nhiệm, học kì I: thiếu Rèn luyện, Nghỉ có phép, Nghỉ không phép, Nhận xét" in lines
    [told] = StudentMove.objects.all()
    assert told.missing == list(lines)
    assert "Toán, Học kì I: từ lớp 7A" in told.moved


def test_what_was_missing_stands_in_the_history_and_is_never_changed(term, there):
    move(term, term.cast.student, term.cast.class_7b)
    entry = HistoryEntry.objects.get(table="records_studentmove")
    assert (entry.chain.key, entry.actor) == (term.cast.class_7b.pk, term.cast.clerk)
    for change in ("missing = '[]'", "by_id = by_id + 1"):
        assert attack(f"UPDATE records_studentmove SET {change}") == "permission denied for table records_studentmove"
    assert attack("DELETE FROM records_studentmove") == "permission denied for table records_studentmove"


# -- Other columns ----------------------------------------------------------------------------------------------------
def with_columns(sheet, codes: list[str]) -> str:
    """These columns of a sheet alone, as an edition before may have had them."""
    return json.dumps([column for column in sheet.columns if column["code"] in codes])


@pytest.fixture
def narrow(term: Term) -> Term:
    """7B, whose sheet of maths was made with two regular columns."""
    cast = term.cast
    other_teacher(cast.class_7b, "tuanlv", "Lê Văn Tuấn")
    columns = with_columns(term.maths, ["TX1", "TX2", "GK", "CK", "NX"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_classperiod (public_id, columns, change_no, missing, state, school_id, "
            "school_year_id, school_class_id, period_id) SELECT gen_random_uuid(), columns, 0, 0, 'MO', school_id, "
            "school_year_id, %s, period_id FROM records_classperiod WHERE id = %s",
            [cast.class_7b.pk, term.class_period.pk],
        )
        cursor.execute(
            "INSERT INTO records_marksheet (public_id, columns, change_no, missing, kind, state, school_id, "
            "school_year_id, school_class_id, subject_id, period_id) SELECT gen_random_uuid(), %s, 0, 0, kind, 'MO', "
            "school_id, school_year_id, %s, subject_id, period_id FROM records_marksheet WHERE id = %s",
            [columns, cast.class_7b.pk, term.maths.pk],
        )
    class_period = prepare_class(by=None, school_class=cast.class_7b, period=term.class_period.period)
    assert class_period is not None
    return Term(cast, class_period, term.authority)


def test_value_without_a_column_is_kept_beside_and_the_result_follows_the_new_columns(term, narrow):
    row = write(term, TX1="8", TX2="8", TX3="4", TX4="4", GK="8", CK="8")
    row.refresh_from_db()
    assert str(row.average) == "7.1"
    close_windows()
    move(term, term.cast.student, term.cast.class_7b)
    row.refresh_from_db()
    assert (row.sheet, row.beside) == (narrow.maths, {"TX3": "4", "TX4": "4"})
    assert (row.cells, str(row.average)) == ({"TX1": "8", "TX2": "8", "GK": "8", "CK": "8"}, "8.0")
    move(term, term.cast.student, term.cast.class_7a)
    row.refresh_from_db()
    assert (row.cells["TX3"], row.beside, str(row.average)) == ("4", None, "7.1")


def test_database_lets_no_move_lose_a_value(term, narrow):
    row = write(term, TX1="8", TX3="4")
    into = "UPDATE records_markrow SET sheet_id = %s, cells = %s, beside = %s WHERE id = %s"
    target = narrow.maths.pk
    assert attack(into, target, '{"TX1": "8"}', '{"TX3": "4"}', row.pk) == ""
    close_windows()
    assert attack(into, target, '{"TX1": "8"}', '{"TX3": "4"}', row.pk) == ""
    assert attack(into, target, '{"TX1": "8"}', None, row.pk) == "no entry window is open"
    assert attack(into, target, '{"TX1": "9"}', '{"TX3": "4"}', row.pk) != ""
    assert attack("UPDATE records_markrow SET sheet_id = %s WHERE id = %s", target, row.pk) == (
        "the sheet has no column TX3"
    )
    beside = attack("UPDATE records_markrow SET beside = '{}' WHERE id = %s", row.pk)
    assert beside == "what has no column is kept beside by a move alone"


def test_row_of_who_is_on_the_list_does_not_leave_a_closed_sheet(term, there):
    confirm_all(term)
    row = MarkRow.objects.get(student=term.cast.student, subject=term.cast.maths)
    said = attack("UPDATE records_markrow SET sheet_id = %s WHERE id = %s", there.maths.pk, row.pk)
    assert said == "the sheet has been confirmed: its marks are closed"


def test_column_of_another_scale_is_no_place_for_a_value(term):
    row = MarkRow.objects.get(pk=write(term, TX1="8").pk)
    fit_row(row, term.sheets["GDTC"])
    assert (row.cells, row.beside) == ({}, {"TX1": "8"})


# -- The teachers of both classes -------------------------------------------------------------------------------------
def test_sheet_shown_before_somebody_came_is_not_confirmed_as_it_was(term, there):
    teacher = there.teacher_of(there.maths)
    sheet = fill_sheet(there.maths, fresh(teacher))
    for column, typed in {"TX1": "8", "TX2": "8", "TX3": "8", "TX4": "8", "GK": "8", "CK": "8"}.items():
        write(term, **{column: typed})
    move(term, term.cast.student, term.cast.class_7b)
    with pytest.raises(WrongState, match="vừa có thay đổi"):
        confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)


def test_old_teacher_writes_no_more_and_is_told(term, there):
    row = write(term, TX1="8")
    move(term, term.cast.student, term.cast.class_7b)
    saved = enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX2", "9")])
    assert [(one.outcome, one.message) for one in saved.results] == [("forbidden", "Ô này không có trong sổ.")]
    taken = enter_marks(
        by=fresh(there.teacher_of(there.maths)), sheet=there.maths, operations=[operation(row, "TX2", "9")]
    )
    assert [one.outcome for one in taken.results] == ["ok"]


def test_fill_records_of_the_old_class_is_complete_without_who_left(term, there):
    move(term, term.cast.student, term.cast.class_7b)
    fill_records(term)
    assert term.now().missing == 0
