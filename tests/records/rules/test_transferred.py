"""A term's result from a transfer paper: taken as it stands or refused with the rule."""

from datetime import date

import pytest

from records.rules.cells import InvalidCell
from records.rules.results import SubjectResult
from records.rules.transferred import learning_remark, read_result, why_not_dated


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("7,9", "DIEM", "7.9"),
        ("8", "DIEM", "8.0"),
        ("10", "DIEM", "10.0"),
        ("0", "DIEM", "0.0"),
        (" 6.5 ", "DIEM", "6.5"),
        ("Đ", "NHAN_XET", "D"),
        ("Chưa đạt", "NHAN_XET", "CD"),
    ],
)
def test_result_is_stored_with_one_place_or_as_level(typed, kind, value):
    assert read_result(typed, kind) == value


@pytest.mark.parametrize(
    ("typed", "kind", "rule"),
    [
        ("7,95", "DIEM", "lấy đến một chữ số thập phân"),
        ("10,1", "DIEM", "thang từ 0 đến 10"),
        ("-1", "DIEM", "thang từ 0 đến 10"),
        ("Đ", "DIEM", "điểm là một số từ 0 đến 10"),
        ("V", "DIEM", "chỉ ghi cho bài kiểm tra"),
        ("M", "DIEM", "miễn học do nhà trường ghi"),
        ("8", "NHAN_XET", "ghi Đ"),
        ("", "DIEM", "Không học môn này ở trường cũ"),
    ],
)
def test_what_is_no_result_of_a_term_is_refused_and_never_rounded(typed, kind, rule):
    with pytest.raises(InvalidCell, match=rule):
        read_result(typed, kind)


def test_paper_is_of_a_day_that_has_come():
    today = date(2026, 11, 24)
    assert why_not_dated(today, today) == why_not_dated(date(2026, 1, 5), today) == ""
    assert why_not_dated(date(2026, 11, 25), today) == "Ngày 25/11/2026 chưa đến: ghi ngày in trên giấy chuyển trường."


def test_learning_result_that_its_subjects_do_not_come_to_is_asked_about():
    results = [SubjectResult(f"MON_{number}", "DIEM", "8.0", True) for number in range(8)]
    assert learning_remark(results, "TOT") == ""
    remark = learning_remark(results, "KHA")
    assert remark.startswith("Theo các môn đã ghi thì kết quả học tập là Tốt, còn ở đây ghi Khá: ")
