import unicodedata

import pytest

from schools.rules.headings import ASSIGNMENTS, COLUMNS, STAFF, STUDENTS, folded, is_example, match_headings

KINDS = [STUDENTS, STAFF, ASSIGNMENTS]


@pytest.mark.parametrize("kind", KINDS)
def test_template_headings_are_all_recognised(kind):
    match = match_headings(kind, [column.heading for column in COLUMNS[kind]])
    assert (match.unknown, match.doubled, match.missing) == ((), (), ())
    assert [column.key for column in match.places.values()] == [column.key for column in COLUMNS[kind]]


@pytest.mark.parametrize("kind", KINDS)
def test_no_spelling_means_two_columns(kind):
    """Two columns of one list never share a spelling: what a heading means does not depend on the order."""
    owners: dict[str, set[str]] = {}
    for column in COLUMNS[kind]:
        for spelling in (column.heading, *column.spellings):
            owners.setdefault(folded(spelling), set()).add(column.key)
    assert {spelling: keys for spelling, keys in owners.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(
    "heading",
    [
        "HỌ VÀ TÊN",
        "ho va ten",
        " Họ  và  tên: ",
        "Họ tên HỌC SINH",
        unicodedata.normalize("NFD", "Họ và tên"),
        "Họ_và_tên",
    ],
)
def test_name_is_recognised_however_it_is_spelt(heading):
    match = match_headings(STUDENTS, [heading])
    assert [column.key for column in match.places.values()] == ["full_name"]


def test_headings_in_another_order_keep_their_places():
    match = match_headings(STUDENTS, ["Giới tính", "", "LỚP", "SĐT mẹ", "Mã HS", "Họ tên", "Ngày tháng năm sinh"])
    assert {place: column.key for place, column in match.places.items()} == {
        0: "gender", 2: "class_name", 3: "mother_phone", 4: "student_code", 5: "full_name", 6: "born_on",
    }  # fmt: skip
    assert match.missing == ()


def test_unknown_missing_and_doubled_headings_are_told():
    match = match_headings(STUDENTS, ["Mã học sinh", "Họ tên", "Họ và tên", "Cân nặng", "Lớp"])
    assert match.unknown == ("Cân nặng",)
    assert match.doubled == ("Họ và tên",)
    assert match.missing == ("Ngày sinh", "Giới tính")


def test_example_row_is_known_by_its_first_cell():
    assert is_example("Ví dụ")
    assert is_example("VÍ DỤ: xóa dòng này")
    assert not is_example("1")
    assert not is_example("")
