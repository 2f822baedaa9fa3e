"""A class of THCS after a year in which some of its students wait for the summer."""

from dataclasses import dataclass
from typing import Any

from records.actions.cells import Operation
from records.actions.homeroom import enter_records, submit_class
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import issue_class, sign_off_class
from records.models import ClassPeriod, PageVersion, SigningOrder
from records.models.summer_cases import SummerCase, summer_case
from schools.actions.enrolments import take_compulsory_subjects
from schools.models import EntryWindow, Period, SchoolClass, Student
from tests.cast import enrol, make_student
from tests.records.moves import open_window, second_term
from tests.records.term import (
    PIN,
    Term,
    all_written,
    fill_records,
    fill_sheet,
    fresh,
    give_keys,
    hand_in,
    operation,
)

LOW = ("TOAN", "KHTN")


@dataclass
class Summer:
    """7A after its year: ``low`` has Toán and Khoa học tự nhiên at 3,3, ``unruly`` conduct Chưa đạt, ``both`` both;
    the page of ``fine`` is signed by the principal. ``term`` is the second one."""

    term: Term
    low: Student
    unruly: Student
    both: Student
    fine: Student

    @property
    def last(self) -> ClassPeriod:
        return self.term.now()

    def case(self, student: Student) -> SummerCase:
        found = summer_case(ClassPeriod.objects.in_words().get(pk=self.term.class_period.pk), student)
        assert found is not None
        return found


def make_summer(term: Term, absent: Student | None = None) -> Summer:
    """``term`` is 7A in its first term, nothing written yet; ``absent`` is of the class too and misses 46 buổi, more
    than a year allows."""
    cast = term.cast
    if absent is not None:
        enrol(absent, cast.class_7a)
    both, fine = make_student(cast.school, "0000000031", "Phạm Văn Cường"), make_student(
        cast.school, "0000000032", "Lý Thị Duyên"
    )  # fmt: skip
    for student in (both, fine):
        enrol(student, cast.class_7a)
    take_compulsory_subjects(cast.class_7a, list(Student.objects.on_list_of(cast.class_7a)))
    prepare_class(by=None, school_class=cast.class_7a, period=term.class_period.period)
    unruly = Student.objects.on_list_of(cast.class_7a).get(student_code="0000000002")
    hand_in(all_written(term))
    signed(term, sign_as_homeroom, sign_off_class)
    last = _second(term)
    summer = Summer(last, *(Student.objects.get(pk=one.pk) for one in (cast.student, unruly, both, fine)))
    _write_year(summer)
    if absent is not None:
        row = last.class_period.rows.get(student=absent)
        write_records(summer, [operation(row, "KP", "46", row.cells["KP"])])
    submit_class(by=fresh(cast.homeroom_teacher), class_period=last.now())
    signed(last, sign_as_homeroom, sign_off_class)
    return summer


def _second(term: Term) -> Term:
    open_window(term.cast.school, second_term(term))
    begun = prepare_class(by=None, school_class=term.cast.class_7a, period=second_term(term))
    assert begun is not None
    return Term(term.cast, begun, term.authority)


def _write_year(summer: Summer) -> None:
    for code, sheet in summer.term.sheets.items():
        teacher = summer.term.teacher_of(sheet)
        fill_sheet(sheet, teacher)
        if code in LOW:
            rows = sheet.rows.filter(student__in=[summer.low, summer.both])
            change(teacher, sheet, rows)
        sheet.refresh_from_db()
        confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)
    fill_records(summer.term)
    rows = summer.term.class_period.rows.filter(student__in=[summer.unruly, summer.both])
    write_records(summer, [operation(row, "RL", "Chưa đạt", row.cells["RL"]) for row in rows])


def write_records(summer: Summer, operations: list[Operation]) -> None:
    """What the homeroom teacher writes of the second term."""
    saved = enter_records(
        by=fresh(summer.term.cast.homeroom_teacher), class_period=summer.term.class_period, operations=operations
    )
    assert {one.outcome for one in saved.results} == {"ok"}


def change(teacher: Any, sheet: Any, rows: Any) -> None:
    """Every mark of these rows becomes 1."""
    operations = [
        operation(row, column.code, "1", row.cells[column.code])
        for row in rows
        for column in sheet.scheme
        if column.required
    ]
    saved = enter_marks(by=fresh(teacher), sheet=sheet, operations=operations)
    assert {one.outcome for one in saved.results} == {"ok"}


def signed(term: Term, *acts: Any) -> None:
    """The class's pages signed by those whose acts these are, as workers do it."""
    give_keys(term)
    people = {sign_as_homeroom: "homeroom_teacher", sign_off_class: "principal", issue_class: "clerk"}
    for version in PageVersion.objects.of(term.class_period):
        render_page(version)
    for act in acts:
        by = fresh(getattr(term.cast, people[act]))
        carried_out(act(by=by, class_period=term.now(), pin=PIN, shown=term.shown()))


def carried_out(order: SigningOrder) -> None:
    for item in order.items.select_related("order__by", "order__key", "order__delegation__grantor", "version"):
        assert carry_out(item).state == "XONG"


def open_summer(school_class: SchoolClass) -> EntryWindow:
    """The entry window of the summer of a class's level."""
    period = Period.objects.get(school_year=school_class.school_year, level=school_class.level, code="HE")
    return open_window(school_class.school, period)
