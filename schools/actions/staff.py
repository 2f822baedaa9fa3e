"""Bring a person into a school or the Sở: the account is found or made, the role given, in one step."""

from datetime import date

from django.db.models import Q

from schools.actions.accounts import new_account
from schools.actions.refusals import Refused
from schools.actions.roles import (
    Place,
    chains_of_appointment,
    check_appointment,
    give_role,
    replace_principal,
)
from schools.models import Role, RoleAssignment, School, User
from schools.models.recording import recorded
from schools.rules.identity import phone_number


def account_of(full_name: str, phone: str, school: School | None, personal_id: str = "") -> User:
    """The account with this phone number or số định danh, whose name must be the same, or a new one; inside the
    caller's transaction. Refused when a number is somebody else's, or the two belong to two people."""
    number = phone_number(phone)
    known = Q(phone=number, phone__isnull=False) | Q(personal_id=personal_id or None, personal_id__isnull=False)
    found = list(User.objects.filter(known)[:2])
    if not found:
        return new_account(full_name, phone, school, personal_id=personal_id or None)
    if len(found) > 1:
        raise Refused(f"{full_name}: số điện thoại và số định danh cá nhân là của hai tài khoản khác nhau.")
    _check_same_person(found[0], full_name, phone, personal_id)
    return found[0]


def _check_same_person(account: User, full_name: str, phone: str, personal_id: str) -> None:
    which = f"số điện thoại {phone}" if account.phone == phone_number(phone) else "số định danh cá nhân này"
    if account.search_name != User(full_name=full_name).plain_name():
        raise Refused(f"{full_name}: {which} đã là của một người tên khác. Hãy kiểm tra lại.")
    if personal_id and account.personal_id not in {None, personal_id}:
        raise Refused(f"{full_name}: {which} đã là của một người có số định danh khác. Hãy kiểm tra lại.")
    if not account.is_active:
        raise Refused(f"{full_name}: tài khoản {account.username} đang bị khóa; hãy mở lại trước.")


def bring_in(
    *, by: User, place: Place, full_name: str, phone: str, role: str, starts_on: date, personal_id: str = ""
) -> RoleAssignment:
    """A person, known or new, gets a role in a school or the Sở; a new principal replaces the one before. NotAllowed;
    Refused; WrongState when the role is held already. Source: law.md §7."""
    check_appointment(by, role, place)
    with recorded(by, "appoint", chains=chains_of_appointment(role, place)):
        person = account_of(full_name, phone, place if isinstance(place, School) else None, personal_id)
        if isinstance(place, School) and role == Role.PRINCIPAL:
            replace_principal(place, person, starts_on)
        return give_role(person, role, place, starts_on)
