"""People of a school's office and of the Sở: who is what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.refusals import Refused
from schools.actions.roles import dismiss, ending_with
from schools.actions.staff import bring_in
from schools.forms.province import DismissForm, NewOfficialForm, NewStaffForm
from schools.models import Authority, Role, RoleAssignment
from schools.permissions import administers_province, appoints_people, keeps_records, may_dismiss, works_in_office
from schools.views.access import SignedInRequest, allow, appointing_schools, get_for, listed

OF_CLERK = [Role.TEACHER, Role.VICE_PRINCIPAL]
OF_PROVINCE = [Role.PRINCIPAL, Role.CLERK]
OFFICIALS = [Role.INSPECTOR, Role.PROVINCE_ADMIN, Role.OPERATOR, Role.COMMUNE_OFFICER]


@allow(works_in_office)
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    held = listed(request.user, RoleAssignment).today().filter(school__in=request.user.standing.office_school_ids)
    rows = [(one, may_dismiss(request.user, one)) for one in held.by_name()]
    return render(request, "schools/office/staff.html", {"rows": rows, "may_add": keeps_records(request.user)})


@allow(appoints_people)
@require_http_methods(["GET", "POST"])
def staff_new(request: SignedInRequest) -> HttpResponse:
    """Teachers and vice-principals by the clerk; principals and clerks by the Sở."""
    roles = OF_PROVINCE if administers_province(request.user) else OF_CLERK
    form = NewStaffForm(request.POST or None, schools=appointing_schools(request.user), roles=roles)
    if form.is_bound and form.is_valid() and brought_in(request, form, "school"):
        return redirect("staff_list" if works_in_office(request.user) else "school_list")
    return render(request, "schools/office/staff_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(administers_province)
@require_safe
def province_staff(request: SignedInRequest) -> HttpResponse:
    held = listed(request.user, RoleAssignment).today().filter(school=None)
    rows = [(one, may_dismiss(request.user, one)) for one in held.by_name()]
    return render(request, "schools/province/staff.html", {"rows": rows})


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def province_staff_new(request: SignedInRequest) -> HttpResponse:
    authorities = listed(request.user, Authority).administered_by(request.user, with_communes=True)
    form = NewOfficialForm(request.POST or None, authorities=authorities, roles=OFFICIALS)
    if form.is_bound and form.is_valid() and brought_in(request, form, "authority"):
        return redirect("province_staff")
    return render(request, "schools/province/staff_new.html", {"form": form}, status=422 if form.errors else 200)


def brought_in(request: SignedInRequest, form: Any, place: str) -> bool:
    cleaned = dict(form.cleaned_data)
    try:
        held = bring_in(by=request.user, place=cleaned.pop(place), **cleaned)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, f"{held.user.full_name} ({held.user.username}): {held.get_role_display()}.")
    return True


@allow(appoints_people)
@require_http_methods(["GET", "POST"])
def staff_dismiss(request: SignedInRequest, role_assignment_id: UUID) -> HttpResponse:
    related = ("user", "school", "authority")
    held = get_for(request.user, RoleAssignment, role_assignment_id, *related, may=may_dismiss)
    form = DismissForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        try:
            dismiss(by=request.user, held=held, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{held.user.full_name} thôi vai trò {held.get_role_display()}.")
            return redirect("staff_list" if works_in_office(request.user) else "province_staff")
    teaching, homeroom = ending_with(held)
    context = {"form": form, "held": held, "teaching": teaching, "homeroom": homeroom}
    return render(request, "schools/office/dismiss.html", context, status=422 if form.errors else 200)
