from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.rules.vietnamese_dates import NotADay, day_of, end_in_words, moment_of


@pytest.mark.parametrize("text", ["5/9/2014", "05/09/2014", "05-09-2014", "5.9.2014", " 05 / 09 / 2014 ", "2014-09-05"])
def test_day_comes_before_month(text):
    assert day_of(text) == date(2014, 9, 5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("09/25/2014", "tháng 25"),
        ("31/02/2014", "không phải một ngày có thật"),
        ("31/04/2014", "không phải một ngày có thật"),
        ("05/09/14", "đủ bốn chữ số năm"),
        ("5/9-2014", "không phải ngày"),
        ("41887", "số thứ tự ngày của Excel"),
        ("ngày 5", "không phải ngày"),
        ("0/0/0000", "không phải một ngày có thật"),
        ("5/9/２０１４", "không phải ngày"),
    ],
)
def test_other_text_is_refused_with_the_reason(text, why):
    with pytest.raises(NotADay, match=why):
        day_of(text)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from("/-."))
def test_every_day_is_read_back(day, sign):
    assert day_of(f"{day.day}{sign}{day.month}{sign}{day.year}") == day
    assert day_of(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "30/12/2026 17:05", "17:05 30/12/2026", "17h05 30/12/2026", "30-12-2026, 17:05", "30/12/2026 17 giờ 05",
        "2026-12-30T17:05", "2026-12-30 17:05:00",
    ],
)  # fmt: skip
def test_moment_is_day_and_clock_in_any_order(text):
    assert moment_of(text) == (date(2026, 12, 30), time(17, 5))


def test_moment_without_clock_is_a_day():
    assert moment_of("30/12/2026") == (date(2026, 12, 30), None)
    assert moment_of("7h 30/12/2026") == (date(2026, 12, 30), time(7))


@pytest.mark.parametrize(
    "text", ["", "17:00", "hôm nay", "30/12/2026 24:00", "30/12/2026 17:60", "17:00 18:00 1/2/2026"]
)
def test_other_moment_is_refused(text):
    with pytest.raises(NotADay):
        moment_of(text)


def test_midnight_ends_the_day_before():
    assert end_in_words(datetime(2026, 12, 8, tzinfo=UTC)) == "hết ngày 07/12/2026"
    assert end_in_words(datetime(2026, 12, 8, 17, 30, tzinfo=UTC)) == "17:30 08/12/2026"
