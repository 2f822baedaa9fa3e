"""From the cells of a row to results of a term and of a year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.columns import Column, primary_columns, sheet_columns
from records.rules.results import SubjectResult, counted_mappings, learning, row_result, year_result
from records.rules.tt22 import LearningResult

SCORED = sheet_columns("TT22-2021", "DIEM", 35)
COMMENT = sheet_columns("TT22-2021", "NHAN_XET", 35)
NOTHING = (None, "")
MARKS = st.integers(0, 100).map(lambda tenths: Decimal(tenths) / 10)


def cells(text: str, *codes: str) -> dict[str, str]:
    return dict(zip(codes or ("TX1", "TX2", "GK", "CK"), text.split(), strict=True))


@pytest.mark.parametrize(
    ("typed", "average"),
    [
        ("8 8 8 8", "8.0"),
        ("10 0 0 0", "1.4"),
        ("0 0 10 0", "2.9"),
        ("0 0 0 10", "4.3"),
        ("0 0 0 0", "0.0"),
        ("8 8 V 8", "5.7"),  # 40 : 7: a test missed without reason is 0 (Đ7)
        ("8 8 8 V", "4.6"),  # 32 : 7
        ("8 8 V V", "2.3"),
    ],
)
def test_row_of_a_scored_subject_has_its_average(typed, average):
    assert row_result("DIEM", SCORED, cells(typed)) == (Decimal(average), "")


def test_row_with_more_regular_marks_is_divided_by_their_number():
    columns = sheet_columns("TT22-2021", "DIEM", 140)
    row = cells("7 7.5 8 8.5 8 9", "TX1", "TX2", "TX3", "TX4", "GK", "CK")
    assert row_result("DIEM", columns, row) == (Decimal("8.2"), "")  # 74 : 9 = 8,22…


@pytest.mark.parametrize("empty", ["TX1", "TX2", "GK", "CK"])
@pytest.mark.parametrize(("kind", "columns", "typed"), [("DIEM", SCORED, "8 8 8 8"), ("NHAN_XET", COMMENT, "D D D D")])
def test_row_with_an_empty_cell_has_no_result(kind, columns, typed, empty):
    row = cells(typed)
    assert row_result(kind, columns, {**row, empty: ""}) == NOTHING
    del row[empty]
    assert row_result(kind, columns, row) == NOTHING


def test_remark_neither_counts_nor_is_waited_for():
    assert row_result("DIEM", SCORED, {**cells("8 8 8 8"), "NX": "Chăm học."}) == (Decimal("8.0"), "")
    assert row_result("NHAN_XET", COMMENT, {**cells("D D D D"), "NX": "Chăm học."}) == (None, "D")


@pytest.mark.parametrize(
    ("typed", "level"),
    [("D D D D", "D"), ("CD D D D", "CD"), ("D D D CD", "CD"), ("D D V D", "CD"), ("CD CD CD CD", "CD")],
)
def test_row_by_remarks_is_passed_when_everything_is(typed, level):
    assert row_result("NHAN_XET", COMMENT, cells(typed)) == (None, level)


@given(regular=st.tuples(MARKS, MARKS), midterm=MARKS, final=MARKS)
def test_absent_counts_as_zero(regular, midterm, final):
    def result(gk, ck):
        values = [*map(str, regular), gk, ck]
        return row_result("DIEM", SCORED, dict(zip(("TX1", "TX2", "GK", "CK"), values, strict=True)))

    assert result("V", str(final)) == result("0", str(final))
    assert result(str(midterm), "V") == result(str(midterm), "0")


# -- Learning results -------------------------------------------------------------------------------------------------
def scored(*values: str) -> list[SubjectResult]:
    return [SubjectResult(f"MON{number}", "DIEM", value) for number, value in enumerate(values)]


def by_remarks(level: str, *, counted: bool = True) -> SubjectResult:
    return SubjectResult("GDTC", "NHAN_XET", level, counted)


EIGHT_GOOD = ("8.0",) * 8


def test_learning_is_good_when_all_is():
    assert learning([*scored(*EIGHT_GOOD), by_remarks("D")]) == LearningResult("TOT", None, "TOT")


@pytest.mark.parametrize(
    "pulling",
    [SubjectResult("TIN", "DIEM", "2.0", counted=False), by_remarks("CD", counted=False)],
    ids=["scored", "by remarks"],
)
def test_subject_that_does_not_count_pulls_nothing_down(pulling):
    assert learning([*scored(*EIGHT_GOOD), pulling]) == LearningResult("TOT", None, "TOT")


def test_subject_that_does_not_count_lifts_nothing_up():
    five = scored("8.0", "8.0", "8.0", "8.0", "8.0", "7.0", "7.0", "7.0")
    extra = SubjectResult("NN2", "DIEM", "9.0", counted=False)
    assert learning([*five, extra, by_remarks("D")]).final == "KHA"
    assert learning([*five, SubjectResult("NN2", "DIEM", "9.0"), by_remarks("D")]).final == "TOT"


def test_one_subject_alone_pulls_down_by_one_level_only():
    assert learning([*scored(*EIGHT_GOOD[:7]), SubjectResult("TOAN", "DIEM", "4.0"), by_remarks("D")]) == (
        LearningResult("DAT", "TOAN", "KHA")
    )


def test_term_and_year_values_are_read_as_they_are_stored():
    assert learning([*scored(*("6.5",) * 6, "5.0"), by_remarks("D")]) == LearningResult("KHA", None, "KHA")
    assert learning([*scored(*("6.5",) * 5, "6.4", "5.0"), by_remarks("D")]) == LearningResult("DAT", None, "DAT")


# -- The year ---------------------------------------------------------------------------------------------------------
def term_result(value: str, kind: str = "DIEM", *, counted: bool = True) -> SubjectResult:
    return SubjectResult("TOAN", kind, value, counted)


@pytest.mark.parametrize(
    ("first", "second", "year"),
    [("8.0", "8.0", "8.0"), ("5.0", "8.0", "7.0"), ("8.0", "5.0", "6.0"), ("7.9", "8.0", "8.0"), ("0.0", "0.1", "0.1")],
)
def test_year_of_a_scored_subject_weighs_the_second_term_twice(first, second, year):
    assert year_result(term_result(first), term_result(second)) == term_result(year)


@pytest.mark.parametrize(("first", "second"), [("D", "CD"), ("CD", "D"), ("D", "D"), ("CD", "CD")])
def test_year_by_remarks_is_the_second_term(first, second):
    assert year_result(term_result(first, "NHAN_XET"), term_result(second, "NHAN_XET")) == (
        term_result(second, "NHAN_XET")
    )


@pytest.mark.parametrize("first", [None, term_result("")], ids=["none", "empty"])
@pytest.mark.parametrize("second", [term_result("6.5"), term_result("CD", "NHAN_XET")], ids=["scored", "by remarks"])
def test_year_of_a_subject_taken_from_the_second_term_is_that_term(first, second):
    assert year_result(first, second) == second


def test_year_counts_if_the_second_term_does():
    assert year_result(term_result("8.0"), term_result("8.0", counted=False)) == term_result("8.0", counted=False)
    assert year_result(term_result("8.0", counted=False), term_result("8.0")) == term_result("8.0")


def test_subjects_that_count_are_told_apart_by_their_kind():
    results = [
        SubjectResult("TOAN", "DIEM", "7.9"),
        SubjectResult("GDTC", "NHAN_XET", "CD"),
        SubjectResult("NGOAI_NGU_2", "DIEM", "2.0", counted=False),
        SubjectResult("AM_NHAC", "NHAN_XET", "CD", counted=False),
    ]
    assert counted_mappings(results) == ({"TOAN": Decimal("7.9")}, {"GDTC": "CD"})


@pytest.mark.parametrize(
    ("cells", "level"),
    [({"MUC": "H", "KT": "8"}, "H"), ({"MUC": "T"}, ""), ({"KT": "8"}, ""), ({"MUC": "C", "KT": "0", "NX": "x"}, "C")],
)
def test_row_of_a_subject_at_primary_has_its_level_once_the_score_is_there(cells, level):
    assert row_result("MUC", primary_columns("TOAN", 4, "CN"), cells) == (None, level)


@pytest.mark.parametrize(
    ("topic", "average"), [("", "8.0"), ("10", "8.3"), ("0", "7.1")]
)  # 56 : 7; (56 + 10) : 8 = 8,25; 57 : 8 = 7,125
def test_topic_counts_as_one_regular_mark_where_it_was_entered(topic, average):
    columns = [*SCORED[:2], Column("CD", "CĐ", "Chuyên đề học tập", "DIEM", weight=1, required=False), *SCORED[2:]]
    row = cells("8 8 8 8") | ({"CD": topic} if topic else {})
    if topic == "0":
        row["TX1"] = "9"
    assert row_result("DIEM", columns, row) == (Decimal(average), "")


def test_topic_by_remarks_counts_with_the_others():
    columns = [*COMMENT[:2], Column("CD", "CĐ", "Chuyên đề học tập", "DAT", weight=1, required=False), *COMMENT[2:]]
    assert row_result("NHAN_XET", columns, {**cells("D D D D"), "CD": "CD"}) == (None, "CD")
    assert row_result("NHAN_XET", columns, {**cells("D D D D"), "CD": "D"}) == (None, "D")
    assert row_result("NHAN_XET", columns, cells("D D D D")) == (None, "D")
