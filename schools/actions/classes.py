"""Classes are made and named by the clerk."""

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import School, SchoolClass, SchoolYear, User
from schools.models.recording import recorded
from schools.permissions import may_keep_school
from schools.rules.rule_sets import NoRuleSet, rule_set_for


def make_class(*, by: User, school: School, school_year: SchoolYear, name: str, grade_level: int) -> SchoolClass:
    """A new class; its rule set follows from grade and year and stays. NotAllowed; Refused (grade not taught here, name
    missing or taken, no rule set); WrongState in a closed year. Source: TT 22/2021, TT 27/2020; law.md §0."""
    _check(by, school, school_year)
    if grade_level not in school.grade_levels:
        raise Refused(f"{school} không có khối {grade_level}.")
    try:
        rule_set = rule_set_for(grade_level, school_year.first_year)
    except NoRuleSet as missing:
        raise Refused(str(missing)) from missing
    with recorded(by, "make_class", chains=[("SCHOOL", school.pk)]):  # so that nobody else makes the same
        _refuse_name(school, school_year, name)
        return SchoolClass.objects.create(
            school=school, school_year=school_year, name=name, grade_level=grade_level, rule_set=rule_set
        )


def rename_class(*, by: User, school_class: SchoolClass, name: str) -> SchoolClass:
    """Give a class another name; pages signed before keep the old one. NotAllowed; Refused when the name is missing or
    taken; WrongState in a closed year."""
    _check(by, school_class.school, school_class.school_year)
    chains = [("CLASS", school_class.pk), ("SCHOOL", school_class.school_id)]
    with recorded(by, "rename_class", chains=chains):
        _refuse_name(school_class.school, school_class.school_year, name, but=school_class)
        school_class.name = name
        school_class.save(update_fields=["name"])
    return school_class


def _check(by: User, school: School, school_year: SchoolYear) -> None:
    if not may_keep_school(by, school):
        raise NotAllowed
    if school_year.closed_at is not None:
        raise WrongState(f"Năm học {school_year.label} đã đóng: không tạo hay đổi tên lớp được nữa.")


def _refuse_name(school: School, school_year: SchoolYear, name: str, but: SchoolClass | None = None) -> None:
    if not name.strip():
        raise Refused("Hãy ghi tên lớp.")
    of_year = SchoolClass.objects.filter(school=school, school_year=school_year)
    taken = of_year.filter(name__iexact=name.strip()).first()
    if taken is not None and taken != but:
        raise Refused(f"Năm học {school_year.label} đã có lớp {taken}.")
