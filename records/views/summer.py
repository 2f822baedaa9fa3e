"""The room of the summer: whose year waits for it, and one student's page, on which everybody writes what is theirs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from records import permissions
from records.actions import summer
from records.documents.words import LEVELS, PROMOTIONS
from records.forms.signing import PinForm
from records.forms.summer import ItemForm, SummerReturnForm
from records.models import ClassPeriod, SigningItem, Slot
from records.models.summer_cases import SummerCase, summer_case
from records.models.summer_lists import held_in, held_taught
from records.rules.summer import Item
from records.rules.tt27 import RESULT_WORDS
from records.views.cells import number_in
from records.views.class_periods import shown_in
from records.views.summer_words import item_form, item_name, item_value, shown_items, why_now
from schools.actions.reads import note_look
from schools.actions.refusals import Refused
from schools.models import Student
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import add_faults, personal

A_PAGE = 100
STEPS = {
    "": "Đang ghi kết quả",
    "CHUAN_BI": "Chờ giáo viên chủ nhiệm kí",
    "GVCN_DA_KI": "Chờ hiệu trưởng duyệt, kí",
    "HT_DA_KI": "Chờ đóng dấu, phát hành",
}


@allow(permissions.sees_sheets)
@require_safe
@personal
def summer_list(request: SignedInRequest) -> HttpResponse:
    """Everybody whose year waits for the summer, in the classes one leads, keeps, directs or oversees; and of those one
    teaches, who has to be assessed again in the own subject."""
    page = Paginator(held_in(listed(request.user, ClassPeriod)), A_PAGE).get_page(request.GET.get("trang"))
    rows = [(one, PROMOTIONS[one.promotion], STEPS[one.page_state or ""]) for one in page]
    context = {"rows": rows, "page": page, "taught": held_taught(request.user)}
    return render(request, "records/summer/list.html", context)


@allow(permissions.sees_sheets)
@require_safe
@personal
def summer_student(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> HttpResponse:
    case = found_case(request, class_period_id, student_id)
    note_look(by=request.user, student=case.student)
    return shown_case(request, case)


def found_case(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> SummerCase:
    """The student's case, where the person may see something of it; else as if there were none."""
    related = ("school_class__school_year", "school_class__school", "period__school_year", "school", "school_year")
    student = get_for(request.user, Student, student_id, "school")
    found = get_for(request.user, ClassPeriod, class_period_id, *related, sees=permissions.sees_class_in_summer)
    case = summer_case(found, student)
    if case is None or not (whole(request, case) or shown_items(case, request.user)):
        raise Http404
    return case


def whole(request: SignedInRequest, case: SummerCase) -> bool:
    return permissions.sees_whole_case(request.user, case.class_period)


