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
from schools.models.ties import Ties, ties_of
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
WEIGHTY_ROLES = SECOND_FACTOR_ROLES - {Role.VICE_PRINCIPAL}  # whose accounts the Sở looks after


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> Self:
        """People whose account belongs to a school one keeps or directs, or to the Sở one administers."""
        provinces = user.standing.authorities_as(Role.PROVINCE_ADMIN)
        of_schools = models.Q(school__in=user.standing.office_school_ids)
        of_schools |= models.Q(school__in=School.objects.under(provinces).values("id"))
        return self.filter(of_schools | models.Q(school=None)) if provinces else self.filter(of_schools)

    def managed_by(self, user: "User") -> Self:
        """Those to whom the user may give a slip, as permissions.may_issue_slip says of each: a clerk's own people but
        for heads and clerks, and vice-principals who have a password; for the Sở its own people and those."""
        held = RoleAssignment.objects.today().filter(user=models.OuterRef("pk"))
        vice = models.Exists(held.filter(role=Role.VICE_PRINCIPAL)) & models.Q(password_set_at__isnull=False)
        weighty = models.Q(models.Exists(held.filter(role__in=WEIGHTY_ROLES))) | vice
        of_clerk = models.Q(school__in=user.standing.schools_as(Role.CLERK)) & ~weighty
        of_province = weighty if user.standing.has(Role.PROVINCE_ADMIN) else models.Q(pk__in=[])
        return self.filter(of_clerk | of_province, is_active=True).exclude(pk=user.pk)

    def named_like(self, plain_text: str) -> Self:
        """Search in names without diacritics (hocbaso.lib.vietnamese.plain), or by user name."""
        if not plain_text:
            return self
        return self.filter(models.Q(search_name__contains=plain_text) | models.Q(username__startswith=plain_text))

    def staff_of(self, school: School) -> Self:
        """Who holds a role in the school today."""
        held = RoleAssignment.objects.today().filter(school=school).values("user_id")
        return self.filter(id__in=held)

    def with_school_role(self) -> Self:
        held = RoleAssignment.objects.today().filter(school__isnull=False, user=models.OuterRef("pk"))
        return self.filter(models.Exists(held))

    def never_came_in(self) -> Self:
        return self.filter(password_set_at=None)

    def without_slip(self) -> Self:
        """Those who hold no slip that still works."""
        from schools.models.accounts import Slip

        return self.filter(~models.Exists(Slip.objects.usable().filter(user=models.OuterRef("pk"))))

    def around(self, school_class: models.Model) -> Self:
        """Students of a class now, and their parents of today."""
        from schools.models.students import ParentLink, Student

        students = Student.objects.in_class(school_class)  # type: ignore[arg-type]
        parents = ParentLink.objects.today().filter(student__in=students.values("id")).values("parent_id")
        return self.filter(models.Q(student__in=students.values("id")) | models.Q(id__in=parents))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def by_login(self, login: str) -> "User | None":
        """The active user with this user name or phone number."""
        name = login.strip().lower()
        found: User | None = (
            self.filter(is_active=True)
            .filter(models.Q(username=name) | models.Q(phone=phone_number(login) or name))
            .first()
        )
        return found

    def get_by_natural_key(self, username: str | None) -> "User":
        found: User = self.get(username=(username or "").lower())
        return found


@dataclass(frozen=True)
class Standing:
    """What a person is today: roles in schools and authorities, and the schools opened to them by a delegation."""

    held: frozenset[tuple[str, int | None, int | None]]
    granted: frozenset[tuple[str, int]]

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
    def granted_school_ids(self) -> frozenset[int]:
        """Schools the person inspects by a delegation valid now."""
        return frozenset(school for codename, school in self.granted if codename == "inspect_school")

    @property
    def only_teaches(self) -> bool:
        """Whether the person sees nothing of a school beyond the own classes: no office, no authority, no grant."""
        return not self.granted and all(role == Role.TEACHER for role, _, _ in self.held)

    @property
    def signs_for_school_ids(self) -> frozenset[int]:
        """Schools in which the person signs for the principal by a delegation valid now (kí thay)."""
        return frozenset(school for codename, school in self.granted if codename == "sign_off_school")

    @property
    def signing_school_ids(self) -> frozenset[int]:
        """Schools in which the person signs off: as their principal, or for the principal."""
        return self.schools_as(Role.PRINCIPAL) | self.signs_for_school_ids

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

    def __str__(self) -> str:
        return self.full_name  # not AbstractBaseUser's user name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rpartition(" ")[2]

    @cached_property
    def standing(self) -> Standing:
        """Read once per request: roles held today and schools granted by a delegation valid now."""
        from schools.models.delegations import SchoolGrant

        granted: frozenset[tuple[str, int]] = frozenset()
        if self.ties.has_school_grants:
            grants = SchoolGrant.objects.filter(user=self).valid()
            granted = frozenset(grants.values_list("permission__codename", "content_object_id"))
        return Standing(self.ties.roles, granted)

    @cached_property
    def ties(self) -> Ties:
        """Read once per request, in one query: every page asks for it, so that the SQL is written out."""
        return ties_of(self.pk)

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

    def by_name(self) -> Self:
        return self.select_related("user", "school", "authority").order_by(
            "school__name", "user__given_name", "user__family_names", "id"
        )

    def principal_of(self, school: School) -> "User | None":
        """The school's principal today."""
        held: Any = self.today().filter(school=school, role=Role.PRINCIPAL).first()
        return held.user if held else None

    def in_office_of(self, school: School) -> Self:
        """Principal, vice-principals and clerks of a school today."""
        office = [Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.CLERK]
        return self.today().filter(school=school, role__in=office).by_name()


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

    @property
    def place(self) -> School | Authority:
        """Where: the database holds that it is exactly one of the two."""
        return self.school or self.authority  # type: ignore[return-value]
