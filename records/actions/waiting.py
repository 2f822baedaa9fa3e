"""What a worker should have done by now and has not: its message went with the queue, or its work broke off."""

from datetime import timedelta

from django.utils import timezone

from hocbaso.lib.enqueue import enqueue, queue_is_empty
from records.models import PageVersion, SigningItem

LATE = timedelta(minutes=10)


def send_again() -> int:
    """Give the pages without a file and the pages that still wait for an ordered signature to the workers once more,
    if they are late and nothing else waits; done twice, both do nothing twice. A signature whose key is no longer open
    is then shown as not made, and the person orders it again. Returns of how many. Source: ux.md §4 (a job
    goes on without its page)."""
    if not queue_is_empty():
        return 0
    late = timezone.now() - LATE
    pages = PageVersion.objects.alive().filter(file="", created_at__lt=late).values_list("pk", flat=True)
    items = SigningItem.objects.filter(state=SigningItem.State.WAITING, order__created_at__lt=late)
    work = [("records.render_page", key) for key in pages.order_by("pk")]
    work += [("records.sign_item", key) for key in items.order_by("pk").values_list("pk", flat=True)]
    for task, key in work:
        enqueue(task, key)
    return len(work)
