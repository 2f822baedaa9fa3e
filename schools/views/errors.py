"""Answers when something is refused."""

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from schools.middleware import is_of_script
from schools.views.access import public

WHY: dict[type[Exception], str] = {
    TooManyFieldsSent: "Biểu mẫu gửi lên có quá nhiều ô. Hãy gửi từng phần.",
    TooManyFilesSent: "Có quá nhiều tệp trong một lần gửi. Hãy gửi từng tệp.",
    RequestDataTooBig: "Dữ liệu gửi lên quá lớn. Hãy gửi từng phần.",
}


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or comes from elsewhere; what was typed is still in the browser's history."""
    return render(request, "403_csrf.html", status=403)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be read at all, with the reason in Vietnamese where a person can do something about it; a script gets
    JSON as always."""
    why = WHY.get(type(exception), "") if isinstance(exception, SuspiciousOperation | BadRequest) else ""
    if is_of_script(request):
        return JsonResponse({"error": "bad-request", "message": why}, status=400)
    return render(request, "400.html", {"why": why}, status=400)
