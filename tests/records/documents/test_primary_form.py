"""The two pages of a year of tiểu học as printed (TT 27/2020, Phụ lục 1; law.md §4.1), and their data element."""

from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from lxml import etree

from records.documents.data_element import data_element, read_data_element
from records.documents.explained import explained_page
from records.documents.fields import SLOTS
from records.documents.render import Rendered, rendered
from records.rules import tt27
from records.rules.cells import LONGEST_TEXT
from records.views.page_words import told_outcome, told_page
from schools.rules.gdpt2018 import SUBJECTS, offerings
from tests.records.documents.test_form import TERM as SECONDARY
from tests.records.documents.test_form import missing, text_of

Snapshot = dict[str, Any]

GROUPS = (("PHAM_CHAT", tt27.QUALITIES), ("NANG_LUC_CHUNG", tt27.GENERAL_COMPETENCES))


def subject(code: str, grade: int, number: int, *, year: bool) -> Snapshot:
    scores = {half: str(7 + number % 4) for half in ("CK1", *(["CN"] if year else [])) if code in _tested(grade)}
    return {
        "code": code, "name": SUBJECTS[code], "kind": "MUC", "choice": "BAT_BUOC", "counted": True,
        "results": {"CK1": "H", "CN": "T" if year else None}, "tests": scores, "reassessed": None,
        "remark": f"Nắm chắc kiến thức bài thứ {number}, cần mạnh dạn hơn.", "exemption": None, "teachers": [],
    }  # fmt: skip


def _tested(grade: int) -> tuple[str, ...]:
    return tt27.tests_due(grade, "CN")


def page(grade: int = 4, *, year: bool = True) -> Snapshot:
    """Nguyễn Minh Anh of 4A, at the end of học kì I or of the year."""
    offered = [one for one in offerings() if one.grade_level == grade and one.choice == "BAT_BUOC"]
    results = {"CK1": "D", "CN": "T" if year else None}
    groups = (*GROUPS, ("NANG_LUC_DAC_THU", tt27.special_competences(grade)))
    own = {
        "form": "TIEU_HOC-TT27-2020",
        "rule_set": "TT27-2020",
        "kind": "YEAR" if year else "TERM",
        "class": {**SECONDARY["class"], "name": f"{grade}A", "grade_level": grade},
        "subjects": [subject(one.subject, grade, number, year=year) for number, one in enumerate(offered, 1)],
        "traits": [
            {
                "group": group,
                "rows": [{"code": code, "name": name, "results": results} for code, name in names.items()],
                "remark": f"Nhận xét của nhóm {group}, có tiến bộ rõ rệt.",
            }
            for group, names in groups
        ],
        "terms": {
            "CK1": {"absences": {"excused": 2, "unexcused": 1}},
            "CN": {"absences": {"excused": 3, "unexcused": 4}} if year else None,
        },
        "year": None,
        "brought": [],
        "homeroom_remark": "",
    }
    if year:
        outcome = {"learning": {"final": "HTT"}, "promotion": "HOAN_THANH", "award": "HSTB"}
        own["year"] = {**outcome, "conduct": "", "absences": 10}
    return {**SECONDARY, **own}


@cache
def made(grade: int, year: bool) -> Rendered:
    return rendered(page(grade, year=year))


@pytest.mark.parametrize("year", [False, True])
@pytest.mark.parametrize("grade", [1, 4, 5])
def test_year_has_two_pages_with_the_places_of_three_signatures_on_the_second(grade, year):
    printed = made(grade, year)
    assert printed.pages == 2
    assert {slot: box.page for slot, box in printed.boxes.items()} == dict.fromkeys(SLOTS, 1)


@pytest.mark.parametrize(("grade", "special"), [(1, 5), (4, 7)])
def test_everything_of_the_snapshot_is_printed(grade, special):
    snapshot = page(grade)
    subjects = [one[name] for one in snapshot["subjects"] for name in ("name", "remark")]
    traits = [row["name"] for group in snapshot["traits"] for row in group["rows"]]
    remarks = [group["remark"] for group in snapshot["traits"]]
    assert len(traits) == 8 + special
    year = ["Hoàn thành tốt", "Học sinh Tiêu biểu hoàn thành tốt", "Hoàn thành chương trình lớp học, được lên lớp"]
    days = "có phép 5, không phép 5"
    assert missing(made(grade, True).pdf, *subjects, *traits, *remarks, *year, days, "cuối năm học") == []


def test_page_of_the_first_half_shows_it_and_no_result_of_the_year():
    text = " ".join(text_of(made(4, False).pdf, "-layout").split())
    assert "cuối học kì I" in text
    assert "có phép 2, không phép 1" in text
    assert "6. Hoàn thành chương trình lớp học/chương trình tiểu học: Hoàn" not in text
    assert "Tiêu biểu" not in text


