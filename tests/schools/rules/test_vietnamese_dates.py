from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.rules.vietnamese_dates import NotADay, day_of


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
