"""Why a page says what it says: each result of a frozen page with its steps, from the page's own snapshot.

Sources: the articles the steps name (records/rules/explained.py). Nothing is read from live rows: a page explains what
was signed, whatever has been corrected since.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from records.documents.words import AWARDS, LEVELS, PROMOTIONS, TERMS, shown_value
from records.rules.explained import (
    Explanation,
    explained_award,
    explained_conduct,
    explained_learning,
    explained_promotion,
    explained_term,
    explained_year,
)
from records.rules.explained_tt27 import explained_completion, explained_result, explained_title
from records.rules.results import SubjectResult
from records.rules.steps import Step
from records.rules.tt22 import AdjustmentSettings
from records.rules.tt27 import RESULT_WORDS

Snapshot = dict[str, Any]

SECONDARY = "TT22-2021"
PRIMARY = "TT27-2020"
_YEAR = "Cả năm"
_SUMMER = "Sau kì nghỉ hè"


@dataclass(frozen=True)
class Told:
    """A result in words and why: “Học kì I”, “7,9”, steps."""

    of: str
    value: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Why:
    """What is explained together: a subject by its name, or one of the results of the whole term or year."""

    key: str
    name: str
    told: tuple[Told, ...]


def explained_page(snapshot: Snapshot) -> list[Why]:
    """Every result of a page with its steps: first the learning result, conduct, lên lớp and award, then the subjects
    in printed order; at tiểu học the result of the year, completion and award (TT 27/2020 Đ9, Đ11, Đ13). Results
    without steps are left out (brought on paper; pages of another rule set)."""
    if snapshot["rule_set"] == PRIMARY:
        return [why for why in _primary(snapshot) if why.told]
    if snapshot["rule_set"] != SECONDARY:
        return []
    found = [*_whole(snapshot), *(_subject(subject) for subject in snapshot["subjects"])]
    return [why for why in found if why.told]


def results_of(snapshot: Snapshot, column: str) -> list[SubjectResult]:
    """The subjects' results under a column of the page (HK1, HK2, CN), as the learning result counts them
    (TT 22/2021 Đ9.2)."""
    return [
        SubjectResult(one["code"], one["kind"], one["results"][column], one["counted"])
        for one in snapshot["subjects"]
        if one["results"].get(column)
    ]


def _whole(snapshot: Snapshot) -> Iterator[Why]:
    year, terms = snapshot["year"], {code: term for code, term in snapshot["terms"].items() if term}
    learning = [
        _told(
            TERMS[code],
            LEVELS,
            explained_learning(results_of(snapshot, code), term["learning"]["final"], _adjustment(snapshot)),
        )
        for code, term in terms.items()
    ]
    if year is None:
        yield _why("hoc-tap", "Kết quả học tập", learning)
        return
    level, subjects = year["learning"]["final"], results_of(snapshot, "CN")
    conduct = {code: term["conduct"] for code, term in terms.items()}
    of_year = explained_conduct(conduct.get("HK1", ""), conduct.get("HK2", ""), year["conduct"])
    promoted = explained_promotion(year["conduct"], level, year["absences"], year["promotion"])
    award = explained_award(year["conduct"], level, subjects, year["award"])
    learning.append(_told(_YEAR, LEVELS, explained_learning(subjects, level, _adjustment(snapshot))))
    promotions = [_told(_YEAR, PROMOTIONS, promoted)]
    if summer := snapshot.get("summer"):
        learning += _learning_again(snapshot, summer)
        after = (summer["conduct"], (summer["learning"] or {}).get("final"))
        again = explained_promotion(year["conduct"], level, year["absences"], summer["promotion"], *after)
        promotions.append(_told(_SUMMER, PROMOTIONS, again))
    yield _why("hoc-tap", "Kết quả học tập", learning)
    yield _why("ren-luyen", "Kết quả rèn luyện", [_told(_YEAR, LEVELS, of_year)])
    yield _why("len-lop", "Lên lớp", promotions)
    yield _why("khen-thuong", "Khen thưởng", [_told(_YEAR, {**AWARDS, "": "Không có danh hiệu"}, award)])


def _adjustment(snapshot: Snapshot) -> AdjustmentSettings:
    """How Đ9.3 was read when the page was made; the default on pages made before that was written down."""
    return AdjustmentSettings(**snapshot.get("settings", {}).get("adjustment", {}))


def _learning_again(snapshot: Snapshot, summer: Snapshot) -> list[Told]:
    """The learning result with the new results in the place of the first ones (TT 22/2021 Đ14)."""
    if not summer["learning"]:
        return []
    again = {one["code"]: one["reassessed"] for one in snapshot["subjects"] if one["reassessed"]}
    results = [replace(one, value=again.get(one.subject, one.value)) for one in results_of(snapshot, "CN")]
    return [_told(_SUMMER, LEVELS, explained_learning(results, summer["learning"]["final"], _adjustment(snapshot)))]


def _primary(snapshot: Snapshot) -> Iterator[Why]:
    year = snapshot["year"]
    if year is None:
        return
    result = year["learning"]["final"]
    counted = [one for one in snapshot["subjects"] if one["counted"] and one["results"].get("CN")]
    levels = {one["code"]: one["results"]["CN"] for one in counted}
    tests = {one["code"]: Decimal(one["tests"]["CN"]) for one in counted if one["tests"].get("CN")}
    traits = {row["code"]: row["results"]["CN"] for group in snapshot["traits"] for row in group["rows"]}
    explained = explained_result(levels, traits, tests, result)
    completed = explained_completion(result, year["promotion"])
    yield _why("ket-qua", "Đánh giá kết quả giáo dục", [_told(_YEAR, RESULT_WORDS, explained)])
    completions = [_told(_YEAR, PROMOTIONS, completed)]
    if summer := snapshot.get("summer"):
        again = explained_completion(result, summer["promotion"], summer["learning"]["final"])
        completions.append(_told(_SUMMER, PROMOTIONS, again))
    yield _why("hoan-thanh", "Hoàn thành chương trình lớp học", completions)
    title = explained_title(result, year["award"])
    yield _why("khen-thuong", "Khen thưởng", [_told(_YEAR, {**AWARDS, "": "Không có danh hiệu"}, title)])


def _subject(subject: Snapshot) -> Why:
    kind, results, marks = subject["kind"], subject["results"], subject.get("marks", {})
    told = [
        _told(TERMS[term], {}, explained_term(kind, marks[term], results[term]))
        for term in TERMS
        if results.get(term) and term in marks
    ]
    if results.get("CN"):
        year = explained_year(kind, results.get("HK1") or "", results.get("HK2") or "", results["CN"])
        told.append(_told(_YEAR, {}, year))
    return _why(subject["code"].lower().replace("_", "-"), subject["name"], told)


def _told(of: str, words: dict[str, str], explanation: Explanation) -> Told:
    return Told(of, words.get(explanation.value, shown_value(explanation.value)), explanation.steps)


def _why(key: str, name: str, told: list[Told]) -> Why:
    return Why(key, name, tuple(one for one in told if one.steps))
