"""When marks may be entered. Outside an open window nothing can be written; the server's clock decides."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from hocbaso.lib.enqueue import enqueue
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import EntryWindow, Period, School, User
from schools.models.recording import recorded
from schools.permissions import may_open_window, may_open_windows

LEAST_REASON = 10
BEFORE_THE_YEAR = timedelta(days=60)
AFTER_THE_YEAR = timedelta(days=120)  # summer results and late changes


def open_windows(
    *, by: User, schools: Iterable[School], period: Period, opens_at: datetime, closes_at: datetime, reason: str = ""
) -> list[EntryWindow]:
    """Open entry for a period in one school or in many, all or none. A further window for the same period is an
    extension and needs a reason of at least ten characters (law.md §1.10; setting 18). NotAllowed, Refused naming the
    school; WrongState when the year is closed."""
    chosen = list(schools)
    if not chosen or not may_open_windows(by, chosen):
        raise NotAllowed
    if period.school_year.closed_at is not None:
        raise WrongState(f"Năm học {period.school_year.label} đã đóng.")
    if closes_at <= opens_at:
        raise Refused("Lúc đóng phải sau lúc mở.")
    if closes_at <= timezone.now():
        raise Refused("Lúc đóng đã qua.")
    _check_year(period, opens_at, closes_at)
    _check_level(chosen, period)
    with recorded(by, "open_window", reason=reason.strip(), chains=[("SCHOOL", school.pk) for school in chosen]):
        _need_reason_for_extension(chosen, period, reason)
        enqueue("records.prepare_classes")
        return EntryWindow.objects.bulk_create(
            EntryWindow(
                school=school,
                period=period,
                opens_at=opens_at,
                closes_at=closes_at,
                reason=reason.strip(),
                opened_by=by,
            )
            for school in chosen
        )


def _check_year(period: Period, opens_at: datetime, closes_at: datetime) -> None:
    """A mistyped year must not open a school for decades, nor stand in every list."""
    year = period.school_year
    earliest = timezone.make_aware(datetime.combine(year.starts_on - BEFORE_THE_YEAR, time.min))
    latest = timezone.make_aware(datetime.combine(year.ends_on + AFTER_THE_YEAR, time.max))
    if not earliest <= opens_at < closes_at <= latest:
        raise Refused(f"Hạn nhập của năm học {year.label} nằm từ {earliest:%d/%m/%Y} đến {latest:%d/%m/%Y}.")


def _check_level(schools: list[School], period: Period) -> None:
    for school in schools:
        if period.level not in school.levels:
            raise Refused(f"{school} không có cấp {period.get_level_display()}.")


def _need_reason_for_extension(schools: list[School], period: Period, reason: str) -> None:
    extended = EntryWindow.objects.filter(school__in=schools, period=period).select_related("school").first()
    if extended is not None and len(reason.strip()) < LEAST_REASON:
        raise Refused(
            f"{extended.school}: {period.name} đã có hạn nhập. "
            f"Muốn gia hạn, hãy ghi lí do (ít nhất {LEAST_REASON} kí tự)."
        )


def close_window(*, by: User, window: EntryWindow, reason: str) -> EntryWindow:
    """Close an open window now, before its time; the history keeps the time it had. NotAllowed; Refused without a
    reason; WrongState when it is not open."""
    if not may_open_window(by, window.school):
        raise NotAllowed
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "close_window", reason=reason.strip()):
        current = EntryWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
        if not current.is_open:
            raise WrongState("Hạn nhập này không đang mở.")
        current.closes_at = timezone.now()
        current.save(update_fields=["closes_at"])
    return current
