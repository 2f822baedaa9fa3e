"""One's own account, and the session as scripts see it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from schools.actions.accounts import change_contact, deactivate, reactivate
from schools.actions.refusals import Refused
from schools.context import role_words
from schools.forms.accounts import ContactForm, ReasonForm
from schools.models import Delegation, User
from schools.permissions import manages_accounts, may_manage_account
from schools.views.access import SignedInRequest, allow, get_for, listed, public, signed_in


@signed_in
@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    received = listed(request.user, Delegation).valid().filter(grantee=request.user).select_related("grantor", "school")
    return render(request, "schools/accounts/account.html", {"roles": role_words(request.user), "received": received})


@signed_in
@reauthentication_required
@require_http_methods(["GET", "POST"])
def contact(request: SignedInRequest) -> HttpResponse:
    now = {"phone": request.user.phone or "", "email": request.user.email or ""}
    form = ContactForm(request.POST or None, initial=now)
    if form.is_bound and form.is_valid():
        try:
            change_contact(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã lưu thông tin liên lạc.")
            return redirect("account")
    return render(request, "schools/accounts/contact.html", {"form": form}, status=422 if form.errors else 200)


@allow(manages_accounts)
@require_http_methods(["GET", "POST"])
def account_close(request: SignedInRequest, user_id: UUID) -> HttpResponse:
    person = get_for(request.user, User, user_id, "school", may=may_manage_account)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        act, done = (deactivate, "khóa") if person.is_active else (reactivate, "mở lại")
        try:
            act(by=request.user, account=person, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã {done} tài khoản của {person.full_name}.")
            return redirect("slip_board")
    context = {"person": person, "form": form}
    return render(request, "schools/accounts/close.html", context, status=422 if form.errors else 200)


@public
@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """For a page that stayed open: is somebody signed in, who, and the token of now. Asking is no activity."""
    person = request.user if isinstance(request.user, User) else None
    answer = {"signed_in": person is not None, "user": str(person.public_id) if person else None}
    return JsonResponse(answer | {"csrf": get_token(request)})
