"""The results of a term and of the year, computed by the rules and stored when a class is submitted."""

from collections.abc import Mapping
from dataclasses import asdict

from records.models import ClassPeriod, PeriodRecord, YearRecord
from records.models.student_years import StudentYear, is_last_term, terms_of, year_of_class
from records.rules import RuleSet, rule_set
from records.rules.results import counted_mappings
from schools.models import CurriculumSubject


def store_results(class_period: ClassPeriod) -> list[StudentYear]:
    """Compute and store the term's learning result of everybody whose term closes in this class, and after the last
    term the year's, in the caller's transaction. Returns them: whose term was closed in another class before they came
    is neither computed nor frozen again (TT 22/2021 Đ8, Đ9, Đ12, Đ15; house.md §5, “Moving”)."""
    everybody = [year for year in year_of_class(class_period) if year.closes_in(class_period)]
    kinds = {
        subject.subject.code: subject.kind for subject in CurriculumSubject.objects.of_class(class_period.school_class)
    }
    period, rules = class_period.period.code, rule_set(class_period.school_class.rule_set)
    for year in everybody:
        results = list(year.term_results(period, kinds).values())
        year.records[period].learning = asdict(rules.learning(results))
    PeriodRecord.objects.save_cells([year.records[period] for year in everybody], ("learning",))
    if is_last_term(class_period):
        _store_years(class_period, everybody, kinds)
    return everybody


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
    """What a student's year came to by the class's own rule set, not stored yet (TT 22/2021 Đ8.2, Đ9, Đ12, Đ15)."""
    rules = rule_set(class_period.school_class.rule_set)
    first, second = (year.term_results(code, kinds) for code in terms_of(class_period))
    subjects = {code: rules.year_result(first.get(code), result) for code, result in second.items()}
    outcome = rules.learning(list(subjects.values()))
    conduct = _year_conduct(class_period, year, rules)
    absences = sum(year.absences_in(code) for code in {*year.records, *year.brought})
    return YearRecord(
        student=year.student,
        school_year=class_period.school_year,
        school_class=class_period.school_class,
        rule_set=rules.id,
        conduct=conduct,
        learning=asdict(outcome),
        subject_results={code: result.value for code, result in subjects.items()},
        absences=absences,
        promotion=rules.promotion(conduct, outcome.final, absences),
        award=rules.award(conduct, outcome.final, counted_mappings(list(subjects.values()))[0]),
    )


def _year_conduct(class_period: ClassPeriod, year: StudentYear, rules: RuleSet) -> str:
    """The year's conduct from both terms; of the second alone where nothing of the first is known."""
    levels = [level for code in terms_of(class_period) if (level := year.conduct_in(code))]
    return rules.year_conduct(*levels) if len(levels) == 2 else levels[-1]
