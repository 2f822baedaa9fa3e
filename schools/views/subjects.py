"""What the students of a class take beyond the compulsory, and who is exempted."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools.actions.refusals import Refused
from schools.actions.subjects import add_optional_subject, choose_electives, drop_subject, set_exemption
from schools.forms.classes import ElectivesForm, ExemptionForm, OptionalSubjectForm
from schools.models import CurriculumSubject, Enrolment, SchoolClass, Student, SubjectEnrolment, User
from schools.permissions import keeps_records, may_keep_class, may_keep_school, sees_students
from schools.rules.electives import TOPIC_SUBJECTS
from schools.views.access import SignedInRequest, allow, get_for, listed


def may_keep_taken(user: User, taken: SubjectEnrolment) -> bool:
    return taken.dropped_on is None and taken.school_year.closed_at is None and may_keep_school(user, taken.school)


@allow(sees_students)
@require_safe
def class_subjects(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year")
    students = listed(request.user, Student).in_class(found).in_order()
    taken: dict[int, list[SubjectEnrolment]] = defaultdict(list)
    for row in listed(request.user, SubjectEnrolment).of_class(found):
        taken[row.student_id].append(row)
    context = {
        "school_class": found,
        "rows": [
            (student, taken[student.pk], [row for row in taken[student.pk] if row.is_special]) for student in students
        ],
        "may_keep": may_keep_class(request.user, found),
        "has_electives": found.level == "THPT",
    }
    return render(request, "schools/classes/subjects.html", context)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_electives(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    offered = [row.subject for row in listed(request.user, CurriculumSubject).of_class(found, "LUA_CHON")]
    all_of_grade = [row.subject for row in listed(request.user, CurriculumSubject).of_class(found)]
    form = ElectivesForm(
        request.POST or None,
        electives=[(subject.code, subject.name) for subject in offered],
        topics=[(subject.code, subject.name) for subject in all_of_grade if subject.code in TOPIC_SUBJECTS],
        students=listed(request.user, Student).in_class(found).in_order(),
    )
    if form.is_bound and form.is_valid():
        try:
            count = choose_electives(by=request.user, school_class=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error("chosen", str(refused))
        else:
            messages.success(request, f"Đã ghi môn lựa chọn cho {count} học sinh.")
            return redirect("class_subjects", found.public_id)
    context = {"form": form, "school_class": found}
    return render(request, "schools/classes/electives.html", context, status=422 if form.errors else 200)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def class_optional(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    found = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    offered = listed(request.user, CurriculumSubject).of_class(found, "TU_CHON")
    form = OptionalSubjectForm(
        request.POST or None,
        subjects=[(row.subject.code, row.subject.name) for row in offered],
        students=listed(request.user, Student).in_class(found).in_order(),
    )
    if form.is_bound and form.is_valid():
        try:
            count = add_optional_subject(by=request.user, school_class=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã ghi môn tự chọn cho {count} học sinh.")
            return redirect("class_subjects", found.public_id)
    context = {"form": form, "school_class": found}
    return render(request, "schools/classes/optional.html", context, status=422 if form.errors else 200)


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def subject_exemption(request: SignedInRequest, subject_enrolment_id: UUID) -> HttpResponse:
    taken = fetched(request, subject_enrolment_id)
    names = ("exempt_practice", "exempt", "individual_plan", "decision_number", "decision_on", "decision_period")
    initial = {name: getattr(taken, name) for name in names}
    form = ExemptionForm(request.POST or None, subject=taken.subject.code, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            set_exemption(by=request.user, taken=taken, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã ghi cho {taken.student}, môn {taken.subject}.")
            return back_to_class(request, taken)
    context = {"form": form, "taken": taken}
    return render(request, "schools/classes/exemption.html", context, status=422 if form.errors else 200)


@allow(keeps_records)
@require_POST
def subject_drop(request: SignedInRequest, subject_enrolment_id: UUID) -> HttpResponse:
    taken = fetched(request, subject_enrolment_id)
    try:
        drop_subject(by=request.user, taken=taken)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{taken.student} thôi học môn {taken.subject} từ hôm nay.")
    return back_to_class(request, taken)


def back_to_class(request: SignedInRequest, taken: SubjectEnrolment) -> HttpResponse:
    """Where the subjects of each student of the class stand, from where one came; else to the student."""
    now = listed(request.user, Enrolment).open().filter(student=taken.student).select_related("school_class").first()
    if now is None:
        return redirect("student", taken.student.public_id)
    return redirect("class_subjects", now.school_class.public_id)


def fetched(request: SignedInRequest, subject_enrolment_id: UUID) -> SubjectEnrolment:
    related = ("student", "school", "school_year", "subject")
    return get_for(request.user, SubjectEnrolment, subject_enrolment_id, *related, may=may_keep_taken)
