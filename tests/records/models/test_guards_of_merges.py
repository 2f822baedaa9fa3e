"""Rows, years and pages go to the record that theirs was merged into, and to no other: attacked with plain SQL as the
application's role and as the owner."""

import pytest

from records.models import BookPage, MarkRow, PeriodRecord, YearRecord
from schools.models import Student, StudentMerge
from tests.cast import make_cast, make_student
from tests.records.models.attack import attack, run
from tests.records.models.test_guards_and_owner import said_to_owner
from tests.records.term import Term, close_windows, hand_in, make_term, submitted

ROW = "a row of marks belongs to its student for good"
RECORD = "a row belongs to its student for good"
YEAR = "a year belongs to its student for good"
PAGE = "a page belongs to its student and year for good"
FROZEN = "the record was merged into another: its rows stay as they are"
TAKE_ROW = "UPDATE records_markrow SET student_id = %s, written_for_id = %s WHERE id = %s"
TAKE = "UPDATE {} SET student_id = %s WHERE id = %s"


def joined(kept: Student, merged: Student, by) -> None:
    """What the clerk's merge writes of the two records; the rows have not followed yet."""
    Student.objects.filter(pk=merged.pk).update(merged_into=kept)
    StudentMerge.objects.create(kept=kept, merged=merged, school=kept.school, by=by, reason="Nhập trùng hồ sơ")


@pytest.fixture
def bare(term: Term) -> Student:
    return make_student(term.cast.school, "0000000090", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")


@pytest.fixture
def year(term: Term) -> YearRecord:
    return YearRecord.objects.create(
        student=term.cast.student, school_year=term.cast.year, school_class=term.cast.class_7a, rule_set="TT22-2021",
        conduct="TOT", learning={}, subject_results={}, absences=0, promotion="LEN_LOP",
    )  # fmt: skip


def row(term: Term) -> MarkRow:
    return MarkRow.objects.get(sheet=term.maths, student__full_name="Nguyễn Minh Anh")


def taken(term: Term, to: Student) -> list[str]:
    """What is said to each attempt to give the student's row, record, year and page to another record."""
    student = term.cast.student
    said = [attack(TAKE_ROW, to.pk, student.pk, row(term).pk)]
    for model in (PeriodRecord, YearRecord, BookPage):
        said.append(attack(TAKE.format(model._meta.db_table), to.pk, model.objects.get(student=student).pk))
    return said


# -- Whose ------------------------------------------------------------------------------------------------------------
def test_closed_things_go_to_the_record_theirs_was_merged_into_and_nowhere_else(term, all_ready, bare, year):
    hand_in(term)
    close_windows()
    assert taken(term, bare) == [ROW, RECORD, YEAR, PAGE]
    joined(bare, term.cast.student, term.cast.clerk)
    assert taken(term, bare) == ["", "", "", ""]
    assert taken(term, term.cast.other_student) == [ROW, RECORD, YEAR, PAGE]


def test_nothing_moves_while_no_merge_names_who_made_it(term, all_ready, bare, year):
    hand_in(term)
    Student.objects.filter(pk=term.cast.student.pk).update(merged_into=bare)
    assert taken(term, bare) == [ROW, RECORD, YEAR, PAGE]


def test_nothing_moves_by_a_merge_that_was_noted_but_not_made(term, all_ready, bare, year):
    hand_in(term)
    StudentMerge.objects.create(
        kept=bare, merged=term.cast.student, school=term.cast.school, by=term.cast.clerk, reason="Nhập trùng hồ sơ"
    )
    assert taken(term, bare) == [ROW, RECORD, YEAR, PAGE]


def test_nothing_comes_from_the_kept_record_to_the_merged_one(term, all_ready, bare, year):
    hand_in(term)
    joined(term.cast.student, bare, term.cast.clerk)
    assert taken(term, bare) == [ROW, RECORD, YEAR, PAGE]


# -- And nothing else -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    ["cells = '{\"TX1\": \"9\"}'", "average = 9.9", "level = 'D'", "version = version + 1", "sheet_id = sheet_id + 1",
     "last_ops = '{\"TX1\": \"x\"}'", "public_id = gen_random_uuid()", "created_at = now()"],
)  # fmt: skip
def test_row_moves_with_nothing_changed(term, bare, change):
    joined(bare, term.cast.student, term.cast.clerk)
    take = TAKE_ROW.replace("SET", f"SET {change},")
    assert attack(take, bare.pk, term.cast.student.pk, row(term).pk) == ROW


@pytest.mark.parametrize(
    ("table", "change", "fault"),
    [
        ("records_periodrecord", 'cells = \'{"RL": "TOT"}\'', RECORD),
        ("records_periodrecord", "learning = '{}'", RECORD),
        ("records_yearrecord", "promotion = 'KHONG_LEN_LOP'", YEAR),
        ("records_bookpage", "school_year_id = 0", PAGE),
        ("records_bookpage", "public_id = gen_random_uuid()", PAGE),
    ],
)
def test_record_year_and_page_move_with_nothing_changed(term, all_ready, bare, year, table, change, fault):
    hand_in(term)
    joined(bare, term.cast.student, term.cast.clerk)
    take = f"UPDATE {table} SET {change}, student_id = %s WHERE student_id = %s"
    assert attack(take, bare.pk, term.cast.student.pk) == fault


