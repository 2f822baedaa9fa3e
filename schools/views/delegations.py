"""One person lets another act, for a time and for a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools.actions.delegations import delegate, revoke_delegation
from schools.actions.refusals import Refused
from schools.forms.province import DelegationForm
from schools.models import Delegation, School, TeachingAssignment, User
from schools.permissions import administers_province, gives_delegations, may_delegate, may_revoke_delegation
from schools.views.access import SignedInRequest, allow, get_for, listed

DELEGATIONS_A_PAGE = 50


@allow(gives_delegations)
@require_safe
def delegation_list(request: SignedInRequest) -> HttpResponse:
    delegations = listed(request.user, Delegation).with_validity().in_words()
    page = Paginator(delegations, DELEGATIONS_A_PAGE).get_page(request.GET.get("trang"))
    rows = [(one, may_revoke_delegation(request.user, one)) for one in page]
    return render(request, "schools/office/delegations.html", {"rows": rows, "page": page})


@allow(gives_delegations)
@require_http_methods(["GET", "POST"])
def delegation_new(request: SignedInRequest) -> HttpResponse:
    schools = listed(request.user, School).delegated_by(request.user)
    form = DelegationForm(
        request.POST or None,
        kinds=[kind for kind in Delegation.Kind if any(may_delegate(request.user, kind, one) for one in schools[:1])],
        schools=schools,
        people=people_for(request),
        taught=listed(request.user, TeachingAssignment).today().of_schools(schools),
    )
    if form.is_bound and form.is_valid():
        try:
            made = delegate(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Đã ủy quyền cho {made.grantee.full_name}.")
            return redirect("delegation_list")
    return render(request, "schools/office/delegation_new.html", {"form": form}, status=422 if form.errors else 200)


def people_for(request: SignedInRequest) -> Any:
    """Whom one may choose: the own school's people; for the Sở its own."""
    people = listed(request.user, User).filter(is_active=True).exclude(pk=request.user.pk)
    return people.filter(school=None) if administers_province(request.user) else people.with_school_role()


@allow(gives_delegations)
@require_POST
def delegation_revoke(request: SignedInRequest, delegation_id: UUID) -> HttpResponse:
    found = get_for(request.user, Delegation, delegation_id, "school", "grantee", may=may_revoke_delegation)
    try:
        revoke_delegation(by=request.user, delegation=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã thu hồi ủy quyền của {found.grantee.full_name}.")
    return redirect("delegation_list")
