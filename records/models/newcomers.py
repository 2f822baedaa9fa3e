"""Students who came into a class when a sheet of it had been confirmed already: their rows wait until its teacher takes
the confirmation back."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce

from records.models.class_periods import ClassPeriod
from records.models.sheets import MarkRow, MarkRowQuerySet, MarkSheet, MarkSheetQuerySet, SheetConfirmation
from records.models.transferred import TransferredTerm
from schools.models import Enrolment, Student, SubjectEnrolment


def with_newcomers(sheets: MarkSheetQuerySet) -> Any:
    """Those of the sheets that are confirmed in a class still open while somebody on its list has neither a row in them
    nor a result signed elsewhere; each with ``newcomers``, how many those are."""
    counted = _newcomers().order_by().values("subject").annotate(how_many=models.Count("pk")).values("how_many")
    confirmed = sheets.filter(state=MarkSheet.State.CONFIRMED).open_in(ClassPeriod.objects.open())
    return confirmed.annotate(newcomers=Coalesce(models.Subquery(counted), 0)).filter(newcomers__gt=0)


def _newcomers() -> "models.QuerySet[SubjectEnrolment]":
    """Who takes the subject of the sheet around this subquery and is neither written in it nor closed elsewhere."""
    listed = Enrolment.objects.order_by().filter(
        models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED),
        student=models.OuterRef("student"),
        school_class=models.OuterRef(models.OuterRef("school_class")),
    )
    of_period = {"student": models.OuterRef("student"), "period": models.OuterRef(models.OuterRef("period"))}
    open_sheet = MarkSheet.objects.filter(pk=models.OuterRef("sheet"), state=MarkSheet.State.OPEN)
    closed = ~models.Q(average=None, level="") & ~models.Exists(open_sheet.open_in(ClassPeriod.objects.open()))
    here = models.Q(sheet=models.OuterRef(models.OuterRef("pk")))
    written = MarkRow.objects.filter(here | closed, subject=models.OuterRef("subject"), **of_period)
    return (
        SubjectEnrolment.objects.open()
        .filter(subject=models.OuterRef("subject"), school_year=models.OuterRef("school_year"), exempt=False)
        .filter(models.Exists(listed), ~models.Exists(written))
        .exclude(models.Exists(TransferredTerm.objects.current().filter(**of_period)))
    )


def newcomers_to(sheet: MarkSheet) -> list[str]:
    """Who waits for the sheet's confirmation to be taken back, in the order of the class's list."""
    waited_for = with_newcomers(MarkSheet.objects.filter(pk=sheet.pk))
    found = waited_for.annotate(who=ArraySubquery(_newcomers().order_by().values("student"))).first()
    if found is None:
        return []
    return [student.full_name for student in Student.objects.filter(pk__in=found.who).in_order()]


def rows_with_place(rows: Iterable[int]) -> MarkRowQuerySet:
    """Rows by their ids with the class and school of the sheet they lie in, and whether they are free to leave it."""
    return MarkRow.objects.filter(pk__in=rows).with_freedom().select_related("sheet__school_class__school")


def confirmed_by(sheets: Iterable[MarkSheet]) -> dict[int, str]:
    """Whose confirmations stand, by the id of the sheet: those who can take them back."""
    standing = SheetConfirmation.objects.filter(sheet__in=[sheet.pk for sheet in sheets], withdrawn_at=None)
    told: dict[int, list[str]] = {}
    for sheet, name in standing.order_by("id").values_list("sheet", "assignment__teacher__full_name"):
        told.setdefault(sheet, []).append(name)
    return {sheet: ", ".join(names) for sheet, names in told.items()}
