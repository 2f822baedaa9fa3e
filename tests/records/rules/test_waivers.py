"""A regular result that is let go: which, what the result is then, and how it is told."""

from decimal import Decimal

import pytest

from records.rules.cells import InvalidCell, read_cell
from records.rules.columns import homeroom_columns, primary_columns, sheet_columns
from records.rules.explained import explained_term, term_marks
from records.rules.results import row_result
from records.rules.waivers import waivable

SCORED, COMMENT = sheet_columns("TT22-2021", "DIEM", 140), sheet_columns("TT22-2021", "NHAN_XET", 70)
TESTS = {"GK": "7", "CK": "9"}


def codes(columns, cells):
    return [column.code for column in waivable(columns, cells)]


def test_tt22_6_2_regular_columns_are_those_that_are_due():
    assert [column.code for column in SCORED if column.regular] == ["TX1", "TX2", "TX3", "TX4"]
    assert not any(column.regular for column in [*homeroom_columns("TT22-2021"), *primary_columns("TOAN", 4, "CK1")])


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({}, []),
        (TESTS, []),  # no regular result at all
        ({"TX1": "K"}, []),
        ({"TX1": "8"}, ["TX2", "TX3", "TX4"]),  # the tests are not let go
        ({"TX2": "8", "TX3": "K"} | TESTS, ["TX1", "TX4"]),
        ({"TX1": "8", "TX2": "8", "TX3": "8", "TX4": "8"}, []),
    ],
)
def test_empty_regular_cells_may_be_let_go_while_one_is_there(cells, wanted):
    assert codes(SCORED, cells) == wanted


def test_one_let_go_counts_in_nothing():
    # (8 + 6 + 2·7 + 3·9) / (2 + 5) = 55 / 7 = 7,857…
    cells = {"TX1": "8", "TX2": "6", "TX3": "K", "TX4": "K"} | TESTS
    assert row_result("DIEM", SCORED, cells) == (Decimal("7.9"), "")
    # As 0 each it would be 55 / 9.
    assert row_result("DIEM", SCORED, cells | {"TX3": "0", "TX4": "0"}) == (Decimal("6.1"), "")
    assert row_result("DIEM", SCORED, cells | {"CK": ""}) == (None, "")


def test_remarks_are_judged_by_those_that_are_there():
    cells = {"TX1": "D", "TX2": "K", "GK": "D", "CK": "D"}
    assert row_result("NHAN_XET", COMMENT, cells) == (None, "D")
    assert row_result("NHAN_XET", COMMENT, cells | {"GK": "CD"}) == (None, "CD")


def test_explanation_says_what_was_let_go():
    cells = {"TX1": "8", "TX2": "6", "TX3": "K", "TX4": "K", "NX": "K"} | TESTS
    told = explained_term("DIEM", term_marks(SCORED, cells), "7.9")
    words = [step.text for step in told.steps]
    assert words[:2] == [f"{code} không có kết quả, hiệu trưởng cho phép thiếu: không tính." for code in ("TX3", "TX4")]
    assert any("2 điểm thường xuyên cộng 5" in one for one in words)
    assert explained_term("DIEM", term_marks(SCORED, cells), "6.1").steps == ()


@pytest.mark.parametrize("typed", ["K", "k", " K "])
def test_no_teacher_types_it(typed):
    for column in (SCORED[0], COMMENT[0]):
        with pytest.raises(InvalidCell, match="do hiệu trưởng ghi"):
            read_cell(typed, column)
