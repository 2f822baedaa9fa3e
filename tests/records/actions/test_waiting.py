"""What a worker should have done and did not is sent again: a lost queue leaves nobody waiting without end."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache

from hocbaso.lib.attempts import MOST, begun_too_often
from hocbaso.lib.enqueue import queue_is_empty
from records.actions import waiting
from records.actions.pages import render_page
from records.actions.signing import sign_as_homeroom
from records.actions.waiting import send_again
from records.models import PageVersion, Signature, SigningItem
from records.tasks import render_page as render_task
from records.tasks import send_again as every_ten_minutes
from records.tasks import sign_item
from tests.records.term import PIN, Term, fresh, give_keys


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
def ordered(term: Term, handed_in: Term) -> Term:
    """Two pages, rendered; their signatures are ordered, and no worker has heard of it."""
    give_keys(term)
    for version in PageVersion.objects.all():
        render_page(version)
    by = fresh(term.cast.homeroom_teacher)
    sign_as_homeroom(by=by, class_period=term.now(), pin=PIN, shown=term.shown())
    return term


def files() -> int:
    return PageVersion.objects.exclude(file="").count()


def test_pages_without_a_file_are_rendered(term, handed_in, at_once, django_capture_on_commit_callbacks):
    give_keys(term)
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


def test_busy_queue_is_left_alone(term, handed_in, at_once, busy):
    assert (queue_is_empty(), send_again()) == (False, 0)


def test_empty_queue_is_empty(db):
    assert queue_is_empty()


# -- Work that breaks off each time -----------------------------------------------------------------------------------
def broken_off(work: str) -> None:
    """As often as it may be: its process is killed each time it is begun."""
    for _ in range(MOST):
        assert not begun_too_often(work)


def test_signing_that_breaks_off_each_time_is_told_as_not_made_and_can_be_ordered_again(ordered):
    first, second = SigningItem.objects.order_by("pk")
    broken_off(f"sign_item:{first.pk}")
    for item in (first, second):
        sign_item(item.pk)
        item.refresh_from_db()
    assert (first.state, second.state) == ("LOI", "XONG")
    assert "nhiều lần mà lần nào cũng bị ngắt" in first.failure
    by = fresh(ordered.cast.homeroom_teacher)
    again = sign_as_homeroom(by=by, class_period=ordered.now(), pin=PIN, shown=ordered.shown())
    sign_item(again.items.get().pk)
    assert Signature.objects.count() == 2


def test_page_that_breaks_off_each_time_is_left_alone(term, handed_in, caplog):
    first, second = PageVersion.objects.of(term.class_period).order_by("pk")
    broken_off(f"render_page:{first.pk}")
    for version in (first, second):
        render_task(version.pk)
    assert list(PageVersion.objects.filter(file="")) == [first]
    assert f"Page version {first.pk} was begun 5 times" in caplog.text
