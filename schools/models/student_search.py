"""Finding students among those one has to do with at work."""

from dataclasses import dataclass

from hocbaso.lib.vietnamese import plain
from schools.models.authorities import School
from schools.models.classes import SchoolClass
from schools.models.people import User
from schools.models.students import Student, StudentQuerySet


@dataclass(frozen=True)
class Wanted:
    """What is looked for; nothing given means everybody one may see."""

    text: str = ""
    school: School | None = None
    school_class: SchoolClass | None = None
    missing: bool = False
    unplaced: bool = False
    gone: bool = False


def search_students(user: User, wanted: Wanted) -> StudentQuerySet:
    """Students at work, or those who have left, that match all of it: in Vietnamese order, each with the open class."""
    students = Student.objects.current()
    students = students.gone_from(user) if wanted.gone else students.at_work(user)
    if wanted.text.strip():
        students = students.named_like(plain(wanted.text))
    if wanted.school:
        students = students.filter(school=wanted.school)
    if wanted.school_class:
        students = students.in_class(wanted.school_class)
    if wanted.missing:
        students = students.without_personal_id()
    if wanted.unplaced:
        students = students.without_class()
    return students.with_open_class().in_order()


def student_with_number(user: User, personal_id: str) -> Student | None:
    """The one student with this number, if the user has to do with them."""
    return Student.objects.current().at_work(user).filter(personal_id=personal_id).first()
