"""Kết quả học tập of a term or the year, and the one subject that alone may not pull it down by two levels.

Source: TT 22/2021/TT-BGDĐT Đ9.2 (four levels), Đ9.3 (adjustment), in the reading of law.md §1.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, overload

from records.rules.steps import Step
from records.rules.tt22_codes import (
    CHUA_DAT,
    CIRCULAR,
    DAT,
    FAIL,
    KHA,
    LEVEL_WORDS,
    LEVELS,
    PASS,
    SIX,
    TOT,
    require_comment_levels,
    require_marks,
)
from records.rules.tt22_learning_words import Finding, Row, found_step, level_step, lifted_step

_ROWS: Final = (
    Row(TOT, Decimal("6.5"), Decimal("8.0"), 0, f"{CIRCULAR} Đ9.2.a"),
    Row(KHA, Decimal("5.0"), Decimal("6.5"), 0, f"{CIRCULAR} Đ9.2.b"),
    Row(DAT, Decimal("3.5"), Decimal("5.0"), 1, f"{CIRCULAR} Đ9.2.c"),
)
_LEVELS_LOST: Final = 2
_TOP_MARK: Final = Decimal(10)

_Scored = Mapping[str, Decimal]
_Comment = Mapping[str, str]


@dataclass(frozen=True)
class AdjustmentSettings:
    """How Đ9.3 is read (law.md §8, 1): whether any subject may be the one responsible or scored ones only, and whether
    the level is looked at without that subject or as if it had the best result (10, Đạt)."""

    scored_only: bool = False
    by_top_mark: bool = False


USUAL: Final = AdjustmentSettings()


@dataclass(frozen=True)
class LearningResult:
    """The level from all subjects, the code of the one subject that alone pulled it down by two levels or more (or
    None), and the level that holds: base, or one above it."""

    base: str
    subject_responsible: str | None
    final: str


@overload
def learning_result(
    scored: _Scored, comment: _Comment, settings: AdjustmentSettings = ..., *, steps: Literal[False] = False
) -> LearningResult: ...
@overload
def learning_result(
    scored: _Scored, comment: _Comment, settings: AdjustmentSettings = ..., *, steps: Literal[True]
) -> tuple[LearningResult, list[Step]]: ...
def learning_result(
    scored: _Scored, comment: _Comment, settings: AdjustmentSettings = USUAL, *, steps: bool = False
) -> LearningResult | tuple[LearningResult, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ9.2, Đ9.3: kết quả học tập from the subjects that count (compulsory and chosen ones), by
    subject code: averages with one place, and D or CD of those assessed by remarks. The level is raised by one where
    exactly one subject alone lowered it by two levels or more from Tốt or Khá. ValueError for no subject at all, one
    in both mappings, an average off the scale, another code. With ``steps``: (result, list of Step)."""
    _require(scored, comment)
    base = _level(scored, comment)
    # From Khá or Tốt nobody can have lost two levels, and most students stand there: nothing is tried in vain.
    low = LEVELS.index(base) + _LEVELS_LOST < len(LEVELS)
    subjects = (*scored, *(() if settings.scored_only else comment)) if low else ()
    without = {code: _level_without(code, scored, comment, settings) for code in subjects}
    # The circular says one subject only; by these tables there are never two.
    hits = [code for code, level in without.items() if LEVELS.index(level) - LEVELS.index(base) >= _LEVELS_LOST]
    result = LearningResult(base, None, base)
    if len(hits) == 1:
        result = LearningResult(base, hits[0], LEVELS[LEVELS.index(base) + 1])
    if not steps:
        return result
    lifted = [lifted_step(code, base, without[code], result.final, settings.by_top_mark) for code in hits]
    return result, [*_base_steps(scored, comment, base), *lifted]


def _require(scored: _Scored, comment: _Comment) -> None:
    if not scored and not comment:
        raise ValueError("Chưa có kết quả của môn học nào.")
    if both := scored.keys() & comment.keys():
        raise ValueError(f"{', '.join(sorted(both))}: một môn không thể vừa có điểm vừa đánh giá bằng nhận xét.")
    require_marks(scored.values())
    require_comment_levels(comment.values())


def _level(scored: _Scored, comment: _Comment) -> str:
    return next((row.level for row in _ROWS if _find(row, scored, comment).met), CHUA_DAT)


def _find(row: Row, scored: _Scored, comment: _Comment) -> Finding:
    below = tuple(code for code, mark in scored.items() if mark < row.every)
    good = sum(mark >= row.good for mark in scored.values())
    failed = tuple(code for code, level in comment.items() if level == FAIL)
    met = not below and good >= SIX and len(failed) <= row.may_fail
    return Finding(row, len(scored), below, good, failed, met)


def _level_without(code: str, scored: _Scored, comment: _Comment, settings: AdjustmentSettings) -> str:
    if settings.by_top_mark:
        best = {code: _TOP_MARK} if code in scored else {}
        return _level({**scored, **best}, {**comment, **({} if best else {code: PASS})})
    return _level(
        {other: mark for other, mark in scored.items() if other != code},
        {other: level for other, level in comment.items() if other != code},
    )


def _base_steps(scored: _Scored, comment: _Comment, base: str) -> list[Step]:
    told = []
    for row in _ROWS:
        finding = _find(row, scored, comment)
        told.append(found_step(finding))
        if finding.met:
            return told
    return [*told, level_step(LEVEL_WORDS[base])]
