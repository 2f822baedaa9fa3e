"""The principal lets regular results go that cannot be had any more, so that a sheet can be confirmed without them."""

import uuid
from collections.abc import Collection
from uuid import UUID

from hocbaso.lib.vietnamese import normal
from records.actions.arriving import count_missing
from records.models import CellOperation, MarkRow, MarkSheet, RegularWaiver
from records.permissions import acts_by, closed_because, may_waive
from records.rules.cells import WAIVED
from records.rules.columns import Column
from records.rules.results import row_result
from records.rules.waivers import waivable
from schools.actions.refusals import FaultyFields, NotAllowed, WrongState
from schools.models import User
from schools.models.recording import recorded

LEAST_REASON = 10
MOST_REASON = 255


def waive_regular(*, by: User, sheet: MarkSheet, rows: Collection[UUID], reason: str) -> list[RegularWaiver]:
    """Every regular cell that is empty in these rows holds “K” from now on and counts in nothing; who has let it go and
    why stays with the sheet. NotAllowed; FaultyFields without a reason or a student; WrongState when the sheet or the
    entry window is closed, or a student has nothing to be let go any more. Source: TT 22/2021 Đ6.2; law.md §8, no. 10.
    """
    if not may_waive(by, sheet):
        raise NotAllowed
    words = normal(reason)
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise FaultyFields({"reason": f"Hãy ghi lí do ({LEAST_REASON} đến {MOST_REASON} kí tự)."})
    with recorded(by, "waive_regular", reason=words, chains=[("CLASS", sheet.school_class_id)]):
        current = MarkSheet.objects.in_words().select_for_update(of=("self",)).get(pk=sheet.pk)
        if why := closed_because(current):
            raise WrongState(why)
        found = waivable_rows(current)
        chosen = [(row, columns) for row, columns in found if row.public_id in rows]
        if not rows:
            raise FaultyFields({"rows": "Hãy chọn học sinh."})
        if len(chosen) != len(rows):
            raise WrongState("Sổ vừa có thay đổi: có em không còn thiếu điểm thường xuyên. Hãy xem lại rồi chọn.")
        return _written(by, current, chosen, words)


def waivable_rows(sheet: MarkSheet) -> list[tuple[MarkRow, list[Column]]]:
    """Of whom on the list regular results may be let go, and which, in the order of the list."""
    rows = sheet.rows.filter(student__in=sheet.around.assessed).in_order()
    found = [(row, waivable(sheet.scheme, row.cells)) for row in rows]
    return [(row, columns) for row, columns in found if columns]


def _written(
    by: User, sheet: MarkSheet, chosen: list[tuple[MarkRow, list[Column]]], reason: str
) -> list[RegularWaiver]:
    delegation = acts_by(by, sheet)
    waivers = RegularWaiver.objects.bulk_create(
        RegularWaiver(
            sheet=sheet, school_class=sheet.school_class, school_year=sheet.school_year, student=row.student,
            subject=sheet.subject, period=sheet.period, columns=[column.code for column in columns], reason=reason,
            by=by, delegation=delegation,
        )
        for row, columns in chosen
    )  # fmt: skip
    operations = [_let_go(by, sheet, row, column) for row, columns in chosen for column in columns]
    for row, _ in chosen:
        row.average, row.level = row_result(sheet.kind, sheet.scheme, row.cells)
    MarkRow.objects.save_cells([row for row, _ in chosen], ("average", "level"))
    CellOperation.objects.note(operations)
    sheet.change_no += 1
    sheet.save(update_fields=["change_no"])
    count_missing(sheet)
    return waivers


def _let_go(by: User, sheet: MarkSheet, row: MarkRow, column: Column) -> CellOperation:
    """The cell as the browsers that show it will hear of it."""
    operation = CellOperation(
        op_id=uuid.uuid4(), grid=sheet.public_id, row=row.public_id, column=column.code, value=WAIVED, by=by,
        change_no=sheet.change_no + 1,
    )  # fmt: skip
    row.cells = {**row.cells, column.code: WAIVED}
    row.last_ops = {**row.last_ops, column.code: str(operation.op_id)}
    return operation
