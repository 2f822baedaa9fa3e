"""Rendering and signing, one page a task: primitives in, one call; done twice it does nothing twice."""

import logging

from celery import shared_task

from hocbaso.lib.attempts import MOST, begun_too_often, ended
from records.actions.page_checks import verify_pages as check_files
from records.actions.page_files import sweep_page_files as sweep
from records.actions.pages import render_page as make_file
from records.actions.preparing import prepare_open_classes
from records.actions.signing import carry_out, give_up
from records.actions.waiting import send_again as send_what_waits
from records.models import CellOperation, PageVersion, SigningItem

log = logging.getLogger(__name__)


@shared_task(name="records.render_page")
def render_page(version_id: int) -> None:
    work = f"render_page:{version_id}"
    if begun_too_often(work):
        log.error("Page version %s was begun %s times and never rendered: left alone for an hour.", version_id, MOST)
        return
    make_file(PageVersion.objects.get(pk=version_id))
    ended(work)


@shared_task(name="records.sign_item")
def sign_item(item_id: int) -> None:
    item = SigningItem.objects.select_related("order__by", "order__key", "order__delegation__grantor", "version").get(
        pk=item_id
    )
    work = f"sign_item:{item_id}"
    if begun_too_often(work):
        log.error("Signing item %s was begun %s times and never ended: noted as failed.", item_id, MOST)
        give_up(item)
        return
    carry_out(item)
    ended(work)


@shared_task(name="records.send_again")
def send_again() -> None:
    send_what_waits()


@shared_task(name="records.forget_operations")
def forget_operations() -> None:
    CellOperation.objects.old().delete()


# What may take longer than the queue waits for an answer: told at once that the work is taken, it gives it to nobody
# else. The next day's run does what was left undone.
@shared_task(name="records.sweep_page_files", time_limit=3600, acks_late=False)
def sweep_page_files() -> None:
    sweep()


@shared_task(name="records.verify_pages", time_limit=6 * 3600, acks_late=False)
def verify_pages() -> None:
    check_files(log.error)


@shared_task(name="records.prepare_classes", time_limit=3600, acks_late=False)
def prepare_classes() -> None:
    prepare_open_classes()
