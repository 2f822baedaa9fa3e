"""What the pages of a class are made of beside each student's own results, and what both forms say alike of a subject
(law.md §4)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from records.models import ClassPeriod, MarkSheet, SheetConfirmation
from records.models.student_years import StudentYear
from schools.models import CurriculumSubject, RoleAssignment, SubjectEnrolment, User

Snapshot = dict[str, Any]

_EXEMPTIONS = ("exempt", "individual_plan", "exempt_practice")


@dataclass
class ClassFacts:
    """What all pages of a class have in common, read once for the whole class."""

    class_period: ClassPeriod
    homeroom_teacher: User
    principal: User | None = None
    subjects: list[CurriculumSubject] = field(default_factory=list)
    teachers: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    prepared_on: date = field(default_factory=timezone.localdate)

    @classmethod
    def of(cls, class_period: ClassPeriod, homeroom_teacher: User) -> "ClassFacts":
        facts = cls(class_period, homeroom_teacher)
        facts.subjects = list(CurriculumSubject.objects.of_class(class_period.school_class))
        facts.principal = RoleAssignment.objects.principal_of(class_period.school)
        sheets = MarkSheet.objects.of_class(class_period.school_class, class_period.period).values("id")
        confirmed = SheetConfirmation.objects.filter(sheet__in=sheets, withdrawn_at=None)
        for confirmation in confirmed.select_related("sheet", "by", "assignment").order_by("assignment_id"):
            facts.teachers.setdefault(confirmation.sheet.subject_id, []).append(_teacher(confirmation))
        return facts


def _teacher(confirmation: SheetConfirmation) -> dict[str, str]:
    return {
        "id": str(confirmation.by.public_id),
        "name": confirmation.by.full_name,
        "part": confirmation.assignment.part,
        "confirmed_at": timezone.localtime(confirmation.confirmed_at).isoformat(timespec="seconds"),
    }


def subject_head(facts: ClassFacts, year: StudentYear, subject: CurriculumSubject) -> Snapshot | None:
    """What a page says of a subject whatever its results are; None for a chosen one that the student does not take."""
    taken = year.enrolments.get(subject.subject.code)
    if taken is None and subject.choice != CurriculumSubject.Choice.COMPULSORY:
        return None
    return {
        "code": subject.subject.code,
        "name": subject.subject.name,
        "kind": subject.kind,
        "choice": subject.choice,
        "counted": _counted(year, subject, taken),
        "reassessed": None,
        "exemption": _exemption(taken),
        "teachers": facts.teachers.get(subject.subject_id, []),
    }


def _counted(year: StudentYear, subject: CurriculumSubject, taken: SubjectEnrolment | None) -> bool:
    optional = subject.choice == CurriculumSubject.Choice.OPTIONAL and not year.settings.optional_counts
    return not optional and not (taken and taken.exempt)


def _exemption(taken: SubjectEnrolment | None) -> Snapshot | None:
    kind = next((name for name in _EXEMPTIONS if taken and getattr(taken, name)), None)
    if taken is None or kind is None:
        return None
    decided_on = taken.decision_on.isoformat() if taken.decision_on else None
    return {"kind": kind, "decision_number": taken.decision_number, "decision_on": decided_on}
