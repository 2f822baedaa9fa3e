"""Rendering and signing, one page a task: primitives in, one call; done twice it does nothing twice."""

import logging

from celery import shared_task

from records.actions.page_checks import verify_pages as check_files
from records.actions.page_files import sweep_page_files as sweep
from records.actions.pages import render_page as make_file
from records.actions.preparing import prepare_open_classes
from records.actions.signing import carry_out
from records.actions.waiting import send_again as send_what_waits
from records.models import CellOperation, PageVersion, SigningItem


@shared_task(name="records.render_page")
def render_page(version_id: int) -> None:
    make_file(PageVersion.objects.get(pk=version_id))


@shared_task(name="records.sign_item")
def sign_item(item_id: int) -> None:
    carry_out(
        SigningItem.objects.select_related("order__by", "order__key", "order__delegation__grantor", "version").get(
            pk=item_id
        )
    )


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
    check_files(logging.getLogger(__name__).error)


@shared_task(name="records.prepare_classes", time_limit=3600, acks_late=False)
def prepare_classes() -> None:
    prepare_open_classes()
