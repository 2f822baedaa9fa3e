"""What became of a student's rows when the student moved: kept as it was said to the clerk."""

from typing import Self

from django.db import models

from schools.models import School, SchoolClass, SchoolYear, Student, User
from schools.models.base import PublicModel


class StudentMoveQuerySet(models.QuerySet["StudentMove"]):
    def visible_to(self, user: User) -> Self:
        """The homeroom teacher, the office and those who oversee the school of the class the student came into, also
        while that class has begun no period: as a class's period is seen (records/models/class_periods.py)."""
        own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
        overseen = School.objects.visible_to(user).exclude(id__in=own_schools)
        return self.filter(school_class__voided_at=None).filter(
            models.Q(school_class__school__in=overseen.values("id"))
            | models.Q(school_class__school__in=user.standing.signs_for_school_ids)
            | models.Q(school_class__in=user.ties.led_classes)
        )

    def in_words(self) -> Self:
        return self.select_related("school_class", "from_class__school", "by").order_by("-id")


class StudentMove(PublicModel):
    """A student came into a class from another: in words the rows that ``moved`` along, those that ``stayed`` and why,
    and what was ``missing`` in the new class at that moment. Added by the move, never changed."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="học sinh")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="sang lớp")
    from_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="từ lớp")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người chuyển")
    moved = models.JSONField("điểm đi theo", default=list)
    stayed = models.JSONField("điểm ở lại nơi đã kí", default=list)
    missing = models.JSONField("còn thiếu", default=list)

    objects = StudentMoveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["student", "school_year"], name="moves_of_a_student")]

    def __str__(self) -> str:
        return f"{self.student}: {self.from_class} → {self.school_class}"
