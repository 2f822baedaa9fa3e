"""Levels of general education, their grades, and the periods in which their students are assessed.

Sources: TT 22/2021/TT-BGDĐT Đ9 (học kì I, học kì II, cả năm), Đ13–14 (hè) for grades 6–12;
TT 27/2020/TT-BGDĐT Đ7 (giữa kì I, cuối kì I, giữa kì II, cuối năm), Đ11 for grades 1–5.
"""

from typing import Final

PRIMARY: Final = "TIEU_HOC"
LOWER_SECONDARY: Final = "THCS"
UPPER_SECONDARY: Final = "THPT"

GRADES: Final[dict[str, range]] = {
    PRIMARY: range(1, 6),
    LOWER_SECONDARY: range(6, 10),
    UPPER_SECONDARY: range(10, 13),
}

PERIOD_NAMES: Final[dict[str, str]] = {
    "GK1": "Giữa học kì I",
    "CK1": "Cuối học kì I",
    "GK2": "Giữa học kì II",
    "CN": "Cuối năm học",
    "HK1": "Học kì I",
    "HK2": "Học kì II",
    "HE": "Trong hè",
}

SUMMER_PERIOD: Final = "HE"

# As teachers write them, where two levels stand in one line.
SHORT_PERIOD_NAMES: Final[dict[str, str]] = {
    "GK1": "Giữa HK I",
    "CK1": "Cuối HK I",
    "GK2": "Giữa HK II",
    "CN": "Cuối năm",
    "HK1": "HK I",
    "HK2": "HK II",
    "HE": "Hè",
}

# Assessed in the middle of a term: in the class's summary alone (TT 27/2020 Đ10).
_IN_SUMMARY_ALONE: Final = frozenset({"GK1", "GK2"})

_SECONDARY_PERIODS: Final = ("HK1", "HK2", "HE")
_PERIODS: Final[dict[str, tuple[str, ...]]] = {
    PRIMARY: ("GK1", "CK1", "GK2", "CN", "HE"),
    LOWER_SECONDARY: _SECONDARY_PERIODS,
    UPPER_SECONDARY: _SECONDARY_PERIODS,
}


def level_of(grade_level: int) -> str:
    """The level a grade (khối 1–12) belongs to (law.md §3); ValueError for any other number."""
    for level, grades in GRADES.items():
        if grade_level in grades:
            return level
    raise ValueError(f"Khối {grade_level} không có trong chương trình phổ thông (1–12).")


def periods_of(level: str) -> tuple[str, ...]:
    """The codes of a level's periods in the order of the year (TT 27/2020 Đ7; TT 22/2021 Đ9, Đ13, Đ14)."""
    return _PERIODS[level]


def terms_of_level(level: str) -> tuple[str, ...]:
    """Those of a level's periods in which the year itself is assessed, in its order: all but the summer
    (TT 27/2020 Đ7: GK1, CK1, GK2, CN; TT 22/2021 Đ9: HK1, HK2)."""
    return tuple(code for code in periods_of(level) if code != "HE")


def pages_of_level(level: str) -> tuple[str, ...]:
    """Those of them that close with a page of the book for every student, in their order: what is assessed in the
    middle of a term stays in the class's summary (TT 27/2020 Đ10; TT 22/2021 Đ9)."""
    return tuple(code for code in terms_of_level(level) if code not in _IN_SUMMARY_ALONE)
