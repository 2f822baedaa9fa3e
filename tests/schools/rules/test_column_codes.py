"""The columns of a sheet by their codes: which there are, how lists write them, how parts share them."""

import pytest

from schools.rules.column_codes import (
    codes_in_words,
    codes_of,
    lacks_in_words,
    left_to_nobody,
    read_codes,
    why_unshared,
)
from schools.rules.gdpt2018 import offerings

ALL = ["TX1", "TX2", "TX3", "TX4", "GK", "CK", "NX"]
PARTS = ("Lịch sử", "Địa lí")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("TX1, TX2, GK", ["TX1", "TX2", "GK"]),
        ("tx 1;  TX2", ["TX1", "TX2"]),
        ("ĐĐGtx1, ĐĐGgk", ["TX1", "GK"]),
        ("Thường xuyên 3 và giữa kì", ["TX3", "GK"]),
        ("Giữa kỳ / Cuối kỳ", ["GK", "CK"]),
        ("TX1 TX2 CK", ["TX1", "TX2", "CK"]),
        ("điểm giữa kì\nnhận xét", ["GK", "NX"]),
        ("TX1, TX1", ["TX1"]),
        ("TX9", ["TX9"]),  # of no sheet; said by whoever knows the subject
        ("Tất cả", None),
        ("mọi cột", None),
    ],
)
def test_codes_are_read_in_common_spellings(text, codes):
    assert read_codes(text) == codes


@pytest.mark.parametrize(("text", "words"), [("TX1, miệng", "miệng"), ("15 phút", "15 phút"), ("TX", "TX"), ("1", "1")])
def test_words_that_name_no_column_are_said(text, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        read_codes(text)


def test_codes_stand_in_the_order_of_the_sheet():
    assert codes_in_words({"CK", "TX2", "GK", "TX1"}) == "TX1, TX2, GK, CK"
    assert codes_in_words([]) == "mọi cột"


@pytest.mark.parametrize(
    ("taught", "why"),
    [
        ({}, ""),
        ({"Lịch sử": [], "Địa lí": []}, ""),
        ({"Lịch sử": ["TX1", "TX2", "GK"], "Địa lí": ["TX3", "TX4", "CK"]}, ""),
        ({"Lịch sử": ["TX1"]}, ""),  # whoever comes for the other part gets the rest
        ({"Lịch sử": ["TX1", "TX5"]}, "Sử-Địa không có cột TX5."),
        (
            {"Lịch sử": ["TX1"], "Địa lí": []},
            "Sử-Địa: đã chia cột thì phân môn nào cũng phải có cột; Địa lí chưa có.",
        ),
        (
            {"Lịch sử": ["TX1", "GK"], "Địa lí": ["GK", "CK"]},
            "Sử-Địa: cột GK chỉ giao cho một phân môn, không giao cho cả Lịch sử và Địa lí.",
        ),
        (
            {"Lịch sử": ["TX1", "TX2", "GK"], "Địa lí": ["TX3"]},
            "Sử-Địa: cột TX4, CK chưa giao cho phân môn nào.",
        ),
    ],
)
def test_parts_share_the_columns_wholly_and_once(taught, why):
    assert why_unshared("Sử-Địa", PARTS, taught, ALL) == why


def test_columns_of_every_subject_are_those_of_its_sheet():
    """The record makes the sheets; this app, which is below it, only names their columns."""
    from records.rules.columns import NoColumns, sheet_columns

    for offer in offerings():
        try:
            codes = tuple(column.code for column in sheet_columns(offer.rule_set, offer.kind, offer.annual_periods))
        except NoColumns:
            codes = ()
        assert codes_of(offer.rule_set, offer.kind, offer.annual_periods) == codes, offer


@pytest.mark.parametrize(
    ("taught", "lacks"),
    [
        ([], ["chưa có giáo viên"]),
        ([("", [])], []),
        ([("Lí", []), ("Hóa", []), ("Sinh", [])], []),
        ([("Lí", []), ("Hóa", [])], ["phân môn Sinh chưa có giáo viên"]),
        (
            [("Lí", ["TX1", "GK"]), ("Hóa", ["TX2"])],
            ["phân môn Sinh chưa có giáo viên", "cột TX3, TX4, CK chưa giao cho ai"],
        ),
        ([("Lí", ["TX1", "GK"]), ("Hóa", ["TX2"]), ("Sinh", ["TX3", "TX4", "CK"])], []),
    ],
)
def test_what_of_a_subject_nobody_teaches_is_said_in_words(taught, lacks):
    codes = ("TX1", "TX2", "TX3", "TX4", "GK", "CK", "NX")
    assert lacks_in_words(("Lí", "Hóa", "Sinh"), taught, codes) == lacks


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ([], []),  # nobody teaches: a teacher is missing, not a column
        ([[]], []),  # one teacher, all columns
        ([["TX1", "TX2", "GK"], []], []),
        ([["TX1", "TX2", "GK"], ["TX3", "CK"]], ["TX4"]),
        ([["TX1", "TX2", "TX3", "TX4", "GK", "CK"]], []),  # the remark may be empty
    ],
)
def test_columns_that_must_be_filled_are_left_to_nobody(written, left):
    assert left_to_nobody(ALL, written) == left
