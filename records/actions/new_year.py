"""A school's students come into the classes of the next year by what the year came to; as a whole, and taken back as a
whole while nothing has been written of them there.

Sources: TT 22/2021/TT-BGDĐT Đ12–Đ14, TT 27/2020/TT-BGDĐT Đ11 (who goes up, who stays).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from hocbaso.lib.vietnamese import normal
from records.actions.arriving import recount
from records.actions.moving import open_grids
from records.actions.new_year_plan import Carried, NewClass, NewYearPlan, plan_new_year
from records.models import MarkRow, NewYearPlacing, PeriodRecord, TransferredTerm
from records.rules.new_year import Going
from schools.actions.classes import take_back, why_not_voided
from schools.actions.enrolments import enrol
from schools.actions.imports.placing import end_of
from schools.actions.imports.plans import PreviewOutdated
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import (
    CurriculumSubject,
    Enrolment,
    HomeroomAssignment,
    School,
    SchoolClass,
    SchoolYear,
    Student,
    SubjectEnrolment,
    TeachingAssignment,
    User,
)
from schools.models.recording import recorded
from schools.permissions import may_keep_school

LEAST_REASON = 10
MOST_REASON = 255
AT_ONCE = 2_000


@dataclass(frozen=True)
class Choices:
    """What the clerk says beside the proposal: other names of classes, and whether empty classes are made for those who
    come from other schools."""

    names: Mapping[Going, str]
    makes_intake: bool = True


def place_new_year(
    *, by: User, school: School, from_year: SchoolYear, to_year: SchoolYear, choices: Choices, digest: str
) -> NewYearPlacing:
    """Write exactly what was previewed (``digest``): classes that are not there are made, who has finished a class is
    in the next one from the first day of the year, with the compulsory subjects of the grade and the chosen ones of
    the year before; who has finished the school's last grade is in no class. NotAllowed; PreviewOutdated when the plan
    is another one by now; Refused for a name that cannot be or when nobody is to be placed; WrongState in a closed
    year. Source: TT 22/2021 Đ12–Đ14; TT 27/2020 Đ11."""
    _refuse_unfit(by, school, from_year, to_year)
    asked = (school, from_year, to_year, choices.names, choices.makes_intake)
    chains = plan_new_year(*asked).chains
    try:
        with recorded(by, "place_new_year", chains=sorted(chains)):
            _refuse_closed(SchoolYear.objects.get(pk=to_year.pk))
            plan = plan_new_year(*asked)
            if plan.digest != digest or not plan.chains <= chains:
                raise PreviewOutdated
            if plan.faults:
                raise Refused(next(iter(plan.faults.values())))
            if plan.is_empty:
                raise Refused("Không có học sinh nào để xếp lớp, không có lớp nào để lập.")
            return _written(by, plan)
    except IntegrityError as error:  # somebody has put one of them into a class in this very moment
        raise PreviewOutdated from error


def take_back_placing(*, by: User, placing: NewYearPlacing, reason: str) -> NewYearPlacing:
    """Undo a placing: everybody still where it put them goes back to the old class, and was never in the new one; its
    classes are gone where nobody else is in them and nobody is to teach there. NotAllowed; FaultyFields without a
    reason; WrongState when it is taken back already, in a closed year, or when something has been written of one of
    them in the new year."""
    if not may_keep_school(by, placing.school):
        raise NotAllowed
    words = normal(reason)
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise FaultyFields({"reason": f"Hãy ghi lí do ({LEAST_REASON} đến {MOST_REASON} kí tự)."})
    with recorded(by, "take_back_placing", reason=words, chains=_chains_of(placing)):
        current = NewYearPlacing.objects.select_for_update(of=("self",)).select_related("to_year").get(pk=placing.pk)
        if why := why_not_taken_back(current):
            raise WrongState(why)
        _undo(by, current)
        current.taken_back_at, current.taken_back_by, current.reason = timezone.now(), by, words
        current.save(update_fields=["taken_back_at", "taken_back_by", "reason"])
    return current


def why_not_taken_back(placing: NewYearPlacing) -> str:
    """What stands against taking a placing back, in Vietnamese; "" when nothing does."""
    if placing.taken_back_at is not None:
        return "Lượt xếp lớp này đã được bỏ rồi."
    if placing.to_year.closed_at is not None:
        return f"Năm học {placing.to_year} đã đóng: danh sách lớp không đổi được nữa."
    students = [one.student_id for one in still_there(placing)]
    written = _first_written(students, placing.to_year)
    if written is not None:
        told = f"{written} đã có điểm, nhận xét ghi trong năm học {placing.to_year}"
        return f"{told}: không bỏ cả lượt được nữa. Dùng “Chuyển lớp” cho từng em."
    return ""


def still_there(placing: NewYearPlacing) -> list[Enrolment]:
    """Who is still in the class the placing put them into."""
    return list(Enrolment.objects.open().filter(pk__in=placing.coming).select_related("student", "school_class"))


def _first_written(students: Iterable[int], year: SchoolYear) -> Student | None:
    """Somebody of whom something was written in a year: marks, conduct, remarks, or results brought from outside."""
    of_year = {"student__in": list(students), "school_year": year}
    for rows in (
        MarkRow.objects.filter(**of_year).exclude(cells={}, last_ops={}),
        PeriodRecord.objects.filter(**of_year).exclude(cells={}, last_ops={}),
        TransferredTerm.objects.filter(**of_year),
    ):
        if (first := rows.select_related("student").first()) is not None:
            return first.student
    return None


# -- Writing ----------------------------------------------------------------------------------------------------------
def _written(by: User, plan: NewYearPlan) -> NewYearPlacing:
    made = SchoolClass.objects.bulk_create(_new(plan, one) for one in plan.made)
    for one, school_class in zip(plan.made, made, strict=True):
        one.school_class = school_class
    ended = [one.enrolment for new in plan.classes for one in new.coming] + [one.enrolment for one in plan.leaving]
    open_before = [one for one in ended if one.ends_on is None]
    _finish(open_before)
    came = {one.student_id: one for new in plan.classes for one in _come(new, plan.to_year)}
    _take_chosen(plan)
    keys = {one.pk for one in open_before}
    return NewYearPlacing.objects.create(
        school=plan.school, from_year=plan.from_year, to_year=plan.to_year, by=by, made=[one.pk for one in made],
        placed=[
            [one.pk if one.pk in keys else None, came[one.student_id].pk if one.student_id in came else None]
            for one in ended
        ],
    )  # fmt: skip


def _new(plan: NewYearPlan, one: NewClass) -> SchoolClass:
    return SchoolClass(
        school=plan.school, school_year=plan.to_year, name=one.name, grade_level=one.grade_level, rule_set=one.rule_set
    )


def _finish(enrolments: list[Enrolment]) -> None:
    """Nobody stays in last year's class: it ends with its year."""
    if enrolments:
        ends = max(end_of(one) for one in enrolments)
        Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).update(
            ends_on=ends, ending=Enrolment.Ending.FINISHED
        )


