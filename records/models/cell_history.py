"""The whole history of one student's row in a sheet, step by step: who wrote what over what, when, how and from
where; with what was written under a record that was merged into the student's."""

from dataclasses import dataclass
from datetime import datetime

from records.models.sheets import MarkRow
from records.rules.cells import shown_cell
from schools.models import HistoryPayload, Student
from schools.models.history_words import ACTIONS, METHODS

_RESULTS = {"average": "Điểm trung bình", "level": "Mức"}


@dataclass(frozen=True)
class Step:
    """One change of one cell. ``record`` is the code of the merged record in whose own row it was made, else ""."""

    column: str
    old: str
    new: str
    at: datetime
    by: str
    action: str
    method: str
    reason: str
    address: str
    record: str


def steps_of(row: MarkRow, names: dict[str, tuple[str, str]], only: str = "") -> list[Step]:
    """Every change of the row's cells and results, the newest first; ``names`` maps a column's code to its name and
    scale, ``only`` keeps one column."""
    records = {row.pk: ""} | {one.pk: one.student.student_code for one in MarkRow.objects.set_aside_for(row)}
    students = Student.objects.order_by().records_of(row.student_id).values("id")
    payloads = (
        HistoryPayload.objects.filter(student__in=students, row_id__in=records, entry__table=row._meta.db_table)
        .select_related("entry__actor")
        .order_by("-entry_id")
    )
    return [
        step
        for payload in payloads
        for step in _steps(payload, names, records[payload.row_id])
        if not only or step.column == names[only][0]
    ]


def _steps(payload: HistoryPayload, names: dict[str, tuple[str, str]], record: str) -> list[Step]:
    entry = payload.entry
    who = entry.actor.full_name if entry.actor else entry.database_user
    told = []
    for column, old, new in _changes(payload):
        name, scale = names.get(column, (_RESULTS.get(column, column), "DIEM"))
        told.append(
            Step(
                name,
                shown_cell(str(old or ""), scale),
                shown_cell(str(new or ""), scale),
                entry.at,
                who,
                ACTIONS.get(entry.action, entry.action),
                METHODS.get(entry.method, entry.method),
                entry.reason,
                entry.address,
                record,
            )
        )
    return told


def _changes(payload: HistoryPayload) -> list[tuple[str, object, object]]:
    """(column, old, new) of cells and results; nothing of counters and keys."""
    changes = payload.payload["changes"]
    if payload.payload["op"] == "U":
        cells = [(key.removeprefix("cells."), *pair) for key, pair in changes.items() if key.startswith("cells.")]
        return cells + [(key, *changes[key]) for key in _RESULTS if key in changes]
    return [(code, None, value) for code, value in (changes.get("cells") or {}).items()]
