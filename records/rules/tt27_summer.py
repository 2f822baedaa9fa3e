"""Đánh giá bổ sung after a year of tiểu học: what is assessed again, and whether the grade is completed with it.

Sources: TT 27/2020/TT-BGDĐT Đ9.2.a, Đ11; law.md §2; docs/decisions/0024-summer.md.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from records.rules.summer import QUALITY, SUBJECT, TEST, AfterSummer, Item
from records.rules.tt27 import promotion, year_result
from records.rules.tt27_codes import CHT, HT, NEEDS_EFFORT, NOT_DONE

LEAST: Final = Decimal(5)


def due_for_help(subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal]) -> list[Item]:
    """TT 27/2020/TT-BGDĐT Đ11: what keeps a pupil from Hoàn thành (Đ9.2.a) and is assessed again after help: subjects
    Chưa hoàn thành, tests below 5, phẩm chất and năng lực Cần cố gắng."""
    again = [(SUBJECT, code) for code, level in subjects.items() if level == NOT_DONE]
    again += [(TEST, code) for code, score in tests.items() if score < LEAST]
    return again + [(QUALITY, code) for code, level in traits.items() if level == NEEDS_EFFORT]


def with_new_levels(
    subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal], entries: Mapping[Item, str]
) -> tuple[dict[str, str], dict[str, str], dict[str, Decimal]]:
    """TT 27/2020/TT-BGDĐT Đ11: levels, phẩm chất and năng lực, and scores with what was assessed again in the place of
    the first ones."""
    return (
        {code: entries.get((SUBJECT, code)) or level for code, level in subjects.items()},
        {code: entries.get((QUALITY, code)) or level for code, level in traits.items()},
        {code: Decimal(entries.get((TEST, code)) or score) for code, score in tests.items()},
    )


def after_help(
    subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal], entries: Mapping[Item, str]
) -> AfterSummer:
    """TT 27/2020/TT-BGDĐT Đ11: the year with what was assessed again in the place of the first levels and scores: HT
    when the grade is completed now, however high the new levels are, or CHT, about which the hiệu trưởng decides.
    ValueError as ``year_result``."""
    anew = year_result(*with_new_levels(subjects, traits, tests, entries))
    result = CHT if anew == CHT else HT
    return AfterSummer(None, {"final": result}, promotion(CHT, result))
