"""One change of one cell, compare-and-set: what both grids do with what was typed (ux.md §2.6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from records.models import CellOperation, Grid, GridRow
from records.models.grids import told_apart
from records.permissions import EntryRight
from records.rules.cells import InvalidCell, read_cell, shown_cell
from records.rules.columns import TOPIC, Column
from schools.models import User

MOST_OPERATIONS = 500


@dataclass(frozen=True)
class Operation:
    """What a person did to a cell: what was typed, the value the cell had when the person began, and the ids of own
    operations, not yet answered, that this one replaces."""

    op_id: UUID
    row: UUID
    column: str
    typed: str
    base: str
    supersedes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CellResult:
    """What became of an operation: ok, invalid, conflict, locked or forbidden. ``value`` is what the cell holds now,
    or held when the operation was done the first time; ``change_no`` is the grid's number for which that is true.
    ``by`` and ``at`` say who wrote it where that is a conflict."""

    op_id: UUID
    outcome: str
    value: str = ""
    message: str = ""
    by: str = ""
    at: datetime | None = None
    change_no: int = 0


@dataclass
class Batch:
    """The operations of one save against one grid, whose lock the caller holds."""

    grid: Grid
    rows: Mapping[UUID, Any]
    right: EntryRight
    by: User
    exempt: frozenset[int] = frozenset()
    brought: Collection[int] = frozenset()
    topics: Collection[int] = frozenset()
    changed: dict[int, Any] = field(default_factory=dict)
    written: list[CellOperation] = field(default_factory=list)
    known: dict[UUID, CellOperation] = field(default_factory=dict)

    def run(self, operations: Sequence[Operation]) -> list[CellResult]:
        columns = {column.code: column for column in self.grid.scheme}
        self.known = CellOperation.objects.in_bulk([operation.op_id for operation in operations])
        results = [self._one(operation, columns.get(operation.column)) for operation in operations]
        results = [replace(result, change_no=self._true_at(result)) for result in results]
        return _with_writers(results, self.by)

    def _true_at(self, result: CellResult) -> int:
        """An accepted value is as old as the change that wrote it; any other answer tells what the cell holds now."""
        return self.known[result.op_id].change_no if result.outcome == "ok" else self.grid.change_no

    def _one(self, operation: Operation, column: Column | None) -> CellResult:
        before = self.known.get(operation.op_id)
        if before is not None:
            return self._replayed(operation, before)
        row = self.rows.get(operation.row)
        if row is None or column is None:
            return CellResult(operation.op_id, "forbidden", message="Ô này không có trong sổ.")
        current = row.cells.get(column.code, "")
        if locked := self._locked(row, column) or self._without_topic(row, column, operation.typed):
            return CellResult(operation.op_id, "locked", current, locked)
        try:
            value = read_cell(operation.typed, column)
        except InvalidCell as rule:
            told = f"{self._named(row)}, cột {column.name}: {rule}."
            return CellResult(operation.op_id, "invalid", current, told)
        last = row.last_ops.get(column.code, "")
        if current not in {operation.base, value} and last not in operation.supersedes:
            return CellResult(operation.op_id, "conflict", current, last)
        self._write(operation, row, column, value)
        return CellResult(operation.op_id, "ok", value)

    def _replayed(self, operation: Operation, before: CellOperation) -> CellResult:
        """An id seen before answers as it did then, to the one who sent it; somebody else's id is no cell of theirs."""
        if (before.by_id, before.row, before.column) != (self.by.pk, operation.row, operation.column):
            return CellResult(operation.op_id, "forbidden", message="Mã thao tác này đã dùng cho ô khác.")
        return CellResult(operation.op_id, "ok", before.value)

    def _locked(self, row: GridRow, column: Column) -> str:
        if row.student.merged_into_id:
            return f"Hai hồ sơ của {row.student.full_name} đã gộp làm một: hãy tải lại trang, ghi ở dòng còn lại."
        if column.code not in self.right.columns:
            return self.right.reason
        if row.student_id in self.exempt:
            return f"{self._named(row)} được miễn học môn này theo quyết định."
        if row.student_id in self.brought:
            return f"{self._named(row)}: kết quả kì này do trường cũ đánh giá, không nhập ở đây."
        return ""

    def _without_topic(self, row: GridRow, column: Column, typed: str) -> str:
        """What stands there by mistake can still be taken away (TT 22/2021 Đ6.3)."""
        if column.code != TOPIC or row.student_id in self.topics or not typed.strip():
            return ""
        return f"{self._named(row)}: không học cụm chuyên đề của môn này, hoặc điểm chuyên đề đã tính ở học kì khác."

    def _named(self, row: GridRow) -> str:
        return told_apart(self.rows.values())[row.pk]

    def _write(self, operation: Operation, row: GridRow, column: Column, value: str) -> None:
        row.cells = {code: cell for code, cell in {**row.cells, column.code: value}.items() if cell}
        row.last_ops = {**row.last_ops, column.code: str(operation.op_id)}
        self.changed[row.pk] = row
        done = CellOperation(
            op_id=operation.op_id,
            grid=self.grid.public_id,
            row=row.public_id,
            column=column.code,
            change_no=self.grid.change_no + 1,
            by=self.by,
            value=value,
        )
        self.known[operation.op_id] = done
        self.written.append(done)


def _with_writers(results: list[CellResult], by: User) -> list[CellResult]:
    """Conflicts with the name of who wrote last, and when; said otherwise to those who did so themselves."""
    ops = [result.message for result in results if result.outcome == "conflict" and result.message]
    writers = CellOperation.objects.select_related("by").in_bulk(ops) if ops else {}
    return [_told_conflict(result, writers, by) if result.outcome == "conflict" else result for result in results]


def _told_conflict(result: CellResult, writers: Mapping[UUID, CellOperation], by: User) -> CellResult:
    writer = writers.get(UUID(result.message)) if result.message else None
    message = "Ô này đã được người khác sửa sau khi bạn mở."
    if writer is None:
        return replace(result, message=message)
    if writer.by_id == by.pk:
        message = "Bạn đã sửa ô này ở một cửa sổ khác."
    return replace(result, message=message, by=writer.by.full_name, at=writer.at)


def cells_since(grid: Grid, since: int, until: int) -> Iterable[CellOperation]:
    """The cells changed after the number ``since`` and up to ``until``, the last change of each: what another tab or
    teacher has written."""
    latest: dict[tuple[UUID, str], CellOperation] = {}
    between = {"change_no__gt": since, "change_no__lte": until}
    written = CellOperation.objects.filter(grid=grid.public_id, **between).order_by("change_no")
    for operation in written.only("row", "column", "value", "change_no"):
        latest[operation.row, operation.column] = operation
    return latest.values()


def shown(value: str, column: Column) -> str:
    """A cell's value as people read it."""
    return shown_cell(value, column.scale)
