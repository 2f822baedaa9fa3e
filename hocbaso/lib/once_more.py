"""What the database breaks off although nobody did anything wrong: two transactions that wait for each other, or that
came between one another. It has undone all of the one it broke off; the same work, begun anew, goes through.

A request comes again by schools.middleware.OnceMoreMiddleware, a task by its class here.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import Task
from django.db import DatabaseError, connection
from django.http import HttpRequest

DEADLOCK, SERIALIZATION = "40P01", "40001"
BODY = ("_body", "_post", "_files")  # where Django keeps what it has read of a request


def passes_by_itself(error: BaseException | None) -> bool:
    """Whether the database broke the work off for no fault of its own, or the error came of one that did."""
    while error is not None:
        if getattr(error, "sqlstate", None) in {DEADLOCK, SERIALIZATION}:
            return True
        error = error.__cause__
    return False


class Attempt:
    """One run of a request: whether it was broken off, and whether anything it wrote stands for good. What wrote in two
    transactions and was broken off in the second must not be run again from its beginning."""

    def __init__(self) -> None:
        self.broken_off = False
        self.stands = False

    @property
    def can_be_repeated(self) -> bool:
        return self.broken_off and not self.stands

    @contextmanager
    def watched(self) -> Iterator[None]:
        token = current_attempt.set(self)
        try:
            with connection.execute_wrapper(self._see):
                yield
        finally:
            current_attempt.reset(token)

    def _see(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if str(sql).lstrip(" (\n")[:6].upper() == "SELECT":
            return execute(sql, params, many, context)
        if connection.in_atomic_block:
            connection.on_commit(self._note)  # forgotten by the database's own undoing
            return execute(sql, params, many, context)
        result = execute(sql, params, many, context)
        self._note()
        return result

    def _note(self) -> None:
        self.stands = True


current_attempt: ContextVar[Attempt] = ContextVar("current_attempt")


def untouched(request: HttpRequest) -> HttpRequest:
    """A second request as this one is now, before session, person and messages have been laid into it."""
    second = type(request).__new__(type(request))
    vars(second).update(vars(request))
    return second


def with_body_of(request: HttpRequest, used: HttpRequest) -> bool:
    """Give the request what was read from the wire for the one that was used: it can be read there only once. False
    where it was not kept."""
    kept = {name: value for name, value in vars(used).items() if name in BODY}
    files = [file for _, group in kept["_files"].lists() for file in group] if "_files" in kept else []
    if any(file.closed for file in files) or (used._read_started and not kept):  # type: ignore[attr-defined]
        return False
    for file in files:
        file.seek(0)
    vars(request).update(kept)
    return True


class RepeatedTask(Task):
    """A task that the database broke off comes again some seconds later, three times at most: nobody else would do it.
    Tasks are idempotent."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.run(*args, **kwargs)
        except DatabaseError as error:
            if not passes_by_itself(error):
                raise
            raise self.retry(exc=error, countdown=random.uniform(1, 5), max_retries=3) from error  # noqa: S311
