"""All that is written of a student in a school year, gathered for a whole class in a few queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from records.models.class_periods import ClassPeriod, PeriodRecord, YearRecord
from records.models.sheets import MarkRow
from records.rules.results import SubjectResult
from schools.models import CurriculumSubject, Student, SubjectEnrolment
from schools.rules.levels import periods_of

# Outcomes of a year that wait for the summer (TT 22/2021 Đ13, Đ14; law.md §1.8).
PENDING = frozenset({"REN_LUYEN_HE", "DANH_GIA_LAI", "HOI_DONG"})


@dataclass
class StudentYear:
    """A student's rows and records of a school year by the period's code, whichever class they were written in."""

    student: Student
    rows: dict[str, dict[str, MarkRow]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, PeriodRecord] = field(default_factory=dict)
    enrolments: dict[str, SubjectEnrolment] = field(default_factory=dict)
    year: YearRecord | None = None

    @property
    def is_held(self) -> bool:
        """Whether the page waits for the summer's result."""
        return self.year is not None and self.year.promotion in PENDING

    def closes_in(self, class_period: ClassPeriod) -> bool:
        """Whether the student's period is written in this class, and was not closed in another one before."""
        record = self.records.get(class_period.period.code)
        return record is not None and record.class_period_id == class_period.pk

    def term_results(self, period: str, kinds: Mapping[str, str]) -> dict[str, SubjectResult]:
        """Each subject's result in a term by its code, of those the class's curriculum has; tự chọn and exempted
        subjects do not count (law.md §1.5, §1.7)."""
        found = {}
        for code, row in self.rows.get(period, {}).items():
            if row.result and code in kinds:
                found[code] = SubjectResult(code, kinds[code], row.result, self._counts(code))
        return found

    def _counts(self, code: str) -> bool:
        taken = self.enrolments.get(code)
        return taken is None or not (taken.exempt or taken.choice == CurriculumSubject.Choice.OPTIONAL)


def year_of_class(class_period: ClassPeriod) -> list[StudentYear]:
    """The school year of everybody on the class's list, in the order of the list."""
    students = Student.objects.on_list_of(class_period.school_class).in_order()
    everybody = {student.pk: StudentYear(student) for student in students}
    wanted = {"school_year": class_period.school_year_id, "student__in": list(everybody)}
    for row in MarkRow.objects.filter(**wanted).select_related("subject", "period"):
        everybody[row.student_id].rows[row.period.code][row.subject.code] = row
    for record in PeriodRecord.objects.filter(**wanted).select_related("period"):
        everybody[record.student_id].records[record.period.code] = record
    for taken in SubjectEnrolment.objects.open().filter(**wanted).select_related("subject"):
        everybody[taken.student_id].enrolments[taken.subject.code] = taken
    for year_record in YearRecord.objects.filter(**wanted):
        everybody[year_record.student_id].year = year_record
    return list(everybody.values())


def terms_of(class_period: ClassPeriod) -> tuple[str, str]:
    """The codes of the two terms of the class's level: HK1, HK2 (TT 22/2021 Đ9)."""
    first, second, *_ = periods_of(class_period.school_class.level)
    return first, second


def is_last_term(class_period: ClassPeriod) -> bool:
    """Whether the class's year closes with this period."""
    return class_period.period.code == terms_of(class_period)[1]
