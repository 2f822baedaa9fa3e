from datetime import date

import pytest

from schools.rules.calendar import why_not_a_day_of_service

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
