"""The tables of moves, written out a second time: whoever changes one changes both, and says why."""

import pytest

from records.models import ClassPeriod, PageVersion, Slot
from records.rules.signoff import CLASS_MOVES, PAGE_MOVES, WRITABLE, Move, state_after, state_before


def test_class_moves_are_these_and_no_others():
    assert set(CLASS_MOVES) == {
        Move("MO", "DA_NOP", "GVCN"),
        Move("TRA_LAI", "DA_NOP", "GVCN"),
        Move("DA_NOP", "TRA_LAI", "HIEU_TRUONG"),
        Move("DA_NOP", "DA_DUYET", "HIEU_TRUONG"),
        Move("DA_DUYET", "DA_CAP", "VAN_THU"),
    }
    assert len(CLASS_MOVES) == 5


def test_page_moves_are_these_and_no_others():
    assert set(PAGE_MOVES) == {
        Move("CHUAN_BI", "GVCN_DA_KI", "GVCN"),
        Move("GVCN_DA_KI", "HT_DA_KI", "HIEU_TRUONG"),
        Move("HT_DA_KI", "DA_CAP", "CON_DAU"),
        Move("CHUAN_BI", "DA_RUT", ""),
        Move("GVCN_DA_KI", "DA_RUT", ""),
        Move("DA_CAP", "DA_THAY", ""),
    }
    assert len(PAGE_MOVES) == 6


def test_marks_are_written_only_before_submission_and_after_a_return():
    assert {"MO", "TRA_LAI"} == WRITABLE


def test_states_of_the_moves_are_those_of_the_models():
    assert {state for move in CLASS_MOVES for state in (move.before, move.after)} == set(ClassPeriod.State.values)
    assert {state for move in PAGE_MOVES for state in (move.before, move.after)} == set(PageVersion.State.values)
    assert [move.role for move in PAGE_MOVES if move.role] == Slot.values


def reached(moves: tuple[Move, ...], start: str) -> set[str]:
    found, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        found.add(state)
        waiting += [move.after for move in moves if move.before == state and move.after not in found]
    return found


def test_what_is_issued_or_withdrawn_never_goes_back():
    assert reached(CLASS_MOVES, "DA_DUYET") == {"DA_DUYET", "DA_CAP"}
    assert reached(PAGE_MOVES, "DA_CAP") == {"DA_CAP", "DA_THAY"}
    assert reached(PAGE_MOVES, "DA_RUT") == {"DA_RUT"}
    assert reached(PAGE_MOVES, "HT_DA_KI") == {"HT_DA_KI", "DA_CAP", "DA_THAY"}


def test_no_hand_makes_two_moves_in_a_row_of_a_class_that_goes_forward():
    forward = [move for move in CLASS_MOVES if move.after != "TRA_LAI" and move.before != "TRA_LAI"]
    assert [move.role for move in forward] == ["GVCN", "HIEU_TRUONG", "VAN_THU"]


@pytest.mark.parametrize(
    ("slot", "before", "after"),
    [
        ("GVCN", "CHUAN_BI", "GVCN_DA_KI"),
        ("HIEU_TRUONG", "GVCN_DA_KI", "HT_DA_KI"),
        ("CON_DAU", "HT_DA_KI", "DA_CAP"),
    ],
)
def test_page_waits_for_a_slot_in_one_state_and_reaches_the_next(slot, before, after):
    assert (state_before(slot), state_after(slot)) == (before, after)


@pytest.mark.parametrize("slot", ["", "VAN_THU", "GVBM", "gvcn"])
@pytest.mark.parametrize("asked", [state_before, state_after])
def test_unknown_slot_has_no_state(asked, slot):
    with pytest.raises(LookupError) as refusal:
        asked(slot)
    assert refusal.value.args == (slot,)
