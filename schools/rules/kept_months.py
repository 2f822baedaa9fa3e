"""How long looks at children's records are kept: whole calendar months, counted from the month's end.

Source: Luật 91/2025/QH15 (law.md §6.3): personal data, those of the lookers too, are kept for a purpose and not for
ever. No number of months stands in law.md: the installation sets it, a year at least.
"""

from datetime import date
from typing import Final

LEAST_MONTHS: Final = 12


def months_after(day: date, months: int) -> date:
    """The first day of the month that many months after the day's own (0: the day's month); negative: before
    (Luật 91/2025/QH15; law.md §6.3)."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def is_over(month: date, on: date, kept_months: int) -> bool:
    """Whether a month, given by its first day, ended at least ``kept_months`` months before that day
    (Luật 91/2025/QH15; law.md §6.3)."""
    return months_after(month, kept_months + 1) <= on
