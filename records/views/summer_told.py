"""What the summer added to a page, in the words of the screen: a column beside the results, and facts of its own."""

from dataclasses import replace
from typing import Any, Final

from records.documents.words import LEVELS, PROMOTIONS, shown_value
from records.rules.tt27 import RESULT_WORDS, TRAIT_WORDS
from records.views.told import ToldGroup, ToldPage

Snapshot = dict[str, Any]

HEAD: Final = "Đánh giá lại"


def with_summer_told(told: ToldPage, snapshot: Snapshot) -> ToldPage:
    """The page with what was assessed again; as it is where there was no summer (TT 22/2021 Đ14; TT 27/2020 Đ11)."""
    summer = snapshot.get("summer")
    if not summer:
        return told
    again = [_again(subject, summer["tests"]) for subject in snapshot["subjects"]]
    subjects = [
        replace(one, results=[*one.results, (HEAD, words)]) for one, words in zip(told.subjects, again, strict=True)
    ]
    rows = {row["name"]: summer["traits"].get(row["code"]) for one in snapshot.get("traits", []) for row in one["rows"]}
    return replace(
        told,
        heads=[*told.heads, HEAD],
        subjects=subjects,
        facts=[*told.facts, *_facts(summer)],
        traits=[_group(group, rows) for group in told.traits],
    )


def _again(subject: Snapshot, tests: dict[str, str]) -> str:
    parts = [shown_value(subject["reassessed"])]
    if subject["code"] in tests:
        parts.append(f"KTĐK {tests[subject['code']]}")
    return ", ".join(part for part in parts if part) or "–"


def _group(group: ToldGroup, again: dict[str, str | None]) -> ToldGroup:
    rows = [(name, [*levels, (HEAD, TRAIT_WORDS.get(again.get(name) or "", "–"))]) for name, levels in group.rows]
    return replace(group, rows=rows)


def _facts(summer: Snapshot) -> list[tuple[str, str]]:
    facts = []
    if summer["conduct"]:
        facts.append(("Rèn luyện sau kì nghỉ hè", LEVELS[summer["conduct"]]))
    if summer["learning"]:
        level = summer["learning"]["final"]
        facts.append(("Học tập sau đánh giá lại", {**LEVELS, **RESULT_WORDS}[level]))
    if summer["decision"]:
        facts.append(("Căn cứ quyết định", summer["decision"]["basis"]))
    if summer["remark"]:
        facts.append(("Nhận xét rèn luyện trong hè", summer["remark"]))
    return [*facts, ("Kết luận sau kì nghỉ hè", PROMOTIONS[summer["promotion"]])]
