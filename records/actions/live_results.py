"""What a class's results would be if it were submitted now: reckoned when it is looked at, stored by nobody."""

from dataclasses import dataclass

from records.actions.results import year_end, year_record
from records.models import ClassPeriod, YearRecord
from records.models.student_years import StudentYear, is_last_term, year_of_class
from records.rules import PrimaryRuleSet, rule_set, tt27
from records.rules.explained import Explanation, explained_learning
from records.rules.explained_tt27 import explained_result
from schools.models import CurriculumSubject, Student

NAMED = 3  # subjects lacking that are told by name


@dataclass(frozen=True)
class LiveResult:
    """A student's learning result of the term with its steps, and after the last term the year's, not stored; None
    while something is missing. ``lacking`` are the names of the subjects without a result (TT 22/2021 Đ9)."""

    student: Student
    lacking: tuple[str, ...]
    term: Explanation | None = None
    year: YearRecord | None = None

    @property
    def lacking_in_words(self) -> str:
        """“Toán, Ngữ văn”, or how many where they are many."""
        return ", ".join(self.lacking) if len(self.lacking) <= NAMED else f"{len(self.lacking)} môn"


def live_results(class_period: ClassPeriod) -> list[LiveResult]:
    """Of everybody whose term is assessed in this class, in the order of the list, by the class's own rule set as
    ``store_results`` would make them (TT 22/2021 Đ8, Đ9, Đ12, Đ15). NoRuleSet where there are no results by it."""
    offered = CurriculumSubject.objects.of_class(class_period.school_class)
    subjects = {one.subject.code: one for one in offered}
    kinds = {code: one.kind for code, one in subjects.items()}
    names = {code: one.subject.name for code, one in subjects.items()}
    listed = [year for year in year_of_class(class_period) if year.closes_in(class_period)]
    return [live_result(class_period, year, kinds, names) for year in listed]


def live_result(
    class_period: ClassPeriod, year: StudentYear, kinds: dict[str, str], names: dict[str, str]
) -> LiveResult:
    """Of one student, by the kind and the name of each subject of the class's grade (TT 22/2021 Đ9)."""
    period = class_period.period.code
    lacking = tuple(
        name
        for code, name in names.items()
        if (taken := year.enrolments.get(code)) and not taken.exempt and not year.result_of(period, code)
    )
    rules = rule_set(class_period.school_class.rule_set)
    if isinstance(rules, PrimaryRuleSet):
        return _live_primary(class_period, year, kinds, lacking)
    results = list(year.term_results(period, kinds).values())
    if lacking or not any(result.counted for result in results):
        return LiveResult(year.student, lacking)
    adjustment = year.settings.adjustment
    value = rules.learning(results, adjustment).final
    whole = is_last_term(class_period) and bool(year.conduct_in(period))
    closing = year_record(class_period, year, kinds) if whole else None
    return LiveResult(year.student, lacking, explained_learning(results, value, adjustment), closing)


def _live_primary(
    class_period: ClassPeriod, year: StudentYear, kinds: dict[str, str], lacking: tuple[str, ...]
) -> LiveResult:
    """Only the year has a result, once everything of its end is there (TT 27/2020 Đ9.2.a)."""
    levels, traits, tests = year_end(class_period, year, kinds)
    wanted = tt27.traits(class_period.school_class.grade_level)
    if len(traits) < len(wanted):
        lacking = (*lacking, "phẩm chất, năng lực")
    if lacking or not is_last_term(class_period):
        return LiveResult(year.student, lacking)
    closing = year_record(class_period, year, kinds)
    return LiveResult(
        year.student, lacking, explained_result(levels, traits, tests, closing.learning["final"]), closing
    )
