"""Which errors pass by themselves, and a task that meets one."""

import pytest
from celery import current_app, shared_task
from django.db import DatabaseError, OperationalError
from psycopg import errors

from hocbaso.lib.once_more import passes_by_itself

runs: list[int] = []


def broken_off(cause: Exception) -> OperationalError:
    """As Django hands on what the driver raised."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@shared_task(name="tests.broken_off")
def task(cause: str, times: int) -> None:
    runs.append(1)
    if len(runs) <= times:
        raise broken_off(getattr(errors, cause)())


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (broken_off(errors.DeadlockDetected()), True),
        (broken_off(errors.SerializationFailure()), True),
        (errors.DeadlockDetected(), True),
        (broken_off(errors.QueryCanceled()), False),
        (broken_off(errors.UniqueViolation()), False),
        (DatabaseError(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_only_what_the_database_broke_off_passes(error, passes):
    assert passes_by_itself(error) is passes


@pytest.mark.parametrize(("times", "state"), [(0, "SUCCESS"), (1, "SUCCESS"), (3, "SUCCESS"), (4, "FAILURE")])
def test_task_comes_again_three_times(times, state, monkeypatch):
    monkeypatch.setitem(current_app.conf, "task_eager_propagates", False)  # a worker does not either
    runs.clear()
    assert task.apply(["DeadlockDetected", times], throw=False).state == state
    assert len(runs) == min(times, 3) + 1


def test_task_that_failed_otherwise_does_not_come_again():
    runs.clear()
    with pytest.raises(OperationalError):
        task.delay("QueryCanceled", 1)
    assert len(runs) == 1
