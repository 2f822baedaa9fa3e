"""A later edition of the rules is added beside the old ones: it holds from its year on, and changes nothing before."""

import pytest

from records.rules import RULE_SETS, rule_set
from records.rules.results import SubjectResult
from records.rules.tt22 import AdjustmentSettings
from schools.rules.rule_sets import EDITIONS, Edition, NoRuleSet, rule_set_for

LATER = Edition("TT99-2030", range(6, 10), 2030)
SUBJECTS = [SubjectResult(f"MON_{number}", "DIEM", "7.9") for number in range(8)]


@pytest.mark.parametrize(
    ("grade", "year", "held"),
    [
        (7, 2029, "TT22-2021"), (7, 2030, "TT99-2030"), (7, 2031, "TT99-2030"), (10, 2030, "TT22-2021"),
        (5, 2030, "TT27-2020"),
    ],
)  # fmt: skip
def test_later_edition_holds_for_its_grades_from_its_first_year(grade, year, held):
    assert rule_set_for(grade, year, [LATER, *EDITIONS]) == held


def test_grade_out_of_school_has_no_edition():
    with pytest.raises(ValueError, match="13"):
        rule_set_for(13, 2026)


def test_results_are_made_by_the_edition_that_is_asked_for():
    assert rule_set("TT22-2021").learning(SUBJECTS, AdjustmentSettings()).final == "KHA"
    assert rule_set("TT22-2021").id == "TT22-2021"


@pytest.mark.parametrize("unknown", ["TT99-2030", "TT58-2011", "TT22"])
def test_edition_without_results_is_refused_and_no_other_taken(unknown):
    assert unknown not in RULE_SETS
    with pytest.raises(NoRuleSet, match=unknown):
        rule_set(unknown)
