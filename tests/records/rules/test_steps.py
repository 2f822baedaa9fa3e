from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from records.rules.steps import Step, equals, one_place, written


@pytest.mark.parametrize(
    ("number", "words"), [("8", "8"), ("8.0", "8"), ("8.50", "8,5"), ("10", "10"), ("1E+1", "10"), ("0.0", "0")]
)
def test_written_has_no_superfluous_zeros(number, words):
    assert written(Decimal(number)) == words


@pytest.mark.parametrize(("number", "words"), [("8", "8,0"), ("8.5", "8,5"), ("10", "10,0"), ("0", "0,0")])
def test_one_place_always_has_one(number, words):
    assert one_place(Decimal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [("8.25", "= 8,25"), ("9", "= 9"), ("7.7222", "≈ 7,722"), ("3.0125", "≈ 3,013"), ("7.9667", "≈ 7,967")],
)
def test_equals_says_whether_it_is_exact(number, words):
    assert equals(Decimal(number)) == words


def test_a_step_cannot_be_rewritten():
    with pytest.raises(FrozenInstanceError):
        Step("Một câu.", "TT 22/2021/TT-BGDĐT Đ9.1.b").text = "Một câu khác."
