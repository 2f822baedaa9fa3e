"""Bài kiểm tra định kì at tiểu học: which subjects have one when, and what its score may be.

Sources: TT 27/2020/TT-BGDĐT Đ7.1.b (subjects and times), Đ7.1.d (scale of ten, no decimals), Đ10 (học bạ);
law.md §2, §8.3.
"""

from decimal import Decimal
from typing import Final

from records.rules.tt27_codes import require_primary
from schools.rules.levels import PRIMARY, pages_of_level, terms_of_level

PERIODS: Final = terms_of_level(PRIMARY)
LOWEST_SCORE: Final = 1  # law.md §8.3 (check): CSDL ngành asks for 1–10
HIGHEST_SCORE: Final = 10

_BOTH: Final = ("TIENG_VIET", "TOAN")
_AT_THE_ENDS: Final = {
    1: _BOTH,
    2: _BOTH,
    3: (*_BOTH, "NGOAI_NGU_1", "TIN_CN"),
    4: (*_BOTH, "NGOAI_NGU_1", "LS_DL", "KHOA_HOC", "TIN_CN"),
    5: (*_BOTH, "NGOAI_NGU_1", "LS_DL", "KHOA_HOC", "TIN_CN"),
}
_IN_THE_MIDDLE: Final = {4: _BOTH, 5: _BOTH}


def tests_due(grade_level: int, period: str) -> tuple[str, ...]:
    """TT 27/2020/TT-BGDĐT Đ7.1.b: the codes of the subjects with a bài kiểm tra định kì in a period (GK1, CK1, GK2,
    CN) of a grade 1–5, in printed order; none in the middle of a term before lớp 4. ValueError for another grade or
    period."""
    require_primary(grade_level)
    if is_on_page(period):
        return _AT_THE_ENDS[grade_level]
    return _IN_THE_MIDDLE.get(grade_level, ())


def is_valid_score(score: Decimal, *, lowest: int = LOWEST_SCORE) -> bool:
    """TT 27/2020/TT-BGDĐT Đ7.1.d: whether a score may be given: a whole number of the scale of ten, from ``lowest`` (a
    setting of the rule set: 1, or 0; law.md §8.3) to 10."""
    return score.is_finite() and score == score.to_integral_value() and lowest <= score <= HIGHEST_SCORE


def is_on_page(period: str) -> bool:
    """TT 27/2020/TT-BGDĐT Đ10: whether the results of a period go into the học bạ, at the end of học kì I and of the
    year; those of the middle of a term only into the class's Bảng tổng hợp. ValueError for another period."""
    if period not in PERIODS:
        raise ValueError(f"“{period}” không phải là một trong các lần đánh giá {', '.join(PERIODS)}.")
    return period in pages_of_level(PRIMARY)
