"""The worked cases of golden_cases.json that belong to TT 27/2020, every one of them."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from records.rules import tt27
from schools.rules.gdpt2018 import SUBJECTS
from schools.rules.levels import PERIOD_NAMES

CASES = json.loads(
    Path(__file__).with_name("golden_cases.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
)["cases"]
RESULTS = {word: code for code, word in tt27.RESULT_WORDS.items()}
TRAITS = {"T": "T", "Đ": "D", "C": "C"}
PERIODS = {name.lower(): code for code, name in PERIOD_NAMES.items()} | {"giữa học kì I": "GK1", "cuối năm học": "CN"}


def numbered(values):
    return {f"MON_{number}": value for number, value in enumerate(values)}


def year_result(given):
    traits = numbered(TRAITS[level] for level in given["trait_levels"])
    result = tt27.year_result(numbered(given["subject_levels"]), traits, numbered(given["year_end_tests"]))
    return {"result": tt27.RESULT_WORDS[result]}


def award(given):
    title = tt27.award(RESULTS[given["result"]], given["outstanding_subject_or_progress"], given["class_agrees"])
    return {"title": title or None}


def score(given):
    return {"valid": tt27.is_valid_score(given["score"])}


def due_tests(given):
    due = tt27.tests_due(int(given["grade"]), PERIODS[given["period"]])
    return {"subjects_with_test": [SUBJECTS[code] for code in due]}


def promotion(given):
    outcome = tt27.promotion(RESULTS[given["result"]], RESULTS[given["after_supplementary"]])
    words = {"HIEU_TRUONG": "hiệu trưởng xem xét, quyết định lên lớp hoặc ở lại lớp"}
    return {"decision": words[outcome]}


GROUPS = {
    "tiểu học - kết quả giáo dục": year_result,
    "tiểu học - khen thưởng": award,
    "tiểu học - điểm KTĐK": score,
    "tiểu học - kì kiểm tra": due_tests,
    "tiểu học - lên lớp": promotion,
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["group"] in GROUPS])
def test_golden_case(case):
    assert GROUPS[case["group"]](case["input"]) == case["expected"]


def test_no_case_of_the_circular_is_left_out():
    assert {case["group"] for case in CASES if "TT27" in case["rule"]} == set(GROUPS)
    assert sum(case["group"] in GROUPS for case in CASES) == 11
