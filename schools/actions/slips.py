"""Activation slips: a printed one-use code with which a person chooses the own password."""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from schools.actions.accounts import end_sessions
from schools.actions.refusals import NotAllowed, Refused
from schools.models import Slip, User
from schools.models.recording import recorded
from schools.permissions import may_issue_slip
from schools.rules.accounts import code_of, normal_code

UNUSABLE = "Tên đăng nhập hoặc mã trên phiếu không đúng, hoặc phiếu đã dùng hay hết hạn. Hãy xin phiếu mới."


@dataclass(frozen=True)
class PrintedSlip:
    """A slip with its code, which is nowhere but here and on paper."""

    user: User
    code: str
    expires_at: object


def issue_slips(*, by: User, accounts: Iterable[User], reason: str = "") -> list[PrintedSlip]:
    """New slips for these people; open ones are revoked. The codes are returned once and stored only as keyed digests.
    NotAllowed, naming the first person whose slip is another's to give; Refused without a reason for somebody who has a
    password already, and who is told of it. Source: law.md §6.3."""
    people = list(accounts)
    for account in people:
        if not may_issue_slip(by, account):
            raise NotAllowed(f"Bạn không được cấp phiếu cho {account.full_name}.")
        if account.password_set_at and not reason.strip():
            raise Refused(f"{account.full_name} đã có mật khẩu: hãy ghi lí do cấp phiếu mới.")
    with recorded(by, "issue_slips", reason=reason.strip()):
        return new_slips(people, issued_by=by, reason=reason.strip())


def new_slips(people: list[User], issued_by: User | None, reason: str = "") -> list[PrintedSlip]:
    """Slips inside the caller's transaction."""
    now = timezone.now()
    expires_at = now + timedelta(days=settings.SLIP_DAYS)
    Slip.objects.filter(user__in=people, used_at=None, revoked_at=None).update(revoked_at=now)
    printed = [PrintedSlip(account, code_of(secrets.randbelow), expires_at) for account in people]
    Slip.objects.bulk_create(
        Slip(
            user=slip.user,
            digest=digest_of(slip.code),
            issued_by=issued_by,
            expires_at=expires_at,
            reason=reason if slip.user.password_set_at else "",
        )
        for slip in printed
    )
    return printed


def digest_of(code: str) -> str:
    """Keyed, so that the table alone is no list to guess against."""
    return hmac.new(settings.SECRET_KEY.encode(), b"slip:" + normal_code(code).encode(), "sha256").hexdigest()


def find_slip(login: str, code: str) -> Slip:
    """The usable slip of this person with this code; Refused with one and the same words whatever is wrong."""
    account = User.objects.by_login(login)
    slip = Slip.objects.usable().filter(digest=digest_of(code)).select_related("user").first()
    if slip is None or account is None or slip.user_id != account.pk:
        raise Refused(UNUSABLE)
    return slip


def use_slip(*, login: str, code: str, password: str) -> User:
    """Choose a password with a slip: once. Sessions of before end. Returns the person; Refused. Source: law.md §6.3."""
    person = find_slip(login, code).user
    with recorded(person, "use_slip"):
        slip = Slip.objects.usable().select_for_update(of=("self",)).filter(digest=digest_of(code), user=person).first()
        if slip is None:
            raise Refused(UNUSABLE)
        slip.used_at = person.password_set_at = timezone.now()
        slip.save(update_fields=["used_at"])
        person.set_password(password)
        person.save(update_fields=["password", "password_set_at"])
        end_sessions(person)
    return person
