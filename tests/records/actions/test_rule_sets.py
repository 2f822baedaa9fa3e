"""A class's results are made by the rule set it was made with, are stored with its id, and stay when a later edition
comes."""

from dataclasses import replace

import pytest
from django.db import Error, transaction

from records.actions.results import store_results, year_record
from records.models import PageVersion, PeriodRecord, YearRecord
from records.models.student_years import year_of_class
from records.rules import RULE_SETS
from records.rules.tt22 import LearningResult
from schools.models import CurriculumSubject
from schools.rules.rule_sets import NoRuleSet

TT99 = replace(
    RULE_SETS["TT22-2021"],
    id="TT99-2030",
    learning=lambda subjects, settings: LearningResult("DAT", None, "DAT"),
    award=lambda conduct, learning, scored: "HSG",
)


@pytest.fixture
def later_edition(monkeypatch):
    """A fictitious circular: everybody is Đạt, and Học sinh Giỏi at that."""
    monkeypatch.setitem(RULE_SETS, TT99.id, TT99)


def test_class_of_the_later_edition_has_its_results_and_the_other_keeps_its_own(term, all_ready, later_edition):
    class_period = term.now()
    assert {year.records["HK1"].learning["final"] for year in store_results(class_period)} == {"TOT"}
    class_period.school_class.rule_set = TT99.id
    assert {year.records["HK1"].learning["final"] for year in store_results(class_period)} == {"DAT"}


def test_year_is_stored_with_the_id_of_its_rule_set(term, all_ready, later_edition):
    class_period = term.now()
    offered = CurriculumSubject.objects.of_class(class_period.school_class)
    kinds = {one.subject.code: one.kind for one in offered}
    year = year_of_class(class_period)[0]
    year.rows["HK2"], year.records["HK2"] = year.rows["HK1"], year.records["HK1"]
    outcomes = {}
    for name in ("TT22-2021", TT99.id):
        class_period.school_class.rule_set = name
        made: YearRecord = year_record(class_period, year, kinds)
        outcomes[made.rule_set] = (made.learning["final"], made.award)
    assert outcomes == {"TT22-2021": ("TOT", "HSG"), TT99.id: ("DAT", "HSG")}


def test_class_of_an_edition_without_results_is_not_reckoned_by_another(term, all_ready):
    class_period = term.now()
    class_period.school_class.rule_set = "TT98-2029"
    with pytest.raises(NoRuleSet, match="TT98-2029"):
        store_results(class_period)


def test_closed_term_is_never_made_anew(term, handed_in, later_edition):
    class_period = term.now()
    before = list(PeriodRecord.objects.filter(class_period=class_period).values_list("pk", "learning"))
    class_period.school_class.rule_set = TT99.id
    with pytest.raises(Error, match="submitted"), transaction.atomic():
        store_results(class_period)
    assert list(PeriodRecord.objects.filter(class_period=class_period).values_list("pk", "learning")) == before
    assert set(PageVersion.objects.of(class_period).values_list("rule_set", flat=True)) == {"TT22-2021"}
