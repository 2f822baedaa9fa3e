"""When marks may be entered."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.refusals import Refused
from schools.actions.windows import close_window, open_windows
from schools.forms.accounts import ReasonForm
from schools.forms.province import WindowForm
from schools.models import EntryWindow, Period, School, SchoolYear, User
from schools.permissions import may_open_window, opens_windows
from schools.views.access import SignedInRequest, allow, get_for, listed

WINDOWS_A_PAGE = 50


def may_close(user: User, window: EntryWindow) -> bool:
    return window.is_open and may_open_window(user, window.school)


@allow(opens_windows)
@require_safe
def window_list(request: SignedInRequest) -> HttpResponse:
    windows = listed(request.user, EntryWindow).select_related("school", "period__school_year", "opened_by")
    page = Paginator(windows.order_by("-closes_at", "-id"), WINDOWS_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "schools/office/windows.html", {"page": page})


@allow(opens_windows)
@require_http_methods(["GET", "POST"])
def window_new(request: SignedInRequest) -> HttpResponse:
    schools = listed(request.user, School).opened_by(request.user)
    levels = sorted({level for school in schools for level in school.levels})
    year = listed(request.user, SchoolYear).current()
    periods = listed(request.user, Period).for_year(year).of_levels(levels).select_related("school_year")
    form = WindowForm(request.POST or None, schools=schools, periods=periods)
    if form.is_bound and form.is_valid():
        try:
            opened = open_windows(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã mở hạn nhập cho {len(opened)} trường.")
            return redirect("window_list")
    return render(request, "schools/office/window_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(opens_windows)
@require_http_methods(["GET", "POST"])
def window_close(request: SignedInRequest, window_id: UUID) -> HttpResponse:
    window = get_for(request.user, EntryWindow, window_id, "school", "period__school_year", may=may_close)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            close_window(by=request.user, window=window, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã đóng hạn nhập {window.period.name} của {window.school}.")
            return redirect("window_list")
    context = {"form": form, "window": window}
    return render(request, "schools/office/window_close.html", context, status=422 if form.errors else 200)
