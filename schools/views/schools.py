"""Schools as the Sở, the phường/xã and inspectors see them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hocbaso.lib.vietnamese import plain
from schools.actions.refusals import Refused
from schools.actions.schools import Person, edit_school, open_school
from schools.forms.province import NewSchoolForm, SchoolForm
from schools.models import Authority, Delegation, EntryWindow, Level, Period, Role, RoleAssignment, School, SchoolYear
from schools.permissions import administers_province, may_administer_school, oversees_schools, reads_history
from schools.views.access import SignedInRequest, allow, get_for, listed

SCHOOLS_A_PAGE = 50
# Who a school may lack, as the filter's address says it.
LACKING = {"hieu-truong": Role.PRINCIPAL, "van-thu": Role.CLERK}
PERSON = ("name", "phone", "personal_id")


@allow(oversees_schools)
@require_safe
def school_list(request: SignedInRequest) -> HttpResponse:
    schools = listed(request.user, School).named_like(plain(request.GET.get("ten", "")))
    level = request.GET.get("cap", "")
    if level in Level.values:
        schools = schools.filter(levels__contains=[level])
    lacking = request.GET.get("chua-co", "")
    if lacking in LACKING:
        schools = schools.filter(closed_on=None).without(LACKING[lacking])
    page = Paginator(schools.with_counts().select_related("authority"), SCHOOLS_A_PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "page": page,
        "levels": Level.choices,
        "level": level,
        "lacks": [(slug, role.label.lower()) for slug, role in LACKING.items()],
        "lacking": lacking,
        "may_open": administers_province(request.user),
    }
    return render(request, "schools/province/schools.html", context)


@allow(oversees_schools)
@require_safe
def school(request: SignedInRequest, school_id: UUID) -> HttpResponse:
    found = get_for(request.user, School, school_id, "authority")
    context = {
        "school": found,
        "counts": listed(request.user, School).with_counts().get(pk=found.pk),
        "people": listed(request.user, RoleAssignment).in_office_of(found),
        "windows": listed(request.user, EntryWindow).of_current_year(found),
        "delegations": listed(request.user, Delegation).valid().filter(school=found).select_related("grantee"),
        "may_edit": may_administer_school(request.user, found),
        "may_read_history": reads_history(request.user),
    }
    return render(request, "schools/province/school.html", context)


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def school_new(request: SignedInRequest) -> HttpResponse:
    form = NewSchoolForm(request.POST or None, communes=listed(request.user, Authority).communes_of(request.user))
    year = listed(request.user, SchoolYear).current()
    if form.is_bound and form.is_valid():
        try:
            made = open_school(by=request.user, **as_wanted(request, form.cleaned_data, year))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã mở {made}. Hãy in phiếu kích hoạt cho hiệu trưởng và văn thư.")
            return redirect("school", made.public_id)
    context = {"form": form, "year": year}
    return render(request, "schools/province/school_new.html", context, status=422 if form.errors else 200)


def as_wanted(request: SignedInRequest, cleaned: dict[str, Any], year: SchoolYear | None) -> dict[str, Any]:
    """The action's arguments from the guided page."""
    names = ("code", "name", "authority", "levels", "is_public", "address")
    windows: list[Any] = []
    if cleaned["opens_at"] and year is not None:
        running = listed(request.user, Period).for_year(year).running_or_next(cleaned["levels"])
        windows = [(period, cleaned["opens_at"], cleaned["closes_at"]) for period in running]
    return {
        **{name: cleaned[name] for name in names},
        **{who: Person(*(cleaned[f"{who}_{part}"] for part in PERSON)) for who in ("principal", "clerk")},
        "windows": windows,
    }


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def school_edit(request: SignedInRequest, school_id: UUID) -> HttpResponse:
    found = get_for(request.user, School, school_id, "authority", may=may_administer_school)
    names = ("code", "name", "authority", "levels", "is_public", "address")
    form = SchoolForm(
        request.POST or None,
        communes=listed(request.user, Authority).communes_of(request.user),
        initial={name: getattr(found, name) for name in names},
    )
    if form.is_bound and form.is_valid():
        try:
            edit_school(by=request.user, school=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã lưu {found}.")
            return redirect("school", found.public_id)
    context = {"form": form, "school": found}
    return render(request, "schools/province/school_edit.html", context, status=422 if form.errors else 200)
