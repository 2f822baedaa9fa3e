"""Looks at children's records in the daily root: what is told of each day, and the check that nothing was rewritten."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from schools.models import DroppedReads, HistoryRoot
from schools.models import reads_sql as sql
from schools.rules import chain as rules
from schools.rules.kept_months import is_over, months_after

# A look that began before midnight is stored long before this.
STILL_WRITTEN = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
Days = dict[str, tuple[int, str]]


@dataclass
class ReadsReport:
    """What a check of the looks found: how many were read, every fault, and what was dropped when its time was over."""

    looks: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def days_of_reads(since: date | None, until: date) -> Iterator[tuple[str, tuple[int, str]]]:
    """(day, (looks, digest in hex)) for every day from ``since`` (None: the first of all) up to and including
    ``until`` that has looks; month by month, each in one partition. Source: QCVN 12:2026/BCA (law.md §6.4)."""
    with connection.cursor() as cursor:
        begins = since or _first_day(cursor)
        while begins is not None and begins <= until:
            ends = min(months_after(begins, 1), until + ONE_DAY)
            cursor.execute(sql.DAYS, {"begins": begins, "ends": ends})
            yield from ((day, (looks, digest)) for day, looks, digest in cursor.fetchall())
            begins = ends


def _first_day(cursor: Any) -> date | None:
    cursor.execute(sql.FIRST_DAY)
    (first,) = cursor.fetchone()
    return first


def reads_to_root(on: date) -> dict[str, Any]:
    """What the root of that day says of the looks: the days since the root before that are over, and until when it
    told. Source: QCVN 12:2026/BCA (law.md §6.4)."""
    told, _ = rooted_days()
    until = min(on, timezone.localdate(timezone.now() - STILL_WRITTEN)) - ONE_DAY
    if told is not None and until <= told:
        return {"until": told.isoformat(), "days": {}}
    since = told + ONE_DAY if told else None
    return {"until": until.isoformat(), "days": dict(days_of_reads(since, until))}


def rooted(root: HistoryRoot) -> tuple[str, Days] | None:
    """A root's looks in the form of ``rules.root_hash``."""
    if root.reads is None:
        return None
    return root.reads["until"], {day: (looks, digest) for day, (looks, digest) in root.reads["days"].items()}


def rooted_days() -> tuple[date | None, Days]:
    """Until when the roots tell of looks (None: not at all), and all days they tell of."""
    told = list(filter(None, map(rooted, HistoryRoot.objects.order_by("on"))))
    days: Days = {}
    for _, of_root in told:
        days |= of_root
    return (date.fromisoformat(max(until for until, _ in told)), days) if told else (None, days)


def days_of_month(days: Days, month: date) -> Days:
    return {day: told for day, told in days.items() if day.startswith(f"{month:%Y-%m}")}


def check_reads() -> ReadsReport:
    """Every rooted day against the looks as they stand: none changed, removed or added afterwards; months that were
    dropped were old enough and are those of the roots. Source: QCVN 12:2026/BCA (law.md §6.4)."""
    report = ReadsReport()
    with transaction.atomic():
        with connection.cursor() as cursor:  # nothing is dropped while it is read
            cursor.execute("LOCK TABLE schools_readentry IN ACCESS SHARE MODE")
        until, said = rooted_days()
        for dropped in DroppedReads.objects.all():
            _check_dropped(dropped, days_of_month(said, dropped.month), report)
            said = {day: told for day, told in said.items() if not day.startswith(f"{dropped.month:%Y-%m}")}
        there = dict(days_of_reads(None, until)) if until else {}
    report.looks = sum(looks for looks, _ in there.values())
    for day in sorted(said.keys() | there.keys()):
        if said.get(day) != there.get(day):
            report.faults.append(_told(day, said.get(day, (0, ""))[0], there.get(day, (0, ""))[0]))
    return report


def _told(day: str, said: int, there: int) -> str:
    return f"Lượt xem ngày {date.fromisoformat(day):%d/%m/%Y}: khác với mốc neo (mốc ghi {said} lượt, còn {there})."


def _check_dropped(dropped: DroppedReads, days: Days, report: ReadsReport) -> None:
    told = f"Lượt xem tháng {dropped}: {dropped.looks} lượt đã xóa ngày {dropped.dropped_on:%d/%m/%Y}"
    looks = sum(count for count, _ in days.values())
    if (looks, rules.month_digest(days)) != (dropped.looks, dropped.digest):
        report.faults.append(f"{told}, khác với các mốc neo ({looks} lượt).")
    if dropped.dropped_on > timezone.localdate() or not is_over(dropped.month, dropped.dropped_on, dropped.kept_months):
        report.faults.append(f"{told} khi chưa hết thời hạn giữ.")
    report.notes.append(f"{told}, hết thời hạn giữ {dropped.kept_months} tháng.")
