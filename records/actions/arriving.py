"""Rows come into a grid: those of students who were in another class with all that stands in them, new ones for the
others; what is missing is counted anew, and open browsers are told that their list has changed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from records.models import CellOperation, ClassPeriod, MarkRow, MarkSheet, PeriodRecord, TransferredTerm
from records.models.sheets import MarkRowQuerySet
from records.rules.columns import Column, missing
from records.rules.results import row_result
from schools.models import Student, SubjectEnrolment, User
from schools.models.recording import lock_chains


@dataclass
class Arrived:
    """How many rows are ``new`` in a grid, and the grids from which the others ``came``, one of each row."""

    new: int = 0
    came: list[MarkSheet] | list[ClassPeriod] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.new or self.came)


def bring_rows(sheet: MarkSheet, students: Sequence[Student]) -> Arrived:
    """Every one of the students who takes the subject has a row in the open sheet, unless a closed sheet keeps it.
    Inside the caller's transaction, which holds the class's chain and counts this sheet and the others anew."""
    takers = set(
        SubjectEnrolment.objects.open()
        .filter(student__in=students, subject=sheet.subject_id, school_year=sheet.school_year_id)
        .values_list("student_id", flat=True)
    )
    before = MarkRow.objects.filter(student__in=takers, subject=sheet.subject_id, period=sheet.period_id)
    came = _move_rows(before.exclude(sheet=sheet).free_to_move(), sheet)
    known = set(before.values_list("student_id", flat=True))
    keys = {"subject_id": sheet.subject_id, "period_id": sheet.period_id, "school_year_id": sheet.school_year_id}
    new = [student for student in students if student.pk in takers and student.pk not in known]
    MarkRow.objects.bulk_create(MarkRow(sheet=sheet, student=student, **keys) for student in new)
    return Arrived(len(new), came)


def _move_rows(free: MarkRowQuerySet, sheet: MarkSheet) -> list[MarkSheet]:
    classes = set(free.values_list("sheet__school_class_id", flat=True))
    if not classes:
        return []
    lock_chains(("CLASS", key) for key in classes)  # what somebody is saving there now is saved first
    rows = list(free.select_related("sheet__school_class").select_for_update(of=("self",)))
    sources = [row.sheet for row in rows]
    for row in [row for row in rows if row.sheet.columns != sheet.columns]:
        fit_row(row, sheet)
        row.sheet = sheet
        row.save(update_fields=["sheet", "cells", "beside", "average", "level"])
    MarkRow.objects.filter(pk__in=[row.pk for row in rows]).exclude(sheet=sheet).update(sheet=sheet)
    return sources


def fit_row(row: MarkRow, sheet: MarkSheet) -> None:
    """Spread what the row holds over the columns of the other sheet: what has no column there is kept beside, what had
    none here and has one there stands in it again. No value is lost; the result follows the new columns."""
    scheme = sheet.scheme
    scales = {column.code: column.scale for column in row.sheet.scheme}
    fitting = {column.code for column in scheme if scales.get(column.code, column.scale) == column.scale}
    held = {**(row.beside or {}), **row.cells}
    row.cells = {code: value for code, value in held.items() if code in fitting}
    row.beside = {code: value for code, value in held.items() if code not in fitting} or None
    row.average, row.level = row_result(sheet.kind, scheme, row.cells)


def bring_records(class_period: ClassPeriod, students: Sequence[Student]) -> Arrived:
    """As ``bring_rows``, of what the homeroom teacher writes. A class of other columns leaves the row where it is."""
    before = PeriodRecord.objects.filter(student__in=students, period=class_period.period_id)
    elsewhere = before.exclude(class_period=class_period).free_to_move()
    free = elsewhere.filter(class_period__columns=class_period.columns)
    lock_chains(("CLASS", key) for key in set(free.values_list("class_period__school_class_id", flat=True)))
    rows = list(free.select_related("class_period__school_class").select_for_update(of=("self",)))
    PeriodRecord.objects.filter(pk__in=[row.pk for row in rows]).update(class_period=class_period)
    known = set(before.values_list("student_id", flat=True))
    keys = {"period_id": class_period.period_id, "school_year_id": class_period.school_year_id}
    new = [student for student in students if student.pk not in known]
    PeriodRecord.objects.bulk_create(
        PeriodRecord(class_period=class_period, student=student, **keys) for student in new
    )
    return Arrived(len(new), [row.class_period for row in rows])


# -- Counting ---------------------------------------------------------------------------------------------------------
def count_missing(sheet: MarkSheet) -> None:
    """Count the empty required cells of the class's list but for those exempt and those with results they brought."""
    sheet.__dict__.pop("around", None)  # read before somebody came or left
    rows = sheet.rows.filter(student__in=sheet.around.assessed)
    sheet.missing = _empty_cells(sheet.scheme, rows.values_list("cells", flat=True))
    sheet.save(update_fields=["missing"])


def count_missing_records(class_period: ClassPeriod) -> None:
    """Count what the homeroom teacher has not written of those who are on the class's list and assessed in it."""
    rows = class_period.rows.filter(student__in=Student.objects.on_list_of(class_period.school_class)).exclude(
        student__in=TransferredTerm.objects.students_in(class_period.period_id)
    )
    class_period.missing = _empty_cells(class_period.scheme, rows.values_list("cells", flat=True))
    class_period.save(update_fields=["missing"])


def _empty_cells(scheme: Sequence[Column], rows: Iterable[dict[str, str]]) -> int:
    return sum(len(missing(scheme, cells)) for cells in rows)


def recount(grids: Iterable[MarkSheet | ClassPeriod], by: User | None) -> None:
    """Who is in these grids has changed: each counts what is missing as it is now, and says so to the browsers that
    show it."""
    for key, model in sorted({(grid.pk, type(grid)) for grid in grids}, key=lambda one: (one[1].__name__, one[0])):
        if model is MarkSheet:
            sheet = MarkSheet.objects.select_for_update().get(pk=key)
            count_missing(sheet)
            list_changed(sheet, by)
        else:
            rows = ClassPeriod.objects.select_for_update(of=("self",)).select_related("school_class")
            class_period = rows.get(pk=key)
            count_missing_records(class_period)
            list_changed(class_period, by)


def list_changed(grid: MarkSheet | ClassPeriod, by: User | None) -> None:
    """Raise the grid's number and leave an operation without a column: a browser that asks what changed learns that it
    shows another list than the class has, and a sheet shown before is not confirmed as it was."""
    grid.change_no += 1
    grid.save(update_fields=["change_no"])
    if by is not None:
        about = {"grid": grid.public_id, "row": grid.public_id, "column": "", "value": ""}
        CellOperation.objects.create(op_id=uuid.uuid4(), change_no=grid.change_no, by=by, **about)
