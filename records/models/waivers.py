"""Regular results that the principal has let go, with the reason: added, never changed."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from records.models.sheets import MarkSheet
from schools.models import Delegation, Period, SchoolClass, SchoolYear, Student, Subject, User
from schools.models.base import PublicModel


class RegularWaiverQuerySet(models.QuerySet["RegularWaiver"]):
    def visible_to(self, user: User) -> Self:
        """As the sheet is."""
        return self.filter(sheet__in=MarkSheet.objects.visible_to(user).values("id"))

    def of(self, sheet: MarkSheet) -> Self:
        """Of those on the class's list, whichever class's sheet it was then, the newest first."""
        listed = sheet.around.on_list
        whose = models.Q(student__in=listed) | models.Q(student__merged_into__in=listed)
        of_sheet = self.filter(whose, subject=sheet.subject_id, period=sheet.period_id)
        return of_sheet.select_related("student", "by", "delegation__grantor").order_by("-id")


class RegularWaiver(PublicModel):
    """The principal, or who signs for the principal (``delegation``), lets regular results of a student in a subject
    and period go: ``columns`` are the codes of the cells that were empty and hold “K” from then on (TT 22/2021 Đ6.2;
    law.md §8, no. 10). A teacher may still write a result there, which then counts."""

    sheet = models.ForeignKey(MarkSheet, models.PROTECT, related_name="+", verbose_name="sổ")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="lớp")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="học sinh")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="môn")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="kì")
    columns = ArrayField(models.CharField(max_length=10), verbose_name="cột cho phép thiếu")
    reason = models.CharField("lí do", max_length=255)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người cho phép")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+", verbose_name="ủy quyền")

    objects = RegularWaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="regular_waiver_says_why", condition=models.Q(reason__regex=r"\S.{8,}\S")),
            models.CheckConstraint(name="regular_waiver_names_columns", condition=~models.Q(columns=[])),
        ]
        indexes = [models.Index(fields=["student", "subject", "period"], name="waivers_of_a_student")]

    def __str__(self) -> str:
        return f"{self.student}, {self.subject}: {', '.join(self.columns)}"
