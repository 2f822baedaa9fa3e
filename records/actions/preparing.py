"""The sheets of a class come into being with its first look in an open period, and follow its list."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from records.models import ClassPeriod, MarkRow, MarkSheet, PeriodRecord
from records.rules.columns import NoColumns, homeroom_columns, missing, sheet_columns, stored
from schools.models import CurriculumSubject, EntryWindow, Period, SchoolClass, Student, SubjectEnrolment, User
from schools.models.recording import recorded


def prepare_class(*, by: User | None, school_class: SchoolClass, period: Period) -> ClassPeriod | None:
    """The class's sheets of a period with a row for every student who takes the subject; nothing is done twice. Rows of
    a student who came from another class move along while they are open (house.md §5, “Moving”). None where no sheet
    can be kept (another level, no open window and none made before). Source: TT 22/2021 Đ6–8, Đ19–20."""
    existing = ClassPeriod.objects.filter(school_class=school_class, period=period).first()
    if existing is not None and (not existing.is_writable or not lacks_rows(school_class, period)):
        return existing
    if not EntryWindow.objects.open_for(school_class.school, period).exists() or not _has_columns(school_class):
        return existing
    chains = [("CLASS", key) for key in {school_class.pk, *_classes_of_open_rows(school_class, period)}]
    with recorded(by, "prepare_class", method="prepared", chains=chains):
        return prepared(school_class, period)


def prepare_taught(*, by: User) -> None:
    """Make the sheets that a teacher's or homeroom teacher's classes still lack in the periods open now."""
    windows = EntryWindow.objects.open_now().filter(school__in=by.standing.staff_school_ids).select_related("period")
    for window in windows:
        classes = SchoolClass.objects.taught_by(by).filter(
            school=window.school_id, school_year=window.period.school_year_id
        )
        made = ClassPeriod.objects.filter(period=window.period_id).values("school_class")
        for school_class in classes.exclude(pk__in=made).select_related("school"):
            if school_class.level == window.period.level:
                prepare_class(by=by, school_class=school_class, period=window.period)


def lacks_rows(school_class: SchoolClass, period: Period) -> bool:
    """Whether somebody on the class's list has no row for a subject or for the homeroom teacher, or has it in another
    class's sheet. Every look at a sheet asks this, so that the SQL is written out."""
    wanted: dict[str, int | str] = {
        "class": school_class.pk,
        "year": school_class.school_year_id,
        "period": period.pk,
        "rule_set": school_class.rule_set,
        "grade": school_class.grade_level,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, wanted)
        return bool(cursor.fetchone()[0])


_LACKING = """
SELECT EXISTS (
    SELECT FROM schools_enrolment e JOIN schools_subjectenrolment s ON s.student_id = e.student_id
    JOIN schools_curriculumsubject c ON c.subject_id = s.subject_id AND c.rule_set = %(rule_set)s
                                     AND c.grade_level = %(grade)s
    WHERE e.school_class_id = %(class)s AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH')
    AND s.school_year_id = %(year)s AND s.dropped_on IS NULL
    AND NOT EXISTS (SELECT FROM records_markrow r JOIN records_marksheet m ON m.id = r.sheet_id
                    WHERE r.student_id = e.student_id AND r.subject_id = s.subject_id AND r.period_id = %(period)s
                    AND m.school_class_id = e.school_class_id)
) OR EXISTS (
    SELECT FROM schools_enrolment e
    WHERE e.school_class_id = %(class)s AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH')
    AND NOT EXISTS (SELECT FROM records_periodrecord p JOIN records_classperiod g ON g.id = p.class_period_id
                    WHERE p.student_id = e.student_id AND p.period_id = %(period)s
                    AND g.school_class_id = e.school_class_id)
)
"""


def prepared(school_class: SchoolClass, period: Period) -> ClassPeriod:
    """As ``prepare_class``, inside the caller's transaction, which holds the class's chain."""
    common = {"school_class": school_class, "period": period}
    places = {"school": school_class.school, "school_year_id": school_class.school_year_id}
    columns = stored(homeroom_columns(school_class.rule_set))
    class_period, _ = ClassPeriod.objects.get_or_create(**common, defaults={**places, "columns": columns})
    if not class_period.is_writable:
        return class_period
    students = list(Student.objects.on_list_of(school_class).order_by("pk"))
    _prepare_records(class_period, students)
    for subject in CurriculumSubject.objects.taken_in(school_class):
        scheme = stored(sheet_columns(school_class.rule_set, subject.kind, subject.annual_periods))
        sheet, _ = MarkSheet.objects.get_or_create(
            **common, subject=subject.subject, defaults={**places, "columns": scheme, "kind": subject.kind}
        )
        if sheet.state == MarkSheet.State.OPEN:
            _prepare_rows(sheet, students)
    return class_period


