"""How people come to their accounts: one-use slips, and second factors reset by two persons."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from schools.models.authorities import School
from schools.models.base import PublicModel
from schools.models.people import Role, User

TOLD_FOR = timedelta(days=60)


class SlipQuerySet(models.QuerySet["Slip"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def to_be_told(self) -> Self:
        """Those that somebody gave lately for an account that had a password."""
        lately = self.filter(created_at__gt=timezone.now() - TOLD_FOR).exclude(reason="")
        return lately.select_related("issued_by").order_by("-created_at")


class Slip(PublicModel):
    """A printed one-use code with which a person chooses a password. Only a keyed digest of the code is kept; a new
    slip revokes the one before. ``reason`` says why somebody who has a password was given one; they are told."""

    user = models.ForeignKey(User, models.PROTECT, related_name="slips", verbose_name="người")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người cấp")
    reason = models.CharField("lí do", max_length=255, blank=True)
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, revoked_at=None), name="one_open_slip_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"Phiếu của {self.user}"


class SecondFactorResetQuerySet(models.QuerySet["SecondFactorReset"]):
    def visible_to(self, user: User) -> Self:
        """Requests one made, and those about people of one's own school's office, or of the schools under the Sở."""
        schools = School.objects.under(user.standing.authorities_as(Role.PROVINCE_ADMIN)).values("id")
        everyone = models.Q(user__school=None) if user.standing.has(Role.PROVINCE_ADMIN) else models.Q(pk__in=[])
        return self.filter(
            models.Q(requested_by=user)
            | models.Q(user__school__in=user.standing.office_school_ids)
            | models.Q(user__school__in=schools)
            | everyone
        )

    def undecided(self) -> Self:
        return self.filter(decided_at=None).select_related("user__school", "requested_by")


class SecondFactorReset(PublicModel):
    """Somebody lost the second factor: one person asks, another approves, and only then is it taken off."""

    user = models.ForeignKey(User, models.PROTECT, related_name="second_factor_resets", verbose_name="người")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đề nghị")
    reason = models.CharField("lí do", max_length=255)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    approved = models.BooleanField("đồng ý", null=True, blank=True)

    objects = SecondFactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="second_factor_reset_by_two_persons",
                condition=models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("requested_by")) & ~models.Q(decided_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="second_factor_reset_decision_whole",
                condition=models.Q(decided_by=None, decided_at=None, approved=None)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False, approved__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(decided_at=None), name="one_open_second_factor_reset"
            ),
        ]

    def __str__(self) -> str:
        return f"Đặt lại lớp bảo vệ thứ hai: {self.user}"
