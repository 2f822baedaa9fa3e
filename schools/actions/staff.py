"""Bring a person into a school or the Sở: the account is found or made, the role given, in one step."""

from datetime import date

from django.db.models import Q

from schools.actions.accounts import new_account
from schools.actions.refusals import NotAllowed, Refused
from schools.actions.roles import Place, give_role, replace_principal
from schools.models import Role, RoleAssignment, School, User
from schools.models.recording import recorded
from schools.permissions import may_appoint, may_appoint_in_province
from schools.rules.identity import phone_number


def account_of(full_name: str, phone: str, school: School | None) -> User:
    """The account with this phone number, whose name must be the same, or a new one; inside the caller's transaction.
    Refused when the number is somebody else's."""
    number = phone_number(phone)
    found = User.objects.filter(Q(phone=number), phone__isnull=False).first() if number else None
    if found is None:
        return new_account(full_name, phone, school)
    if found.search_name != User(full_name=full_name).plain_name():
        raise Refused(f"Số điện thoại {phone} đã là của một người tên khác. Hãy kiểm tra lại.")
    return found


def bring_in(*, by: User, place: Place, full_name: str, phone: str, role: str, starts_on: date) -> RoleAssignment:
    """A person, known or new, gets a role in a school or the Sở; a new principal replaces the one before. NotAllowed;
    Refused. Source: law.md §7."""
    allowed = may_appoint(by, role, place) if isinstance(place, School) else may_appoint_in_province(by, role)
    if not allowed:
        raise NotAllowed
    with recorded(by, "appoint"):
        person = account_of(full_name, phone, place if isinstance(place, School) else None)
        if isinstance(place, School) and role == Role.PRINCIPAL:
            replace_principal(place, person, starts_on)
        return give_role(person, role, place, starts_on)
