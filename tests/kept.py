"""What most tests begin with is written once and kept: the cast, upon it class 7A in its first term, upon that the
same class with everything confirmed and written, and submitted.

Each lies in a transaction of its own that stays open under the tests which want it; a test's own transaction lies
upon them and is rolled back to them, so that no test sees another's. Objects are given as copies. A test that commits,
or wants nothing of this, finds the empty database: what is kept is rolled back before it begins.
"""

import copy
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.transaction import Atomic

from tests.cast import Cast, make_cast
from tests.records.term import Term, all_written, hand_in, make_term


@dataclass
class Layer:
    """Something kept, and the open transaction in which it was written."""

    name: str
    atomic: Atomic
    thing: Any


@dataclass
class Kept:
    """A pile of layers, the lowest first, and the copies of them that belong to the running test. The people of a term
    are its own: those below stay as they were made, remembering nothing of what they did in it."""

    pile: list[Layer] = field(default_factory=list)
    copies: dict[str, Any] = field(default_factory=dict)

    def lay(self, wanted: list[str]) -> None:
        """Have exactly these layers in the database; outside a test's transaction. What fits already stays."""
        names = [layer.name for layer in self.pile]
        same = next((at for at, (old, new) in enumerate(zip(names, wanted, strict=False)) if old != new), len(wanted))
        while len(self.pile) > same:
            self._roll_back()
        for name in wanted[len(self.pile) :]:
            self._add(name)
        # What is done to the term changes the database alone: its copy serves the layers upon it too.
        self.copies = copy.deepcopy({layer.name: layer.thing for layer in self.pile[:2]})
        if "term" in self.copies:
            self.copies["cast"] = self.copies["term"].cast

    def _add(self, name: str) -> None:
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]  # actions begin durable transactions upon it
        atomic.__enter__()
        self.pile.append(Layer(name, atomic, None))
        self.pile[-1].thing = WRITTEN[name](*(copy.deepcopy(self.pile[at].thing) for at in UPON[name]))

    def _roll_back(self) -> None:
        transaction.set_rollback(True)
        self.pile.pop().atomic.__exit__(None, None, None)

    def cast(self) -> Cast:
        """The running test's own copy, or one made for it where nothing is kept: in a test that commits."""
        kept: Cast | None = self.copies.get("cast")
        return kept or make_cast()

    def term(self, cast: Cast) -> Term:
        """As ``cast``; its people and those of ``cast`` are the same objects."""
        kept: Term | None = self.copies.get("term")
        return kept or make_term(cast)

    def has(self, name: str) -> bool:
        """Whether the running test begins with this."""
        return any(layer.name == name for layer in self.pile)


KEPT = Kept()

# What each layer is, and upon the things of which others, by their places in the pile, it is written.
WRITTEN: dict[str, Callable[..., Any]] = {
    "cast": make_cast, "term": make_term, "ready": all_written, "submitted": hand_in,
}  # fmt: skip
UPON = {"cast": (), "term": (0,), "ready": (1,), "submitted": (1,)}


def wanted_by(fixtures: Collection[str]) -> list[str]:
    """The layers on which a test with these fixtures begins: up to the highest it asks for."""
    names = list(WRITTEN)
    asked = [at for at, name in enumerate(names, start=1) if f"kept_{name}" in fixtures]
    return names[: max(asked, default=0)]
