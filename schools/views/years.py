"""School years and their periods, as the Sở sets them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools.actions.refusals import Refused
from schools.actions.years import close_year, open_year, set_period_dates, why_year_stays_open
from schools.forms.province import PeriodDatesForm, YearForm
from schools.models import Authority, Period, SchoolYear
from schools.permissions import administers_province
from schools.views.access import SignedInRequest, allow, get_for, listed


@allow(administers_province)
@require_safe
def year_list(request: SignedInRequest) -> HttpResponse:
    years = listed(request.user, SchoolYear)
    return render(request, "schools/province/years.html", {"years": years, "current": years.current()})


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def year_new(request: SignedInRequest) -> HttpResponse:
    proposed = listed(request.user, SchoolYear).next_first_year()
    form = YearForm(request.POST or None, initial={"first_year": proposed})
    province = listed(request.user, Authority).administered_by(request.user).first()
    if form.is_bound and form.is_valid():
        try:
            year = open_year(by=request.user, authority=province, **form.cleaned_data)
        except Refused as refused:
            form.add_error("first_year", str(refused))
        else:
            messages.success(request, f"Đã mở năm học {year}. Hãy xem lại ngày của từng kì.")
            return redirect("year", year.public_id)
    return render(request, "schools/province/year_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def year(request: SignedInRequest, year_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolYear, year_id)
    periods = list(listed(request.user, Period).for_year(found).order_by("level", "position"))
    form = PeriodDatesForm(request.POST or None, periods=periods)
    if form.is_bound and form.is_valid():
        try:
            set_period_dates(by=request.user, year=found, dates=form.dates())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã lưu ngày các kì của năm học {found}.")
            return redirect("year", found.public_id)
    context = {
        "form": form,
        "year": found,
        "levels": form.periods_by_level(),
        "open_because": why_year_stays_open(found) if found.closed_at is None else [],
    }
    return render(request, "schools/province/year.html", context, status=422 if form.errors else 200)


@allow(administers_province)
@require_POST
def year_close(request: SignedInRequest, year_id: UUID) -> HttpResponse:
    """Close the year for good; what is unfinished keeps it open."""
    found = get_for(request.user, SchoolYear, year_id)
    try:
        close_year(by=request.user, year=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã đóng năm học {found}. Mọi thứ của năm học này nay chỉ đọc.")
    return redirect("year", found.public_id)
