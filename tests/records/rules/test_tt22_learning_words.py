"""How the learning result is told: met, missing, and lifted, with the subjects by name and the article."""

from decimal import Decimal

from records.rules.tt22_learning_words import Finding, Row, found_step, level_step, lifted_step

GOOD = Row("TOT", Decimal("6.5"), Decimal(8), 0, "TT 22/2021/TT-BGDĐT Đ9.2.a")
PASSED = Row("DAT", Decimal("3.5"), Decimal(5), 1, "TT 22/2021/TT-BGDĐT Đ9.2.c")


def test_level_that_is_met_is_told_with_its_numbers():
    step = found_step(Finding(GOOD, 8, (), 7, (), met=True))
    assert step.article == GOOD.article
    assert step.text == (
        "Đủ điều kiện mức Tốt: cả 8 môn có điểm từ 6,5 trở lên, trong đó 7 môn từ 8,0 trở lên (cần ít nhất 6 môn); "
        "không có môn đánh giá bằng nhận xét nào Chưa đạt."
    )


def test_level_that_is_not_met_is_told_with_all_that_is_missing():
    step = found_step(Finding(GOOD, 8, ("TOAN",), 5, ("GDTC",), met=False))
    assert step.text.startswith("Chưa đủ điều kiện mức Tốt: “Toán” dưới 6,5; chỉ có 5 môn từ 8,0 trở lên")
    assert step.text.endswith("; môn đánh giá bằng nhận xét Chưa đạt: “Giáo dục thể chất”.")


def test_one_subject_by_remarks_may_fail_for_passed():
    step = found_step(Finding(PASSED, 8, (), 6, ("GDTC",), met=True))
    assert step.text.endswith("; chỉ 1 môn Chưa đạt: “Giáo dục thể chất” (nhiều nhất 1).")


def test_all_other_cases_are_told_as_such():
    step = level_step("Chưa đạt")
    assert step.text == "Không đủ điều kiện của mức nào ở trên: kết quả học tập ở mức Chưa đạt."
    assert step.article == "TT 22/2021/TT-BGDĐT Đ9.2.d"


def test_lifted_result_names_the_one_subject_and_both_levels():
    step = lifted_step("TOAN", "DAT", "TOT", "KHA", by_top_mark=False)
    assert step.text.startswith("Nếu không tính môn “Toán” thì kết quả học tập ở mức Tốt, cao hơn 2 mức.")
    assert step.text.endswith("được điều chỉnh từ Đạt lên mức liền kề: Khá.")
    assert step.article == "TT 22/2021/TT-BGDĐT Đ9.3"
    assert lifted_step("TOAN", "DAT", "TOT", "KHA", by_top_mark=True).text.startswith("Nếu môn “Toán” đạt")
