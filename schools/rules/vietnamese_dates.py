"""Days as people in Việt Nam write them: day, month, year. Month first is never guessed.

Source: law.md §5.6 (lists of the sector's database); NĐ 30/2020/NĐ-CP, Phụ lục I (day before month in documents).
"""

import re
from datetime import date
from typing import Final

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\s*([/.\-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SERIAL: Final = re.compile(r"[0-9]{5}")


class NotADay(ValueError):
    """The text is no day; the message says why, in Vietnamese."""


def day_of(text: str) -> date:
    """The day meant by ``5/9/2014``, ``05-09-2014``, ``05.09.2014`` or ``2014-09-05`` (how a real date of a sheet is
    carried). NotADay for anything else: two-digit years, month first, numbers without signs (law.md §5.6)."""
    iso, day_first = _ISO.fullmatch(text.strip()), _DAY_FIRST.fullmatch(text.strip())
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif day_first:
        day, month, year = (int(day_first.group(place)) for place in (1, 3, 4))
    else:
        raise NotADay(_why_not(text))
    if month > 12 >= day:
        raise NotADay(f"“{text}” có tháng {month}. Ghi ngày trước, tháng sau: ngày/tháng/năm.")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADay(f"“{text}” không phải một ngày có thật.") from None


def _why_not(text: str) -> str:
    if _SERIAL.fullmatch(text.strip()):
        return f"“{text}” là số thứ tự ngày của Excel. Đổi kiểu ô thành ngày, hoặc ghi ngày/tháng/năm."
    return f"“{text}” không phải ngày. Ghi ngày/tháng/năm đủ bốn chữ số năm, ví dụ 05/09/2014."
