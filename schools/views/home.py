"""One home page per person: what is to be done first, each item a link to where it is done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.views.access import SignedInRequest, signed_in
from schools.views.to_do import classes_of, to_do_of


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    context = {
        "to_do": to_do_of(request.user),
        "classes": classes_of(request.user),
        "slips": request.user.slips.to_be_told(),
    }
    return render(request, "schools/home.html", context)
