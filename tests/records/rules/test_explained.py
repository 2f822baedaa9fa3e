"""Every result explains itself; where the steps would not lead to what is stored, nothing is said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.columns import sheet_columns
from records.rules.explained import (
    Explanation,
    agreed,
    explained_award,
    explained_conduct,
    explained_learning,
    explained_promotion,
    explained_term,
    explained_year,
    term_marks,
)
from records.rules.results import SubjectResult, row_result
from records.rules.steps import Step

COLUMNS = sheet_columns("TT22-2021", "DIEM", 35)
MARKS = {"TX1": "8", "TX2": "7.5", "GK": "8", "CK": "8"}
TENTHS = st.integers(0, 100).map(lambda tenths: str(Decimal(tenths) / 10))
SCORED = [SubjectResult(f"MON_{number}", "DIEM", "9.0") for number in range(8)]
COMMENT = [SubjectResult("GDTC", "NHAN_XET", "D")]


def texts(explanation: Explanation) -> list[str]:
    return [step.text for step in explanation.steps]


def articles(explanation: Explanation) -> set[str]:
    return {step.article for step in explanation.steps}


def test_term_average_is_told_with_its_numbers_and_article():
    told = explained_term("DIEM", MARKS, "7.9")
    assert texts(told) == [
        "Cộng theo hệ số (thường xuyên 1, giữa kì 2, cuối kì 3): 8 + 7,5 + 2 × 8 + 3 × 8 = 55,5.",
        "Chia cho 2 điểm thường xuyên cộng 5: 55,5 : 7 ≈ 7,929.",
        "Điểm trung bình môn học kì: 7,9 (lấy một chữ số thập phân, chữ số bỏ đi từ 5 trở lên thì làm tròn lên).",
    ]
    assert articles(told) == {"TT 22/2021/TT-BGDĐT Đ9.1.b"}


def test_test_missed_without_reason_is_told_before_it_counts_as_zero():
    told = explained_term("DIEM", {**MARKS, "CK": "V"}, "4.5")
    assert texts(told)[0] == "Vắng bài kiểm tra cuối kì không có lí do: tính 0 điểm."
    assert told.steps[0].article == "TT 22/2021/TT-BGDĐT Đ7"
    assert "3 × 0" in texts(told)[1]


def test_test_missed_of_a_subject_by_remarks_counts_as_failed():
    marks = {"TX1": "D", "TX2": "D", "GK": "V", "CK": "D"}
    assert texts(explained_term("NHAN_XET", marks, "CD")) == [
        "Vắng bài kiểm tra giữa kì không có lí do: tính Chưa đạt.",
        "Học kì cần 4 lần đánh giá, đã có 4 lần; có 1 lần Chưa đạt: kết quả học kì là Chưa đạt.",
    ]


@pytest.mark.parametrize(
    ("marks", "value"),
    [(MARKS, "8.0"), (MARKS, ""), ({"TX1": "8", "GK": "8"}, "8.0"), ({"GK": "8", "CK": "8"}, "8.0"), ({}, "8.0")],
)
def test_nothing_is_told_that_does_not_lead_to_the_stored_result(marks, value):
    assert explained_term("DIEM", marks, value) == Explanation(value)


@given(st.lists(TENTHS, min_size=4, max_size=4))
def test_what_a_row_comes_to_is_always_explained(marks):
    cells = dict(zip(("TX1", "TX2", "GK", "CK"), marks, strict=True))
    average, _ = row_result("DIEM", COLUMNS, cells)
    assert explained_term("DIEM", term_marks(COLUMNS, {**cells, "NX": "Chăm học."}), str(average)).steps


def test_row_is_explained_without_its_remark_and_empty_cells():
    assert term_marks(COLUMNS, {"TX1": "8", "NX": "Chăm học."}) == {"TX1": "8"}


def test_year_of_a_scored_subject_counts_the_second_term_twice():
    assert "8 + 2 × 7,4" in texts(explained_year("DIEM", "8.0", "7.4", "7.6"))[0].replace("8,0", "8")
    assert explained_year("DIEM", "8.0", "7.4", "7.7") == Explanation("7.7")


def test_year_of_a_subject_by_remarks_is_the_second_term():
    assert texts(explained_year("NHAN_XET", "CD", "D", "D")) == [
        "Kết quả cả năm là kết quả học kì II: Đạt (học kì I: Chưa đạt)."
    ]


@pytest.mark.parametrize(("kind", "value"), [("DIEM", "7.4"), ("NHAN_XET", "D")])
def test_year_of_a_subject_taken_from_the_second_term_says_so(kind, value):
    told = texts(explained_year(kind, "", value, value))
    assert told == ["Môn không có kết quả học kì I: kết quả cả năm là kết quả học kì II."]
    assert explained_year(kind, value, "", value) == Explanation(value)


def test_learning_result_names_the_one_subject_that_was_adjusted():
    low = [*SCORED[:7], SubjectResult("TOAN", "DIEM", "4.0"), *COMMENT]
    told = explained_learning(low, "KHA")
    assert "“Toán”" in texts(told)[-1]
    assert told.steps[-1].article == "TT 22/2021/TT-BGDĐT Đ9.3"
    assert explained_learning(low, "DAT") == Explanation("DAT")


def test_subject_that_does_not_count_is_not_told():
    uncounted = SubjectResult("NGOAI_NGU_2", "DIEM", "2.0", counted=False)
    assert explained_learning([*SCORED, *COMMENT, uncounted], "TOT").steps
    assert explained_learning([uncounted], "TOT") == Explanation("TOT")


def test_conduct_of_the_year_is_told_from_both_terms():
    assert texts(explained_conduct("CHUA_DAT", "TOT", "KHA")) == [
        "Kết quả rèn luyện học kì I Chưa đạt, học kì II Tốt: cả năm Khá."
    ]
    assert explained_conduct("", "TOT", "TOT") == explained_conduct("TOT", "", "TOT") == Explanation("TOT")


def test_promotion_tells_all_three_conditions():
    told = explained_promotion("DAT", "DAT", 46, "KHONG_LEN_LOP")
    assert articles(told) == {f"TT 22/2021/TT-BGDĐT Đ12.1{point}" for point in (".a", ".b", ".c", "")}
    assert explained_promotion("DAT", "DAT", 45, "KHONG_LEN_LOP") == Explanation("KHONG_LEN_LOP")


@pytest.mark.parametrize(("conduct", "title"), [("TOT", "HSXS"), ("KHA", "")])
def test_award_is_told_also_where_there_is_none(conduct, title):
    told = explained_award(conduct, "TOT", SCORED, title)
    assert articles(told) == {"TT 22/2021/TT-BGDĐT Đ15.1.a"}


def test_steps_are_told_only_where_they_lead_to_what_was_stored():
    steps = [Step("8,0.", "TT 22/2021/TT-BGDĐT Đ9.1.b")]
    assert agreed("8.0", "8.0", steps) == Explanation("8.0", tuple(steps))
    assert agreed("7.9", "8.0", steps) == Explanation("7.9")
