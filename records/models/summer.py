"""What was written of a student in the summer after a year that waits for it: added entry by entry, never changed."""

from typing import Self

from django.db import models

from records.models.class_periods import ClassPeriod
from records.models.pages import PageVersion
from records.rules import summer
from schools.models import Delegation, School, SchoolClass, SchoolYear, Student, User
from schools.models.base import PublicModel
from schools.rules.levels import GRADES, terms_of_level

# Outcomes of a year that wait for the summer (TT 22/2021 Đ13, Đ14; TT 27/2020 Đ11; law.md §1.8).
PENDING = frozenset({"REN_LUYEN_HE", "DANH_GIA_LAI", "HOI_DONG", "DANH_GIA_BO_SUNG"})
LAST_TERMS = sorted({terms_of_level(level)[-1] for level in GRADES})


class SummerEntryQuerySet(models.QuerySet["SummerEntry"]):
    def visible_to(self, user: User) -> Self:
        """As the class is; who teaches a subject in it sees the own subject's entries on the student's page."""
        return self.filter(class_period__in=ClassPeriod.objects.visible_to(user).values("id"))

    def of(self, class_period: ClassPeriod, student: Student) -> Self:
        """A student's entries in the order in which they were written."""
        entries = self.filter(class_period=class_period, student=student).order_by("id")
        return entries.select_related("by", "version", "delegation__grantor")


class SummerEntry(PublicModel):
    """One thing written in the summer (TT 22/2021 Đ13, Đ14; TT 27/2020 Đ11): ``kind`` and ``code`` say of what (a
    subject, a test, phẩm chất or năng lực, rèn luyện, the principal's decision), ``value`` is a result as the cells of
    a sheet hold it, or a decision, "" to take one back; ``note`` is the remark after training, the basis of a decision,
    or the reason of a return. LAP_TRANG and TRA_LAI name the page that was made and given back."""

    class Kind(models.TextChoices):
        SUBJECT = summer.SUBJECT, "Đánh giá lại môn học"
        TEST = summer.TEST, "Kiểm tra lại"
        QUALITY = summer.QUALITY, "Phẩm chất, năng lực"
        TRAINING = summer.TRAINING, "Rèn luyện trong hè"
        DECISION = summer.DECISION, "Quyết định của hiệu trưởng"
        CONCLUDED = "LAP_TRANG", "Chốt kết quả, lập trang"
        RETURNED = "TRA_LAI", "Hiệu trưởng trả lại"

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="học sinh")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="trường")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="lớp")
    class_period = models.ForeignKey(ClassPeriod, models.PROTECT, related_name="summer", verbose_name="lớp và kì")
    kind = models.CharField("việc", max_length=10, choices=Kind)
    code = models.CharField("mã", max_length=20, blank=True)
    value = models.CharField("giá trị", max_length=20, blank=True)
    note = models.TextField("nhận xét, căn cứ, lí do", blank=True)
    version = models.ForeignKey(PageVersion, models.PROTECT, null=True, related_name="+", verbose_name="trang")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+", verbose_name="ủy quyền")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")

    objects = SummerEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="summer_entry_says_why",
                condition=~models.Q(kind="TRA_LAI") & (~models.Q(kind=summer.DECISION) | models.Q(value=""))
                | models.Q(note__regex=r"\S.{8,}\S"),
            ),
            models.CheckConstraint(
                name="summer_entry_names_its_page",
                condition=models.Q(kind__in=["LAP_TRANG", "TRA_LAI"], version__isnull=False)
                | ~models.Q(kind__in=["LAP_TRANG", "TRA_LAI"]) & models.Q(version=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.get_kind_display()}"
