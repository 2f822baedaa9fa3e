"""One's signing key and the school's seal: whose it is, until when, and changing its PIN."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from records import permissions
from records.actions.keys import change_pin, holds
from records.forms.signing import ChangePinForm
from records.models import SigningKey
from schools.actions.refusals import Refused
from schools.views.access import SignedInRequest, allow, get_for, listed


@allow(permissions.holds_key)
@require_safe
def key_list(request: SignedInRequest) -> HttpResponse:
    keys = listed(request.user, SigningKey).select_related("user", "school")
    return render(request, "records/keys/list.html", {"keys": keys})


@allow(permissions.holds_key)
@require_http_methods(["GET", "POST"])
def key_pin(request: SignedInRequest, key_id: UUID) -> HttpResponse:
    key = get_for(request.user, SigningKey, key_id, "user", "school", may=holds)
    form = ChangePinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        pins = {"pin": form.cleaned_data["pin"], "new_pin": form.cleaned_data["new_pin"]}
        try:
            change_pin(by=request.user, signing_key=key, **pins)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã đổi mã PIN.")
            return redirect("key_list")
    return render(request, "records/keys/pin.html", {"form": form, "key": key}, status=422 if form.errors else 200)
