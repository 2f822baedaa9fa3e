"""Measuring honestly: CPU of this process, PostgreSQL's time beside it, and a fixed loop run before, between and after
the rounds. A busy machine makes everything slower by a like factor, another one every second: each round is compared
with the loops next to it, and only what is slower than they say is a miss."""

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

# What the loop takes on a quiet core of the machine the limits were set on.
REFERENCE_MS = 28.0
LOOPS = 7


@dataclass(frozen=True)
class Cost:
    """What the median round took: CPU of Python in ms, time spent waiting for PostgreSQL in ms, queries; the reference
    loop in ms before and after all rounds; the CPU of each round, and the loop around each."""

    cpu: float
    database: float
    queries: int
    reference_before: float
    reference_after: float
    each: tuple[float, ...]
    loops: tuple[float, ...]

    def times(self, other: "Cost") -> float:
        """How many times as much as another that was measured in turn with it: the median over pairs of rounds, which a
        burst of other work leaves alone."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.each, other.each, strict=True))

    @property
    def quiet(self) -> float:
        """What the median round would have taken on the machine of the limits; never more than it took, so that no
        limit shrinks."""
        pairs = zip(self.each, self.loops, strict=True)
        return statistics.median(cpu / max(1.0, loop / REFERENCE_MS) for cpu, loop in pairs)

    @property
    def slower(self) -> float:
        """By how much the machine was slower, in those rounds, than the one of the limits."""
        return self.cpu / self.quiet


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
    loops, done = [_reference_once()], []
    for _ in range(rounds):
        done.append([_once(work) for work in works])
        loops.append(_reference_once())
    after = reference_ms()
    around = tuple((one + other) / 2 for one, other in pairwise(loops))
    return [_median(list(column), before, after, around) for column in zip(*done, strict=True)]


def _median(rounds: list[_Round], before: float, after: float, loops: tuple[float, ...]) -> Cost:
    return Cost(
        statistics.median(one.cpu for one in rounds),
        statistics.median(one.database for one in rounds),
        max(one.queries for one in rounds),
        before,
        after,
        tuple(one.cpu for one in rounds),
        loops,
    )


def _once(work: Callable[[], object]) -> _Round:
    watch = _Watch()
    begin = time.process_time()
    with connection.execute_wrapper(watch):
        work()
    return _Round((time.process_time() - begin) * 1000, watch.seconds * 1000, watch.queries)
