from decimal import Decimal
from itertools import combinations_with_replacement, product

import pytest

from records.rules import tt27
from records.rules.tt27 import Step
from records.rules.tt27_scores import PERIODS

CIRCULAR = "TT 27/2020/TT-BGDĐT"
RESULTS = ("HTXS", "HTT", "HT", "CHT")


def by_table(subjects, traits, tests):
    """The table of Đ9.2.a, spelt out once more and otherwise: worst level and lowest score."""
    worst = max("THC".index(level) for level in subjects), max("TDC".index(level) for level in traits)
    lowest = min(tests)
    if worst == (0, 0) and lowest >= 9:
        return "HTXS"
    if worst == (0, 0) and lowest >= 7:
        return "HTT"
    return "HT" if max(worst) < 2 and lowest >= 5 else "CHT"


def numbered(values):
    return {f"M{number}": value for number, value in enumerate(values)}


def scores(*values):
    return numbered(Decimal(value) for value in values)


def test_year_result_is_the_table_of_the_circular():
    seen = set()
    for subjects, traits, tests in product(
        combinations_with_replacement("THC", 3),
        combinations_with_replacement("TDC", 2),
        combinations_with_replacement(range(11), 2),
    ):
        result = tt27.year_result(numbered(subjects), numbered(traits), scores(*tests))
        assert result == by_table(subjects, traits, tests), (subjects, traits, tests)
        seen.add(result)
    assert seen == set(RESULTS)


@pytest.mark.parametrize(
    ("subjects", "traits", "tests", "said"),
    [
        ("TX", "T", (9,), "“X” không phải"),
        ("T", "TĐ", (9,), "“Đ” không phải"),
        ("T", "T", ("8.5",), "8.5 không phải là điểm nguyên"),
        ("T", "T", (11,), "11 không phải là điểm nguyên"),
        ("T", "T", ("NaN",), "NaN không phải"),
        ("", "T", (9,), "Thiếu mức"),
        ("T", "", (9,), "Thiếu mức"),
        ("T", "T", (), "Thiếu mức"),
    ],
)
def test_year_result_refuses_what_is_no_level_and_guesses_nothing(subjects, traits, tests, said):
    with pytest.raises(ValueError, match=said):
        tt27.year_result(numbered(subjects), numbered(traits), scores(*tests))


def test_year_result_tells_what_kept_the_pupil_from_a_higher_one():
    subjects = {"TIENG_VIET": "T", "TOAN": "H"}
    traits = {"NHAN_AI": "D", "TIN_HOC": "T"}
    result, steps = tt27.year_result(subjects, traits, {"TIENG_VIET": Decimal(10), "TOAN": Decimal(8)}, steps=True)
    assert result == "HT"
    assert steps == [
        Step(
            "Chưa được mức Hoàn thành xuất sắc: “Toán” mức Hoàn thành, “Nhân ái” mức Đạt, bài kiểm tra “Toán” 8 điểm.",
            f"{CIRCULAR} Đ9.2.a",
        ),
        Step("Chưa được mức Hoàn thành tốt: “Toán” mức Hoàn thành, “Nhân ái” mức Đạt.", f"{CIRCULAR} Đ9.2.a"),
        Step(
            "Kết quả giáo dục: Hoàn thành, vì mọi môn học và hoạt động giáo dục Hoàn thành tốt hoặc Hoàn thành, "
            "mọi phẩm chất, năng lực Tốt hoặc Đạt, mọi bài kiểm tra cuối năm từ 5 điểm trở lên.",
            f"{CIRCULAR} Đ9.2.a",
        ),
    ]


def test_year_result_not_done_says_so_last():
    result, steps = tt27.year_result({"TOAN": "C"}, {"NHAN_AI": "T"}, {"TOAN": Decimal(4)}, steps=True)
    assert (result, len(steps)) == ("CHT", 4)
    assert steps[2].text == "Chưa được mức Hoàn thành: “Toán” mức Chưa hoàn thành, bài kiểm tra “Toán” 4 điểm."
    assert steps[3] == Step("Kết quả giáo dục: Chưa hoàn thành.", f"{CIRCULAR} Đ9.2.a")


DUE = """
      GK1 GK2               CK1 CN
1     -                     TIENG_VIET TOAN
2     -                     TIENG_VIET TOAN
3     -                     TIENG_VIET TOAN NGOAI_NGU_1 TIN_CN
4     TIENG_VIET TOAN       TIENG_VIET TOAN NGOAI_NGU_1 LS_DL KHOA_HOC TIN_CN
5     TIENG_VIET TOAN       TIENG_VIET TOAN NGOAI_NGU_1 LS_DL KHOA_HOC TIN_CN
"""


def test_tests_due_are_those_of_the_circular():
    middle = {4: 2, 5: 2}
    for line in DUE.strip().splitlines()[1:]:
        grade, *codes = line.replace("-", "").split()
        cut = middle.get(int(grade), 0)
        for period in ("GK1", "GK2"):
            assert tt27.tests_due(int(grade), period) == tuple(codes[:cut])
        for period in ("CK1", "CN"):
            assert tt27.tests_due(int(grade), period) == tuple(codes[cut:])


