"""A term's result from a transfer paper: taken as it stands or refused with the rule."""

import pytest

from records.rules.cells import InvalidCell
from records.rules.transferred import read_result


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
