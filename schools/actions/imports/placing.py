"""Which class a row puts a student into, and from which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from hocbaso.lib.vietnamese import short_date
from schools.actions.imports.student_rows import StudentRow
from schools.models import Enrolment, School, SchoolClass, SchoolYear
from schools.rules.class_names import grade_of_name, why_not_a_class_name
from schools.rules.rule_sets import NoRuleSet, rule_set_for

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """The student comes into the class on that day; ``left`` is last year's enrolment, which ends with its year."""

    school_class: SchoolClass
    starts_on: date
    left: Enrolment | None


@dataclass(frozen=True)
class Misplaced:
    """Why a row's class cannot be."""

    reason: str


def new_class(school: School, year: SchoolYear, name: str) -> SchoolClass | Misplaced:
    """A class that is not there yet, its grade by the number its name begins with; unsaved."""
    grade = grade_of_name(name)
    if grade is None or grade not in school.grade_levels:
        taught = ", ".join(map(str, school.grade_levels))
        return Misplaced(f"Lớp “{name}” không thuộc khối nào của trường (khối {taught}); tên lớp bắt đầu bằng số khối.")
    if why := why_not_a_class_name(name, grade):
        return Misplaced(why)
    try:
        rule_set = rule_set_for(grade, year.first_year)
    except NoRuleSet as error:
        return Misplaced(str(error))
    return SchoolClass(school=school, school_year=year, name=name, grade_level=grade, rule_set=rule_set)


def place_of(
    row: StudentRow, school_class: SchoolClass, year: SchoolYear, enrolments: list[Enrolment]
) -> Place | Misplaced | None:
    """Where the row puts the student; None if the student is there already. A move between classes of one year is
    not made by a list: marks and results have to move with it."""
    opened = next((enrolment for enrolment in enrolments if enrolment.ends_on is None), None)
    if opened is not None and opened.school_class.school_year_id == year.pk:
        if opened.school_class_id == school_class.pk:
            return None
        return Misplaced(f"Đang ở lớp {opened.school_class.name}; dùng Chuyển lớp.")
    if opened is not None and opened.school_class.school_year.ends_on >= year.starts_on:
        return Misplaced(f"Đang ở lớp {opened.school_class.name} của một năm học khác.")
    return _from(row, school_class, year, enrolments, opened)


def _from(
    row: StudentRow, school_class: SchoolClass, year: SchoolYear, enrolments: list[Enrolment], opened: Enrolment | None
) -> Place | Misplaced:
    ends = [enrolment.ends_on for enrolment in enrolments if enrolment.ends_on is not None]
    last_end = max([*ends, year.starts_on])
    starts_on = row.starts_on or last_end
    if not year.starts_on <= starts_on <= year.ends_on:
        return Misplaced(f"Vào lớp từ ngày {short_date(starts_on)}: ngoài năm học {year.label}.")
    if starts_on < last_end:
        return Misplaced(f"Vào lớp từ ngày {short_date(starts_on)}: trước khi thôi lớp cũ ({short_date(last_end)}).")
    return Place(school_class, starts_on, opened)


def end_of(left: Enrolment) -> date:
    """The first day after the year of the class: nobody stays in last year's class."""
    return max(left.starts_on, left.school_class.school_year.ends_on + DAY)
