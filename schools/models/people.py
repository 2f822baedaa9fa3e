"""People with an account, and what they are where."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Lower

from schools.models.authorities import Authority, School
from schools.models.base import Dated, DatedQuerySet, PersonName, PublicModel, dated_check
from schools.rules.identity import phone_number


class Role(models.TextChoices):
    TEACHER = "GIAO_VIEN", "Giáo viên"
    CLERK = "VAN_THU", "Văn thư"
    VICE_PRINCIPAL = "PHO_HIEU_TRUONG", "Phó hiệu trưởng"
    PRINCIPAL = "HIEU_TRUONG", "Hiệu trưởng"
    COMMUNE_OFFICER = "CAN_BO_XA", "Cán bộ phường, xã"
    INSPECTOR = "THANH_TRA_SO", "Thanh tra Sở"
    PROVINCE_ADMIN = "QUAN_TRI_SO", "Quản trị Sở"
    OPERATOR = "VAN_HANH", "Vận hành hệ thống"


SCHOOL_ROLES = frozenset({Role.TEACHER, Role.CLERK, Role.VICE_PRINCIPAL, Role.PRINCIPAL})
PROVINCE_ROLES = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN, Role.OPERATOR})
SECOND_FACTOR_ROLES = frozenset(Role) - {Role.TEACHER}


class UserManager(BaseUserManager["User"]):
    def by_login(self, login: str) -> "User | None":
        """The active user with this user name or phone number."""
        name = login.strip().lower()
        return (
            self.filter(is_active=True)
            .filter(models.Q(username=name) | models.Q(phone=phone_number(login) or name))
            .first()
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())


@dataclass(frozen=True)
class Standing:
    """What a person is today: roles in schools and authorities, and the schools opened to them by a delegation."""

    held: frozenset[tuple[str, int | None, int | None]]
    granted_school_ids: frozenset[int]

    def schools_as(self, *roles: Role) -> frozenset[int]:
        return frozenset(school for role, school, _ in self.held if role in roles and school)

    def authorities_as(self, *roles: Role) -> frozenset[int]:
        return frozenset(authority for role, _, authority in self.held if role in roles and authority)

    def has(self, *roles: Role) -> bool:
        return any(role in roles for role, _, _ in self.held)

    @property
    def roles(self) -> list[Role]:
        """The roles held, the most general first, each once."""
        return [role for role in reversed(Role) if self.has(role)]

    @property
    def staff_school_ids(self) -> frozenset[int]:
        return self.schools_as(*SCHOOL_ROLES)

    @property
    def office_school_ids(self) -> frozenset[int]:
        """Schools in which the person keeps or directs the records: clerk, vice-principal, principal."""
        return self.schools_as(Role.CLERK, Role.VICE_PRINCIPAL, Role.PRINCIPAL)

    @property
    def province_ids(self) -> frozenset[int]:
        return self.authorities_as(Role.INSPECTOR, Role.PROVINCE_ADMIN)

    @property
    def commune_ids(self) -> frozenset[int]:
        return self.authorities_as(Role.COMMUNE_OFFICER)


class User(AbstractBaseUser, PersonName, PublicModel):
    """A person's one account, whatever the person is: teacher, parent, both. What they are stands in RoleAssignment,
    TeachingAssignment, HomeroomAssignment and ParentLink."""

    username = models.CharField("tên đăng nhập", max_length=60, unique=True)
    phone = models.CharField("số điện thoại", max_length=10, unique=True, null=True, blank=True)
    email = models.EmailField("thư điện tử", unique=True, null=True, blank=True)
    personal_id = models.CharField("số định danh cá nhân", max_length=12, unique=True, null=True, blank=True)
    staff_code = models.CharField("mã định danh ngành", max_length=20, blank=True)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="trường quản lí tài khoản", related_name="accounts"
    )
    is_active = models.BooleanField("đang dùng", default=True)
    password_set_at = models.DateTimeField("đặt mật khẩu lúc", null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["given_name", "family_names", "id"]
        constraints = [
            models.CheckConstraint(name="user_username_lower", condition=models.Q(username=Lower("username"))),
            models.CheckConstraint(
                name="user_phone_form", condition=models.Q(phone=None) | models.Q(phone__regex=r"^0[0-9]{9}$")
            ),
            models.CheckConstraint(
                name="user_personal_id_form",
                condition=models.Q(personal_id=None) | models.Q(personal_id__regex=r"^[0-9]{12}$"),
            ),
        ]

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rpartition(" ")[2]

    @cached_property
    def standing(self) -> Standing:
        """Read once per request: roles held today and schools granted by a delegation valid now."""
        from schools.models.delegations import SchoolGrant

        held = RoleAssignment.objects.filter(user=self).today().values_list("role", "school_id", "authority_id")
        granted = SchoolGrant.objects.filter(user=self).valid().values_list("content_object_id", flat=True)
        return Standing(frozenset(held), frozenset(granted))

    @classmethod
    def without_password(cls, **fields: Any) -> Self:
        """A new, unsaved account that nobody can log in to before its slip has been used."""
        return cls(password=make_password(None), **fields)


class RoleAssignmentQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            models.Q(school__in=School.objects.visible_to(user))
            | models.Q(authority__in=user.standing.province_ids)
            | models.Q(authority__parent__in=user.standing.province_ids)
        )


class RoleAssignment(PublicModel, Dated):
    """What a person is, where, and since when. Never deleted: it ends."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments", verbose_name="người")
    role = models.CharField("vai trò", max_length=20, choices=Role)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, verbose_name="trường")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, verbose_name="cơ quan")

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            dated_check("role_assignment_dates"),
            models.CheckConstraint(
                name="role_assignment_place_fits_role",
                condition=models.Q(role__in=sorted(SCHOOL_ROLES), school__isnull=False, authority=None)
                | models.Q(role__in=sorted(set(Role) - SCHOOL_ROLES), school=None, authority__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "school", "authority"],
                condition=models.Q(ends_on=None),
                nulls_distinct=False,
                name="role_assignment_once",
            ),
            models.UniqueConstraint(
                fields=["school"],
                condition=models.Q(ends_on=None, role="HIEU_TRUONG"),
                name="one_principal_per_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label}"
