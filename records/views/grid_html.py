"""The body of a grid as HTML, built by one function: 45 × 9 inputs by template tags would cost ten times the CPU."""

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from records.documents.words import shown_value
from records.models import GridRow, MarkRow
from records.models.grids import told_apart
from records.rules.cells import CONDUCT_WORDS, shown_cell
from records.rules.columns import CONDUCT, DAYS, MARK, SCORE, SCORE_FROM_ZERO, TEXT, TOPIC, Column
from records.rules.transferred import NOT_TAKEN
from schools.models import School

_NOBODY = UUID(int=0)
_MODES = {MARK: "decimal", DAYS: "numeric", SCORE: "numeric", SCORE_FROM_ZERO: "numeric"}


def grid_body(
    columns: Sequence[Column],
    rows: Sequence[GridRow],
    writable: frozenset[str],
    exempt: frozenset[int],
    brought: Mapping[int, str] = MappingProxyType({}),
    elsewhere: Mapping[int, str] = MappingProxyType({}),
    topics: frozenset[int] = frozenset(),
) -> SafeString:
    """Table rows: number, name (of marks a link to their history), a labelled input for every cell the person may write
    and text for the others, the result; of a student in ``brought`` the old school's result and no input; of a row in
    ``elsewhere`` only what is said there; of cụm chuyên đề an input for those in ``topics`` alone. ``data-value`` is
    the stored value the browser starts from."""
    without_topic = any(column.code == TOPIC for column in columns)
    with_result = bool(rows) and isinstance(rows[0], MarkRow)
    history = reverse("row_history", args=[_NOBODY]) if with_result else ""
    lines = []
    names = told_apart(rows)
    for number, row in enumerate(rows, start=1):
        name = escape(names[row.pk])
        if row.pk in elsewhere:
            told = elsewhere[row.pk] if row.student_id not in exempt else "Miễn"
            lines.append(_line_elsewhere(number, name, columns, told))
            continue
        link = f'<a href="{history.replace(str(_NOBODY), str(row.public_id))}">{name}</a>' if history else name
        open_columns = frozenset() if row.student_id in exempt or row.student_id in brought else writable
        if without_topic and row.student_id not in topics and not row.cells.get(TOPIC):
            open_columns -= {TOPIC}
        cells = "".join(_cell(row, name, column, column.code in open_columns) for column in columns)
        result = (
            f'<td class="grid__result" data-result>{escape(_result(row, exempt, brought))}</td>' if with_result else ""
        )
        lines.append(
            f'<tr data-row="{row.public_id}"><td class="grid__number">{number}</td>'
            f'<th scope="row" class="grid__name">{link}</th>{cells}{result}</tr>'
        )
    return mark_safe("".join(lines))  # noqa: S308 – every text above is escaped


def _line_elsewhere(number: int, name: str, columns: Sequence[Column], told: str) -> str:
    """No row of this grid: nothing in it is typed, sent or changed by an answer. What is told stands across its
    columns: in that of the results it would be a tower of words."""
    return (
        f'<tr><td class="grid__number">{number}</td><th scope="row" class="grid__name">{name}</th>'
        f'<td class="grid__locked" colspan="{len(columns) + 1}">{escape(told)}</td></tr>'
    )


def _cell(row: GridRow, name: str, column: Column, writable: bool) -> str:
    value = row.cells.get(column.code, "")
    shown = escape(shown_cell(value, column.scale))
    kind = "grid__text" if column.scale == TEXT else "grid__cell"
    if not writable:
        return f'<td class="{kind} grid__locked" data-col="{column.code}">{shown}</td>'
    label = f"{name}, {escape(column.name)}"
    common = (
        f'name="o:{row.public_id}:{column.code}" data-col="{column.code}" data-value="{escape(value)}" '
        f'aria-label="{label}"'
    )
    return f'<td class="{kind}">{_input(column, common, value, shown)}</td>'


def _input(column: Column, common: str, value: str, shown: str) -> str:
    """A field without a greatest length: a browser cuts what is pasted there without a word, the rule tells."""
    if column.scale == TEXT:
        return f'<textarea {common} rows="1">{shown}</textarea>'
    if column.scale == CONDUCT:
        options = "".join(
            f'<option value="{code}"{" selected" if code == value else ""}>{word}</option>'
            for code, word in CONDUCT_WORDS.items()
        )
        return f'<select {common}><option value=""></option>{options}</select>'
    mode = _MODES.get(column.scale, "text")
    return f'<input type="text" {common} value="{shown}" inputmode="{mode}" autocomplete="off">'


def _result(row: GridRow, exempt: frozenset[int], brought: Mapping[int, str]) -> str:
    if row.student_id in exempt:
        return "Miễn"
    if row.student_id in brought:
        return f"Trường cũ: {shown_brought(brought[row.student_id])}"
    return shown_result(row) if isinstance(row, MarkRow) else ""


def shown_brought(value: str) -> str:
    """A result that was brought as people read it: 7,9; Đạt; không học."""
    return "không học" if value in {"", NOT_TAKEN} else shown_value(value)


def shown_elsewhere(row: MarkRow, school: School) -> str:
    """“Điểm ở sổ lớp 7B: 7,6”, with the school where that is another; “(chưa sang)” while nobody has signed it."""
    there = row.sheet.school_class
    place = f"lớp {there}" if there.school_id == school.pk else f"lớp {there}, {there.school}"
    return f"Điểm ở sổ {place} (chưa sang)" if row.free else f"Điểm ở sổ {place}: {shown_result(row)}"


def shown_result(row: MarkRow) -> str:
    """A row's result as people read it: 7,9; Đạt; nothing while something is missing."""
    return shown_value(row.result)
