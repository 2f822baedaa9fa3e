"""All that is written of a student in a school year, gathered for a whole class in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from records.models.class_periods import ClassPeriod, PeriodRecord, YearRecord
from records.models.settings import settings_for
from records.models.sheets import MarkRow
from records.models.summer import PENDING
from records.models.transferred import TransferredTerm
from records.rules.columns import CONDUCT_COLUMN, EXCUSED, TEST, UNEXCUSED
from records.rules.results import SubjectResult
from records.rules.settings import USUAL, RuleSettings
from records.rules.transferred import NOT_TAKEN
from schools.models import CurriculumSubject, Student, SubjectEnrolment
from schools.rules.levels import pages_of_level, terms_of_level


@dataclass
class StudentYear:
    """A student's rows and records of a school year by the period's code, whichever class they were written in;
    ``brought`` are the terms finished at a school outside, which then count instead (law.md §1.4)."""

    student: Student
    rows: dict[str, dict[str, MarkRow]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, PeriodRecord] = field(default_factory=dict)
    enrolments: dict[str, SubjectEnrolment] = field(default_factory=dict)
    brought: dict[str, TransferredTerm] = field(default_factory=dict)
    year: YearRecord | None = None
    settings: RuleSettings = USUAL

    @property
    def is_held(self) -> bool:
        """Whether the page waits for the summer's result."""
        return self.year is not None and self.year.promotion in PENDING

    def closes_in(self, class_period: ClassPeriod) -> bool:
        """Whether the student's period is assessed in this class, and was not closed in another one before nor brought
        from outside."""
        code = class_period.period.code
        record = self.records.get(code)
        return code not in self.brought and record is not None and record.class_period_id == class_period.pk

    def result_of(self, period: str, code: str) -> str:
        """A subject's result in a term: "7.9", "D", "CD", or "" where there is none."""
        if term := self.brought.get(period):
            value = str(term.subjects.get(code, ""))
            return "" if value == NOT_TAKEN else value
        row = self.rows.get(period, {}).get(code)
        return row.result if row else ""

    def conduct_in(self, period: str) -> str:
        """The level of conduct in a term, or ""."""
        if term := self.brought.get(period):
            return term.conduct
        record = self.records.get(period)
        return str(record.cells.get(CONDUCT_COLUMN, "")) if record else ""

    def absences_in(self, period: str) -> int:
        """Buổi missed in a term, with leave and without."""
        if term := self.brought.get(period):
            return term.absences
        cells = self.records[period].cells if period in self.records else {}
        return int(cells.get(EXCUSED, "0")) + int(cells.get(UNEXCUSED, "0"))

    def test_in(self, period: str, code: str) -> str:
        """The score of a subject's bài kiểm tra định kì in a period of tiểu học, or "" (TT 27/2020 Đ7.1.b)."""
        row = self.rows.get(period, {}).get(code)
        return str(row.cells.get(TEST, "")) if row else ""

    def term_results(self, period: str, kinds: Mapping[str, str]) -> dict[str, SubjectResult]:
        """Each subject's result in a term by its code, of those the class's curriculum has; tự chọn and exempted
        subjects do not count (law.md §1.5, §1.7)."""
        term = self.brought.get(period)
        codes = term.subjects if term else self.rows.get(period, {})
        results = {code: self.result_of(period, code) for code in codes if code in kinds}
        return {
            code: SubjectResult(code, kinds[code], result, self.counts(code))
            for code, result in results.items()
            if result
        }

    def counts(self, code: str) -> bool:
        """Whether a subject weighs in the learning result: not when it is exempted, nor tự chọn unless the Sở has it
        count (law.md §1.5, §1.7, §8, no. 5)."""
        taken = self.enrolments.get(code)
        if taken is None:
            return True
        optional = taken.choice == CurriculumSubject.Choice.OPTIONAL and not self.settings.optional_counts
        return not (taken.exempt or optional)


def year_of_class(class_period: ClassPeriod) -> list[StudentYear]:
    """The school year of everybody on the class's list, in the order of the list."""
    return years_of(class_period, Student.objects.on_list_of(class_period.school_class).in_order())


def years_of(class_period: ClassPeriod, students: Iterable[Student]) -> list[StudentYear]:
    """The school year of these students, on the class's list or no longer."""
    settings = settings_for(class_period.school_year_id, class_period.school_class.rule_set)
    everybody = {student.pk: StudentYear(student, settings=settings) for student in students}
    wanted = {"school_year": class_period.school_year_id, "student__in": list(everybody)}
    for row in MarkRow.objects.filter(**wanted).select_related("subject", "period"):
        everybody[row.student_id].rows[row.period.code][row.subject.code] = row
    places = ("period", "class_period__school__authority")
    for record in PeriodRecord.objects.filter(**wanted).select_related(*places):
        everybody[record.student_id].records[record.period.code] = record
    for term in TransferredTerm.objects.current().filter(**wanted).select_related("period"):
        everybody[term.student_id].brought[term.period.code] = term
    for taken in SubjectEnrolment.objects.open().filter(**wanted).select_related("subject"):
        everybody[taken.student_id].enrolments[taken.subject.code] = taken
    for year_record in YearRecord.objects.filter(**wanted):
        everybody[year_record.student_id].year = year_record
    return list(everybody.values())


def terms_of(class_period: ClassPeriod) -> tuple[str, ...]:
    """The codes of the periods that make the class's year: HK1, HK2 (TT 22/2021 Đ9); GK1, CK1, GK2, CN (TT 27/2020
    Đ7)."""
    return terms_of_level(class_period.school_class.level)


def pages_of(class_period: ClassPeriod) -> tuple[str, ...]:
    """Those that stand on the page of the book up to this one, in their order: HK1, then HK2; CK1, then CN (TT 22/2021
    Đ9; TT 27/2020 Đ10)."""
    codes = pages_of_level(class_period.school_class.level)
    begun = terms_of(class_period).index(class_period.period.code) + 1
    return tuple(code for code in codes if code in terms_of(class_period)[:begun])


def makes_page(class_period: ClassPeriod) -> bool:
    """Whether submitting the class freezes pages: not in the middle of a term at tiểu học (TT 27/2020 Đ10)."""
    return class_period.period.code in pages_of_level(class_period.school_class.level)


def is_last_term(class_period: ClassPeriod) -> bool:
    """Whether the class's year closes with this period."""
    return class_period.period.code == terms_of(class_period)[-1]
