"""The Sở opens schools and keeps what is printed about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.actions.roles import give_role
from schools.actions.staff import account_of
from schools.models import Authority, EntryWindow, Period, Role, School, User
from schools.models.recording import recorded
from schools.permissions import administers_province, may_administer_school
from schools.rules.identity import phone_number


@dataclass(frozen=True)
class Person:
    """A principal or clerk as written on the form: found by phone if the account is there, made if not."""

    full_name: str
    phone: str


def open_school(
    *,
    by: User,
    code: str,
    name: str,
    authority: Authority,
    levels: Sequence[str],
    is_public: bool,
    address: str,
    principal: Person,
    clerk: Person,
    windows: Sequence[tuple[Period, datetime, datetime]] = (),
) -> School:
    """A new school, whole or not at all: the school, its principal and clerk with accounts but without passwords, and
    the entry windows. NotAllowed; Refused naming the field. Source: law.md §7."""
    if not administers_province(by) or authority.parent_id not in by.standing.authorities_as(Role.PROVINCE_ADMIN):
        raise NotAllowed
    if School.objects.filter(code=code).exists():
        raise Refused(f"Mã trường {code} đã có.")
    if (phone_number(principal.phone) or principal.phone) == (phone_number(clerk.phone) or clerk.phone):
        raise Refused("Hiệu trưởng và văn thư phải là hai người, hai số điện thoại.")
    with recorded(by, "open_school"):
        school = School.objects.create(
            code=code,
            name=name,
            authority=authority,
            levels=list(levels),
            is_public=is_public,
            address=address,
            commune=authority.name,
            province=_province_name(authority),
        )
        for person, role in ((principal, Role.PRINCIPAL), (clerk, Role.CLERK)):
            give_role(account_of(person.full_name, person.phone, school), role, school, timezone.localdate())
        EntryWindow.objects.bulk_create(
            EntryWindow(school=school, period=period, opens_at=opens_at, closes_at=closes_at, opened_by=by)
            for period, opens_at, closes_at in windows
        )
    return school


def _province_name(authority: Authority) -> str:
    """What is printed after “Tỉnh (Thành phố)”: the Sở's own name without the words before the province's."""
    parent = authority.parent
    return parent.name.removeprefix("Sở Giáo dục và Đào tạo").strip() if parent else ""


def edit_school(*, by: User, school: School, **fields: object) -> School:
    """Change name, address, levels, kind or the words printed about a school. NotAllowed; Refused when a level is taken
    away that still has classes. Source: law.md §4, §7."""
    if not may_administer_school(by, school):
        raise NotAllowed
    levels = fields.get("levels", school.levels)
    lost = set(school.levels) - set(levels)  # type: ignore[call-overload]
    busy = [one for one in school.schoolclass_set.all() if one.level in lost]
    if busy:
        raise Refused(f"Không bỏ được cấp học còn lớp: {', '.join(str(one) for one in busy[:3])}.")
    with recorded(by, "edit_school"):
        for name, value in fields.items():
            setattr(school, name, value)
        school.save()
    return school
