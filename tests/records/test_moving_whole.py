"""From the move to the printed page: averages of term and year, readiness, the text of the page, for a move within the
school, between schools before and after học kì I was closed, and from outside the province; and two at once."""

import threading
from functools import partial

import pytest
from django.db import connections

from records.actions.homeroom import blockers_of, enter_records, submit_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.documents.book_file import page_file
from records.documents.data_element import data_element
from records.models import MarkRow, MarkSheet, PageVersion, PeriodRecord, TransferredTerm, YearRecord
from records.models.student_years import StudentYear, year_of_class
from schools.actions.history import verify_history
from schools.models import Enrolment
from tests.cast import make_cast
from tests.records.documents.test_form import text_of
from tests.records.moves import (
    class_at_work,
    enrolment_of,
    move,
    other_teacher,
    receive,
    release,
    second_class,
    second_term,
)
from tests.records.outside import PLACE, SCHOOL, brought, first_term_is_over, newcomer
from tests.records.term import Term, fresh, make_term, operation, submitted


def closed(term: Term, mark: str = "8") -> Term:
    """Every sheet filled and confirmed, the homeroom teacher's table written, the class submitted."""
    teachers = {sheet.pk: term.teacher_of(sheet) for sheet in term.sheets.values()}
    for sheet in term.sheets.values():
        if sheet.state == MarkSheet.State.OPEN:
            fill_rest(sheet, fresh(teachers[sheet.pk]), mark)
            confirm_sheet(by=fresh(teachers[sheet.pk]), sheet=sheet, change_no=sheet.change_no)
    leader = fresh(term.class_period.school_class.homeroom.get().teacher)
    cells = {"RL": "Tốt", "CP": "1", "KP": "0", "NX": "Ngoan, chăm học."}
    operations = [
        operation(row, column, typed)
        for row in term.class_period.rows.all()
        for column, typed in cells.items()
        if column not in row.cells and not is_brought(row)
    ]
    enter_records(by=leader, class_period=term.class_period, operations=operations)
    submit_class(by=leader, class_period=term.class_period)
    return term


def is_brought(row) -> bool:
    return TransferredTerm.objects.current().filter(student=row.student_id, period=row.period_id).exists()


def fill_rest(sheet: MarkSheet, by, mark: str) -> None:
    """The required cells that are empty, of those who are assessed."""
    rows = sheet.rows.filter(student__in=sheet.around.assessed)
    operations = [
        operation(row, column.code, mark if column.scale == "DIEM" else "Đ")
        for row in rows
        for column in sheet.scheme
        if column.required and column.code not in row.cells
    ]
    enter_marks(by=by, sheet=sheet, operations=operations)
    sheet.refresh_from_db()
    sheet.__dict__.pop("around", None)


def snapshot_of(student, kind: str) -> dict:
    return PageVersion.objects.filter(page__student=student, kind=kind).latest("id").snapshot


def results_of(snapshot: dict, code: str = "TOAN") -> dict:
    return next(one["results"] for one in snapshot["subjects"] if one["code"] == code)


def year_of(term: Term, student) -> StudentYear:
    return next(year for year in year_of_class(term.class_period) if year.student == student)


def printed(snapshot: dict) -> str:
    return " ".join(text_of(page_file(snapshot)).split())


# -- Within the school ------------------------------------------------------------------------------------------------
def test_class_move_keeps_the_average_and_the_new_class_prints_it(term):
    there, student = second_class(term), term.cast.student
    row = term.maths.rows.get(student=student)
    marks = {"TX1": "6", "TX2": "6", "TX3": "6", "TX4": "6", "GK": "6", "CK": "6"}
    enter_marks(
        by=fresh(term.cast.maths_teacher), sheet=term.maths,
        operations=[operation(row, column, typed) for column, typed in marks.items()],
    )  # fmt: skip
    move(term, student, term.cast.class_7b)
    assert year_of(there, student).result_of("HK1", "TOAN") == "6.0"
    assert any(one.startswith("Ngữ văn còn 12 ô trống") for one in blockers_of(there.now()))
    closed(there)
    snapshot = snapshot_of(student, "TERM")
    assert (results_of(snapshot)["HK1"], snapshot["class"]["name"], snapshot["brought"]) == ("6.0", "7B", [])
    assert "Toán 6,0" in printed(snapshot)
    assert blockers_of(term.now()) != []
    closed(term)
    assert not PageVersion.objects.filter(page__student=student, school_class=term.cast.class_7a).exists()


# -- Between schools --------------------------------------------------------------------------------------------------
def elsewhere(term: Term, period=None) -> Term:
    """Class 7A of Trường THCS Lê Lợi at work, led and taught by one teacher and the intruder."""
    if not term.cast.other_class.homeroom.exists():
        other_teacher(term.cast.other_class, "phuongtt", "Trần Thu Phương")
    return class_at_work(term, term.cast.other_class, period or term.class_period.period, "0000000030", "Vũ Đức Minh")


def test_school_move_before_the_term_closes_takes_the_marks_along(term):
    away, student = elsewhere(term), term.cast.student
    row = term.maths.rows.get(student=student)
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "5")])
    release(term, student)
    receive(term, student, term.cast.other_class)
    closed(term)  # nothing of who has left keeps the old class open
    closed(away)
    snapshot = snapshot_of(student, "TERM")
    assert snapshot["school"]["name"] == "Trường THCS Lê Lợi"
    assert results_of(snapshot)["HK1"] == "7.7"  # (5 + 3·8 + 2·8 + 3·8) : 9
    assert "Toán 7,7" in printed(snapshot)
    assert PageVersion.objects.filter(page__student=student).count() == 1


