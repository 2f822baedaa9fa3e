"""Classes are made, named and, when made by mistake, taken back by the clerk."""

from collections.abc import Callable

from django.utils import timezone

from hocbaso.lib.vietnamese import normal
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Enrolment, HomeroomAssignment, School, SchoolClass, SchoolYear, TeachingAssignment, User
from schools.models.base import Dated
from schools.models.recording import recorded
from schools.permissions import may_keep_school
from schools.rules.class_names import class_key, why_not_a_class_name
from schools.rules.rule_sets import NoRuleSet, rule_set_for

LEAST_REASON = 10
# What an app above knows against taking a class back: the words of a refusal, or "".
ADDED_OBJECTIONS: list[Callable[[SchoolClass], str]] = []


def make_class(*, by: User, school: School, school_year: SchoolYear, name: str, grade_level: int) -> SchoolClass:
    """A new class; its rule set follows from grade and year and stays. NotAllowed; Refused (grade not taught here, name
    missing, not one of the grade or taken, no rule set); WrongState in a closed year.
    Source: TT 22/2021, TT 27/2020; law.md §0."""
    _check(by, school, school_year)
    if grade_level not in school.grade_levels:
        raise Refused(f"{school} không có khối {grade_level}.")
    try:
        rule_set = rule_set_for(grade_level, school_year.first_year)
    except NoRuleSet as missing:
        raise Refused(str(missing)) from missing
    with recorded(by, "make_class", chains=[("SCHOOL", school.pk)]):  # so that nobody else makes the same
        _refuse_name(school, school_year, name, grade_level)
        return SchoolClass.objects.create(
            school=school, school_year=school_year, name=name, grade_level=grade_level, rule_set=rule_set
        )


def rename_class(*, by: User, school_class: SchoolClass, name: str) -> SchoolClass:
    """Give a class another name; pages signed before keep the old one. NotAllowed; Refused when the name is missing,
    not one of the grade or taken; WrongState in a closed year."""
    _check(by, school_class.school, school_class.school_year)
    with recorded(by, "rename_class", chains=_chains(school_class)):
        _refuse_name(school_class.school, school_class.school_year, name, school_class.grade_level, but=school_class)
        school_class.name = name
        school_class.save(update_fields=["name"])
    return school_class


def void_class(*, by: User, school_class: SchoolClass, reason: str) -> SchoolClass:
    """Take back a class made by mistake: nobody sees it any more, its name is free, the history keeps it; whoever was
    to teach in it stops. NotAllowed; Refused while students are in it or anything was written about it; WrongState in
    a closed year or when it is taken back already."""
    _check(by, school_class.school, school_class.school_year)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "void_class", chains=_chains(school_class), reason=reason.strip()):
        current = SchoolClass.objects.select_for_update().get(pk=school_class.pk)
        take_back(current)
    return current


def take_back(school_class: SchoolClass) -> None:
    """The same inside the caller's transaction, which holds the class. Refused; WrongState."""
    _refuse_in_use(school_class)
    ties: list[Dated] = [
        *TeachingAssignment.objects.not_over().filter(school_class=school_class),
        *HomeroomAssignment.objects.not_over().filter(school_class=school_class),
    ]
    for tie in ties:
        tie.end_by(timezone.localdate())
    school_class.voided_at = timezone.now()
    school_class.save(update_fields=["voided_at"])


def why_not_voided(school_class: SchoolClass) -> str:
    """What stands against taking a class back, in Vietnamese; "" when nothing does."""
    there = Enrolment.objects.open().filter(school_class=school_class).count()
    if there:
        return f"Lớp {school_class} còn {there} học sinh: chuyển lớp hoặc ghi “Ghi nhầm vào lớp này” cho từng em trước."
    left = Enrolment.objects.filter(school_class=school_class).exclude(ending=Enrolment.Ending.MISTAKE).count()
    if left:
        return f"{left} học sinh đã học lớp {school_class}: lớp không phải tạo nhầm, chỉ đổi tên được."
    return next((words for objection in ADDED_OBJECTIONS if (words := objection(school_class))), "")


def _refuse_in_use(school_class: SchoolClass) -> None:
    if school_class.voided_at is not None:
        raise WrongState(f"Lớp {school_class} đã được bỏ.")
    if why := why_not_voided(school_class):
        raise Refused(why)


def _chains(school_class: SchoolClass) -> list[tuple[str, int]]:
    return [("CLASS", school_class.pk), ("SCHOOL", school_class.school_id)]


def _check(by: User, school: School, school_year: SchoolYear) -> None:
    if not may_keep_school(by, school):
        raise NotAllowed
    if school_year.closed_at is not None:
        raise WrongState(f"Năm học {school_year.label} đã đóng: không tạo, bỏ hay đổi tên lớp được nữa.")


def _refuse_name(
    school: School, school_year: SchoolYear, name: str, grade_level: int, but: SchoolClass | None = None
) -> None:
    if why := why_not_a_class_name(normal(name), grade_level):
        raise Refused(why)
    of_year = SchoolClass.objects.in_use().filter(school=school, school_year=school_year)
    taken = next((one for one in of_year if class_key(one.name) == class_key(name) and one != but), None)
    if taken is not None:
        raise Refused(f"Năm học {school_year.label} đã có lớp {taken}.")
