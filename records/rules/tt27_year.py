"""What the year comes to at tiểu học: the result, completion of the grade and of tiểu học, the award.

Sources: TT 27/2020/TT-BGDĐT Đ9.2.a (result), Đ11 (completion), Đ13.1.a (award); law.md §2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, overload

from records.rules.curriculum import names
from records.rules.steps import Step
from records.rules.tt27_codes import (
    CHT,
    CIRCULAR,
    DONE,
    GENERAL_COMPETENCES,
    GOOD,
    HT,
    HTT,
    HTXS,
    QUALITIES,
    REACHED,
    RESULT_WORDS,
    SUBJECT_WORDS,
    TRAIT_WORDS,
    WELL_DONE,
    require_known,
    require_primary,
    special_competences,
)
from records.rules.tt27_scores import is_valid_score

HSXS: Final = "HSXS"
HSTB: Final = "HSTB"
NO_AWARD: Final = ""

HOAN_THANH: Final = "HOAN_THANH"
DANH_GIA_BO_SUNG: Final = "DANH_GIA_BO_SUNG"
HIEU_TRUONG: Final = "HIEU_TRUONG"

_TRAITS: Final = QUALITIES | GENERAL_COMPETENCES | special_competences(5)


@dataclass(frozen=True)
class _Row:
    """A result of Đ9.2.a: the levels it allows, and the least score of every year-end test."""

    result: str
    subjects: tuple[str, ...]
    traits: tuple[str, ...]
    tests: int


_ROWS: Final = (
    _Row(HTXS, (WELL_DONE,), (GOOD,), 9),
    _Row(HTT, (WELL_DONE,), (GOOD,), 7),
    _Row(HT, (WELL_DONE, DONE), (GOOD, REACHED), 5),
)


@overload
def year_result(
    subjects: Mapping[str, str],
    traits: Mapping[str, str],
    tests: Mapping[str, Decimal],
    *,
    steps: Literal[False] = False,
) -> str: ...
@overload
def year_result(
    subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal], *, steps: Literal[True]
) -> tuple[str, list[Step]]: ...
def year_result(
    subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal], *, steps: bool = False
) -> str | tuple[str, list[Step]]:
    """TT 27/2020/TT-BGDĐT Đ9.2.a: HTXS, HTT, HT or CHT from the year-end levels of every subject and hoạt động giáo dục
    (T, H, C), of every phẩm chất and năng lực (T, D, C), and the scores of the year-end tests, each by code. ValueError
    for another code, a score that is no whole number of 0–10, or where one of the three is empty: what is missing is
    no result. With ``steps``: (code, list of Step), a step for every level above the result saying what it lacks."""
    _require_whole(subjects, traits, tests)
    told: list[Step] = []
    for row in _ROWS:
        lacking = _lacking(row, subjects, traits, tests)
        told.append(_row_step(row, lacking))
        if not lacking:
            return (row.result, told) if steps else row.result
    told.append(Step(f"Kết quả giáo dục: {RESULT_WORDS[CHT]}.", f"{CIRCULAR} Đ9.2.a"))
    return (CHT, told) if steps else CHT


def _require_whole(subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal]) -> None:
    require_known(subjects.values(), SUBJECT_WORDS)
    require_known(traits.values(), TRAIT_WORDS)
    for score in tests.values():
        if not is_valid_score(score, lowest=0):
            raise ValueError(f"{score} không phải là điểm nguyên của thang 10.")
    if not (subjects and traits and tests):
        raise ValueError("Thiếu mức của môn học, của phẩm chất, năng lực hoặc điểm kiểm tra cuối năm.")


def _lacking(
    row: _Row, subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal]
) -> list[str]:
    """What keeps a pupil from a result, in words: one entry for every subject, quality and test."""
    low_subjects = [
        f"{names([code])} mức {SUBJECT_WORDS[level]}" for code, level in subjects.items() if level not in row.subjects
    ]
    low_traits = [
        f"“{_TRAITS.get(code, code)}” mức {TRAIT_WORDS[level]}"
        for code, level in traits.items()
        if level not in row.traits
    ]
    low_tests = [f"bài kiểm tra {names([code])} {score} điểm" for code, score in tests.items() if score < row.tests]
    return low_subjects + low_traits + low_tests


def _row_step(row: _Row, lacking: list[str]) -> Step:
    word = RESULT_WORDS[row.result]
    if lacking:
        return Step(f"Chưa được mức {word}: {', '.join(lacking)}.", f"{CIRCULAR} Đ9.2.a")
    asked = (
        f"mọi môn học và hoạt động giáo dục {_either(row.subjects, SUBJECT_WORDS)}, "
        f"mọi phẩm chất, năng lực {_either(row.traits, TRAIT_WORDS)}, "
        f"mọi bài kiểm tra cuối năm từ {row.tests} điểm trở lên"
    )
    return Step(f"Kết quả giáo dục: {word}, vì {asked}.", f"{CIRCULAR} Đ9.2.a")


def _either(levels: tuple[str, ...], words: Mapping[str, str]) -> str:
    return " hoặc ".join(words[level] for level in levels)


@overload
def award(result: str, outstanding: bool, class_agrees: bool, *, steps: Literal[False] = False) -> str: ...
@overload
def award(result: str, outstanding: bool, class_agrees: bool, *, steps: Literal[True]) -> tuple[str, list[Step]]: ...
def award(result: str, outstanding: bool, class_agrees: bool, *, steps: bool = False) -> str | tuple[str, list[Step]]:
    """TT 27/2020/TT-BGDĐT Đ13.1.a: HSXS for HTXS; HSTB (Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện)
    for HTT where the pupil is outstanding in a subject or has clearly progressed in a quality or competence
    (``outstanding``) and the class recognises it; else "". ValueError for another result. With ``steps``: (code, list
    of Step)."""
    require_known((result,), RESULT_WORDS)
    word = RESULT_WORDS[result]
    if result == HTXS:
        title, text = HSXS, f"Kết quả giáo dục {word}: danh hiệu Học sinh Xuất sắc."
    elif result == HTT and outstanding and class_agrees:
        title = HSTB
        text = (
            f"Kết quả giáo dục {word}, có thành tích nổi bật hoặc tiến bộ rõ rệt và được tập thể lớp công nhận: "
            "danh hiệu Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện."
        )
    else:
        title, text = NO_AWARD, f"Kết quả giáo dục {word}{_no_award(result, outstanding)}: không có danh hiệu."
    return (title, [Step(text, f"{CIRCULAR} Đ13.1.a")]) if steps else title


def _no_award(result: str, outstanding: bool) -> str:
    if result != HTT:
        return ""
    if not outstanding:
        return ", chưa có môn học nổi bật hoặc tiến bộ rõ rệt về phẩm chất, năng lực được ghi nhận"
    return ", chưa được tập thể lớp công nhận"


@overload
def promotion(result: str, after_help: str | None = None, *, steps: Literal[False] = False) -> str: ...
@overload
def promotion(result: str, after_help: str | None = None, *, steps: Literal[True]) -> tuple[str, list[Step]]: ...
def promotion(result: str, after_help: str | None = None, *, steps: bool = False) -> str | tuple[str, list[Step]]:
    """TT 27/2020/TT-BGDĐT Đ11: HOAN_THANH (the grade is completed) for HTXS, HTT or HT, also after help
    (``after_help``: the result of đánh giá bổ sung, None while it has not been); DANH_GIA_BO_SUNG while a CHT still has
    it before them; HIEU_TRUONG when it is CHT again: the principal decides, the program does not. ValueError for
    another result, or help where none was due. With ``steps``: (code, list of Step)."""
    require_known((result,) if after_help is None else (result, after_help), RESULT_WORDS)
    if after_help is not None and result != CHT:
        raise ValueError(f"Kết quả cả năm là {RESULT_WORDS[result]} nên không có đánh giá bổ sung.")
    final = result if after_help is None else after_help
    told = f"Kết quả giáo dục cả năm {RESULT_WORDS[result]}"
    if after_help is not None:
        told += f", sau đánh giá bổ sung {RESULT_WORDS[after_help]}"
    if final != CHT:
        outcome, text = HOAN_THANH, f"{told}: hoàn thành chương trình lớp học."
    elif after_help is None:
        outcome, text = DANH_GIA_BO_SUNG, f"{told}: được hướng dẫn, giúp đỡ và đánh giá bổ sung."
    else:
        outcome, text = HIEU_TRUONG, f"{told}: hiệu trưởng xem xét, quyết định lên lớp hoặc ở lại lớp."
    return (outcome, [Step(text, f"{CIRCULAR} Đ11")]) if steps else outcome


def completes_primary(grade_level: int, outcome: str) -> bool:
    """TT 27/2020/TT-BGDĐT Đ11: whether a pupil with that outcome of ``promotion`` has completed tiểu học: lớp 5 and
    HOAN_THANH. ValueError for a grade that is not of tiểu học or another outcome."""
    require_primary(grade_level)
    require_known((outcome,), (HOAN_THANH, DANH_GIA_BO_SUNG, HIEU_TRUONG))
    return grade_level == 5 and outcome == HOAN_THANH