def shown_case(
    request: SignedInRequest, case: SummerCase, *, bound: ItemForm | None = None, pin: PinForm | None = None,
    returning: SummerReturnForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    sees_all = whole(request, case)
    slot = permissions.may_sign_summer(request.user, case)
    pin = pin or PinForm()
    if slot == Slot.SEAL:
        pin.fields["pin"].label = "Mã PIN của con dấu số"
    context: dict[str, Any] = {
        "case": case,
        "class_period": case.class_period,
        "items": shown_items(case, request.user, bound),
        "whole": sees_all,
        "window_is_open": permissions.summer_is_open(case.class_period),
        "year_words": year_words(case),
        "now_words": now_words(case),
        "why_now": why_now(case) if sees_all else [],
        "entries": entries_in_words(case) if sees_all else [],
        "may_conclude": case.page is None and permissions.leads(request.user, case.class_period),
        "why_not": summer.why_not_concluded(case),
        "conclusion": PROMOTIONS[case.promotion],
        "left": [item_name(case, item) for item in case.not_assessed],
        "slot": slot,
        "waiting": [case.page] if slot and case.page and case.page.is_rendered and not signing(case) else [],
        "is_busy": case.page is not None and (not case.page.is_rendered or signing(case)),
        "failed": failed(case),
        "form": pin,
        "may_return": may_return(request, case),
        "returning": returning or SummerReturnForm(),
    }
    return render(request, "records/summer/student.html", context, status=status)


def may_return(request: SignedInRequest, case: SummerCase) -> bool:
    before = case.page is not None and case.page.state in ("CHUAN_BI", "GVCN_DA_KI")
    return before and permissions.signs_in(request.user, case.class_period, Slot.PRINCIPAL)


def signing(case: SummerCase) -> bool:
    """Whether a worker still has an order of this page before it."""
    return case.page is not None and case.page.items.filter(state=SigningItem.State.WAITING).exists()


def failed(case: SummerCase) -> str:
    """Why the page could not be signed, by the last order; "" where it could."""
    last = case.page.items.order_by("id").last() if case.page else None
    return last.failure if last is not None and last.state == SigningItem.State.FAILED else ""


def year_words(case: SummerCase) -> list[tuple[str, str]]:
    """What the year came to before the summer."""
    level = case.record.learning["final"]
    words = [("Kết quả " + ("giáo dục" if case.is_primary else "học tập"), {**LEVELS, **RESULT_WORDS}[level])]
    if case.record.conduct:
        words.append(("Kết quả rèn luyện", LEVELS[case.record.conduct]))
    return [*words, ("Nghỉ học", f"{case.record.absences} {'ngày' if case.is_primary else 'buổi'}"),
            ("Cuối năm", PROMOTIONS[case.record.promotion])]  # fmt: skip


def now_words(case: SummerCase) -> list[tuple[str, str]]:
    """What the year comes to with what is written now."""
    outcome, words = case.outcome, []
    if outcome.learning:
        level = {**LEVELS, **RESULT_WORDS}[str(outcome.learning["final"])]
        words.append(("Kết quả " + ("giáo dục" if case.is_primary else "học tập"), level))
    if outcome.conduct:
        words.append(("Kết quả rèn luyện", LEVELS[outcome.conduct]))
    return [*words, ("Kết luận", PROMOTIONS[case.promotion])]


def entries_in_words(case: SummerCase) -> list[tuple[Any, str, str]]:
    """Everything that was written, the newest first: entry, about what, value in words."""
    return [(one, *entry_words(case, one)) for one in reversed(case.entries)]


def entry_words(case: SummerCase, one: Any) -> tuple[str, str]:
    if one.version_id:
        return one.get_kind_display(), PROMOTIONS.get(one.value, "")
    item = (one.kind, one.code)
    return item_name(case, item), item_value(case, item, one.value) or "bỏ, đã ghi nhầm"


# -- Acts -------------------------------------------------------------------------------------------------------------
@allow(permissions.sees_sheets)
@require_POST
@personal
def summer_write(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> HttpResponse:
    """One item, by its own form: what is refused stays typed in its place."""
    case = found_case(request, class_period_id, student_id)
    item = posted_item(request, case)
    form = item_form(case, item, request.POST)
    form.is_valid()
    if not form.errors:
        try:
            summer.write_item(
                by=request.user, class_period=case.class_period, student=case.student, item=item,
                typed=form.cleaned_data["typed"], note=form.cleaned_data.get("note", ""),
                seen=number_in(request.POST.get("buoc", "")),
            )  # fmt: skip
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã ghi: {item_name(case, item)}.")
            return redirect("summer_student", class_period_id, student_id)
    return shown_case(request, found_case(request, class_period_id, student_id), bound=form, status=422)


def posted_item(request: SignedInRequest, case: SummerCase) -> Item:
    """The item the form is about; 404 for one that is neither due nor written, or not this person's to see."""
    item = (request.POST.get("viec", ""), request.POST.get("ma", ""))
    if not any(one.item == item for one in shown_items(case, request.user)):
        raise Http404
    return item


@allow(permissions.leads_class)
@require_POST
@personal
def summer_conclude(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> HttpResponse:
    case = found_case(request, class_period_id, student_id)
    try:
        summer.conclude(
            by=request.user, class_period=case.class_period, student=case.student,
            seen=number_in(request.POST.get("buoc", "")), nothing_more=request.POST.get("khong_lam") == "1",
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã lập trang sau kì nghỉ hè của {case.student}. Hãy xem trang rồi kí.")
    return redirect("summer_student", class_period_id, student_id)


@allow(permissions.signs_off)
@require_POST
@personal
def summer_return(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> HttpResponse:
    case = found_case(request, class_period_id, student_id)
    form = SummerReturnForm(request.POST)
    if form.is_valid():
        try:
            summer.return_summer_page(
                by=request.user, class_period=case.class_period, student=case.student,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, f"Đã trả lại trang của {case.student}.")
            return redirect("summer_student", class_period_id, student_id)
    return shown_case(request, case, returning=form, status=422)


@allow(permissions.sees_sheets)
@require_POST
@personal
def summer_sign(request: SignedInRequest, class_period_id: UUID, student_id: UUID) -> HttpResponse:
    case = found_case(request, class_period_id, student_id)
    form = PinForm(request.POST)
    if form.is_valid():
        try:
            summer.sign_summer_page(
                by=request.user, class_period=case.class_period, student=case.student,
                pin=form.cleaned_data["pin"], shown=shown_in(request.POST),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("summer_student", class_period_id, student_id)
    return shown_case(request, case, pin=form, status=422)
