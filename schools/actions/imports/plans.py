"""What an import would do, row by row, before it does it; and the proof that what is confirmed is what was shown."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from schools.actions.refusals import Refused
from schools.models import User
from schools.rules.tables import TableRow

Result = Literal["new", "changed", "unchanged", "refused"]


class PreviewOutdated(Refused):
    """Something changed between the preview and the confirmation; nothing was written. The plan has to be shown
    again."""

    def __init__(self) -> None:
        super().__init__("Dữ liệu của trường đã đổi sau khi xem trước. Chưa nhập gì. Hãy xem lại bản mới dưới đây.")


@dataclass(frozen=True)
class Change:
    """A field in words: old → new; no old value where there was none. Personal numbers are masked."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Remark:
    """What is unusual in a row that is taken all the same: the column, and the rule with what it found."""

    column: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row. ``facts`` is exactly what would be written, never shown: two plans are the same only if
    these are."""

    row: int
    who: str
    place: str
    result: Result
    changes: tuple[Change, ...] = ()
    reason: str = ""
    facts: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def sentence(self) -> str:
        """The refusal as one text: row, person, rule."""
        return f"Dòng {self.row}, {self.who or 'chưa rõ tên'}: {self.reason}"


@dataclass
class Plan:
    """The outcomes in the order of the file, the history's chains that would be written to (kind, key), remarks on
    the whole, what is unusual in the whole (``doubts``), and whether the change of somebody's identity makes a reason
    necessary."""

    outcomes: list[Outcome] = field(default_factory=list)
    chains: set[tuple[str, int]] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    needs_reason: bool = False

    def write(self, by: User) -> None:
        """Write what was accepted, in few statements. Only inside an action's transaction."""
        raise NotImplementedError

    def those(self, result: Result) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.result == result]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.result for outcome in self.outcomes)
        return {result: found[result] for result in ("new", "changed", "unchanged", "refused")}

    @property
    def accepted(self) -> int:
        """How many rows would be written."""
        return self.counts["new"] + self.counts["changed"]

    @property
    def to_check(self) -> list[Outcome]:
        """Rows that would be written and are unusual."""
        return [outcome for outcome in self.outcomes if outcome.remarks]

    @property
    def needs_check(self) -> bool:
        """Whether somebody has to say that the unusual was looked at."""
        return bool(self.doubts or self.to_check)

    @property
    def digest(self) -> str:
        """SHA-256 over all outcomes with their facts, and over what is unusual in them."""
        rows = [
            [outcome.row, outcome.who, outcome.result, outcome.reason, outcome.facts, *map(_pair, outcome.changes)]
            for outcome in self.outcomes
        ]
        unusual = [[one.row, *([told.column, told.words] for told in one.remarks)] for one in self.to_check]
        text = json.dumps([rows, self.remarks, self.doubts, unusual], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _pair(change: Change) -> list[str]:
    return [change.label, change.old, change.new]


def facts_of(*things: object) -> str:
    """Things to be written as one text: keys, codes, dates, in a fixed order."""
    return json.dumps(things, ensure_ascii=False, sort_keys=True, default=str)


def repeated(keys: dict[int, str]) -> dict[int, list[int]]:
    """Row → all rows that bear the same key, for keys borne by several; empty keys are none."""
    rows: dict[str, list[int]] = {}
    for row, key in keys.items():
        if key:
            rows.setdefault(key, []).append(row)
    return {row: same for same in rows.values() if len(same) > 1 for row in same}


def result_of(*, new: bool, changed: bool) -> Result:
    """The outcome of a row that is accepted."""
    return "new" if new else "changed" if changed else "unchanged"


def rows_in_words(rows: list[int]) -> str:
    """``3, 7, 12``: at most five, then how many more."""
    shown = ", ".join(map(str, rows[:5]))
    return f"{shown} và {len(rows) - 5} dòng nữa" if len(rows) > 5 else shown


def refused_rows(plan: Plan, rows: tuple[TableRow, ...]) -> list[list[object]]:
    """[row number, cells, reason] of every refused row, as JSON keeps it for the download."""
    cells = {row.number: row.cells for row in rows}
    return [[outcome.row, cells[outcome.row], outcome.sentence] for outcome in plan.those("refused")]
