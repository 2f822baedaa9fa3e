"""What is known before a list of students is planned: read in a fixed number of queries, however long the list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from hocbaso.lib.vietnamese import plain
from schools.actions.imports.student_rows import StudentRow
from schools.models import Enrolment, ParentLink, School, SchoolClass, SchoolYear, Student, User
from schools.rules.class_names import class_key


@dataclass
class Known:
    """Students by code and by number, classes of the year by name with how many are in each, enrolments and open parent
    ties by student, accounts by phone, the school's records by name and day of birth."""

    by_code: dict[str, Student]
    by_number: dict[str, Student]
    classes: dict[str, SchoolClass]
    enrolments: dict[int, list[Enrolment]]
    links: dict[int, list[ParentLink]]
    accounts: dict[str, User]
    sizes: dict[int, int]
    namesakes: dict[tuple[str, date], list[Student]]


def known_to(school: School, year: SchoolYear, rows: Iterable[StudentRow]) -> Known:
    """Everything the rows may touch. Seven queries."""
    rows = list(rows)
    codes, numbers = {row.code for row in rows} - {""}, {row.personal_id for row in rows} - {""}
    phones = {parent.phone for row in rows for parent in row.parents}
    students = list(
        Student.objects.filter(Q(student_code__in=codes) | Q(personal_id__in=numbers)).select_related("merged_into")
    )
    own = [student.pk for student in students if student.school_id == school.pk]
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in Enrolment.objects.filter(student__in=own).select_related("school_class__school_year"):
        enrolments[enrolment.student_id].append(enrolment)
    links: dict[int, list[ParentLink]] = defaultdict(list)
    for link in ParentLink.objects.open().filter(student__in=own).select_related("parent"):
        links[link.student_id].append(link)
    namesakes: dict[tuple[str, date], list[Student]] = defaultdict(list)
    for student in _namesakes(school, rows, [student for student in students if student.school_id == school.pk]):
        namesakes[student.search_name, student.born_on].append(student)
    return Known(
        by_code={student.student_code: student for student in students},
        by_number={student.personal_id: student for student in students if student.personal_id},
        classes=classes_of(school, year),
        enrolments=enrolments,
        links=links,
        accounts={user.phone: user for user in User.objects.filter(phone__in=phones) if user.phone},
        sizes=_sizes(school, year),
        namesakes=namesakes,
    )


def _namesakes(school: School, rows: Iterable[StudentRow], known: Iterable[Student]) -> Iterable[Student]:
    """Records with a name and a day of birth that a row may write, or leave as they are."""
    students = list(known)
    names = {plain(row.values["full_name"]) for row in rows if "full_name" in row.values}
    days = {row.values["born_on"] for row in rows if "born_on" in row.values}
    names |= {student.search_name for student in students}
    return Student.objects.namesakes_in(school.pk, names, days | {student.born_on for student in students})


def _sizes(school: School, year: SchoolYear) -> dict[int, int]:
    """How many students are in each class of the year now."""
    there = Enrolment.objects.open().filter(school_class__school=school, school_class__school_year=year)
    return dict(there.order_by().values_list("school_class").annotate(Count("id")))


def classes_of(school: School, year: SchoolYear) -> dict[str, SchoolClass]:
    """The school's classes of the year by the form of their name in which lists are compared."""
    classes = SchoolClass.objects.in_use().for_year(year).filter(school=school).select_related("school", "school_year")
    return {class_key(school_class.name): school_class for school_class in classes}
