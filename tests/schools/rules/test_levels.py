"""Levels, their grades and periods; and the rule set that holds for a grade."""

import pytest

from schools.rules.levels import (
    LOWER_SECONDARY,
    PRIMARY,
    UPPER_SECONDARY,
    level_of,
    pages_of_level,
    periods_of,
    terms_of_level,
)
from schools.rules.rule_sets import NoRuleSet, rule_set_for


@pytest.mark.parametrize(
    ("grade", "level"),
    [
        (1, PRIMARY),
        (5, PRIMARY),
        (6, LOWER_SECONDARY),
        (9, LOWER_SECONDARY),
        (10, UPPER_SECONDARY),
        (12, UPPER_SECONDARY),
    ],
)
def test_grade_belongs_to_a_level(grade, level):
    assert level_of(grade) == level


@pytest.mark.parametrize("grade", [-1, 0, 13])
def test_other_numbers_are_no_grade(grade):
    with pytest.raises(ValueError, match=f"Khối {grade} không có"):
        level_of(grade)


def test_primary_is_assessed_four_times_a_year_and_secondary_in_two_terms():
    assert periods_of(PRIMARY) == ("GK1", "CK1", "GK2", "CN", "HE")
    assert periods_of(LOWER_SECONDARY) == periods_of(UPPER_SECONDARY) == ("HK1", "HK2", "HE")


@pytest.mark.parametrize(
    ("grade", "rule_set"), [(1, "TT27-2020"), (5, "TT27-2020"), (6, "TT22-2021"), (12, "TT22-2021")]
)
def test_both_circulars_hold_for_every_grade_since_2024(grade, rule_set):
    assert rule_set_for(grade, 2024) == rule_set
    with pytest.raises(NoRuleSet, match="2023–2024"):
        rule_set_for(grade, 2023)


@pytest.mark.parametrize(
    ("level", "terms", "pages"),
    [
        ("TIEU_HOC", ("GK1", "CK1", "GK2", "CN"), ("CK1", "CN")),
        ("THCS", ("HK1", "HK2"), ("HK1", "HK2")),
        ("THPT", ("HK1", "HK2"), ("HK1", "HK2")),
    ],
)
def test_year_is_made_of_its_terms_and_pages_of_those_that_end_a_half(level, terms, pages):
    assert terms_of_level(level) == terms
    assert pages_of_level(level) == pages
