"""The frozen content of a student's page of a school year: everything shown, printed, exchanged and signed comes from
this one piece of data (law.md §4.2, §5.5; TT 22/2021/TT-BGDĐT, Phụ lục)."""

import hashlib
import json
from uuid import UUID

from records.documents.snapshot_facts import ClassFacts, Snapshot
from records.documents.snapshot_tt22 import secondary_content
from records.documents.snapshot_tt27 import primary_content
from records.models import PageVersion
from records.models.student_years import StudentYear, is_last_term
from schools.models import User
from schools.rules.levels import PRIMARY

__all__ = ["ClassFacts", "Snapshot", "digest_of", "page_snapshot"]


def page_snapshot(facts: ClassFacts, year: StudentYear, *, number: int, version_id: UUID) -> Snapshot:
    """One student's page as plain data: strings, numbers, lists and objects of JSON, all codes as the law has them,
    marks as text with a point ("7.9"), days as ISO 8601. Source: law.md §4.2, §5.5."""
    school_class, student = facts.class_period.school_class, year.student
    school = facts.class_period.school
    kind = PageVersion.Kind.YEAR if is_last_term(facts.class_period) else PageVersion.Kind.TERM
    content = primary_content if school_class.level == PRIMARY else secondary_content
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
        **content(facts, year),
        "certificates": "",
        "contests": "",
        "awards": "",
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
