"""Bảng tổng hợp kết quả đánh giá giáo dục của lớp: what a class of tiểu học came to at a moment of the year, subject by
subject and trait by trait (TT 27/2020/TT-BGDĐT Đ10)."""

from dataclasses import dataclass

from records.models.class_periods import ClassPeriod
from records.models.student_years import StudentYear, year_of_class
from records.rules.cells import shown_cell
from records.rules.columns import TRAIT
from records.rules.tt27 import traits
from schools.models import CurriculumSubject
from schools.rules.levels import PRIMARY


@dataclass(frozen=True)
class ClassSummary:
    """Heads of the columns, and a row for every pupil assessed in the class: the name, and “T · 9”, “Đ” or "" under
    each head."""

    heads: list[str]
    rows: list[tuple[str, list[str]]]


def class_summary(class_period: ClassPeriod) -> ClassSummary | None:
    """As the sheets and the homeroom teacher's table stand now; None above tiểu học."""
    school_class = class_period.school_class
    if school_class.level != PRIMARY:
        return None
    subjects = {one.subject.code: one.subject.name for one in CurriculumSubject.objects.taken_in(school_class)}
    wanted = traits(school_class.grade_level)
    listed = [year for year in year_of_class(class_period) if year.closes_in(class_period)]
    rows = [
        (year.student.full_name, _cells(year, class_period.period.code, list(subjects), list(wanted)))
        for year in listed
    ]
    return ClassSummary([*subjects.values(), *wanted.values()], rows)


def _cells(year: StudentYear, period: str, subjects: list[str], wanted: list[str]) -> list[str]:
    record = year.records[period].cells
    levels = [" · ".join(filter(None, (year.result_of(period, code), year.test_in(period, code)))) for code in subjects]
    return levels + [shown_cell(record.get(code, ""), TRAIT) for code in wanted]
