"""People of a school's office and of the Sở: who is what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.refusals import Refused
from schools.actions.roles import dismiss, ending_with
from schools.actions.staff import bring_in
from schools.forms.province import DismissForm, NewOfficialForm, NewStaffForm
from schools.models import Authority, Role, RoleAssignment, User
from schools.permissions import administers_province, appoints_people, keeps_records, may_dismiss, works_in_office
from schools.views.access import SignedInRequest, allow, appointing_schools, get_for, listed

ROLES_A_PAGE = 50
OF_CLERK = [Role.TEACHER, Role.VICE_PRINCIPAL]
OF_PROVINCE = [Role.PRINCIPAL, Role.CLERK]
OFFICIALS = [Role.INSPECTOR, Role.PROVINCE_ADMIN, Role.OPERATOR, Role.COMMUNE_OFFICER]


@allow(works_in_office)
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    held = listed(request.user, RoleAssignment).not_over().filter(school__in=request.user.standing.office_school_ids)
    context = rows_of(request, held) | {"may_add": keeps_records(request.user)}
    return render(request, "schools/office/staff.html", context)


def rows_of(request: SignedInRequest, held: Any) -> dict[str, Any]:
    """A page of roles, each with whether the person looking may end it and may hand out a slip."""
    page = Paginator(held.by_name(), ROLES_A_PAGE).get_page(request.GET.get("trang"))
    slips = set(listed(request.user, User).managed_by(request.user).filter(pk__in=[one.user_id for one in page]))
    return {"page": page, "rows": [(one, may_dismiss(request.user, one), one.user in slips) for one in page]}


@allow(appoints_people)
@require_http_methods(["GET", "POST"])
def staff_new(request: SignedInRequest) -> HttpResponse:
    """Teachers and vice-principals by the clerk; principals and clerks by the Sở."""
    roles = OF_PROVINCE if administers_province(request.user) else OF_CLERK
    form = NewStaffForm(request.POST or None, schools=appointing_schools(request.user), roles=roles)
    if form.is_bound and form.is_valid():
        held = brought_in(request, form, "school")
        if held is not None:
            return redirect(back_to(request, held))
    to_staff = works_in_office(request.user)
    back = (reverse("staff_list"), "Nhân sự") if to_staff else (reverse("school_list"), "Trường")
    context = {"form": form, "back": back}
    return render(request, "schools/office/staff_new.html", context, status=422 if form.errors else 200)


@allow(administers_province)
@require_safe
def province_staff(request: SignedInRequest) -> HttpResponse:
    held = listed(request.user, RoleAssignment).not_over().filter(school=None)
    return render(request, "schools/province/staff.html", rows_of(request, held))


@allow(administers_province)
@require_http_methods(["GET", "POST"])
def province_staff_new(request: SignedInRequest) -> HttpResponse:
    authorities = listed(request.user, Authority).administered_by(request.user, with_communes=True)
    form = NewOfficialForm(request.POST or None, authorities=authorities, roles=OFFICIALS)
    if form.is_bound and form.is_valid() and brought_in(request, form, "authority") is not None:
        return redirect("province_staff")
    return render(request, "schools/province/staff_new.html", {"form": form}, status=422 if form.errors else 200)


def brought_in(request: SignedInRequest, form: Any, place: str) -> RoleAssignment | None:
    """The role as given, or None with the reason on the form."""
    cleaned = dict(form.cleaned_data)
    try:
        held = bring_in(by=request.user, place=cleaned.pop(place), **cleaned)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, f"{held.user.full_name} ({held.user.username}): {held.get_role_display()}.")
    return held


def back_to(request: SignedInRequest, held: RoleAssignment) -> str:
    """The list on which the role stands, for the person looking."""
    if held.school is None:
        return reverse("province_staff")
    if held.school_id in request.user.standing.office_school_ids:
        return reverse("staff_list")
    return reverse("school", args=[held.school.public_id])


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
            return redirect(back_to(request, held))
    teaching, homeroom = ending_with(held)
    context = {"form": form, "held": held, "teaching": teaching, "homeroom": homeroom, "back": back_to(request, held)}
    return render(request, "schools/office/dismiss.html", context, status=422 if form.errors else 200)
