"""Classes: the list, one class, a new one, another name."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.classes import make_class, rename_class, void_class, why_not_voided
from schools.actions.refusals import Refused, WrongState
from schools.forms.accounts import ReasonForm
from schools.forms.classes import ClassForm, RenameForm
from schools.forms.plans import Planned
from schools.models import (
    CurriculumSubject,
    Enrolment,
    Period,
    School,
    SchoolClass,
    SchoolYear,
    Subject,
    TeachingAssignment,
)
from schools.models.assignments import HOMEROOM, planned
from schools.models.gaps import lacks_of, with_gaps
from schools.permissions import keeps_records, may_keep_class, may_plan_class, sees_students
from schools.views.access import SignedInRequest, allow, get_for, kept_schools, listed, named_in


def chosen_year(request: SignedInRequest) -> SchoolYear | None:
    """The school year in the address (``?nam=2026``), else the current one."""
    years = listed(request.user, SchoolYear)
    wanted = request.GET.get("nam", "")
    chosen: SchoolYear | None = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) == len("2026"):
        chosen = years.filter(first_year=int(wanted)).first()
    return chosen or years.current()


@allow(sees_students)
@require_safe
def class_list(request: SignedInRequest) -> HttpResponse:
    """The classes of a year, of one school only (``?truong=``) where the address says so."""
    year, only = chosen_year(request), named_in(request, "truong", School)
    classes = listed(request.user, SchoolClass).for_year(year).with_size().select_related("school")
    classes = classes.filter(school=only) if only else classes
    rows = sorted(with_gaps(classes), key=lambda one: (one.school.name, one.school_id, one.place_in_lists))
    schools = [
        (school, [(grade, list(of_grade)) for grade, of_grade in groupby(of_school, key=lambda one: one.grade_level)])
        for school, of_school in groupby(rows, key=lambda one: one.school)
    ]
    context = {
        "year": year,
        "years": listed(request.user, SchoolYear),
        "schools": schools,
        "only": only,
        "may_make": keeps_records(request.user) and year is not None and year.closed_at is None,
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
        except WrongState as refused:
            form.add_error(None, str(refused))
        except Refused as refused:  # the grade, too, is said by the name
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Đã tạo lớp {made}.")
            return redirect("school_class", made.public_id)
    context = {"form": form, "year": year}
    return render(request, "schools/classes/new.html", context, status=422 if form.errors else 200)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_rename(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    form = RenameForm(request.POST or None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        try:
            rename_class(by=request.user, school_class=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Lớp nay tên là {found}.")
            return redirect("school_class", found.public_id)
    context = {"form": form, "school_class": found}
    return render(request, "schools/classes/rename.html", context, status=422 if form.errors else 200)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_void(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            void_class(by=request.user, school_class=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã bỏ lớp {found}.")
            return redirect("class_list")
    context = {"form": form, "school_class": found, "why_not": why_not_voided(found)}
    return render(request, "schools/classes/void.html", context, status=422 if form.errors else 200)


@allow(sees_students)
@require_safe
def school_class(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year")
    places = planned(found)
    first_term = listed(request.user, Period).for_year(found.school_year).for_level(found.level).first()
    subjects = listed(request.user, CurriculumSubject).taken_in(found)
    context = {
        "school_class": found,
        "enrolments": listed(request.user, Enrolment).on_list(found).in_order(),
        "homeroom": places.get(HOMEROOM, []),
        "subjects": [taught_by(row, places) for row in subjects],
        "may_keep": may_keep_class(request.user, found),
        "may_plan": may_plan_class(request.user, found),
        "first_term_ends": first_term.ends_on if first_term else None,
    }
    return render(request, "schools/classes/class.html", context)


def taught_by(row: CurriculumSubject, places: Planned) -> tuple[Subject, list[TeachingAssignment], list[str]]:
    """A subject, who teaches it in the class, and what of it nobody does."""
    ties = [
        tie
        for (subject, _), held in places.items()
        if subject == row.subject_id
        for tie in held
        if isinstance(tie, TeachingAssignment)
    ]
    return row.subject, ties, lacks_of(row, [(tie.part, tie.columns) for tie in ties])
