"""A subject's result of a term and of the year: averages in decimal arithmetic, made one place once, half up.

Sources: TT 22/2021/TT-BGDĐT Đ6.2 (how many regular assessments), Đ9.1.a (subjects assessed by remarks), Đ9.1.b
(averages); law.md §1.2, §1.3.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, overload

from records.rules.steps import Step, equals, one_place, written
from records.rules.tt22_codes import CIRCULAR, COMMENT_WORDS, FAIL, PASS, require_comment_levels, require_marks

_TENTH: Final = Decimal("0.1")
_BY_REMARKS: Final = f"{CIRCULAR} Đ9.1.a"
_AVERAGES: Final = f"{CIRCULAR} Đ9.1.b"

# Periods a year up to which so many regular assessments are due in a term (Đ6.2.b; fewer than 35: law.md §8, 13).
_REGULAR: Final = ((35, 2), (70, 3))
_MOST_REGULAR: Final = 4
_REGULAR_BY_REMARKS: Final = 2


@overload
def regular_count(periods: int, comment: bool = False, *, steps: Literal[False] = False) -> int: ...
@overload
def regular_count(periods: int, comment: bool = False, *, steps: Literal[True]) -> tuple[int, list[Step]]: ...
def regular_count(periods: int, comment: bool = False, *, steps: bool = False) -> int | tuple[int, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ6.2: how many regular assessments are due in a term, by the subject's periods (tiết) a year
    without cụm chuyên đề: 2 up to 35, 3 up to 70, 4 above; 2 in every subject assessed by remarks (``comment``).
    ValueError unless there is at least one period. With ``steps``: (count, list of Step)."""
    if periods < 1:
        raise ValueError(f"Số tiết cả năm phải từ 1 trở lên, không phải {periods}.")
    if comment:
        count = _REGULAR_BY_REMARKS
        text, article = f"Môn đánh giá bằng nhận xét: mỗi học kì {count} lần thường xuyên.", f"{CIRCULAR} Đ6.2.a"
    else:
        count = next((count for most, count in _REGULAR if periods <= most), _MOST_REGULAR)
        text, article = f"Môn có {periods} tiết cả năm: mỗi học kì {count} điểm thường xuyên.", f"{CIRCULAR} Đ6.2.b"
    return (count, [Step(text, article)]) if steps else count


