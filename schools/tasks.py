"""Work done later or daily: primitives in, one call."""

from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from schools.actions import history, reads_retention
from schools.actions.imports import forgetting

WORKER_ALIVE = "worker-alive"


@worker_ready.connect
@heartbeat_sent.connect
def note_worker(**kwargs: Any) -> None:
    """A worker says every two seconds that it lives; the note outlives a few missed beats."""
    cache.set(WORKER_ALIVE, "1", 20)


@shared_task(name="schools.anchor_history")
def anchor_history() -> None:
    history.anchor_history(on=timezone.localdate())


@shared_task(name="schools.make_read_months")
def make_read_months() -> None:
    reads_retention.make_read_months()


@shared_task(name="schools.forget_previews")
def forget_previews() -> None:
    forgetting.forget_previews(now=timezone.now())


@shared_task(name="schools.clear_sessions")
def clear_sessions() -> None:
    call_command("clearsessions")
