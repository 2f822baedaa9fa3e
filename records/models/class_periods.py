"""A class in a period: what the homeroom teacher writes, and the moves of sign-off."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from records.models.grids import Grid, GridRow, GridRowQuerySet
from records.rules import signoff
from schools.models import Delegation, Enrolment, Period, School, SchoolClass, SchoolYear, Student, User
from schools.rules.levels import GRADES, pages_of_level


class ClassPeriodQuerySet(models.QuerySet["ClassPeriod"]):
    def visible_to(self, user: User) -> Self:
        """The own homeroom class, and all classes of the schools one keeps, directs or oversees."""
        own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
        overseen = School.objects.visible_to(user).exclude(id__in=own_schools)
        signs_for = user.standing.signs_for_school_ids
        return self.in_use().filter(
            models.Q(school__in=overseen.values("id"))
            | models.Q(school__in=signs_for)
            | models.Q(school_class__in=user.ties.led_classes)
        )

    def in_use(self) -> Self:
        """Without those of classes that were made by mistake and taken back."""
        return self.filter(school_class__voided_at=None)

    def open(self) -> Self:
        """Those in which something can still be written."""
        return self.filter(state__in=signoff.WRITABLE)

    def with_page(self) -> Self:
        """Those that close with pages of the book: not the middle of a term at tiểu học (TT 27/2020 Đ10)."""
        return self.filter(period__code__in=[code for level in GRADES for code in pages_of_level(level)])

    def led_by(self, user: User) -> Self:
        return self.filter(school_class__in=user.ties.led_classes)

    def signed_by(self, user: User) -> Self:
        """Of the schools whose principal the user is, or stands in for."""
        return self.in_use().filter(school__in=user.standing.signing_school_ids)

    def by_school(self) -> Self:
        """School by school, the newest period first, classes in the order of the school."""
        return self.order_by(
            "-school_year__first_year", "school__name", "-period__position", "school_class__grade_level",
            "school_class__name",
        )  # fmt: skip

    def in_words(self) -> Self:
        return self.select_related("school_class", "period__school_year", "school_year", "school")

    def in_order(self) -> Self:
        return self.order_by("-school_year__first_year", "-period__position", "school_class__grade_level", "id")


class ClassPeriod(Grid):
    """The unit that is submitted, returned, signed off and issued (TT 22/2021 Đ18, Đ20; law.md §5.4). Its state changes
    only together with a SignOff: the database refuses any other change."""

    class State(models.TextChoices):
        OPEN = signoff.OPEN, "Đang nhập"
        SUBMITTED = signoff.SUBMITTED, "Đã nộp, chờ duyệt"
        RETURNED = signoff.RETURNED, "Bị trả lại"
        SIGNED_OFF = signoff.SIGNED_OFF, "Hiệu trưởng đã duyệt"
        ISSUED = signoff.ISSUED, "Đã đóng dấu, phát hành"

    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="periods", verbose_name="lớp")
    period = models.ForeignKey(Period, models.PROTECT, verbose_name="kì")
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.OPEN)
    last_move = models.ForeignKey(
        "records.SignOff", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bước cuối"
    )

    objects = ClassPeriodQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "period"], name="class_period_once")]
        indexes = [models.Index(fields=["school_year", "school", "period"], name="class_periods_of_school")]

    def __str__(self) -> str:
        return f"{self.school_class}, {self.period.name}"

    @property
    def is_writable(self) -> bool:
        return self.state in signoff.WRITABLE


def begun_periods(student: Student, year: SchoolYear | None) -> ClassPeriodQuerySet:
    """The begun periods of the class the student is in, in the order of the year."""
    in_class = SchoolClass.objects.filter(enrolments__student=student, enrolments__ends_on=None)
    begun = ClassPeriod.objects.filter(school_class__in=in_class, school_year=year)
    return begun.select_related("period").order_by("period__position")


class PeriodRecordQuerySet(GridRowQuerySet):
    def free_to_move(self) -> Self:
        """Rows that were signed by nobody: of an open class; of a submitted one only what has no result of the term
        and is of somebody who had left the class before."""
        listed = Enrolment.objects.order_by().filter(
            models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED),
            student=models.OuterRef("student"),
            school_class=models.OuterRef("class_period__school_class"),
        )
        unsigned = models.Q(learning=None) & ~models.Exists(listed)
        return self.filter(models.Q(class_period__state__in=signoff.WRITABLE) | unsigned)


class PeriodRecord(GridRow):
    """One student's conduct, absences (in buổi) and homeroom remark in a period, at tiểu học phẩm chất, năng lực and
    days missed (TT 27/2020 Đ7.2); ``learning`` is the stored result of the term with the adjustment that made it
    (TT 22/2021 Đ8, Đ9, Đ20), written when the class is submitted: empty at tiểu học, where only the year has one."""

    class_period = models.ForeignKey(ClassPeriod, models.PROTECT, related_name="rows", verbose_name="lớp và kì")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="kì")
    learning = models.JSONField("kết quả học tập", null=True, blank=True)

    objects = PeriodRecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "period"], name="period_record_once")]
        indexes = [models.Index(fields=["student", "school_year"], name="records_of_a_student")]

    def __str__(self) -> str:
        return f"{self.student}, {self.period.name}"


class YearRecord(models.Model):
    """What the year came to for a student: conduct, learning result with its base, absences, promotion, award
    (TT 22/2021 Đ8.2, Đ9, Đ12, Đ15), written when the class's last term is submitted. At tiểu học ``learning`` has the
    result of the year alone and there is no level of conduct (TT 27/2020 Đ9.2, Đ11, Đ13)."""

    student = models.ForeignKey("schools.Student", models.PROTECT, related_name="+", verbose_name="học sinh")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="lớp")
    rule_set = models.CharField("bộ quy định", max_length=20)
    conduct = models.CharField("rèn luyện", max_length=10)
    learning = models.JSONField("kết quả học tập")
    subject_results = models.JSONField("kết quả các môn")
    absences = models.PositiveSmallIntegerField("số buổi nghỉ")
    promotion = models.CharField("lên lớp", max_length=20)
    award = models.CharField("khen thưởng", max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "school_year"], name="year_record_once")]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_year}"


class SignOff(models.Model):
    """A person moved a class's period from one state to the next. Never changed: the states of the record are these
    rows. ``reopened`` names the sheets a return gives back; ``delegation`` is the one by which somebody acted for the
    principal (kí thay)."""

    class_period = models.ForeignKey(ClassPeriod, models.PROTECT, related_name="moves", verbose_name="lớp và kì")
    before = models.CharField("từ", max_length=10, choices=ClassPeriod.State)
    after = models.CharField("đến", max_length=10, choices=ClassPeriod.State)
    role = models.CharField("tư cách", max_length=15)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người thực hiện")
    at = models.DateTimeField("lúc", auto_now_add=True)
    reason = models.TextField("lí do", blank=True)
    reopened = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="sổ mở lại")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+", verbose_name="ủy quyền")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="return_says_why",
                condition=~models.Q(after=signoff.RETURNED) | models.Q(reason__regex=r"\S.{8,}\S"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"
