"""Which edition of the rules holds for a grade in a school year.

Source: TT 22/2021/TT-BGDĐT Đ21 and TT 27/2020/TT-BGDĐT Đ16 (both for every grade since 2024–2025); law.md §0:
a closed year keeps the rule set with which it was closed. A later edition is one more line here, and its own files;
no line is ever changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schools.rules.levels import level_of


@dataclass(frozen=True)
class Edition:
    """A rule set by its id, the grades it is for, and the first school year (by the year it begins) of all of them."""

    id: str
    grades: range
    first_year: int


EDITIONS: Final = (Edition("TT27-2020", range(1, 6), 2024), Edition("TT22-2021", range(6, 13), 2024))


class NoRuleSet(LookupError):
    """No edition of the rules that this program knows holds for that grade in that year."""


def rule_set_for(grade_level: int, first_year: int, editions: Sequence[Edition] = EDITIONS) -> str:
    """The id of the rule set of a grade (1–12) in the school year beginning in ``first_year``: of the editions for the
    grade the one that came last (law.md §0).

    ``TT27-2020`` for grades 1–5, ``TT22-2021`` for grades 6–12 (TT 27/2020, TT 22/2021). NoRuleSet before 2024–2025,
    when the older circulars still held for some grades; ValueError for another grade.
    """
    level_of(grade_level)
    held = [one for one in editions if grade_level in one.grades and one.first_year <= first_year]
    if not held:
        raise NoRuleSet(f"Chưa có bộ quy định cho năm học {first_year}–{first_year + 1}.")
    return max(held, key=lambda one: one.first_year).id