def _prepare_rows(sheet: MarkSheet, students: list[Student]) -> None:
    takers = set(
        SubjectEnrolment.objects.open()
        .filter(student__in=students, subject=sheet.subject_id, school_year=sheet.school_year_id)
        .values_list("student_id", flat=True)
    )
    before = MarkRow.objects.filter(student__in=takers, subject=sheet.subject_id, period=sheet.period_id)
    elsewhere = [row.pk for row in before.exclude(sheet=sheet).filter(sheet__in=_open_sheets())]
    MarkRow.objects.filter(pk__in=elsewhere).update(sheet=sheet)
    known = set(before.values_list("student_id", flat=True))
    keys = {"subject_id": sheet.subject_id, "period_id": sheet.period_id, "school_year_id": sheet.school_year_id}
    MarkRow.objects.bulk_create(
        MarkRow(sheet=sheet, student=student, **keys)
        for student in students
        if student.pk in takers and student.pk not in known
    )
    count_missing(sheet)


def _prepare_records(class_period: ClassPeriod, students: list[Student]) -> None:
    before = PeriodRecord.objects.filter(student__in=students, period=class_period.period_id)
    open_elsewhere = ClassPeriod.objects.open().exclude(pk=class_period.pk).values("id")
    before.filter(class_period__in=open_elsewhere).update(class_period=class_period)
    known = set(before.values_list("student_id", flat=True))
    keys = {"period_id": class_period.period_id, "school_year_id": class_period.school_year_id}
    PeriodRecord.objects.bulk_create(
        PeriodRecord(class_period=class_period, student=student, **keys)
        for student in students
        if student.pk not in known
    )
    count_missing_records(class_period)


def on_list(school_class: SchoolClass) -> QuerySet[Student]:
    """Who is on the list of the class."""
    return Student.objects.on_list_of(school_class)


def count_missing(sheet: MarkSheet) -> None:
    """Count the empty required cells of those who are on the class's list and not exempt."""
    rows = sheet.rows.filter(student__in=sheet.around.assessed)
    sheet.missing = _empty_cells(sheet, rows.values_list("cells", flat=True))
    sheet.save(update_fields=["missing"])


def count_missing_records(class_period: ClassPeriod) -> None:
    rows = class_period.rows.filter(student__in=Student.objects.on_list_of(class_period.school_class))
    class_period.missing = _empty_cells(class_period, rows.values_list("cells", flat=True))
    class_period.save(update_fields=["missing"])


def _empty_cells(grid: MarkSheet | ClassPeriod, rows: Iterable[dict[str, str]]) -> int:
    scheme = grid.scheme
    return sum(len(missing(scheme, cells)) for cells in rows)


def _has_columns(school_class: SchoolClass) -> bool:
    try:
        homeroom_columns(school_class.rule_set)
    except NoColumns:
        return False
    return True


def _open_sheets() -> object:
    open_classes = ClassPeriod.objects.open()
    return MarkSheet.objects.filter(state=MarkSheet.State.OPEN).open_in(open_classes).values("id")


def _classes_of_open_rows(school_class: SchoolClass, period: Period) -> set[int]:
    """The classes from which open rows of this class's students would move."""
    rows = MarkRow.objects.filter(student__in=Student.objects.on_list_of(school_class), period=period)
    return set(rows.exclude(sheet__school_class=school_class).values_list("sheet__school_class", flat=True))


def why_class_stays(school_class: SchoolClass) -> str:
    """What was written about a class stands against taking it back; "" when nothing was."""
    sheets = MarkSheet.objects.filter(school_class=school_class, change_no__gt=0)
    periods = ClassPeriod.objects.filter(school_class=school_class, change_no__gt=0)
    if sheets.exists() or periods.exists():
        return f"Sổ của lớp {school_class} đã có người ghi: lớp chỉ đổi tên được."
    return ""