def _come(new: NewClass, year: SchoolYear) -> list[Enrolment]:
    if new.school_class is None or not new.coming:
        return []
    return enrol(new.school_class, [one.enrolment.student for one in new.coming], year.starts_on)


def _take_chosen(plan: NewYearPlan) -> None:
    carried = [one for new in plan.classes for one in new.carried]
    chosen = [one for one in carried if one.choice != CurriculumSubject.Choice.COMPULSORY]
    SubjectEnrolment.objects.bulk_create((_taken(plan, one) for one in chosen), AT_ONCE, ignore_conflicts=True)
    topics: dict[int, list[int]] = {}
    for one in carried:
        if one.with_topics and one not in chosen:
            topics.setdefault(one.subject, []).append(one.student)
    for subject, students in topics.items():
        SubjectEnrolment.objects.open().filter(school_year=plan.to_year, subject=subject, student__in=students).update(
            with_topics=True
        )


def _taken(plan: NewYearPlan, one: Carried) -> SubjectEnrolment:
    return SubjectEnrolment(
        student_id=one.student, school=plan.school, school_year=plan.to_year, subject_id=one.subject,
        choice=one.choice, with_topics=one.with_topics,
    )  # fmt: skip


# -- Taking back ------------------------------------------------------------------------------------------------------
def _undo(by: User, placing: NewYearPlacing) -> None:
    back = still_there(placing)
    note = "Bỏ lượt xếp lớp năm học mới"
    Enrolment.objects.filter(pk__in=[one.pk for one in back]).update(
        ends_on=F("starts_on"), ending=Enrolment.Ending.MISTAKE, note=note
    )
    students = [one.student_id for one in back]
    SubjectEnrolment.objects.open().filter(student__in=students, school_year=placing.to_year).update(
        dropped_on=timezone.localdate()
    )
    _reopen(placing, {one.pk for one in back})
    recount((grid for one in {one.school_class for one in back} for grid in open_grids(one)), by)
    for school_class in SchoolClass.objects.in_use().filter(pk__in=placing.made).select_for_update():
        if not _stays(school_class):
            take_back(school_class)


def _reopen(placing: NewYearPlacing, back: set[int]) -> None:
    """The old enrolments of those who went back, and of those who had left and are in no class since."""
    ended = [left for left, came in placing.placed if left is not None and (came is None or came in back)]
    old = Enrolment.objects.filter(pk__in=ended, ending=Enrolment.Ending.FINISHED, student__school=placing.school)
    elsewhere = Enrolment.objects.open().values("student")
    old.exclude(student__in=elsewhere).update(ends_on=None, ending="")


def _stays(school_class: SchoolClass) -> bool:
    """Whether somebody is to teach there, has come otherwise, or has written something."""
    return (
        bool(why_not_voided(school_class))
        or TeachingAssignment.objects.not_over().filter(school_class=school_class).exists()
        or HomeroomAssignment.objects.not_over().filter(school_class=school_class).exists()
    )


def _chains_of(placing: NewYearPlacing) -> list[tuple[str, int]]:
    enrolments = Enrolment.objects.filter(pk__in=[key for pair in placing.placed for key in pair if key is not None])
    classes = {*enrolments.values_list("school_class", flat=True), *placing.made}
    return sorted({("SCHOOL", placing.school_id), *(("CLASS", key) for key in classes)})


# -- Who and when -----------------------------------------------------------------------------------------------------
def _refuse_unfit(by: User, school: School, from_year: SchoolYear, to_year: SchoolYear) -> None:
    if not may_keep_school(by, school):
        raise NotAllowed
    if to_year.first_year != from_year.first_year + 1:
        raise Refused(f"Năm học {to_year} không theo ngay sau năm học {from_year}.")
    _refuse_closed(to_year)


def _refuse_closed(year: SchoolYear) -> None:
    if year.closed_at is not None:
        raise WrongState(f"Năm học {year} đã đóng: danh sách lớp không đổi được nữa.")
