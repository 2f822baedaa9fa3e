"""User names and one-use codes: an account is of one person, and a code is typed by a tired hand."""

from itertools import count

import pytest

from schools.rules.accounts import ALPHABET, code_of, normal_code, user_name_stem


@pytest.mark.parametrize(
    ("plain", "stem"),
    [
        ("nguyen thi phuong lan", "lanntp"),
        ("Le An", "anl"),
        ("h'hen nie", "nieh"),
        ("an", "an"),
        (" - ", "nguoidung"),
        ("x " * 60 + "an", "an" + "x" * 38),
    ],
)
def test_user_name_is_the_given_name_and_initials(plain, stem):
    assert user_name_stem(plain) == stem


def test_code_takes_each_of_its_sixteen_letters_by_chance_from_all():
    asked = []
    numbers = count()
    assert code_of(lambda below: asked.append(below) or next(numbers)) == "0123-4567-89AB-CDEF"
    assert asked == [32] * 16 == [len(set(ALPHABET))] * 16


@pytest.mark.parametrize("typed", ["7KQ2-M0XA-93ZT-VB51", "7kq2 moxa 93zt vb5l", " 7KQ2MOXA-93ZT VB5i "])
def test_code_is_known_however_it_is_typed(typed):
    assert normal_code(typed) == "7KQ2M0XA93ZTVB51"