@pytest.mark.parametrize(
    ("grade", "promotion", "confirmed"), [(5, "HOAN_THANH", True), (5, "HIEU_TRUONG", False), (4, "HOAN_THANH", False)]
)
def test_completion_of_primary_is_confirmed_in_grade_five_alone(grade, promotion, confirmed):
    snapshot = page(grade)
    snapshot["year"]["promotion"] = promotion
    found = missing(rendered(snapshot).pdf, "Xác nhận: Hoàn thành chương trình tiểu học") == []
    assert found is confirmed


@pytest.mark.parametrize("grade", [1, 5])
def test_longest_remarks_everywhere_fit_two_pages_in_small_type(grade):
    snapshot = deepcopy(page(grade))
    for one in (*snapshot["subjects"], *snapshot["traits"]):
        one["remark"] = ("Em nắm chắc kiến thức, vận dụng tốt vào bài tập, cần mạnh dạn hơn. " * 9)[
            :LONGEST_TEXT
        ].strip()
    printed = rendered(snapshot)
    assert printed.pages == 2
    assert missing(printed.pdf, snapshot["subjects"][-1]["remark"], snapshot["traits"][-1]["remark"]) == []


@pytest.mark.parametrize(
    ("grade", "promotion", "printed"),
    [(1, "HOAN_THANH", "Hoàn thành chương trình lớp học, được lên lớp"),
     (5, "HOAN_THANH", "Hoàn thành chương trình tiểu học"), (4, "HIEU_TRUONG", "Chờ hiệu trưởng quyết định")],
)  # fmt: skip
def test_part_six_says_completion_with_promotion(grade, promotion, printed):
    snapshot = page(grade)
    snapshot["year"]["promotion"] = promotion
    head = "6. Hoàn thành chương trình lớp học/chương trình tiểu học:"
    assert missing(rendered(snapshot).pdf, f"{head} {printed}") == []


def test_exempt_subject_says_so():
    snapshot = page()
    last = snapshot["subjects"][-1]
    last["results"], last["exemption"] = (
        {"CK1": None, "CN": None},
        {"kind": "exempt", "decision_number": "1", "decision_on": None},
    )
    assert missing(rendered(snapshot).pdf, f"{last['name']} (miễn học)", "Miễn") == []


# -- The data element -------------------------------------------------------------------------------------------------
def test_data_element_has_levels_scores_traits_and_the_year():
    xml = data_element(page())
    root = etree.fromstring(xml)
    maths = root.find(".//DIEM_TONG_KET[@Id='mon-TOAN']")
    names = ("MUC_CUOI_HOC_KI_1", "DIEM_KTDK_CUOI_HOC_KI_1", "MUC_CA_NAM", "DIEM_KTDK_CUOI_NAM", "HOC_KI_1")
    assert [maths.findtext(name) for name in names] == ["H", "9", "T", "9", None]
    patriot = root.find(".//BIEU_HIEN[@Id='bieuhien-YEU_NUOC']")
    assert [patriot.findtext(name) for name in ("TEN", "CUOI_HOC_KI_1", "CA_NAM")] == ["Yêu nước", "D", "T"]
    year = root.find(".//TONG_KET_CA_NAM")
    assert [child.text for child in year] == ["HTT", "10", "HOAN_THANH", "HSTB"]
    assert read_data_element(xml)["LOAI_BAN"] == "YEAR"


# -- What the screen says ---------------------------------------------------------------------------------------------
def test_page_is_told_with_its_groups_and_explains_its_year():
    snapshot = page()
    for one in snapshot["subjects"]:
        one["tests"] = dict.fromkeys(one["tests"], "8")
    told = told_page(snapshot)
    assert told.heads == ["Cuối học kì I", "Cuối năm học"]
    assert told.subjects[1].results == [
        ("Cuối học kì I", "Hoàn thành, KTĐK 8"),
        ("Cuối năm học", "Hoàn thành tốt, KTĐK 8"),
    ]
    assert [len(group.rows) for group in told.traits] == [5, 3, 7]
    assert [why.key for why in explained_page(snapshot)] == ["ket-qua", "hoan-thanh", "khen-thuong"]
    assert told_outcome(snapshot) == ("Hoàn thành tốt", "Đạt yêu cầu")


def test_page_of_the_first_half_tells_what_is_not_completed_and_explains_no_year():
    snapshot = page(year=False)
    snapshot["subjects"][0]["results"]["CK1"] = "C"
    assert explained_page(snapshot) == []
    assert told_outcome(snapshot) == ("1 môn chưa hoàn thành", "Đạt yêu cầu")
    assert told_page(snapshot).facts == [("Nghỉ học", "3 ngày (1 không phép)")]
