"""What a measurement prints: a limit moves with the machine, and what was not measured is a miss."""

import math

import pytest

from records.management.bench.figures import NAMED, Figure, cpu_figures, missing, ratios, told
from records.management.bench.measure import REFERENCE_MS, Cost


def cost(cpu: float, loop: float, each: tuple[float, ...] = (), loops: tuple[float, ...] = ()) -> Cost:
    return Cost(cpu, 1.0, 7, loop, loop, each or (cpu,), loops or (loop,) * (len(each) or 1))


def test_figure_on_a_quiet_machine_has_the_limit_of_the_issue_and_the_loop_beside_it():
    lines = [figure.line() for figure in cpu_figures("sheet_page_cpu", cost(11.5, REFERENCE_MS))]
    assert lines == [
        "sheet_page_cpu 11.5 ms <=12",
        "sheet_page_cpu_quiet 11.5 ms",
        "sheet_page_cpu_reference_before 28 ms",
        "sheet_page_cpu_reference_after 28 ms",
    ]


@pytest.mark.parametrize(("loop", "limit"), [(REFERENCE_MS * 2, "<=24"), (REFERENCE_MS / 2, "<=12")])
def test_limit_grows_with_a_slower_machine_and_never_shrinks(loop, limit):
    assert cpu_figures("sheet_page_cpu", cost(11.5, loop))[0].limit == limit


def test_a_round_is_compared_with_the_loops_beside_it():
    """The machine was slow in the rounds, and had not been before them: that is no miss, and twice the cost is one."""
    slow = cost(20, 28, (10, 20, 21), (28, 56, 58))
    assert slow.quiet == 10
    assert cpu_figures("sheet_page_cpu", slow)[0].line() == "sheet_page_cpu 20 ms <=24"
    assert cpu_figures("sheet_page_cpu", cost(26, 28, (13, 26, 27), (28, 56, 58)))[0].is_missed


def test_what_several_cost_together_is_told_of_one():
    assert cpu_figures("sign_rsa2048_cpu", cost(60, REFERENCE_MS), 3)[0].line() == "sign_rsa2048_cpu 20 ms <=30"


@pytest.mark.parametrize(
    ("value", "limit", "missed"),
    [(12, "<=12", False), (12.1, "<=12", True), (3, ">=3", False), (2.9, ">=3", True), (9, "", False),
     (math.nan, "", True), (math.nan, "<=12", True)],
)  # fmt: skip
def test_a_figure_is_missed_beyond_its_limit_or_when_there_is_none(value, limit, missed):
    assert Figure("x", value, "ms", limit).is_missed is missed


def test_large_is_compared_with_small_in_units_of_the_loop():
    """Twice the time on a machine that was half as fast is the same."""
    small, large = cost(10, 28), cost(20, 56)
    figures = [*cpu_figures("sheet_page_cpu", small), *cpu_figures("large_sheet_page_cpu", large)]
    assert [figure.line() for figure in ratios(figures)] == ["sheet_page_cpu_ratio_large_to_small 1 x <=1.3"]


def test_what_a_part_printed_is_read_back():
    figures = cpu_figures("sheet_page_cpu", cost(11.5, REFERENCE_MS))
    assert told("".join(f"{figure.line()}\n" for figure in figures)) == figures


def test_every_named_figure_that_nobody_measured_is_a_miss():
    absent = missing([Figure("sheet_page_cpu", 1, "ms")])
    assert [figure.name for figure in absent] == [name for name in NAMED if name != "sheet_page_cpu"]
    assert {figure.is_missed for figure in absent} == {True}
    assert absent[0].line() == "sheet_page_queries nan queries <=7"


def test_works_done_in_turn_are_compared_pair_by_pair():
    """One burst of other work during one round moves nothing."""
    ours, theirs = cost(11, 28, (11, 11, 90)), cost(10, 28, (10, 10, 10))
    assert ours.times(theirs) == 1.1
