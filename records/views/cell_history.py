"""One student's row of marks with everything that ever stood in it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records import permissions
from records.models import MarkRow, MarkSheet
from records.models.cell_history import steps_of
from records.rules.explained import explained_term, term_marks
from records.views.grid_html import shown_result
from schools.actions.reads import note_look
from schools.models import Period, SchoolClass
from schools.views.access import SignedInRequest, allow, get_for, listed, named_in
from schools.views.students import personal

UNCONFIRMED, EMPTY = "chua-xac-nhan", "o-trong"  # which sheets of a class, as the address says it


@allow(permissions.sees_sheets)
@require_safe
@personal
def row_history(request: SignedInRequest, row_id: UUID) -> HttpResponse:
    """The steps of a whole row, or of one column (``?cot=GK``)."""
    related = ("student__school", "sheet__subject", "sheet__school_class", "sheet__period__school_year")
    row = get_for(request.user, MarkRow, row_id, *related)
    note_look(by=request.user, student=row.student)
    names = {column.code: (column.name, column.scale) for column in row.sheet.scheme}
    only = request.GET.get("cot", "")
    only = only if only in names else ""
    context = {
        "row": row,
        "sheet": row.sheet,
        "columns": row.sheet.scheme,
        "only": only,
        "only_name": names[only][0] if only else "",
        "steps": steps_of(row, names, only),
        "result": shown_result(row),
        "why": explained_term(row.sheet.kind, term_marks(row.sheet.scheme, row.cells), row.result),
    }
    return render(request, "records/sheets/history.html", context)


@allow(permissions.sees_sheets)
@require_safe
def sheets_of_class(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    """All sheets of a class, for those who oversee it: the way from the class to any mark. Of one period
    (``?ki=``), and only what the boards count (``?loc=``), where the address says so."""
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year")
    period, wanted = named_in(request, "ki", Period), request.GET.get("loc", "")
    sheets = listed(request.user, MarkSheet).filter(school_class=found).in_printed_order(found).in_words()
    if period is not None:
        sheets = sheets.filter(period=period)
    sheets = sheets.unconfirmed() if wanted == UNCONFIRMED else sheets.with_empty_cells() if wanted == EMPTY else sheets
    context = {
        "school_class": found,
        "sheets": sorted(sheets, key=lambda one: (one.period.position, one.place or 0)),
        "period": period,
        "wanted": wanted,
        "choices": [("", "Tất cả"), (UNCONFIRMED, "Chưa xác nhận"), (EMPTY, "Còn ô trống")],
    }
    return render(request, "records/sheets/of_class.html", context)