@overload
def term_average(
    regular: Sequence[Decimal], midterm: Decimal, final: Decimal, *, steps: Literal[False] = False
) -> Decimal: ...
@overload
def term_average(
    regular: Sequence[Decimal], midterm: Decimal, final: Decimal, *, steps: Literal[True]
) -> tuple[Decimal, list[Step]]: ...
def term_average(
    regular: Sequence[Decimal], midterm: Decimal, final: Decimal, *, steps: bool = False
) -> Decimal | tuple[Decimal, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ9.1.b: ĐTBmhk = (ΣĐĐGtx + 2·ĐĐGgk + 3·ĐĐGck) / (number of ĐĐGtx + 5), one place, half up.
    Marks of the scale of ten, at least one regular mark; ValueError without one, or for a mark off the scale or with
    more than one place. With ``steps``: (average, list of Step)."""
    if not regular:
        raise ValueError("Chưa có điểm đánh giá thường xuyên nào.")
    require_marks((*regular, midterm, final))
    total, parts = sum(regular) + 2 * midterm + 3 * final, len(regular) + 5
    value = (total / parts).quantize(_TENTH, ROUND_HALF_UP)
    if not steps:
        return value
    terms = " + ".join([*map(written, regular), f"2 × {written(midterm)}", f"3 × {written(final)}"])
    by_weight = f"Cộng theo hệ số (thường xuyên 1, giữa kì 2, cuối kì 3): {terms} = {written(total)}."
    divisor = f"{len(regular)} điểm thường xuyên cộng 5"
    return value, _told(by_weight, total, parts, divisor, f"Điểm trung bình môn học kì: {one_place(value)}")


@overload
def year_average(hk1: Decimal, hk2: Decimal, *, steps: Literal[False] = False) -> Decimal: ...
@overload
def year_average(hk1: Decimal, hk2: Decimal, *, steps: Literal[True]) -> tuple[Decimal, list[Step]]: ...
def year_average(hk1: Decimal, hk2: Decimal, *, steps: bool = False) -> Decimal | tuple[Decimal, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ9.1.b: ĐTBmcn = (ĐTBmhkI + 2·ĐTBmhkII) / 3 from the term averages as printed (one place),
    one place, half up. ValueError for an average off the scale of ten or with more than one place.
    With ``steps``: (average, list of Step)."""
    require_marks((hk1, hk2))
    total = hk1 + 2 * hk2
    value = (total / 3).quantize(_TENTH, ROUND_HALF_UP)
    if not steps:
        return value
    sums = f"{one_place(hk1)} + 2 × {one_place(hk2)} = {written(total)}"
    by_weight = f"Cộng theo hệ số (học kì I hệ số 1, học kì II hệ số 2): {sums}."
    return value, _told(by_weight, total, 3, "tổng hệ số 3", f"Điểm trung bình môn cả năm: {one_place(value)}")


def _told(by_weight: str, total: Decimal, parts: int, divisor: str, result: str) -> list[Step]:
    quotient = f"Chia cho {divisor}: {written(total)} : {parts} {equals(total / parts)}."
    last = f"{result} (lấy một chữ số thập phân, chữ số bỏ đi từ 5 trở lên thì làm tròn lên)."
    return [Step(text, _AVERAGES) for text in (by_weight, quotient, last)]


@overload
def comment_term_level(results: Sequence[str], due: int, *, steps: Literal[False] = False) -> str: ...
@overload
def comment_term_level(results: Sequence[str], due: int, *, steps: Literal[True]) -> tuple[str, list[Step]]: ...
def comment_term_level(results: Sequence[str], due: int, *, steps: bool = False) -> str | tuple[str, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ9.1.a: D (Đạt) when all ``due`` assessments of the term, periodic ones included, are there
    and every one is D, else CD (Chưa đạt). ValueError for another code, or when nothing is due.
    With ``steps``: (level, list of Step)."""
    if due < 1:
        raise ValueError("Học kì phải có ít nhất một lần đánh giá.")
    require_comment_levels(results)
    failed, missing = sum(result == FAIL for result in results), max(due - len(results), 0)
    level = FAIL if failed or missing else PASS
    if not steps:
        return level
    why = f"có {failed} lần Chưa đạt" if failed else "tất cả đều Đạt"
    lack = f", còn thiếu {missing} lần" if missing else ""
    text = f"Học kì cần {due} lần đánh giá, đã có {len(results)} lần{lack}; {why if results else 'chưa có lần nào'}"
    return level, [Step(f"{text}: kết quả học kì là {COMMENT_WORDS[level]}.", _BY_REMARKS)]


@overload
def comment_year_level(hk1: str, hk2: str, *, steps: Literal[False] = False) -> str: ...
@overload
def comment_year_level(hk1: str, hk2: str, *, steps: Literal[True]) -> tuple[str, list[Step]]: ...
def comment_year_level(hk1: str, hk2: str, *, steps: bool = False) -> str | tuple[str, list[Step]]:
    """TT 22/2021/TT-BGDĐT Đ9.1.a: the year's level, D or CD, of a subject assessed by remarks is the second term's.
    ValueError for another code in either term. With ``steps``: (level, list of Step)."""
    require_comment_levels((hk1, hk2))
    first, second = COMMENT_WORDS[hk1], COMMENT_WORDS[hk2]
    text = f"Kết quả cả năm là kết quả học kì II: {second} (học kì I: {first})."
    return (hk2, [Step(text, _BY_REMARKS)]) if steps else hk2
