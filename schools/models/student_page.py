"""What a student's page shows, read in a fixed number of queries, whoever looks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from hocbaso.lib.vietnamese import short_date
from schools.models.assignments import HomeroomAssignment
from schools.models.classes import Enrolment, SubjectEnrolment
from schools.models.history import HistoryPayload, Look, ReadEntry
from schools.models.people import Role, RoleAssignment, User
from schools.models.students import ParentLink, Student, StudentMerge
from schools.models.years import SchoolYear
from schools.rules.ages import age_remark
from schools.rules.identity import masked

GROUPS = (
    ("Học sinh", ("full_name", "student_code", "personal_id", "gender", "born_on", "ethnicity", "nationality",
                  "policy_family", "registry_number", "admitted_on")),
    ("Nơi sinh, quê quán, chỗ ở", ("birthplace", "hometown", "address")),
    ("Gia đình, in trên trang 1 học bạ", ("father_name", "father_occupation", "mother_name", "mother_occupation",
                                          "guardian_name", "guardian_occupation")),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    name: str
    label: str
    value: str


@dataclass(frozen=True)
class IdentityChange:
    """Name, code, number or date of birth was another one before."""

    at: datetime
    actor: User | None
    reason: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class StudentPage:
    student: Student
    groups: list[tuple[str, list[Shown]]]
    enrolments: list[Enrolment]
    enrolment: Enrolment | None
    homeroom_teacher: User | None
    year: SchoolYear | None
    subjects: list[SubjectEnrolment]
    age_remark: str
    links: list[ParentLink] = field(default_factory=list)
    merges: list[StudentMerge] = field(default_factory=list)


def student_page(student: Student) -> StudentPage:
    """All of a student's page but what only some may see (``identity_changes``, ``reads_in_words``)."""
    enrolments = list(
        student.enrolments.select_related("school_class__school", "school_class__school_year").order_by(
            "-starts_on", "-id"
        )
    )
    enrolment = next((one for one in enrolments if one.ends_on is None), None)
    year = SchoolYear.objects.current()
    return StudentPage(
        student=student,
        groups=page_one(student),
        enrolments=enrolments,
        enrolment=enrolment,
        homeroom_teacher=_homeroom_teacher(enrolment),
        year=year,
        subjects=_subjects(student, year),
        age_remark=age_remark_of(student, enrolment, year),
        links=list(student.parent_links.select_related("parent").order_by("ends_on", "id")),
        merges=list(student.merges.select_related("merged__school", "by").order_by("id")),
    )


def _subjects(student: Student, year: SchoolYear | None) -> list[SubjectEnrolment]:
    """The subjects of the year, once each: what was dropped and is taken again, by a merge of two records as well,
    stands as it is now. The history keeps both."""
    rows = student.subject_enrolments.filter(school_year=year).select_related("subject").order_by("id")
    newest = {row.subject_id: row for row in sorted(rows, key=lambda row: row.dropped_on is None)}
    return [row for row in rows if newest[row.subject_id] is row]


def page_one(student: Student) -> list[tuple[str, list[Shown]]]:
    """Page 1 of the record book in groups, the number masked, empty fields as empty texts."""
    return [(title, [_shown(student, name) for name in names]) for title, names in GROUPS]


def _shown(student: Student, name: str) -> Shown:
    return Shown(name, label_of_field(name), value_in_words(name, getattr(student, name)))


def label_of_field(name: str) -> str:
    model_field: Any = Student._meta.get_field(name)
    return str(model_field.verbose_name)


def title_of_field(name: str) -> str:
    """The label as it begins a sentence."""
    label = label_of_field(name)
    return label[:1].upper() + label[1:]


def value_in_words(name: str, value: Any) -> str:
    """A field of page 1 as people read it: dates as d/m/y, codes as words, the number masked."""
    model_field: Any = Student._meta.get_field(name)
    if name == "personal_id":
        return masked(value or "")
    if hasattr(value, "strftime"):
        return short_date(value)
    return str(dict(model_field.flatchoices).get(value, value) or "")


def _homeroom_teacher(enrolment: Enrolment | None) -> User | None:
    if enrolment is None:
        return None
    homeroom = HomeroomAssignment.objects.today().filter(school_class=enrolment.school_class_id)
    tie = homeroom.select_related("teacher").first()
    return tie.teacher if tie else None


def age_remark_of(student: Student, enrolment: Enrolment | None, year: SchoolYear | None) -> str:
    """What is odd about the age, measured by the class, else by the grades of the school; empty when nothing is."""
    if enrolment is not None:
        school_class = enrolment.school_class
        return age_remark(student.born_on, [school_class.grade_level], school_class.school_year.first_year)
    return age_remark(student.born_on, student.school.grade_levels, year.first_year) if year else ""


def identity_changes(student: Student) -> list[IdentityChange]:
    """Every change of a student's identity, newest first, out of the history (peers.md H7)."""
    payloads = HistoryPayload.objects.filter(
        student=student, payload__table="schools_student", payload__changes__has_any_keys=list(Student.IDENTITY)
    ).exclude(payload__op="I")
    return [
        IdentityChange(
            payload.entry.at,
            payload.entry.actor,
            payload.entry.reason,
            label_of_field(name),
            *(_told(name, value) for value in payload.payload["changes"][name]),
        )
        for payload in payloads.select_related("entry__actor").order_by("-entry_id")
        for name in Student.IDENTITY
        if name in payload.payload["changes"]
    ]


def _told(name: str, value: Any) -> str:
    if name == "born_on" and value:
        return short_date(datetime.fromisoformat(value))
    return value_in_words(name, value) or "(trống)"


@dataclass(frozen=True)
class ToldRead:
    """Who looked, as a parent reads it: in which role and place, not by name."""

    at: datetime
    what: str
    who: str


def told_reads(entries: Iterable[ReadEntry]) -> list[ToldRead]:
    """The looks in words: role and place of the reader on that very day. Two queries, however many entries."""
    entries = list(entries)
    held = RoleAssignment.objects.filter(user__in={entry.user_id for entry in entries})
    by_user: dict[int, list[RoleAssignment]] = {}
    for assignment in held.select_related("school", "authority").order_by("id"):
        by_user.setdefault(assignment.user_id, []).append(assignment)
    return [
        ToldRead(entry.at, str(dict(Look.choices).get(entry.what, entry.what)), _reader(entry, by_user))
        for entry in entries
    ]


def _reader(entry: ReadEntry, by_user: dict[int, list[RoleAssignment]]) -> str:
    day = timezone.localdate(entry.at)
    roles = [
        f"{Role(held.role).label}, {held.school or held.authority}"
        for held in by_user.get(entry.user_id, [])
        if held.starts_on <= day and (held.ends_on is None or held.ends_on > day)
    ]
    return "; ".join(roles) or "Người được ủy quyền thanh tra"


def reads_of(student: Student) -> models.QuerySet[ReadEntry]:
    """Who looked at a student's record, newest first."""
    return ReadEntry.objects.of_student(student).order_by("-id")
