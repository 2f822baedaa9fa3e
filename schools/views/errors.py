"""Answers when something is refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schools.views.access import public


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or comes from elsewhere; what was typed is still in the browser's history."""
    return render(request, "403_csrf.html", status=403)
