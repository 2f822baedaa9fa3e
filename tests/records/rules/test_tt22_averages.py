from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules import tt22
from records.rules.tt22 import Step

MARKS = st.integers(0, 100).map(lambda tenths: Decimal(tenths) / 10)
REGULAR = st.lists(MARKS, min_size=1, max_size=6)


def marks(text):
    return [Decimal(mark) for mark in text.split()]


def half_up(value):
    """Tenths of an exact fraction, a half upwards; an oracle without Decimal."""
    return Decimal((value * 20 + 1) // 2) / 10


@pytest.mark.parametrize(
    ("periods", "count"), [(1, 2), (34, 2), (35, 2), (36, 3), (52, 3), (70, 3), (71, 4), (105, 4), (140, 4)]
)
def test_regular_count_by_periods(periods, count):
    assert tt22.regular_count(periods) == count


@pytest.mark.parametrize("periods", [35, 70, 71, 105])
def test_regular_count_by_remarks_is_two(periods):
    assert tt22.regular_count(periods, comment=True) == 2


@pytest.mark.parametrize("comment", [False, True])
@pytest.mark.parametrize("periods", [0, -35])
def test_regular_count_needs_periods(periods, comment):
    with pytest.raises(ValueError, match="từ 1 trở lên"):
        tt22.regular_count(periods, comment=comment)


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "average"),
    [
        ("8 8 9", "8.5", "8", "8.3"),  # 8,25: a tie
        ("8 8 8.9", "8.5", "8", "8.2"),  # 8,2375
        ("6.5 6.5 6.5", "6.4", "6.4", "6.4"),  # 6,4375
        ("6.5 6.5 6.6", "6.4", "6.4", "6.5"),  # 6,45: a tie
        ("7.9 7.9 7.9", "8", "7.9", "7.9"),  # 7,925
        ("7 7.5 8 8.5 9", "8", "8.5", "8.2"),  # 8,15 of ten parts: a tie
        ("7 7.5 8 8.5 8.9", "8", "8.5", "8.1"),  # 8,14
        ("7 7.5 8 8.5 9.1", "8", "8.5", "8.2"),  # 8,16
        ("10 0", "0", "0", "1.4"),  # 1,428…: each regular mark weighs one
        ("0 0", "10", "0", "2.9"),  # 2,857…: giữa kì weighs two
        ("0 0", "0", "10", "4.3"),  # 4,285…: cuối kì weighs three
        ("0", "0", "0", "0.0"),
        ("10 10 10 10", "10", "10", "10.0"),
    ],
)
def test_term_average(regular, midterm, final, average):
    assert str(tt22.term_average(marks(regular), Decimal(midterm), Decimal(final))) == average


