"""A student in the summer: what the year came to, what is due, what has been written, and what it comes to now."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from records.models.class_periods import ClassPeriod, YearRecord
from records.models.pages import PageVersion
from records.models.student_years import StudentYear, terms_of, years_of
from records.models.summer import SummerEntry
from records.rules import tt27
from records.rules.results import SubjectResult
from records.rules.summer import DECISION, TEST, TO_BE_DECIDED, AfterSummer, Item, concluded
from records.rules.tt22_summer import after_summer, due_in_summer
from records.rules.tt27_summer import after_help, due_for_help
from schools.models import CurriculumSubject, Student
from schools.rules.levels import PRIMARY


@dataclass(frozen=True)
class SummerCase:
    """``subjects`` are those of the class's curriculum by code; ``page`` is the version made after the summer that was
    not given back."""

    class_period: ClassPeriod
    year: StudentYear
    record: YearRecord
    subjects: Mapping[str, CurriculumSubject]
    entries: list[SummerEntry]
    page: PageVersion | None

    @property
    def student(self) -> Student:
        return self.year.student

    @property
    def is_primary(self) -> bool:
        return self.class_period.school_class.level == PRIMARY

    @property
    def newest(self) -> dict[Item, SummerEntry]:
        """The last entry of each thing written about, one that was taken back among them."""
        return {(one.kind, one.code): one for one in self.entries}

    @property
    def written(self) -> dict[Item, str]:
        """What counts now, by what it is about."""
        return {item: one.value for item, one in self.newest.items() if one.value}

    @property
    def results(self) -> list[SubjectResult]:
        """The subjects' results of the year as they were approved (TT 22/2021 Đ9.1)."""
        return [
            SubjectResult(code, self.subjects[code].kind, value, self.year.counts(code))
            for code, value in self.record.subject_results.items()
            if code in self.subjects
        ]

    @property
    def due(self) -> list[Item]:
        """What is before the student, a decision of the principal last."""
        if self.is_primary:
            items = due_for_help(*self.year_end)
        else:
            items = due_in_summer(self.record.conduct, self.record.learning["final"], self.results)
        return [*items, (DECISION, "")] if self.waits_for_decision else items

    @property
    def year_end(self) -> tuple[dict[str, str], dict[str, str], dict[str, Decimal]]:
        """Levels of the subjects that count, phẩm chất and năng lực, and tests of the end of the year at tiểu học
        (TT 27/2020 Đ9.2.a)."""
        period = terms_of(self.class_period)[-1]
        levels = {one.subject: one.value for one in self.results if one.counted}
        cells = self.year.records[period].cells
        traits = {
            code: cells[code] for code in tt27.traits(self.class_period.school_class.grade_level) if code in cells
        }
        tests = {code: Decimal(score) for code in levels if (score := self.year.test_in(period, code))}
        return levels, traits, tests

    @property
    def outcome(self) -> AfterSummer:
        """What the year comes to with what is written now, before any decision of the principal."""
        if self.is_primary:
            return after_help(*self.year_end, self.written)
        record = self.record
        return after_summer(
            record.conduct,
            record.learning["final"],
            self.results,
            record.absences,
            self.written,
            self.year.settings.adjustment,
        )

    @property
    def waits_for_decision(self) -> bool:
        """Whether the law leaves the outcome to the principal: both levels Chưa đạt, or Chưa hoàn thành again."""
        return self.outcome.promotion in TO_BE_DECIDED

    @property
    def promotion(self) -> str:
        """The outcome as it stands now, the principal's decision in it."""
        return concluded(self.outcome.promotion, self.written.get((DECISION, ""), ""))

    @property
    def not_assessed(self) -> list[Item]:
        """What is due and has nothing written."""
        return [item for item in self.due if item not in self.written]

    @property
    def last_entry(self) -> int:
        """The number of the last entry; 0 for none: what a person has seen when they conclude."""
        return self.entries[-1].pk if self.entries else 0

    def first_result(self, item: Item) -> str:
        """What stood at the end of the year in the place of an item; "" for a decision."""
        kind, code = item
        if kind == DECISION:
            return ""
        if not code:
            return str(self.record.conduct)
        if kind == TEST:
            return self.year.test_in(terms_of(self.class_period)[-1], code)
        if code in self.record.subject_results:
            return str(self.record.subject_results[code])
        return str(self.year.records[terms_of(self.class_period)[-1]].cells.get(code, ""))


def summer_case(class_period: ClassPeriod, student: Student) -> SummerCase | None:
    """None where the student's year was not one of this class that waits for the summer."""
    (year,) = years_of(class_period, [student])
    record = year.year
    if record is None or not year.is_held or record.school_class_id != class_period.school_class_id:
        return None
    offered = CurriculumSubject.objects.of_class(class_period.school_class).select_related("subject")
    pages = PageVersion.objects.alive().filter(
        page__student=student, class_period=class_period, kind=PageVersion.Kind.SUMMER
    )
    return SummerCase(
        class_period,
        year,
        record,
        {one.subject.code: one for one in offered},
        list(SummerEntry.objects.of(class_period, student)),
        pages.select_related("page__student").order_by("number").last(),
    )
