"""Class 4A of the cast's school, made a school of both levels, in a moment of its year: a homeroom teacher who teaches
everything but music, three pupils."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from records.actions.homeroom import enter_records, submit_class
from records.actions.keys import give_key
from records.actions.preparing import on_list, prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.models import ClassPeriod, MarkSheet, PageVersion, SigningKey
from records.rules.columns import LEVEL, SCORE, TRAIT
from schools.models import (
    CurriculumSubject,
    EntryWindow,
    HomeroomAssignment,
    Period,
    Role,
    School,
    SchoolClass,
    Student,
    SubjectEnrolment,
    TeachingAssignment,
    User,
)
from tests.cast import Cast, appoint, enrol, make_student, make_user
from tests.records.term import PIN, authority, fresh, operation

NAMES = ("Đặng Gia An", "Hoàng Bảo Châu", "Lê Minh Đức")


@dataclass
class Primary:
    """Class 4A: its homeroom teacher, who teaches everything, and its pupils in the order of the list."""

    cast: Cast
    school_class: SchoolClass
    teacher: User
    pupils: list[Student]

    def begin(self, code: str) -> ClassPeriod:
        """The class in a period whose entry window is open now."""
        period = Period.objects.get(school_year=self.cast.year, level="TIEU_HOC", code=code)
        EntryWindow.objects.get_or_create(
            school=self.cast.school,
            period=period,
            defaults={"opens_at": timezone.now() - timedelta(days=1), "closes_at": timezone.now() + timedelta(days=9)},
        )
        begun = prepare_class(by=self.teacher, school_class=self.school_class, period=period)
        assert begun is not None
        return begun

    def sheets(self, class_period: ClassPeriod) -> dict[str, MarkSheet]:
        sheets = MarkSheet.objects.of_class(self.school_class, class_period.period).in_words()
        return {sheet.subject.code: sheet for sheet in sheets}

    def write(self, class_period: ClassPeriod, level: str = "T", score: str = "9", trait: str = "T") -> None:
        """Every required cell of every sheet and of the homeroom teacher's table, and the sheets confirmed."""
        typed = {LEVEL: level, SCORE: score, TRAIT: trait}
        for sheet in self.sheets(class_period).values():
            operations = [
                operation(row, column.code, typed[column.scale], row.cells.get(column.code, ""))
                for row in sheet.rows.all()
                for column in sheet.scheme
                if column.required
            ]
            saved = enter_marks(by=self.teacher, sheet=sheet, operations=operations)
            assert {result.outcome for result in saved.results} == {"ok"}
            confirm_sheet(by=fresh(self.teacher), sheet=sheet, change_no=saved.change_no)
        operations = [
            operation(row, column.code, typed.get(column.scale, "1"), row.cells.get(column.code, ""))
            for row in class_period.rows.all()
            for column in class_period.scheme
            if column.required
        ]
        saved = enter_records(by=self.teacher, class_period=class_period, operations=operations)
        assert {result.outcome for result in saved.results} == {"ok"}

    def closed(self, code: str, **typed: str) -> ClassPeriod:
        """A period with everything written, submitted."""
        class_period = self.begin(code)
        self.write(class_period, **typed)
        return submit_class(by=fresh(self.teacher), class_period=class_period)

    def pages(self, class_period: ClassPeriod) -> list[PageVersion]:
        return list(PageVersion.objects.of(class_period))


def make_primary(cast: Cast) -> Primary:
    school, year = cast.school, cast.year
    School.objects.filter(pk=school.pk).update(levels=["TIEU_HOC", "THCS"])
    school.refresh_from_db()
    school_class = SchoolClass.objects.create(
        school=school, school_year=year, grade_level=4, name="4A", rule_set="TT27-2020"
    )
    teacher = make_user("giao-vien-4a", "Vũ Thị Tiểu Học", school)
    appoint(teacher, Role.TEACHER, school)
    HomeroomAssignment.objects.create(school_class=school_class, teacher=teacher, starts_on=year.starts_on)
    pupils = [_pupil(cast, school_class, name, number) for number, name in enumerate(NAMES)]
    for subject in CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.COMPULSORY):
        TeachingAssignment.objects.create(
            school_class=school_class, subject=subject.subject, teacher=teacher, starts_on=year.starts_on
        )
    for holder in (teacher, cast.principal, school):
        if not SigningKey.objects.usable().of_holder(holder).exists():
            give_key(by=None, holder=holder, pin=PIN, authority=authority())
    assert on_list(school_class).count() == len(pupils)
    return Primary(cast, school_class, fresh(teacher), pupils)


def _pupil(cast: Cast, school_class: SchoolClass, name: str, number: int) -> Student:
    born_on = cast.year.starts_on.replace(year=cast.year.first_year - 9)
    student = make_student(cast.school, f"990077000{number}", name, born_on=born_on)
    enrol(student, school_class)
    for subject in CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.COMPULSORY):
        SubjectEnrolment.objects.create(
            student=student, school_year=cast.year, school=cast.school, subject=subject.subject, choice=subject.choice
        )
    return student
