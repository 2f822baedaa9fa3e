"""“Vì sao 7,9?”: every result told in steps, by the same functions that made it.

Sources: TT 22/2021/TT-BGDĐT Đ7, Đ8.2, Đ9, Đ12–Đ15; law.md §1.4, §1.6–§1.9. A result that was stored is never replaced
by an explanation: where the steps do not lead to it, there are none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from records.rules import tt22
from records.rules.cells import ABSENT, WAIVED
from records.rules.columns import FINAL, MIDTERM, TEXT, Column
from records.rules.results import SCORED, SubjectResult, counted_mappings
from records.rules.steps import Step
from records.rules.tt22_learning import USUAL

_AVERAGES: Final = "TT 22/2021/TT-BGDĐT Đ9.1.b"
_BY_REMARKS: Final = "TT 22/2021/TT-BGDĐT Đ9.1.a"
_TEST_NAMES: Final = {MIDTERM: "giữa kì", FINAL: "cuối kì"}


@dataclass(frozen=True)
class Explanation:
    """A result by its code or number as it is stored, and the steps that lead to it; none where it is not known how it
    came about."""

    value: str
    steps: tuple[Step, ...] = ()


def term_marks(columns: Sequence[Column], cells: Mapping[str, str]) -> dict[str, str]:
    """What a row holds of what its result is made of, by the column's code: every column but the remark
    (TT 22/2021 Đ9.1)."""
    return {column.code: cells[column.code] for column in columns if column.scale != TEXT and column.code in cells}


def explained_term(kind: str, marks: Mapping[str, str], value: str) -> Explanation:
    """A subject's result of a term, "7.9" or "D", from the cells of its row by column ("8.5", "D", "V"), without the
    remark; a test missed without reason is told to count 0 or Chưa đạt, a regular result let go to count in nothing
    (TT 22/2021 Đ6.2, Đ7, Đ9.1). No steps where the cells
    are not a whole row or lead to another result."""
    if not value or not {MIDTERM, FINAL} < marks.keys():
        return Explanation(value)
    given = {code: mark for code, mark in marks.items() if mark != WAIVED}
    found, steps = _scored_term(given) if kind == SCORED else _comment_term(given)
    return agreed(value, found, [*_waived(marks), *_absences(kind, given), *steps])


def explained_year(kind: str, hk1: str, hk2: str, value: str) -> Explanation:
    """A subject's result of the year from those of both terms; without a first term it is the second's
    (TT 22/2021 Đ9.1; law.md §3: a subject newly chosen)."""
    if not hk2:
        return Explanation(value)
    if not hk1:
        told = "Môn không có kết quả học kì I: kết quả cả năm là kết quả học kì II."
        return agreed(value, hk2, [Step(told, _AVERAGES if kind == SCORED else _BY_REMARKS)])
    if kind == SCORED:
        average, steps = tt22.year_average(Decimal(hk1), Decimal(hk2), steps=True)
        return agreed(value, str(average), steps)
    level, steps = tt22.comment_year_level(hk1, hk2, steps=True)
    return agreed(value, level, steps)


def explained_learning(
    results: list[SubjectResult], value: str, settings: tt22.AdjustmentSettings = USUAL
) -> Explanation:
    """Kết quả học tập of a term or the year from the results of the subjects, with the one subject of the adjustment
    (TT 22/2021 Đ9.2, Đ9.3)."""
    scored, comment = counted_mappings(results)
    if not scored and not comment:
        return Explanation(value)
    found, steps = tt22.learning_result(scored, comment, settings, steps=True)
    return agreed(value, found.final, steps)


def explained_conduct(hk1: str, hk2: str, value: str) -> Explanation:
    """The year's conduct from both terms (TT 22/2021 Đ8.2.b); no steps where a term is not known."""
    if not hk1 or not hk2:
        return Explanation(value)
    level, steps = tt22.year_conduct(hk1, hk2, steps=True)
    return agreed(value, level, steps)


def explained_promotion(
    conduct: str,
    learning: str,
    absences: int,
    value: str,
    conduct_after_summer: str | None = None,
    learning_after_summer: str | None = None,
) -> Explanation:
    """Lên lớp from conduct, learning and absences (buổi) of the year, and what the summer put in the place of a Chưa
    đạt (TT 22/2021 Đ12–Đ14); no steps for what the hiệu trưởng decided."""
    after = (conduct_after_summer, learning_after_summer)
    outcome, steps = tt22.promotion(conduct, learning, absences, *after, steps=True)
    return agreed(value, outcome, steps)


def explained_award(conduct: str, learning: str, results: list[SubjectResult], value: str) -> Explanation:
    """The award of the year from conduct, learning and the averages that count (TT 22/2021 Đ15.1.a)."""
    title, steps = tt22.award(conduct, learning, counted_mappings(results)[0], steps=True)
    return agreed(value, title, steps)


def agreed(value: str, found: str, steps: list[Step]) -> Explanation:
    """The steps only where they lead to the result that was stored (TT 22/2021 Đ9; TT 27/2020 Đ9)."""
    return Explanation(value, tuple(steps) if value == found else ())


def _scored_term(marks: Mapping[str, str]) -> tuple[str, list[Step]]:
    numbers = {code: Decimal("0" if mark == ABSENT else mark) for code, mark in marks.items()}
    midterm, final = numbers.pop(MIDTERM), numbers.pop(FINAL)
    average, steps = tt22.term_average(list(numbers.values()), midterm, final, steps=True)
    return str(average), steps


def _comment_term(marks: Mapping[str, str]) -> tuple[str, list[Step]]:
    levels = [tt22.FAIL if mark == ABSENT else mark for mark in marks.values()]
    return tt22.comment_term_level(levels, len(levels), steps=True)


def _waived(marks: Mapping[str, str]) -> list[Step]:
    return [
        Step(f"{code} không có kết quả, hiệu trưởng cho phép thiếu: không tính.", "TT 22/2021/TT-BGDĐT Đ6.2")
        for code, mark in marks.items()
        if mark == WAIVED
    ]


def _absences(kind: str, marks: Mapping[str, str]) -> list[Step]:
    counts = "tính 0 điểm" if kind == SCORED else "tính Chưa đạt"
    return [
        Step(f"Vắng bài kiểm tra {_TEST_NAMES[code]} không có lí do: {counts}.", "TT 22/2021/TT-BGDĐT Đ7")
        for code in (MIDTERM, FINAL)
        if marks[code] == ABSENT
    ]
