"""The plan of teaching: which class lacks whom, and one class on one page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.assignments import plan_class, planned
from schools.actions.refusals import Refused
from schools.forms.plans import PlanForm
from schools.models import SchoolClass, User
from schools.permissions import may_plan_class, plans_teaching
from schools.views.access import SignedInRequest, allow, get_for, listed, planned_schools
from schools.views.classes import chosen_year, offered_in


@allow(plans_teaching)
@require_safe
def assignment_board(request: SignedInRequest) -> HttpResponse:
    classes = (
        listed(request.user, SchoolClass)
        .for_year(chosen_year(request))
        .filter(school__in=planned_schools(request.user))
        .with_size()
        .with_gaps()
        .select_related("school")
    )
    return render(request, "schools/classes/board.html", {"classes": classes})


@allow(plans_teaching)
@require_http_methods(["GET", "POST"])
def class_plan(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_plan_class)
    teachers = listed(request.user, User).staff_of(found.school)
    form = PlanForm(request.POST or None, rows=offered_in(request, found), now=planned(found), teachers=teachers)
    if form.is_bound and form.is_valid():
        try:
            changed = plan_class(by=request.user, school_class=found, **form.plan())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã đổi {changed} phân công của lớp {found}.")
            return redirect("school_class", found.public_id)
    context = {"form": form, "school_class": found}
    return render(request, "schools/classes/plan.html", context, status=422 if form.errors else 200)
