"""What is still missing for one student in the present class: subject by subject, with the sheet to look at."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from records.models.class_periods import ClassPeriod, PeriodRecord
from records.models.newcomers import confirmed_by
from records.models.sheets import MarkRow, MarkSheet
from records.models.staying import taking_back
from records.models.transferred import TransferredTerm
from records.rules.columns import missing
from schools.models import Period, SchoolClass, Student, SubjectEnrolment

HOMEROOM = "Phần chủ nhiệm"


@dataclass(frozen=True)
class Lacking:
    """One line: of a subject (or the homeroom teacher's part) in a period, what is missing; ``sheet`` is where the row
    lies or, where a confirmed one keeps it out, the one to be opened; None for the homeroom teacher's part and for a
    whole period."""

    period: Period
    subject: str
    what: str
    sheet: MarkSheet | None = None

    @property
    def words(self) -> str:
        """“Toán, học kì I: thiếu TX3, CK”."""
        name = self.period.name
        place = f"{self.subject}, {name[:1].lower()}{name[1:]}" if self.subject else name
        return f"{place}: {self.what}"


def lacking_of(student: Student, school_class: SchoolClass) -> list[Lacking]:
    """What the student still lacks in the periods the class has begun, in the order of the year and of the subjects."""
    begun = ClassPeriod.objects.filter(school_class=school_class).select_related("period").order_by("period__position")
    rows = _rows_of(student, school_class)
    taken = SubjectEnrolment.objects.open().filter(student=student, school_year=school_class.school_year, exempt=False)
    subjects = set(taken.values_list("subject_id", flat=True))
    sheets = [sheet for sheet in _sheets_of(school_class) if sheet.subject_id in subjects]
    brought = TransferredTerm.objects.current().filter(student=student, school_year=school_class.school_year)
    begun = begun.exclude(period__in=brought.values("period"))
    confirmed = confirmed_by(sheets)
    told: list[Lacking] = []
    for class_period in begun:
        of_period = [sheet for sheet in sheets if sheet.period_id == class_period.period_id]
        told += _of_period(student, class_period, of_period, rows, confirmed)
    return told


def _rows_of(student: Student, school_class: SchoolClass) -> dict[tuple[int, int], MarkRow]:
    rows = MarkRow.objects.filter(student=student, school_year=school_class.school_year)
    related = rows.with_freedom().select_related("sheet__subject", "sheet__school_class")
    return {(row.period_id, row.subject_id): row for row in related}


def _sheets_of(school_class: SchoolClass) -> list[MarkSheet]:
    sheets = MarkSheet.objects.filter(school_class=school_class).in_printed_order(school_class)
    return list(sheets.select_related("subject", "school_class"))


def _of_period(
    student: Student,
    class_period: ClassPeriod,
    sheets: list[MarkSheet],
    rows: dict[tuple[int, int], MarkRow],
    confirmed: dict[int, str],
) -> Iterable[Lacking]:
    period = class_period.period
    own = [rows.get((period.pk, sheet.subject_id)) for sheet in sheets]
    if not class_period.is_writable and not any(row and row.result for row in own):
        yield Lacking(period, "", "chưa có kết quả môn nào, và lớp đã nộp kì này trước khi em vào lớp")
        return
    for sheet, row in zip(sheets, own, strict=True):
        if class_period.is_writable and _kept_out(sheet, row):
            yield Lacking(period, sheet.subject.name, _of_kept_out(sheet, row, confirmed), sheet)
        elif what := _of_row(sheet, row):
            yield Lacking(period, sheet.subject.name, what, row.sheet if row else sheet)
    record = PeriodRecord.objects.filter(student=student, period=period).select_related("class_period").first()
    scheme = record.class_period.scheme if record else class_period.scheme
    empty = [column.label for column in missing(scheme, record.cells if record else {})]
    if empty:
        yield Lacking(period, HOMEROOM, f"thiếu {', '.join(empty)}")


def _kept_out(sheet: MarkSheet, row: MarkRow | None) -> bool:
    """Whether the student came when the class had confirmed the sheet: with a row nobody signed elsewhere, or none."""
    elsewhere = row is None or (row.sheet_id != sheet.pk and row.free)
    return elsewhere and sheet.state == MarkSheet.State.CONFIRMED


def _of_kept_out(sheet: MarkSheet, row: MarkRow | None, confirmed: dict[int, str]) -> str:
    way = taking_back(sheet, sheet.school_class, confirmed)
    if row is None:
        return f"chưa có dòng điểm; {way} để nhập"
    empty = _of_row(sheet, row)
    return f"điểm còn ở sổ lớp {row.sheet.school_class}{f' ({empty})' if empty else ''}; {way} thì điểm sang"


def _of_row(sheet: MarkSheet, row: MarkRow | None) -> str:
    scheme, cells = (row.sheet.scheme, row.cells) if row else (sheet.scheme, {})
    empty = [column.label for column in missing(scheme, cells)]
    return f"thiếu {', '.join(empty)}" if empty else ""


def without_result(class_period: ClassPeriod, subjects: Iterable[int]) -> "models.QuerySet[SubjectEnrolment]":
    """Who on the class's list takes one of these subjects, whose sheets are confirmed, and has no result of the period
    that a teacher has confirmed, wherever the row lies: a sheet that was confirmed before somebody came has no row for
    them, and a full row in another class's open sheet is signed by nobody."""
    results = MarkRow.objects.filter(
        student=models.OuterRef("student"), subject=models.OuterRef("subject"), period=class_period.period
    ).exclude(average=None, level="")
    results = results.exclude(pk__in=MarkRow.objects.free_to_move().values("pk"))
    return (
        SubjectEnrolment.objects.open()
        .filter(
            student__in=Student.objects.on_list_of(class_period.school_class),
            school_year=class_period.school_year_id,
            subject__in=list(subjects),
            exempt=False,
        )
        .filter(~models.Exists(results))
        .exclude(student__in=TransferredTerm.objects.students_in(class_period.period_id))
        .select_related("student", "subject")
        .order_by("subject_id", "student__given_name", "student__family_names", "student_id")
    )
