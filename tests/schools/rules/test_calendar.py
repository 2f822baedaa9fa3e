from datetime import date

import pytest

from schools.rules.calendar import first_year_of, proposed_periods, why_not_a_day_of_service, year_dates
from schools.rules.levels import LOWER_SECONDARY, PRIMARY, UPPER_SECONDARY, periods_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("day", [date(1950, 1, 1), TODAY, date(2027, 11, 25)])
def test_service_begins_within_the_bounds(day):
    assert why_not_a_day_of_service(day, TODAY) == ""


def test_service_begins_neither_before_1950_nor_more_than_a_year_ahead():
    assert why_not_a_day_of_service(date(1949, 12, 31), TODAY) == (
        "Ngày 31/12/1949 quá sớm: phải từ 01/01/1950. Xin kiểm tra lại năm."
    )
    assert why_not_a_day_of_service(date(2027, 11, 26), TODAY) == (
        "Ngày 26/11/2027 quá xa: nhiều nhất một năm nữa (25/11/2027). Xin kiểm tra lại năm."
    )


@pytest.mark.parametrize(
    ("day", "first_year"), [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_august_opens_a_school_year(day, first_year):
    assert first_year_of(day) == first_year


def test_school_year_ends_with_the_summer_that_follows_it():
    assert year_dates(2026) == (date(2026, 8, 1), date(2027, 7, 31))


@pytest.mark.parametrize("level", [PRIMARY, LOWER_SECONDARY, UPPER_SECONDARY])
def test_proposed_periods_are_those_of_the_level_one_after_the_other_within_the_year(level):
    periods = proposed_periods(level, 2026)
    assert tuple(periods) == periods_of(level)
    days = [day for period in periods.values() for day in period]
    assert days == sorted(set(days))
    assert year_dates(2026)[0] <= days[0] <= days[-1] <= year_dates(2026)[1]


@pytest.mark.parametrize(("level", "first", "last"), [(PRIMARY, "CK1", "CN"), (LOWER_SECONDARY, "HK1", "HK2")])
def test_first_term_ends_before_18_january_and_the_year_before_31_may(level, first, last):
    periods = proposed_periods(level, 2026)
    assert periods[first][1] < date(2027, 1, 18)
    assert periods[last][1] < date(2027, 5, 31)
