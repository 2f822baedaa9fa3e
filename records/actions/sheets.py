"""Teachers enter marks cell by cell, and confirm their sheets."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from records.actions.cells import MOST_OPERATIONS, Batch, CellResult, Operation
from records.models import CellOperation, ClassPeriod, MarkRow, MarkSheet, SheetConfirmation, Teaching
from records.models.grids import told_apart
from records.permissions import closed_because, entry_right, may_confirm, taught_in
from records.rules.columns import Column, missing
from records.rules.results import row_result
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import TeachingAssignment, User
from schools.models.recording import recorded
from schools.rules.column_codes import left_to_nobody


@dataclass(frozen=True)
class Saved:
    """What a save came to: one result per operation, the grid's number before and after it, the results of the rows
    written, now or when the same was sent before ("7.9", "D", "" while incomplete, by the row's public id), and how
    many required cells are still empty."""

    results: list[CellResult]
    before: int
    change_no: int
    row_results: dict[str, str]
    missing: int


def enter_marks(*, by: User, sheet: MarkSheet, operations: Sequence[Operation], method: str = "typed") -> Saved:
    """Write cells of a sheet, each only if it still holds the value the teacher started from; each is answered on its
    own, and sent again changes nothing. Averages follow (TT 22/2021 Đ9.1). Refused above 500 operations.
    Sources: ux.md §2.6; TT 22/2021 Đ19."""
    if len(operations) > MOST_OPERATIONS:
        raise Refused(f"Mỗi lần gửi nhiều nhất {MOST_OPERATIONS} ô.")
    with recorded(by, "enter_marks", method=method, chains=[("CLASS", sheet.school_class_id)]):
        current = MarkSheet.objects.select_for_update().get(pk=sheet.pk)
        before = current.change_no
        # Who has left the class is written elsewhere; a record that was merged answers with where.
        listed = current.rows.filter(Q(student__in=current.around.on_list) | Q(student__merged_into__isnull=False))
        rows = {row.public_id: row for row in listed.written("average", "level", "sheet")}
        around = current.around
        batch = Batch(current, rows, entry_right(by, current), by, around.exempt, around.brought, around.topics)
        results = batch.run(operations)
        scheme = current.scheme
        for row in batch.changed.values():
            row.average, row.level = row_result(current.kind, scheme, row.cells)
        _store(current, batch, _still_missing(current, rows.values()))
    done = [op.row for op, result in zip(operations, results, strict=True) if result.outcome == "ok" and op.row in rows]
    return Saved(results, before, current.change_no, {str(key): rows[key].result for key in done}, current.missing)


def _store(sheet: MarkSheet, batch: Batch, still_missing: int) -> None:
    if not batch.written:
        return
    MarkRow.objects.save_cells(list(batch.changed.values()), ("average", "level"))
    CellOperation.objects.note(batch.written)
    sheet.change_no += 1
    sheet.missing = still_missing
    sheet.save(update_fields=["change_no", "missing"])


def _still_missing(sheet: MarkSheet, rows: Iterable[MarkRow]) -> int:
    assessed, scheme = sheet.around.assessed, sheet.scheme
    return sum(len(missing(scheme, row.cells)) for row in rows if row.student_id in assessed)


# -- Confirming -------------------------------------------------------------------------------------------------------
def confirm_sheet(*, by: User, sheet: MarkSheet, change_no: int) -> MarkSheet:
    """The teacher confirms the sheet as it was shown (``change_no``); when everybody who teaches the subject in the
    class has, it is closed. NotAllowed; WrongState when it was changed meanwhile, own cells are missing, others that
    nobody may write, or it is closed. Source: TT 22/2021 Đ19 (all teachers of a subject sign)."""
    with recorded(by, "confirm_sheet", chains=[("CLASS", sheet.school_class_id)]):
        current = _locked(sheet)
        mine = _own_assignments(by, current)
        _check_confirmable(current, mine, change_no)
        digest = sheet_digest(current)
        SheetConfirmation.objects.bulk_create(
            SheetConfirmation(sheet=current, assignment_id=one.assignment_id, by=by, digest=digest)
            for one in mine
            if one in current.around.unconfirmed
        )
        del current.around  # read before there was one more
        if not current.around.unconfirmed:
            current.state = MarkSheet.State.CONFIRMED
            current.save(update_fields=["state"])
        return current


def take_back_confirmation(*, by: User, sheet: MarkSheet) -> MarkSheet:
    """The teacher opens the own sheet again, while the class has not been submitted. NotAllowed; WrongState. Source:
    house.md §5, “States”."""
    with recorded(by, "take_back_confirmation", chains=[("CLASS", sheet.school_class_id)]):
        current = _locked(sheet)
        mine = _own_assignments(by, current)
        confirmed = current.confirmations.filter(assignment__in=[one.assignment_id for one in mine], withdrawn_at=None)
        if not confirmed.update(withdrawn_at=timezone.now()):
            raise WrongState("Bạn chưa xác nhận sổ này.")
        _reopen(current)
        return current


def reopen_sheets(sheets: Sequence[MarkSheet]) -> None:
    """Give sheets back to their teachers, inside the caller's transaction: a principal's return."""
    for sheet in sheets:
        sheet.confirmations.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        _reopen(sheet)


def _reopen(sheet: MarkSheet) -> None:
    if sheet.state != MarkSheet.State.OPEN:
        sheet.state = MarkSheet.State.OPEN
        sheet.save(update_fields=["state"])


def sheet_digest(sheet: MarkSheet) -> str:
    """sha256 of the rows that were shown, those of the class's list, in the order of the records under which they were
    written: joining two records leaves what was confirmed as it was."""
    listed = sheet.rows.filter(student__in=sheet.around.on_list)
    ordered = listed.annotate(record=Coalesce("written_for_id", "student_id")).order_by("record")
    rows = ordered.values_list("record", "cells", "average", "level")
    text = json.dumps([[key, cells, str(average), level] for key, cells, average, level in rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def why_untrue(sheet: MarkSheet) -> str:
    """Why a confirmed sheet cannot be believed: a result does not follow from its marks (TT 22/2021 Đ9.1); "" when all
    do. No screen leads there: whoever wrote past the program does."""
    listed = sheet.rows.filter(student__in=sheet.around.on_list)
    for row in listed.written("average", "level", "sheet"):
        if (row.average, row.level) != row_result(sheet.kind, sheet.scheme, row.cells):
            return f"kết quả của {row.student.full_name} không đúng với các điểm đã ghi"
    return ""


def why_columns_stay(assignments: Collection[TeachingAssignment]) -> dict[int, str]:
    """Of the assignments whose columns are to be others (by their ids): the sheet that the teacher has confirmed over
    the columns as they are, while its class is open."""
    in_open_classes = MarkSheet.objects.open_in(ClassPeriod.objects.open()).values("id")
    signed = SheetConfirmation.objects.filter(assignment__in=assignments, withdrawn_at=None, sheet__in=in_open_classes)
    related = ("assignment__teacher", "sheet__subject", "sheet__school_class", "sheet__period")
    return {
        one.assignment_id: f"{one.assignment.teacher.full_name} đã xác nhận sổ {one.sheet} theo các cột cũ: "
        "nhờ rút xác nhận rồi mới đổi cột."
        for one in signed.select_related(*related)
    }


def _locked(sheet: MarkSheet) -> MarkSheet:
    current: MarkSheet = MarkSheet.objects.in_words().select_for_update(of=("self",)).get(pk=sheet.pk)
    return current


def _own_assignments(by: User, sheet: MarkSheet) -> list[Teaching]:
    if not sheet.around.class_is_writable:
        raise WrongState("Lớp đã nộp: sổ đã khóa.")
    if not may_confirm(by, sheet):
        raise NotAllowed("Chỉ giáo viên dạy môn này ở lớp xác nhận được sổ.")
    return taught_in(by, sheet)


def _check_confirmable(sheet: MarkSheet, mine: list[Teaching], change_no: int) -> None:
    if sheet.state != MarkSheet.State.OPEN:
        raise WrongState(closed_because(sheet) or "Sổ đã được xác nhận.")
    if sheet.change_no != change_no:
        raise WrongState("Sổ vừa có thay đổi sau khi bạn mở trang. Hãy xem lại rồi xác nhận.")
    gaps = gaps_of(sheet, _columns_of(mine, sheet))
    if gaps:
        raise WrongState(f"Chưa xác nhận: còn {len(gaps)} ô trống. Ô đầu tiên: {gaps[0]}.")
    left, empty = left_of(sheet, [one.columns for one in sheet.around.teaching])
    if left:
        raise WrongState(
            f"{sheet.subject} lớp {sheet.school_class}: cột {left} chưa giao cho ai mà còn {empty} ô trống. "
            "Nhờ văn thư phân công cột; giáo viên được giao nhập xong mới xác nhận được sổ."
        )


def _columns_of(mine: list[Teaching], sheet: MarkSheet) -> list[Column]:
    wanted = {code for one in mine for code in one.columns}
    everything = any(not one.columns for one in mine)
    return [column for column in sheet.scheme if everything or column.code in wanted]


def left_of(sheet: MarkSheet, written: Collection[Collection[str]]) -> tuple[str, int]:
    """(“TX3, CK”, 102): the required columns that nobody who teaches now writes and in which cells are empty, and how
    many cells; ``written`` are the columns of each who teaches, none means all. ("", 0) when there are none."""
    codes = left_to_nobody([column.code for column in sheet.scheme if column.required], written)
    if not codes:
        return "", 0
    columns = [column for column in sheet.scheme if column.code in codes]
    rows = sheet.rows.filter(student__in=sheet.around.assessed)
    empty = [column.code for row in rows for column in missing(columns, row.cells)]
    return ", ".join(column.label for column in columns if column.code in empty), len(empty)


def gaps_of(sheet: MarkSheet, columns: Sequence[Column]) -> list[str]:
    """“Trần Bảo Oanh, Giữa kì” for every empty required cell of those on the list who are not exempt."""
    rows = list(sheet.rows.filter(student__in=sheet.around.assessed).in_order())
    names = told_apart(rows)
    return [f"{names[row.pk]}, {column.name}" for row in rows for column in missing(columns, row.cells)]
