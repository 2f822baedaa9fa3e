"""What the cells of a row come to, and a student's results of a term and a year, by the rule set's own functions.

Sources: TT 22/2021/TT-BGDĐT Đ7 (a test missed without reason is 0 or Chưa đạt), Đ8, Đ9, Đ12, Đ15; TT 27/2020/TT-BGDĐT
Đ7.1.a (the level of a subject).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from records.rules import tt22
from records.rules.cells import ABSENT, WAIVED
from records.rules.columns import FINAL, LEVEL_COLUMN, MIDTERM, TEXT, Column, missing
from records.rules.tt22_learning import USUAL

SCORED: Final = "DIEM"
BY_LEVEL: Final = "MUC"


def row_result(kind: str, columns: Sequence[Column], cells: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """(ĐTBmhk as a Decimal with one place, "") of a scored subject, (None, "D" or "CD") of one assessed by remarks,
    (None, "T", "H" or "C") of one with a level alone, and (None, "") while a required cell is empty: an average of half
    a row would be read as a result; a regular result that the hiệu trưởng lets go (“K”) counts in nothing (TT 22/2021
    Đ6.2, Đ7, Đ9.1; law.md §8, no. 10; TT 27/2020 Đ7.1.a)."""
    if missing(columns, cells):
        return None, ""
    if kind == BY_LEVEL:
        return None, cells[LEVEL_COLUMN]
    counted = [column for column in columns if column.scale != TEXT and cells.get(column.code, WAIVED) != WAIVED]
    if kind != SCORED:
        results = ["CD" if cells[column.code] == ABSENT else cells[column.code] for column in counted]
        return None, tt22.comment_term_level(results, len(counted))
    marks = {column.code: Decimal("0" if cells[column.code] == ABSENT else cells[column.code]) for column in counted}
    midterm, final = marks.pop(MIDTERM), marks.pop(FINAL)
    return tt22.term_average(list(marks.values()), midterm, final), ""


@dataclass(frozen=True)
class SubjectResult:
    """A subject's result in a term or the year: "7.9" of a scored one, "D" or "CD" of the others; ``counted`` says
    whether it weighs in the learning result (law.md §1.7: tự chọn and exempted subjects do not)."""

    subject: str
    kind: str
    value: str
    counted: bool = True


def counted_mappings(results: Sequence[SubjectResult]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The subjects that count, by code: averages of the scored ones, D or CD of the others (TT 22/2021 Đ9.2)."""
    counted = [result for result in results if result.counted]
    scored = {result.subject: Decimal(result.value) for result in counted if result.kind == SCORED}
    return scored, {result.subject: result.value for result in counted if result.kind != SCORED}


def learning(results: Sequence[SubjectResult], settings: tt22.AdjustmentSettings = USUAL) -> tt22.LearningResult:
    """Kết quả học tập of a term or the year from all subjects that count, Đ9.3 read as ``settings`` say (TT 22/2021
    Đ9.2, Đ9.3; law.md §8, no. 1)."""
    return tt22.learning_result(*counted_mappings(results), settings)


def year_result(first: SubjectResult | None, second: SubjectResult) -> SubjectResult:
    """A subject's result of the year: ĐTBmcn from both terms, or the second term's level (TT 22/2021 Đ9.1). A subject
    without a first term (newly taken) has the second term's result (law.md §3: chosen anew)."""
    if first is None or not first.value:
        value = second.value
    elif second.kind == SCORED:
        value = str(tt22.year_average(Decimal(first.value), Decimal(second.value)))
    else:
        value = tt22.comment_year_level(first.value, second.value)
    return SubjectResult(second.subject, second.kind, value, second.counted)
