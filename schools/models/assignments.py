"""Who teaches what, and whose class it is."""

from collections.abc import Sequence
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from schools.models.authorities import School
from schools.models.base import Dated, DatedQuerySet, PublicModel, dated_check
from schools.models.classes import SchoolClass
from schools.models.people import User
from schools.models.subjects import Subject
from schools.rules.column_codes import NAMES, codes_in_words, in_order


class TeachingAssignmentQuerySet(DatedQuerySet):
    def for_teacher(self, user: User) -> Self:
        """The user's own assignments today, and those the user stands in for by a delegation valid now."""
        from schools.models.delegations import AssignmentGrant

        if not user.ties.has_assignment_grants:
            return self.today().filter(teacher=user)
        granted = AssignmentGrant.objects.order_by().filter(user=user).valid().values("content_object_id")
        own = TeachingAssignment.objects.order_by().filter(teacher=user).values("id")
        return self.today().filter(id__in=own.union(granted, all=True))

    def visible_to(self, user: User) -> Self:
        return self.filter(school_class__in=SchoolClass.objects.visible_to(user))

    def of_schools(self, schools: models.QuerySet[School]) -> Self:
        related = ("school_class", "subject", "teacher")
        of_schools = self.filter(school_class__school__in=schools.values("id")).select_related(*related)
        return of_schools.order_by("teacher__given_name", "teacher__family_names", "school_class__name", "id")


class TeachingAssignment(PublicModel, Dated):
    """A teacher teaches a subject, or one part of it (Lí, Hóa, Sinh; Sử, Địa; Âm nhạc, Mĩ thuật), in a class, and may
    write the named columns; no columns named means all (law.md §1.1, §1.10; TT 22/2021 Đ19)."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="teaching", verbose_name="lớp")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="môn")
    teacher = models.ForeignKey(User, models.PROTECT, related_name="teaching", verbose_name="giáo viên")
    part = models.CharField("phân môn", max_length=40, blank=True)
    columns = ArrayField(models.CharField(max_length=10), blank=True, default=list, verbose_name="cột được nhập")

    objects = TeachingAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["school_class", "subject", "id"]
        permissions = [("write_assignment", "Nhập điểm thay")]
        constraints = [
            dated_check("teaching_assignment_dates"),
            models.UniqueConstraint(
                fields=["school_class", "subject", "teacher", "part"],
                condition=models.Q(ends_on=None),
                name="teaching_assignment_once",
            ),
            models.CheckConstraint(
                name="teaching_assignment_columns", condition=models.Q(columns__contained_by=list(NAMES))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.school_class}"

    @property
    def columns_in_words(self) -> str:
        """“TX1, TX2, GK”; "" for who writes all columns."""
        return codes_in_words(self.columns) if self.columns else ""


class HomeroomAssignmentQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(school_class__in=SchoolClass.objects.visible_to(user))


class HomeroomAssignment(PublicModel, Dated):
    """A class has one homeroom teacher at a time (TT 22/2021 Đ20; TT 27/2020 Đ12)."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="homeroom", verbose_name="lớp")
    teacher = models.ForeignKey(User, models.PROTECT, related_name="homeroom", verbose_name="giáo viên chủ nhiệm")

    objects = HomeroomAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            dated_check("homeroom_assignment_dates"),
            models.UniqueConstraint(
                fields=["school_class"], condition=models.Q(ends_on=None), name="one_homeroom_teacher_per_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher}, {self.school_class}"


# What somebody can be given in a class: the subject's id and the part ("" for all of it), or the homeroom.
Place = tuple[int, str]
HOMEROOM: Place = (0, "")


def planned(school_class: SchoolClass) -> dict[Place, list[TeachingAssignment | HomeroomAssignment]]:
    """Who holds each place of a class until further notice. Several teachers of one place share it
    (TT 22/2021/TT-BGDĐT: all of them sign)."""
    places: dict[Place, list[TeachingAssignment | HomeroomAssignment]] = {}
    of_class = {"school_class": school_class}
    for teaching in TeachingAssignment.objects.open().filter(**of_class).select_related("teacher").order_by("id"):
        places.setdefault((teaching.subject_id, teaching.part), []).append(teaching)
    for homeroom in HomeroomAssignment.objects.open().filter(**of_class).select_related("teacher"):
        places.setdefault(HOMEROOM, []).append(homeroom)
    return places


def columns_of(ties: Sequence[TeachingAssignment | HomeroomAssignment]) -> list[str]:
    """The columns of those who share a place; one of them who writes all makes it all."""
    own = [tie.columns for tie in ties if isinstance(tie, TeachingAssignment)]
    return in_order({code for codes in own for code in codes}) if all(own) else []
