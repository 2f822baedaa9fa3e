"""The record book as it was issued: a page, its file, and the room of the family."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records import permissions
from records.actions.page_files import page_path
from records.documents.words import PROMOTIONS
from records.models import PageVersion, TransferredTerm
from records.models.class_periods import begun_periods
from records.models.summer_lists import waiting_of
from records.views.page_words import told_page, told_source
from records.views.transferred import told_term
from schools.actions.reads import note_look
from schools.models import SchoolYear, Student, User
from schools.permissions import is_family_of
from schools.views.access import SignedInRequest, allow, get_for, listed, signed_in
from schools.views.students import personal


def found_version(request: SignedInRequest, version_id: UUID) -> PageVersion:
    return get_for(
        request.user, PageVersion, version_id, "page__student__school", "class_period__period", "school_class"
    )


@signed_in
@require_safe
@personal
def page(request: SignedInRequest, version_id: UUID) -> HttpResponse:
    """A frozen page on the screen, from its snapshot: nothing is computed again."""
    version = found_version(request, version_id)
    note_look(by=request.user, student=version.page.student)
    context = {
        "version": version,
        "told": told_page(version.snapshot),
        "signatures": version.signatures.select_related("by", "order__delegation__grantor"),
        "back": way_back(request.user, version),
        "neighbours": neighbours(request.user, version),
    }
    return render(request, "records/book/page.html", context)


def way_back(user: User, version: PageVersion) -> str:
    """The class the page belongs to, in the room where the person works on it; "" for a family."""
    if permissions.leads(user, version.class_period):
        return reverse("homeroom", args=[version.class_period.public_id])
    if is_family_of(user, version.page.student):
        return ""
    return reverse("review", args=[version.class_period.public_id])


def neighbours(user: User, version: PageVersion) -> dict[str, PageVersion]:
    """The pages before and after this one in the class's list, for those who look through them; none for a family."""
    if is_family_of(user, version.page.student):
        return {}
    row = list(listed(user, PageVersion).of(version.class_period).only("public_id", "page__student__full_name"))
    place = next((number for number, one in enumerate(row) if one.pk == version.pk), None)
    if place is None:
        return {}
    near = {"before": row[place - 1] if place else None, "after": row[place + 1] if place + 1 < len(row) else None}
    return {name: one for name, one in near.items() if one is not None}


@signed_in
@require_safe
@personal
def page_pdf(request: SignedInRequest, version_id: UUID) -> HttpResponseBase:
    """The page's file as it stands. To a family only what was issued (the QuerySet says so)."""
    version = get_for(
        request.user, PageVersion, version_id, "page__student", "school_class", may=permissions.may_see_page
    )
    note_look(by=request.user, student=version.page.student)
    return FileResponse(
        page_path(version).open("rb"), as_attachment=True, filename=file_name(version), content_type="application/pdf"
    )


FILE_WORDS: dict[str, str] = {PageVersion.Kind.TERM: "hoc-ki", PageVersion.Kind.YEAR: "ca-nam",
                              PageVersion.Kind.SUMMER: "sau-he"}  # fmt: skip


def file_name(version: PageVersion) -> str:
    """What a browser calls the saved file: another for every child and version, and no name of a child, since it stays
    on computers that many use."""
    year = version.snapshot["school_year"]["first_year"]
    return f"hoc-ba-{year}-{FILE_WORDS[version.kind]}-{version.public_id.hex[:8]}-ban-{version.number}.pdf"


@allow(permissions.reads_book)
@require_safe
@personal
def book_room(request: SignedInRequest) -> HttpResponse:
    """One child: straight to its book."""
    children = list(listed(request.user, Student).family_of(request.user))
    if len(children) == 1:
        return redirect("book", children[0].public_id)
    return render(request, "records/book/children.html", {"children": children})


@allow(permissions.reads_book)
@require_safe
@personal
def book(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    """A child's book: the newest issued page on top, all earlier ones beneath, and what has not been signed yet."""
    student = get_for(request.user, Student, student_id, "school", may=is_family_of)
    versions = list(listed(request.user, PageVersion).of_family(student))
    newest, brought = versions[0] if versions else None, brought_terms(request, student, versions)
    context: dict[str, Any] = {
        "student": student,
        "children": list(listed(request.user, Student).family_of(request.user)),
        "newest": newest,
        "told": told_page(newest.snapshot) if newest else None,
        "size": page_path(newest).stat().st_size // 1000 if newest else 0,
        "earlier": versions[1:],
        "brought": [(*told_term(request.user, term), told_source(term)) for term in brought],
        "unsigned": unsigned_periods(request, student, versions),
        "waiting": [(one.school_year.label, PROMOTIONS[one.promotion]) for one in waiting_of(student)],
    }
    return render(request, "records/book/book.html", context)


def brought_terms(request: SignedInRequest, student: Student, versions: list[PageVersion]) -> list[TransferredTerm]:
    """This year's terms that another school assessed, until the issued page of the year holds them: the school issues
    no page of its own of such a term (law.md §1.4)."""
    year = listed(request.user, SchoolYear).current()
    if any(version.page.school_year_id == year.pk and version.snapshot["year"] for version in versions if year):
        return []
    terms = listed(request.user, TransferredTerm).current().filter(student=student, school_year=year)
    return list(terms.in_words())


def unsigned_periods(request: SignedInRequest, student: Student, versions: list[PageVersion]) -> list[str]:
    """The names of this year's begun periods of the child's class that are still to be issued: not what another school
    assessed."""
    year = listed(request.user, SchoolYear).current()
    issued = {version.class_period_id for version in versions}
    elsewhere = listed(request.user, TransferredTerm).current().filter(student=student).values("period")
    begun = begun_periods(student, year).with_page().exclude(period__in=elsewhere)
    return [one.period.name for one in begun if one.pk not in issued]
