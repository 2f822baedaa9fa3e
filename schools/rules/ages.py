"""How old students of a grade are.

Sources: TT 28/2020/TT-BGDĐT Đ33 (six years in the year one enters grade 1), TT 15/2026/TT-BGDĐT and before it
TT 32/2020/TT-BGDĐT Đ33 (eleven at grade 6, fifteen at grade 10; up to three years more for named groups; one less for
those who skip a grade).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

AGE_BEFORE_GRADE_ONE: Final = 5
YEARS_OLDER: Final = 3
YEARS_YOUNGER: Final = 1


def usual_birth_year(grade_level: int, first_year: int) -> int:
    """The year in which most students of a grade were born, for the school year that begins in ``first_year``
    (TT 15/2026/TT-BGDĐT, before it TT 28/2020/TT-BGDĐT Đ33, TT 32/2020/TT-BGDĐT Đ33)."""
    return first_year - AGE_BEFORE_GRADE_ONE - grade_level


def age_remark(born_on: date, grade_levels: Sequence[int], first_year: int) -> str:
    """Empty when the day of birth fits one of the grades in that school year; else what is odd about it, in words.
    A remark, never a refusal: the law knows exceptions beyond the usual three years (TT 15/2026/TT-BGDĐT, before it
    TT 28/2020/TT-BGDĐT Đ33, TT 32/2020/TT-BGDĐT Đ33)."""
    if not grade_levels:
        return ""
    oldest = usual_birth_year(max(grade_levels), first_year) - YEARS_OLDER
    youngest = usual_birth_year(min(grade_levels), first_year) + YEARS_YOUNGER
    if oldest <= born_on.year <= youngest:
        return ""
    usual = sorted({usual_birth_year(grade, first_year) for grade in (min(grade_levels), max(grade_levels))})
    grades = sorted({min(grade_levels), max(grade_levels)})
    return (
        f"Sinh năm {born_on.year} là khác thường với khối {_span(grades)} của năm học {first_year}–{first_year + 1} "
        f"(thường sinh năm {_span(usual)}). Xin kiểm tra lại ngày sinh."
    )


def _span(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} đến {numbers[-1]}"
