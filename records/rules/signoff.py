"""How a class's term and a page of the book pass from hand to hand: every move there is, and whose it is.

The database's triggers hold the same tables. Sources: TT 22/2021/TT-BGDĐT Đ18–20 (subject teacher, homeroom teacher,
principal); law.md §5.4 (order of signatures: GVBM, GVCN, hiệu trưởng, then the seal of the school).
"""

from dataclasses import dataclass
from typing import Final

OPEN: Final = "MO"
SUBMITTED: Final = "DA_NOP"
RETURNED: Final = "TRA_LAI"
SIGNED_OFF: Final = "DA_DUYET"
ISSUED: Final = "DA_CAP"

HOMEROOM: Final = "GVCN"
PRINCIPAL: Final = "HIEU_TRUONG"
CLERK: Final = "VAN_THU"


@dataclass(frozen=True)
class Move:
    """From one state to the next, and who may make it."""

    before: str
    after: str
    role: str


# A class in a period (TT 22/2021 Đ18, Đ20; law.md §5.4).
CLASS_MOVES: Final = (
    Move(OPEN, SUBMITTED, HOMEROOM),
    Move(RETURNED, SUBMITTED, HOMEROOM),
    Move(SUBMITTED, RETURNED, PRINCIPAL),
    Move(SUBMITTED, SIGNED_OFF, PRINCIPAL),
    Move(SIGNED_OFF, ISSUED, CLERK),
)
WRITABLE: Final = frozenset({OPEN, RETURNED})
CLOSED: Final = frozenset({SIGNED_OFF, ISSUED})

PREPARED: Final = "CHUAN_BI"
BY_HOMEROOM: Final = "GVCN_DA_KI"
BY_PRINCIPAL: Final = "HT_DA_KI"
SEALED: Final = "DA_CAP"
WITHDRAWN: Final = "DA_RUT"
REPLACED: Final = "DA_THAY"

ON_THE_WAY: Final = (PREPARED, BY_HOMEROOM, BY_PRINCIPAL)

SEAL_SLOT: Final = "CON_DAU"

# Whose act a signature in a slot is (law.md §5.4, §6.1: the clerk holds the school's certificate).
SLOT_ROLES: Final = {HOMEROOM: HOMEROOM, PRINCIPAL: PRINCIPAL, SEAL_SLOT: CLERK}

# A version of a page: the slot that a signature fills on the way, or none (law.md §5.4; house: never reused).
PAGE_MOVES: Final = (
    Move(PREPARED, BY_HOMEROOM, HOMEROOM),
    Move(BY_HOMEROOM, BY_PRINCIPAL, PRINCIPAL),
    Move(BY_PRINCIPAL, SEALED, SEAL_SLOT),
    Move(PREPARED, WITHDRAWN, ""),
    Move(BY_HOMEROOM, WITHDRAWN, ""),
    Move(SEALED, REPLACED, ""),
)


def state_before(slot: str) -> str:
    """The state in which a page waits for the signature of a slot (law.md §5.4). LookupError for an unknown slot."""
    return _by_slot(slot).before


def state_after(slot: str) -> str:
    """The state a page reaches by the signature of a slot (law.md §5.4). LookupError for an unknown slot."""
    return _by_slot(slot).after


def _by_slot(slot: str) -> Move:
    for move in PAGE_MOVES:
        if slot and move.role == slot:
            return move
    raise LookupError(slot)
