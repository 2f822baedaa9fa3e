"""Classes: the list, one class, a new one."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.assignments import HOMEROOM, planned
from schools.actions.classes import make_class
from schools.actions.refusals import Refused
from schools.forms.classes import ClassForm
from schools.models import CurriculumSubject, Enrolment, SchoolClass, SchoolYear, User
from schools.permissions import keeps_records, may_keep_class, may_plan_class, sees_students
from schools.views.access import SignedInRequest, allow, get_for, kept_schools, listed


def chosen_year(request: SignedInRequest) -> SchoolYear | None:
    """The school year in the address (``?nam=2026``), else the current one."""
    years = listed(request.user, SchoolYear)
    wanted = request.GET.get("nam", "")
    chosen: SchoolYear | None = years.filter(first_year=int(wanted)).first() if wanted.isdigit() else None
    return chosen or years.current()


@allow(sees_students)
@require_safe
def class_list(request: SignedInRequest) -> HttpResponse:
    year = chosen_year(request)
    classes = listed(request.user, SchoolClass).for_year(year).with_size().with_gaps().select_related("school")
    rows = sorted(classes, key=lambda one: (one.school.name, one.grade_level, one.name))
    schools = [
        (school, [(grade, list(of_grade)) for grade, of_grade in groupby(of_school, key=lambda one: one.grade_level)])
        for school, of_school in groupby(rows, key=lambda one: one.school)
    ]
    context = {
        "year": year,
        "years": listed(request.user, SchoolYear),
        "schools": schools,
        "may_make": keeps_records(request.user),
    }
    return render(request, "schools/classes/list.html", context)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_new(request: SignedInRequest) -> HttpResponse:
    form = ClassForm(request.POST or None, schools=kept_schools(request.user))
    year = chosen_year(request)
    if form.is_bound and form.is_valid() and year is not None:
        try:
            made = make_class(by=request.user, school_year=year, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Đã tạo lớp {made}.")
            return redirect("school_class", made.public_id)
    context = {"form": form, "year": year}
    return render(request, "schools/classes/new.html", context, status=422 if form.errors else 200)


@allow(sees_students)
@require_safe
def school_class(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year")
    places = planned(found)
    context = {
        "school_class": found,
        "enrolments": listed(request.user, Enrolment).open().filter(school_class=found).in_order(),
        "homeroom": places.get(HOMEROOM, []),
        "subjects": [(row.subject, teachers_of(row, places)) for row in offered_in(request, found)],
        "may_keep": may_keep_class(request.user, found),
        "may_plan": may_plan_class(request.user, found),
    }
    return render(request, "schools/classes/class.html", context)


def offered_in(request: SignedInRequest, found: SchoolClass) -> list[CurriculumSubject]:
    """The subjects that at least one student of the class takes, in printed order."""
    return list(listed(request.user, CurriculumSubject).taken_in(found))


def teachers_of(row: CurriculumSubject, places: dict[tuple[int, str], list[User]]) -> list[str]:
    return [
        f"{person} ({part})" if part else str(person)
        for (subject, part), people in sorted(places.items())
        if subject == row.subject_id
        for person in people
    ]
