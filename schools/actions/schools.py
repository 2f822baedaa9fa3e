"""The Sở opens schools and keeps what is printed about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.actions.roles import give_role
from schools.actions.staff import account_of
from schools.models import Authority, EntryWindow, Period, Role, School, User
from schools.models.recording import recorded
from schools.permissions import administers_province, may_administer_school


@dataclass(frozen=True)
class Person:
    """A principal or clerk as written on the form: an account found by phone or số định danh, else made."""

    full_name: str
    phone: str
    personal_id: str = ""


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
    _check_authority(by, authority)
    if not levels:
        raise Refused("Cấp học: hãy chọn ít nhất một cấp.")
    stray = next((period for period, _, _ in windows if period.level not in levels), None)
    if stray is not None:
        raise Refused(f"Hạn nhập: trường không có cấp {stray.get_level_display()}.")
    with _one_code(code), recorded(by, "open_school"):
        school = School.objects.create(
            code=code,
            name=name,
            authority=authority,
            levels=list(levels),
            is_public=is_public,
            address=address,
            **_printed(authority),
        )
        _fill_office(school, principal, clerk)
        EntryWindow.objects.bulk_create(
            EntryWindow(school=school, period=period, opens_at=opens_at, closes_at=closes_at, opened_by=by)
            for period, opens_at, closes_at in windows
        )
    return school


def _fill_office(school: School, principal: Person, clerk: Person) -> None:
    """The two without whom nothing begins, from today on."""
    people = [account_of(one.full_name, one.phone, school, one.personal_id) for one in (principal, clerk)]
    if people[0] == people[1]:
        raise Refused("Hiệu trưởng và văn thư phải là hai người, hai số điện thoại.")
    for person, role in zip(people, (Role.PRINCIPAL, Role.CLERK), strict=True):
        give_role(person, role, school, timezone.localdate())


def _check_authority(by: User, authority: Authority) -> None:
    if not administers_province(by) or authority.parent_id not in by.standing.authorities_as(Role.PROVINCE_ADMIN):
        raise NotAllowed


@contextmanager
def _one_code(code: str) -> Iterator[None]:
    """A code belongs to one school, also when two people write it at the same moment."""
    try:
        yield
    except IntegrityError as error:
        if "schools_school_code" not in str(error):
            raise
        raise Refused(f"Mã trường {code} đã có.") from error


def _printed(authority: Authority) -> dict[str, str]:
    """What the book prints about where the school is."""
    return {"commune": authority.name, "province": _province_name(authority)}


def _province_name(authority: Authority) -> str:
    """What is printed after “Tỉnh (Thành phố)”: the Sở's own name without the words before the province's."""
    parent = authority.parent
    return parent.name.removeprefix("Sở Giáo dục và Đào tạo").strip() if parent else ""


def edit_school(*, by: User, school: School, **fields: Any) -> School:
    """Change code, name, address, levels, kind or phường/xã of a school; the words printed about the place follow.
    NotAllowed; Refused when a level is taken away that still has classes. Source: law.md §4, §7."""
    if not may_administer_school(by, school):
        raise NotAllowed
    authority = fields.get("authority", school.authority)
    if authority != school.authority:
        _check_authority(by, authority)
        fields |= _printed(authority)
    lost = set(school.levels) - set(fields.get("levels", school.levels))
    with _one_code(fields.get("code", school.code)), recorded(by, "edit_school", chains=[("SCHOOL", school.pk)]):
        busy = [one for one in school.schoolclass_set.all() if one.level in lost]
        if busy:
            raise Refused(f"Cấp học: không bỏ được cấp còn lớp ({', '.join(str(one) for one in busy[:3])}).")
        for name, value in fields.items():
            setattr(school, name, value)
        school.save(update_fields=list(fields))
    return school
