"""Cells over HTTP: the operations a browser sends, the answers it gets, and what others have changed meanwhile."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from records.actions.cells import MOST_OPERATIONS, CellResult, Operation, cells_since
from records.actions.sheets import Saved
from records.documents.words import shown_value
from records.models import Grid, GridRow
from records.rules.cells import shown_cell
from records.rules.columns import Column
from schools.actions.refusals import Refused

Save = Callable[[list[Operation], str], Saved]
METHODS = {"typed", "pasted"}


class BadOperations(ValueError):
    """What was sent is not a list of operations."""


def answer_cells(request: HttpRequest, grid: Grid, save: Save) -> HttpResponse:
    """POST: save operations, and say what others changed since the number the browser knows. GET: only the latter."""
    since = number_in(request.GET.get("tu", ""))
    if request.method == "GET":
        changes = _changes(grid, since, grid.change_no)
        return JsonResponse({"change_no": grid.change_no, "changes": changes, "missing": grid.missing})
    try:
        operations, method, since = _read(request.body)
        saved = save(operations, method)
    except BadOperations:
        return JsonResponse({"error": "bad-operations"}, status=400)
    except Refused as refused:
        return JsonResponse({"error": "refused", "message": str(refused)}, status=422)
    columns = {column.code: column for column in grid.scheme}
    asked = {operation.op_id: operation.column for operation in operations}
    return JsonResponse(
        {
            "results": [_told(result, columns.get(asked[result.op_id])) for result in saved.results],
            "rows": {row: shown_value(value) for row, value in saved.row_results.items()},
            "change_no": saved.change_no,
            "missing": saved.missing,
            "changes": _changes(grid, since, saved.before),
        }
    )


def posted_operations(form: QueryDict, rows: Mapping[UUID, GridRow]) -> list[Operation]:
    """A whole table posted without JavaScript: one operation for every cell that differs from what the page began with.
    The ids follow from the page, so that sending it twice does nothing twice."""
    page = UUID(form.get("trang", ""))
    began = _began(form.get("moc", "{}"))
    operations = []
    fields: dict[str, str] = {name: str(value) for name, value in form.items()}
    for name, typed in fields.items():
        kind, _, rest = name.partition(":")
        row, _, column = rest.partition(":")
        base = began.get(row, {}).get(column, "") if kind == "o" else typed
        if kind == "o" and typed.strip() != base and not _same(typed, base):
            operations.append(Operation(uuid5(page, f"{name}={typed}"), UUID(row), column, typed, base))
    return operations


def in_batches(save: Callable[[Sequence[Operation]], Saved], operations: Sequence[Operation]) -> list[CellResult]:
    """What became of a whole table, saved in as many batches as it needs: none of what was typed is left out."""
    starts = range(0, len(operations), MOST_OPERATIONS)
    return [result for at in starts for result in save(operations[at : at + MOST_OPERATIONS]).results]


def _began(text: str) -> dict[str, dict[str, str]]:
    """The values the page began with. ValueError for anything else."""
    began = json.loads(text)
    if not isinstance(began, dict) or not all(isinstance(cells, dict) for cells in began.values()):
        raise ValueError("no values to begin with")
    return began


def _same(typed: str, base: str) -> bool:
    text = typed.strip()
    one_letter = len(base) == 1 and text.upper() == base
    return text.replace(",", ".") == base or {"Đ": "D", "CĐ": "CD"}.get(text) == base or one_letter


def _read(body: bytes) -> tuple[list[Operation], str, int]:
    try:
        sent = json.loads(body)
        operations = [_operation(one) for one in sent["ops"]]
        method = str(sent.get("method", "typed"))
        since = int(sent.get("since", 0))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise BadOperations from error
    if len(operations) > MOST_OPERATIONS or method not in METHODS:
        raise BadOperations
    return operations, method, since


def _operation(sent: dict[str, Any]) -> Operation:
    texts = (sent["col"], sent["typed"], sent["base"])
    if not all(isinstance(text, str) and "\x00" not in text for text in texts):
        raise BadOperations
    supersedes = frozenset(str(UUID(one)) for one in sent.get("prev", []))
    return Operation(UUID(sent["id"]), UUID(sent["row"]), *texts, supersedes)


def _told(result: CellResult, column: Column | None) -> dict[str, Any]:
    return {
        "id": str(result.op_id),
        "outcome": result.outcome,
        "value": result.value,
        "shown": shown_cell(result.value, column.scale) if column else "",
        "message": result.message,
        "by": result.by,
        "at": result.at.isoformat() if result.at else "",
        "change_no": result.change_no,
    }


def _changes(grid: Grid, since: int, until: int) -> list[dict[str, Any]]:
    """What others wrote after ``since`` and up to ``until``, the number the grid had before one's own save."""
    if since >= until:
        return []
    scales = {column.code: column.scale for column in grid.scheme}
    return [
        {
            "row": str(cell.row),
            "col": cell.column,
            "value": cell.value,
            "shown": shown_cell(cell.value, scales.get(cell.column, "")),
            "change_no": cell.change_no,
        }
        for cell in cells_since(grid, since, until)
    ]


def number_in(text: str) -> int:
    """A count a page was made with; 0 for what is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
