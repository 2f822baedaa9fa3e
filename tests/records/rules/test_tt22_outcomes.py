from decimal import Decimal
from itertools import product

import pytest

from records.rules import tt22
from records.rules.tt22 import Step

LEVELS = ("CHUA_DAT", "DAT", "KHA", "TOT")
PASSED = LEVELS[1:]


def marks(text):
    return {f"MON_{number}": Decimal(mark) for number, mark in enumerate(text.split())}


YEAR_CONDUCT = """
          TOT      KHA      DAT      CHUA_DAT
TOT       TOT      TOT      KHA      KHA
KHA       KHA      KHA      KHA      DAT
DAT       KHA      DAT      DAT      DAT
CHUA_DAT  CHUA_DAT CHUA_DAT CHUA_DAT CHUA_DAT
"""


def test_year_conduct_is_the_table_of_the_circular():
    columns, *rows = [line.split() for line in YEAR_CONDUCT.strip().splitlines()]
    wanted = {(hk1, row[0]): year for row in rows for hk1, year in zip(columns, row[1:], strict=True)}
    assert {(hk1, hk2): tt22.year_conduct(hk1, hk2) for hk1, hk2 in product(LEVELS, LEVELS)} == wanted


@pytest.mark.parametrize(("hk1", "hk2"), [("", "TOT"), ("TOT", "D"), ("tot", "TOT")])
def test_year_conduct_refuses_other_codes(hk1, hk2):
    with pytest.raises(ValueError, match="TOT, KHA, DAT, CHUA_DAT"):
        tt22.year_conduct(hk1, hk2)


def test_year_conduct_told():
    text = "Kết quả rèn luyện học kì I Tốt, học kì II Đạt: cả năm Khá."
    assert tt22.year_conduct("TOT", "DAT", steps=True) == ("KHA", [Step(text, "TT 22/2021/TT-BGDĐT Đ8.2.b")])


@pytest.mark.parametrize("absences", [0, 44, 45])
def test_promotion_at_the_end_of_the_year(absences):
    for conduct, learning in product(PASSED, PASSED):
        assert tt22.promotion(conduct, learning, absences) == "LEN_LOP"
    for level in PASSED:
        assert tt22.promotion("CHUA_DAT", level, absences) == "REN_LUYEN_HE"
        assert tt22.promotion(level, "CHUA_DAT", absences) == "DANH_GIA_LAI"
    assert tt22.promotion("CHUA_DAT", "CHUA_DAT", absences) == "HOI_DONG"


@pytest.mark.parametrize("absences", [46, 200])
def test_more_than_45_absences_cannot_be_repaired(absences):
    for conduct, learning in product(LEVELS, LEVELS):
        assert tt22.promotion(conduct, learning, absences) == "KHONG_LEN_LOP"
    assert tt22.promotion("CHUA_DAT", "TOT", absences, conduct_after_summer="TOT") == "KHONG_LEN_LOP"
    assert tt22.promotion("TOT", "CHUA_DAT", absences, learning_after_summer="TOT") == "KHONG_LEN_LOP"


@pytest.mark.parametrize(
    ("after", "outcome"), [("TOT", "LEN_LOP"), ("KHA", "LEN_LOP"), ("DAT", "LEN_LOP"), ("CHUA_DAT", "KHONG_LEN_LOP")]
)
@pytest.mark.parametrize("other", PASSED)
def test_promotion_after_the_summer(other, after, outcome):
    assert tt22.promotion("CHUA_DAT", other, 45, conduct_after_summer=after) == outcome
    assert tt22.promotion(other, "CHUA_DAT", 45, learning_after_summer=after) == outcome


def test_both_failed_is_never_decided_by_the_program():
    for conduct, learning in product((None, *LEVELS), (None, *LEVELS)):
        assert tt22.promotion("CHUA_DAT", "CHUA_DAT", 0, conduct, learning) == "HOI_DONG"


@pytest.mark.parametrize("level", PASSED)
def test_a_summer_result_that_was_not_due_is_refused(level):
    with pytest.raises(ValueError, match="không có kết quả trong hè"):
        tt22.promotion(level, "CHUA_DAT", 0, conduct_after_summer="TOT")
    with pytest.raises(ValueError, match="không có kết quả trong hè"):
        tt22.promotion("CHUA_DAT", level, 0, learning_after_summer="TOT")


@pytest.mark.parametrize(
    "given", [("", "TOT", 0), ("TOT", "D", 0), ("CHUA_DAT", "TOT", 0, "D"), ("TOT", "CHUA_DAT", 0, None, "")]
)
def test_promotion_refuses_other_codes(given):
    with pytest.raises(ValueError, match="không phải là một trong các mức"):
        tt22.promotion(*given)


def test_promotion_refuses_absences_below_zero():
    with pytest.raises(ValueError, match="-1"):
        tt22.promotion("TOT", "TOT", -1)


def told(*given):
    code, steps = tt22.promotion(*given, steps=True)
    assert code == tt22.promotion(*given)
    return [(step.article.removeprefix("TT 22/2021/TT-BGDĐT "), step.text) for step in steps]


def test_promotion_told_after_the_summer():
    assert told("CHUA_DAT", "KHA", 45, "DAT") == [
        ("Đ12.1.a", "Kết quả rèn luyện cả năm Chưa đạt, sau kì nghỉ hè Đạt."),
        ("Đ12.1.b", "Kết quả học tập cả năm Khá."),
        ("Đ12.1.c", "Nghỉ học 45 buổi, không quá 45 buổi trong năm học."),
        ("Đ12.1", "Đủ cả ba điều kiện: được lên lớp."),
    ]