@pytest.mark.parametrize(("grade", "period"), [(0, "GK1"), (6, "GK1"), (3, "HK1"), (3, "HE"), (3, "")])
def test_tests_due_refuses_other_grades_and_periods(grade, period):
    with pytest.raises(ValueError, match=r"Khối|không phải là một trong các lần"):
        tt27.tests_due(grade, period)


@pytest.mark.parametrize("score", ["1", "5", "10", "7.0", "1E1"])
def test_whole_scores_of_the_scale_are_valid(score):
    assert tt27.is_valid_score(Decimal(score))


@pytest.mark.parametrize("score", ["0", "0.9", "8.5", "10.1", "11", "-1", "NaN", "Infinity", "-Infinity"])
def test_other_scores_are_not(score):
    assert not tt27.is_valid_score(Decimal(score))


def test_zero_is_valid_where_the_setting_allows_it():
    assert tt27.is_valid_score(Decimal(0), lowest=0)
    assert not tt27.is_valid_score(Decimal(-1), lowest=0)


@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("outstanding", [True, False])
@pytest.mark.parametrize("result", RESULTS)
def test_award(result, outstanding, agrees):
    wanted = {"HTXS": "HSXS", "HTT": "HSTB" if outstanding and agrees else ""}.get(result, "")
    assert tt27.award(result, outstanding, agrees) == wanted
    title, steps = tt27.award(result, outstanding, agrees, steps=True)
    assert (title, [step.article for step in steps]) == (wanted, [f"{CIRCULAR} Đ13.1.a"])
    assert steps[0].text.endswith("không có danh hiệu.") == (not wanted)


@pytest.mark.parametrize(
    ("outstanding", "said"),
    [(False, "chưa có môn học nổi bật hoặc tiến bộ rõ rệt"), (True, "chưa được tập thể lớp công nhận")],
)
def test_award_says_what_a_good_result_lacks(outstanding, said):
    _, (step,) = tt27.award("HTT", outstanding, False, steps=True)
    assert said in step.text


@pytest.mark.parametrize("result", ["HTXS", "HTT", "HT"])
def test_a_result_completes_the_grade_at_once_or_after_help(result):
    assert tt27.promotion(result) == "HOAN_THANH"
    assert tt27.promotion("CHT", result) == "HOAN_THANH"
    with pytest.raises(ValueError, match="không có đánh giá bổ sung"):
        tt27.promotion(result, "HT")


def test_not_done_is_helped_first_and_then_decided_by_people():
    assert tt27.promotion("CHT") == "DANH_GIA_BO_SUNG"
    outcome, steps = tt27.promotion("CHT", "CHT", steps=True)
    assert outcome == "HIEU_TRUONG"
    assert steps == [
        Step(
            "Kết quả giáo dục cả năm Chưa hoàn thành, sau đánh giá bổ sung Chưa hoàn thành: "
            "hiệu trưởng xem xét, quyết định lên lớp hoặc ở lại lớp.",
            f"{CIRCULAR} Đ11",
        )
    ]


@pytest.mark.parametrize("call", [tt27.promotion, lambda code: tt27.award(code, True, True)])
@pytest.mark.parametrize("code", ["", "LEN_LOP", "htt"])
def test_other_results_are_refused(call, code):
    with pytest.raises(ValueError, match="HTXS, HTT, HT, CHT"):
        call(code)


def test_only_lớp_5_completes_tiểu_học():
    done = [grade for grade in range(1, 6) if tt27.completes_primary(grade, "HOAN_THANH")]
    assert done == [5]
    assert not tt27.completes_primary(5, "DANH_GIA_BO_SUNG")
    assert not tt27.completes_primary(5, "HIEU_TRUONG")
    for wrong in ((6, "HOAN_THANH"), (5, "LEN_LOP")):
        with pytest.raises(ValueError, match="không"):
            tt27.completes_primary(*wrong)


def test_traits_by_grade_in_the_order_of_the_form():
    assert [len(tt27.traits(grade)) for grade in range(1, 6)] == [13, 13, 15, 15, 15]
    assert list(tt27.traits(2).values()) == [
        "Yêu nước", "Nhân ái", "Chăm chỉ", "Trung thực", "Trách nhiệm",
        "Tự chủ và tự học", "Giao tiếp và hợp tác", "Giải quyết vấn đề và sáng tạo",
        "Ngôn ngữ", "Tính toán", "Khoa học", "Thẩm mĩ", "Thể chất",
    ]  # fmt: skip
    assert set(tt27.traits(3).values()) - set(tt27.traits(2).values()) == {"Công nghệ", "Tin học"}
    with pytest.raises(ValueError, match="không thuộc tiểu học"):
        tt27.traits(6)


def test_periods_are_the_four_times_of_the_year():
    assert PERIODS == ("GK1", "CK1", "GK2", "CN")


@pytest.mark.parametrize(("period", "on_page"), [("GK1", False), ("CK1", True), ("GK2", False), ("CN", True)])
def test_is_on_page_at_the_end_of_a_half_year_alone(period, on_page):
    assert tt27.is_on_page(period) is on_page


def test_is_on_page_knows_no_other_period():
    with pytest.raises(ValueError, match="HK1"):
        tt27.is_on_page("HK1")
