"""Days as people in Việt Nam write them: day, month, year. Month first is never guessed.

Source: law.md §5.6 (lists of the sector's database); NĐ 30/2020/NĐ-CP, Phụ lục I (day before month in documents).
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\s*([/.\-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK: Final = re.compile(r"(?P<hour>[0-9]{1,2})[:hg](?P<minute>[0-9]{2})?(:[0-9]{2})?")
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


def moment_of(text: str) -> tuple[date, time | None]:
    """Day and time of ``30/12/2026 17:00``, ``17h00 30/12/2026``, ``30/12/2026 17 giờ 30`` or ``2026-12-30T17:00``; no
    time when the text is a day alone. NotADay for anything else (law.md §5.6)."""
    words = text.replace(" giờ ", "h").replace("T", " ").replace(",", " ").split()
    clocks = [found for word in words if (found := _CLOCK.fullmatch(word))]
    days = [word for word in words if not _CLOCK.fullmatch(word)]
    if len(clocks) > 1 or len(days) != 1:
        raise NotADay(f"“{text}” không phải ngày và giờ. Ghi như 30/12/2026 17:00.")
    day = day_of(days[0])
    if not clocks:
        return day, None
    hour, minute = int(clocks[0]["hour"]), int(clocks[0]["minute"] or 0)
    if hour > 23 or minute > 59:
        raise NotADay(f"“{clocks[0][0]}” không phải giờ có thật. Ghi giờ từ 00:00 đến 23:59.")
    return day, time(hour, minute)


def end_in_words(end: datetime) -> str:
    """When something ends: ``17:00 30/12/2026``, and midnight as the end of the day before it, ``hết ngày 07/12/2026``
    (NĐ 30/2020/NĐ-CP, Phụ lục I, for the order of day and month)."""
    if end.time() == time():
        return f"hết ngày {end - timedelta(days=1):%d/%m/%Y}"
    return f"{end:%H:%M %d/%m/%Y}"


def _why_not(text: str) -> str:
    if _SERIAL.fullmatch(text.strip()):
        return f"“{text}” là số thứ tự ngày của Excel. Đổi kiểu ô thành ngày, hoặc ghi ngày/tháng/năm."
    return f"“{text}” không phải ngày. Ghi ngày/tháng/năm đủ bốn chữ số năm, ví dụ 05/09/2014."
