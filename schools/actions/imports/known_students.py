"""What is known before a list of students is planned: read in a fixed number of queries, however long the list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from schools.actions.imports.student_rows import StudentRow
from schools.models import Enrolment, ParentLink, School, SchoolClass, SchoolYear, Student, User
from schools.rules.class_names import class_key


@dataclass
class Known:
    """Students by code and by number, classes of the year by name, enrolments and open parent ties by student,
    accounts by phone."""

    by_code: dict[str, Student]
    by_number: dict[str, Student]
    classes: dict[str, SchoolClass]
    enrolments: dict[int, list[Enrolment]]
    links: dict[int, list[ParentLink]]
    accounts: dict[str, User]


def known_to(school: School, year: SchoolYear, rows: Iterable[StudentRow]) -> Known:
    """Everything the rows may touch. Five queries."""
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
    return Known(
        by_code={student.student_code: student for student in students},
        by_number={student.personal_id: student for student in students if student.personal_id},
        classes=classes_of(school, year),
        enrolments=enrolments,
        links=links,
        accounts={user.phone: user for user in User.objects.filter(phone__in=phones) if user.phone},
    )


def classes_of(school: School, year: SchoolYear) -> dict[str, SchoolClass]:
    """The school's classes of the year by the form of their name in which lists are compared."""
    classes = SchoolClass.objects.in_use().for_year(year).filter(school=school).select_related("school", "school_year")
    return {class_key(school_class.name): school_class for school_class in classes}
