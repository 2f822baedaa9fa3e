"""What single subjects decide at the end of the year: which may be assessed again in summer, and the award.

Sources: TT 22/2021/TT-BGDĐT Đ14 (đánh giá lại), Đ15.1.a (khen thưởng cuối năm); law.md §1.8, §1.9.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, overload

from records.rules.curriculum import names
from records.rules.steps import Step, one_place
from records.rules.tt22_codes import (
    CIRCULAR,
    FAIL,
    LEVEL_WORDS,
    SIX,
    TOT,
    require_comment_levels,
    require_levels,
    require_marks,
)

HSXS: Final = "HSXS"
HSG: Final = "HSG"
NO_AWARD: Final = ""

_AGAIN_BELOW: Final = Decimal("5.0")
_EXCELLENT: Final = Decimal("9.0")


@overload
def reassessable(
    scored: Mapping[str, Decimal], comment: Mapping[str, str], *, steps: Literal[False] = False
) -> list[str]: ...
@overload
def reassessable(
    scored: Mapping[str, Decimal], comment: Mapping[str, str], *, steps: Literal[True]
) -> tuple[list[str], list[Step]]: ...
def reassessable(
    scored: Mapping[str, Decimal], comment: Mapping[str, str], *, steps: bool = False
) -> list[str] | tuple[list[str], list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ14: the codes of the subjects that may be assessed again in summer, in the order given:
    ĐTBmcn below 5,0 first, then those by remarks at CD. Whether the summer is due says ``promotion``. ValueError for an
    average off the scale or another code. With ``steps``: (codes, list of Step)."""
    require_marks(scored.values())
    require_comment_levels(comment.values())
    low = [code for code, mark in scored.items() if mark < _AGAIN_BELOW]
    failed = [code for code, level in comment.items() if level == FAIL]
    if not steps:
        return low + failed
    told = [f"Môn {names([code])} có điểm trung bình cả năm {one_place(scored[code])}, dưới 5,0" for code in low]
    told += [f"Môn {names([code])} Chưa đạt" for code in failed]
    texts = [f"{text}: được kiểm tra, đánh giá lại trong kì nghỉ hè." for text in told]
    return low + failed, [Step(text, f"{CIRCULAR} Đ14") for text in texts]


@overload
def award(conduct: str, learning: str, scored: Mapping[str, Decimal], *, steps: Literal[False] = False) -> str: ...
@overload
def award(
    conduct: str, learning: str, scored: Mapping[str, Decimal], *, steps: Literal[True]
) -> tuple[str, list[Step]]: ...
def award(
    conduct: str, learning: str, scored: Mapping[str, Decimal], *, steps: bool = False
) -> str | tuple[str, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ15.1.a: HSXS when conduct and learning of the year are TOT and at least six subjects have a
    ĐTBmcn of 9,0 or more; HSG when both are TOT; else "". Averages by subject code, one place; ValueError for an
    average off the scale or another code. With ``steps``: (code, list of Step)."""
    require_levels((conduct, learning))
    require_marks(scored.values())
    both = f"Rèn luyện cả năm {LEVEL_WORDS[conduct]}, học tập cả năm {LEVEL_WORDS[learning]}"
    excellent = sum(mark >= _EXCELLENT for mark in scored.values())
    nine = f"{both}, {excellent} môn có điểm trung bình cả năm từ 9,0 trở lên"
    if conduct != TOT or learning != TOT:
        title, text = NO_AWARD, f"{both}: không có danh hiệu (cần cả hai ở mức Tốt)."
    elif excellent >= SIX:
        title, text = HSXS, f"{nine} (cần ít nhất {SIX} môn): danh hiệu Học sinh Xuất sắc."
    else:
        title, text = HSG, f"{nine} (Học sinh Xuất sắc cần ít nhất {SIX} môn): danh hiệu Học sinh Giỏi."
    return (title, [Step(text, f"{CIRCULAR} Đ15.1.a")]) if steps else title
