"""What the law says about results: plain Python, no clock, no database; one file per circular.

The results of a class are made by the rule set whose id the class has kept since it was made, never by the newest one:
``rule_set`` gives an edition's functions by that id (law.md §0; which edition a grade gets says
schools/rules/rule_sets.py). A later edition is a new file and one more entry here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from records.rules import tt22, tt27
from records.rules.results import SubjectResult, learning, year_result
from schools.rules.rule_sets import NoRuleSet


@dataclass(frozen=True)
class RuleSet:
    """An edition at work: the learning result of a term or year from the subjects' results, a subject's result of the
    year from both terms, and of the year conduct, lên lớp and award."""

    id: str
    learning: Callable[[Sequence[SubjectResult], tt22.AdjustmentSettings], tt22.LearningResult]
    year_result: Callable[[SubjectResult | None, SubjectResult], SubjectResult]
    year_conduct: Callable[[str, str], str]
    promotion: Callable[[str, str, int], str]
    award: Callable[[str, str, Mapping[str, Decimal]], str]


@dataclass(frozen=True)
class PrimaryRuleSet:
    """An edition for tiểu học at work: the result of the year from levels, phẩm chất and năng lực, and tests at its
    end; completion of the grade, award (TT 27/2020 Đ9.2, Đ11, Đ13)."""

    id: str
    year_result: Callable[[Mapping[str, str], Mapping[str, str], Mapping[str, Decimal]], str]
    promotion: Callable[[str], str]
    award: Callable[[str, bool, bool], str]


RULE_SETS: Final[dict[str, RuleSet | PrimaryRuleSet]] = {
    "TT22-2021": RuleSet("TT22-2021", learning, year_result, tt22.year_conduct, tt22.promotion, tt22.award),
    "TT27-2020": PrimaryRuleSet("TT27-2020", tt27.year_result, tt27.promotion, tt27.award),
}


def rule_set(rule_set_id: str) -> RuleSet | PrimaryRuleSet:
    """The edition of that id, whatever newer ones there are (law.md §0). NoRuleSet where this program has no results
    by it."""
    if rule_set_id not in RULE_SETS:
        raise NoRuleSet(f"Chưa có cách tính kết quả theo bộ quy định {rule_set_id}.")
    return RULE_SETS[rule_set_id]
