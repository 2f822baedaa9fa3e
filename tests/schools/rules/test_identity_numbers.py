"""Numbers that stand for a person: text with its leading zeros, and shown by its last three digits only."""

import pytest

from schools.rules.identity import is_personal_id, is_student_code, masked, phone_number


def test_personal_id_is_twelve_digits_with_a_leading_zero_kept():
    assert is_personal_id("079214000123")


@pytest.mark.parametrize(
    "text", ["", "79214000123", "0792140001234", "07921400012a", " 079214000123", "079214000123\n", "٠٧٩٢١٤٠٠٠١٢٣"]
)
def test_anything_else_is_no_personal_id(text):
    assert not is_personal_id(text)


@pytest.mark.parametrize("text", ["0012", "7912345678", "HS00000000000000000A"])
def test_student_code_is_digits_or_capitals(text):
    assert is_student_code(text)


@pytest.mark.parametrize("text", ["", "001", "HS-0012", "hs0012", "0" * 21, "0012\n"])
def test_anything_else_is_no_student_code(text):
    assert not is_student_code(text)


def test_screens_show_the_last_three_digits_only():
    assert masked("079214000123") == "•••••••••123"
    assert masked("") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("+840912345678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("912345678", None),
        ("+85 912345678", None),
        ("", None),
    ],
)
def test_phone_number_is_read_from_the_usual_spellings(text, number):
    assert phone_number(text) == number
