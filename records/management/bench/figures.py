"""The figures that issues name, with their limits, and how a figure is told: ``name value unit [limit]``."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from records.management.bench.measure import Cost

# Unit and limit ("" where it is only to be measured). A limit in ms holds on a quiet core of REFERENCE_MS; the numbers
# of queries are what there are, and do not grow with the school.
NAMED = {
    "sheet_page_cpu": ("ms", "<=12"),
    "sheet_page_queries": ("queries", "<=7"),
    "save_45_cells_cpu": ("ms", "<=15"),
    "save_45_cells_queries": ("queries", "<=13"),
    "large_sheet_page_cpu": ("ms", ""),
    "large_sheet_page_queries": ("queries", "<=7"),
    "large_save_45_cells_cpu": ("ms", ""),
    "large_save_45_cells_queries": ("queries", "<=13"),
    "sheet_page_cpu_ratio_large_to_small": ("x", "<=1.3"),
    "save_45_cells_cpu_ratio_large_to_small": ("x", "<=1.3"),
    "results_of_a_class_cpu": ("ms", "<=15"),
    "results_of_a_school_cpu": ("ms", "<=1000"),
    "render_sheet_ratio_to_weasyprint": ("x", "<=1.2"),
    "sign_rsa2048_cpu": ("ms", "<=30"),
    "verify_three_signatures_cpu": ("ms", ""),
    "worker_peak_memory_after_300_pages": ("MB", "<=200"),
    "worker_memory_growth_after_page_100": ("MB", "<=10"),
}


@dataclass(frozen=True)
class Figure:
    """One line; ``limit`` is "<=12", ">=3", or "" where none is set."""

    name: str
    value: float
    unit: str
    limit: str = ""

    def line(self) -> str:
        return " ".join(part for part in (self.name, f"{self.value:.4g}", self.unit, self.limit) if part)

    @property
    def is_missed(self) -> bool:
        """Whether the limit does not hold; what was not measured (NaN) is missed, with a limit or without."""
        if math.isnan(self.value):
            return True
        sign, bound = self.limit[:2], float(self.limit[2:] or "nan")
        return (sign == "<=" and self.value > bound) or (sign == ">=" and self.value < bound)


def named(name: str, value: float, factor: float = 1.0) -> Figure:
    """The figure an issue names, with its limit times ``factor``: what the machine was slower by. LookupError."""
    unit, limit = NAMED[name]
    return Figure(name, value, unit, f"{limit[:2]}{float(limit[2:]) * factor:.3g}" if limit else "")


def cpu_figures(name: str, cost: Cost, times: int = 1) -> list[Figure]:
    """The CPU of one of the ``times`` that a round did it, its limit scaled, what that is on a quiet machine, and the
    reference loop before and after."""
    return [
        named(name, cost.cpu / times, cost.slower),
        Figure(f"{name}_quiet", cost.quiet / times, "ms"),
        Figure(f"{name}_reference_before", cost.reference_before, "ms"),
        Figure(f"{name}_reference_after", cost.reference_after, "ms"),
    ]


def told(lines: str) -> list[Figure]:
    """The figures of a part's output."""
    return [Figure(one[0], float(one[1]), *one[2:]) for one in map(str.split, lines.splitlines())]


def ratios(figures: Iterable[Figure]) -> list[Figure]:
    """The large database against the small one, each as on a quiet machine; none where one is missing."""
    values = {figure.name: figure.value for figure in figures}
    found = []
    for name in ("sheet_page_cpu", "save_45_cells_cpu"):
        try:
            small, large = values[f"{name}_quiet"], values[f"large_{name}_quiet"]
        except KeyError:
            continue
        found.append(named(f"{name}_ratio_large_to_small", large / small))
    return found


def missing(figures: Iterable[Figure]) -> list[Figure]:
    """What issues name and nobody measured: a miss, not a silence."""
    known = {figure.name for figure in figures}
    return [Figure(name, math.nan, *rest) for name, rest in NAMED.items() if name not in known]
