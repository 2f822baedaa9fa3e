"""Rows of uploaded lists are personal data: those that nobody confirmed, and those that were refused, are not kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from schools.models import ListImport
from schools.models.imports import ListImportQuerySet
from schools.models.recording import recorded

State = ListImport.State
Chosen = Callable[[datetime], ListImportQuerySet]


def forget_previews(*, now: datetime) -> int:
    """Empty what was kept for PREVIEW_DAYS: previews that nobody confirmed or dropped, and the refused rows of lists
    that were brought in. The list stays, with its numbers, and says when and why; the history notes it without the
    rows. Done daily; how many lists. Source: Luật 91/2025/QH15 (law.md §6.3)."""
    lists = ListImport.objects
    return _empty(lists.left_waiting_since, now, "nội dung xem trước", rows=[], state=State.EXPIRED) + _empty(
        lists.with_refused_rows_since, now, "các dòng bị từ chối", refused=[]
    )


def _empty(chosen: Chosen, now: datetime, what: str, **emptied: object) -> int:
    """School by school, each in a transaction of its own chain; a list that is being confirmed right now is asked for
    its state once more by the database."""
    before = now - timedelta(days=settings.PREVIEW_DAYS)
    reason = f"Đã xóa {what} sau {settings.PREVIEW_DAYS} ngày"
    count = 0
    for school_id in chosen(before).order_by("school").values_list("school", flat=True).distinct():
        with recorded(None, "forget_previews", method="prepared", reason=reason, chains=[("SCHOOL", school_id)]):
            count += chosen(before).filter(school=school_id).update(emptied_at=now, **emptied)
    return count
