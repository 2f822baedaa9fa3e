"""Joining two records of one student: choose, look, confirm."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hocbaso.lib.vietnamese import plain
from schools import permissions
from schools.actions.merges import PreviewOutdated, merge_students, preview_merge
from schools.actions.refusals import NotAllowed, Refused
from schools.forms.merges import MergeForm, MergePair, MergeSearch
from schools.models import Student
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import A_PAGE, add_faults, personal, posted

FEW = 20


@allow(permissions.merges_students)
@require_safe
@personal
def merge_choose(request: SignedInRequest) -> HttpResponse:
    """First one record, then the other; or one of the pairs that look like one student."""
    form = MergeSearch(request.GET)
    if form.carries_number:
        messages.warning(request, "Không tìm số định danh ở ô này: số không được nằm trong địa chỉ trang.")
        return redirect("merge_choose")
    first = chosen_first(request)
    within = listed(request.user, Student).mergeable_by(request.user).with_open_class()
    page = Paginator(within.suspected_twins(), A_PAGE).get_page(request.GET.get("trang"))
    context: dict[str, Any] = {"form": form, "first": first, "page": page, "groups": groups(page.object_list)}
    if first is not None:
        context["twins"] = within.twins_of(first)[:FEW]
    if form.is_valid() and form.cleaned_data["text"].strip():
        found = within.named_like(plain(form.cleaned_data["text"])).in_order()
        context["found"] = found.exclude(pk=first.pk if first else None)[:FEW]
    return render(request, "schools/students/merge_choose.html", context)


def chosen_first(request: SignedInRequest) -> Student | None:
    """The record named in the address, or None where none is named."""
    named = request.GET.get("giu", "")
    if not named:
        return None
    try:
        return get_for(request.user, Student, UUID(named), "school")
    except ValueError as error:
        raise Http404 from error


def groups(students: Any) -> list[list[Student]]:
    """Records side by side that look like one student."""
    return [list(group) for _, group in groupby(students, key=lambda one: (one.search_name, one.born_on))]


@allow(permissions.merges_students)
@require_http_methods(["GET", "POST"])
@personal
def merge_preview(request: SignedInRequest) -> HttpResponse:
    """What is kept and what moves; a POST does exactly that or, if anything has changed, shows it anew."""
    pair = MergePair(request.GET)
    if not pair.is_valid():
        return redirect("merge_choose")
    kept, merged = (
        get_for(request.user, Student, pair.cleaned_data[name], "school", "user") for name in ("giu", "gop")
    )
    if merged.merged_into_id == kept.pk:
        messages.info(request, f"Hồ sơ {merged.student_code} đã gộp vào hồ sơ {kept.student_code} rồi.")
        return redirect("student", kept.public_id)
    form = MergeForm(posted(request))
    if form.is_valid():
        try:
            merge_students(by=request.user, kept=kept, merged=merged, **form.cleaned_data)
        except NotAllowed as error:
            raise Http404 from error
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã gộp hồ sơ {merged.student_code} vào hồ sơ {kept.student_code}.")
            return redirect("student", kept.public_id)
    return shown_preview(request, kept, merged, form)


def shown_preview(request: SignedInRequest, kept: Student, merged: Student, form: MergeForm) -> HttpResponse:
    """The plan of this very moment; a refused form keeps its reason and takes the plan's digest. Where that is not the
    one the person saw, the page says so: what is confirmed next is read first."""
    try:
        plan = preview_merge(by=request.user, kept=kept, merged=merged)
    except NotAllowed as error:
        raise Http404 from error
    if not form.is_bound:
        return render(request, "schools/students/merge_preview.html", {"plan": plan, "form": form})
    if form.cleaned_data.get("digest", "") != plan.digest and not form.has_error(NON_FIELD_ERRORS):
        form.add_error(None, str(PreviewOutdated()))
    return render(request, "schools/students/merge_preview.html", {"plan": plan, "form": form}, status=422)
