"""Every trigger of a class's grids, attacked with plain SQL: what the database says, word for word, so that no attack
fails for another reason than its own."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.sheets import confirm_sheet
from records.models import ClassPeriod, MarkSheet, SheetConfirmation, YearRecord
from schools.models import EntryWindow, Period, TeachingAssignment
from tests.records.models.attack import attack, run
from tests.records.term import Term, close_windows, fill_sheet, fresh, submitted

CLASS_CLOSED = "the class has been submitted: its marks are closed"
SHEET_CLOSED = "the sheet has been confirmed: its marks are closed"
RECORD_CLOSED = "the class has been submitted: what the homeroom teacher wrote is closed"
NO_WINDOW = "no entry window is open"
GOOD = '{"TX1": "8.5"}'
SET_CELLS = "UPDATE records_markrow SET cells = %s WHERE id = %s"
SET_RECORD = "UPDATE records_periodrecord SET cells = %s WHERE id = %s"
NEW_ROW = (
    "INSERT INTO records_markrow (public_id, student_id, cells, last_ops, version, sheet_id, school_year_id, "
    "subject_id, period_id, average, level) SELECT gen_random_uuid(), %s, %s, '{}', 1, s.id, s.school_year_id, "
    "s.subject_id, s.period_id, NULL, '' FROM records_marksheet s WHERE s.id = %s"
)


def row(term: Term, subject: str = "TOAN") -> int:
    return term.sheets[subject].rows.get(student=term.cast.student).pk


def record(term: Term) -> int:
    return term.class_period.rows.get(student=term.cast.student).pk


def second_term(term: Term) -> Period:
    return Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")


def confirmed(term: Term) -> MarkSheet:
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    return confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)


def begun_7b(term: Term) -> ClassPeriod:
    """Class 7B in the same period, open, with a sheet of maths."""
    made = prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    assert made is not None
    return made


def maths_of(class_period: ClassPeriod, term: Term) -> MarkSheet:
    sheets = MarkSheet.objects.of_class(class_period.school_class, class_period.period)
    return sheets.get(subject=term.cast.maths)


# -- Cells ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value",
    ["10.5", "8.55", "8,5", "-1", "11", "85", "8.0", "08", "10.0", "8.", ".5", "", " ", " 8", "8 ", "8\n", "8\n9", "D",
     "CD", "TOT", "v", "VV", "abc", "٨", "８", "1e1", "8\u0301", 8, 8.5, 10, True, None, ["8"], {"a": "8"}],
)  # fmt: skip
def test_mark_off_the_scale_is_refused(term, value):
    assert attack(SET_CELLS, json.dumps({"TX1": value}), row(term)) == "a value does not fit column TX1 (DIEM)"


@pytest.mark.parametrize("value", ["d", "Đ", "DD", "C", "8", "10", "TOT", "DAT", "", "D ", "D\n", 1, False, None])
def test_result_by_remarks_off_the_scale_is_refused(term, value):
    assert attack(SET_CELLS, json.dumps({"GK": value}), row(term, "GDTC")) == "a value does not fit column GK (DAT)"


@pytest.mark.parametrize(
    "value", ["", "a\x01b", "a\x07b", "a\nb", "a\tb", "a\x1f", "\n", "a" * 601, "ế" * 601, 8, None]
)
def test_text_that_is_no_remark_is_refused(term, value):
    assert attack(SET_CELLS, json.dumps({"NX": value}), row(term)) == "a value does not fit column NX (VAN_BAN)"


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"RL": "GIOI"}, "RL (REN_LUYEN)"), ({"RL": "tot"}, "RL (REN_LUYEN)"), ({"RL": "V"}, "RL (REN_LUYEN)"),
        ({"CP": "-1"}, "CP (SO_BUOI)"), ({"CP": "1.5"}, "CP (SO_BUOI)"), ({"CP": "01"}, "CP (SO_BUOI)"),
        ({"CP": "1000"}, "CP (SO_BUOI)"), ({"KP": "V"}, "KP (SO_BUOI)"), ({"KP": 3}, "KP (SO_BUOI)"),
        ({"NX": "a\x00".replace("\x00", "\x02")}, "NX (VAN_BAN)"), ({"NX": "a" * 601}, "NX (VAN_BAN)"),
    ],
)  # fmt: skip
def test_record_off_the_scale_is_refused(term, cells, fault):
    assert attack(SET_RECORD, json.dumps(cells), record(term)) == f"a value does not fit column {fault}"


@pytest.mark.parametrize("column", ["TX5", "ZZ", "", "tx1", "TX1 ", "RL"])
def test_cell_of_a_foreign_column_is_refused(term, column):
    cells = json.dumps({"TX1": "8", column: "8"})
    assert attack(SET_CELLS, cells, row(term)) == f"the sheet has no column {column}"
    assert attack(NEW_ROW, term.cast.other_student.pk, cells, term.maths.pk) == f"the sheet has no column {column}"


def test_record_with_a_column_of_marks_is_refused(term):
    assert attack(SET_RECORD, '{"GK": "8"}', record(term)) == "the sheet has no column GK"


@pytest.mark.parametrize("cells", ["[]", '["8"]', '"TX1"', "8", "null", "true"])
def test_cells_that_are_no_object_are_refused(term, cells):
    assert attack(SET_CELLS, cells, row(term)).startswith("cannot call jsonb_each on a")


def test_zero_byte_and_no_cells_at_all_are_refused(term):
    assert attack(SET_CELLS, '{"NX": "a\\u0000b"}', row(term)) == "unsupported Unicode escape sequence"
    assert attack(SET_CELLS, None, row(term)).startswith('null value in column "cells"')


def test_every_good_value_is_taken(term):
    tenths = [f"{whole}.{part}" for whole in range(10) for part in range(1, 10)]
    for value in [*map(str, range(11)), *tenths, "V"]:
        assert attack(SET_CELLS, json.dumps({"GK": value}), row(term)) == ""
    for cells in ({"GK": "D", "CK": "CD", "NX": "Chăm học."}, {"GK": "V"}, {}):
        assert attack(SET_CELLS, json.dumps(cells), row(term, "GDTC")) == ""
    for conduct in ("TOT", "KHA", "DAT", "CHUA_DAT"):
        cells = {"RL": conduct, "CP": "0", "KP": "200", "NX": "ế" * 600}
        assert attack(SET_RECORD, json.dumps(cells), record(term)) == ""


# -- When -------------------------------------------------------------------------------------------------------------
def test_confirmed_sheet_takes_no_cell_result_or_row(term):
    sheet = confirmed(term)
    assert attack(SET_CELLS, GOOD, row(term)) == SHEET_CLOSED
    assert attack(SET_CELLS, "{}", row(term)) == SHEET_CLOSED
    assert attack("UPDATE records_markrow SET average = 9.9 WHERE id = %s", row(term)) == SHEET_CLOSED
    assert attack("UPDATE records_markrow SET level = 'D' WHERE id = %s", row(term)) == SHEET_CLOSED
    assert attack(NEW_ROW, term.cast.other_student.pk, "{}", sheet.pk) == SHEET_CLOSED
    assert attack(SET_CELLS, '{"GK": "D"}', row(term, "GDTC")) == ""


def test_submitted_class_takes_nothing_any_more(term, handed_in):
    assert attack(SET_CELLS, GOOD, row(term)) == CLASS_CLOSED
    assert attack("UPDATE records_markrow SET average = NULL WHERE id = %s", row(term)) == CLASS_CLOSED
    assert attack(NEW_ROW, term.cast.other_student.pk, "{}", term.maths.pk) == CLASS_CLOSED
    assert attack(SET_RECORD, '{"RL": "TOT"}', record(term)) == RECORD_CLOSED
    assert attack("UPDATE records_periodrecord SET learning = NULL WHERE id = %s", record(term)) == RECORD_CLOSED
    state = "UPDATE records_marksheet SET state = 'MO' WHERE id = %s"
    assert attack(state, term.maths.pk) == "the class has been submitted: its sheets are closed"


WINDOWS = {
    "closed": lambda term: {"closes_at": timezone.now() - timedelta(seconds=1)},
    "not open yet": lambda term: {"opens_at": timezone.now() + timedelta(hours=1)},
    "of another school": lambda term: {"school": term.cast.other_school},
    "of another period": lambda term: {"period": second_term(term)},
}


@pytest.mark.parametrize("change", WINDOWS.values(), ids=WINDOWS)
def test_nothing_is_written_without_a_window_of_the_school_and_period_open_now(term, change):
    assert attack(SET_CELLS, GOOD, row(term)) == attack(SET_RECORD, '{"RL": "TOT"}', record(term)) == ""
    EntryWindow.objects.update(**change(term))
    assert attack(SET_CELLS, GOOD, row(term)) == NO_WINDOW
    assert attack(SET_RECORD, '{"RL": "TOT"}', record(term)) == NO_WINDOW
    assert attack(NEW_ROW, term.cast.other_student.pk, GOOD, term.maths.pk) == NO_WINDOW
    assert attack(NEW_ROW, term.cast.other_student.pk, "{}", term.maths.pk) == ""


def test_average_is_not_written_outside_the_window(term):
    close_windows()
    assert attack("UPDATE records_markrow SET average = 9.9 WHERE id = %s", row(term)) == NO_WINDOW


# -- Where ------------------------------------------------------------------------------------------------------------
OTHER_PLACE = "the row is of another subject or period than its sheet"
TWICE = 'duplicate key value violates unique constraint "mark_row_once"'
OTHER_STUDENT = "a row of marks belongs to its student for good"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("sheet_id = {literature}", OTHER_PLACE),
        ("subject_id = {of_literature}", OTHER_PLACE),
        ("period_id = {other_period}", OTHER_PLACE),
        ("school_year_id = 0, level = 'D'", OTHER_PLACE),
        ("sheet_id = {literature}, subject_id = {of_literature}", TWICE),
        ("student_id = {classmate}", OTHER_STUDENT),
        ("student_id = {other_student}", OTHER_STUDENT),
        ("sheet_id = 0", CLASS_CLOSED),
        ("id = id + 1000000", "a primary key of records_markrow may not be changed"),
    ],
)  # fmt: skip
def test_row_of_marks_stays_where_it_is(term, change, fault):
    literature = term.sheets["NGU_VAN"]
    change = change.format(
        literature=literature.pk, of_literature=literature.subject_id, classmate=term.cast.classmate.pk,
        other_student=term.cast.other_student.pk, other_period=second_term(term).pk,
    )  # fmt: skip
    assert attack(f"UPDATE records_markrow SET {change} WHERE id = %s", row(term)) == fault


def test_record_stays_with_its_student_and_period(term):
    change = "UPDATE records_periodrecord SET {} = %s WHERE id = %s"
    said = attack(change.format("student_id"), term.cast.other_student.pk, record(term))
    assert said == "a row belongs to its student for good"
    said = attack(change.format("period_id"), second_term(term).pk, record(term))
    assert said == "the row is of another period than its class"


def test_row_moves_to_an_open_sheet_of_the_subject_and_to_no_closed_one(term):
    there = maths_of(begun_7b(term), term)
    move = "UPDATE records_markrow SET sheet_id = %s WHERE id = %s"
    assert attack(move, there.pk, row(term)) == ""
    here = {"subject": term.cast.maths, "teacher": term.cast.maths_teacher, "starts_on": term.cast.year.starts_on}
    assignment = TeachingAssignment.objects.create(school_class=term.cast.class_7b, **here)
    SheetConfirmation.objects.create(sheet=there, assignment=assignment, by=term.cast.maths_teacher)
    run("UPDATE records_marksheet SET state = 'DA_XAC_NHAN' WHERE id = %s", there.pk)
    assert attack(move, there.pk, row(term)) == SHEET_CLOSED


@pytest.mark.parametrize("close", [confirmed, submitted])
def test_row_does_not_leave_a_closed_sheet(term, close):
    there = maths_of(begun_7b(term), term)
    close(term)
    assert attack("UPDATE records_markrow SET sheet_id = %s WHERE id = %s", there.pk, row(term)) != ""


def test_record_does_not_leave_a_submitted_class(term, handed_in):
    there = begun_7b(term)
    move = "UPDATE records_periodrecord SET class_period_id = %s, cells = '{}' WHERE id = %s"
    assert attack(move, there.pk, record(term)) != ""


# -- The year ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def year(term: Term) -> YearRecord:
    """A student's year in a class that is still open."""
    return YearRecord.objects.create(
        student=term.cast.student, school_year=term.cast.year, school_class=term.cast.class_7a, rule_set="TT22-2021",
        conduct="TOT", learning={}, subject_results={}, absences=0, promotion="LEN_LOP",
    )  # fmt: skip


def test_year_of_a_submitted_class_is_closed(term, year):
    assert attack("UPDATE records_yearrecord SET promotion = 'KHONG_LEN_LOP' WHERE id = %s", year.pk) == ""
    submitted(term)
    closed = "the year of this class has been submitted"
    assert attack("UPDATE records_yearrecord SET promotion = 'KHONG_LEN_LOP' WHERE id = %s", year.pk) == closed


def test_year_does_not_leave_a_submitted_class(term, year):
    prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    submitted(term)
    change = "UPDATE records_yearrecord SET school_class_id = %s, promotion = 'KHONG_LEN_LOP' WHERE id = %s"
    assert attack(change, term.cast.class_7b.pk, year.pk) != ""
