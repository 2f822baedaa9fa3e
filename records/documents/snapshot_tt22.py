"""What a page says of a year of THCS and THPT (TT 22/2021/TT-BGDĐT, Phụ lục; law.md §4.2, §4.3)."""

from collections.abc import Mapping
from dataclasses import asdict

from records.documents.snapshot_facts import ClassFacts, Snapshot, subject_head
from records.models.student_years import StudentYear, is_last_term, terms_of
from records.rules.columns import CONDUCT_COLUMN, EXCUSED, REMARK, UNEXCUSED
from schools.rules.column_codes import in_order


def secondary_content(facts: ClassFacts, year: StudentYear) -> Snapshot:
    """Subjects with the results of both terms and the year, terms, the year itself once it is closed, where another
    school assessed a term, and the homeroom teacher's remark (TT 22/2021 Đ9, Đ12, Đ15, Đ19, Đ20)."""
    closes_year = is_last_term(facts.class_period)
    return {
        "subjects": _subjects(facts, year, closes_year),
        "terms": {code: _term(year, code) for code in terms_of(facts.class_period)},
        "year": _year(year) if closes_year else None,
        "brought": _brought(facts, year),
        "homeroom_remark": _remark(year, facts.class_period.period.code),
        "settings": {"adjustment": asdict(year.settings.adjustment)},
    }


def _subjects(facts: ClassFacts, year: StudentYear, closes_year: bool) -> list[Snapshot]:
    shown = []
    for subject in facts.subjects:
        code, head = subject.subject.code, subject_head(facts, year, subject)
        if head is not None:
            own = {
                "results": _results(facts, year, code, closes_year),
                "marks": _marks(facts, year, code),
                "remark": _subject_remark(facts, year, code),
            }
            shown.append(head | own)
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
