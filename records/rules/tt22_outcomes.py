"""What the year comes to: conduct, and whether the student moves up.

Sources: TT 22/2021/TT-BGDĐT Đ8.2.b (conduct of the year), Đ12 (lên lớp), Đ13 (rèn luyện in summer), Đ14 (đánh giá
lại); law.md §1.6, §1.8.
"""

from typing import Final, Literal, overload

from records.rules.steps import Step
from records.rules.tt22_codes import (
    CHUA_DAT,
    CIRCULAR,
    DAT,
    KHA,
    LEVEL_WORDS,
    TOT,
    require_levels,
)
from schools.rules.levels import PRIMARY, level_of

LEN_LOP: Final = "LEN_LOP"
KHONG_LEN_LOP: Final = "KHONG_LEN_LOP"
REN_LUYEN_HE: Final = "REN_LUYEN_HE"
DANH_GIA_LAI: Final = "DANH_GIA_LAI"
HOI_DONG: Final = "HOI_DONG"

MOST_ABSENCES: Final = 45

_Levels = tuple[str, str | None]  # of the year, and after the summer where that has been

# Rows: học kì II; columns: học kì I (Đ8.2.b).
_YEAR_CONDUCT: Final = {
    TOT: {TOT: TOT, KHA: TOT, DAT: KHA, CHUA_DAT: KHA},
    KHA: {TOT: KHA, KHA: KHA, DAT: KHA, CHUA_DAT: DAT},
    DAT: {TOT: KHA, KHA: DAT, DAT: DAT, CHUA_DAT: DAT},
    CHUA_DAT: {TOT: CHUA_DAT, KHA: CHUA_DAT, DAT: CHUA_DAT, CHUA_DAT: CHUA_DAT},
}

_OUTCOMES: Final = {
    LEN_LOP: ("Đủ cả ba điều kiện: được lên lớp.", "Đ12.1"),
    KHONG_LEN_LOP: ("Thiếu ít nhất một trong ba điều kiện: không được lên lớp.", "Đ12.1"),
    REN_LUYEN_HE: ("Kết quả rèn luyện cả năm Chưa đạt: rèn luyện trong kì nghỉ hè.", "Đ13"),
    DANH_GIA_LAI: ("Kết quả học tập cả năm Chưa đạt: kiểm tra, đánh giá lại trong kì nghỉ hè.", "Đ14"),
    HOI_DONG: (
        "Cả hai đều Chưa đạt: nhà trường họp xét và hiệu trưởng quyết định, phần mềm không kết luận.",
        "Đ12–Đ14",
    ),
}


@overload
def year_conduct(hk1: str, hk2: str, *, steps: Literal[False] = False) -> str: ...
@overload
def year_conduct(hk1: str, hk2: str, *, steps: Literal[True]) -> tuple[str, list[Step]]: ...
def year_conduct(hk1: str, hk2: str, *, steps: bool = False) -> str | tuple[str, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ8.2.b: the year's conduct (rèn luyện) from both terms: TOT, KHA, DAT or CHUA_DAT.
    ValueError for another code. With ``steps``: (level, list of Step)."""
    require_levels((hk1, hk2))
    level = _YEAR_CONDUCT[hk2][hk1]
    terms = f"học kì I {LEVEL_WORDS[hk1]}, học kì II {LEVEL_WORDS[hk2]}"
    text = f"Kết quả rèn luyện {terms}: cả năm {LEVEL_WORDS[level]}."
    return (level, [Step(text, f"{CIRCULAR} Đ8.2.b")]) if steps else level


@overload
def promotion(
    conduct: str,
    learning: str,
    absences: int,
    conduct_after_summer: str | None = None,
    learning_after_summer: str | None = None,
    *,
    steps: Literal[False] = False,
) -> str: ...
@overload
def promotion(
    conduct: str,
    learning: str,
    absences: int,
    conduct_after_summer: str | None = None,
    learning_after_summer: str | None = None,
    *,
    steps: Literal[True],
) -> tuple[str, list[Step]]: ...
def promotion(
    conduct: str,
    learning: str,
    absences: int,
    conduct_after_summer: str | None = None,
    learning_after_summer: str | None = None,
    *,
    steps: bool = False,
) -> str | tuple[str, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ12–Đ14: LEN_LOP; KHONG_LEN_LOP; REN_LUYEN_HE or DANH_GIA_LAI while the summer is due;
    HOI_DONG where both were CHUA_DAT at year end, whatever the summer brings: that is decided by people. Levels of the
    year, absences in buổi, and what the summer put in the place of a CHUA_DAT (None: nothing yet). ValueError for
    another code, absences below zero, or a summer result that was not due. With ``steps``: (code, list of Step)."""
    levels = (conduct, conduct_after_summer), (learning, learning_after_summer)
    _require_due(levels, absences)
    outcome = _outcome(*levels, absences)
    if not steps:
        return outcome
    text, article = _OUTCOMES[outcome]
    return outcome, [*_conditions(*levels, absences), Step(text, f"{CIRCULAR} {article}")]


def completes_lower_secondary(grade_level: int, outcome: str) -> bool:
    """TT 22/2021/TT-BGDĐT Đ12.1: whether a student with that outcome of ``promotion`` has completed THCS, which the
    principal confirms in the record (Luật 123/2025/QH15): lớp 9 and LEN_LOP. ValueError for a grade that is not of
    6–12 or another outcome."""
    if level_of(grade_level) == PRIMARY:
        raise ValueError(f"Khối {grade_level} không thuộc THCS, THPT (6–12).")
    if outcome not in _OUTCOMES:
        raise ValueError(f"“{outcome}” không phải là một trong các kết luận {', '.join(_OUTCOMES)}.")
    return grade_level == 9 and outcome == LEN_LOP


def _require_due(levels: tuple[_Levels, _Levels], absences: int) -> None:
    for level, summer in levels:
        require_levels((level,) if summer is None else (level, summer))
        if summer is not None and level != CHUA_DAT:
            raise ValueError(f"Kết quả cả năm là {LEVEL_WORDS[level]} nên không có kết quả trong hè.")
    if absences < 0:
        raise ValueError(f"Số buổi nghỉ không thể là {absences}.")


def _outcome(conduct: _Levels, learning: _Levels, absences: int) -> str:
    if absences > MOST_ABSENCES:
        return KHONG_LEN_LOP
    failed = [
        (summer, due)
        for (level, summer), due in ((conduct, REN_LUYEN_HE), (learning, DANH_GIA_LAI))
        if level == CHUA_DAT
    ]
    if len(failed) == 2:
        return HOI_DONG
    for summer, due in failed:
        if summer is None:
            return due
        if summer == CHUA_DAT:
            return KHONG_LEN_LOP
    return LEN_LOP


def _conditions(conduct: _Levels, learning: _Levels, absences: int) -> list[Step]:
    within = "không quá" if absences <= MOST_ABSENCES else "quá"
    return [
        Step(f"Kết quả rèn luyện cả năm {_year_and_summer(*conduct)}.", f"{CIRCULAR} Đ12.1.a"),
        Step(f"Kết quả học tập cả năm {_year_and_summer(*learning)}.", f"{CIRCULAR} Đ12.1.b"),
        Step(f"Nghỉ học {absences} buổi, {within} {MOST_ABSENCES} buổi trong năm học.", f"{CIRCULAR} Đ12.1.c"),
    ]


def _year_and_summer(level: str, summer: str | None) -> str:
    return LEVEL_WORDS[level] + ("" if summer is None else f", sau kì nghỉ hè {LEVEL_WORDS[summer]}")
