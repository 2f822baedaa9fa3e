"""Start a task by its name after the transaction has been committed.

Actions stand below tasks in the layers, so they name a task instead of importing it; a test asserts that every name
given here exists in Celery's registry.
"""

from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction


def enqueue(task_name: str, *args: Any) -> None:
    """Send the task to the workers once the surrounding transaction is committed; nothing is sent on rollback."""
    if task_name not in current_app.tasks:
        current_app.loader.import_default_modules()  # a web process has not needed them so far
    if task_name not in current_app.tasks:
        raise LookupError(f"No Celery task is called “{task_name}”.")
    transaction.on_commit(partial(current_app.tasks[task_name].delay, *args))


def queue_is_empty() -> bool:
    """Whether no task waits for a worker: what should have been done and is not, nobody will do by itself."""
    with current_app.connection_for_read() as link:
        channel: Any = link.default_channel
        return int(channel.client.llen(current_app.conf.task_default_queue)) == 0
