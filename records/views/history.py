"""Reading the history: what was changed, by whom, when, from what to what."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hocbaso.lib.vietnamese import plain
from records.forms.history import HistoryFilter
from schools.models import HistoryEntry, School, Student
from schools.models.history import HistoryEntryQuerySet
from schools.models.history_words import told
from schools.permissions import reads_history
from schools.views.access import SignedInRequest, allow, get_for, listed

ENTRIES_A_PAGE = 50


@allow(reads_history)
@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    schools = listed(request.user, School)
    return shown(request, listed(request.user, HistoryEntry), {"schools": schools})


@allow(reads_history)
@require_safe
def history_of_school(request: SignedInRequest, school_id: UUID) -> HttpResponse:
    school = get_for(request.user, School, school_id)
    return shown(request, listed(request.user, HistoryEntry).of_school(school), {"school": school})


@allow(reads_history)
@require_safe
def history_of_student(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    student = get_for(request.user, Student, student_id, "school")
    return shown(request, listed(request.user, HistoryEntry).about(student), {"student": student})


def shown(request: SignedInRequest, entries: HistoryEntryQuerySet, around: dict[str, object]) -> HttpResponse:
    form = HistoryFilter(request.GET or None)
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        entries = entries.by_person_named(plain(wanted["person"])).between(wanted["since"], wanted["until"])
    page = Paginator(entries.newest(), ENTRIES_A_PAGE).get_page(request.GET.get("trang"))
    context = {"form": form, "page": page, "entries": told(page.object_list), **around}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "records/history.html", context, status=status)
