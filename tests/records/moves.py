"""Two classes at work, and students who move between them, between schools and from outside."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from records.actions.preparing import prepare_class
from records.models import ClassPeriod, MarkSheet
from schools.actions.enrolments import leave_class, move_class, receive_student, take_compulsory_subjects
from schools.models import (
    CurriculumSubject,
    Enrolment,
    EntryWindow,
    HomeroomAssignment,
    Period,
    Role,
    SchoolClass,
    Student,
    TeachingAssignment,
    User,
)
from tests.cast import appoint, enrol, make_student, make_user
from tests.records.term import Term, fresh

REASON = "Gia đình xin chuyển lớp"


def open_window(school: Any, period: Period) -> EntryWindow:
    now = timezone.now()
    return EntryWindow.objects.create(
        school=school, period=period, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
    )


def other_teacher(school_class: SchoolClass, username: str, name: str) -> User:
    """Teaches and leads a class alone."""
    teacher = make_user(username, name, school_class.school)
    appoint(teacher, Role.TEACHER, school_class.school)
    since = school_class.school_year.starts_on
    HomeroomAssignment.objects.create(school_class=school_class, teacher=teacher, starts_on=since)
    for subject in CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.COMPULSORY):
        if not TeachingAssignment.objects.filter(school_class=school_class, subject=subject.subject).exists():
            TeachingAssignment.objects.create(
                school_class=school_class, subject=subject.subject, teacher=teacher, starts_on=since
            )
    return teacher


def second_class(term: Term) -> Term:
    """7B with one student, prepared in the same term; its teacher is ``tuanlv``."""
    cast = term.cast
    other_teacher(cast.class_7b, "tuanlv", "Lê Văn Tuấn")
    return class_at_work(term, cast.class_7b, term.class_period.period, "0000000020", "Bùi Gia Bảo")


def class_at_work(term: Term, school_class: SchoolClass, period: Period, code: str, name: str) -> Term:
    """The class with a student of its own in a period whose window is open."""
    if not Enrolment.objects.filter(school_class=school_class, student__student_code=code).exists():
        enrol(make_student(school_class.school, code, name), school_class)
    take_compulsory_subjects(school_class, list(Student.objects.on_list_of(school_class)))
    if not EntryWindow.objects.open_for(school_class.school, period).exists():
        open_window(school_class.school, period)
    class_period = prepare_class(by=None, school_class=school_class, period=period)
    assert class_period is not None
    return Term(term.cast, class_period, term.authority)


def enrolment_of(student: Student) -> Enrolment:
    return Enrolment.objects.open().select_related(
        "student", "school_class__school", "school_class__school_year"
    ).get(student=student)  # fmt: skip


def move(term: Term, student: Student, to_class: SchoolClass, on: date | None = None) -> Enrolment:
    return move_class(
        by=fresh(term.cast.clerk), enrolment=enrolment_of(student), to_class=to_class,
        on=on or timezone.localdate(), reason=REASON,
    )  # fmt: skip


def release(term: Term, student: Student) -> Enrolment:
    return leave_class(
        by=fresh(term.cast.clerk), enrolment=enrolment_of(student), on=timezone.localdate(),
        ending="CHUYEN_TRUONG", note="Chuyển về quê, đơn số 12",
    )  # fmt: skip


def receive(term: Term, student: Student, to_class: SchoolClass) -> Enrolment:
    return receive_student(
        by=fresh(term.cast.other_clerk), student_code=student.student_code, personal_id=student.personal_id or "",
        born_on=None, to_class=to_class, on=timezone.localdate(), note="Giấy giới thiệu số 7",
    )  # fmt: skip


def second_term(term: Term) -> Period:
    return Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")


def sheet_of(class_period: ClassPeriod, code: str = "TOAN") -> MarkSheet:
    return MarkSheet.objects.of_class(class_period.school_class, class_period.period).get(subject__code=code)
