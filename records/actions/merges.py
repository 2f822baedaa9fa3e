"""Marks, results and pages follow a student whose two records are joined: the part of a merge that is the record's."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from records.actions.merge_pages import PagesPlan, plan_pages, state_of_pages
from records.actions.merge_rows import Held, Pair, RowsPlan, plan_rows, state_of_rows
from records.actions.merge_words import page_obstacles, pages_in_words, row_obstacles, rows_in_words
from records.actions.preparing import count_missing, count_missing_records
from records.models import BookPage, CellOperation, ClassPeriod, MarkRow, MarkSheet, PeriodRecord, YearRecord
from records.rules.results import row_result
from schools.actions.merge_plan import AddedPart
from schools.models import Enrolment, Student, User


def part_of_record(kept: Student, merged: Student) -> AddedPart:
    """What a merge does with marks, results and pages. Rows and pages of which the kept record has none become its own,
    closed ones as they were signed; cells of two open rows are united. Sources: TT 22/2021 Đ19, Đ20; house.md §5
    (“Moving”); docs/decisions/0017-marks-follow-a-merge.md."""
    rows, pages = plan_rows(kept, merged), plan_pages(kept, merged)
    return AddedPart(
        words=[*rows_in_words(rows), *pages_in_words(pages)],
        obstacles=[*row_obstacles(rows, kept, merged), *page_obstacles(pages, kept)],
        chains=_chains(rows, pages, (kept, merged)),
        state=[*state_of_rows(rows), *state_of_pages(pages)],
        moved=_moved(rows, pages),
        carry_out=lambda by: _carry_out(by, rows, pages, kept),
    )


def _chains(rows: RowsPlan, pages: PagesPlan, students: Sequence[Student]) -> set[tuple[str, int]]:
    """Of every class and school in which something is written, and of the classes the two are in: whoever writes of
    them there waits."""
    there = Enrolment.objects.open().filter(student__in=students).values_list("school_class", flat=True)
    classes = {held.grid.school_class_id for held in rows.held} | set(there)
    classes |= {year.school_class_id for year in pages.years}
    return {("CLASS", key) for key in classes} | {("SCHOOL", page.school_id) for page in pages.pages}


def _moved(rows: RowsPlan, pages: PagesPlan) -> dict[str, Any]:
    """For StudentMerge.moved: ids by kind, only of what there is."""
    moved = {
        "mark_rows": _keys(rows.moved, MarkRow),
        "period_records": _keys(rows.moved, PeriodRecord),
        "united_mark_rows": _pairs(rows.united, MarkRow),
        "united_period_records": _pairs(rows.united, PeriodRecord),
        "year_records": [year.pk for year in pages.moved_years],
        "book_pages": [page.pk for page in pages.moved],
    }
    return {kind: ids for kind, ids in moved.items() if ids}


def _keys(held: Iterable[Held], model: type[MarkRow | PeriodRecord]) -> list[int]:
    return sorted(one.row.pk for one in held if isinstance(one.row, model))


def _pairs(pairs: Iterable[Pair], model: type[MarkRow | PeriodRecord]) -> list[list[int]]:
    return [[pair.kept.row.pk, pair.merged.row.pk] for pair in pairs if isinstance(pair.kept.row, model)]


# -- Doing it, inside the merge's transaction -------------------------------------------------------------------------
def _carry_out(by: User, rows: RowsPlan, pages: PagesPlan, kept: Student) -> None:
    sheets, class_periods = _raised(rows)
    written = Coalesce(F("written_for"), F("student"))
    MarkRow.objects.filter(pk__in=_keys(rows.moved, MarkRow)).update(student=kept, written_for=written)
    PeriodRecord.objects.filter(pk__in=_keys(rows.moved, PeriodRecord)).update(student=kept)
    _unite(by, rows.united)
    for sheet in sheets:
        count_missing(sheet)
    for class_period in class_periods:
        count_missing_records(class_period)
    YearRecord.objects.filter(pk__in=[year.pk for year in pages.moved_years]).update(student=kept)
    BookPage.objects.filter(pk__in=[page.pk for page in pages.moved]).update(student=kept)


def _raised(rows: RowsPlan) -> tuple[list[MarkSheet], list[ClassPeriod]]:
    """The open grids of both records, each a change further: who has one open hears of it, and nobody confirms a list
    that is another by now."""
    grids = {model: {held.grid.pk for held in rows.held if held.is_open and isinstance(held.grid, model)}
             for model in (MarkSheet, ClassPeriod)}  # fmt: skip
    sheets = MarkSheet.objects.filter(pk__in=grids[MarkSheet])
    class_periods = ClassPeriod.objects.filter(pk__in=grids[ClassPeriod])
    for found in (sheets, class_periods):
        found.update(change_no=F("change_no") + 1)
    return list(sheets.order_by("pk")), list(class_periods.in_words().order_by("pk"))


def _unite(by: User, pairs: Sequence[Pair]) -> None:
    """Write what the merged record's rows have and the kept one's lack, as operations that open browsers ask for."""
    operations = [operation for pair in pairs for operation in _gained(by, pair)]
    rows = [pair.kept.row for pair in pairs]
    marks = [row for row in rows if isinstance(row, MarkRow)]
    for row in marks:
        row.average, row.level = row_result(row.sheet.kind, row.sheet.scheme, row.cells)
    MarkRow.objects.save_cells(marks, ("average", "level"))
    PeriodRecord.objects.save_cells([row for row in rows if isinstance(row, PeriodRecord)], ())
    CellOperation.objects.bulk_create(operations)


def _gained(by: User, pair: Pair) -> list[CellOperation]:
    row, grid, gained = pair.kept.row, pair.kept.grid, pair.gained
    common: dict[str, Any] = {"grid": grid.public_id, "row": row.public_id, "change_no": grid.change_no + 1, "by": by}
    operations = [
        CellOperation(op_id=uuid.uuid4(), column=code, value=value, **common) for code, value in gained.items()
    ]
    row.cells = {**row.cells, **gained}
    row.last_ops = {**row.last_ops, **{one.column: str(one.op_id) for one in operations}}
    return operations