@pytest.mark.parametrize("bad", ["-0.1", "10.1", "8.25", "9.99", "11", "NaN", "sNaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_term_average_refuses_what_is_no_mark(bad, place):
    given_marks = marks("8 8 8 8")
    given_marks[place] = Decimal(bad)
    with pytest.raises(ValueError, match="thang 10"):
        tt22.term_average(given_marks[:2], *given_marks[2:])


def test_term_average_needs_a_regular_mark():
    with pytest.raises(ValueError, match="thường xuyên"):
        tt22.term_average([], Decimal(8), Decimal(8))


def test_a_zero_behind_the_first_place_is_the_same_mark():
    assert tt22.term_average(marks("8.50 8.50"), Decimal("8.50"), Decimal("8.50")) == Decimal("8.5")


@given(REGULAR, MARKS, MARKS)
def test_term_average_is_the_exact_fraction_half_up(regular, midterm, final):
    exact = Fraction(sum(map(Fraction, regular)) + 2 * Fraction(midterm) + 3 * Fraction(final)) / (len(regular) + 5)
    assert tt22.term_average(regular, midterm, final) == half_up(exact)


@given(REGULAR, MARKS, MARKS, st.data())
def test_raising_a_mark_never_lowers_the_term_average(regular, midterm, final, data):
    before = [*regular, midterm, final]
    place = data.draw(st.integers(0, len(before) - 1))
    after = before.copy()
    after[place] = data.draw(MARKS.filter(lambda mark: mark >= before[place]))
    assert tt22.term_average(after[:-2], *after[-2:]) >= tt22.term_average(regular, midterm, final)


@given(REGULAR, MARKS, MARKS)
def test_term_average_lies_between_the_marks(regular, midterm, final):
    everything = [*regular, midterm, final]
    assert min(everything) <= tt22.term_average(regular, midterm, final) <= max(everything)


@given(st.permutations(marks("3.4 6.5 8 9.9")))
def test_term_average_knows_no_order_of_regular_marks(regular):
    assert tt22.term_average(regular, Decimal(7), Decimal(8)) == Decimal("7.3")


@given(REGULAR, MARKS, MARKS)
def test_removing_a_regular_mark_that_is_the_lowest_never_lowers_the_average(regular, midterm, final):
    lowest = min([*regular, midterm, final])
    assert tt22.term_average(regular, midterm, final) <= tt22.term_average(
        [mark for mark in regular if mark > lowest] or [max(regular)], midterm, final
    )


@pytest.mark.parametrize(
    ("hk1", "hk2", "average"),
    [
        ("7.9", "8.0", "8.0"),
        ("6.5", "6.4", "6.4"),
        ("6.4", "6.5", "6.5"),
        ("0", "10", "6.7"),
        ("10", "0", "3.3"),
        ("0", "0", "0.0"),
        ("10", "10", "10.0"),
        ("5.0", "4.9", "4.9"),
    ],
)
def test_year_average(hk1, hk2, average):
    assert str(tt22.year_average(Decimal(hk1), Decimal(hk2))) == average


@pytest.mark.parametrize(("hk1", "hk2"), [("8.25", "8"), ("8", "8.25"), ("-1", "8"), ("8", "10.1"), ("NaN", "8")])
def test_year_average_takes_term_averages_of_one_place(hk1, hk2):
    with pytest.raises(ValueError, match="thang 10"):
        tt22.year_average(Decimal(hk1), Decimal(hk2))


def test_every_year_average_is_the_exact_fraction_half_up():
    for first in range(101):
        for second in range(101):
            exact = Fraction(first + 2 * second, 30)
            assert tt22.year_average(Decimal(first) / 10, Decimal(second) / 10) == half_up(exact)


def test_raising_a_term_never_lowers_the_year_average():
    tenths = [Decimal(number) / 10 for number in range(101)]
    for fixed in tenths[::10]:
        first = [tt22.year_average(mark, fixed) for mark in tenths]
        second = [tt22.year_average(fixed, mark) for mark in tenths]
        assert (first, second) == (sorted(first), sorted(second))


@pytest.mark.parametrize(
    ("results", "due", "level"),
    [
        ("D D D D", 4, "D"),
        ("D D D D D", 4, "D"),
        ("D D D", 4, "CD"),
        ("", 4, "CD"),
        ("CD D D D", 4, "CD"),
        ("D D D CD", 4, "CD"),
        ("D D D D CD", 4, "CD"),
        ("CD CD", 4, "CD"),
        ("D", 1, "D"),
    ],
)
def test_comment_term_level(results, due, level):
    assert tt22.comment_term_level(results.split(), due) == level


def test_comment_term_level_refuses_other_codes_and_nothing_due():
    with pytest.raises(ValueError, match="“V”"):
        tt22.comment_term_level(["D", "V", "D", "D"], 4)
    with pytest.raises(ValueError, match="ít nhất một"):
        tt22.comment_term_level([], 0)


@pytest.mark.parametrize(("hk1", "hk2", "year"), [("D", "D", "D"), ("CD", "D", "D"), ("D", "CD", "CD")])
def test_comment_year_level_is_the_second_terms(hk1, hk2, year):
    assert tt22.comment_year_level(hk1, hk2) == year


@pytest.mark.parametrize(("hk1", "hk2"), [("", "D"), ("D", ""), ("DAT", "D"), ("D", "DAT")])
def test_comment_year_level_refuses_other_codes(hk1, hk2):
    with pytest.raises(ValueError, match="không phải là một trong các mức D, CD"):
        tt22.comment_year_level(hk1, hk2)


def test_regular_count_told():
    assert tt22.regular_count(70, steps=True) == (
        3,
        [Step("Môn có 70 tiết cả năm: mỗi học kì 3 điểm thường xuyên.", "TT 22/2021/TT-BGDĐT Đ6.2.b")],
    )
    assert tt22.regular_count(70, comment=True, steps=True) == (
        2,
        [Step("Môn đánh giá bằng nhận xét: mỗi học kì 2 lần thường xuyên.", "TT 22/2021/TT-BGDĐT Đ6.2.a")],
    )


def test_term_average_told():
    value, steps = tt22.term_average(marks("8 8.0 9"), Decimal("8.5"), Decimal(10), steps=True)
    assert value == Decimal("9.0")
    assert [step.text for step in steps] == [
        "Cộng theo hệ số (thường xuyên 1, giữa kì 2, cuối kì 3): 8 + 8 + 9 + 2 × 8,5 + 3 × 10 = 72.",
        "Chia cho 3 điểm thường xuyên cộng 5: 72 : 8 = 9.",
        "Điểm trung bình môn học kì: 9,0 (lấy một chữ số thập phân, chữ số bỏ đi từ 5 trở lên thì làm tròn lên).",
    ]
    assert {step.article for step in steps} == {"TT 22/2021/TT-BGDĐT Đ9.1.b"}


def test_year_average_told():
    value, steps = tt22.year_average(Decimal("7.9"), Decimal("8.0"), steps=True)
    assert value == Decimal("8.0")
    assert [step.text for step in steps] == [
        "Cộng theo hệ số (học kì I hệ số 1, học kì II hệ số 2): 7,9 + 2 × 8,0 = 23,9.",
        "Chia cho tổng hệ số 3: 23,9 : 3 ≈ 7,967.",
        "Điểm trung bình môn cả năm: 8,0 (lấy một chữ số thập phân, chữ số bỏ đi từ 5 trở lên thì làm tròn lên).",
    ]
    assert {step.article for step in steps} == {"TT 22/2021/TT-BGDĐT Đ9.1.b"}


@pytest.mark.parametrize(
    ("results", "text"),
    [
        ("D D D D", "đã có 4 lần; tất cả đều Đạt: kết quả học kì là Đạt."),
        ("D D D", "đã có 3 lần, còn thiếu 1 lần; tất cả đều Đạt: kết quả học kì là Chưa đạt."),
        ("CD D CD D", "đã có 4 lần; có 2 lần Chưa đạt: kết quả học kì là Chưa đạt."),
        ("", "đã có 0 lần, còn thiếu 4 lần; chưa có lần nào: kết quả học kì là Chưa đạt."),
    ],
)
def test_comment_term_level_told(results, text):
    level, steps = tt22.comment_term_level(results.split(), 4, steps=True)
    assert steps == [Step(f"Học kì cần 4 lần đánh giá, {text}", "TT 22/2021/TT-BGDĐT Đ9.1.a")]
    assert level == ("CD" if "Chưa đạt." in text else "D")


def test_comment_year_level_told():
    text = "Kết quả cả năm là kết quả học kì II: Đạt (học kì I: Chưa đạt)."
    assert tt22.comment_year_level("CD", "D", steps=True) == ("D", [Step(text, "TT 22/2021/TT-BGDĐT Đ9.1.a")])
