"""Results of a term that a student finished at a school outside, as the transfer paper says them."""

from typing import Any, Self

from django.db import models

from records.models.class_periods import ClassPeriod, PeriodRecord
from records.rules.tt22 import LEVEL_WORDS
from schools.models import Period, School, SchoolClass, SchoolYear, Student, User
from schools.models.base import NameField, PublicModel
from schools.rules.levels import PRIMARY, periods_of

LEVELS = [(code, LEVEL_WORDS[code]) for code in ("TOT", "KHA", "DAT", "CHUA_DAT")]


class TransferredTermQuerySet(models.QuerySet["TransferredTerm"]):
    def visible_to(self, user: User) -> Self:
        """Whoever has to do with the student at work, the family, and the office of the school that wrote it down."""
        at_work = Student.objects.order_by().at_work(user).values("id")
        family = Student.objects.family_of(user).order_by().values("id")
        return self.filter(
            models.Q(student__in=at_work)
            | models.Q(student__in=family)
            | models.Q(school__in=user.standing.office_school_ids)
        )

    def newest(self) -> Self:
        """The last edition of each student's term, taken back or not."""
        later = self.model.objects.filter(
            student=models.OuterRef("student"), period=models.OuterRef("period"), edition__gt=models.OuterRef("edition")
        )
        return self.filter(~models.Exists(later))

    def current(self) -> Self:
        """What counts: the last edition, unless it takes the term back."""
        return self.newest().filter(withdrawn=False)

    def students_in(self, period_id: int) -> "models.QuerySet[Any, Any]":
        """The ids of those whose results of the period were brought: nothing is typed for them there."""
        return self.current().filter(period=period_id).values("student_id")

    def on_list_of(self, school_class: SchoolClass) -> Self:
        """What counts of the students on a class's list, in its year."""
        students = Student.objects.on_list_of(school_class).values("id")
        of_year = self.current().filter(student__in=students, school_year=school_class.school_year_id)
        return of_year.select_related("period", "student").order_by(
            "student__given_name", "student__family_names", "id"
        )

    def in_words(self) -> Self:
        return self.select_related("period", "school", "school_class", "by").order_by("period__position", "-edition")


class TransferredTerm(PublicModel):
    """An edition of what a student brought along of one term (law.md §1.4): ``subjects`` maps a subject's code to
    "7.9", "D", "CD" or KHONG_HOC; conduct and learning as levels, absences in buổi; and where it comes from. Never
    changed: a mistake is corrected by the next edition with its reason, or taken back by one that is ``withdrawn``."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="học sinh")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="kì")
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="trường ghi")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="lớp lúc ghi")
    edition = models.PositiveSmallIntegerField("lần ghi")
    subjects = models.JSONField("kết quả các môn", default=dict)
    conduct = models.CharField("rèn luyện", max_length=10, choices=LEVELS, blank=True)
    learning = models.CharField("học tập", max_length=10, choices=LEVELS, blank=True)
    excused = models.PositiveSmallIntegerField("số buổi nghỉ có phép", default=0)
    unexcused = models.PositiveSmallIntegerField("số buổi nghỉ không phép", default=0)
    from_school = NameField("trường cũ", max_length=120)
    from_place = NameField("nơi có trường cũ", max_length=120)
    document_number = models.CharField("số giấy chuyển trường", max_length=60)
    document_on = models.DateField("ngày của giấy")
    reason = models.CharField("lí do chuyển đến", max_length=255)
    correction = models.CharField("lí do sửa", max_length=255, blank=True)
    withdrawn = models.BooleanField("bỏ, đã ghi nhầm", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")

    objects = TransferredTermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "period", "edition"], name="transferred_term_once"),
            models.CheckConstraint(
                name="transferred_term_whole",
                condition=models.Q(withdrawn=True)
                | models.Q(conduct__in=list(LEVEL_WORDS), learning__in=list(LEVEL_WORDS)) & ~models.Q(subjects={}),
            ),
            models.CheckConstraint(
                name="transferred_term_absences",
                condition=models.Q(excused__range=(0, 200), unexcused__range=(0, 200)),
            ),
            models.CheckConstraint(
                name="transferred_term_names_its_source",
                condition=~models.Q(from_school="")
                & ~models.Q(from_place="")
                & ~models.Q(document_number="")
                & ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="transferred_term_corrected_with_reason",
                condition=models.Q(edition=1, withdrawn=False)
                | models.Q(edition__gt=1, correction__regex=r"\S.{8,}\S"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.period.name} ở {self.from_school}"

    @property
    def absences(self) -> int:
        return self.excused + self.unexcused


def late_without_results(class_period: ClassPeriod) -> "models.QuerySet[Student]":
    """Who on the class's list has nothing of the year's first term anywhere: neither a row of the homeroom teacher's
    table nor results brought from outside. Nobody while that term is the one at hand, nor at tiểu học, where the year
    is judged by its end (TT 27/2020 Đ9.2.a)."""
    level = class_period.school_class.level
    first = periods_of(level)[0]
    of_term = {"student": models.OuterRef("pk"), "school_year": class_period.school_year_id, "period__code": first}
    here = PeriodRecord.objects.filter(**of_term)
    brought = TransferredTerm.objects.current().filter(**of_term)
    students = Student.objects.on_list_of(class_period.school_class)
    if class_period.period.code == first or level == PRIMARY:
        return students.none()
    return students.filter(~models.Exists(here), ~models.Exists(brought)).in_order()
