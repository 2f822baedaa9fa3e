"""Results of a year of tiểu học told in steps that lead to what was stored (TT 27/2020 Đ9.2.a, Đ11, Đ13.1.a)."""

from decimal import Decimal

import pytest

from records.rules.explained import Explanation
from records.rules.explained_tt27 import explained_completion, explained_result, explained_title

GOOD = ({"TOAN": "T"}, {"YEU_NUOC": "T"}, {"TOAN": Decimal(8)})


def test_result_tells_what_keeps_from_the_higher_one_and_why_it_is_this():
    told = explained_result(*GOOD, "HTT")
    assert told.value == "HTT"
    assert [step.text.partition(":")[0] for step in told.steps] == [
        "Chưa được mức Hoàn thành xuất sắc",
        "Kết quả giáo dục",
    ]
    assert {step.article for step in told.steps} == {"TT 27/2020/TT-BGDĐT Đ9.2.a"}


@pytest.mark.parametrize("stored", ["HTXS", "HT", "CHT"])
def test_result_that_was_stored_otherwise_is_not_explained_away(stored):
    assert explained_result(*GOOD, stored) == Explanation(stored)


@pytest.mark.parametrize("lacking", [0, 1, 2])
def test_page_that_lacks_what_the_rule_asks_for_has_no_steps(lacking):
    given = [{} if place == lacking else part for place, part in enumerate(GOOD)]
    assert explained_result(*given, "HTT") == Explanation("HTT")


@pytest.mark.parametrize(
    ("result", "value", "told"), [("HT", "HOAN_THANH", 1), ("CHT", "DANH_GIA_BO_SUNG", 1), ("CHT", "HOAN_THANH", 0)]
)
def test_completion(result, value, told):
    explained = explained_completion(result, value)
    assert (explained.value, len(explained.steps)) == (value, told)


@pytest.mark.parametrize(
    ("result", "value", "told"), [("HTXS", "HSXS", 1), ("HTT", "HSTB", 1), ("HTT", "", 1), ("HT", "HSTB", 0)]
)
def test_title(result, value, told):
    explained = explained_title(result, value)
    assert (explained.value, len(explained.steps)) == (value, told)
