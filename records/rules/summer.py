"""What a student has before them in the summer, how it is written down, and what the year comes to with it.

Sources: TT 22/2021/TT-BGDĐT Đ13 (rèn luyện in summer), Đ14 (kiểm tra, đánh giá lại); TT 27/2020/TT-BGDĐT Đ11 (đánh giá
bổ sung, decision of the hiệu trưởng); law.md §1.8, §2. The first result is never replaced: what the summer brought is
kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from records.rules.cells import InvalidCell, read_cell
from records.rules.columns import CONDUCT, LEVEL, MARK, PASS, SCORE, SCORE_FROM_ZERO, TRAIT, Column
from records.rules.results import BY_LEVEL, SCORED
from records.rules.tt22 import HOI_DONG, KHONG_LEN_LOP, LEN_LOP
from records.rules.tt27 import HIEU_TRUONG

# What an entry of the summer is about; with a code: of the subject, or of the phẩm chất or năng lực.
SUBJECT: Final = "MON"
TEST: Final = "KT"
QUALITY: Final = "PC"
TRAINING: Final = "RL"
DECISION: Final = "QD"

Item = tuple[str, str]

DECISIONS: Final = (LEN_LOP, KHONG_LEN_LOP)
TO_BE_DECIDED: Final = (HOI_DONG, HIEU_TRUONG)

_TENTH: Final = Decimal("0.1")
_SUBJECT_SCALES: Final = {SCORED: MARK, BY_LEVEL: LEVEL}
_SCALES: Final = {QUALITY: TRAIT, TRAINING: CONDUCT}


@dataclass(frozen=True)
class AfterSummer:
    """The levels that the summer put beside those of the year (None: nothing was due): conduct, and the learning result
    as plain data (``final``, by TT 22/2021 also ``base`` and ``subject_responsible``); and the outcome, which may still
    wait for something."""

    conduct: str | None
    learning: Mapping[str, str | None] | None
    promotion: str


def scale_of(item: Item, subject_kind: str, lowest_score: int = 1) -> str:
    """The scale in which an item of the summer is written: the one of the subject's result of the year, of a test (from
    ``lowest_score``, law.md §8, no. 3), of conduct, of phẩm chất and năng lực (TT 22/2021/TT-BGDĐT Đ13, Đ14;
    TT 27/2020/TT-BGDĐT Đ11)."""
    if item[0] == SUBJECT:
        return _SUBJECT_SCALES.get(subject_kind, PASS)
    if item[0] == TEST:
        return SCORE if lowest_score else SCORE_FROM_ZERO
    return _SCALES[item[0]]


def read_again(item: Item, subject_kind: str, typed: str, lowest_score: int = 1) -> str:
    """The value stored for what was typed of an item: "5.5" (thang 10, one place) or "D", "CD" of a subject, "H" of one
    with a level, "6" of a test, "KHA" of conduct; "" takes an entry back; of a decision LEN_LOP or KHONG_LEN_LOP.
    InvalidCell with the rule in Vietnamese (TT 22/2021/TT-BGDĐT Đ5.3, Đ13, Đ14; TT 27/2020/TT-BGDĐT Đ7, Đ11)."""
    if item[0] == DECISION:
        if typed not in ("", *DECISIONS):
            raise InvalidCell("hiệu trưởng quyết định được lên lớp hoặc không được lên lớp")
        return typed
    scale = scale_of(item, subject_kind, lowest_score)
    value = read_cell(typed, Column("HE", "HE", "Đánh giá lại", scale))
    return str(Decimal(value).quantize(_TENTH)) if value and scale == MARK else value


def concluded(outcome: str, decision: str) -> str:
    """What the year comes to in the end: the outcome, or what the hiệu trưởng decided where the law leaves it to people
    (HOI_DONG, HIEU_TRUONG); while nothing was decided the outcome, which waits. ValueError for another decision
    (TT 22/2021/TT-BGDĐT Đ12–Đ14; TT 27/2020/TT-BGDĐT Đ11; law.md §8, no. 2)."""
    if decision not in ("", *DECISIONS):
        raise ValueError(f"“{decision}” không phải là quyết định lên lớp.")
    return decision if decision and outcome in TO_BE_DECIDED else outcome
