import pytest

from schools.rules.class_names import class_key, grade_of_name, why_not_a_class_name, without_word


@pytest.mark.parametrize("typed", ["7A", "7a", " 7 A ", "Lớp 7A", "lop 7a", "07A"])
def test_spellings_of_one_name(typed):
    assert class_key(typed) == "7A"


@pytest.mark.parametrize(
    ("typed", "name"), [("Lớp 7A", "7A"), (" 10  Anh 1", "10 Anh 1"), ("lop", "lop"), ("Lớp", "Lớp"), ("", "")]
)
def test_the_word_before_a_name_is_no_part_of_it(typed, name):
    assert without_word(typed) == name


@pytest.mark.parametrize(
    ("name", "grade"), [("7A", 7), ("10 Anh 1", 10), ("6/1", 6), ("12", 12), ("A7", None), ("101A", None)]
)
def test_grade_is_the_number_the_name_begins_with(name, grade):
    assert grade_of_name(name) == grade


@pytest.mark.parametrize(
    ("name", "grade"), [("7A", 7), ("7A10", 7), ("10 Anh 1", 10), ("10 Toán", 10), ("6/1", 6), ("9.2", 9), ("1Đ", 1)]
)
def test_usual_names_are_accepted(name, grade):
    assert why_not_a_class_name(name, grade) == ""


@pytest.mark.parametrize(
    ("name", "grade", "why"),
    [
        ("", 7, "Hãy ghi"),
        (" ", 7, "Hãy ghi"),
        ("<b>6", 6, "“<”"),
        ("=6A", 6, "“=”"),
        ("7X", 6, "số khối 6"),
        ("6\u202eA", 6, "kí tự"),
    ],
)
def test_other_names_are_refused_with_the_reason(name, grade, why):
    assert why in why_not_a_class_name(name, grade)
