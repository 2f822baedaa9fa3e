"""Around every request: an id for the history, a second run where the database broke it off, and deny by default."""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from hocbaso.lib.once_more import Attempt, current_attempt, passes_by_itself, untouched, with_body_of
from schools.models.recording import RequestContext, current_request
from schools.permissions import needs_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]
ACTIVITY_STEP = 60  # seconds: how finely activity is noted, so that reading does not write the session each time
COME_AGAIN_AFTER = 5  # seconds
log = logging.getLogger(__name__)


class RequestContextMiddleware:
    """Gives each request an id and notes its address, both for the history; the id is also answered, so that a person
    can quote it to support."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())
        token = current_request.set(RequestContext(request_id, get_client_ip(request) or ""))
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-Id"] = request_id
        return response


class OnceMoreMiddleware:
    """A request that the database broke off (a deadlock) is run once more from its beginning, with nothing remembered
    of the first run: session, person, rights and form are read anew. Not where something of it stands already: then,
    and when it is broken off again, the answer is 503, and what was typed stays where it is. Source: house.md §5."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        second, attempt = untouched(request), Attempt()
        response = self._run(request, attempt)
        if attempt.can_be_repeated and with_body_of(second, request):
            response = self._run(second, Attempt())
        return response

    def _run(self, request: HttpRequest, attempt: Attempt) -> HttpResponse:
        with attempt.watched():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not passes_by_itself(exception):
            return None
        attempt = current_attempt.get()
        attempt.broken_off = True
        log.warning("Broken off by the database: %s", getattr(request.resolver_match, "view_name", ""))
        return answer_busy(request, stands=attempt.stands)


class ReadableMiddleware:
    """A person never sees an empty or a foreign answer: a method that an address does not take is answered with a page
    (a script gets JSON), and an address with a NUL in it, which the database could not even compare, with 400."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or any("\x00" in part for pair in _pairs(request.GET) for part in pair):
            raise BadRequest("NUL in the address")
        response = self.get_response(request)
        return _method_page(request, response) if response.status_code == 405 and not response.content else response


def _pairs(query: QueryDict) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, values in query.lists() for value in values)


def _method_page(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    answer: HttpResponse
    if is_of_script(request):
        answer = JsonResponse({"error": "method-not-allowed"}, status=405)
    else:
        answer = render(request, "405.html", status=405)
    answer["Allow"] = refused.get("Allow", "")
    return answer


class AccessMiddleware:
    """Nobody sees anything unless a view says who may (views/access.py); sessions end when idle; roles that need a
    second factor set it up first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        end_idle_session(request)
        access = getattr(view, "access", None)
        if access == "public":
            return None
        if view.__module__.startswith("allauth."):
            return None  # allauth's views decide themselves who is signed in
        if access is None:
            raise PermissionDenied
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if settings.SECOND_FACTOR_REQUIRED and needs_second_factor(request.user):
            return ask_for_second_factor(request)
        return None


def end_idle_session(request: HttpRequest) -> None:
    """A computer left alone in the staff room does not stay signed in. People who chose to stay signed in on their own
    phone (parents, students) are not asked again."""
    if not request.user.is_authenticated or request.session.get("own_device"):
        return
    now, seen = int(time.time()), request.session.get("seen", 0)
    if seen and now - seen > settings.SESSION_IDLE_MINUTES * 60:
        logout(request)
    elif now - seen > ACTIVITY_STEP:
        request.session["seen"] = now


def is_of_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request")) or "application/json" in request.headers.get("Accept", "")


def answer_busy(request: HttpRequest, *, stands: bool) -> HttpResponse:
    """503: a page says what became of what was sent; a script keeps it and sends it again (static/js/sending.js)."""
    if is_of_script(request):
        response: HttpResponse = JsonResponse({"error": "busy"}, status=503)
    else:
        response = render(request, "503.html", {"stands": stands}, status=503)
    response["Retry-After"] = str(COME_AGAIN_AFTER)
    return response


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page goes to the login and comes back; a request of a script gets 401, keeps its page and asks there."""
    if is_of_script(request):
        return JsonResponse({"error": "signed-out", "login": reverse("account_login")}, status=401)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


def ask_for_second_factor(request: HttpRequest) -> HttpResponse | None:
    if Authenticator.objects.filter(user_id=request.user.pk).exclude(type="recovery_codes").exists():
        return None
    return redirect("mfa_index")
