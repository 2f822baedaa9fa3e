"""The worked cases of golden_cases.json that belong to TT 22/2021, every one of them."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from records.rules import tt22

CASES = json.loads(
    Path(__file__).with_name("golden_cases.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
)["cases"]
LEVELS = {"Tốt": "TOT", "Khá": "KHA", "Đạt": "DAT", "Chưa đạt": "CHUA_DAT"}
COMMENTS = {"Đạt": "D", "Chưa đạt": "CD", "Đ": "D", "CĐ": "CD"}
DECISIONS = {
    "Được lên lớp": "LEN_LOP",
    "Không được lên lớp": "KHONG_LEN_LOP",
    "Rèn luyện trong kì nghỉ hè": "REN_LUYEN_HE",
}
TITLES = {"Học sinh Xuất sắc": "HSXS", "Học sinh Giỏi": "HSG", None: ""}


def term_average(given):
    return {"dtb_mhk": str(tt22.term_average(given["ddg_tx"], given["ddg_gk"], given["ddg_ck"]))}


def year_average(given):
    return {"dtb_mcn": str(tt22.year_average(given["dtb_mhk1"], given["dtb_mhk2"]))}


def regular_count(given):
    if "subject_kind" in given:
        return {"regular_assessments_required_per_term": tt22.regular_count(105, comment=True)}
    return {"ddg_tx_required_per_term": tt22.regular_count(int(given["periods_per_year"]))}


def comment_term(given):
    results = [COMMENTS[result] for result in (*given["regular"], given["midterm"], given["final"])]
    return {"result": tt22.comment_term_level(results, int(given["required_regular"]) + 2)}


def comment_year(given):
    return {"year": tt22.comment_year_level(COMMENTS[given["hk1"]], COMMENTS[given["hk2"]])}


def year_conduct(given):
    return {"year": tt22.year_conduct(LEVELS[given["hk1"]], LEVELS[given["hk2"]])}


def subjects(scored, comment):
    return (
        {f"MON_{number}": mark for number, mark in enumerate(scored)},
        {f"NHAN_XET_{number}": COMMENTS[level] for number, level in enumerate(comment)},
    )


def learning(given):
    result = tt22.learning_result(*subjects(given["scored"], given["comment_only"]))
    return {"base": result.base, "final": result.final}


def award(given):
    scored, _ = subjects(given["dtb_mcn"], [])
    return {"title": tt22.award(LEVELS[given["ren_luyen"]], LEVELS[given["hoc_tap"]], scored)}


def promotion(given):
    absences = int(given["buoi_nghi"])
    return {"decision": tt22.promotion(LEVELS[given["ren_luyen_cn"]], LEVELS[given["hoc_tap_cn"]], absences)}


def promotion_after_summer(given):
    scored, comment = subjects(given["before"], given["comment_only"])
    retest = {f"MON_{number}": mark for number, mark in given["retest"].items()}
    assert set(retest) <= set(tt22.reassessable(scored, comment))
    before = tt22.learning_result(scored, comment).final
    after = tt22.learning_result(scored | retest, comment).final
    conduct, absences = LEVELS[given["ren_luyen_cn"]], int(given["buoi_nghi"])
    return {
        "learning_after": after,
        "decision": tt22.promotion(conduct, before, absences, learning_after_summer=after),
    }


GROUPS = {
    "ĐTBmhk": term_average,
    "ĐTBmcn": year_average,
    "số ĐĐGtx": regular_count,
    "môn nhận xét - học kì": comment_term,
    "môn nhận xét - cả năm": comment_year,
    "rèn luyện cả năm": year_conduct,
    "kết quả học tập": learning,
    "khen thưởng cuối năm": award,
    "lên lớp": promotion,
    "lên lớp sau đánh giá lại": promotion_after_summer,
}


def as_codes(group, expected):
    words = {"title": TITLES, "decision": DECISIONS}
    words |= dict.fromkeys(("base", "final", "learning_after"), LEVELS)
    words |= dict.fromkeys(("result", "year"), LEVELS if group == "rèn luyện cả năm" else COMMENTS)
    wanted = {key: words[key][value] if key in words else value for key, value in expected.items()}
    return {key: value for key, value in wanted.items() if key not in {"numerator", "denominator"}}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["group"] in GROUPS])
def test_golden_case(case):
    assert GROUPS[case["group"]](case["input"]) == as_codes(case["group"], case["expected"])


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in CASES if "numerator" in case["expected"]]
)
def test_golden_numerator_and_denominator_are_told(case):
    given, expected = case["input"], case["expected"]
    _, steps = tt22.term_average(given["ddg_tx"], given["ddg_gk"], given["ddg_ck"], steps=True)
    numerator = f"{Decimal(expected['numerator']).normalize():f}".replace(".", ",")
    assert steps[0].text.endswith(f" = {numerator}.")
    assert f": {numerator} : {expected['denominator']} " in steps[1].text


def test_no_case_of_the_circular_is_left_out():
    assert {case["group"] for case in CASES if "TT27" not in case["rule"]} == set(GROUPS)
    assert sum(case["group"] in GROUPS for case in CASES) == 54
