"""The calendar of a school year.

Source: the yearly frame of Bộ GD&ĐT (law.md §7, “Calendar”: term I ends before 18 January, the year before 31 May); the
Sở sets the real dates, these are the ones proposed.
"""

from datetime import date, timedelta
from typing import Final

from schools.rules.levels import PRIMARY

FIRST_MONTH: Final = 8
EARLIEST_SERVICE: Final = date(1950, 1, 1)
DAYS_AHEAD: Final = 366

# Code → (month, day) of beginning and end; months from August on lie in the year's first calendar year.
_SECONDARY: Final = {
    "HK1": ((9, 5), (1, 17)),
    "HK2": ((1, 18), (5, 30)),
    "HE": ((6, 1), (7, 31)),
}
_PRIMARY: Final = {
    "GK1": ((9, 5), (11, 14)),
    "CK1": ((11, 15), (1, 17)),
    "GK2": ((1, 18), (3, 20)),
    "CN": ((3, 21), (5, 30)),
    "HE": ((6, 1), (7, 31)),
}


def first_year_of(day: date) -> int:
    """The year in which the school year that a day belongs to began: August opens a new one (law.md §7)."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def year_dates(first_year: int) -> tuple[date, date]:
    """First and last day of a school year, the summer that follows it included (law.md §7)."""
    return date(first_year, FIRST_MONTH, 1), date(first_year + 1, FIRST_MONTH - 1, 31)


def why_not_a_day_of_service(day: date, today: date) -> str:
    """Why nobody begins or ends a service on that day, in Vietnamese; "" when it can be. A guard against slips of the
    finger, not a rule of law (law.md §7 names no bound): whoever serves today began after 1950, and what is more than a
    year ahead is written down when it is nearer."""
    if day < EARLIEST_SERVICE:
        return f"Ngày {day:%d/%m/%Y} quá sớm: phải từ {EARLIEST_SERVICE:%d/%m/%Y}. Xin kiểm tra lại năm."
    latest = today + timedelta(days=DAYS_AHEAD)
    if day > latest:
        return f"Ngày {day:%d/%m/%Y} quá xa: nhiều nhất một năm nữa ({latest:%d/%m/%Y}). Xin kiểm tra lại năm."
    return ""


def proposed_periods(level: str, first_year: int) -> dict[str, tuple[date, date]]:
    """The proposed first and last day of every period of a level (law.md §7; TT 27/2020 Đ7; TT 22/2021 Đ9)."""
    frame = _PRIMARY if level == PRIMARY else _SECONDARY
    return {
        code: (_in_school_year(first_year, *begin), _in_school_year(first_year, *end))
        for code, (begin, end) in frame.items()
    }


def _in_school_year(first_year: int, month: int, day: int) -> date:
    return date(first_year if month >= FIRST_MONTH else first_year + 1, month, day)