def test_row_keeps_the_record_it_was_written_under(term, bare):
    student, key = term.cast.student, row(term).pk
    write = "UPDATE records_markrow SET written_for_id = %s WHERE id = %s"
    assert attack(write, bare.pk, key) == "a row keeps the record it was written under"
    joined(bare, student, term.cast.clerk)
    for written_for in (None, bare.pk, term.cast.classmate.pk):
        assert attack(TAKE_ROW, bare.pk, written_for, key) == ROW
    run(TAKE_ROW, bare.pk, student.pk, key)
    for written_for in (None, term.cast.classmate.pk):
        assert attack(write, written_for, key) == "a row keeps the record it was written under"
    last = make_student(term.cast.school, "0000000089", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    joined(last, bare, term.cast.clerk)
    assert attack(TAKE_ROW, last.pk, bare.pk, key) == ROW
    assert attack(TAKE_ROW, last.pk, student.pk, key) == ""


def test_new_row_is_not_said_to_be_written_under_another_record(term, bare):
    new = (
        "INSERT INTO records_markrow (public_id, student_id, cells, last_ops, version, sheet_id, school_year_id, "
        "subject_id, period_id, level, written_for_id) SELECT gen_random_uuid(), %s, '{}', '{}', 1, s.id, "
        "s.school_year_id, s.subject_id, s.period_id, '', %s FROM records_marksheet s WHERE s.id = %s"
    )
    said = attack(new, bare.pk, term.cast.student.pk, term.maths.pk)
    assert said == "a row keeps the record it was written under"
    assert attack(new, bare.pk, None, term.maths.pk) == ""


# -- What is set aside ------------------------------------------------------------------------------------------------
def test_rows_of_a_merged_record_take_nothing_any_more(term, bare, year):
    joined(bare, term.cast.student, term.cast.clerk)
    key = term.cast.student.pk
    assert attack('UPDATE records_markrow SET cells = \'{"TX1": "8"}\' WHERE id = %s', row(term).pk) == FROZEN
    assert attack("UPDATE records_markrow SET level = 'D' WHERE id = %s", row(term).pk) == FROZEN
    assert attack('UPDATE records_periodrecord SET cells = \'{"RL": "TOT"}\' WHERE student_id = %s', key) == FROZEN
    assert attack("UPDATE records_yearrecord SET award = 'HSG' WHERE student_id = %s", key) == FROZEN


def test_merged_record_gets_no_new_row_and_no_new_page(term, bare):
    joined(term.cast.student, bare, term.cast.clerk)
    new_row = (
        "INSERT INTO records_markrow (public_id, student_id, cells, last_ops, version, sheet_id, school_year_id, "
        "subject_id, period_id, level) SELECT gen_random_uuid(), %s, '{}', '{}', 1, s.id, s.school_year_id, "
        "s.subject_id, s.period_id, '' FROM records_marksheet s WHERE s.id = %s"
    )
    assert attack(new_row, bare.pk, term.maths.pk) == FROZEN
    new_page = "INSERT INTO records_bookpage (student_id, school_id, school_year_id) VALUES (%s, %s, %s)"
    assert attack(new_page, bare.pk, term.cast.school.pk, term.cast.year.pk) == FROZEN


# -- The owner --------------------------------------------------------------------------------------------------------
@pytest.fixture
def live_term(transactional_db, settings, tmp_path) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(make_cast())


@pytest.mark.django_db(transaction=True)
def test_owner_moves_nothing_either_without_a_merge(live_term, owner_dsn):
    submitted(live_term)
    student, other, clerk = live_term.cast.student, live_term.cast.other_student, live_term.cast.clerk
    tables = {"records_markrow": ROW, "records_periodrecord": RECORD, "records_bookpage": PAGE}
    takes = {table: f"UPDATE {table} SET student_id = {other.pk} WHERE student_id = {student.pk}" for table in tables}
    takes["records_markrow"] = takes["records_markrow"].replace(" WHERE", f", written_for_id = {student.pk} WHERE")
    point = f"UPDATE schools_student SET merged_into_id = {other.pk} WHERE id = {student.pk}"
    note = (
        "INSERT INTO schools_studentmerge (public_id, reason, moved, kept_id, merged_id, school_id, by_id) "
        f"SELECT gen_random_uuid(), 'x', '{{}}', {other.pk}, {student.pk}, school_id, {clerk.pk} FROM schools_student "
        f"WHERE id = {student.pk}"
    )
    for table, fault in tables.items():
        assert said_to_owner(owner_dsn, takes[table]) == fault
        assert said_to_owner(owner_dsn, point, takes[table]) == fault
        assert said_to_owner(owner_dsn, note, takes[table]) == fault
        assert said_to_owner(owner_dsn, point, note, takes[table]) == ""
