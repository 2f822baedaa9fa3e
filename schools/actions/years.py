"""The Sở sets the frame of the school year."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from django.db.models.functions import Greatest
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Authority, EntryWindow, Period, Role, SchoolYear, User
from schools.models.recording import recorded
from schools.rules.calendar import proposed_periods, year_dates
from schools.rules.levels import GRADES, PERIOD_NAMES, periods_of

Dates = Mapping[Period, tuple[date, date]]

# What an app above has against closing a year: sentences in Vietnamese, none when it can be closed.
OBJECTIONS_TO_CLOSING: list[Callable[[SchoolYear], list[str]]] = []
OBJECTIONS_TOLD = 5


def open_year(*, by: User, authority: Authority, first_year: int) -> SchoolYear:
    """A new school year with the periods of all three levels on the proposed dates. NotAllowed; Refused when it is
    there already. Source: law.md §7; TT 22/2021 Đ9, TT 27/2020 Đ7."""
    if authority.pk not in by.standing.authorities_as(Role.PROVINCE_ADMIN):
        raise NotAllowed
    starts_on, ends_on = year_dates(first_year)
    with recorded(by, "open_year"):
        if SchoolYear.objects.filter(authority=authority, first_year=first_year).exists():
            raise Refused(f"Năm học {first_year}–{first_year + 1} đã có.")
        if SchoolYear.objects.filter(authority=authority, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise Refused(f"Năm học {first_year}–{first_year + 1} chồng lên một năm học đã có.")
        year = SchoolYear.objects.create(
            authority=authority, first_year=first_year, starts_on=starts_on, ends_on=ends_on
        )
        Period.objects.bulk_create(
            Period(
                school_year=year,
                level=level,
                code=code,
                position=position,
                starts_on=proposed_periods(level, first_year)[code][0],
                ends_on=proposed_periods(level, first_year)[code][1],
            )
            for level in GRADES
            for position, code in enumerate(periods_of(level), start=1)
        )
    return year


def set_period_dates(*, by: User, year: SchoolYear, dates: Dates) -> SchoolYear:
    """Change the dates of periods of a year: inside the year, in order, none over another of its level. Windows opened
    before stay as they are. NotAllowed; WrongState when the year is closed; Refused naming the period.
    Source: law.md §7."""
    if year.authority_id not in by.standing.authorities_as(Role.PROVINCE_ADMIN):
        raise NotAllowed
    if year.closed_at is not None:
        raise WrongState(f"Năm học {year.label} đã đóng; ngày các kì không sửa được nữa.")
    periods = list(Period.objects.for_year(year).order_by("level", "position"))
    for period in periods:
        period.starts_on, period.ends_on = dates.get(period, (period.starts_on, period.ends_on))
        _check_period(period, year)
    for before, after in pairwise(periods):
        if before.level == after.level and after.starts_on <= before.ends_on:
            name = PERIOD_NAMES[after.code]
            raise Refused(f"{after.get_level_display()}, {name}: phải bắt đầu sau {before.ends_on:%d/%m/%Y}.")
    with recorded(by, "set_period_dates"):
        for period in periods:
            period.save(update_fields=["starts_on", "ends_on"])
    return year


def _check_period(period: Period, year: SchoolYear) -> None:
    name = f"{period.get_level_display()}, {PERIOD_NAMES[period.code]}"
    if period.ends_on < period.starts_on:
        raise Refused(f"{name}: ngày kết thúc trước ngày bắt đầu.")
    if period.starts_on < year.starts_on or period.ends_on > year.ends_on:
        raise Refused(f"{name}: phải nằm trong năm học ({year.starts_on:%d/%m/%Y}–{year.ends_on:%d/%m/%Y}).")


def why_year_stays_open(year: SchoolYear) -> list[str]:
    """What stands against closing a year, in Vietnamese; nothing when it can be closed (law.md §0: a closed year keeps
    the rule sets with which it was closed)."""
    if year.closed_at is not None:
        return [f"Năm học {year.label} đã đóng."]
    last = Period.objects.for_year(year).exclude(code="HE").order_by("ends_on").last()
    told = []
    if last is not None and last.ends_on >= timezone.localdate():
        told.append(f"Năm học chưa hết: {last.name} kết thúc ngày {last.ends_on:%d/%m/%Y}.")
    return told + [words for objection in OBJECTIONS_TO_CLOSING for words in objection(year)]


def close_year(*, by: User, year: SchoolYear) -> SchoolYear:
    """Close a year for good: its entry windows end, and nothing of it is written any more. NotAllowed; WrongState with
    what is still unfinished. Source: law.md §0, §1.10."""
    if year.authority_id not in by.standing.authorities_as(Role.PROVINCE_ADMIN):
        raise NotAllowed
    windows = EntryWindow.objects.filter(period__school_year=year, closes_at__gt=timezone.now())
    schools = list(windows.order_by("school").values_list("school", flat=True).distinct())
    with recorded(by, "close_year", chains=[("SCHOOL", key) for key in schools]):
        current = SchoolYear.objects.select_for_update().get(pk=year.pk)
        if told := why_year_stays_open(current):
            more = f" … và {len(told) - OBJECTIONS_TOLD} việc khác" if len(told) > OBJECTIONS_TOLD else ""
            raise WrongState(f"Chưa đóng được năm học: {' '.join(told[:OBJECTIONS_TOLD])}{more}")
        now = timezone.now()
        windows.update(closes_at=Greatest("opens_at", now))  # one that was still to open never does
        current.closed_at = now
        current.save(update_fields=["closed_at"])
    return current
