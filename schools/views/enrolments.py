"""Students into a class, to another, out of it, from another school."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hocbaso.lib.vietnamese import plain
from schools.actions.enrolments import enrol_students, leave_class, move_class, receive_student
from schools.actions.refusals import Refused
from schools.forms.classes import EnrolForm, LeaveForm, MoveForm, ReceiveForm, StudentSearchForm
from schools.models import Enrolment, SchoolClass, Student, User
from schools.permissions import keeps_records, may_keep_class, may_keep_school
from schools.views.access import SignedInRequest, allow, get_for, listed

SHOWN = 200  # students at once; the others are found by name


def may_see_enrolment(user: User, enrolment: Enrolment) -> bool:
    """The clerk of the class's school, also when nothing can be done about it any more."""
    return may_keep_school(user, enrolment.school_class.school)


def is_past(request: SignedInRequest, enrolment: Enrolment) -> bool:
    return enrolment.ends_on is not None or not may_keep_class(request.user, enrolment.school_class)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_enrol(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    students = listed(request.user, Student).current().filter(school=found.school).without_class().in_order()
    search = StudentSearchForm(request.GET)
    shown_students = students.named_like(plain(search["tim"].value() or ""))[:SHOWN]
    first_day = max(timezone.localdate(), found.school_year.starts_on)
    form = EnrolForm(request.POST or None, students=students, shown=shown_students, initial={"starts_on": first_day})
    if form.is_bound and form.is_valid():
        try:
            enrolled = enrol_students(by=request.user, school_class=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã xếp {len(enrolled)} học sinh vào lớp {found}.")
            return redirect("school_class", found.public_id)
    return shown(request, "schools/classes/enrol.html", form, found, search=search, waiting=students.count())


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def enrolment_move(request: SignedInRequest, enrolment_id: UUID) -> HttpResponse:
    enrolment = fetched(request, enrolment_id)
    if is_past(request, enrolment):
        return told_past(request, enrolment)
    here = enrolment.school_class
    others = listed(request.user, SchoolClass).beside(here)
    form = MoveForm(request.POST or None, classes=others, initial={"on": day_for(enrolment)})
    if form.is_bound and form.is_valid():
        try:
            move_class(by=request.user, enrolment=enrolment, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã chuyển {enrolment.student} sang lớp {form.cleaned_data['to_class']}.")
            return redirect("missing_marks", enrolment.student.public_id)
    return shown(request, "schools/classes/move.html", form, here, enrolment=enrolment)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def enrolment_leave(request: SignedInRequest, enrolment_id: UUID) -> HttpResponse:
    enrolment = fetched(request, enrolment_id)
    if is_past(request, enrolment):
        return told_past(request, enrolment)
    here = enrolment.school_class
    form = LeaveForm(request.POST or None, initial={"on": day_for(enrolment)})
    if form.is_bound and form.is_valid():
        try:
            leave_class(by=request.user, enrolment=enrolment, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{enrolment.student} đã rời lớp {here}.")
            return redirect("school_class", here.public_id)
    return shown(request, "schools/classes/leave.html", form, here, enrolment=enrolment)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def student_receive(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    form = ReceiveForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        try:
            enrolment = receive_student(by=request.user, to_class=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã nhận {enrolment.student} vào lớp {found}.")
            return redirect("missing_marks", enrolment.student.public_id)
    return shown(request, "schools/classes/receive.html", form, found)


def day_for(enrolment: Enrolment) -> date:
    """Today, or the first day of a list made before the year begins."""
    return max(timezone.localdate(), enrolment.starts_on)


def fetched(request: SignedInRequest, enrolment_id: UUID) -> Enrolment:
    return get_for(
        request.user,
        Enrolment,
        enrolment_id,
        "student",
        "school_class__school",
        "school_class__school_year",
        may=may_see_enrolment,
    )


def told_past(request: SignedInRequest, enrolment: Enrolment) -> HttpResponse:
    """The address of a form that was used, or is too late: what has become of the student, and where to go on."""
    kept = enrolment.student.merged_into_id or enrolment.student_id
    student = listed(request.user, Student).with_open_class().filter(pk=kept).first()
    context = {"enrolment": enrolment, "school_class": enrolment.school_class, "student": student}
    return render(request, "schools/classes/past.html", context, status=410)


def shown(request: SignedInRequest, template: str, form: object, found: SchoolClass, **more: object) -> HttpResponse:
    context = {"form": form, "school_class": found, **more}
    return render(request, template, context, status=422 if form.errors else 200)  # type: ignore[attr-defined]
