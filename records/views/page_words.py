"""A page's snapshot in the words of the screen."""

from typing import Any

from records.documents.explained import explained_page
from records.documents.words import AWARDS, LEVELS, PROMOTIONS, shown_value, source_words
from records.models import TransferredTerm
from records.views.primary_page_words import primary_outcome, told_primary
from records.views.summer_told import with_summer_told
from records.views.told import ToldPage, ToldSubject

Snapshot = dict[str, Any]


_HEADS = {"HK1": "Học kì I", "HK2": "Học kì II", "CN": "Cả năm"}


def told_page(snapshot: Snapshot) -> ToldPage:
    """By the form of the page's level (TT 22/2021, Phụ lục; TT 27/2020, Phụ lục 1)."""
    told = told_primary(snapshot) if "traits" in snapshot else _told_secondary(snapshot)
    return with_summer_told(told, snapshot)


def _told_secondary(snapshot: Snapshot) -> ToldPage:
    shown = ["HK1"] if snapshot["kind"] == "TERM" else ["HK1", "HK2", "CN"]
    subjects = [_subject(subject, shown) for subject in snapshot["subjects"]]
    facts = _year_facts(snapshot["year"]) if snapshot["year"] else _term_facts(snapshot["terms"]["HK1"])
    sources = [source_words(source) for source in snapshot.get("brought", [])]
    heads, remark = [_HEADS[code] for code in shown], snapshot["homeroom_remark"]
    return ToldPage(heads, subjects, facts, remark, sources, explained_page(snapshot))


def told_source(term: TransferredTerm) -> str:
    """Who assessed a term that was brought, and on which paper, as the year's page prints it."""
    source = {"term": term.period.code, "school": term.from_school, "place": term.from_place}
    paper = {"document_number": term.document_number, "document_on": term.document_on.isoformat()}
    return source_words({**source, **paper})


def told_outcome(snapshot: Snapshot) -> tuple[str, str]:
    """Learning result and conduct of the period the page closes, in words."""
    if "traits" in snapshot:
        return primary_outcome(snapshot)
    outcome = snapshot["year"] or snapshot["terms"]["HK1"]
    return _learning(outcome["learning"]), LEVELS[outcome["conduct"]]


def _subject(subject: Snapshot, shown: list[str]) -> ToldSubject:
    exempt = subject["exemption"] is not None and subject["exemption"]["kind"] == "exempt"
    results = [shown_value(subject["results"].get(code)) or ("Miễn" if exempt else "–") for code in shown]
    headed = list(zip([_HEADS[code] for code in shown], results, strict=True))
    return ToldSubject(subject["name"], headed, subject["remark"], "" if subject["counted"] else "không tính")


def _learning(learning: Snapshot) -> str:
    final = LEVELS[learning["final"]]
    return f"{final} (điều chỉnh từ {LEVELS[learning['base']]})" if learning["final"] != learning["base"] else final


def _term_facts(term: Snapshot) -> list[tuple[str, str]]:
    absences = term["absences"]
    return [
        ("Kết quả học tập", _learning(term["learning"])),
        ("Kết quả rèn luyện", LEVELS[term["conduct"]]),
        ("Nghỉ học", f"{absences['excused'] + absences['unexcused']} buổi ({absences['unexcused']} không phép)"),
    ]


def _year_facts(year: Snapshot) -> list[tuple[str, str]]:
    facts = [
        ("Kết quả học tập", _learning(year["learning"])),
        ("Kết quả rèn luyện", LEVELS[year["conduct"]]),
        ("Nghỉ học cả năm", f"{year['absences']} buổi"),
        ("Lên lớp", PROMOTIONS[year["promotion"]]),
    ]
    return [*facts, ("Khen thưởng", AWARDS[year["award"]])] if year["award"] else facts
