"""Counts over whole classes, each one subquery: what the boards of sign-off show."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from records.models.class_periods import ClassPeriodQuerySet
from records.models.pages import PageVersion
from records.models.sheets import MarkSheet


def with_progress(class_periods: ClassPeriodQuerySet) -> Any:
    """Each with ``sheets_made``, ``sheets_confirmed`` and ``empty_cells`` of the class's sheets, ``pages`` and
    ``pages_waiting``, those the homeroom teacher has not signed."""
    sheets = MarkSheet.objects.order_by().filter(
        school_class=models.OuterRef("school_class"), period=models.OuterRef("period")
    )
    versions = PageVersion.objects.order_by().alive().filter(class_period=models.OuterRef("pk"))
    return class_periods.annotate(
        sheets_made=_folded(sheets, models.Count("pk")),
        sheets_confirmed=_folded(sheets.filter(state=MarkSheet.State.CONFIRMED), models.Count("pk")),
        empty_cells=_folded(sheets, models.Sum("missing")),
        pages=_folded(versions, models.Count("pk")),
        pages_waiting=_folded(versions.filter(state=PageVersion.State.PREPARED), models.Count("pk")),
    )


def _folded(rows: models.QuerySet, aggregate: models.Aggregate) -> Coalesce:
    """An aggregate over the rows that belong to one class and period."""
    by = "class_period" if rows.model is PageVersion else "school_class"
    return Coalesce(models.Subquery(rows.values(by).annotate(n=aggregate).values("n")), 0)
