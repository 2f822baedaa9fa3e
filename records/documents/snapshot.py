"""The frozen content of a student's page of a school year: everything shown, printed, exchanged and signed comes from
this one piece of data (law.md §4.2, §5.5; TT 22/2021/TT-BGDĐT, Phụ lục)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from records.models import ClassPeriod, MarkSheet, PageVersion, SheetConfirmation
from records.models.student_years import StudentYear, is_last_term, terms_of
from records.rules.columns import CONDUCT_COLUMN, EXCUSED, REMARK, UNEXCUSED
from schools.models import CurriculumSubject, RoleAssignment, SubjectEnrolment, User
from schools.rules.column_codes import in_order

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


def page_snapshot(facts: ClassFacts, year: StudentYear, *, number: int, version_id: UUID) -> Snapshot:
    """One student's page as plain data: strings, numbers, lists and objects of JSON, all codes as the law has them,
    marks as text with a point ("7.9"), days as ISO 8601. Source: law.md §4.2, §5.5."""
    school_class, student = facts.class_period.school_class, year.student
    school = facts.class_period.school
    closes_year = is_last_term(facts.class_period)
    kind = PageVersion.Kind.YEAR if closes_year else PageVersion.Kind.TERM
    return {
        "form": f"{school_class.level}-{school_class.rule_set}",
        "rule_set": school_class.rule_set,
        "kind": str(kind),
        "version": number,
        "version_id": str(version_id),
        "replaces": None,
        "school": {
            "code": school.code,
            "name": school.name,
            "commune": school.authority.name,
            "province": school.province,
        },
        "school_year": {
            "first_year": school_class.school_year.first_year,
            "label": school_class.school_year.label,
        },
        "student": {
            "id": str(student.public_id),
            "student_code": student.student_code,
            "personal_id": student.personal_id or None,
            "full_name": student.full_name,
            "born_on": student.born_on.isoformat(),
            "gender": student.get_gender_display(),
        },
        "class": {
            "id": str(school_class.public_id),
            "name": school_class.name,
            "grade_level": school_class.grade_level,
        },
        "subjects": _subjects(facts, year, closes_year),
        "terms": {code: _term(year, code) for code in terms_of(facts.class_period)},
        "year": _year(year) if closes_year else None,
        "brought": _brought(facts, year),
        "certificates": "",
        "contests": "",
        "awards": "",
        "homeroom_remark": _remark(year, facts.class_period.period.code),
        "corrections": {"count": 0, "subjects": []},
        "homeroom_teacher": _person(facts.homeroom_teacher),
        "principal": _person(facts.principal),
        "seal": {"name": school.name},
        "prepared_on": facts.prepared_on.isoformat(),
    }


def digest_of(snapshot: Snapshot) -> str:
    """sha256 (hex) of the snapshot as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _person(person: User | None) -> dict[str, str] | None:
    return {"id": str(person.public_id), "name": person.full_name} if person else None


def _subjects(facts: ClassFacts, year: StudentYear, closes_year: bool) -> list[Snapshot]:
    shown = []
    for subject in facts.subjects:
        code = subject.subject.code
        taken = year.enrolments.get(code)
        if taken is None and subject.choice != CurriculumSubject.Choice.COMPULSORY:
            continue
        shown.append(
            {
                "code": code,
                "name": subject.subject.name,
                "kind": subject.kind,
                "choice": subject.choice,
                "counted": subject.choice != CurriculumSubject.Choice.OPTIONAL and not (taken and taken.exempt),
                "results": _results(facts, year, code, closes_year),
                "marks": _marks(facts, year, code),
                "reassessed": None,
                "remark": _subject_remark(facts, year, code),
                "exemption": _exemption(taken),
                "teachers": facts.teachers.get(subject.subject_id, []),
            }
        )
    return shown


