"""Measuring honestly: CPU of this process, PostgreSQL's time beside it, limits scaled by a reference loop run before
and after. A busy machine makes everything slower by a like factor; only what is slower than the loop says is a miss."""

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

# What the loop takes on a quiet core of the machine the limits were set on.
REFERENCE_MS = 28.0


@dataclass
class Figure:
    """One line: name, value, unit, and the limit if the issue sets one ("<=12", ">=3")."""

    name: str
    value: float
    unit: str
    limit: str = ""

    def line(self) -> str:
        return " ".join(part for part in (self.name, f"{self.value:.4g}", self.unit, self.limit) if part)


@dataclass
class Cost:
    """What one round took: CPU of Python in ms, time spent waiting for PostgreSQL in ms, queries."""

    cpu: float
    database: float
    queries: int


@dataclass
class _Watch:
    seconds: float = 0.0
    queries: int = field(default=0)

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        begin = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.seconds += time.perf_counter() - begin
            self.queries += 1


def reference_ms() -> float:
    """A fixed loop of plain Python and hashing, in ms of CPU; the least of five."""
    return min(_reference_once() for _ in range(5))


def _reference_once() -> float:
    begin = time.process_time()
    total, text = 0, b"hoc ba so"
    for number in range(300_000):
        total += number * number % 7
        if number % 10 == 0:
            text = hashlib.sha256(text).digest()
    return (time.process_time() - begin) * 1000


def cost_of(work: Callable[[], object], rounds: int = 31) -> Cost:
    """The median round after three to warm up."""
    for _ in range(3):
        work()
    costs = [_once(work) for _ in range(rounds)]
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.database for cost in costs),
        max(cost.queries for cost in costs),
    )


def _once(work: Callable[[], object]) -> Cost:
    watch = _Watch()
    begin = time.process_time()
    with connection.execute_wrapper(watch):
        work()
    return Cost((time.process_time() - begin) * 1000, watch.seconds * 1000, watch.queries)


def scaled(limit_ms: float, before: float, after: float) -> str:
    """A limit in ms for the machine as it was during the figure: never below the limit itself."""
    factor = max(1.0, (before + after) / 2 / REFERENCE_MS)
    return f"<={limit_ms * factor:.3g}"