def test_school_move_after_the_term_was_closed_counts_it_with_its_source(term):
    student = term.cast.student
    closed(term, mark="5")
    closed(elsewhere(term))
    release(term, student)
    receive(term, student, term.cast.other_class)
    away = elsewhere(term, second_term(term))
    assert PeriodRecord.objects.get(student=student, period__code="HK1").class_period == term.class_period
    assert not any("Học kì I" in one and "Nguyễn Minh Anh" in one for one in blockers_of(away.now()))
    closed(away)
    record = YearRecord.objects.get(student=student)
    assert (record.subject_results["TOAN"], record.absences, record.conduct) == ("7.0", 2, "TOT")  # (5 + 2·8) : 3
    snapshot = snapshot_of(student, "YEAR")
    assert results_of(snapshot) == {"HK1": "5.0", "HK2": "8.0", "CN": "7.0"}
    text = printed(snapshot)
    assert "Toán 5,0 8,0 7,0" in text
    assert "Học kì I: kết quả của Trường THCS Nguyễn Du, Phường Một, Tỉnh Mẫu." in text


# -- From outside -----------------------------------------------------------------------------------------------------
@pytest.fixture
def late(term: Term) -> Term:
    """7A in học kì II, with a student who came after học kì I from another province and brought its results."""
    submitted(term)
    first_term_is_over(term)
    student = newcomer(term)
    brought(term, student, TOAN="5,0", HDTN_HN="CĐ", excused=40, unexcused=5)
    return class_at_work(term, term.cast.class_7a, second_term(term), student.student_code, student.full_name)


def test_brought_term_counts_in_the_year_as_a_term_does(late):
    student = Enrolment.objects.get(student__student_code="0000000040").student
    assert not any("Phan Thu Hằng" in one for one in blockers_of(late.now()))
    closed(late)
    record = YearRecord.objects.get(student=student)
    assert (record.subject_results["TOAN"], record.subject_results["HDTN_HN"]) == ("7.0", "D")
    assert (record.conduct, record.absences, record.promotion) == ("TOT", 46, "KHONG_LEN_LOP")


def test_brought_term_is_printed_with_its_source_and_stands_in_the_data_element(late):
    student = Enrolment.objects.get(student__student_code="0000000040").student
    closed(late)
    snapshot = snapshot_of(student, "YEAR")
    assert results_of(snapshot) == {"HK1": "5.0", "HK2": "8.0", "CN": "7.0"}
    text = printed(snapshot)
    assert "Toán 5,0 8,0 7,0" in text
    assert f"Học kì I: kết quả của {SCHOOL}, {PLACE}, theo giấy chuyển trường số 12/GCT ngày 20/01/2026." in text
    assert "I Khá Đạt" in text
    xml = data_element(snapshot).decode()
    assert '<KET_QUA_MANG_THEO Id="mangtheo-HK1"><HOC_KI>HK1</HOC_KI>' in xml
    assert f"<TEN_TRUONG_CU>{SCHOOL}</TEN_TRUONG_CU>" in xml
    assert verify_history().faults == []


def test_first_term_is_closed_without_who_brought_it(term):
    first_term_is_over(term)
    student = newcomer(term)
    class_at_work(term, term.cast.class_7a, term.class_period.period, student.student_code, student.full_name)
    brought(term, student)
    closed(term)
    assert not PageVersion.objects.filter(page__student=student).exists()
    assert PageVersion.objects.count() == 2


# -- Two at once ------------------------------------------------------------------------------------------------------
def together(*jobs):
    """Run the jobs at the same moment, each on a connection of its own; what each gave or raised."""
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        try:
            outcomes[place] = job()
        except Exception as problem:  # noqa: BLE001 - the problem is the outcome
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_typing_during_the_move_loses_nothing_and_waits_for_nobody(transactional_db, settings, tmp_path):
    """What was accepted is in the row wherever it lies now; what came too late is refused to the teacher's face."""
    settings.FILES_ROOT = tmp_path / "files"
    term = make_term(make_cast())
    second_class(term)
    student = term.cast.student
    row = term.maths.rows.get(student=student)
    homes = [term.cast.class_7b, term.cast.class_7a]
    columns = ["TX1", "TX2", "TX3", "TX4"]
    for turn, column in enumerate(columns):
        target, sheet = homes[turn % 2], MarkRow.objects.get(pk=row.pk).sheet
        teacher = term.teacher_of(sheet)
        moved, saved = together(
            partial(move, term, student, target),
            partial(enter_marks, by=fresh(teacher), sheet=sheet, operations=[operation(row, column, "8")]),
        )
        assert isinstance(moved, Enrolment), moved
        now = MarkRow.objects.get(pk=row.pk)
        [result] = saved.results
        assert now.sheet.school_class == target
        assert (result.outcome == "ok") == (now.cells.get(column) == "8"), (result, now.cells)
    assert enrolment_of(student).school_class == term.cast.class_7a
    assert verify_history().faults == []


@pytest.mark.django_db(transaction=True)
def test_typing_while_the_term_is_brought_ends_with_one_of_both(transactional_db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    term = make_term(make_cast())
    first_term_is_over(term)
    student = newcomer(term)
    class_at_work(term, term.cast.class_7a, term.class_period.period, student.student_code, student.full_name)
    row = term.maths.rows.get(student=student)
    made, saved = together(
        partial(brought, term, student),
        partial(
            enter_marks, by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")]
        ),
    )
    row.refresh_from_db()
    typed = saved.results[0].outcome == "ok"
    assert typed == (row.cells == {"TX1": "8"})
    assert typed == isinstance(made, Exception), made
