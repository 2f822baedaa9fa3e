"""Is the program alive, and can it work? For the machine that watches, and for ``./run demo``."""

from collections.abc import Callable
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from schools.tasks import WORKER_ALIVE
from schools.views.access import public

TINOS = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def redis_answers() -> bool:
    cache.set("readyz", "1", 5)
    return cache.get("readyz") == "1"


def worker_lives() -> bool:
    return cache.get(WORKER_ALIVE) is not None


PARTS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "redis": redis_answers,
    "worker": worker_lives,
    "fonts": TINOS.exists,
}


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, Redis, worker and fonts are there: 200, or 503 naming what is missing."""
    parts = {name: _works(check) for name, check in PARTS.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever is broken, the answer is “not ready”, never an error page
        return False
