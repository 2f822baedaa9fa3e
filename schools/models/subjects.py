"""Subjects, and in which grade each is taught under which edition of the curriculum."""

from typing import TYPE_CHECKING, Self, cast

from django.db import models

from schools.models.base import NameField
from schools.rules import gdpt2018

if TYPE_CHECKING:
    from schools.models.classes import SchoolClass
    from schools.models.people import User


class Subject(models.Model):
    """A subject or educational activity of the GDPT 2018 curriculum (TT 32/2018, TT 13/2022, TT 17/2025/TT-BGDĐT)."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = NameField("tên môn", max_length=80)
    parts = models.JSONField("phân môn", default=list, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CurriculumSubjectQuerySet(models.QuerySet["CurriculumSubject"]):
    def visible_to(self, user: "User") -> Self:
        """The curriculum is public."""
        return self.all()

    def of_class(self, school_class: "SchoolClass", choice: str = "") -> Self:
        """What the grade of a class offers; of one choice only, if given."""
        offered = self.for_grade(school_class.rule_set, school_class.grade_level)
        return offered.filter(choice=choice) if choice else offered

    def taken_in(self, school_class: "SchoolClass") -> Self:
        """The compulsory subjects, and the chosen ones that at least one student of the class takes."""
        from schools.models.classes import SubjectEnrolment

        taken = SubjectEnrolment.objects.of_class(school_class).order_by().values("subject_id")
        return self.of_class(school_class).filter(
            models.Q(choice=CurriculumSubject.Choice.COMPULSORY) | models.Q(subject__in=taken)
        )

    def for_grade(self, rule_set: str, grade_level: int) -> Self:
        return self.filter(rule_set=rule_set, grade_level=grade_level).select_related("subject")


class CurriculumSubject(models.Model):
    """A subject in a grade under a rule set: its kind, its annual periods, whether it is chosen, and where it is
    printed (law.md §3). A later edition adds rows with its own rule-set id; these are never edited."""

    class Kind(models.TextChoices):
        SCORED = "DIEM", "Điểm số và nhận xét"
        COMMENT = "NHAN_XET", "Nhận xét"
        LEVEL = "MUC", "Mức đạt được"

    class Choice(models.TextChoices):
        COMPULSORY = "BAT_BUOC", "Bắt buộc"
        ELECTIVE = "LUA_CHON", "Lựa chọn"
        OPTIONAL = "TU_CHON", "Tự chọn"

    rule_set = models.CharField("bộ quy định", max_length=20)
    grade_level = models.PositiveSmallIntegerField("khối")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="môn")
    kind = models.CharField("cách đánh giá", max_length=10, choices=Kind)
    choice = models.CharField("bắt buộc hay chọn", max_length=10, choices=Choice)
    annual_periods = models.PositiveSmallIntegerField("số tiết một năm")
    position = models.PositiveSmallIntegerField("thứ tự in")

    objects = CurriculumSubjectQuerySet.as_manager()

    class Meta:
        ordering = ["rule_set", "grade_level", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "grade_level", "subject"], name="curriculum_subject_once"),
            models.CheckConstraint(name="curriculum_grade", condition=models.Q(grade_level__range=(1, 12))),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, khối {self.grade_level}"

    @property
    def offering(self) -> gdpt2018.Offering:
        """The same as plain data, for the rules."""
        kind, choice = cast("gdpt2018.Kind", self.kind), cast("gdpt2018.Choice", self.choice)
        where = (self.rule_set, self.grade_level, self.subject.code)
        return gdpt2018.Offering(*where, kind, choice, self.annual_periods, self.position)
