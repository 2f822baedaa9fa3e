"""What the two pages of a year of tiểu học say, in the words of the official form.

Sources: TT 27/2020/TT-BGDĐT, Phụ lục 1; law.md §4.1. The form has one set of columns: of the end of học kì I until
the year is closed, then of its end.
"""

from typing import Any, Final

from records.documents.form import exemption_note, head_words
from records.documents.snapshot import Snapshot
from records.documents.snapshot_summer import promotion_of
from records.documents.words import AWARDS, PROMOTIONS
from records.rules.cells import shown_cell
from records.rules.columns import LEVEL, TRAIT
from records.rules.tt27 import HOAN_THANH, RESULT_WORDS, completes_primary
from schools.rules.levels import PERIOD_NAMES

_CLOSED: Final = {"TERM": "CK1", "YEAR": "CN", "HE": "CN"}
# Beyond so many letters the ordinary size no longer fits two pages.
_LONG_REMARKS: Final = 1300
_LONG_REMARK: Final = 260
_LONG_GROUP: Final = 320


def primary_form_words(page: Snapshot) -> dict[str, Any]:
    """The variables of the form's template: texts only, nothing computed anew. Source: law.md §4.1 (4)–(6)."""
    code, year = _CLOSED[page["kind"]], page["year"]
    moment = PERIOD_NAMES[code]
    return head_words(page) | {
        "moment": moment[0].lower() + moment[1:],
        "absences": _absences(page),
        "subjects": [_subject(subject, code) for subject in page["subjects"]],
        "qualities": _group(page, "PHAM_CHAT", code),
        "general": _group(page, "NANG_LUC_CHUNG", code),
        "special": _group(page, "NANG_LUC_DAC_THU", code),
        "result": RESULT_WORDS[year["learning"]["final"]] if year else "",
        "award": "; ".join(text for text in (AWARDS[year["award"]] if year else "", page["awards"]) if text),
        "summer_notes": _summer_notes(page),
        "promotion": _promotion(page),
        "completion": _completion(page),
        "tiny": _is_long(page),
    }


def _subject(subject: Snapshot, code: str) -> dict[str, str]:
    exempt = subject["exemption"] is not None and subject["exemption"]["kind"] == "exempt"
    level = shown_cell(subject["results"].get(code) or "", LEVEL)
    return {
        "name": subject["name"],
        "note": exemption_note(subject),
        "remark": subject["remark"],
        "level": level or ("Miễn" if exempt else ""),
        "score": subject["tests"].get(code, ""),
    }


def _group(page: Snapshot, group: str, code: str) -> dict[str, Any]:
    """The rows of a group with their levels, and the one remark that stands beside them all."""
    found = next(one for one in page["traits"] if one["group"] == group)
    rows = [(row["name"], shown_cell(row["results"].get(code) or "", TRAIT)) for row in found["rows"]]
    return {"rows": rows, "remark": found["remark"], "height": len(rows)}


def _absences(page: Snapshot) -> dict[str, int | str]:
    """Days missed up to the moment of the page."""
    halves = [half["absences"] for half in page["terms"].values() if half]
    kinds = ("excused", "unexcused")
    return {kind: sum(half[kind] for half in halves) if halves else "" for kind in kinds}


def _promotion(page: Snapshot) -> str:
    """Part 6 with lên lớp; who completes lớp 5 completes tiểu học (TT 27/2020 Đ11; law.md §4.1)."""
    outcome = promotion_of(page)
    told = PROMOTIONS.get(outcome, "")
    return _completion(page) or (f"{told}, được lên lớp" if outcome == HOAN_THANH else told)


def _completion(page: Snapshot) -> str:
    """The hiệu trưởng confirms completion of tiểu học in the book of lớp 5 (TT 27/2020 Đ11; law.md §8, no. 7)."""
    completed = promotion_of(page) == HOAN_THANH and completes_primary(page["class"]["grade_level"], HOAN_THANH)
    return "Hoàn thành chương trình tiểu học" if completed else ""


def _summer_notes(page: Snapshot) -> list[str]:
    """What was assessed again after help, beside the first levels, and what the principal decided (TT 27/2020 Đ11)."""
    summer = page.get("summer")
    if not summer:
        return []
    traits = {row["code"]: row["name"] for group in page["traits"] for row in group["rows"]}
    again = [
        f"{one['name']} mức {shown_cell(one['reassessed'], LEVEL)}" for one in page["subjects"] if one["reassessed"]
    ]
    again += [f"{_name(page, code)} điểm kiểm tra {score}" for code, score in summer["tests"].items()]
    again += [f"{traits[code]} mức {shown_cell(level, TRAIT)}" for code, level in summer["traits"].items()]
    notes = [
        f"Đánh giá bổ sung: {'; '.join(again) or 'không có'}. Kết quả: {RESULT_WORDS[summer['learning']['final']]}."
    ]
    decision = summer["decision"]
    return [*notes, f"Hiệu trưởng {decision['by']} quyết định: {decision['basis']}"] if decision else notes


def _name(page: Snapshot, code: str) -> str:
    return next(str(one["name"]) for one in page["subjects"] if one["code"] == code)


def _is_long(page: Snapshot) -> bool:
    remarks = [len(subject["remark"]) for subject in page["subjects"]]
    groups = [len(group["remark"]) for group in page["traits"]]
    remarks += [len(note) for note in _summer_notes(page)]
    longest = max(remarks, default=0) > _LONG_REMARK or max(groups, default=0) > _LONG_GROUP
    return longest or sum(remarks) > _LONG_REMARKS
