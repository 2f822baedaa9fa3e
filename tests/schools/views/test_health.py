"""Alive, and ready: what is missing is named."""

from django.core.cache import cache
from django.urls import reverse

from schools.tasks import WORKER_ALIVE, note_worker


def test_alive_needs_nothing(client):
    assert client.get(reverse("healthz")).content == b"ok\n"


def test_ready_when_all_parts_answer(client, db):
    note_worker()
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "redis": True, "worker": True, "fonts": True},
    )


def test_worker_that_fell_silent_is_named(client, db):
    cache.delete(WORKER_ALIVE)
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_lost_redis_is_named_and_breaks_nothing(client, db, settings, tmp_path):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/none.sock"}}
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()["redis"], response.json()["database"]) == (503, False, True)
