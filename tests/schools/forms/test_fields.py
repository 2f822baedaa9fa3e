"""Days and moments as text, and what is refused of them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from schools.forms.fields import day_field, moment_field

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def test_day_alone_begins_or_ends_with_the_day():
    assert moment_field("Mở").clean("7/12/2026") == datetime(2026, 12, 7, tzinfo=VIETNAM)
    assert moment_field("Đóng", ends=True).clean("7/12/2026") == datetime(2026, 12, 8, tzinfo=VIETNAM)
    assert moment_field("Đóng", ends=True).clean("7/12/2026 17:00") == datetime(2026, 12, 7, 17, tzinfo=VIETNAM)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "01/01/0001", "01/09/2206", "31/12/9999"])
def test_half_typed_year_is_refused(text):
    with pytest.raises(ValidationError, match="không hợp lí"):
        moment_field("Mở", ends=True).clean(text)
    with pytest.raises(ValidationError, match="không hợp lí"):
        day_field("Ngày").clean(text.partition("T")[0])


def test_day_is_read_and_shown_day_first():
    field = day_field("Ngày sinh")
    assert field.clean("6/9/2026") == date(2026, 9, 6)
    assert field.widget.format_value(date(2026, 9, 6)) == "06/09/2026"
    assert field.clean("") is None