def _results(facts: ClassFacts, year: StudentYear, code: str, closes_year: bool) -> Mapping[str, str | None]:
    terms = terms_of(facts.class_period)
    results = {term: _result(year, term, code) for term in terms}
    if not closes_year:
        results[terms[1]] = None  # what is being entered for the next term is no result yet
    results["CN"] = year.year.subject_results.get(code) if closes_year and year.year else None
    return results


def _result(year: StudentYear, term: str, code: str) -> str | None:
    return year.result_of(term, code) or None


def _marks(facts: ClassFacts, year: StudentYear, code: str) -> Mapping[str, Mapping[str, str]]:
    """What the results of the closed terms were made of, cell by cell and without the remark, so that a page explains
    them for life (TT 22/2021 Đ9.1); nothing of a term that another school assessed on paper."""
    closed = terms_of(facts.class_period)[: 2 if is_last_term(facts.class_period) else 1]
    rows = {term: year.rows.get(term, {}).get(code) for term in closed if term not in year.brought}
    return {
        term: {column: row.cells[column] for column in in_order(row.cells) if column != REMARK}
        for term, row in rows.items()
        if row is not None and row.result
    }


def _brought(facts: ClassFacts, year: StudentYear) -> list[Snapshot]:
    """The terms another school assessed, each with its source: the paper a student brought from outside, or the school
    of this province in which the term was signed (law.md §1.4, §5.9)."""
    shown = terms_of(facts.class_period) if is_last_term(facts.class_period) else terms_of(facts.class_period)[:1]
    return [source for code in shown if (source := _source(facts, year, code))]


def _source(facts: ClassFacts, year: StudentYear, code: str) -> Snapshot | None:
    if term := year.brought.get(code):
        paper = {"document_number": term.document_number, "document_on": term.document_on.isoformat()}
        return {"term": code, "school": term.from_school, "place": term.from_place, **paper, "reason": term.reason}
    record = year.records.get(code)
    if record is None or record.class_period.school_id == facts.class_period.school_id:
        return None
    school = record.class_period.school
    none = {"document_number": "", "document_on": "", "reason": ""}
    return {"term": code, "school": school.name, "place": f"{school.authority.name}, {school.province}", **none}


def _subject_remark(facts: ClassFacts, year: StudentYear, code: str) -> str:
    """The subject teacher's remark of this term, or the one before where this term has none."""
    for term in reversed(terms_of(facts.class_period)[: 2 if is_last_term(facts.class_period) else 1]):
        row = year.rows.get(term, {}).get(code)
        if row and row.cells.get(REMARK):
            return str(row.cells[REMARK])
    return ""


def _remark(year: StudentYear, term: str) -> str:
    return str(year.records[term].cells.get(REMARK, ""))


def _exemption(taken: SubjectEnrolment | None) -> Snapshot | None:
    kind = next((name for name in _EXEMPTIONS if taken and getattr(taken, name)), None)
    if taken is None or kind is None:
        return None
    decided_on = taken.decision_on.isoformat() if taken.decision_on else None
    return {"kind": kind, "decision_number": taken.decision_number, "decision_on": decided_on}


def _term(year: StudentYear, code: str) -> Snapshot | None:
    if term := year.brought.get(code):
        return {
            "conduct": term.conduct,
            "learning": {"base": term.learning, "subject_responsible": None, "final": term.learning},
            "absences": {"excused": term.excused, "unexcused": term.unexcused},
            "remark": "",
        }
    record = year.records.get(code)
    if record is None or record.learning is None:
        return None
    return {
        "conduct": record.cells[CONDUCT_COLUMN],
        "learning": record.learning,
        "absences": {"excused": int(record.cells[EXCUSED]), "unexcused": int(record.cells[UNEXCUSED])},
        "remark": record.cells.get(REMARK, ""),
    }


def _year(year: StudentYear) -> Snapshot | None:
    if year.year is None:
        return None
    record = year.year
    return {
        "conduct": record.conduct,
        "learning": record.learning,
        "absences": record.absences,
        "promotion": record.promotion,
        "award": record.award,
    }
