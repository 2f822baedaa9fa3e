"""What becomes of the rows of two records of one student: each moves, is united with the other's, or stays."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from records.models import ClassPeriod, MarkRow, MarkSheet, PageVersion, PeriodRecord, YearRecord
from records.rules.columns import Column
from schools.models import Enrolment, EntryWindow, Student

HOMEROOM_PART = "phần chủ nhiệm"


@dataclass(frozen=True)
class Held:
    """A row with its grid, whether it can still be written in, whether it is closed as a result of the student (and not
    left over in a list that the student was off when it closed), and what people call it: “Toán”, “phần chủ nhiệm”."""

    row: MarkRow | PeriodRecord
    grid: MarkSheet | ClassPeriod
    is_open: bool
    is_result: bool
    name: str

    @property
    def place(self) -> str:
        return f"lớp {self.grid.school_class}"

    @property
    def columns(self) -> dict[str, Column]:
        return {column.code: column for column in self.grid.scheme}


@dataclass(frozen=True)
class Pair:
    """Rows of both records for one subject and period; ``gained`` are the cells that only the merged record has,
    ``differing`` those in which the two do not say the same."""

    kept: Held
    merged: Held

    @property
    def gained(self) -> dict[str, str]:
        return {code: value for code, value in self.merged.row.cells.items() if code not in self.kept.row.cells}

    @property
    def differing(self) -> list[str]:
        both = self.merged.row.cells.keys() & self.kept.row.cells.keys()
        return sorted(code for code in both if self.kept.row.cells[code] != self.merged.row.cells[code])

    @property
    def says_the_same(self) -> bool:
        """Whether nothing of the merged record's row is lost when only the kept one's counts."""
        return not self.gained and not self.differing

    @property
    def can_be_united(self) -> bool:
        return self.kept.is_open and not self.differing and self.gained.keys() <= self.kept.columns.keys()


@dataclass
class RowsPlan:
    """Every row of both records by what becomes of it. A pair is united where the kept row gains cells; in ``left``
    what is left over of the merged record stays beside a result. These stand against the merge: ``closed``, both have
    a result; ``turned``, the kept record's row is none and cannot take the other's; ``clashing``, the cells do not fit
    together. The rest stays as it is."""

    held: list[Held] = field(default_factory=list)
    moved: list[Held] = field(default_factory=list)
    united: list[Pair] = field(default_factory=list)
    left: list[Pair] = field(default_factory=list)
    closed: list[Pair] = field(default_factory=list)
    turned: list[Pair] = field(default_factory=list)
    clashing: list[Pair] = field(default_factory=list)


def plan_rows(kept: Student, merged: Student) -> RowsPlan:
    """What becomes of the rows of marks and of the homeroom teacher's rows when ``merged`` is joined into ``kept``.
    Reads only. Source: docs/decisions/0017-marks-follow-a-merge.md."""
    plan = RowsPlan()
    lists = {student: _lists(student) for student in (kept, merged)}
    for read in (_mark_rows, _period_records):
        of_kept, of_merged = read(kept, lists[kept]), read(merged, lists[merged])
        plan.held += [*of_kept.values(), *of_merged.values()]
        for key, held in of_merged.items():
            if key in of_kept:
                _pair(plan, Pair(of_kept[key], held))
            else:
                plan.moved.append(held)
    return plan


def _pair(plan: RowsPlan, pair: Pair) -> None:
    if pair.merged.is_result:
        (plan.closed if pair.kept.is_result else plan.turned).append(pair)
    elif pair.says_the_same:
        return
    elif pair.can_be_united:
        plan.united.append(pair)
    elif pair.kept.is_result and not pair.merged.is_open:
        plan.left.append(pair)
    else:
        (plan.clashing if pair.kept.is_open or pair.kept.is_result else plan.turned).append(pair)


@dataclass(frozen=True)
class _Lists:
    """Where the results of a record are: in the classes on whose list it is or whose year it has, and in the periods of
    which it has a page, in whichever class a row of it was closed."""

    classes: frozenset[int]
    periods: frozenset[int]

    def hold(self, school_class: int, period: int) -> bool:
        return school_class in self.classes or period in self.periods


def _lists(student: Student) -> _Lists:
    on_list = Q(ends_on=None) | Q(ending=Enrolment.Ending.FINISHED)
    classes = {*Enrolment.objects.filter(on_list, student=student).values_list("school_class", flat=True)}
    classes |= {*YearRecord.objects.filter(student=student).values_list("school_class", flat=True)}
    pages = PageVersion.objects.alive().filter(page__student=student)
    return _Lists(frozenset(classes), frozenset(pages.values_list("class_period__period", flat=True)))


def _mark_rows(student: Student, lists: _Lists) -> dict[Hashable, Held]:
    related = ("sheet__school_class", "sheet__subject", "sheet__period__school_year", "sheet__school")
    rows = MarkRow.objects.filter(student=student).select_related(*related).order_by("period", "subject__name", "id")
    classes = {row.sheet.school_class_id for row in rows}
    writable = {*ClassPeriod.objects.open().filter(school_class__in=classes).values_list("school_class", "period")}
    held: dict[Hashable, Held] = {}
    for row in rows:
        place = (row.sheet.school_class_id, row.sheet.period_id)
        is_open = row.sheet.state == MarkSheet.State.OPEN and place in writable
        is_result = bool(row.cells) and not is_open and lists.hold(*place)
        held[row.subject_id, row.period_id] = Held(row, row.sheet, is_open, is_result, row.sheet.subject.name)
    return held


def _period_records(student: Student, lists: _Lists) -> dict[Hashable, Held]:
    related = ("class_period__school_class", "class_period__period__school_year", "class_period__school")
    held: dict[Hashable, Held] = {}
    for row in PeriodRecord.objects.filter(student=student).select_related(*related).order_by("period", "id"):
        grid = row.class_period
        is_result = bool(row.cells) and not grid.is_writable and lists.hold(grid.school_class_id, grid.period_id)
        held[row.period_id] = Held(row, grid, grid.is_writable, is_result, HOMEROOM_PART)
    return held


def closed_windows(plan: RowsPlan) -> list[str]:
    """Periods in whose sheets cells would have to be written while no entry window of the school is open, in words."""
    grids = {(pair.kept.grid.school_id, pair.kept.grid.period_id): pair.kept.grid for pair in plan.united}
    return [
        f"{grid.period}, {grid.school}"
        for grid in grids.values()
        if not EntryWindow.objects.open_for(grid.school, grid.period).exists()
    ]


def state_of_rows(plan: RowsPlan) -> Iterator[list[Any]]:
    """All that the plan rests on."""
    for held in plan.held:
        row = held.row
        yield [row._meta.db_table, row.pk, row.student_id, held.grid.pk, held.is_open, held.is_result, row.cells]
