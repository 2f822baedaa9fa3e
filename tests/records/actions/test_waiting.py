"""What a worker should have done and did not is sent again: a lost queue leaves nobody waiting without end."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache

from hocbaso.lib.enqueue import queue_is_empty
from records.actions import waiting
from records.actions.pages import render_page
from records.actions.signing import sign_as_homeroom
from records.actions.waiting import send_again
from records.models import PageVersion, Signature, SigningItem
from records.tasks import send_again as every_ten_minutes
from tests.records.term import PIN, Term, fresh, give_keys, submitted


@pytest.fixture
def at_once(monkeypatch):
    """Whatever waits is late."""
    monkeypatch.setattr(waiting, "LATE", timedelta(seconds=-1))


@pytest.fixture
def busy():
    """A message that waits for a worker, as in production."""
    current_app.conf.task_always_eager = False
    current_app.send_task("records.render_page", [0])
    yield
    current_app.conf.task_always_eager = True
    with current_app.connection_for_write() as link:
        link.default_channel.queue_purge(current_app.conf.task_default_queue)


@pytest.fixture
def ordered(term: Term) -> Term:
    """Two pages, rendered; their signatures are ordered, and no worker has heard of it."""
    give_keys(submitted(term))
    for version in PageVersion.objects.all():
        render_page(version)
    by = fresh(term.cast.homeroom_teacher)
    sign_as_homeroom(by=by, class_period=term.now(), pin=PIN, shown=term.shown())
    return term


def files() -> int:
    return PageVersion.objects.exclude(file="").count()


def test_pages_without_a_file_are_rendered(term, at_once, django_capture_on_commit_callbacks):
    give_keys(submitted(term))
    with django_capture_on_commit_callbacks(execute=True):
        assert send_again() == 2
    assert (files(), send_again()) == (2, 0)


def test_ordered_signatures_are_made_once(ordered, at_once, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert send_again() == 2
    assert (Signature.objects.count(), send_again()) == (2, 0)


def test_order_whose_key_went_with_the_queue_is_told_as_not_signed(
    ordered, at_once, django_capture_on_commit_callbacks
):
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):
        every_ten_minutes()
    told = set(SigningItem.objects.values_list("state", "failure"))
    assert told == {("LOI", "Khóa không còn mở cho lệnh kí này. Hãy kí lại những trang chưa xong.")}


def test_what_is_not_late_is_left_to_the_worker(ordered):
    assert send_again() == 0


def test_busy_queue_is_left_alone(term, at_once, busy):
    submitted(term)
    assert (queue_is_empty(), send_again()) == (False, 0)


def test_empty_queue_is_empty(db):
    assert queue_is_empty()
