"""What is unusual in a list of students: shown with student, column and rule before it is confirmed, never refused."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from schools.actions.doubts import FEW, namesake_remark, spelling_remarks
from schools.actions.imports.known_students import Known
from schools.actions.imports.plans import Remark
from schools.actions.imports.student_writes import Accepted
from schools.models import School, SchoolClass, SchoolYear, Student
from schools.models.student_page import title_of_field
from schools.rules.ages import age_remark
from schools.rules.class_sizes import class_size_remark

Person = tuple[str, date]
WHO = frozenset({"full_name", "born_on"})


def remarks_on_rows(
    accepted: Mapping[int, Accepted], known: Known, school: School, year: SchoolYear
) -> dict[int, tuple[Remark, ...]]:
    """Row → what is unusual in what it would write; an unchanged cell is not remarked again (law.md §4.1, §5.6)."""
    in_list: dict[Person, list[int]] = defaultdict(list)
    for number, row in accepted.items():
        if _touched(row) & WHO:
            in_list[_person(row.student)].append(number)
    return {
        number: tuple(
            Remark(title_of_field(name), words) for name, words in _remarks(number, row, in_list, known, school, year)
        )
        for number, row in accepted.items()
    }


def _remarks(
    number: int, row: Accepted, in_list: Mapping[Person, list[int]], known: Known, school: School, year: SchoolYear
) -> list[tuple[str, str]]:
    touched = _touched(row)
    remarks = [(name, words) for name, words in spelling_remarks(row.student).items() if name in touched]
    if touched & WHO:
        person = _person(row.student)
        stored = [one for one in known.namesakes.get(person, []) if one.pk != row.student.pk]
        others = [f"dòng {other} của tệp" for other in in_list[person][: FEW + 1] if other != number]
        others += [f"mã {one.student_code} đã có ở trường" for one in stored]
        count = len(in_list[person]) - 1 + len(stored)
        remarks.append(("full_name", namesake_remark(row.student, others, count)))
    if row.place or "born_on" in touched:
        remarks.append(("born_on", age_remark(row.student.born_on, _grades(row, known, school, year), year.first_year)))
    return [(name, words) for name, words in remarks if words]


def remarks_on_classes(accepted: Mapping[int, Accepted], known: Known) -> list[str]:
    """Classes that the list makes larger than they usually are."""
    places = [row.place.school_class for row in accepted.values() if row.place]
    classes: dict[str, SchoolClass] = {one.name: one for one in places}
    coming = Counter(one.name for one in places)
    sizes = {name: known.sizes.get(one.pk, 0) + coming[name] for name, one in sorted(classes.items())}
    remarks = [class_size_remark(name, size, classes[name].grade_level) for name, size in sizes.items()]
    return [words for words in remarks if words]


def _touched(row: Accepted) -> frozenset[str]:
    """The fields the row would write."""
    return frozenset(row.changed if row.before else Student.PAGE_ONE)


def _person(student: Student) -> Person:
    return student.plain_name(), student.born_on


def _grades(row: Accepted, known: Known, school: School, year: SchoolYear) -> list[int]:
    """The grade of the class the row leads to, or the student is in this year; else those of the school."""
    if row.place:
        return [row.place.school_class.grade_level]
    there = [one.school_class for one in known.enrolments.get(row.student.pk, []) if one.ends_on is None]
    of_year = [one.grade_level for one in there if one.school_year_id == year.pk]
    return of_year or list(school.grade_levels)
