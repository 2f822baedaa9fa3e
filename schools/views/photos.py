"""The 3×4 photograph: put up by the clerk, served to those who may see the student."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools import permissions
from schools.actions.photos import photo_of, set_photo
from schools.actions.reads import note_look
from schools.actions.refusals import Refused
from schools.forms.students import PhotoForm
from schools.models import Student
from schools.views.access import SignedInRequest, allow, get_for, signed_in
from schools.views.students import add_faults, personal


@signed_in
@require_safe
@personal
def student_photo(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    """The picture itself, for staff who see the student, the parents and the student; there is no other way to it."""
    student = get_for(request.user, Student, student_id, "school")
    picture = photo_of(student)
    if picture is None:
        raise Http404
    note_look(by=request.user, student=student)
    headers = {"Content-Disposition": 'inline; filename="anh-3x4.jpg"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


@allow(permissions.keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def student_photo_new(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    student = get_for(request.user, Student, student_id, "school", may=permissions.may_edit_student)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        try:
            set_photo(by=request.user, student=student, upload=form.cleaned_data["photo"].read())
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, "Đã thay ảnh." if student.photo else "Đã thêm ảnh.")
            return redirect("student", student.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "schools/students/photo.html", {"form": form, "student": student}, status=status)
