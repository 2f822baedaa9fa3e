"""Students: the list, one student's page, a new record, a change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from schools import permissions
from schools.actions.doubts import NotConfirmed
from schools.actions.reads import note_look, uncover_personal_id
from schools.actions.refusals import FaultyFields, Refused
from schools.actions.students import ChangedMeanwhile, edit_student, register_student, version_of
from schools.forms.asking import AskingForm
from schools.forms.students import EditStudentForm, NewStudentForm, NumberForm, StudentFilter
from schools.models import School, SchoolClass, Student, User
from schools.models.student_page import identity_changes, student_page
from schools.models.student_search import Wanted, search_students, student_with_number
from schools.rules.ethnicities import OFFERED
from schools.views.access import SignedInRequest, allow, get_for, listed

A_PAGE = 50
POLICY_FAMILIES = ("Con liệt sĩ", "Con thương binh", "Con bệnh binh")
# Pages with personal data stay in no cache, neither on the way nor on a shared computer.
personal = cache_control(private=True, no_store=True)


def posted(request: SignedInRequest) -> QueryDict | None:
    """What was sent, even if it is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def add_faults(form: Form, refused: Refused) -> None:
    """What an action refused or asks, put to the fields it names, else on top of the form."""
    if isinstance(refused, NotConfirmed) and isinstance(form, AskingForm):
        form.ask(refused.faults, refused.seen)
        return
    if not isinstance(refused, FaultyFields):
        form.add_error(None, str(refused))
        return
    for name, fault in refused.faults.items():
        form.add_error(name if name in form.fields else None, fault)


@allow(permissions.sees_students)
@require_safe
@personal
def student_list(request: SignedInRequest) -> HttpResponse:
    form = filter_for(request)
    if form.carries_number:
        messages.warning(request, "Không tìm số định danh ở ô này. Hãy dùng ô “Tìm theo số định danh” bên dưới.")
        return redirect("student_list")
    return shown_list(request, form, NumberForm())


@allow(permissions.sees_students)
@require_http_methods(["GET", "POST"])
@personal
def student_by_number(request: SignedInRequest) -> HttpResponse:
    """The number comes in the body and goes nowhere else: found, the address names the student's public id."""
    if request.method == "GET":  # come back from the login
        return redirect("student_list")
    form = NumberForm(request.POST)
    if form.is_valid():
        student = student_with_number(request.user, form.cleaned_data["personal_id"])
        if student is not None:
            return redirect("student", student.public_id)
        form.add_error("personal_id", "Không có học sinh nào mang số này trong số những em bạn được xem.")
    return shown_list(request, filter_for(request), form, status=422)


def filter_for(request: SignedInRequest) -> StudentFilter:
    """The filter offers the schools one sees, and the classes of the chosen or only one."""
    schools = list(listed(request.user, School))
    chosen = [school for school in schools if str(school.public_id) == request.GET.get("truong")] or schools
    classes = listed(request.user, SchoolClass).of_current_year().filter(school=chosen[0]) if len(chosen) == 1 else []
    return StudentFilter(request.GET, schools=schools, classes=list(classes))


def shown_list(
    request: SignedInRequest, form: StudentFilter, number_form: NumberForm, status: int = 200
) -> HttpResponse:
    wanted = Wanted(**form.cleaned_data) if form.is_valid() else Wanted()
    page = Paginator(search_students(request.user, wanted), A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "number_form": number_form,
        "page": page,
        "several_schools": "school" in form.fields,
        "may_register": permissions.keeps_records(request.user),
        "may_merge": permissions.merges_students(request.user),
    }
    return render(request, "schools/students/list.html", context, status=status if form.is_valid() else 422)


@allow(permissions.sees_students)
@require_safe
@personal
def student(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    found = get_for(request.user, Student, student_id, "school", "user", "merged_into__school")
    note_look(by=request.user, student=found)
    if found.merged_into_id:
        return shown_merged(request, found)
    return shown_student(request, found)


@allow(permissions.sees_students)
@require_http_methods(["GET", "POST"])
@personal
def student_number(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    """The whole number, once, on this answer only."""
    found = get_for(request.user, Student, student_id, "school", "user", may=permissions.may_uncover_personal_id)
    if request.method == "GET":  # come back from the login: the number is asked for anew
        return redirect("student", found.public_id)
    try:
        number = uncover_personal_id(by=request.user, student=found)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("student", found.public_id)
    return shown_student(request, found, number=number)


def shown_student(request: SignedInRequest, found: Student, *, number: str = "") -> HttpResponse:
    context = {"page": student_page(found), "student": found, "number": number, **rights(request.user, found)}
    return render(request, "schools/students/student.html", context)


def rights(user: User, found: Student) -> dict[str, Any]:
    """What the page offers this person about this student."""
    return {
        "may_edit": permissions.may_edit_student(user, found),
        "may_uncover": bool(found.personal_id) and permissions.may_uncover_personal_id(user, found),
        "may_merge": permissions.may_merge_students(user, found, found),
        "sees_contacts": permissions.sees_contacts(user, found),
        "reads_history": permissions.reads_history(user),
        "identity_changes": identity_changes(found) if permissions.may_see_identity_changes(user, found) else [],
    }


def shown_merged(request: SignedInRequest, found: Student) -> HttpResponse:
    """The record that was joined into another leads to it, if the person may see that one."""
    kept = listed(request.user, Student).filter(pk=found.merged_into_id).select_related("school").first()
    return render(request, "schools/students/merged.html", {"student": found, "kept": kept})


@allow(permissions.keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def student_new(request: SignedInRequest) -> HttpResponse:
    schools = [school for school in listed(request.user, School) if permissions.may_keep_school(request.user, school)]
    form = NewStudentForm(posted(request), schools=schools)
    if form.is_valid():
        try:
            made = register_student(
                by=request.user, school=form.chosen_school, values=form.values, confirmed=form.confirmation
            )
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã lập hồ sơ của {made.full_name}.")
            return redirect("student", made.public_id)
    return shown_form(request, form, "schools/students/new.html", {})


@allow(permissions.keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def student_edit(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    found = get_for(request.user, Student, student_id, "school", may=permissions.may_edit_student)
    form = EditStudentForm(posted(request), student=found, version=version_of(found))
    if not form.is_valid():
        return shown_form(request, form, "schools/students/edit.html", {"student": found})
    wanted = {name: form.cleaned_data[name] for name in ("version", "reason")} | {"confirmed": form.confirmation}
    try:
        edit_student(by=request.user, student=found, values=form.values, **wanted)
    except ChangedMeanwhile as conflict:
        return shown_conflict(request, found, conflict)
    except Refused as refused:
        add_faults(form, refused)
        return shown_form(request, form, "schools/students/edit.html", {"student": found})
    messages.success(request, "Đã lưu.")
    return redirect("student", found.public_id)


def shown_conflict(request: SignedInRequest, found: Student, conflict: ChangedMeanwhile) -> HttpResponse:
    """All that was typed stays; the form now starts from what is shown beside it."""
    typed = request.POST.copy()
    typed["version"] = conflict.version
    form = EditStudentForm(typed, student=found, version=conflict.version)
    add_faults(form, conflict)
    return shown_form(request, form, "schools/students/edit.html", {"student": found, "conflict": conflict})


def shown_form(request: SignedInRequest, form: Form, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    lists = {"ethnicities": OFFERED, "policy_families": POLICY_FAMILIES}
    return render(request, template, {"form": form, **lists, **context}, status=status)
