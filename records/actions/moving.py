"""A student's rows follow into the other class in the transaction of the move; closed ones stay where they were signed
(house.md §5, “Moving”; law.md §5.9)."""

from records.actions.arriving import Arrived, bring_records, bring_rows, recount
from records.models import ClassPeriod, MarkRow, MarkSheet, PeriodRecord, StudentMove
from records.models.lacking import lacking_of
from records.models.staying import staying_of
from schools.actions.following import ClassChange
from schools.models import SchoolClass, Student


def chains_of_rows(student: Student, to_class: SchoolClass) -> list[tuple[str, int]]:
    """The chains of the classes in which rows of the student's year lie: an entry of the history may tell that they
    left."""
    wanted = {"student": student, "school_year": to_class.school_year_id}
    rows = MarkRow.objects.filter(**wanted).values_list("sheet__school_class", flat=True)
    records = PeriodRecord.objects.filter(**wanted).values_list("class_period__school_class", flat=True)
    return [("CLASS", key) for key in {*rows, *records}]


def rows_follow(change: ClassChange) -> None:
    """Open rows of marks and of the homeroom teacher's table come into the grids of the new class, as far as its
    periods have begun; the missing ones are made; both classes' grids count anew and raise their number; what moved,
    what stayed and what is missing is written down. Inside the caller's transaction. Source: house.md §5, “Moving”."""
    left, to_class = change.from_class, change.to_class
    grids: set[MarkSheet | ClassPeriod] = set()
    moved: list[str] = []
    if to_class is not None:
        grids, moved = _arrive(change.student, to_class)
    if left is not None and (to_class is None or left.school_id == to_class.school_id):
        grids |= open_grids(left)
    recount(grids, change.by)
    if left is not None and to_class is not None and left.school_year_id == to_class.school_year_id:
        StudentMove.objects.create(
            student=change.student,
            school_year_id=to_class.school_year_id,
            school_class=to_class,
            from_class=left,
            by=change.by,
            moved=moved,
            stayed=staying_of(change.student, to_class),
            missing=[one.words for one in lacking_of(change.student, to_class)],
        )


def _arrive(student: Student, to_class: SchoolClass) -> tuple[set[MarkSheet | ClassPeriod], list[str]]:
    """The student's rows in the open grids of the class; which grids gained or lost rows, and what came, in words."""
    grids: set[MarkSheet | ClassPeriod] = set()
    moved: list[str] = []
    for class_period in ClassPeriod.objects.open().filter(school_class=to_class).in_words():
        sheets = MarkSheet.objects.of_class(to_class, class_period.period).in_printed_order(to_class)
        open_sheets = list(sheets.filter(state=MarkSheet.State.OPEN).select_related("subject"))
        _note(class_period, "Phần chủ nhiệm", bring_records(class_period, [student]), grids, moved)
        for sheet in open_sheets:
            _note(sheet, sheet.subject.name, bring_rows(sheet, [student]), grids, moved)
    return grids, moved


def _note(
    grid: MarkSheet | ClassPeriod, name: str, arrived: Arrived, grids: set[MarkSheet | ClassPeriod], moved: list[str]
) -> None:
    if arrived.anything:
        grids |= {grid, *arrived.came}
    moved += [f"{name}, {grid.period.name}: từ lớp {source.school_class}" for source in arrived.came]


def open_grids(school_class: SchoolClass) -> set[MarkSheet | ClassPeriod]:
    """What of a class can still be written in."""
    class_periods = ClassPeriod.objects.open().filter(school_class=school_class)
    sheets = MarkSheet.objects.filter(school_class=school_class, state=MarkSheet.State.OPEN).open_in(class_periods)
    return {*class_periods, *sheets}
