"""Mark sheets: a teacher's list, one sheet, its cells, confirming it."""

import json
import uuid
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records import permissions
from records.actions import preparing, sheets, waivers
from records.actions.cells import CellResult
from records.forms.waivers import WaiverForm
from records.models import MarkRow, MarkSheet, RegularWaiver, Teaching
from records.models.grids import told_apart
from records.models.newcomers import newcomers_to, rows_with_place
from records.models.own_cells import own_missing
from records.rules.cells import WAIVED
from records.rules.columns import missing
from records.views.cells import answer_cells, in_batches, number_in, posted_operations
from records.views.grid_html import grid_body, shown_elsewhere
from schools.actions.refusals import Refused
from schools.models import SchoolYear
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import add_faults, personal


def found_sheet(request: SignedInRequest, sheet_id: UUID) -> MarkSheet:
    related = ("school_class", "subject", "period", "school", "school_year")
    return get_for(request.user, MarkSheet, sheet_id, *related, sees=permissions.sees_sheet)


@allow(permissions.teaches)
@require_safe
def sheet_list(request: SignedInRequest) -> HttpResponse:
    preparing.prepare_taught(by=request.user)
    year = listed(request.user, SchoolYear).current()
    mine = listed(request.user, MarkSheet).taught_by(request.user).filter(school_year=year).in_words()
    mine = mine.order_by("-period__position", "school_class__grade_level", "school_class__name", "subject__name")
    sheets = list(mine.with_closing().with_return())
    own = own_missing(sheets, request.user)
    context = {"sheets": [(one, own.get(one.pk, one.missing)) for one in sheets], "year": year}
    return render(request, "records/sheets/list.html", context)


