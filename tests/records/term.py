"""Class 7A of the cast in its first term, ready to be worked in: teachers for every subject, keys, an open window."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from records.actions.cells import Operation
from records.actions.homeroom import enter_records, submit_class
from records.actions.keys import give_key
from records.actions.preparing import on_list, prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.documents.authority import LocalAuthority
from records.models import ClassPeriod, MarkSheet, PageVersion, SigningKey
from schools.models import (
    CurriculumSubject,
    EntryWindow,
    Period,
    School,
    SubjectEnrolment,
    TeachingAssignment,
    User,
)
from tests.cast import Cast

PIN = "246810"


@dataclass
class Term:
    """The cast at work: the class's period, its sheets by the subject's code, who teaches them."""

    cast: Cast
    class_period: ClassPeriod
    authority: LocalAuthority

    @property
    def sheets(self) -> dict[str, MarkSheet]:
        sheets = MarkSheet.objects.of_class(self.class_period.school_class, self.class_period.period)
        return {sheet.subject.code: sheet for sheet in sheets.in_words()}

    @property
    def maths(self) -> MarkSheet:
        sheets = MarkSheet.objects.of_class(self.class_period.school_class, self.class_period.period)
        return sheets.in_words().get(subject__code="TOAN")

    def teacher_of(self, sheet: MarkSheet) -> User:
        return TeachingAssignment.objects.get(school_class=sheet.school_class, subject=sheet.subject).teacher

    def now(self) -> ClassPeriod:
        return ClassPeriod.objects.in_words().get(pk=self.class_period.pk)

    def shown(self) -> dict[str, str]:
        versions = PageVersion.objects.of(self.class_period)
        return {str(version.public_id): version.original_digest for version in versions}


def fresh(user: User) -> User:
    """The same person at the next request: nothing remembered of what they were."""
    found: User = User.objects.get(pk=user.pk)
    return found


def operation(row: Any, column: str, typed: str, base: str = "", **more: Any) -> Operation:
    return Operation(more.pop("op_id", uuid.uuid4()), row.public_id, column, typed, base, **more)


@cache
def authority() -> LocalAuthority:
    """One for all tests: it has no memory, and its key takes longer to find than most tests take."""
    with TemporaryDirectory() as folder:
        return LocalAuthority.make(Path(folder) / "authority", "CA của bài thử", b"bi mat")


def make_term(cast: Cast) -> Term:
    """Everybody of 7A takes every compulsory subject; maths is taught by its teacher, the rest by the homeroom
    teacher."""
    year, school_class = cast.year, cast.class_7a
    subjects = CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.COMPULSORY)
    for student in on_list(school_class):
        for subject in subjects:
            SubjectEnrolment.objects.get_or_create(
                student=student,
                school_year=year,
                subject=subject.subject,
                defaults={"school": cast.school, "choice": subject.choice},
            )
    for subject in subjects.exclude(subject=cast.maths):
        TeachingAssignment.objects.create(
            school_class=school_class, subject=subject.subject, teacher=cast.homeroom_teacher, starts_on=year.starts_on
        )
    period = Period.objects.get(school_year=year, level="THCS", code="HK1")
    class_period = prepare_class(by=cast.maths_teacher, school_class=school_class, period=period)
    assert class_period is not None
    return Term(cast, class_period, authority())


def give_keys(term: Term) -> None:
    cast = term.cast
    holders: tuple[User | School, ...] = (cast.homeroom_teacher, cast.principal, cast.school)
    for holder in holders:
        if not SigningKey.objects.usable().of_holder(holder).exists():
            give_key(by=None, holder=holder, pin=PIN, authority=term.authority)


def fill_sheet(sheet: MarkSheet, by: User, mark: str = "8") -> MarkSheet:
    """Every cell of a sheet but the remarks, of those on the class's list: the same mark, or Đạt."""
    operations = [
        operation(row, column.code, mark if column.scale == "DIEM" else "Đ", row.cells.get(column.code, ""))
        for row in sheet.rows.filter(student__in=sheet.around.on_list)
        for column in sheet.scheme
        if column.required
    ]
    saved = enter_marks(by=by, sheet=sheet, operations=operations)
    assert {result.outcome for result in saved.results} == {"ok"}
    sheet.refresh_from_db()
    return sheet


def confirm_all(term: Term, mark: str = "8") -> None:
    for sheet in term.sheets.values():
        if sheet.state == MarkSheet.State.OPEN:
            teacher = term.teacher_of(sheet)
            fill_sheet(sheet, teacher, mark)
            confirm_sheet(by=fresh(teacher), sheet=sheet, change_no=sheet.change_no)


def fill_records(term: Term) -> None:
    cells = {"RL": "Tốt", "CP": "1", "KP": "0", "NX": "Ngoan, chăm học."}
    operations = [
        operation(row, column, typed, row.cells.get(column, ""))
        for row in term.class_period.rows.filter(student__in=on_list(term.class_period.school_class))
        for column, typed in cells.items()
    ]
    saved = enter_records(by=term.cast.homeroom_teacher, class_period=term.class_period, operations=operations)
    assert {result.outcome for result in saved.results} == {"ok"}


def all_written(term: Term) -> Term:
    """Every sheet confirmed, and what the homeroom teacher writes; not submitted yet."""
    confirm_all(term)
    fill_records(term)
    return term


def hand_in(term: Term) -> Term:
    """What is all written is submitted."""
    submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period)
    return term


def submitted(term: Term) -> Term:
    return hand_in(all_written(term))


def close_windows() -> None:
    EntryWindow.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
