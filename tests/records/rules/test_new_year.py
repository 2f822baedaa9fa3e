"""Which way an outcome leads, and how the classes of the next year are called."""

import pytest

from records.documents.words import PROMOTIONS
from records.rules.new_year import AGAIN, UP, WAITS, Name, is_intake, next_name, proposed_names, way_of

LOWER = (6, 7, 8, 9)


def names(*called):
    return [Name(name, int(name[: 2 if name[:2].isdigit() else 1])) for name in called]


@pytest.mark.parametrize(
    ("promotion", "way"),
    [
        ("LEN_LOP", UP), ("HOAN_THANH", UP), ("KHONG_LEN_LOP", AGAIN), ("DANH_GIA_LAI", WAITS),
        ("REN_LUYEN_HE", WAITS), ("HOI_DONG", WAITS), ("DANH_GIA_BO_SUNG", WAITS), ("HIEU_TRUONG", WAITS),
    ],
)  # fmt: skip
def test_tt22_12_every_outcome_leads_somewhere(promotion, way):
    assert way_of(promotion) == way


def test_every_outcome_that_has_words_is_known():
    assert all(way_of(promotion) for promotion in PROMOTIONS)
    with pytest.raises(ValueError, match="không phải là kết quả"):
        way_of("")


@pytest.mark.parametrize(
    ("name", "following"),
    [("7A", "8A"), ("9 Anh 1", "10 Anh 1"), ("06B", "7B"), ("7/1", "8/1"), ("1", "2"), ("Chim non", "")],
)
def test_class_goes_on_under_the_next_number(name, following):
    assert next_name(name) == following


def test_classes_go_up_and_who_stays_finds_a_class_of_the_grade():
    proposed = proposed_names(names("6A", "7A", "7C", "8A", "9A"), LOWER)
    assert {name: proposed[name, UP] for name in ("6A", "7A", "7C", "8A", "9A")} == {
        "6A": "7A", "7A": "8A", "7C": "8C", "8A": "9A", "9A": "",
    }  # fmt: skip
    # There is a 7A (of 6A) and no 7C; 6A is where other schools' students come.
    assert {name: proposed[name, AGAIN] for name in ("6A", "7A", "7C", "8A", "9A")} == {
        "6A": "6A", "7A": "7A", "7C": "7A", "8A": "8A", "9A": "9A",
    }  # fmt: skip


def test_class_that_is_there_keeps_its_spelling():
    proposed = proposed_names(names("7A", "7B"), LOWER, [Name("8 a", 8), Name("7 B", 7)])
    assert (proposed["7A", UP], proposed["7B", UP]) == ("8 a", "8B")
    assert (proposed["7A", AGAIN], proposed["7B", AGAIN]) == ("7 B", "7 B")


def test_grade_without_a_class_gets_the_old_name_and_an_unnumbered_class_no_proposal():
    proposed = proposed_names([*names("7A"), Name("Chim non", 7)], LOWER)
    assert (proposed["7A", AGAIN], proposed["Chim non", UP], proposed["Chim non", AGAIN]) == ("7A", "", "Chim non")


@pytest.mark.parametrize(("grade", "taken"), [(1, True), (2, False), (10, True), (12, False), (6, False)])
def test_school_takes_students_in_where_it_has_no_grade_before(grade, taken):
    assert is_intake(grade, (1, 2, 3, 4, 5, 10, 11, 12)) is taken
