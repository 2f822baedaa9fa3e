"""The principal's room: the classes of a period, one class, returning it, signing it off; and the clerk's seal."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records import permissions
from records.actions import signing, signoff
from records.forms.signing import PinForm, ReturnForm
from records.models import ClassPeriod, PageVersion, SigningOrder, Slot
from records.models.boards import STEPS, in_step, with_progress
from records.models.student_years import makes_page
from records.models.summaries import class_summary
from records.rules.signoff import state_before
from records.views.cells import number_in
from records.views.class_periods import class_context, found_class_period, moved_on, sheets_of, shown_in
from schools.actions.refusals import Refused
from schools.models import School, SchoolYear, User
from schools.views.access import SignedInRequest, allow, listed
from schools.views.students import personal

EARLIER_SHOWN = 200


@allow(permissions.reviews_classes)
@require_safe
def review_list(request: SignedInRequest) -> HttpResponse:
    """The classes of this year and earlier ones; at one step only where the address says so (``?buoc=cho-duyet``)."""
    year, step = listed(request.user, SchoolYear).current(), request.GET.get("buoc", "")
    classes = in_step(with_progress(listed(request.user, ClassPeriod).in_words()).by_school(), step)
    context = {
        "class_periods": classes.filter(school_year=year),
        "earlier": classes.exclude(school_year=year)[:EARLIER_SHOWN],
        "year": year,
        "several_schools": listed(request.user, School).count() > 1,
        "step": step if step in STEPS else "",
        "none": "Không có lớp nào ở bước này." if step in STEPS else "Chưa có lớp nào.",
        "steps": [("", "Mọi bước"), *((code, words) for code, (words, _) in STEPS.items())],
    }
    return render(request, "records/review/list.html", context)


@allow(permissions.reviews_classes)
@require_safe
@personal
def review_class(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    return shown_class(request, found_class_period(request, class_period_id), PinForm())


def shown_class(request: SignedInRequest, found: ClassPeriod, form: PinForm, status: int = 200) -> HttpResponse:
    """The class with its pages, and the one thing the person can sign in it now, if any."""
    context: dict[str, Any] = class_context(request, found)
    slot = slot_of(request.user, found)
    waiting = [one for one in context["versions"] if slot and one.state == state_before(slot)]
    if slot == Slot.SEAL:
        form.fields["pin"].label = "Mã PIN của con dấu số"
    context |= {
        "form": form,
        "slot": slot,
        "slot_words": Slot(slot).label if slot else "",
        "waiting": waiting,
        "may_return": permissions.may_decide(request.user, found),
        "may_approve": permissions.may_decide(request.user, found) and not context["versions"],
        "everybody_waits": makes_page(found),
        "summary": class_summary(found),
        "unsigned": sum(one.state == PageVersion.State.PREPARED for one in context["versions"]),
    }
    return render(request, "records/review/class.html", context, status=status)


def slot_of(user: User, found: ClassPeriod) -> str:
    """The slot in which the person signs this class now; "" for none."""
    if permissions.may_decide(user, found) or permissions.may_sign_in(user, found, Slot.PRINCIPAL):
        return Slot.PRINCIPAL
    if permissions.may_issue(user, found) or permissions.may_sign_in(user, found, Slot.SEAL):
        return Slot.SEAL
    return ""


@allow(permissions.reviews_classes)
@require_http_methods(["GET", "POST"])
@personal
def review_return(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    found = found_class_period(request, class_period_id, may=signs_for_school)
    if not permissions.may_decide(request.user, found):
        return moved_on(request, found, "review", "chưa trả lại")
    form = ReturnForm(request.POST if request.method == "POST" else None, sheets=sheets_of(found, request.user))
    if form.is_bound and form.is_valid():
        try:
            signoff.return_class(by=request.user, class_period=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã trả lại lớp {found.school_class}.")
            return redirect("review", found.public_id)
    context = {"form": form, "class_period": found}
    return render(request, "records/review/return.html", context, status=422 if form.errors else 200)


@allow(permissions.reviews_classes)
@require_POST
@personal
def review_approve(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    """Approve the summary of a class in the middle of a term of tiểu học."""
    found = found_class_period(request, class_period_id, may=signs_for_school)
    if not permissions.may_decide(request.user, found):
        return moved_on(request, found, "review", "chưa duyệt")
    try:
        shown = number_in(request.POST.get("buoc", ""))
        signoff.approve_summary(by=request.user, class_period=found, shown=shown)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã duyệt bảng tổng hợp {found.period.name} của lớp {found.school_class}.")
    return redirect("review", found.public_id)


@allow(permissions.reviews_classes)
@require_POST
@personal
def review_sign(request: SignedInRequest, class_period_id: UUID) -> HttpResponse:
    """Sign off, seal, or sign again what failed: whichever is the person's in the state the class is in."""
    found = found_class_period(request, class_period_id, may=signs_or_seals)
    if not slot_of(request.user, found):
        return moved_on(request, found, "review", "chưa kí gì")
    form = PinForm(request.POST)
    if form.is_valid():
        try:
            act_of(request, found)(pin=form.cleaned_data["pin"], shown=shown_in(request.POST))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("review", found.public_id)
    return shown_class(request, found, form, status=422)


def signs_for_school(user: User, found: ClassPeriod) -> bool:
    return permissions.signs_in(user, found, Slot.PRINCIPAL)


def signs_or_seals(user: User, found: ClassPeriod) -> bool:
    return signs_for_school(user, found) or permissions.signs_in(user, found, Slot.SEAL)


def act_of(request: SignedInRequest, found: ClassPeriod) -> Callable[..., SigningOrder]:
    common: dict[str, Any] = {"by": request.user, "class_period": found}
    slot = slot_of(request.user, found)

    def act(**given: Any) -> SigningOrder:
        if permissions.may_decide(request.user, found):
            return signoff.sign_off_class(**common, **given)
        if permissions.may_issue(request.user, found):
            return signoff.issue_class(**common, **given)
        return signing.sign_again(**common, slot=slot, **given)

    return act
