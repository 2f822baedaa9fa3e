"""The whole history of one student's row in a sheet, step by step: who wrote what over what, when, how and from
where; with what was written under a record that was merged into the student's, and with each move from sheet to
sheet."""

from dataclasses import dataclass
from datetime import datetime

from records.models.sheets import MarkRow, MarkSheet
from records.rules.cells import shown_cell
from schools.models import HistoryPayload, Student
from schools.models.history_words import ACTIONS, METHODS

MOVED = "Chuyển sổ"
_RESULTS = {"average": "Điểm trung bình", "level": "Mức"}


@dataclass(frozen=True)
class Step:
    """One change of one cell, or of the sheet in which the row lies (``moved``). ``place`` is the class in whose sheet
    it lay then, ``record`` the code of the merged record in whose own row it was made, else ""."""

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
    place: str

    @property
    def moved(self) -> bool:
        return self.column == MOVED


def steps_of(row: MarkRow, names: dict[str, tuple[str, str]], only: str = "") -> list[Step]:
    """Every change of the row's cells, results and sheet, the newest first; ``names`` maps a column's code to its name
    and scale, ``only`` keeps one column and the moves."""
    set_aside = list(MarkRow.objects.set_aside_for(row))
    records = {row.pk: ""} | {one.pk: one.student.student_code for one in set_aside}
    lies = {one.pk: one.sheet_id for one in [row, *set_aside]}
    students = Student.objects.order_by().records_of(row.student_id).values("id")
    payloads = list(
        HistoryPayload.objects.filter(student__in=students, row_id__in=records, entry__table=row._meta.db_table)
        .select_related("entry__actor")
        .order_by("-entry_id")
    )
    places = _places({*lies.values(), *(key for payload in payloads for key in _moved(payload))})
    told: list[Step] = []
    for payload in payloads:
        place, record = places[lies[payload.row_id]], records[payload.row_id]
        moved = _moved(payload)
        if moved and moved[1] != lies[payload.row_id]:
            continue  # the chains of both classes tell of a move: this one has been told
        told += _steps(payload, names, record, place)
        if moved:
            old, new = moved
            told.append(_step(payload, MOVED, places[old], places[new], record, place))
            lies[payload.row_id] = old  # all that was before was written there
    return [step for step in told if not only or step.moved or step.column == names[only][0]]


def _moved(payload: HistoryPayload) -> list[int]:
    """The sheet the row left and the one it came into, or nothing."""
    return payload.payload["changes"].get("sheet_id", []) if payload.payload["op"] == "U" else []


def _places(sheets: set[int]) -> dict[int, str]:
    """The class of each sheet; with the school where not all are of one."""
    found = list(MarkSheet.objects.filter(pk__in=sheets).select_related("school_class__school"))
    one_school = len({sheet.school_id for sheet in found}) == 1
    return {
        sheet.pk: f"lớp {sheet.school_class}" + ("" if one_school else f", {sheet.school_class.school}")
        for sheet in found
    }


def _steps(payload: HistoryPayload, names: dict[str, tuple[str, str]], record: str, place: str) -> list[Step]:
    told = []
    for column, old, new in _changes(payload):
        name, scale = names.get(column, (_RESULTS.get(column, column), "DIEM"))
        cells = (shown_cell(str(old or ""), scale), shown_cell(str(new or ""), scale))
        told.append(_step(payload, name, *cells, record, place))
    return told


def _step(payload: HistoryPayload, name: str, old: str, new: str, record: str, place: str) -> Step:
    entry = payload.entry
    return Step(
        name,
        old,
        new,
        entry.at,
        entry.actor.full_name if entry.actor else entry.database_user,
        ACTIONS.get(entry.action, entry.action),
        METHODS.get(entry.method, entry.method),
        entry.reason,
        entry.address,
        record,
        place,
    )


def _changes(payload: HistoryPayload) -> list[tuple[str, object, object]]:
    """(column, old, new) of cells and results; nothing of counters and keys."""
    changes = payload.payload["changes"]
    if payload.payload["op"] == "U":
        cells = [(key.removeprefix("cells."), *pair) for key, pair in changes.items() if key.startswith("cells.")]
        return cells + [(key, *changes[key]) for key in _RESULTS if key in changes]
    return [(code, None, value) for code, value in (changes.get("cells") or {}).items()]
