"""Rows as they stand against what the history says of them: what was changed past the triggers is found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from schools.models import history_rows_sql as sql


@dataclass(frozen=True)
class RecordedTable:
    """A table whose changes are written to the history, as its own trigger has it: the kind of chain, the SQL of the
    chain's key over the row ``r``, the columns without their values, those not noted at all, and all of them."""

    name: str
    kind: str
    key: str
    hidden: tuple[str, ...]
    ignored: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def noted(self) -> list[str]:
        """The columns whose values stand in the history."""
        return [column for column in self.columns if column not in {*self.hidden, *self.ignored}]

    @property
    def left_out(self) -> list[str]:
        return [*self.hidden, *self.ignored]


def recorded_tables() -> list[RecordedTable]:
    """Every recorded table, by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql.RECORDED)
        return [_table(name, bytes(arguments), columns) for name, arguments, columns in cursor.fetchall()]


def _table(name: str, arguments: bytes, columns: list[str]) -> RecordedTable:
    kind, key, hidden, ignored, *_ = arguments.decode().split("\0")
    return RecordedTable(name, kind, key, _names(hidden), _names(ignored), tuple(columns))


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def row_faults() -> Iterator[str]:
    """In words, the rows and chains whose rows are not what the history says; at most twenty a table."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'")  # as the history was written
        for table in recorded_tables():
            yield from _faults_of(table)


def _faults_of(table: RecordedTable) -> Iterator[str]:
    digest = sql.DIGEST.format(row="o.began", left_out="k.left_out", id="o.id")
    with connection.cursor() as cursor:
        cursor.execute(sql.STRAY_ROWS.format(table=table.name), {"hidden": list(table.hidden)})
        for (row,) in cursor.fetchall():
            yield f"{table.name}, dòng {row}: khác với lịch sử, hoặc mất."
        wanted: dict[str, Any] = {"kind": table.kind, "columns": list(table.columns)}
        cursor.execute(sql.STRAY_OPENINGS.format(table=table.name, key=table.key, digest=digest), wanted)
        for key, said, there in cursor.fetchall():
            chain = f"{table.kind} {key}" if key is not None else "PROVINCE"
            yield f"{chain}: {table.name} không như mục mở đầu ({there} dòng, mục ghi {said})."
