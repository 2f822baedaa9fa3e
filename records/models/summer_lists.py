"""Whose year waits for the summer: of the classes a person looks after, and in the subjects a person teaches."""

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from records.models.class_periods import ClassPeriod, YearRecord
from records.models.pages import PUBLISHED, PageVersion
from records.models.sheets import MarkRow
from records.models.summer import LAST_TERMS, PENDING
from records.rules import signoff
from records.rules.columns import TEST
from records.rules.tt22 import CHUA_DAT, FAIL
from records.rules.tt27_codes import CHT, NOT_DONE
from schools.models import Student, User

_FAILED = (CHUA_DAT, CHT)
_LEAST = Decimal(5)


def held_in(class_periods: "models.QuerySet[ClassPeriod]") -> Any:
    """The years that wait for the summer in these classes, once the principal has approved the year's results, in the
    order of the lists; each with ``at``, the public id of the class in its last term, and ``page_state``, that of the
    page made after the summer ("" for none)."""
    closed = class_periods.filter(state__in=signoff.CLOSED, period__code__in=LAST_TERMS)
    of_class = closed.order_by().filter(school_class=models.OuterRef("school_class")).values("public_id")[:1]
    held = YearRecord.objects.filter(promotion__in=PENDING, school_class__in=closed.order_by().values("school_class"))
    pages = _pages().alive().order_by("-number").values("state")[:1]
    return (
        still_waiting(held)
        .annotate(at=models.Subquery(of_class), page_state=models.Subquery(pages))
        .select_related("student", "school_class__school", "school_year")
        .order_by(
            "-school_year__first_year", "school_class__school__name", "school_class__grade_level",
            "school_class__name", "student__given_name", "student__family_names", "student_id",
        )
    )  # fmt: skip


def steps_of_summer(class_periods: "models.QuerySet[ClassPeriod]") -> Counter[str]:
    """How many of the waiting years stand at each step: the state of the page made after the summer, "" for none."""
    return Counter(state or "" for state in held_in(class_periods).values_list("page_state", flat=True))


def still_waiting(held: "models.QuerySet[YearRecord]") -> "models.QuerySet[YearRecord]":
    """Those whose page with the summer's result has not been issued."""
    return held.filter(~models.Exists(_pages().filter(state__in=PUBLISHED)))


def waiting_of(student: Student) -> list[YearRecord]:
    """A student's own years that wait for the summer, once the principal has approved them."""
    classes = YearRecord.objects.filter(student=student).order_by().values("school_class")
    return list(held_in(ClassPeriod.objects.filter(school_class__in=classes)).filter(student=student))


def held_taught(user: User) -> list[YearRecord]:
    """The years that wait for a new result in a subject the person teaches in a class the person does not look after
    otherwise, while the page is not made."""
    subjects: dict[int, set[int]] = {}
    for school_class, subject in user.ties.taught:
        subjects.setdefault(school_class, set()).add(subject)
    others = ClassPeriod.objects.in_use().filter(school_class__in=list(subjects))
    others = others.exclude(pk__in=ClassPeriod.objects.visible_to(user).values("pk"))
    return [one for one in held_in(others).filter(page_state=None) if _has_low(one, subjects[one.school_class_id])]


def _has_low(record: YearRecord, subjects: set[int]) -> bool:
    if record.learning["final"] not in _FAILED:
        return False
    rows = MarkRow.objects.filter(
        student=record.student_id, school_year=record.school_year_id, subject__in=subjects, period__code__in=LAST_TERMS
    )
    return any(
        _is_low(str(record.subject_results.get(row.subject.code, ""))) or _is_low(str(row.cells.get(TEST, "")))
        for row in rows.select_related("subject")
    )


def _is_low(value: str) -> bool:
    if value in (FAIL, NOT_DONE):
        return True
    try:
        return Decimal(value) < _LEAST
    except InvalidOperation:  # a level, or nothing
        return False


def _pages() -> Any:
    """The pages after the summer of the year around this subquery."""
    return PageVersion.objects.filter(
        page__student=models.OuterRef("student"),
        page__school_year=models.OuterRef("school_year"),
        kind=PageVersion.Kind.SUMMER,
    )
