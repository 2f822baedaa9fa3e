"""Mark sheets: one class × subject × period, one row per student, and who has confirmed it."""

from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.utils import timezone

from records.models.around_sheet import AroundSheet, around_sheet
from records.models.class_periods import ClassPeriod, SignOff
from records.models.grids import Grid, GridRow, GridRowQuerySet
from schools.models import (
    CurriculumSubject,
    Enrolment,
    EntryWindow,
    Period,
    School,
    SchoolClass,
    SchoolYear,
    Student,
    Subject,
    TeachingAssignment,
    User,
)
from schools.rules.vietnamese_dates import end_in_words


class MarkSheetQuerySet(models.QuerySet["MarkSheet"]):
    def visible_to(self, user: User) -> Self:
        """A teacher's own sheets, all sheets of the own homeroom class, all of the schools one keeps or oversees."""
        taught = TeachingAssignment.objects.order_by().for_teacher(user)
        own = taught.filter(school_class=models.OuterRef("school_class"), subject=models.OuterRef("subject"))
        seen = models.Q(models.Exists(own))
        if user.ties.leads_class:
            seen |= models.Q(school_class__in=user.ties.led_classes)
        if not user.standing.only_teaches:
            own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
            overseen = School.objects.visible_to(user).exclude(id__in=own_schools)
            seen |= models.Q(school__in=overseen.values("id"), school_class__voided_at=None)
        return self.filter(seen)

    def taught_by(self, user: User) -> Self:
        """Sheets in which the user teaches today, or stands in by delegation."""
        taught = TeachingAssignment.objects.order_by().for_teacher(user)
        own = taught.filter(school_class=models.OuterRef("school_class"), subject=models.OuterRef("subject"))
        return self.filter(models.Exists(own))

    def open_in(self, class_periods: models.QuerySet[ClassPeriod]) -> Self:
        """Sheets of the given classes and periods."""
        of_sheet = class_periods.filter(school_class=models.OuterRef("school_class"), period=models.OuterRef("period"))
        return self.filter(models.Exists(of_sheet))

    def of_class(self, school_class: SchoolClass, period: Period) -> Self:
        return self.filter(school_class=school_class, school_year_id=school_class.school_year_id, period=period)

    def unconfirmed(self) -> Self:
        """Those somebody who teaches the subject has still to confirm."""
        return self.filter(state=MarkSheet.State.OPEN)

    def with_empty_cells(self) -> Self:
        return self.filter(missing__gt=0)

    def in_printed_order(self, school_class: SchoolClass) -> Self:
        """In the order of the form of the class's grade."""
        offered = CurriculumSubject.objects.of_class(school_class).filter(subject=models.OuterRef("subject"))
        return self.annotate(place=models.Subquery(offered.values("position")[:1])).order_by("place")

    def with_closing(self) -> "models.QuerySet[Any]":
        """Each with ``closes_at``, the end of the school's entry window that is open now, if any."""
        windows = EntryWindow.objects.open_now().filter(
            school=models.OuterRef("school"), period=models.OuterRef("period")
        )
        return self.annotate(closes_at=models.Subquery(windows.order_by("-closes_at").values("closes_at")[:1]))

    def with_return(self) -> Any:
        """Each with ``returned_because``: the principal's reason, while the class stands returned and this sheet was
        reopened with it."""
        returned = SignOff.objects.order_by().filter(
            class_period__school_class=models.OuterRef("school_class"),
            class_period__period=models.OuterRef("period"),
            class_period__state=ClassPeriod.State.RETURNED,
            class_period__last_move=models.F("pk"),
            reopened__contains=[models.OuterRef("pk")],
        )
        return self.annotate(returned_because=models.Subquery(returned.values("reason")[:1]))

    def in_words(self) -> Self:
        return self.select_related("school_class", "subject", "period__school_year", "school_year", "school")


