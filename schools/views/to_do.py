"""What a person has to do, from the state of what they may see: nothing is stored, done is when the state says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from schools.models import (
    EntryWindow,
    HomeroomAssignment,
    Role,
    School,
    SchoolClass,
    SchoolYear,
    SecondFactorReset,
    Student,
    TeachingAssignment,
    User,
)
from schools.permissions import may_decide_second_factor_reset, opens_windows
from schools.rooms import ADDED_PARTS, Part, ToDo
from schools.views.access import listed, planned_schools
from schools.views.schools import LACKING


@dataclass(frozen=True)
class ClassOfMine:
    school_class: SchoolClass
    subjects: list[str]
    is_homeroom: bool


def to_do_of(user: User) -> list[ToDo]:
    """Everything the person has to do, in the order of their roles; a part without a role is everybody's."""
    parts = (*PARTS[:1], *ADDED_PARTS, *PARTS[1:])
    return [item for roles, items in parts if not roles or user.standing.has(*roles) for item in items(user)]


def for_province(user: User) -> Iterator[ToDo]:
    schools = listed(user, School).filter(closed_on=None)
    for slug, role in LACKING.items():
        count = schools.without(role).count()
        if count:
            words = f"{count} trường chưa có {role.label.lower()}"
            yield ToDo(words, f"{reverse('school_list')}?chua-co={slug}", urgent=True)
    year = listed(user, SchoolYear).current()
    if year is None:
        yield ToDo("Chưa có năm học nào", reverse("year_list"), urgent=True)


def for_clerk(user: User) -> Iterator[ToDo]:
    students = listed(user, Student).current().filter(school__in=user.standing.schools_as(Role.CLERK))
    missing = students.without_personal_id().count()
    if missing:
        yield ToDo(f"{missing} học sinh chưa có số định danh cá nhân", reverse("student_list") + "?thieu=1")
    unplaced = students.without_class().count()
    if unplaced:
        yield ToDo(f"{unplaced} học sinh chưa ở lớp nào", reverse("student_list") + "?chua-co-lop=1")
    classes = listed(user, SchoolClass).of_current_year().filter(school__in=planned_schools(user))
    unled = classes.without_homeroom_teacher().count()
    if unled:
        url = reverse("assignment_board") + "?chua-co-chu-nhiem=1"
        yield ToDo(f"{unled} lớp chưa có giáo viên chủ nhiệm", url, urgent=True)


def open_windows(user: User) -> Iterator[ToDo]:
    """What may be entered now and until when, for everybody who works in a school."""
    url = reverse("window_list" if opens_windows(user) else "class_list")
    windows = listed(user, EntryWindow).open_now().filter(school__in=user.standing.staff_school_ids)
    for window in windows.select_related("school", "period__school_year"):
        yield ToDo(f"Hạn nhập {window.period.name}: {window.until}", url)


def second_factor_resets(user: User) -> Iterator[ToDo]:
    waiting = [
        reset for reset in listed(user, SecondFactorReset).undecided() if may_decide_second_factor_reset(user, reset)
    ]
    if waiting:
        yield ToDo(
            f"{len(waiting)} đề nghị đặt lại lớp bảo vệ thứ hai chờ bạn quyết định",
            reverse("second_factor_resets"),
            urgent=True,
        )


def classes_of(user: User) -> list[ClassOfMine]:
    """The classes one teaches or leads today, each with one's subjects in it."""
    homeroom = set(
        listed(user, HomeroomAssignment).today().filter(teacher=user).values_list("school_class_id", flat=True)
    )
    subjects: dict[int, list[str]] = {}
    for teaching in listed(user, TeachingAssignment).for_teacher(user).select_related("subject"):
        subjects.setdefault(teaching.school_class_id, []).append(teaching.part or teaching.subject.name)
    mine = listed(user, SchoolClass).filter(id__in=homeroom | set(subjects)).select_related("school", "school_year")
    return [ClassOfMine(found, subjects.get(found.pk, []), found.pk in homeroom) for found in mine]


PARTS: tuple[Part, ...] = (
    ((Role.PROVINCE_ADMIN,), for_province),
    ((Role.CLERK,), for_clerk),
    ((Role.TEACHER, Role.PRINCIPAL, Role.VICE_PRINCIPAL), open_windows),
    ((Role.PRINCIPAL, Role.PROVINCE_ADMIN), second_factor_resets),
)
