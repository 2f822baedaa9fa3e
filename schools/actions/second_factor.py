"""A lost second factor is taken off by two persons."""

from allauth.mfa.models import Authenticator
from django.utils import timezone

from schools.actions.accounts import LEAST_REASON, end_sessions
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import SecondFactorReset, User
from schools.models.recording import recorded
from schools.permissions import may_decide_second_factor_reset, may_request_second_factor_reset


def request_second_factor_reset(*, by: User, account: User, reason: str) -> SecondFactorReset:
    """Ask that a person's second factor be taken off. Nothing happens before another person agrees.
    NotAllowed, Refused (reason too short), WrongState (asked already). Source: law.md §6.4."""
    if not may_request_second_factor_reset(by, account):
        raise NotAllowed
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "request_second_factor_reset", reason=reason.strip()):
        if SecondFactorReset.objects.filter(user=account, decided_at=None).exists():
            raise WrongState(f"{account.full_name} đã có một đề nghị đang chờ quyết định.")
        return SecondFactorReset.objects.create(user=account, requested_by=by, reason=reason.strip())


def decide_second_factor_reset(*, by: User, reset: SecondFactorReset, approve: bool) -> SecondFactorReset:
    """Another person agrees or refuses. On agreement every second factor of the person is removed and every session
    ended; the person sets up a new one at the next login. NotAllowed, WrongState. Source: law.md §6.4."""
    with recorded(by, "approve_second_factor_reset" if approve else "refuse_second_factor_reset"):
        reset = (
            SecondFactorReset.objects.select_for_update(of=("self",)).select_related("user__school").get(pk=reset.pk)
        )
        if reset.decided_at is not None:
            raise WrongState("Đề nghị này đã có quyết định.")
        if not may_decide_second_factor_reset(by, reset):
            raise NotAllowed
        reset.decided_by, reset.decided_at, reset.approved = by, timezone.now(), approve
        reset.save(update_fields=["decided_by", "decided_at", "approved"])
        if approve:
            Authenticator.objects.filter(user=reset.user).delete()
            end_sessions(reset.user)
    return reset
