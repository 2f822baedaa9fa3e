"""The summer by the articles: what is due, what is read, and what the year comes to with it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.cells import InvalidCell, read_remark
from records.rules.results import SubjectResult
from records.rules.summer import DECISION, QUALITY, SUBJECT, TEST, TRAINING, concluded, read_again, scale_of
from records.rules.tt22_summer import after_summer, due_in_summer, with_new_results
from records.rules.tt27_summer import after_help, due_for_help, with_new_levels

SEVEN = ["NGU_VAN", "NGOAI_NGU_1", "GDCD", "LS_DL", "CONG_NGHE", "TIN_HOC"]


def year(maths: str, science: str, music: str = "D") -> list[SubjectResult]:
    scored = dict.fromkeys(SEVEN, "8.0") | {"TOAN": maths, "KHTN": science}
    results = [SubjectResult(code, "DIEM", value) for code, value in scored.items()]
    return [
        *results,
        SubjectResult("NGHE_THUAT", "NHAN_XET", music),
        SubjectResult("NN2", "DIEM", "2.0", counted=False),
    ]


# -- TT 22/2021 Đ13, Đ14 ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("conduct", "level", "results", "due"),
    [
        ("TOT", "CHUA_DAT", year("3.3", "4.9"), [(SUBJECT, "TOAN"), (SUBJECT, "KHTN")]),
        ("TOT", "CHUA_DAT", year("3.3", "5.0", "CD"), [(SUBJECT, "TOAN"), (SUBJECT, "NGHE_THUAT")]),
        ("CHUA_DAT", "DAT", year("4.9", "5.0"), [(TRAINING, "")]),
        ("CHUA_DAT", "CHUA_DAT", year("3.3", "3.4"), [(TRAINING, ""), (SUBJECT, "TOAN"), (SUBJECT, "KHTN")]),
    ],
)
def test_due_in_summer_by_d13_d14(conduct, level, results, due):
    assert due_in_summer(conduct, level, results) == due


@pytest.mark.parametrize(
    ("entries", "level", "outcome"),
    [
        ({}, "CHUA_DAT", "KHONG_LEN_LOP"),
        ({(SUBJECT, "TOAN"): "3.4"}, "CHUA_DAT", "KHONG_LEN_LOP"),
        ({(SUBJECT, "TOAN"): "3.5", (SUBJECT, "KHTN"): "3.5"}, "DAT", "LEN_LOP"),
        ({(SUBJECT, "TOAN"): "6.5", (SUBJECT, "KHTN"): "6.4"}, "KHA", "LEN_LOP"),
        ({(SUBJECT, "TOAN"): "6.5"}, "DAT", "LEN_LOP"),  # Đ9.3: Khoa học tự nhiên alone pulls Tốt down to Chưa đạt
        ({(SUBJECT, "TOAN"): ""}, "CHUA_DAT", "KHONG_LEN_LOP"),  # taken back
    ],
)
def test_after_summer_counts_new_results_in_the_place_of_the_old_by_d14(entries, level, outcome):
    after = after_summer("TOT", "CHUA_DAT", year("3.3", "3.3"), 45, entries)
    assert after.learning is not None
    assert (after.conduct, after.learning["final"], after.promotion) == (None, level, outcome)


@pytest.mark.parametrize(
    ("again", "outcome"), [("", "REN_LUYEN_HE"), ("CHUA_DAT", "KHONG_LEN_LOP"), ("DAT", "LEN_LOP"), ("TOT", "LEN_LOP")]
)
def test_after_summer_puts_the_training_in_the_place_of_conduct_by_d13(again, outcome):
    after = after_summer("CHUA_DAT", "KHA", year("8.0", "8.0"), 0, {(TRAINING, ""): again})
    assert (after.conduct, after.learning, after.promotion) == (again or None, None, outcome)


def test_after_summer_both_failed_stays_for_people():
    entries = {(TRAINING, ""): "TOT", (SUBJECT, "TOAN"): "9.0", (SUBJECT, "KHTN"): "9.0"}
    assert after_summer("CHUA_DAT", "CHUA_DAT", year("3.3", "3.3"), 0, entries).promotion == "HOI_DONG"


@given(st.sampled_from([f"{n / 10:.1f}" for n in range(101)]), st.sampled_from([f"{n / 10:.1f}" for n in range(101)]))
def test_after_summer_a_higher_result_never_hurts(one, other):
    low, high = sorted((one, other), key=Decimal)
    outcomes = [
        after_summer("TOT", "CHUA_DAT", year("3.3", "3.3"), 0, {(SUBJECT, "TOAN"): mark}).promotion
        for mark in (low, high)
    ]
    assert outcomes != ["LEN_LOP", "KHONG_LEN_LOP"]


def test_with_new_results_leaves_the_others_by_d14():
    anew = {one.subject: one.value for one in with_new_results(year("3.3", "3.4"), {(SUBJECT, "TOAN"): "6.5"})}
    assert (anew["TOAN"], anew["KHTN"], anew["NGU_VAN"]) == ("6.5", "3.4", "8.0")


# -- TT 27/2020 Đ11 ----------------------------------------------------------------------------------------------------
LEVELS = {"TOAN": "C", "TIENG_VIET": "T", "KHOA_HOC": "H"}
TRAITS = {"CHAM_CHI": "C", "NHAN_AI": "T"}
TESTS = {"TOAN": Decimal(4), "TIENG_VIET": Decimal(9), "KHOA_HOC": Decimal(5)}


def test_due_for_help_by_d11():
    assert due_for_help(LEVELS, TRAITS, TESTS) == [(SUBJECT, "TOAN"), (TEST, "TOAN"), (QUALITY, "CHAM_CHI")]


@pytest.mark.parametrize(
    ("entries", "result", "outcome"),
    [
        ({}, "CHT", "HIEU_TRUONG"),
        ({(SUBJECT, "TOAN"): "H", (TEST, "TOAN"): "5"}, "CHT", "HIEU_TRUONG"),
        ({(SUBJECT, "TOAN"): "H", (TEST, "TOAN"): "4", (QUALITY, "CHAM_CHI"): "D"}, "CHT", "HIEU_TRUONG"),
        ({(SUBJECT, "TOAN"): "H", (TEST, "TOAN"): "5", (QUALITY, "CHAM_CHI"): "D"}, "HT", "HOAN_THANH"),
        ({(SUBJECT, "TOAN"): "T", (TEST, "TOAN"): "10", (QUALITY, "CHAM_CHI"): "T"}, "HT", "HOAN_THANH"),
    ],
)
def test_after_help_by_d11(entries, result, outcome):
    after = after_help(LEVELS, TRAITS, TESTS, entries)
    assert (after.conduct, after.learning, after.promotion) == (None, {"final": result}, outcome)


def test_with_new_levels_leaves_the_others_by_d11():
    entries = {(SUBJECT, "TOAN"): "H", (TEST, "TOAN"): "7", (QUALITY, "CHAM_CHI"): "D"}
    levels, traits, tests = with_new_levels(LEVELS, TRAITS, TESTS, entries)
    assert levels == LEVELS | {"TOAN": "H"}
    assert traits == TRAITS | {"CHAM_CHI": "D"}
    assert tests == TESTS | {"TOAN": Decimal(7)}


def test_after_help_is_never_better_than_hoan_thanh():
    entries = {(SUBJECT, "TOAN"): "T", (TEST, "TOAN"): "10", (QUALITY, "CHAM_CHI"): "T"}
    after = after_help({"TOAN": "C"}, TRAITS, {"TOAN": Decimal(4)}, entries)
    assert after.learning == {"final": "HT"}


# -- What is typed -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "kind", "typed", "value"),
    [
        ((SUBJECT, "TOAN"), "DIEM", "5", "5.0"),
        ((SUBJECT, "TOAN"), "DIEM", "10", "10.0"),
        ((SUBJECT, "TOAN"), "DIEM", "0", "0.0"),
        ((SUBJECT, "TOAN"), "DIEM", "", ""),
        ((SUBJECT, "NGHE_THUAT"), "NHAN_XET", "Đ", "D"),
        ((SUBJECT, "NGHE_THUAT"), "NHAN_XET", "CĐ", "CD"),
        ((SUBJECT, "TOAN"), "MUC", "H", "H"),
        ((TEST, "TOAN"), "MUC", "6", "6"),
        ((QUALITY, "CHAM_CHI"), "", "Đ", "D"),
        ((TRAINING, ""), "", "Khá", "KHA"),
        ((DECISION, ""), "", "LEN_LOP", "LEN_LOP"),
        ((DECISION, ""), "", "", ""),
    ],
)
def test_read_again(item, kind, typed, value):
    assert read_again(item, kind, typed) == value


@pytest.mark.parametrize(
    ("item", "kind", "typed"),
    [
        ((SUBJECT, "TOAN"), "DIEM", "5,25"),
        ((SUBJECT, "TOAN"), "DIEM", "10,1"),
        ((SUBJECT, "TOAN"), "DIEM", "V"),
        ((SUBJECT, "NGHE_THUAT"), "NHAN_XET", "8"),
        ((TEST, "TOAN"), "MUC", "0"),
        ((TEST, "TOAN"), "MUC", "5,5"),
        ((TRAINING, ""), "", "Giỏi"),
        ((DECISION, ""), "", "HOAN_THANH"),
    ],
)
def test_read_again_refuses_with_the_rule(item, kind, typed):
    with pytest.raises(InvalidCell):
        read_again(item, kind, typed)


def test_scale_of():
    assert [scale_of((SUBJECT, "X"), kind) for kind in ("DIEM", "NHAN_XET", "MUC")] == ["DIEM", "DAT", "MUC"]
    assert [scale_of((kind, ""), "") for kind in (TEST, QUALITY, TRAINING)] == ["DIEM_NGUYEN", "PHAM_CHAT", "REN_LUYEN"]


def test_test_of_the_summer_from_zero_where_it_is_allowed():
    assert scale_of((TEST, "TOAN"), "MUC", lowest_score=0) == "DIEM_NGUYEN_0"
    assert read_again((TEST, "TOAN"), "MUC", "0", lowest_score=0) == "0"


def test_read_remark():
    assert read_remark("  Tiến   bộ. ") == "Tiến bộ."
    with pytest.raises(InvalidCell):
        read_remark("a" * 601)


# -- Who decides -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "decision", "final"),
    [
        ("HOI_DONG", "", "HOI_DONG"),
        ("HOI_DONG", "LEN_LOP", "LEN_LOP"),
        ("HIEU_TRUONG", "KHONG_LEN_LOP", "KHONG_LEN_LOP"),
        ("KHONG_LEN_LOP", "LEN_LOP", "KHONG_LEN_LOP"),
        ("HOAN_THANH", "KHONG_LEN_LOP", "HOAN_THANH"),
        ("REN_LUYEN_HE", "LEN_LOP", "REN_LUYEN_HE"),
    ],
)
def test_concluded(outcome, decision, final):
    assert concluded(outcome, decision) == final


def test_concluded_knows_two_decisions():
    with pytest.raises(ValueError, match="không phải là quyết định"):
        concluded("HOI_DONG", "O_LAI")
