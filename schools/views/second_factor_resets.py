"""A lost second factor: one person asks, another decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools.actions.refusals import Refused
from schools.actions.second_factor import decide_second_factor_reset, request_second_factor_reset
from schools.forms.accounts import ReasonForm
from schools.models import SecondFactorReset, User
from schools.permissions import handles_second_factors, may_decide_second_factor_reset, may_request_second_factor_reset
from schools.views.access import SignedInRequest, allow, get_for, listed


@allow(handles_second_factors)
@require_safe
def reset_list(request: SignedInRequest) -> HttpResponse:
    waiting = listed(request.user, SecondFactorReset).undecided()
    rows = [(reset, may_decide_second_factor_reset(request.user, reset)) for reset in waiting]
    return render(request, "schools/accounts/reset_list.html", {"rows": rows})


@allow(handles_second_factors)
@require_http_methods(["GET", "POST"])
def reset_request(request: SignedInRequest, user_id: UUID) -> HttpResponse:
    person = get_for(request.user, User, user_id, "school", may=may_request_second_factor_reset)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            request_second_factor_reset(by=request.user, account=person, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã gửi đề nghị. Một người khác sẽ quyết định.")
            return redirect("second_factor_resets")
    context = {"person": person, "form": form}
    return render(request, "schools/accounts/reset_request.html", context, status=422 if form.errors else 200)


@allow(handles_second_factors)
@require_POST
def reset_decide(request: SignedInRequest, reset_id: UUID) -> HttpResponse:
    reset = get_for(request.user, SecondFactorReset, reset_id, "user__school", may=may_decide_second_factor_reset)
    approve = request.POST.get("decision") == "approve"
    try:
        decide_second_factor_reset(by=request.user, reset=reset, approve=approve)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = "Đã gỡ lớp bảo vệ thứ hai" if approve else "Đã từ chối đề nghị"
        messages.success(request, f"{words}: {reset.user.full_name}.")
    return redirect("second_factor_resets")