@pytest.mark.parametrize(
    ("given", "absences", "last"),
    [
        (
            ("TOT", "DAT", 46),
            "Nghỉ học 46 buổi, quá 45 buổi trong năm học.",
            ("Đ12.1", "Thiếu ít nhất một trong ba điều kiện: không được lên lớp."),
        ),
        (
            ("CHUA_DAT", "TOT", 0),
            "Nghỉ học 0 buổi, không quá 45 buổi trong năm học.",
            ("Đ13", "Kết quả rèn luyện cả năm Chưa đạt: rèn luyện trong kì nghỉ hè."),
        ),
        (
            ("TOT", "CHUA_DAT", 0),
            "Nghỉ học 0 buổi, không quá 45 buổi trong năm học.",
            ("Đ14", "Kết quả học tập cả năm Chưa đạt: kiểm tra, đánh giá lại trong kì nghỉ hè."),
        ),
        (
            ("CHUA_DAT", "CHUA_DAT", 0),
            "Nghỉ học 0 buổi, không quá 45 buổi trong năm học.",
            (
                "Đ12–Đ14",
                "Cả hai đều Chưa đạt: nhà trường họp xét và hiệu trưởng quyết định, phần mềm không kết luận.",
            ),
        ),
    ],
)
def test_promotion_told(given, absences, last):
    assert told(*given)[2:] == [("Đ12.1.c", absences), last]


def test_reassessable_are_scored_below_five_and_failed_by_remarks():
    scored = {"TOAN": Decimal("4.9"), "KHTN": Decimal("5.0"), "NGU_VAN": Decimal(0), "GDCD": Decimal(10)}
    comment = {"GDTC": "D", "GDDP": "CD"}
    assert tt22.reassessable(scored, comment) == ["TOAN", "NGU_VAN", "GDDP"]
    assert tt22.reassessable(scored, comment, steps=True) == (
        ["TOAN", "NGU_VAN", "GDDP"],
        [
            Step(f"Môn {text}: được kiểm tra, đánh giá lại trong kì nghỉ hè.", "TT 22/2021/TT-BGDĐT Đ14")
            for text in (
                "“Toán” có điểm trung bình cả năm 4,9, dưới 5,0",
                "“Ngữ văn” có điểm trung bình cả năm 0,0, dưới 5,0",
                "“Nội dung giáo dục của địa phương” Chưa đạt",
            )
        ],
    )
    assert tt22.reassessable({}, {}) == []


def test_reassessable_refuses_what_is_no_result():
    with pytest.raises(ValueError, match="thang 10"):
        tt22.reassessable({"TOAN": Decimal("4.95")}, {})
    with pytest.raises(ValueError, match="D, CD"):
        tt22.reassessable({}, {"GDTC": ""})


@pytest.mark.parametrize(
    ("averages", "title"),
    [
        ("9 9 9 9 9 9 6.5 6.5", "HSXS"),
        ("9 9 9 9 9 9 9 9", "HSXS"),
        ("9 9 9 9 9 8.9 8.9 8.9", "HSG"),
        ("8 8 8 8 8 8 6.5 6.5", "HSG"),
    ],
)
def test_award_counts_six_of_nine(averages, title):
    for conduct, learning in product(LEVELS, LEVELS):
        expected = title if (conduct, learning) == ("TOT", "TOT") else ""
        assert tt22.award(conduct, learning, marks(averages)) == expected


def test_award_refuses_what_is_no_result():
    with pytest.raises(ValueError, match="thang 10"):
        tt22.award("TOT", "TOT", marks("9 9 9 9 9 8.95"))
    with pytest.raises(ValueError, match="“T”"):
        tt22.award("T", "TOT", {})
    with pytest.raises(ValueError, match="“T”"):
        tt22.award("TOT", "T", {})


@pytest.mark.parametrize(
    ("given", "title", "text"),
    [
        (
            ("TOT", "TOT", "9 9 9 9 9 9"),
            "HSXS",
            "Rèn luyện cả năm Tốt, học tập cả năm Tốt, 6 môn có điểm trung bình cả năm từ 9,0 trở lên "
            "(cần ít nhất 6 môn): danh hiệu Học sinh Xuất sắc.",
        ),
        (
            ("TOT", "TOT", "9 9 9 9 9 8.9"),
            "HSG",
            "Rèn luyện cả năm Tốt, học tập cả năm Tốt, 5 môn có điểm trung bình cả năm từ 9,0 trở lên "
            "(Học sinh Xuất sắc cần ít nhất 6 môn): danh hiệu Học sinh Giỏi.",
        ),
        (
            ("KHA", "TOT", "9 9 9 9 9 9"),
            "",
            "Rèn luyện cả năm Khá, học tập cả năm Tốt: không có danh hiệu (cần cả hai ở mức Tốt).",
        ),
    ],
)
def test_award_told(given, title, text):
    conduct, learning, averages = given
    assert tt22.award(conduct, learning, marks(averages), steps=True) == (
        title,
        [Step(text, "TT 22/2021/TT-BGDĐT Đ15.1.a")],
    )


def test_only_lớp_9_moving_up_completes_thcs():
    done = [grade for grade in range(6, 13) if tt22.completes_lower_secondary(grade, "LEN_LOP")]
    assert done == [9]
    for outcome in ("KHONG_LEN_LOP", "REN_LUYEN_HE", "DANH_GIA_LAI", "HOI_DONG"):
        assert not tt22.completes_lower_secondary(9, outcome)
    for wrong in ((5, "LEN_LOP"), (9, "HOAN_THANH"), (13, "LEN_LOP")):
        with pytest.raises(ValueError, match="không"):
            tt22.completes_lower_secondary(*wrong)
