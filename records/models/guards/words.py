"""What the guards say in SQL of the states and moves in records/rules/signoff.py."""

from collections.abc import Iterable

from records.rules import signoff
from schools.rules.levels import GRADES, terms_of_level


def moves(of: Iterable[signoff.Move]) -> str:
    """The rows of a VALUES list: (before, after, role or slot)."""
    return ", ".join(f"('{move.before}', '{move.after}', '{move.role}')" for move in of)


SLOT_ROLES = ", ".join(f"('{slot}', '{role}')" for slot, role in signoff.SLOT_ROLES.items())
TODAY = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
ON_THE_WAY = ", ".join(f"'{state}'" for state in signoff.ON_THE_WAY)
PUBLISHED = f"'{signoff.SEALED}', '{signoff.REPLACED}'"
WRITABLE = ", ".join(f"'{state}'" for state in sorted(signoff.WRITABLE))
CLOSED = ", ".join(f"'{state}'" for state in sorted(signoff.CLOSED))
LAST_TERMS = ", ".join(sorted({f"'{terms_of_level(level)[-1]}'" for level in GRADES}))
