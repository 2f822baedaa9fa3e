"""What the two pages of a year say, in the words of the official form (TT 22/2021/TT-BGDĐT, Phụ lục; law.md §4.2)."""

from datetime import date, datetime
from typing import Any

from records.documents.snapshot import Snapshot
from records.documents.snapshot_summer import promotion_of
from records.documents.words import AWARDS, LEVELS, PROMOTIONS, shown_value, source_words

_TERMS = (("HK1", "I"), ("HK2", "II"))
_LAST_GRADES = {9: "Hoàn thành chương trình trung học cơ sở"}
_EXEMPTIONS = {
    "exempt": "miễn học",
    "exempt_practice": "miễn thực hành",
    "individual_plan": "kế hoạch giáo dục cá nhân",
}
# Beyond so many letters the ordinary size no longer fits two pages.
_LONG_REMARKS = 1500
_NOTE = 150
_LONG_REMARK = 240
_LONG_HOMEROOM = 450


def form_words(page: Snapshot) -> dict[str, Any]:
    """The variables of the form's template: texts only, nothing computed anew. Source: law.md §4.2 (4)–(6)."""
    names = {subject["code"]: subject["name"] for subject in page["subjects"]}
    return head_words(page) | {
        "subjects": [_subject(subject) for subject in page["subjects"]],
        "sources": [source_words(source) for source in page.get("brought", [])],
        "corrected": ", ".join(page["corrections"]["subjects"]),
        "outcomes": _outcomes(page),
        "absences": _absences(page),
        "summer": _summer(page),
        "promotion": PROMOTIONS.get(promotion_of(page), ""),
        "notes": _notes(page, names),
        "award": "; ".join(text for text in (_award(page), page["awards"]) if text),
        "remarks": [page["homeroom_remark"]] if page["homeroom_remark"] else [],
        "completion": _completion(page),
        "tiny": _is_long(page),
    }


def head_words(page: Snapshot) -> dict[str, Any]:
    """What every form of a year says: whose it is, of which school, where and when it was made (law.md §4)."""
    return {
        "page": page,
        "school": page["school"]["name"].removeprefix("Trường "),
        "title": f"Học bạ: {page['student']['full_name']}, lớp {page['class']['name']}, {page['school_year']['label']}",
        "place_and_day": _place_and_day(page),
    }


def exemption_note(subject: Snapshot) -> str:
    """What stands in brackets behind a subject: by which decision its results are read otherwise, or that it is tự chọn
    (law.md §1.5, §1.7)."""
    exempt = subject["exemption"]
    return _EXEMPTIONS[exempt["kind"]] if exempt else "tự chọn" if subject["choice"] == "TU_CHON" else ""


def _subject(subject: Snapshot) -> dict[str, Any]:
    exempt = subject["exemption"]
    full = exempt is not None and exempt["kind"] == "exempt"
    results = [shown_value(subject["results"].get(code)) for code in ("HK1", "HK2", "CN")]
    return {
        "name": subject["name"],
        "note": exemption_note(subject),
        "results": [result or ("Miễn" if full else "") for result in results],
        "reassessed": shown_value(subject["reassessed"]),
        "remark": subject["remark"],
        "teachers": [{**teacher, "confirmed": _day(teacher["confirmed_at"])} for teacher in subject["teachers"]],
    }


def _outcomes(page: Snapshot) -> list[dict[str, str]]:
    rows = [(f"{name}", page["terms"].get(code)) for code, name in _TERMS] + [("Cả năm", page["year"])]
    return [
        {
            "name": name,
            "conduct": LEVELS[result["conduct"]] if result else "",
            "learning": LEVELS[result["learning"]["final"]] if result else "",
        }
        for name, result in rows
    ]


def _summer(page: Snapshot) -> dict[str, str]:
    """The levels after the summer in the columns of the form, and the homeroom teacher's remark after training; what
    the principal decided says its basis (TT 22/2021 Đ13, Đ14; law.md §1.8)."""
    summer = page.get("summer")
    if not summer:
        return {}
    learning, decision = summer["learning"], summer["decision"]
    words = f"Hiệu trưởng {decision['by']} quyết định: {decision['basis']}" if decision else ""
    return {
        "conduct": LEVELS.get(summer["conduct"] or "", ""),
        "learning": LEVELS[learning["final"]] if learning else "",
        "remark": summer["remark"],
        "decision": words,
    }


def _absences(page: Snapshot) -> str:
    if page["year"]:
        return str(page["year"]["absences"])
    terms = [term["absences"] for term in page["terms"].values() if term]
    return f"{sum(term['excused'] + term['unexcused'] for term in terms)} (hết học kì I)" if terms else ""


def _notes(page: Snapshot, names: dict[str, str]) -> list[str]:
    """Where Đ9.3 raised a level, the form says from what and because of which subject."""
    results = [(f"Học kì {name}", page["terms"].get(code)) for code, name in _TERMS] + [("Cả năm", page["year"])]
    if page.get("summer") and page["summer"]["learning"]:
        results.append(("Sau kì nghỉ hè", page["summer"]))
    return [
        f"{name}: kết quả học tập điều chỉnh từ {LEVELS[learning['base']]} lên {LEVELS[learning['final']]} theo Đ9.3, "
        f"chỉ do môn {names[learning['subject_responsible']]}."
        for name, learning in ((name, result["learning"]) for name, result in results if result)
        if learning["subject_responsible"]
    ]


def _award(page: Snapshot) -> str:
    return AWARDS[page["year"]["award"]] if page["year"] else ""


def _completion(page: Snapshot) -> str:
    """The hiệu trưởng confirms completion of THCS in the book (Luật 123/2025/QH15; law.md §8, no. 7)."""
    words = _LAST_GRADES.get(page["class"]["grade_level"], "")
    return f"Xác nhận: {words}" if words and promotion_of(page) == "LEN_LOP" else ""


def _place_and_day(page: Snapshot) -> str:
    day = date.fromisoformat(page["prepared_on"])
    return f"{page['school']['commune']}, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d/%m/%Y}"


def _is_long(page: Snapshot) -> bool:
    remarks = [len(subject["remark"]) for subject in page["subjects"]]
    remarks += [_NOTE for _ in page.get("brought", [])]
    summer = page.get("summer")
    if summer and (summer["remark"] or summer["decision"]):
        remarks.append(len(summer["remark"]) + len(summer["decision"]["basis"] if summer["decision"] else ""))
    longest = max(remarks, default=0) > _LONG_REMARK
    return longest or sum(remarks) > _LONG_REMARKS or len(page["homeroom_remark"]) > _LONG_HOMEROOM
