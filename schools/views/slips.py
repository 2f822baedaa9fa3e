"""Activation slips: printed by the school or the Sở, used once by their bearer."""

from typing import Any
from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocbaso.lib.vietnamese import plain
from schools.actions.refusals import Refused
from schools.actions.slips import PrintedSlip, issue_slips, use_slip
from schools.forms.accounts import ActivateForm, ReasonForm
from schools.models import SchoolClass, User
from schools.permissions import keeps_records, manages_accounts, may_issue_slip, may_keep_class
from schools.views.access import SignedInRequest, allow, get_for, listed, public

PEOPLE_A_PAGE = 50


@public
@never_cache
@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    form = ActivateForm(request.POST or None)
    if form.is_bound:
        if limited := consume_or_429(request, action="use_slip", key=request.POST.get("login", "").strip().lower()):
            return limited
        if form.is_valid() and use(request, form):
            return redirect("account_login")
    return render(request, "schools/accounts/activate.html", {"form": form}, status=422 if form.errors else 200)


def use(request: HttpRequest, form: ActivateForm) -> bool:
    chosen = form.cleaned_data
    try:
        use_slip(login=chosen["login"], code=chosen["code"], password=chosen["password1"])
    except Refused as refused:
        form.add_error("code", str(refused))
        return False
    messages.success(request, "Đã đặt mật khẩu. Bây giờ hãy đăng nhập bằng mật khẩu đó.")
    return True


@allow(manages_accounts)
@require_safe
def slip_board(request: SignedInRequest) -> HttpResponse:
    """People one may give slips to: by name, or only those who never came in."""
    people = listed(request.user, User).managed_by(request.user).named_like(plain(request.GET.get("ten", "")))
    if request.GET.get("chua"):
        people = people.never_came_in()
    page = Paginator(people.select_related("school"), PEOPLE_A_PAGE).get_page(request.GET.get("trang"))
    classes = listed(request.user, SchoolClass).of_current_year() if keeps_records(request.user) else []
    return render(request, "schools/accounts/slip_board.html", {"page": page, "classes": classes})


@allow(manages_accounts)
@require_http_methods(["GET", "POST"])
def slip_issue(request: SignedInRequest, user_id: UUID) -> HttpResponse:
    person = get_for(request.user, User, user_id, "school", may=may_issue_slip)
    form = ReasonForm(request.POST or None) if person.password_set_at else None
    if request.method == "POST" and (form is None or form.is_valid()):
        slips = issue_slips(by=request.user, accounts=[person], reason=form.cleaned_data["reason"] if form else "")
        return printed(request, slips)
    context = {"person": person, "form": form}
    return render(request, "schools/accounts/slip_issue.html", context, status=422 if form and form.errors else 200)


@allow(keeps_records)
@require_POST
def slips_of_class(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    """Slips for the parents and students of a class who never came in: for those without a slip that still works, or
    anew for all of them, which takes the power from what was handed out."""
    school_class = get_for(request.user, SchoolClass, class_id, "school", "school_year", may=may_keep_class)
    around = listed(request.user, User).around(school_class).never_came_in().managed_by(request.user)
    chosen = around if request.POST.get("in_lai") else around.without_slip()
    people = list(chosen.select_related("school"))
    held = around.count() - len(people)
    return printed(request, issue_slips(by=request.user, accounts=people), held=held, school_class=school_class)


def printed(request: SignedInRequest, slips: list[PrintedSlip], **around: Any) -> HttpResponse:
    """The codes are on this page and nowhere else: it is not kept by any cache."""
    response = render(request, "schools/accounts/slips_printed.html", {"slips": slips, **around})
    response["Cache-Control"] = "no-store"
    return response