@allow(permissions.sees_sheets)
@require_safe
@personal
def sheet(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = found_sheet(request, sheet_id)
    if found.around.class_is_writable and preparing.lacks_rows(found.school_class, found.period):
        preparing.prepare_class(by=request.user, school_class=found.school_class, period=found.period)
        found = found_sheet(request, sheet_id)  # what is missing is counted once the rows have come
    return shown_sheet(request, found, [])


def shown_sheet(
    request: SignedInRequest, found: MarkSheet, refused: list[CellResult], status: int = 200,
    waiving: WaiverForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The sheet with the cells the person may write open, and the sentence that says why others are not."""
    right = permissions.entry_right(request.user, found)
    around = found.around
    shown = list(found.listed_rows())
    rows = [row for row in shown if row.sheet_id == found.pk]
    absent = around.assessed - {row.student_id for row in rows}
    elsewhere = found_elsewhere(found, shown)
    context: dict[str, Any] = {
        "sheet": found,
        "columns": found.scheme,
        "body": grid_body(found.scheme, shown, right.columns, around.exempt, around.brought, elsewhere, around.topics),
        "right": right,
        "students": len(shown),
        "beside": [(row.student, row.beside) for row in rows if row.beside],
        "page_id": uuid.uuid4(),
        "base": json.dumps({str(row.public_id): row.cells for row in rows}),
        "refused": [result for result in refused if result.outcome != "ok"],
        "around": around,
        "newcomers": newcomers_to(found) if absent else [],
        "teaches": permissions.teaches_sheet(request.user, found),
        "may_lack": found.missing and any(column.regular for column in found.scheme),
        "waiving": waiving or waiver_form(request, found),
        "waivers": listed(request.user, RegularWaiver).of(found) if any_waived(rows) else [],
        **shares_of(found, rows, permissions.taught_in(request.user, found)),
    }
    return render(request, "records/sheets/sheet.html", context, status=status)


def any_waived(rows: list[MarkRow]) -> bool:
    """Whether a regular result was let go in one of them, so that it is said who did so: most sheets ask nothing."""
    return any(WAIVED in row.cells.values() for row in rows)


def waiver_form(request: SignedInRequest, found: MarkSheet, data: Any = None) -> WaiverForm | None:
    """For the principal, while somebody on the list lacks regular results that may be let go."""
    if not permissions.may_waive(request.user, found) or permissions.closed_because(found):
        return None
    rows = waivers.waivable_rows(found)
    names = told_apart([row for row, _ in rows])
    choices = [
        (str(row.public_id), f"{names[row.pk]}: {', '.join(column.label for column in columns)}")
        for row, columns in rows
    ]
    return WaiverForm(data, choices=choices) if choices else None


def found_elsewhere(found: MarkSheet, rows: list[MarkRow]) -> dict[int, str]:
    """Of the rows that lie in another class's sheet, by their ids: where, and with which result."""
    away = [row.pk for row in rows if row.sheet_id != found.pk]
    # Whoever sees the sheet knows what its students have in the subject, as with results of a school outside.
    placed = rows_with_place(away) if away else []
    return {row.pk: shown_elsewhere(row, found.school) for row in placed}


def shares_of(found: MarkSheet, rows: list[MarkRow], mine: list[Teaching]) -> dict[str, Any]:
    """Of a sheet whose columns are shared out: whose each is, and how many empty cells are not in the person's own."""
    teaching = found.around.teaching
    if not teaching or not all(one.columns for one in teaching):
        return {}
    shares = [
        (", ".join(column.label for column in found.scheme if column.code in one.columns), one.named)
        for one in teaching
    ]
    written = {code for one in teaching for code in one.columns}
    if left := [column.label for column in found.scheme if column.required and column.code not in written]:
        shares.append((", ".join(left), "chưa giao cho ai"))
    if left := [column.label for column in found.scheme if column.code in permissions.unshared_remark(found)]:
        shares.append((", ".join(left), "ai dạy môn này cũng ghi được"))
    own = {code for one in mine for code in one.columns}
    others = [column for column in found.scheme if column.code not in own]
    empty = sum(len(missing(others, row.cells)) for row in rows if row.student_id in found.around.assessed)
    return {"shares": shares, "empty_of_others": empty if mine else 0}


@allow(permissions.sees_sheets)
@require_http_methods(["GET", "POST"])
@personal
def sheet_cells(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = get_for(request.user, MarkSheet, sheet_id, sees=permissions.sees_sheet)
    if request.method == "POST" and not permissions.teaches_sheet(request.user, found):
        raise PermissionDenied
    return answer_cells(
        request,
        found,
        lambda operations, method: sheets.enter_marks(
            by=request.user, sheet=found, operations=operations, method=method
        ),
    )


@allow(permissions.teaches)
@require_POST
@personal
def sheet_save(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    """The whole table posted by a browser without JavaScript."""
    found = found_sheet(request, sheet_id)
    rows = {row.public_id: row for row in found.rows.select_related("student")}
    try:
        save = partial(sheets.enter_marks, by=request.user, sheet=found)
        results = in_batches(lambda some: save(operations=some), posted_operations(request.POST, rows))
    except (Refused, ValueError) as refused:
        messages.error(request, str(refused) if isinstance(refused, Refused) else "Biểu mẫu gửi lên không đọc được.")
        return redirect("sheet", found.public_id)
    stopped = [result for result in results if result.outcome != "ok"]
    if stopped:
        return shown_sheet(request, found_sheet(request, sheet_id), stopped, status=422)
    messages.success(request, f"Đã lưu {len(results)} ô.")
    return redirect("sheet", found.public_id)


@allow(permissions.teaches)
@require_POST
@personal
def sheet_confirm(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = found_sheet(request, sheet_id)
    number = request.POST.get("change_no", "")
    try:
        sheets.confirm_sheet(by=request.user, sheet=found, change_no=number_in(number) if number else -1)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã xác nhận sổ {found.subject}, lớp {found.school_class}.")
    return redirect("sheet", found.public_id)


@allow(permissions.signs_off)
@require_POST
@personal
def sheet_waive(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = get_for(request.user, MarkSheet, sheet_id, sees=permissions.sees_sheet, may=permissions.may_waive)
    form = waiver_form(request, found, request.POST)
    if form is None:
        messages.error(request, "Sổ đã khóa, hoặc không còn em nào thiếu điểm thường xuyên.")
        return redirect("sheet", found.public_id)
    if form.is_valid():
        chosen = [UUID(key) for key in form.cleaned_data["rows"]]
        try:
            done = waivers.waive_regular(by=request.user, sheet=found, rows=chosen, reason=form.cleaned_data["reason"])
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã cho phép {len(done)} học sinh thiếu điểm thường xuyên.")
            return redirect("sheet", found.public_id)
    return shown_sheet(request, found_sheet(request, sheet_id), [], status=422, waiving=form)


@allow(permissions.teaches)
@require_POST
@personal
def sheet_take_back(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = found_sheet(request, sheet_id)
    try:
        sheets.take_back_confirmation(by=request.user, sheet=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Đã rút xác nhận. Sổ mở lại để sửa.")
    return redirect("sheet", found.public_id)
