"""Counts over whole classes, each one subquery: what the boards of sign-off show."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from records.models.class_periods import ClassPeriodQuerySet
from records.models.pages import PageVersion
from records.models.sheets import MarkSheet
from records.rules import signoff


def with_progress(class_periods: ClassPeriodQuerySet) -> Any:
    """Each with ``sheets_made``, ``sheets_confirmed`` and ``empty_cells`` of the class's sheets, ``pages`` and
    ``pages_waiting``, those the homeroom teacher has not signed."""
    sheets = MarkSheet.objects.order_by().filter(
        school_class=models.OuterRef("school_class"), period=models.OuterRef("period")
    )
    versions = PageVersion.objects.order_by().of_classes().filter(class_period=models.OuterRef("pk"))
    return class_periods.annotate(
        sheets_made=_folded(sheets, models.Count("pk")),
        sheets_confirmed=_folded(sheets.filter(state=MarkSheet.State.CONFIRMED), models.Count("pk")),
        empty_cells=_folded(sheets, models.Sum("missing")),
        pages=_folded(versions, models.Count("pk")),
        pages_waiting=_folded(versions.filter(state=PageVersion.State.PREPARED), models.Count("pk")),
    )


# Where a class stands in its sign-off, as the boards and what people have to do tell it: what the address of the list
# says, words, and which of ``with_progress``.
STEPS: dict[str, tuple[str, models.Q]] = {
    "dang-nhap": ("Đang nhập", models.Q(state__in=signoff.WRITABLE)),
    "cho-chu-nhiem": ("Chờ chủ nhiệm kí", models.Q(state=signoff.SUBMITTED, pages_waiting__gt=0)),
    "cho-duyet": ("Chờ duyệt", models.Q(state=signoff.SUBMITTED, pages_waiting=0)),
    "cho-dong-dau": ("Chờ đóng dấu", models.Q(state=signoff.SIGNED_OFF, pages__gt=0)),
    "da-phat-hanh": ("Đã phát hành", models.Q(state=signoff.ISSUED)),
}


def in_step(class_periods: Any, step: str) -> Any:
    """Those of ``with_progress`` that stand at the step; all of them where there is no such step."""
    return class_periods.filter(STEPS[step][1]) if step in STEPS else class_periods


def _folded(rows: models.QuerySet, aggregate: models.Aggregate) -> Coalesce:
    """An aggregate over the rows that belong to one class and period."""
    by = "class_period" if rows.model is PageVersion else "school_class"
    return Coalesce(models.Subquery(rows.values(by).annotate(n=aggregate).values("n")), 0)
