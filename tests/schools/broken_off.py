"""Addresses of tests, beside the product's: work that the database breaks off, really or at its word."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from schools.models import Student
from schools.models.recording import recorded
from schools.views.access import public

RAISE = "DO $$ BEGIN RAISE EXCEPTION 'broken off' USING ERRCODE = '%s'; END $$"
runs: list[str] = []
both_hold_one = Barrier(2)


def break_off(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAISE % code)


@public
def crossing(request: HttpRequest) -> HttpResponse:
    """Changes two students in the order posted; in the first runs of two requests each waits until the other holds its
    first."""
    first, second = request.POST.getlist("student")
    runs.append(first)
    with recorded(None, "test"):
        Student.objects.filter(pk=first).update(address=f"first: {first}")
        with suppress(BrokenBarrierError):
            both_hold_one.wait(timeout=10)
        both_hold_one.abort()  # a second run meets nobody
        Student.objects.filter(pk=second).update(address=f"second: {second}")
    return HttpResponse("done")


@public
def broken(request: HttpRequest, code: str, times: int, student: int) -> HttpResponse:
    """Changes a student, and is broken off the first ``times`` times."""
    request.session["seen by"] = request.session.get("seen by", 0) + 1
    runs.append(request.POST.get("note", "") + "".join(file.read().decode() for file in request.FILES.values()))
    with recorded(None, "test"):
        Student.objects.filter(pk=student).update(address=f"run {len(runs)}")
        if len(runs) <= times:
            break_off(code)
    return HttpResponse(f"session: {request.session['seen by']}")


@public
def broken_in_the_second_half(request: HttpRequest, student: int) -> HttpResponse:
    runs.append("")
    with recorded(None, "test"):
        Student.objects.filter(pk=student).update(address=f"run {len(runs)}")
    with recorded(None, "test"):
        break_off("40P01")
    return HttpResponse("done")


urlpatterns = [
    path("", include("hocbaso.urls")),
    path("thu/cheo/", crossing),
    path("thu/<str:code>/<int:times>/<int:student>/", broken),
    path("thu/nua/<int:student>/", broken_in_the_second_half),
]
