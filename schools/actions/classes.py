"""Classes are made and named by the clerk."""

from schools.actions.refusals import NotAllowed, Refused
from schools.models import School, SchoolClass, SchoolYear, User
from schools.models.recording import recorded
from schools.permissions import may_keep_class, may_keep_school
from schools.rules.rule_sets import NoRuleSet, rule_set_for


def make_class(*, by: User, school: School, school_year: SchoolYear, name: str, grade_level: int) -> SchoolClass:
    """A new class; its rule set follows from grade and year and stays. NotAllowed; Refused (grade not taught here, year
    closed, name taken, no rule set). Source: TT 22/2021, TT 27/2020; law.md §0."""
    if not may_keep_school(by, school) or school_year.closed_at is not None:
        raise NotAllowed
    if grade_level not in school.grade_levels:
        raise Refused(f"{school} không có khối {grade_level}.")
    try:
        rule_set = rule_set_for(grade_level, school_year.first_year)
    except NoRuleSet as missing:
        raise Refused(str(missing)) from missing
    with recorded(by, "make_class"):
        _refuse_taken(school, school_year, name)
        return SchoolClass.objects.create(
            school=school, school_year=school_year, name=name, grade_level=grade_level, rule_set=rule_set
        )


def rename_class(*, by: User, school_class: SchoolClass, name: str) -> SchoolClass:
    """Give a class another name. NotAllowed; Refused when the name is taken."""
    if not may_keep_class(by, school_class):
        raise NotAllowed
    with recorded(by, "rename_class"):
        _refuse_taken(school_class.school, school_class.school_year, name)
        school_class.name = name
        school_class.save(update_fields=["name"])
    return school_class


def _refuse_taken(school: School, school_year: SchoolYear, name: str) -> None:
    if SchoolClass.objects.filter(school=school, school_year=school_year, name=name).exists():
        raise Refused(f"Năm học {school_year.label} đã có lớp {name}.")
