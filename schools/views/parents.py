"""Parents: tied by the clerk; and the room in which they see their own children, one at a time."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools import permissions
from schools.actions.parents import end_parent_tie, tie_parent
from schools.actions.refusals import Refused
from schools.forms.parents import EndTieForm, ParentForm
from schools.models import ParentLink, Student, User
from schools.models.student_page import reads_of, student_page, told_reads
from schools.models.students import StudentQuerySet
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import A_PAGE, add_faults, personal, posted


@allow(permissions.keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def parent_new(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    student = get_for(request.user, Student, student_id, "school", may=permissions.may_edit_student)
    form = ParentForm(posted(request))
    if form.is_valid():
        try:
            link = tie_parent(by=request.user, student=student, **form.values, confirmed=form.confirmation)
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã liên kết {link.parent.full_name} với {student.full_name}.")
            return redirect("student", student.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "schools/students/parent_new.html", {"form": form, "student": student}, status=status)


@allow(permissions.keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def parent_end(request: SignedInRequest, parent_link_id: UUID) -> HttpResponse:
    link = get_for(request.user, ParentLink, parent_link_id, "student__school", "parent", may=permissions.may_end_tie)
    form = EndTieForm(posted(request))
    if form.is_valid():
        try:
            end_parent_tie(by=request.user, link=link, reason=form.cleaned_data["reason"])
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã thôi liên kết {link.parent.full_name} với {link.student.full_name}.")
            return redirect("student", link.student.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "schools/students/parent_end.html", {"form": form, "link": link}, status=status)


# -- The room of parents and students ---------------------------------------------------------------------------------
def children_of(user: User) -> StudentQuerySet:
    children: StudentQuerySet = listed(user, Student).family_of(user)
    return children


@allow(permissions.has_family_room)
@require_safe
@personal
def child_list(request: SignedInRequest) -> HttpResponse:
    """One child: straight to it."""
    children = list(children_of(request.user).with_open_class())
    if len(children) == 1:
        return redirect("child", children[0].public_id)
    return render(request, "schools/parents/children.html", {"children": children})


@allow(permissions.has_family_room)
@require_safe
@personal
def child(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    """One child's page; of the others only the names, to switch."""
    found = get_for(request.user, Student, student_id, "school", may=permissions.is_family_of)
    context = {
        "page": student_page(found),
        "student": found,
        "children": list(children_of(request.user).only("public_id", "full_name")),
        "is_self": found.user_id == request.user.pk,
    }
    return render(request, "schools/parents/child.html", context)


@allow(permissions.has_family_room)
@require_safe
@personal
def child_reads(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    """Who has looked at the child's record: when, in which role, from where; no names."""
    found = get_for(request.user, Student, student_id, may=permissions.is_family_of)
    page = Paginator(reads_of(found), A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "student": found,
        "page": page,
        "reads": told_reads(page.object_list),
        "kept_months": settings.READS_MONTHS,
    }
    return render(request, "schools/parents/reads.html", context)
