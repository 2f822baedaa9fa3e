"""Measuring honestly: CPU of this process, PostgreSQL's time beside it, and a fixed loop run before and after. A busy
machine makes everything slower by a like factor; only what is slower than the loop says is a miss."""

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

# What the loop takes on a quiet core of the machine the limits were set on.
REFERENCE_MS = 28.0
LOOPS = 7


@dataclass(frozen=True)
class Cost:
    """What the median round took: CPU of Python in ms, time spent waiting for PostgreSQL in ms, queries; the reference
    loop in ms before and after all rounds; and the CPU of each round."""

    cpu: float
    database: float
    queries: int
    reference_before: float
    reference_after: float
    each: tuple[float, ...]

    def times(self, other: "Cost") -> float:
        """How many times as much as another that was measured in turn with it: the median over pairs of rounds, which a
        burst of other work leaves alone."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.each, other.each, strict=True))

    @property
    def slower(self) -> float:
        """By how much the machine was slower than the one of the limits; never below 1, so that no limit shrinks."""
        return max(1.0, (self.reference_before + self.reference_after) / 2 / REFERENCE_MS)


@dataclass(frozen=True)
class _Round:
    cpu: float
    database: float
    queries: int


class _Watch:
    """Counts queries and the time spent waiting for them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queries = 0

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        begin = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.seconds += time.perf_counter() - begin
            self.queries += 1


def reference_ms() -> float:
    """A fixed loop of plain Python and hashing, in ms of CPU; the median, as the figures are."""
    return statistics.median(_reference_once() for _ in range(LOOPS))


def _reference_once() -> float:
    begin = time.process_time()
    total, text = 0, b"hoc ba so"
    for number in range(300_000):
        total += number * number % 7
        if number % 10 == 0:
            text = hashlib.sha256(text).digest()
    return (time.process_time() - begin) * 1000


def cost_of(work: Callable[[], object], rounds: int = 31) -> Cost:
    """The median round, after three to warm up and between two runs of the reference loop."""
    return costs_of([work], rounds)[0]


def costs_of(works: list[Callable[[], object]], rounds: int) -> list[Cost]:
    """Of several works done in turn, so that whatever slows the machine slows each of them."""
    for _ in range(3):
        for work in works:
            work()
    before = reference_ms()
    done = [[_once(work) for work in works] for _ in range(rounds)]
    after = reference_ms()
    return [_median(list(column), before, after) for column in zip(*done, strict=True)]


def _median(rounds: list[_Round], before: float, after: float) -> Cost:
    return Cost(
        statistics.median(one.cpu for one in rounds),
        statistics.median(one.database for one in rounds),
        max(one.queries for one in rounds),
        before,
        after,
        tuple(one.cpu for one in rounds),
    )


def _once(work: Callable[[], object]) -> _Round:
    watch = _Watch()
    begin = time.process_time()
    with connection.execute_wrapper(watch):
        work()
    return _Round((time.process_time() - begin) * 1000, watch.seconds * 1000, watch.queries)
