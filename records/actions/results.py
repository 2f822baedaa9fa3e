"""The results of a term and of the year, computed by the rules and stored when a class is submitted."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from records.models import ClassPeriod, PeriodRecord, YearRecord
from records.models.student_years import StudentYear, is_last_term, terms_of, year_of_class
from records.rules import PrimaryRuleSet, RuleSet, rule_set, tt27
from records.rules.columns import OUTSTANDING
from records.rules.results import counted_mappings
from schools.models import CurriculumSubject


def store_results(class_period: ClassPeriod) -> list[StudentYear]:
    """Compute and store the term's learning result of everybody whose term closes in this class, and after the last
    term the year's, in the caller's transaction. Returns them: whose term was closed in another class before they came
    is neither computed nor frozen again (TT 22/2021 Đ8, Đ9, Đ12, Đ15; TT 27/2020 Đ9, Đ11, Đ13; house.md §5, “Moving”).
    """
    everybody = [year for year in year_of_class(class_period) if year.closes_in(class_period)]
    kinds = {
        subject.subject.code: subject.kind for subject in CurriculumSubject.objects.of_class(class_period.school_class)
    }
    rules = rule_set(class_period.school_class.rule_set)
    for year in everybody:
        year.records[class_period.period.code].learning = _term_result(class_period, rules, year, kinds)
    PeriodRecord.objects.save_cells([year.records[class_period.period.code] for year in everybody], ("learning",))
    if is_last_term(class_period):
        _store_years(class_period, everybody, kinds)
    return everybody


def _term_result(
    class_period: ClassPeriod, rules: RuleSet | PrimaryRuleSet, year: StudentYear, kinds: Mapping[str, str]
) -> dict[str, Any]:
    """The learning result of the term; empty at tiểu học, where only the year has one (TT 27/2020 Đ9)."""
    if isinstance(rules, PrimaryRuleSet):
        return {}
    return asdict(
        rules.learning(list(year.term_results(class_period.period.code, kinds).values()), year.settings.adjustment)
    )


def _store_years(class_period: ClassPeriod, everybody: list[StudentYear], kinds: Mapping[str, str]) -> None:
    for year in everybody:
        year.year = year_record(class_period, year, kinds)
    results = ("school_class", "rule_set", "conduct", "learning", "subject_results", "absences", "promotion", "award")
    YearRecord.objects.bulk_create(
        [year.year for year in everybody if year.year],
        update_conflicts=True,
        unique_fields=["student", "school_year"],
        update_fields=results,
    )


def year_record(class_period: ClassPeriod, year: StudentYear, kinds: Mapping[str, str]) -> YearRecord:
    """What a student's year came to by the class's own rule set, not stored yet (TT 22/2021 Đ8.2, Đ9, Đ12, Đ15;
    TT 27/2020 Đ9.2, Đ11, Đ13)."""
    rules = rule_set(class_period.school_class.rule_set)
    absences = sum(year.absences_in(code) for code in {*year.records, *year.brought})
    if isinstance(rules, PrimaryRuleSet):
        outcome = _primary_year(class_period, rules, year, kinds)
    else:
        outcome = _secondary_year(class_period, rules, year, kinds, absences)
    return YearRecord(
        student=year.student,
        school_year=class_period.school_year,
        school_class=class_period.school_class,
        rule_set=rules.id,
        absences=absences,
        **outcome,
    )


def _secondary_year(
    class_period: ClassPeriod, rules: RuleSet, year: StudentYear, kinds: Mapping[str, str], absences: int
) -> dict[str, Any]:
    first, second = (year.term_results(code, kinds) for code in terms_of(class_period))
    subjects = {code: rules.year_result(first.get(code), result) for code, result in second.items()}
    outcome = rules.learning(list(subjects.values()), year.settings.adjustment)
    conduct = _year_conduct(class_period, year, rules)
    return {
        "conduct": conduct,
        "learning": asdict(outcome),
        "subject_results": {code: result.value for code, result in subjects.items()},
        "promotion": rules.promotion(conduct, outcome.final, absences),
        "award": rules.award(conduct, outcome.final, counted_mappings(list(subjects.values()))[0]),
    }


def _year_conduct(class_period: ClassPeriod, year: StudentYear, rules: RuleSet) -> str:
    """The year's conduct from both terms; of the second alone where nothing of the first is known."""
    levels = [level for code in terms_of(class_period) if (level := year.conduct_in(code))]
    return rules.year_conduct(*levels) if len(levels) == 2 else levels[-1]


def _primary_year(
    class_period: ClassPeriod, rules: PrimaryRuleSet, year: StudentYear, kinds: Mapping[str, str]
) -> dict[str, Any]:
    """From what was assessed at the end of the year alone (TT 27/2020 Đ9.2.a); an outstanding pupil whom the class
    recognises is who the homeroom teacher has ticked (Đ13.1.a)."""
    levels, traits, tests = year_end(class_period, year, kinds)
    result = rules.year_result(levels, traits, tests)
    ticked = bool(year.records[class_period.period.code].cells.get(OUTSTANDING))
    return {
        "conduct": "",
        "learning": {"final": result},
        "subject_results": {
            one.subject: one.value for one in year.term_results(class_period.period.code, kinds).values()
        },
        "promotion": rules.promotion(result),
        "award": rules.award(result, ticked, ticked),
    }


def year_end(
    class_period: ClassPeriod, year: StudentYear, kinds: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str], dict[str, Decimal]]:
    """What the result of the year at tiểu học is made of: the levels of the subjects that count, of the phẩm chất and
    năng lực, and the scores of the tests, each by code; what is missing is left out (TT 27/2020 Đ9.2.a)."""
    period = class_period.period.code
    counted = {code: one.value for code, one in year.term_results(period, kinds).items() if one.counted}
    cells = year.records[period].cells
    traits = {code: cells[code] for code in tt27.traits(class_period.school_class.grade_level) if cells.get(code)}
    tests = {code: Decimal(score) for code in counted if (score := year.test_in(period, code))}
    return counted, traits, tests
