"""A worker process and Redis as production has them: killed in the middle and begun again, it signs every page exactly
once; without the order of a person it signs nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from records.actions.keys import opened, secrets
from records.actions.page_files import page_path, read_page
from records.actions.signing import sign_as_homeroom
from records.documents.keys import wrapped_for_order
from records.documents.verify import verified
from records.models import PageVersion, Signature, SigningItem, SigningKey, SigningOrder, Slot
from records.tasks import sign_item
from schools.actions.history import verify_history
from schools.models import HistoryEntry
from tests.cast import enrol, make_cast, make_student
from tests.records.term import PIN, Term, fresh, give_keys, make_term, submitted

ROOT = Path(__file__).resolve().parents[2]
# setpriv sees to it that no worker outlives a test run that was killed itself.
WORKER = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "celery", "-A", "hocbaso", "worker",
          "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]  # fmt: skip
PATIENCE = 60  # seconds: on a busy machine a worker is slow, not wrong
PAGES = 5
QUEUE, HELD = "hocbaso:celery", "hocbaso:unacked_index"


def application_url() -> str:
    """How a process of its own reaches the test's database, as the application."""
    url = urlsplit(os.environ["HOCBASO_DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """The product's own settings, the test's database, Redis and files."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hocbaso.settings",
        "HOCBASO_DATABASE_URL": application_url(),
        "HOCBASO_FILES": str(settings.FILES_ROOT),
    }
    process = subprocess.Popen(WORKER, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_whole(process)


def kill_whole(process: subprocess.Popen[bytes]) -> None:
    """As a power cut ends it: the worker and the processes of its pool, without a word to any."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def pool_of(process: subprocess.Popen[bytes]) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    with redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def queued() -> Iterator[None]:
    """What actions start goes to Redis, as in production."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture
def term(transactional_db: None, queued: None, settings: Any, tmp_path: Path) -> Term:
    """A class of five that has been submitted: its pages wait to be rendered."""
    settings.FILES_ROOT = tmp_path / "files"
    cast = make_cast()
    for number in range(PAGES - 2):
        enrol(make_student(cast.school, f"000000010{number}", f"Lê Thị Số {number}"), cast.class_7a)
    term = make_term(cast)
    give_keys(term)
    return submitted(term)


def wait_for_pages() -> None:
    wait_until(lambda: not PageVersion.objects.filter(file="").exists())


def order_all(term: Term) -> None:
    """The homeroom teacher's act, for every page of the class."""
    by = fresh(term.cast.homeroom_teacher)
    sign_as_homeroom(by=by, class_period=term.now(), pin=PIN, shown=term.shown())


def states() -> list[str]:
    return list(SigningItem.objects.order_by("pk").values_list("state", flat=True))


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def held_back(version: PageVersion) -> Iterator[None]:
    """The page's row is held: whoever signs it has written the file, and waits to say so."""
    with psycopg.connect(application_url()) as holder:
        holder.execute("SELECT FROM records_pageversion WHERE id = %s FOR NO KEY UPDATE", [version.pk])
        yield


def wait_for_idleness(broker: redis.Redis) -> None:
    """Nothing in the queue and nothing in anybody's hands, for a while: between the two a message is in neither."""
    for _ in range(5):
        wait_until(lambda: not broker.llen(QUEUE) and not broker.zcard(HELD))
        time.sleep(0.1)


def visibility_passes(broker: redis.Redis) -> None:
    """What a dead worker held is given to another when Celery's ``visibility_timeout`` is over: the clock of what is
    held is set back by as much."""
    passed = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] + 1
    for tag, since in broker.zrange(HELD, 0, -1, withscores=True):
        broker.zadd(HELD, {tag: since - passed})


def assert_signed_once(term: Term) -> None:
    versions = PageVersion.objects.of(term.class_period)
    assert [one.state for one in versions] == [PageVersion.State.BY_HOMEROOM] * PAGES
    assert list(Signature.objects.order_by("version").values_list("slot", flat=True)) == [Slot.HOMEROOM] * PAGES
    for version in versions:
        verdict = verified(read_page(version), [term.authority.certificate])
        assert [fact.reason for fact in verdict.signatures] == ["Giáo viên chủ nhiệm xác nhận"]
    entries = HistoryEntry.objects.filter(table="records_signature")
    assert {one.actor for one in entries} == {term.cast.homeroom_teacher}
    assert (len(entries), verify_history().faults) == (PAGES, [])


def test_worker_killed_in_the_middle_signs_every_page_once(term, broker):
    with worker() as first:
        wait_for_pages()
        with held_back(PageVersion.objects.of(term.class_period)[2]):
            order_all(term)
            wait_until(lambda: waiting_for_locks() >= 2)
            kill_whole(first)
    done = states().count("XONG")
    assert 0 < done < PAGES
    assert Signature.objects.count() == done
    with worker():
        visibility_passes(broker)
        wait_until(lambda: states() == ["XONG"] * PAGES)
        assert_signed_once(term)
        files = {version.pk: page_path(version) for version in PageVersion.objects.all()}
        for item in SigningItem.objects.all():
            sign_item.delay(item.pk)
        wait_for_idleness(broker)
    assert {version.pk: page_path(version) for version in PageVersion.objects.all()} == files
    assert_signed_once(term)


def forged(term: Term) -> SigningItem:
    """An order that nobody gave, written past the program."""
    version, teacher = PageVersion.objects.of(term.class_period)[0], term.cast.homeroom_teacher
    key = SigningKey.objects.get(user=teacher)
    order = SigningOrder.objects.create(
        by=teacher, slot=Slot.HOMEROOM, class_period=term.class_period, key=key, salt=bytes(32)
    )
    return SigningItem.objects.create(order=order, version=version, shown_digest=version.original_digest)


def failure_of(item: SigningItem, broker: redis.Redis) -> str:
    """What the worker says of it."""
    sign_item.delay(item.pk)
    wait_for_idleness(broker)
    item.refresh_from_db()
    assert item.state == SigningItem.State.FAILED
    return item.failure


def test_worker_signs_by_an_order_alone_and_goes_on_when_its_processes_are_killed(term, broker):
    """Without an order's key, or with one that was opened for something else, nothing is signed. Processes are killed
    as the system does when memory runs out: the pages they held are signed by others, at once."""
    with worker() as running:
        wait_for_pages()
        item = forged(term)
        assert failure_of(item, broker) == "Khóa không còn mở cho lệnh kí này. Hãy kí lại những trang chưa xong."
        private_key = opened(SigningKey.objects.get(user=term.cast.homeroom_teacher), PIN)
        other = wrapped_for_order(private_key, order_id="lệnh khác", salt=bytes(32), secret=secrets()[0])
        cache.set(f"signing-order:{item.order.public_id}", other, 60)
        assert failure_of(item, broker) == "Khóa không mở cho lệnh kí này."
        assert not Signature.objects.exists()
        with held_back(PageVersion.objects.of(term.class_period)[0]):
            order_all(term)
            wait_until(lambda: waiting_for_locks() >= 2)
            for pid in pool_of(running):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: sorted(states()) == ["LOI"] + ["XONG"] * PAGES)
    assert_signed_once(term)
