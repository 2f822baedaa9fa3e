"""Accounts: made by the school or the Sở, never with a password; closed and opened again with a reason."""

import re
from typing import Any

from allauth.usersessions.models import UserSession

from hocbaso.lib.vietnamese import normal, plain
from schools.actions.refusals import NotAllowed, Refused
from schools.actions.roles import keep_an_administrator
from schools.models import Role, RoleAssignment, School, User
from schools.models.recording import recorded
from schools.permissions import may_make_account, may_manage_account
from schools.rules.accounts import user_name_stem
from schools.rules.identity import phone_number

LEAST_REASON = 10


def new_account(full_name: str, phone: str = "", school: School | None = None, **fields: Any) -> User:
    """A saved account nobody can log in to before its slip is used; inside the caller's transaction.

    The user name is made from the name. Refused when the phone number is none, or is another person's already.
    """
    name = normal(full_name)
    if not name:
        raise Refused("Họ và tên không được để trống.")
    number = usable_phone(phone, name)
    account = User.without_password(
        username=free_user_name(name), full_name=name, phone=number, school=school, **fields
    )
    account.save()
    return account


def usable_phone(phone: str, whose: str) -> str | None:
    """The number in its one form, None for an empty text; Refused when it has no such form or is taken."""
    if not phone.strip():
        return None
    number = phone_number(phone)
    if number is None:
        raise Refused(f"{whose}, số điện thoại: “{phone}” không phải số điện thoại Việt Nam 10 chữ số.")
    if User.objects.filter(phone=number).exists():
        raise Refused(f"{whose}, số điện thoại: số này đã là của một tài khoản khác.")
    return number


def free_user_name(full_name: str) -> str:
    """``lanntp``, or with the next free number: ``lanntp2``."""
    stem = user_name_stem(plain(full_name))
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    if stem not in taken:
        return stem
    numbers = (re.fullmatch(re.escape(stem) + r"([0-9]+)", name) for name in taken)
    return f"{stem}{max((int(found[1]) for found in numbers if found), default=1) + 1}"


def make_account(*, by: User, full_name: str, phone: str = "", school: School | None = None, **fields: Any) -> User:
    """Make an account for somebody of the school, or of the Sở (``school`` None). NotAllowed, Refused.
    Source: law.md §6.3, §7."""
    if not may_make_account(by, school):
        raise NotAllowed
    with recorded(by, "make_account"):
        return new_account(full_name, phone, school, **fields)


def deactivate(*, by: User, account: User, reason: str) -> User:
    """Close an account: its sessions end at once. It is never deleted; its acts keep its name. NotAllowed, Refused;
    WrongState for the last administrator of the Sở. Source: law.md §7."""
    return _set_active(by, account, reason, active=False)


def reactivate(*, by: User, account: User, reason: str) -> User:
    """Open a closed account again. NotAllowed, Refused."""
    return _set_active(by, account, reason, active=True)


def _set_active(by: User, account: User, reason: str, *, active: bool) -> User:
    if not may_manage_account(by, account):
        raise NotAllowed
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "reactivate_account" if active else "deactivate_account", reason=reason.strip()):
        if not active:
            _keep_administrators(account)
        account.is_active = active
        account.save(update_fields=["is_active"])
        if not active:
            end_sessions(account)
    return account


def _keep_administrators(account: User) -> None:
    held = RoleAssignment.objects.today().open().filter(user=account, role=Role.PROVINCE_ADMIN)
    for authority_id in held.order_by("authority").values_list("authority", flat=True):
        keep_an_administrator(account, authority_id)


def end_sessions(account: User) -> None:
    """Everything the person is signed in with, everywhere, ends now."""
    for session in UserSession.objects.filter(user=account):
        session.end()


def change_contact(*, by: User, phone: str, email: str) -> User:
    """A person changes the own phone number and e-mail address, both optional. Refused when one is another person's."""
    address = email.strip().lower() or None
    if address and User.objects.filter(email=address).exclude(pk=by.pk).exists():
        raise Refused("Thư điện tử: địa chỉ này đã là của một tài khoản khác.")
    number = by.phone if phone_number(phone) == by.phone and by.phone else usable_phone(phone, by.full_name)
    with recorded(by, "change_contact"):
        by.phone, by.email = number, address
        by.save(update_fields=["phone", "email"])
    return by
