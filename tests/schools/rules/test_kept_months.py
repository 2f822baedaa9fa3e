"""Whole months, counted from the month's end."""

from datetime import date

import pytest

from schools.rules.kept_months import is_over, months_after


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 0, date(2026, 11, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2026, 11, 25), -30, date(2024, 5, 1)),
    ],
)
def test_months_after_a_day(day, months, expected):
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("on", "over"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2027, 1, 1), True)]
)
def test_month_is_over_when_its_last_day_was_kept_long_enough(on, over):
    assert is_over(date(2024, 11, 1), on, 24) is over
