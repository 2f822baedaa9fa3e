"""A page of tiểu học in the words of the screen (TT 27/2020/TT-BGDĐT, Phụ lục 1)."""

from typing import Any, Final

from records.documents.explained import explained_page
from records.documents.words import AWARDS, PROMOTIONS
from records.rules.tt27 import RESULT_WORDS, SUBJECT_WORDS, TRAIT_WORDS
from records.views.told import ToldGroup, ToldPage, ToldSubject
from schools.rules.levels import PERIOD_NAMES

Snapshot = dict[str, Any]

_GROUPS: Final = {
    "PHAM_CHAT": "Phẩm chất chủ yếu",
    "NANG_LUC_CHUNG": "Năng lực chung",
    "NANG_LUC_DAC_THU": "Năng lực đặc thù",
}


def told_primary(snapshot: Snapshot) -> ToldPage:
    """Levels with scores, phẩm chất and năng lực in words; of the year its result, completion, award."""
    shown = _shown(snapshot)
    return ToldPage(
        heads=[PERIOD_NAMES[code] for code in shown],
        subjects=[_subject(subject, shown) for subject in snapshot["subjects"]],
        facts=_facts(snapshot),
        remark="",
        sources=[],
        why=explained_page(snapshot),
        traits=[_group(group, shown) for group in snapshot["traits"]],
    )


def primary_outcome(snapshot: Snapshot) -> tuple[str, str]:
    """What the period the page closes came to, in words: the result of the year, or how many subjects are not
    completed; how many phẩm chất and năng lực need effort."""
    code = _shown(snapshot)[-1]
    levels = [subject["results"].get(code) for subject in snapshot["subjects"]]
    traits = [row["results"].get(code) for group in snapshot["traits"] for row in group["rows"]]
    year = snapshot["year"]
    subjects = RESULT_WORDS[year["learning"]["final"]] if year else _counted(levels, "môn chưa hoàn thành")
    return subjects, _counted(traits, "phẩm chất, năng lực cần cố gắng")


def _counted(levels: list[str | None], what: str) -> str:
    low = levels.count("C")
    return f"{low} {what}" if low else "Đạt yêu cầu"


def _shown(snapshot: Snapshot) -> list[str]:
    return ["CK1"] if snapshot["kind"] == "TERM" else ["CK1", "CN"]


def _subject(subject: Snapshot, shown: list[str]) -> ToldSubject:
    exempt = subject["exemption"] is not None and subject["exemption"]["kind"] == "exempt"
    headed = [(PERIOD_NAMES[code], _level(subject, code) or ("Miễn" if exempt else "–")) for code in shown]
    return ToldSubject(subject["name"], headed, subject["remark"], "" if subject["counted"] else "không tính")


def _level(subject: Snapshot, code: str) -> str:
    """“Hoàn thành tốt, KTĐK 9”."""
    level, score = subject["results"].get(code), subject["tests"].get(code)
    told = SUBJECT_WORDS.get(level or "", "")
    return f"{told}, KTĐK {score}" if score else told


def _group(group: Snapshot, shown: list[str]) -> ToldGroup:
    rows = [
        (row["name"], [(PERIOD_NAMES[code], TRAIT_WORDS.get(row["results"].get(code) or "", "–")) for code in shown])
        for row in group["rows"]
    ]
    return ToldGroup(_GROUPS[group["group"]], rows, group["remark"])


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    year = snapshot["year"]
    if year is None:
        absences = (snapshot["terms"]["CK1"] or {}).get("absences", {"excused": 0, "unexcused": 0})
        return [
            ("Nghỉ học", f"{absences['excused'] + absences['unexcused']} ngày ({absences['unexcused']} không phép)")
        ]
    facts = [
        ("Kết quả giáo dục", RESULT_WORDS[year["learning"]["final"]]),
        ("Hoàn thành chương trình", PROMOTIONS[year["promotion"]]),
        ("Nghỉ học cả năm", f"{year['absences']} ngày"),
    ]
    return [*facts, ("Khen thưởng", AWARDS[year["award"]])] if year["award"] else facts
