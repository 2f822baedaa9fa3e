"""Results at the old school: what was brought, by whom it was written down, and the clerk's form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from records import permissions
from records.actions import transferred
from records.forms.transferred import TransferredTermForm
from records.models import MarkSheet, TransferredTerm
from records.rules.cells import shown_cell
from records.rules.transferred import NOT_TAKEN
from records.views.grid_html import shown_brought
from schools.actions.reads import note_look
from schools.actions.refusals import Refused
from schools.models import CurriculumSubject, Enrolment, Period, Student, User
from schools.permissions import is_family_of, keeps_records
from schools.views.access import SignedInRequest, allow, get_for, listed, signed_in
from schools.views.students import add_faults, personal, posted


def open_enrolment(request: SignedInRequest, student: Student) -> Enrolment | None:
    enrolments = listed(request.user, Enrolment).filter(student=student, ends_on=None)
    found: Enrolment | None = enrolments.select_related(
        "student", "school_class__school", "school_class__school_year"
    ).first()
    return found


@signed_in
@require_safe
@personal
def transferred_terms(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    student = get_for(request.user, Student, student_id, "school")
    note_look(by=request.user, student=student)
    enrolment = open_enrolment(request, student)
    kept = enrolment if enrolment and permissions.may_bring_term(request.user, enrolment) else None
    editions = listed(request.user, TransferredTerm).filter(student=student).in_words()
    context = {
        "student": student,
        "editions": [told_term(request.user, one) for one in editions],
        "offers": [
            (
                period,
                transferred.why_not_brought(kept, period),
                editions.filter(period=period).exists(),
                sheets_in_the_way(request.user, kept, period),
            )
            for period in transferred.terms_to_bring(kept)
        ]
        if kept
        else [],
        "is_family": is_family_of(request.user, student),
    }
    return render(request, "records/transferred/terms.html", context)


def sheets_in_the_way(user: User, enrolment: Enrolment, period: Period) -> list[MarkSheet]:
    """The sheets with marks that keep the term from being brought, of those the person may see."""
    found = [one.sheet for one in transferred.strays_of(enrolment, period) if one.sheet]
    return [sheet for sheet in found if permissions.sees_sheet(user, sheet)]


def told_term(user: User, term: TransferredTerm) -> tuple[TransferredTerm, list[tuple[str, str]], bool]:
    """The edition, the results of the subjects the person may see, by name, and whether the rest is theirs to see."""
    whole = permissions.sees_whole_term(user, term.student)
    offered = listed(user, CurriculumSubject).of_class(term.school_class).filter(subject__code__in=term.subjects)
    taught = {subject for school_class, subject in user.ties.taught}
    rows = [
        (one.subject.name, shown_brought(term.subjects[one.subject.code]))
        for one in offered
        if whole or one.subject_id in taught
    ]
    return term, rows, whole


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def transferred_term(request: SignedInRequest, student_id: UUID, period_id: UUID) -> HttpResponse:
    """The clerk's form: new, or beginning with what was written before. A term that cannot be brought says why."""
    student = get_for(request.user, Student, student_id, "school")
    enrolment = open_enrolment(request, student)
    if enrolment is None or not permissions.may_bring_term(request.user, enrolment):
        raise Http404
    period = get_for(request.user, Period, period_id, "school_year")
    newest = listed(request.user, TransferredTerm).newest().filter(student=student, period=period).first()
    form = TransferredTermForm(
        posted(request), student=student, subjects=list(transferred.asked_subjects(enrolment)),
        corrects=newest is not None, initial=began(newest),
    )  # fmt: skip
    if form.is_valid() and written(request, form, enrolment, period, newest):
        messages.success(request, f"Đã ghi kết quả {period.name} ở trường cũ của {student}.")
        return redirect("transferred_terms", student.public_id)
    context = {"student": student, "period": period, "enrolment": enrolment, "form": form, "newest": newest,
               "why_not": transferred.why_not_brought(enrolment, period),
               "in_the_way": sheets_in_the_way(request.user, enrolment, period)}  # fmt: skip
    return render(request, "records/transferred/term.html", context, status=422 if form.is_bound else 200)


def written(
    request: SignedInRequest, form: TransferredTermForm, enrolment: Enrolment, period: Period,
    newest: TransferredTerm | None,
) -> bool:  # fmt: skip
    common: dict[str, Any] = {
        "by": request.user, "enrolment": enrolment, "period": period, "confirmed": form.confirmation,
    }  # fmt: skip
    shown = request.POST.get("edition", "")
    try:
        paper = transferred.Paper(**form.values)
        if newest is None:
            transferred.bring_term(**common, paper=paper)
        else:
            more = {name: form.cleaned_data[name] for name in ("correction", "withdrawn")}
            edition = int(shown) if shown.isdecimal() and len(shown) < 5 else -1
            transferred.correct_term(**common, paper=paper, edition=edition, **more)
    except Refused as refused:
        add_faults(form, refused)
        return False
    return True


def began(newest: TransferredTerm | None) -> dict[str, Any]:
    """What a correction begins with: what was written before."""
    if newest is None:
        return {}
    names = (
        "conduct",
        "learning",
        "excused",
        "unexcused",
        "from_school",
        "from_place",
        "document_number",
        "document_on",
        "reason",
    )
    initial: dict[str, Any] = {name: getattr(newest, name) for name in names}
    for code, value in newest.subjects.items():
        scale = "DAT" if value in {"D", "CD"} else "DIEM"
        initial[f"mon_{code}"] = "" if value == NOT_TAKEN else shown_cell(value, scale)
        initial[f"khong_{code}"] = value == NOT_TAKEN
    return initial
