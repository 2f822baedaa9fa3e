"""Second records of the cast's student, what is typed under them, and joining two records as the clerk does."""

from typing import Any

from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.sheets import enter_marks
from records.models import MarkSheet
from schools.actions.enrolments import enrol, leave_class
from schools.actions.merges import merge_students, preview_merge
from schools.models import Enrolment, SchoolClass, Student, StudentMerge, TeachingAssignment, User
from tests.cast import make_student
from tests.records.term import Term, fresh, operation

REASON = "Nhập trùng khi chuyển trường"


def second_record(term: Term, school_class: SchoolClass, code: str = "0000000091") -> Student:
    """Another record of the cast's student, on the list of a class whose sheets are made."""
    student = make_student(term.cast.school, code, "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    enrol(school_class, [student], term.cast.year.starts_on)
    TeachingAssignment.objects.get_or_create(
        school_class=school_class, subject=term.cast.maths, teacher=term.cast.maths_teacher,
        defaults={"starts_on": term.cast.year.starts_on},
    )  # fmt: skip
    prepare_class(by=None, school_class=school_class, period=term.class_period.period)
    return student


def maths_of(term: Term, school_class: SchoolClass) -> MarkSheet:
    sheets = MarkSheet.objects.of_class(school_class, term.class_period.period).in_words()
    found: MarkSheet = sheets.get(subject=term.cast.maths)
    return found


def typed(sheet: MarkSheet, student: Student, base: str = "", by: User | None = None, **cells: str) -> None:
    """The teacher of the sheet types these cells of a student."""
    row = sheet.rows.get(student=student)
    teacher = by or TeachingAssignment.objects.filter(school_class=sheet.school_class, subject=sheet.subject)[0].teacher
    operations = [operation(row, column, value, base) for column, value in cells.items()]
    saved = enter_marks(by=fresh(teacher), sheet=sheet, operations=operations)
    assert {result.outcome for result in saved.results} == {"ok"}


def leaves(term: Term, student: Student) -> None:
    """The clerk notes that this record was put into its class by mistake."""
    leave_class(
        by=fresh(term.cast.clerk), enrolment=Enrolment.objects.open().get(student=student), on=timezone.localdate(),
        ending=Enrolment.Ending.MISTAKE, note="Nhập trùng hồ sơ",
    )  # fmt: skip


def merge(term: Term, kept: Student, merged: Student, **changes: Any) -> StudentMerge:
    by, both = fresh(term.cast.clerk), {name: Student.objects.get(pk=one.pk) for name, one in
                                        (("kept", kept), ("merged", merged))}  # fmt: skip
    plan = preview_merge(by=by, **both)
    return merge_students(by=by, **both, **{"digest": plan.digest, "reason": REASON, **changes})


def obstacles(term: Term, kept: Student, merged: Student) -> list[str]:
    return preview_merge(by=fresh(term.cast.clerk), kept=kept, merged=merged).obstacles
