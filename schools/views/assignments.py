"""The plan of teaching: which class lacks whom, and one class on one page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.assignments import plan_class
from schools.actions.refusals import Refused, WrongState
from schools.forms.plans import PlanForm
from schools.models import CurriculumSubject, SchoolClass, SchoolYear, User
from schools.models.assignments import planned
from schools.models.gaps import columns_left, with_gaps
from schools.permissions import may_plan_class, plans_teaching
from schools.views.access import SignedInRequest, allow, get_for, listed, planned_schools
from schools.views.classes import chosen_year


@allow(plans_teaching)
@require_safe
def assignment_board(request: SignedInRequest) -> HttpResponse:
    """All classes, or (``?chua-co-chu-nhiem=1``) those without a homeroom teacher."""
    year, unled = chosen_year(request), request.GET.get("chua-co-chu-nhiem") == "1"
    of_schools = listed(request.user, SchoolClass).for_year(year).filter(school__in=planned_schools(request.user))
    shown = of_schools.without_homeroom_teacher() if unled else of_schools
    classes = with_gaps(shown.with_size().select_related("school"))
    context = {
        "year": year,
        "years": listed(request.user, SchoolYear),
        "unled": unled,
        "classes": sorted(classes, key=lambda one: (one.school.name, one.school_id, one.place_in_lists)),
    }
    return render(request, "schools/classes/board.html", context)


@allow(plans_teaching)
@require_http_methods(["GET", "POST"])
def class_plan(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_plan_class)
    form = plan_form(request, found)
    if form.is_bound and form.is_valid():
        try:
            changed = plan_class(by=request.user, school_class=found, **form.plan())
        except Refused as refused:
            if isinstance(refused, WrongState):
                form.look_again()
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã đổi {changed} phân công của lớp {found}.")
            for left in columns_left(found):
                messages.warning(request, f"{left}.")
            return redirect("school_class", found.public_id)
    context = {"form": form, "school_class": found, "left": columns_left(found)}
    return render(request, "schools/classes/plan.html", context, status=422 if form.errors else 200)


def plan_form(request: SignedInRequest, found: SchoolClass) -> PlanForm:
    return PlanForm(
        request.POST or None,
        school_class=found,
        rows=list(listed(request.user, CurriculumSubject).taken_in(found)),
        now=planned(found),
        teachers=list(listed(request.user, User).staff_of(found.school).order_by("given_name", "family_names", "id")),
    )
