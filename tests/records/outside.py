"""A student who came from another province after học kì I, and what the transfer paper says."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from records.actions.transferred import Paper, bring_term
from records.models import TransferredTerm
from records.rules.results import SCORED
from schools.actions.enrolments import take_compulsory_subjects
from schools.models import CurriculumSubject, Period, SchoolClass, Student
from tests.cast import enrol, make_student
from tests.records.moves import enrolment_of
from tests.records.term import Term, fresh

SCHOOL, PLACE = "Trường THCS Trần Phú", "Phường Hải Châu, Đà Nẵng"
SOURCE = {
    "from_school": SCHOOL, "from_place": PLACE, "document_number": "12/GCT", "document_on": date(2026, 1, 20),
    "reason": "Theo bố mẹ chuyển công tác",
}  # fmt: skip
OUTCOME = {"conduct": "KHA", "learning": "DAT", "excused": 20, "unexcused": 2}
CODE = "0000000040"


def first_term_is_over(term: Term) -> Period:
    """Học kì I ended ten days ago."""
    today = timezone.localdate()
    first = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK1")
    Period.objects.filter(school_year=term.cast.year, level="THCS", code="HK2").update(
        starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=100)
    )
    first.starts_on, first.ends_on = today - timedelta(days=30), today - timedelta(days=10)
    first.save()
    return first


def newcomer(term: Term, school_class: SchoolClass | None = None) -> Student:
    """In 7A since three days ago, with the compulsory subjects."""
    school_class = school_class or term.cast.class_7a
    student = make_student(school_class.school, CODE, "Phan Thu Hằng")
    enrol(student, school_class, starts_on=timezone.localdate() - timedelta(days=3))
    take_compulsory_subjects(school_class, [student])
    return student


def paper(school_class: SchoolClass, **changes: Any) -> Paper:
    """5,0 in every scored subject, Đạt in the others; ``changes`` by code of a subject or name of a field."""
    offered = CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.COMPULSORY)
    subjects = {one.subject.code: "5,0" if one.kind == SCORED else "Đ" for one in offered}
    fields = {name: value for name, value in changes.items() if name in SOURCE or name in OUTCOME}
    subjects |= {name: value for name, value in changes.items() if name not in fields}
    return Paper(subjects=subjects, **{**SOURCE, **OUTCOME, **fields})


def brought(term: Term, student: Student, confirmed: str = "", **changes: Any) -> TransferredTerm:
    first = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK1")
    enrolment = enrolment_of(student)
    return bring_term(
        by=fresh(term.cast.clerk),
        enrolment=enrolment,
        period=first,
        confirmed=confirmed,
        paper=paper(enrolment.school_class, **changes),
    )
