"""Which edition of the rules holds for a grade in a school year.

Source: TT 22/2021/TT-BGDĐT Đ21 and TT 27/2020/TT-BGDĐT Đ16 (both for every grade since 2024–2025); law.md §0:
a closed year keeps the rule set with which it was closed.
"""

from typing import Final

from schools.rules.levels import PRIMARY, level_of

FIRST_YEAR_OF_BOTH: Final = 2024


class NoRuleSet(LookupError):
    """No edition of the rules that this program knows holds for that grade in that year."""


def rule_set_for(grade_level: int, first_year: int) -> str:
    """The id of the rule set of a grade (1–12) in the school year beginning in ``first_year``.

    ``TT27-2020`` for grades 1–5, ``TT22-2021`` for grades 6–12 (TT 27/2020, TT 22/2021). NoRuleSet before 2024–2025,
    when the older circulars still held for some grades.
    """
    if first_year < FIRST_YEAR_OF_BOTH:
        raise NoRuleSet(f"Chưa có bộ quy định cho năm học {first_year}–{first_year + 1}.")
    return "TT27-2020" if level_of(grade_level) == PRIMARY else "TT22-2021"
