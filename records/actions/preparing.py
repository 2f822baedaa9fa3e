"""The sheets of a class come into being with its first look in an open period, and follow its list."""

from django.db import connection
from django.db.models import QuerySet

from records.actions.arriving import (
    Arrived,
    bring_records,
    bring_rows,
    count_missing,
    count_missing_records,
    recount,
)
from records.models import ClassPeriod, MarkRow, MarkSheet, PeriodRecord
from records.models.settings import settings_for
from records.rules import signoff
from records.rules.columns import NoColumns, columns_of, homeroom_columns_of, stored
from schools.models import CurriculumSubject, EntryWindow, Period, SchoolClass, Student, User
from schools.models.recording import recorded
from schools.rules.levels import terms_of_level


def prepare_class(*, by: User | None, school_class: SchoolClass, period: Period) -> ClassPeriod | None:
    """The class's sheets of a period with a row for every student who takes the subject; nothing is done twice. A row
    that stayed in another class (its sheet was confirmed and has been opened again, this class had no sheets yet) comes
    along while it is open (house.md §5, “Moving”). None where no sheet can be kept (another level, no open window and
    none made before; the summer). Sources: TT 22/2021 Đ6–8, Đ19–20; TT 27/2020 Đ7."""
    existing = ClassPeriod.objects.filter(school_class=school_class, period=period).first()
    if existing is not None and (not existing.is_writable or not lacks_rows(school_class, period)):
        return existing
    # Bringing rows into sheets that there are is no entry: it waits for no window.
    if existing is None and not EntryWindow.objects.open_for(school_class.school, period).exists():
        return None
    if not _has_columns(school_class, period):
        return existing
    chains = [("CLASS", key) for key in {school_class.pk, *_classes_of_open_rows(school_class, period)}]
    with recorded(by, "prepare_class", method="prepared", chains=chains):
        return prepared(school_class, period, by)


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


def prepare_open_classes() -> int:
    """Make the sheets of every class whose entry window is open and which nobody has looked at yet, so that boards and
    lists show it as empty instead of not at all. Returns of how many classes."""
    made = 0
    for window in EntryWindow.objects.open_now().select_related("period", "school").order_by("id"):
        classes = SchoolClass.objects.in_use().filter(school=window.school_id, school_year=window.period.school_year_id)
        begun = ClassPeriod.objects.filter(period=window.period_id).values("school_class")
        for school_class in classes.exclude(pk__in=begun).select_related("school").order_by("id"):
            if school_class.level == window.period.level:
                made += prepare_class(by=None, school_class=school_class, period=window.period) is not None
    return made


def lacks_rows(school_class: SchoolClass, period: Period) -> bool:
    """Whether somebody on the class's list has no row for a subject or for the homeroom teacher, or has it in another
    class's sheet where nobody has signed it. Every look at a sheet asks this, so that the SQL is written out."""
    wanted: dict[str, int | str | list[str]] = {
        "class": school_class.pk,
        "year": school_class.school_year_id,
        "period": period.pk,
        "rule_set": school_class.rule_set,
        "grade": school_class.grade_level,
        "writable": sorted(signoff.WRITABLE),
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
                    JOIN records_classperiod g ON g.school_class_id = m.school_class_id AND g.period_id = m.period_id
                    WHERE r.student_id = e.student_id AND r.subject_id = s.subject_id AND r.period_id = %(period)s
                    AND (m.school_class_id = e.school_class_id
                         OR (m.state <> 'MO' OR g.state <> ALL (%(writable)s))
                            AND (r.average IS NOT NULL OR r.level <> '')))
) OR EXISTS (
    SELECT FROM schools_enrolment e
    WHERE e.school_class_id = %(class)s AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH')
    AND NOT EXISTS (SELECT FROM records_periodrecord p JOIN records_classperiod g ON g.id = p.class_period_id
                    WHERE p.student_id = e.student_id AND p.period_id = %(period)s
                    AND (g.school_class_id = e.school_class_id
                         OR g.state <> ALL (%(writable)s) AND p.learning IS NOT NULL))
)
"""


def prepared(school_class: SchoolClass, period: Period, by: User | None) -> ClassPeriod:
    """As ``prepare_class``, inside the caller's transaction, which holds the class's chain."""
    common = {"school_class": school_class, "period": period}
    places = {"school": school_class.school, "school_year_id": school_class.school_year_id}
    columns = stored(homeroom_columns_of(school_class.rule_set, school_class.grade_level, period.code))
    class_period, is_new = ClassPeriod.objects.get_or_create(**common, defaults={**places, "columns": columns})
    if not class_period.is_writable:
        return class_period
    students = list(Student.objects.on_list_of(school_class).order_by("pk"))
    arrived = bring_records(class_period, students)
    _counted(class_period, arrived, by, is_new)
    settings = settings_for(school_class.school_year_id, school_class.rule_set)
    for subject in CurriculumSubject.objects.taken_in(school_class):
        scheme = stored(
            columns_of(
                subject.offering, period.code, lowest_score=settings.lowest_score, topics_count=settings.topics_count
            )
        )
        sheet, is_new = MarkSheet.objects.get_or_create(
            **common, subject=subject.subject, defaults={**places, "columns": scheme, "kind": subject.kind}
        )
        if sheet.state == MarkSheet.State.OPEN:
            _counted(sheet, bring_rows(sheet, students), by, is_new)
    return class_period


def _counted(grid: MarkSheet | ClassPeriod, arrived: Arrived, by: User | None, is_new: bool) -> None:
    """Nobody has a new grid open in a browser; of another, and of those the rows came from, somebody may."""
    if not is_new and arrived.anything:
        recount([grid, *arrived.came], by)
        grid.refresh_from_db(fields=["missing", "change_no"])
        return
    recount(arrived.came, by)
    if isinstance(grid, MarkSheet):
        count_missing(grid)
    else:
        count_missing_records(grid)


def on_list(school_class: SchoolClass) -> QuerySet[Student]:
    """Who is on the list of the class."""
    return Student.objects.on_list_of(school_class)


def _has_columns(school_class: SchoolClass, period: Period) -> bool:
    if period.code not in terms_of_level(school_class.level):
        return False
    try:
        homeroom_columns_of(school_class.rule_set, school_class.grade_level, period.code)
    except NoColumns:
        return False
    return True


def _classes_of_open_rows(school_class: SchoolClass, period: Period) -> set[int]:
    """The classes from which open rows of this class's students would move."""
    rows = MarkRow.objects.filter(student__in=Student.objects.on_list_of(school_class), period=period)
    return set(rows.exclude(sheet__school_class=school_class).values_list("sheet__school_class", flat=True))


def why_class_stays(school_class: SchoolClass) -> str:
    """What was written about a class stands against taking it back; "" when nothing was."""
    rows = MarkRow.objects.filter(sheet__school_class=school_class).exclude(cells={}, last_ops={})
    records = PeriodRecord.objects.filter(class_period__school_class=school_class).exclude(cells={}, last_ops={})
    if rows.exists() or records.exists():
        return f"Sổ của lớp {school_class} đã có người ghi: lớp chỉ đổi tên được."
    return ""
