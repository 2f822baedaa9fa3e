"""What a page says of a year of tiểu học (TT 27/2020/TT-BGDĐT Đ10, Phụ lục 1; law.md §4.1)."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from records.documents.snapshot_facts import ClassFacts, Snapshot, subject_head
from records.models.student_years import StudentYear, is_last_term, pages_of
from records.rules import tt27
from records.rules.columns import EXCUSED, GENERAL_REMARK, QUALITIES_REMARK, REMARK, SPECIAL_REMARK, UNEXCUSED
from schools.models import CurriculumSubject
from schools.rules.levels import PRIMARY, pages_of_level

# The groups of the form, each with a remark of its own (Phụ lục 1).
_GROUPS: Final = (
    ("PHAM_CHAT", tt27.QUALITIES, QUALITIES_REMARK),
    ("NANG_LUC_CHUNG", tt27.GENERAL_COMPETENCES, GENERAL_REMARK),
)


def primary_content(facts: ClassFacts, year: StudentYear) -> Snapshot:
    """Subjects with level and score, phẩm chất and năng lực, days missed of each half of the year that is closed, and
    the year itself once it is (TT 27/2020 Đ7, Đ9, Đ11, Đ13). What was assessed in the middle of a term is not on the
    page (Đ10)."""
    return {
        "subjects": [shown for subject in facts.subjects if (shown := _subject(facts, year, subject))],
        "traits": _traits(facts, year),
        "terms": _by_half(facts, partial(_term, year)),
        "year": _year(year) if is_last_term(facts.class_period) else None,
        "brought": [],
        "homeroom_remark": "",
    }


def _by_half(facts: ClassFacts, found: Callable[[str], Any]) -> Snapshot:
    """What there is of CK1 and CN: nothing yet of the end of the year before it is closed."""
    closed = pages_of(facts.class_period)
    return {code: found(code) if code in closed else None for code in pages_of_level(PRIMARY)}


def _subject(facts: ClassFacts, year: StudentYear, subject: CurriculumSubject) -> Snapshot | None:
    head, code = subject_head(facts, year, subject), subject.subject.code
    if head is None:
        return None
    tests = _by_half(facts, lambda half: year.test_in(half, code) or None)
    return head | {
        "results": _by_half(facts, lambda half: year.result_of(half, code) or None),
        "tests": {half: score for half, score in tests.items() if score},
        "remark": _remark(facts, year, code),
    }


def _remark(facts: ClassFacts, year: StudentYear, code: str) -> str:
    """The teacher's remark of this half of the year, or the one before where this has none."""
    for half in reversed(pages_of(facts.class_period)):
        row = year.rows.get(half, {}).get(code)
        if row and row.cells.get(REMARK):
            return str(row.cells[REMARK])
    return ""


def _traits(facts: ClassFacts, year: StudentYear) -> list[Snapshot]:
    special = tt27.special_competences(facts.class_period.school_class.grade_level)
    now = year.records[facts.class_period.period.code].cells
    return [
        {
            "group": group,
            "rows": [
                {"code": code, "name": name, "results": _by_half(facts, partial(_trait, year, code))}
                for code, name in names.items()
            ],
            "remark": now.get(remark, ""),
        }
        for group, names, remark in (*_GROUPS, ("NANG_LUC_DAC_THU", special, SPECIAL_REMARK))
    ]


def _trait(year: StudentYear, code: str, half: str) -> str | None:
    record = year.records.get(half)
    return record.cells.get(code) or None if record and record.learning is not None else None


def _term(year: StudentYear, half: str) -> Snapshot | None:
    record = year.records.get(half)
    if record is None or record.learning is None:
        return None
    return {"absences": {"excused": int(record.cells[EXCUSED]), "unexcused": int(record.cells[UNEXCUSED])}}


def _year(year: StudentYear) -> Snapshot | None:
    if year.year is None:
        return None
    record = year.year
    return {
        "conduct": "",
        "learning": record.learning,
        "absences": record.absences,
        "promotion": record.promotion,
        "award": record.award,
    }
