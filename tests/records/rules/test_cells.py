"""What was typed in a cell: the table of cases that the browser's reader is held to as well, and what holds for all."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.cells import CONDUCT_WORDS, LONGEST_TEXT, MOST_DAYS, InvalidCell, read_cell, shown_cell
from records.rules.columns import (
    CONDUCT,
    DAYS,
    LEVEL,
    MARK,
    PASS,
    SCORE,
    SCORE_FROM_ZERO,
    TEXT,
    TICK,
    TRAIT,
    Column,
)

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "cells.json").read_text(encoding="utf-8"))
SCALES = (MARK, PASS, CONDUCT, DAYS, TEXT, LEVEL, TRAIT, SCORE, SCORE_FROM_ZERO, TICK)
ALL_MARKS = [str(whole) for whole in range(11)] + [f"{whole}.{part}" for whole in range(10) for part in range(1, 10)]


def column(scale: str, *, periodic: bool = False) -> Column:
    return Column("X", "X", "X", scale, periodic=periodic)


def read(typed: str, scale: str, *, periodic: bool = False) -> dict[str, str]:
    """The value or the fault, as the shared table says it."""
    try:
        return {"value": read_cell(typed, column(scale, periodic=periodic))}
    except InvalidCell as fault:
        return {"fault": str(fault)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(f"{case['scale']}:{case['typed'][:20]}"))
def test_read_cell_as_in_the_shared_table(case):
    expected = {name: case[name] for name in ("value", "fault") if name in case}
    assert read(case["typed"], case["scale"], periodic=case["periodic"]) == expected


def test_shared_table_has_every_scale_with_values_and_faults_and_no_case_twice():
    assert {(case["scale"], "fault" in case) for case in CASES} == {
        (scale, faulty) for scale in SCALES for faulty in (True, False)
    }
    asked = Counter((case["scale"], case["periodic"], case["typed"]) for case in CASES)
    assert [case for case, times in asked.items() if times > 1] == []
    assert {len(case) for case in CASES} == {4}


def test_no_fault_proposes_a_value_made_from_what_was_typed():
    """A suggestion would be a rounding (ux.md §2.3, regression 4): the example is the same whatever was typed."""
    faults = {case["fault"] for case in CASES if case["scale"] == MARK and "fault" in case}
    assert len(faults) == 6
    assert {fault for fault in faults if any(proposed in fault for proposed in ("8,6", "8,5", "1,1", "1,2"))} == set()


# -- For every value --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["", *ALL_MARKS])
def test_read_cell_of_a_shown_mark_is_the_mark(value):
    assert read_cell(shown_cell(value, MARK), column(MARK)) == value


@pytest.mark.parametrize(
    ("scale", "values"),
    [(MARK, ["V"]), (PASS, ["", "D", "CD", "V"]), (CONDUCT, ["", *CONDUCT_WORDS]),
     (DAYS, ["", *map(str, range(MOST_DAYS + 1))]), (LEVEL, ["", *"THC"]), (TRAIT, ["", *"TDC"]), (TICK, ["", "X"]),
     (SCORE, ["", *map(str, range(1, 11))]), (SCORE_FROM_ZERO, ["", *map(str, range(11))])],
)  # fmt: skip
def test_read_cell_of_any_other_shown_value_is_the_value(scale, values):
    assert [read_cell(shown_cell(value, scale), column(scale, periodic=True)) for value in values] == values


PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=LONGEST_TEXT)


@given(typed=PRINTABLE)
def test_text_once_read_is_read_again_as_itself(typed):
    value = read(typed, TEXT)
    assert read(shown_cell(value.get("value", typed), TEXT), TEXT) == value


@given(typed=st.text(max_size=12) | st.from_regex(r"[0-9]{0,3}[,.]?[0-9]{0,3}", fullmatch=True), periodic=st.booleans())
def test_mark_is_one_of_the_scale_or_refused(typed, periodic):
    value = read(typed, MARK, periodic=periodic).get("value", "")
    assert value in {"", *ALL_MARKS, *(["V"] if periodic else [])}


@given(typed=st.text(max_size=8), scale=st.sampled_from(SCALES), periodic=st.booleans())
def test_value_once_read_stays_the_same_when_shown_and_read(typed, scale, periodic):
    result = read(typed, scale, periodic=periodic)
    if "value" in result:
        assert read(shown_cell(result["value"], scale), scale, periodic=periodic) == result


@given(thousandths=st.integers(0, 20_000))
def test_number_is_taken_as_it_is_or_refused_and_never_rounded(thousandths):
    whole, part = divmod(thousandths, 1000)
    typed = f"{whole},{part:03d}".rstrip("0").rstrip(",")
    on_scale = thousandths <= 10_000 and thousandths % 100 == 0
    assert read(typed, MARK).get("value") == (typed.replace(",", ".") if on_scale else None)


@given(typed=st.text(max_size=20), scale=st.sampled_from(SCALES))
def test_composed_and_decomposed_letters_are_read_alike(typed, scale):
    composed, decomposed = (unicodedata.normalize(form, typed) for form in ("NFC", "NFD"))
    assert read(composed, scale, periodic=True) == read(decomposed, scale, periodic=True)


@given(typed=st.text(max_size=12), scale=st.sampled_from(SCALES))
def test_spaces_around_change_nothing(typed, scale):
    assert read(f" \u00a0\t{typed}\n ", scale, periodic=True) == read(typed, scale, periodic=True)
