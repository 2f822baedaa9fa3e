"""What cannot be derived from role and assignment: a substitute, an inspector of one school, a delegated signer.

django-guardian's direct tables hold the grants; each names its Delegation, and validity is read from the delegation by
the server's clock at each check, never by a clean-up job.
"""

from typing import Self

from django.contrib.auth.models import Permission
from django.db import models
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from schools.models.assignments import TeachingAssignment
from schools.models.authorities import Authority, School
from schools.models.base import PublicModel
from schools.models.people import SCHOOL_ROLES, Role, RoleAssignment, User
from schools.rules.vietnamese_dates import end_in_words


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def valid(self) -> Self:
        """In time, not revoked, and both still in place: the grantor holds a role from which it could be given
        (permissions.may_delegate), who stands in or signs still works in the school. Who leaves takes it along."""
        now, kinds = timezone.now(), Delegation.Kind
        in_office = RoleAssignment.objects.today().filter(user=models.OuterRef("grantor"))
        of_school = in_office.filter(school=models.OuterRef("school"))
        province = models.Q(authority=models.OuterRef("school__authority__parent"))
        of_province = in_office.filter(province, role=Role.PROVINCE_ADMIN)
        at_work = RoleAssignment.objects.today().filter(
            user=models.OuterRef("grantee"), school=models.OuterRef("school"), role__in=SCHOOL_ROLES
        )
        return self.filter(starts_at__lte=now, ends_at__gt=now, revoked_at=None).filter(
            models.Q(models.Exists(of_province), kind=kinds.INSPECTOR)
            | models.Q(models.Exists(of_school.filter(role=Role.PRINCIPAL)), models.Exists(at_work), kind=kinds.SIGNER)
            | models.Q(
                models.Exists(of_school.filter(role__in=[Role.PRINCIPAL, Role.VICE_PRINCIPAL])),
                models.Exists(at_work),
                kind=kinds.SUBSTITUTE,
            )
        )

    def to_sign_for(self, user: User, school: School) -> Self:
        """Those valid now by which the user signs for the principal of the school (kí thay)."""
        return self.valid().filter(kind=Delegation.Kind.SIGNER, grantee=user, school=school)

    def with_validity(self) -> Self:
        """Each with ``holds``: whether it is valid now."""
        return self.annotate(
            holds=models.Exists(Delegation.objects.order_by().valid().filter(pk=models.OuterRef("pk")))
        )

    def in_words(self) -> Self:
        """With the people, the school and what is taught in the other's stead."""
        taught = AssignmentGrant.objects.select_related(
            "content_object__subject", "content_object__school_class", "content_object__teacher"
        )
        people = self.select_related("school__authority", "grantor", "grantee", "revoked_by")
        return people.prefetch_related(models.Prefetch("taught", taught.order_by("id")))

    def visible_to(self, user: User) -> Self:
        return self.filter(
            models.Q(grantor=user)
            | models.Q(grantee=user)
            | models.Q(school__in=user.standing.office_school_ids)
            | models.Q(school__in=School.objects.under(user.standing.province_ids))
        )


class Delegation(PublicModel):  # type: ignore[django-manager-missing]
    """One person lets another act for a time and for a reason. It is revoked, never changed or deleted."""

    class Kind(models.TextChoices):
        SUBSTITUTE = "DAY_THAY", "Dạy thay, nhập điểm thay"
        SIGNER = "KI_THAY", "Kí thay hiệu trưởng"
        INSPECTOR = "THANH_TRA", "Thanh tra một trường"

    kind = models.CharField("loại", max_length=10, choices=Kind)
    grantor = models.ForeignKey(User, models.PROTECT, related_name="given", verbose_name="người giao")
    grantee = models.ForeignKey(User, models.PROTECT, related_name="received", verbose_name="người nhận")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, verbose_name="cơ quan giao")
    starts_at = models.DateTimeField("từ lúc")
    ends_at = models.DateTimeField("đến lúc")
    reason = models.CharField("lí do", max_length=255)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(name="delegation_times", condition=models.Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(name="delegation_not_to_oneself", condition=~models.Q(grantor=models.F("grantee"))),
            models.CheckConstraint(name="delegation_has_reason", condition=models.Q(reason__regex=r"\S.{8,}\S")),
            models.CheckConstraint(
                name="delegation_revocation_names_person",
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.grantor} → {self.grantee}"

    @property
    def until(self) -> str:
        """When it ends, in words."""
        return end_in_words(timezone.localtime(self.ends_at))

    @property
    def is_to_come(self) -> bool:
        return self.starts_at > timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()


class GrantQuerySet(models.QuerySet["Grant"]):
    def valid(self) -> Self:
        return self.filter(delegation__in=Delegation.objects.valid())


class Grant(UserObjectPermissionBase):
    """A guardian permission on one object that lives and dies with its delegation."""

    permission = models.ForeignKey(Permission, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class SchoolGrant(Grant):
    """The holder may inspect a school, or sign off in it, while the delegation is valid."""

    content_object = models.ForeignKey(School, models.PROTECT, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "delegation"], name="school_grant_once"
            )
        ]


class AssignmentGrant(Grant):
    """The holder may do in a teaching assignment what its teacher may, while the delegation is valid."""

    content_object = models.ForeignKey(TeachingAssignment, models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="taught")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "delegation"], name="assignment_grant_once"
            )
        ]
