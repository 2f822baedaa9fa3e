"""The homeroom teacher's room: conduct, absences, remarks, who is late, submitting, signing."""

import json
import uuid
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records import permissions
from records.actions import homeroom, preparing
from records.actions.signing import sign_as_homeroom
from records.forms.signing import PinForm
from records.models import ClassPeriod, PageVersion, TransferredTerm
from records.models.student_years import makes_page
from records.models.summaries import class_summary
from records.models.transferred import late_without_results
from records.rules.columns import EXCUSED
from records.views.cells import answer_cells, in_batches, posted_operations
from records.views.class_periods import class_context, found_class_period, moved_on, progress_of, shown_in
from records.views.grid_html import grid_body
from records.views.live import live_class
from schools.actions.refusals import Refused
from schools.models import SchoolYear
from schools.rules.levels import PRIMARY
from schools.views.access import SignedInRequest, allow, listed
from schools.views.students import personal

HEADINGS = {False: "Rèn luyện, nghỉ học, nhận xét", True: "Phẩm chất, năng lực, nghỉ học, nhận xét"}


@allow(permissions.leads_class)
@require_safe
def homeroom_list(request: SignedInRequest) -> HttpResponse:
    preparing.prepare_taught(by=request.user)
    year = listed(request.user, SchoolYear).current()
    mine = list(listed(request.user, ClassPeriod).led_by(request.user).filter(school_year=year).in_words().in_order())
    if len(mine) == 1:
        return redirect("homeroom", mine[0].public_id)
    return render(request, "records/homeroom/list.html", {"class_periods": mine, "year": year})


@allow(permissions.leads_class)
@require_safe
@personal
def homeroom_class(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    found = found_class_period(request, class_period_id, may=permissions.leads)
    preparing.prepare_class(by=request.user, school_class=found.school_class, period=found.period)
    return shown_class(request, found_class_period(request, class_period_id, may=permissions.leads), PinForm())


def shown_class(request: SignedInRequest, found: ClassPeriod, form: PinForm, status: int = 200) -> HttpResponse:
    right = permissions.homeroom_right(request.user, found)
    rows = list(found.rows.filter(student__in=preparing.on_list(found.school_class)).in_order())
    brought = list(listed(request.user, TransferredTerm).on_list_of(found.school_class))
    brought_here = {term.student_id: "" for term in brought if term.period_id == found.period_id}
    context: dict[str, Any] = class_context(request, found) | {
        "columns": found.scheme,
        "body": grid_body(found.scheme, rows, right.columns, frozenset(), brought_here),
        "brought": brought,
        "late": late_without_results(found),
        "right": right,
        "page_id": uuid.uuid4(),
        "base": json.dumps({str(row.public_id): row.cells for row in rows}),
        "blockers": homeroom.blockers_of(found) if found.is_writable else [],
        "live": live_class(found),
        "summary": class_summary(found),
        "makes_page": makes_page(found),
        "records_heading": HEADINGS[found.school_class.level == PRIMARY],
        "counts_absences": any(column.code == EXCUSED for column in found.scheme),
        "form": form,
    }
    waiting = [version for version in context["versions"] if version.state == PageVersion.State.PREPARED]
    context["may_sign"] = bool(waiting) and permissions.may_sign_as_homeroom(request.user, found)
    context["waiting"] = waiting
    return render(request, "records/homeroom/class.html", context, status=status)


@allow(permissions.leads_class)
@require_http_methods(["GET", "POST"])
@personal
def homeroom_cells(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    found = found_class_period(request, class_period_id, may=permissions.leads)
    return answer_cells(
        request,
        found,
        lambda operations, method: homeroom.enter_records(
            by=request.user, class_period=found, operations=operations, method=method
        ),
    )


@allow(permissions.leads_class)
@require_POST
@personal
def homeroom_save(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    """The whole table posted by a browser without JavaScript, or “no absences” for the empty cells."""
    found = found_class_period(request, class_period_id, may=permissions.leads)
    try:
        if "no_absences" in request.POST:
            count = homeroom.no_absences(by=request.user, class_period=found)
            messages.success(request, f"Đã ghi 0 vào {count} ô nghỉ học.")
        else:
            rows = {row.public_id: row for row in found.rows.select_related("student")}
            save = partial(homeroom.enter_records, by=request.user, class_period=found)
            results = in_batches(lambda some: save(operations=some), posted_operations(request.POST, rows))
            for result in results:
                if result.outcome != "ok":
                    messages.error(request, result.message)
            messages.success(request, f"Đã lưu {sum(one.outcome == 'ok' for one in results)} ô.")
    except (Refused, ValueError) as refused:
        messages.error(request, str(refused) if isinstance(refused, Refused) else "Biểu mẫu gửi lên không đọc được.")
    return redirect("homeroom", found.public_id)


@allow(permissions.leads_class)
@require_POST
@personal
def homeroom_submit(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    found = found_class_period(request, class_period_id, may=permissions.leads)
    try:
        homeroom.submit_class(by=request.user, class_period=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã nộp lớp {found.school_class}. Hãy xem từng trang rồi kí.")
    return redirect("homeroom", found.public_id)


@allow(permissions.leads_class)
@require_POST
@personal
def homeroom_sign(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    found = found_class_period(request, class_period_id, may=permissions.leads)
    if not permissions.may_sign_as_homeroom(request.user, found):
        return moved_on(request, found, "homeroom", "chưa kí gì")
    form = PinForm(request.POST)
    if form.is_valid():
        try:
            sign_as_homeroom(
                by=request.user, class_period=found, pin=form.cleaned_data["pin"], shown=shown_in(request.POST)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("homeroom", found.public_id)
    return shown_class(request, found, form, status=422)


@allow(permissions.sees_sheets)
@require_safe
@personal
def class_progress(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    """A piece of the page, asked for every two seconds while workers render or sign; once they are done the page is
    loaded anew."""
    found = found_class_period(request, class_period_id)
    progress = progress_of(found, request.user)
    answer = render(
        request, "records/components/progress.html", {"class_period": found, "progress": progress, "polled": True}
    )
    if not progress.is_busy:
        answer["HX-Refresh"] = "true"
    return answer