class MarkSheet(Grid):
    """The marks of one class in one subject and one period. Its columns are frozen when it is made (TT 22/2021 Đ6–7).

    ``state`` is CONFIRMED when everybody who teaches the subject in the class has confirmed (Đ19: all of them sign).
    """

    class State(models.TextChoices):
        OPEN = "MO", "Đang nhập"
        CONFIRMED = "DA_XAC_NHAN", "Đã xác nhận"

    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="sheets", verbose_name="lớp")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="môn")
    period = models.ForeignKey(Period, models.PROTECT, verbose_name="kì")
    kind = models.CharField("cách đánh giá", max_length=10)
    state = models.CharField("trạng thái", max_length=15, choices=State, default=State.OPEN)

    closes_at: datetime | None  # of with_closing
    returned_because: str | None  # of with_return

    objects = MarkSheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "subject", "period"], name="sheet_once"),
        ]
        indexes = [models.Index(fields=["school_year", "school", "period"], name="sheets_of_school_period")]

    def __str__(self) -> str:
        return f"{self.subject}, {self.school_class}, {self.period.name}"

    @property
    def until(self) -> str:
        """When entry closes, in words; "" when it is closed."""
        return end_in_words(timezone.localtime(self.closes_at)) if self.closes_at else ""

    @cached_property
    def around(self) -> AroundSheet:
        """What decides about the sheet besides its cells, as it was when first asked for."""
        return around_sheet(self.pk)

    def listed_rows(self) -> "MarkRowQuerySet":
        """The rows of the subject and period of who is on the class's list, also those in another class's sheet."""
        rows = MarkRow.objects.filter(subject=self.subject_id, period=self.period_id, student__in=self.around.on_list)
        return rows.in_order().shown("average", "level", "beside", "sheet")


class MarkRowQuerySet(GridRowQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(sheet__in=MarkSheet.objects.visible_to(user).values("id"))

    def free_to_move(self) -> Self:
        """Rows that were signed by nobody: of an open sheet in an open class; of a closed one only what has no result
        and is of somebody who had left the class before it was closed."""
        open_sheets = MarkSheet.objects.filter(state=MarkSheet.State.OPEN).open_in(ClassPeriod.objects.open())
        listed = Enrolment.objects.order_by().filter(
            models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED),
            student=models.OuterRef("student"),
            school_class=models.OuterRef("sheet__school_class"),
        )
        unsigned = models.Q(average=None, level="") & ~models.Exists(listed)
        return self.filter(models.Q(sheet__in=open_sheets.values("id")) | unsigned)

    def with_freedom(self) -> Self:
        """Each with ``free``: whether it moves along as soon as the sheet of the student's class takes it."""
        return self.annotate(
            free=models.Exists(MarkRow.objects.order_by().free_to_move().filter(pk=models.OuterRef("pk")))
        )

    def set_aside_for(self, row: "MarkRow") -> Self:
        """Rows of the same subject and period that a merge has left with a record it joined to this row's student."""
        same = {"subject": row.subject_id, "period": row.period_id}
        return self.filter(student__merged_into=row.student_id, **same).select_related("student")


class MarkRow(GridRow):
    """One student in one sheet; a student has one row per subject and period, wherever it moves to. ``average`` is
    ĐTBmhk of a scored subject (Decimal, one place; TT 22/2021 Đ9.1.b), ``level`` D or CD of the others (Đ9.1.a); both
    empty until every required cell is filled. ``beside`` keeps what the row brought along from a sheet with columns
    that this one has not: it counts in no result and is lost by no move. ``written_for`` names the record under which
    the row was begun once that was merged into another: confirmations were signed over it."""

    sheet = models.ForeignKey(MarkSheet, models.PROTECT, related_name="rows", verbose_name="sổ")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="môn")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="kì")
    average = models.DecimalField("điểm trung bình", max_digits=3, decimal_places=1, null=True, blank=True)
    level = models.CharField("mức", max_length=10, blank=True)
    beside = models.JSONField("giá trị ngoài các cột của sổ", null=True, blank=True)
    written_for = models.ForeignKey(
        Student, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="ghi cho hồ sơ"
    )

    free: bool  # of with_freedom

    objects = MarkRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "subject", "period"], name="mark_row_once"),
            models.CheckConstraint(
                name="mark_row_average_on_scale", condition=models.Q(average=None) | models.Q(average__range=(0, 10))
            ),
        ]
        indexes = [models.Index(fields=["student", "school_year"], name="marks_of_a_student")]

    def __str__(self) -> str:
        return f"{self.student}, {self.subject}"

    @property
    def result(self) -> str:
        """ "7.9", "D", "CD", or "" while something is missing."""
        return str(self.average) if self.average is not None else self.level


class SheetConfirmation(models.Model):
    """A teacher confirms the sheet as it stands (TT 22/2021 Đ19); ``digest`` is of the rows that were shown. Taken back
    by the teacher before the class is submitted, or by the principal's return; never deleted."""

    sheet = models.ForeignKey(MarkSheet, models.PROTECT, related_name="confirmations", verbose_name="sổ")
    assignment = models.ForeignKey(TeachingAssignment, models.PROTECT, related_name="+", verbose_name="phân công")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người xác nhận")
    confirmed_at = models.DateTimeField("xác nhận lúc", auto_now_add=True)
    digest = models.CharField("mã băm của sổ", max_length=64)
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "assignment"], condition=models.Q(withdrawn_at=None), name="sheet_confirmed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.sheet}"
