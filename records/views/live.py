"""Results of a class that is still open, in the words of the screen."""

from dataclasses import dataclass

from records.actions.live_results import LiveResult, live_results
from records.documents.words import AWARDS, LEVELS, PROMOTIONS
from records.models import ClassPeriod, YearRecord
from records.models.student_years import is_last_term
from records.rules.steps import Step
from records.rules.tt27 import RESULT_WORDS
from schools.rules.levels import PRIMARY

RESULTS = {**LEVELS, **RESULT_WORDS}


@dataclass(frozen=True)
class LiveRow:
    """A student: what is lacking, or the level and why; of the year level, lên lớp and award."""

    name: str
    lacking: str
    level: str
    steps: tuple[Step, ...]
    year: tuple[str, ...]


@dataclass(frozen=True)
class LiveClass:
    """The rows of a class, how many have all their subjects' results, and whether the year is told beside the term."""

    rows: list[LiveRow]
    ready: int
    with_year: bool


def live_class(class_period: ClassPeriod) -> LiveClass | None:
    """None once the class was submitted: then its pages say what was stored; and while no result is due (the year of
    tiểu học has one only at its end)."""
    if not class_period.is_writable or not _has_results(class_period):
        return None
    rows = [told_row(one) for one in live_results(class_period)]
    return LiveClass(rows, sum(bool(row.level) for row in rows), is_last_term(class_period))


def _has_results(class_period: ClassPeriod) -> bool:
    return class_period.school_class.level != PRIMARY or is_last_term(class_period)


def told_row(one: LiveResult) -> LiveRow:
    level = RESULTS[one.term.value] if one.term else ""
    steps = one.term.steps if one.term else ()
    return LiveRow(one.student.full_name, one.lacking_in_words, level, steps, _year(one.year) if one.year else ())


def _year(year: YearRecord) -> tuple[str, ...]:
    return RESULTS[year.learning["final"]], PROMOTIONS[year.promotion], AWARDS[year.award]
