"""The terms before: a later one builds on them, so that they are closed first."""

from django.db import models

from records.models.class_periods import ClassPeriod, PeriodRecord
from records.models.transferred import TransferredTerm
from records.rules import signoff
from schools.models import Period, Student
from schools.rules.levels import PRIMARY


def earlier_periods(class_period: ClassPeriod) -> "models.QuerySet[Period]":
    """The periods of the year, of the same level, before this one."""
    period = class_period.period
    return Period.objects.filter(
        school_year=class_period.school_year_id, level=period.level, position__lt=period.position
    ).order_by("position")


def submitted_later(class_period: ClassPeriod) -> ClassPeriod | None:
    """A later period of the class that has been submitted: its results rest on this one."""
    later = ClassPeriod.objects.filter(
        school_class=class_period.school_class_id, period__position__gt=class_period.period.position
    )
    return later.exclude(state__in=signoff.WRITABLE).select_related("period").first()


def without_earlier_term(class_period: ClassPeriod) -> list[tuple[Period, Student]]:
    """Who on the class's list has a period before this one that has neither been closed, in whatever class they were
    then, nor been brought from another school (TT 22/2021 Đ9.1.b: the year is made of both terms). At tiểu học, where
    the year is judged by its end (TT 27/2020 Đ9.2.a), only what has been begun has to be closed first."""
    told = []
    for period in earlier_periods(class_period):
        closed = PeriodRecord.objects.filter(
            student=models.OuterRef("pk"), period=period, learning__isnull=False
        ).exclude(class_period__state__in=signoff.WRITABLE)
        on_list = Student.objects.on_list_of(class_period.school_class).in_order()
        if period.level == PRIMARY:
            on_list = on_list.filter(pk__in=PeriodRecord.objects.filter(period=period).values("student"))
        owed = on_list.filter(~models.Exists(closed)).exclude(pk__in=TransferredTerm.objects.students_in(period.pk))
        told += [(period, student) for student in owed]
    return told
