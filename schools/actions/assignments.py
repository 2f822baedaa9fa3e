"""Who teaches what, and whose class it is: the old tie ends on the day the new one begins.

A place is what somebody can be given in a class: its homeroom, a subject, or one part of a subject. A subject is given
either as a whole or part by part, never both (law.md §1.1).
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils import timezone

from schools.actions.part_columns import share
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import (
    CurriculumSubject,
    HomeroomAssignment,
    RoleAssignment,
    SchoolClass,
    Subject,
    TeachingAssignment,
    User,
)
from schools.models.assignments import HOMEROOM, Place, columns_of, planned
from schools.models.people import SCHOOL_ROLES
from schools.models.recording import recorded
from schools.permissions import may_plan_class
from schools.rules.column_codes import codes_in_words

Tie = TeachingAssignment | HomeroomAssignment
Columns = Mapping[Place, Collection[str]]


def assign_teacher(
    *, by: User, school_class: SchoolClass, subject: Subject, teacher: User, part: str = "", on: date
) -> TeachingAssignment:
    """Give a subject of a class, or one part of it, to a teacher from a day on; whoever had it stops that day, and the
    columns of the part go over. NotAllowed; Refused; WrongState as ``plan_class``. Source: TT 22/2021/TT-BGDĐT Đ19."""
    place: Place = (subject.pk, part)
    _change(by, "assign_teacher", school_class, {place: teacher}, on)
    return TeachingAssignment.objects.open().get(school_class=school_class, subject=subject, part=part)


def share_columns(
    *, by: User, school_class: SchoolClass, subject: Subject, columns: Mapping[str, Collection[str]]
) -> None:
    """Say which columns of the mark sheet the parts of a subject write (part → codes; none: all of them), from now on.
    NotAllowed; Refused; WrongState as ``plan_class``. Source: TT 22/2021/TT-BGDĐT Đ19."""
    wanted = {(subject.pk, part): codes for part, codes in columns.items()}
    _change(by, "share_columns", school_class, {}, timezone.localdate(), columns=wanted)


def assign_homeroom(*, by: User, school_class: SchoolClass, teacher: User, on: date) -> HomeroomAssignment:
    """Make a teacher the homeroom teacher of a class from a day on; the one before stops that day. NotAllowed; Refused;
    WrongState. Source: TT 22/2021/TT-BGDĐT Đ20; TT 27/2020/TT-BGDĐT Đ12."""
    _change(by, "assign_homeroom", school_class, {HOMEROOM: teacher}, on)
    return HomeroomAssignment.objects.open().get(school_class=school_class)


def end_assignment(*, by: User, assignment: TeachingAssignment, on: date) -> TeachingAssignment:
    """One teacher stops teaching a subject in a class from a day on, and nobody takes over. NotAllowed; Refused
    (day); WrongState when it has ended already."""
    school_class = assignment.school_class
    _check_planner(by, school_class)
    with recorded(by, "end_assignment", chains=[("CLASS", school_class.pk)]):
        current = TeachingAssignment.objects.select_for_update().get(pk=assignment.pk)
        if current.ends_on is not None:
            raise WrongState(f"{current.teacher} đã thôi dạy {current} từ {current.ends_on:%d/%m/%Y}.")
        _check_day(school_class, [current], on)
        _end([current], on)
    return current


def plan_class(
    *,
    by: User,
    school_class: SchoolClass,
    chosen: Mapping[Place, User | None],
    seen: Mapping[Place, Collection[int]],
    on: date,
    columns: Columns | None = None,
    columns_seen: Columns | None = None,
) -> int:
    """Give the places of a class to teachers from a day on, and the parts of subjects their ``columns`` of the mark
    sheet. Only what differs from ``seen`` (the ids of the teachers the form showed in each place) and ``columns_seen``
    is changed. Returns the number of changed places.

    NotAllowed; Refused when somebody holds no role in the school today, a subject is not taught in the grade or would
    be given both as a whole and in parts, columns are shared badly, or the day cannot be; WrongState naming the places
    a colleague has changed meanwhile (nothing is overwritten unseen), or a sheet confirmed over the columns as they
    are. Source: TT 22/2021/TT-BGDĐT Đ19–20; law.md §1.1 (parts).
    """
    wanted = {
        place: teacher
        for place, teacher in chosen.items()
        if ({teacher.pk} if teacher else set()) != set(seen.get(place, ()))
    }
    shown = columns_seen or {}
    other = {place: codes for place, codes in (columns or {}).items() if set(codes) != set(shown.get(place, ()))}
    _change(by, "plan_class", school_class, wanted, on, seen=seen, columns=other, columns_seen=shown)
    return len(wanted.keys() | other.keys())


# -- The change -------------------------------------------------------------------------------------------------------
def _change(
    by: User,
    action: str,
    school_class: SchoolClass,
    wanted: Mapping[Place, User | None],
    on: date,
    *,
    seen: Mapping[Place, Collection[int]] | None = None,
    columns: Columns | None = None,
    columns_seen: Columns | None = None,
) -> None:
    _check_planner(by, school_class)
    _check_teachers(school_class, [teacher for teacher in wanted.values() if teacher])
    subjects, columns = _subjects_of(school_class), columns or {}
    _check_places(school_class, wanted.keys() | columns.keys(), subjects)
    with recorded(by, action, chains=[("CLASS", school_class.pk)]):  # which nobody else can change meanwhile
        now = planned(school_class)
        if seen is not None:
            _refuse_changed_meanwhile(wanted, seen, now, subjects)
        if columns_seen is not None:
            _refuse_columns_changed(columns, columns_seen, now, subjects)
        _refuse_whole_and_parts(wanted, now, subjects)
        if wanted:
            _check_day(school_class, [tie for place in wanted for tie in now.get(place, [])], on)
        for place, teacher in wanted.items():
            _give(school_class, place, now.get(place, []), teacher, on)
        share(school_class, columns, {place[0] for place in wanted.keys() | columns.keys()} - {HOMEROOM[0]})


def _give(school_class: SchoolClass, place: Place, held: list[Tie], teacher: User | None, on: date) -> None:
    """A teacher who had it with a colleague and now has it alone goes on as before; who takes over takes the columns
    over."""
    _end([tie for tie in held if tie.teacher_id != (teacher.pk if teacher else None)], on)
    if teacher is None or any(tie.teacher_id == teacher.pk for tie in held):
        return
    common = {"school_class": school_class, "teacher": teacher, "starts_on": on}
    if place == HOMEROOM:
        HomeroomAssignment.objects.create(**common)
    else:
        codes = columns_of(held)
        TeachingAssignment.objects.create(**common, subject_id=place[0], part=place[1], columns=codes)


def _end(ties: list[Tie], on: date) -> None:
    for tie in ties:
        tie.ends_on = on
        tie.save(update_fields=["ends_on"])


# -- What is checked --------------------------------------------------------------------------------------------------
def _check_planner(by: User, school_class: SchoolClass) -> None:
    if school_class.school_year.closed_at is not None:
        raise WrongState(f"Năm học {school_class.school_year.label} đã đóng: phân công không đổi được nữa.")
    if not may_plan_class(by, school_class):
        raise NotAllowed


def _check_teachers(school_class: SchoolClass, people: list[User]) -> None:
    held = RoleAssignment.objects.today().filter(school=school_class.school_id, role__in=SCHOOL_ROLES, user__in=people)
    of_school = set(held.values_list("user_id", flat=True))
    for person in people:
        if person.pk not in of_school:
            raise Refused(f"{person.full_name} không giữ vai trò nào ở {school_class.school} hôm nay.")


def _subjects_of(school_class: SchoolClass) -> dict[int, Subject]:
    return {row.subject_id: row.subject for row in CurriculumSubject.objects.of_class(school_class)}


def _check_places(school_class: SchoolClass, wanted: Collection[Place], subjects: Mapping[int, Subject]) -> None:
    for place in wanted:
        subject, part = subjects.get(place[0]), place[1]
        if place == HOMEROOM:
            continue
        if subject is None:
            raise Refused(f"Khối {school_class.grade_level} không học môn này.")
        if part and part not in subject.parts:
            raise Refused(f"{subject} không có phân môn {part}.")


def _refuse_changed_meanwhile(
    wanted: Collection[Place],
    seen: Mapping[Place, Collection[int]],
    now: Mapping[Place, list[Tie]],
    subjects: Mapping[int, Subject],
) -> None:
    changed = [
        f"{_place_name(place, subjects)}: {_names(now.get(place, []))}"
        for place in wanted
        if {tie.teacher_id for tie in now.get(place, [])} != set(seen.get(place, ()))
    ]
    if changed:
        raise WrongState(f"Người khác vừa đổi, nay là {'; '.join(changed)}. Chưa ghi gì; hãy xem lại rồi lưu.")


def _refuse_columns_changed(
    wanted: Columns, seen: Columns, now: Mapping[Place, list[Tie]], subjects: Mapping[int, Subject]
) -> None:
    changed = [
        f"{_place_name(place, subjects)}: {codes_in_words(columns_of(now.get(place, [])))}"
        for place in wanted
        if set(columns_of(now.get(place, []))) != set(seen.get(place, ()))
    ]
    if changed:
        raise WrongState(f"Người khác vừa đổi cột, nay là {'; '.join(changed)}. Chưa ghi gì; hãy xem lại rồi lưu.")


def _refuse_whole_and_parts(
    wanted: Mapping[Place, User | None], now: Mapping[Place, list[Tie]], subjects: Mapping[int, Subject]
) -> None:
    after = {place for place in now if place not in wanted} | {place for place, user in wanted.items() if user}
    for subject_id, part in sorted(after):
        if part and (subject_id, "") in after:
            raise Refused(
                f"{subjects[subject_id]}: phân công một người cho cả môn, hoặc từng phân môn; không vừa cả môn vừa "
                f"phân môn {part}."
            )


def _check_day(school_class: SchoolClass, ended: list[Tie], on: date) -> None:
    """A day of the year, not before those who stop had begun, and not in the future once the year has begun: a list
    shows who teaches now."""
    year = school_class.school_year
    if not year.starts_on <= on <= year.ends_on:
        raise Refused(f"Ngày {on:%d/%m/%Y} không nằm trong năm học {year.label}.")
    if on > max(timezone.localdate(), year.starts_on):
        raise Refused(f"Ngày {on:%d/%m/%Y} chưa đến: hãy ghi khi phân công bắt đầu.")
    for tie in ended:
        if on < tie.starts_on:
            raise Refused(f"{tie.teacher} được phân công từ {tie.starts_on:%d/%m/%Y}: không đổi từ ngày sớm hơn.")


def _place_name(place: Place, subjects: Mapping[int, Subject]) -> str:
    if place == HOMEROOM:
        return "Chủ nhiệm"
    return f"{subjects[place[0]]} ({place[1]})" if place[1] else str(subjects[place[0]])


def _names(ties: list[Tie]) -> str:
    return ", ".join(tie.teacher.full_name for tie in ties) or "chưa có ai"
