"""One person lets another act: for a time, for a reason, in the other's own name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import (
    AssignmentGrant,
    Delegation,
    Role,
    RoleAssignment,
    School,
    SchoolGrant,
    TeachingAssignment,
    User,
)
from schools.models.people import SCHOOL_ROLES
from schools.models.recording import recorded
from schools.permissions import may_delegate, may_revoke_delegation

LEAST_REASON = 10
LONGEST = timedelta(days=366)
SCHOOL_PERMISSIONS = {
    Delegation.Kind.INSPECTOR: "inspect_school",
    Delegation.Kind.SIGNER: "sign_off_school",
}


def delegate(
    *,
    by: User,
    kind: str,
    school: School,
    grantee: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    assignments: Iterable[TeachingAssignment] = (),
) -> Delegation:
    """Let ``grantee`` act: stand in for a teacher in the given assignments (SUBSTITUTE), sign for the principal
    (SIGNER) or inspect a school (INSPECTOR). NotAllowed; Refused naming the person and the rule.
    Source: law.md §6.1 (kí thay in the delegate's own name), §8 row 6."""
    if not may_delegate(by, kind, school):
        raise NotAllowed
    taught = list(assignments)
    _check(by, kind, school, grantee, starts_at, ends_at, reason, taught)
    with recorded(by, "delegate", reason=reason.strip()):
        delegation = Delegation.objects.create(
            kind=kind,
            grantor=by,
            grantee=grantee,
            school=school,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason.strip(),
        )
        _grant(delegation, taught)
    return delegation


def _check(
    by: User,
    kind: str,
    school: School,
    grantee: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    taught: list[TeachingAssignment],
) -> None:
    if grantee.pk == by.pk:
        raise Refused("Không ai ủy quyền cho chính mình.")
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    _check_moments(starts_at, ends_at)
    if kind == Delegation.Kind.SIGNER:
        _check_signer(school, grantee, starts_at, ends_at)
    if kind != Delegation.Kind.INSPECTOR and not _works_in(grantee, school):
        raise Refused(f"{grantee.full_name} không giữ vai trò nào ở {school}.")
    if kind == Delegation.Kind.SUBSTITUTE and not taught:
        raise Refused("Hãy chọn ít nhất một lớp, môn dạy thay.")
    for assignment in taught:
        if assignment.school_class.school_id != school.pk or assignment.teacher_id == grantee.pk:
            raise Refused(f"{assignment}: không dạy thay được cho chính mình hay ở trường khác.")


def _check_moments(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at or ends_at <= timezone.now():
        raise Refused("Lúc hết hạn phải sau lúc bắt đầu và chưa qua.")
    if ends_at - starts_at > LONGEST or starts_at < timezone.now() - LONGEST:
        raise Refused("Ủy quyền nhiều nhất một năm; hết hạn thì ủy quyền lại.")


def _check_signer(school: School, grantee: User, starts_at: datetime, ends_at: datetime) -> None:
    """A vice-principal signs for the principal, one at a time (law.md §6.1)."""
    held = RoleAssignment.objects.today().filter(user=grantee, school=school, role=Role.VICE_PRINCIPAL)
    if not held.exists():
        raise Refused(f"Chỉ phó hiệu trưởng kí thay hiệu trưởng; {grantee.full_name} không phải phó hiệu trưởng.")
    at_the_time = Delegation.objects.filter(
        kind=Delegation.Kind.SIGNER, school=school, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    other = at_the_time.select_related("grantee").first()
    if other is not None:
        raise Refused(f"Trong thời gian này {other.grantee.full_name} đã được ủy quyền kí thay: thu hồi trước.")


def _works_in(user: User, school: School) -> bool:
    return RoleAssignment.objects.today().filter(user=user, school=school, role__in=SCHOOL_ROLES).exists()


def _grant(delegation: Delegation, taught: list[TeachingAssignment]) -> None:
    codename = SCHOOL_PERMISSIONS.get(Delegation.Kind(delegation.kind))
    if codename:
        permission = Permission.objects.get(codename=codename, content_type__app_label="schools")
        SchoolGrant.objects.create(
            user=delegation.grantee, permission=permission, content_object=delegation.school, delegation=delegation
        )
        return
    permission = Permission.objects.get(codename="write_assignment", content_type__app_label="schools")
    for assignment in taught:
        AssignmentGrant.objects.create(
            user=delegation.grantee, permission=permission, content_object=assignment, delegation=delegation
        )


def revoke_delegation(*, by: User, delegation: Delegation) -> Delegation:
    """Take a delegation back at once. NotAllowed; WrongState when it was revoked already."""
    if delegation.revoked_at is None and not may_revoke_delegation(by, delegation):
        raise NotAllowed
    with recorded(by, "revoke_delegation"):
        current = Delegation.objects.select_for_update(of=("self",)).select_related("grantee").get(pk=delegation.pk)
        if current.revoked_at is not None:
            raise WrongState(f"Ủy quyền cho {current.grantee.full_name} đã được thu hồi.")
        current.revoked_at, current.revoked_by = timezone.now(), by
        current.save(update_fields=["revoked_at", "revoked_by"])
    return current
