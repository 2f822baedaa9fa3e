"""Authorities and the schools under them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from schools.models.base import NameField, PlainText, PublicModel
from schools.rules import levels

if TYPE_CHECKING:
    from schools.models.people import User


class Level(models.TextChoices):
    PRIMARY = levels.PRIMARY, "Tiểu học"
    LOWER_SECONDARY = levels.LOWER_SECONDARY, "THCS"
    UPPER_SECONDARY = levels.UPPER_SECONDARY, "THPT"


class AuthorityQuerySet(models.QuerySet["Authority"]):
    def communes_of(self, user: "User") -> Self:
        """The phường and xã under the Sở the user administers."""
        from schools.models.people import Role

        return self.filter(parent__in=user.standing.authorities_as(Role.PROVINCE_ADMIN)).order_by("name")

    def administered_by(self, user: "User", *, with_communes: bool = False) -> Self:
        """The Sở the user administers; with the phường and xã under it, if wanted."""
        from schools.models.people import Role

        provinces = user.standing.authorities_as(Role.PROVINCE_ADMIN)
        itself = models.Q(id__in=provinces)
        return self.filter(itself | models.Q(parent__in=provinces) if with_communes else itself)

    def visible_to(self, user: "User") -> Self:
        """Names of authorities are public."""
        return self.all()


class Authority(PublicModel):
    """Sở Giáo dục và Đào tạo of a province, or the phường/xã under it (TT 10/2025, TT 15/2025/TT-BGDĐT)."""

    class Kind(models.TextChoices):
        PROVINCE = "SO", "Sở Giáo dục và Đào tạo"
        COMMUNE = "XA", "Phường, xã"

    kind = models.CharField("loại", max_length=2, choices=Kind)
    code = models.CharField("mã", max_length=20, unique=True)
    name = NameField("tên", max_length=160)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="thuộc")

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authority_parent_fits_kind",
                condition=models.Q(kind="SO", parent=None) | models.Q(kind="XA", parent__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet["School"]):
    def under(self, authority_ids: Iterable[int]) -> Self:
        """Schools of these authorities: of the commune itself, or of any commune of the province."""
        return self.filter(models.Q(authority__in=authority_ids) | models.Q(authority__parent__in=authority_ids))

    def opened_by(self, user: "User") -> Self:
        """Schools whose entry windows the user opens."""
        from schools.models.people import Role

        headed = user.standing.schools_as(Role.PRINCIPAL, Role.VICE_PRINCIPAL)
        province = self.model.objects.under(user.standing.authorities_as(Role.PROVINCE_ADMIN))
        return self.filter(models.Q(id__in=headed) | models.Q(id__in=province.values("id")))

    def delegated_by(self, user: "User") -> Self:
        """Schools in or for which the user gives delegations: the same."""
        return self.opened_by(user)

    def named_like(self, plain_text: str) -> Self:
        """Search in names and codes without diacritics (hocbaso.lib.vietnamese.plain)."""
        if not plain_text:
            return self
        return self.annotate(plain_name=PlainText("name")).filter(
            models.Q(plain_name__contains=plain_text) | models.Q(code__istartswith=plain_text)
        )

    def with_counts(self) -> Self:
        """Each with ``classes`` of the current year and ``pupils`` whose record it keeps."""
        from schools.models.classes import SchoolClass
        from schools.models.students import Student

        def counted(rows: models.QuerySet) -> Coalesce:
            return Coalesce(
                models.Subquery(rows.order_by().values("school").annotate(n=models.Count("pk")).values("n")), 0
            )

        return self.annotate(
            classes=counted(SchoolClass.objects.in_use().of_current_year().filter(school=models.OuterRef("pk"))),
            pupils=counted(Student.objects.current().filter(school=models.OuterRef("pk"))),
        )

    def without(self, role: str) -> Self:
        """Schools in which nobody holds the role today."""
        from schools.models.people import RoleAssignment

        held = RoleAssignment.objects.today().filter(school=models.OuterRef("pk"), role=role)
        return self.filter(~models.Exists(held))

    def visible_to(self, user: "User") -> Self:
        """Schools whose staff the user is, or that lie under the user's authority or grant; a commune's officer sees
        only primary and lower secondary schools (law.md §7: THPT is under the Sở)."""
        standing = user.standing
        communes = self.model.objects.under(standing.commune_ids).exclude(levels__contains=[Level.UPPER_SECONDARY])
        return self.filter(
            models.Q(id__in=standing.staff_school_ids | standing.granted_school_ids)
            | models.Q(id__in=self.model.objects.under(standing.province_ids).values("id"))
            | models.Q(id__in=communes.values("id"))
        )


class School(PublicModel):
    code = models.CharField("mã trường", max_length=20, unique=True)
    name = NameField("tên trường", max_length=160)
    authority = models.ForeignKey(Authority, models.PROTECT, verbose_name="phường, xã")
    levels = ArrayField(models.CharField(max_length=10, choices=Level), verbose_name="cấp học")
    is_public = models.BooleanField("trường công lập", default=True)
    address = models.CharField("địa chỉ", max_length=255, blank=True)
    commune = NameField("phường, xã (in trên học bạ)", max_length=120, blank=True)
    province = NameField("tỉnh, thành phố (in trên học bạ)", max_length=120, blank=True)
    closed_on = models.DateField("thôi hoạt động từ", null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("inspect_school", "Thanh tra trường"), ("sign_off_school", "Kí thay hiệu trưởng")]
        constraints = [
            models.CheckConstraint(
                name="school_levels_known",
                condition=models.Q(levels__contained_by=list(Level.values), levels__len__gte=1),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level_names(self) -> str:
        return ", ".join(str(Level(level).label) for level in Level.values if level in self.levels)

    @property
    def grade_levels(self) -> list[int]:
        """The grades (khối) the school teaches, in order."""
        return sorted(grade for level in self.levels for grade in levels.GRADES[level])
