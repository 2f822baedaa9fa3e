"""Results of a class that is still open, in the words of the screen."""

from dataclasses import dataclass

from records.actions.live_results import LiveResult, live_results
from records.documents.words import AWARDS, LEVELS, PROMOTIONS
from records.models import ClassPeriod, YearRecord
from records.models.student_years import is_last_term
from records.rules.steps import Step


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
    """None once the class was submitted: then its pages say what was stored."""
    if not class_period.is_writable:
        return None
    rows = [told_row(one) for one in live_results(class_period)]
    return LiveClass(rows, sum(bool(row.level) for row in rows), is_last_term(class_period))


def told_row(one: LiveResult) -> LiveRow:
    level = LEVELS[one.term.value] if one.term else ""
    steps = one.term.steps if one.term else ()
    return LiveRow(one.student.full_name, one.lacking_in_words, level, steps, _year(one.year) if one.year else ())


def _year(year: YearRecord) -> tuple[str, ...]:
    return LEVELS[year.learning["final"]], PROMOTIONS[year.promotion], AWARDS[year.award]
