"""What both kinds of grid share: rows of cells that are changed one cell at a time and never shift."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Self

from django.db import connection, models
from django.utils import timezone

from hocbaso.lib.vietnamese import short_date
from records.rules.columns import Column, read
from schools.models.base import PublicModel
from schools.models.people import User
from schools.models.students import Student


class Grid(PublicModel):
    """A table of students × columns. ``change_no`` is raised under the grid's lock with every accepted batch and
    answers “what changed since”: a clock would miss late commits. ``missing`` counts the required cells that are
    empty."""

    columns = models.JSONField("các cột", default=list)
    change_no = models.BigIntegerField("số lần đổi", default=0)
    missing = models.IntegerField("số ô còn thiếu", default=0)

    class Meta:
        abstract = True

    @cached_property
    def scheme(self) -> list[Column]:
        return read(self.columns)


class GridRowQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """The order of every class list: given name, then family names, in the Vietnamese alphabet."""
        return self.select_related("student").order_by("student__given_name", "student__family_names", "student_id")

    def shown(self, *also: str) -> Self:
        """With what a grid shows of a row, and no more: forty-five students are a thousand columns otherwise. ``also``
        names the key of the grid, which a row asked of its grid refers to."""
        return self.only("public_id", "cells", "student__full_name", "student__born_on", *also)

    def written(self, *also: str) -> Self:
        """With what a save needs of a row: its cells, who wrote them last, the name to tell faults by, and whether the
        record was merged into another."""
        return self.select_related("student").shown("last_ops", "student__merged_into", *also)

    def save_cells(self, rows: "Sequence[GridRow]", results: tuple[str, ...]) -> None:
        """Write the cells of many rows in one statement, so that one save is one entry of the history."""
        if not rows:
            return
        columns = ("cells", "last_ops", *results)
        fields = {name: self.model._meta.get_field(name) for name in columns}
        types = {name: field.db_type(connection) for name, field in fields.items()}
        values = [
            [field.get_db_prep_save(getattr(row, name), connection) for row in rows] for name, field in fields.items()
        ]
        table = connection.ops.quote_name(self.model._meta.db_table)
        assignments = ", ".join(f"{name} = v.{name}" for name in columns)
        arrays = ", ".join(f"%s::{types[name]}[]" for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} r SET {assignments}, version = r.version + 1 "  # noqa: S608 – names of our own fields
                f"FROM unnest(%s::bigint[], {arrays}) AS v(id, {', '.join(columns)}) WHERE r.id = v.id",
                [[row.pk for row in rows], *values],
            )


class GridRow(PublicModel):
    """One student in a grid: column code → value as text. ``last_ops`` names the operation that wrote each cell
    last."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="học sinh")
    cells = models.JSONField("ô", default=dict)
    last_ops = models.JSONField("lần ghi cuối", default=dict)
    version = models.IntegerField("lần sửa", default=1)

    class Meta:
        abstract = True


def told_apart(rows: "Iterable[GridRow]") -> dict[int, str]:
    """Each student's name by the row's id; with the date of birth, “Nguyễn Minh Thịnh (12/03/2014)”, where the name
    stands more than once."""
    rows = list(rows)
    found = Counter(row.student.full_name for row in rows)
    return {
        row.pk: name if found[name] == 1 else f"{name} ({short_date(row.student.born_on)})"
        for row in rows
        if (name := row.student.full_name)
    }


KEPT_FOR = timedelta(days=30)


class CellOperationQuerySet(models.QuerySet["CellOperation"]):
    def old(self) -> Self:
        """Those that no browser can send again any more."""
        return self.filter(at__lt=timezone.now() - KEPT_FOR)

    def note(self, operations: "Sequence[CellOperation]") -> None:
        """Write the operations of one save, of one person, grid and number, in one statement: bulk_create would be a
        tenth of what the save costs."""
        if not operations:
            return
        first = operations[0]
        lists = ([one.op_id for one in operations], [one.row for one in operations])
        texts = ([one.column for one in operations], [one.value for one in operations])
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO records_celloperation (op_id, "row", "column", value, grid, change_no, by_id, at) '
                "SELECT o.*, %s::uuid, %s, %s, %s "
                "FROM unnest(%s::uuid[], %s::uuid[], %s::varchar[], %s::text[]) AS o",
                [first.grid, first.change_no, first.by_id, timezone.now(), *lists, *texts],
            )


class CellOperation(models.Model):
    """What became of one change of one cell, kept 30 days: sent again, it answers the same and changes nothing."""

    op_id = models.UUIDField("mã thao tác", primary_key=True)
    grid = models.UUIDField("bảng")
    row = models.UUIDField("dòng")
    column = models.CharField("cột", max_length=20)
    change_no = models.BigIntegerField("số lần đổi")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("lúc", auto_now_add=True)
    value = models.TextField("giá trị")

    objects = CellOperationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["grid", "change_no"], name="operations_since")]

    def __str__(self) -> str:
        return str(self.op_id)
