"""Who is what: appointed, dismissed, replaced. A role ends on a day; it is never deleted."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Authority, HomeroomAssignment, Role, RoleAssignment, School, TeachingAssignment, User
from schools.models.base import Dated
from schools.models.people import SCHOOL_ROLES
from schools.models.recording import recorded
from schools.permissions import may_appoint, may_appoint_in_province
from schools.rules.calendar import why_not_a_day_of_service

LEAST_REASON = 10
Place = School | Authority
Chains = list[tuple[str, int]]
Ties = tuple[list[TeachingAssignment], list[HomeroomAssignment]]


def give_role(user: User, role: str, place: Place, starts_on: date) -> RoleAssignment:
    """The role from a day on, inside the caller's transaction. Refused when the day cannot be; WrongState naming
    person, role and since when, if the role is held then: neither day is changed in silence."""
    if why := why_not_a_day_of_service(starts_on, timezone.localdate()):
        raise Refused(why)
    where = {"school": place} if isinstance(place, School) else {"authority": place}
    then = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    held = RoleAssignment.objects.filter(then, user=user, role=role, **where).first()
    if held is not None:
        until = f" đến trước ngày {held.ends_on:%d/%m/%Y}" if held.ends_on else ""
        raise WrongState(
            f"{user.full_name} giữ vai trò {held.get_role_display()} ở {place} từ {held.starts_on:%d/%m/%Y}{until}. "
            "Chưa lưu gì."
        )
    return RoleAssignment.objects.create(user=user, role=role, starts_on=starts_on, **where)


def appoint(*, by: User, user: User, role: str, place: Place, starts_on: date) -> RoleAssignment:
    """Give a person a role. A new principal replaces the one before on the same day. NotAllowed; Refused when the place
    does not fit the role or the day cannot be; WrongState when it is held already. Source: law.md §7;
    TT 15/2026/TT-BGDĐT (Điều lệ)."""
    check_appointment(by, role, place)
    with recorded(by, "appoint", chains=chains_of_appointment(role, place)):
        if role == Role.PRINCIPAL and isinstance(place, School):
            replace_principal(place, user, starts_on)
        return give_role(user, role, place, starts_on)


def check_appointment(by: User, role: str, place: Place) -> None:
    """NotAllowed; Refused when such a role is not held in such a place."""
    _check(by, role, place)
    kinds = {Role.COMMUNE_OFFICER: Authority.Kind.COMMUNE}
    fits = (
        role in SCHOOL_ROLES
        if isinstance(place, School)
        else role not in SCHOOL_ROLES and place.kind == kinds.get(Role(role), Authority.Kind.PROVINCE)
    )
    if not fits:
        raise Refused(f"Vai trò {Role(role).label} không thuộc {place}.")


def chains_of_appointment(role: str, place: Place) -> Chains:
    """The chains an appointment may write to: a principal who is replaced leaves the classes taught as well."""
    if role != Role.PRINCIPAL or not isinstance(place, School):
        return []
    held = RoleAssignment.objects.open().filter(school=place, role=Role.PRINCIPAL).first()
    return _chains(held) if held else []


def replace_principal(school: School, newcomer: User, day: date) -> None:
    """Whoever else was principal ends on that day, with what ends with it; inside the caller's transaction."""
    for held in RoleAssignment.objects.open().filter(school=school, role=Role.PRINCIPAL).exclude(user=newcomer):
        _end(held, day)


def ending_with(held: RoleAssignment) -> Ties:
    """What ends when this role ends: the person's assignments in the school, unless another role remains there."""
    if held.school_id is None:
        return [], []
    others = RoleAssignment.objects.open().filter(user=held.user_id, school=held.school_id).exclude(pk=held.pk)
    if others.exists():
        return [], []
    of_person = {"teacher": held.user_id, "school_class__school": held.school_id}
    teaching = TeachingAssignment.objects.not_over().filter(**of_person).select_related("school_class", "subject")
    homeroom = HomeroomAssignment.objects.not_over().filter(**of_person).select_related("school_class")
    return list(teaching), list(homeroom)


def dismiss(*, by: User, held: RoleAssignment, ends_on: date, reason: str) -> RoleAssignment:
    """End a role from a day on, and with it the person's assignments in the school if no other role remains there.
    NotAllowed; Refused (no reason, a day that cannot be); WrongState (ended already, last administrator).
    Source: law.md §7."""
    _check(by, held.role, held.place)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    if why := why_not_a_day_of_service(ends_on, timezone.localdate()):
        raise Refused(why)
    with recorded(by, "dismiss", reason=reason.strip(), chains=_chains(held)):
        current = _locked(held)
        if current.ends_on is not None:
            raise WrongState(f"{current.user.full_name} đã thôi vai trò này từ {current.ends_on:%d/%m/%Y}.")
        if ends_on < current.starts_on:
            raise Refused(f"{current.user.full_name} giữ vai trò này từ {current.starts_on:%d/%m/%Y}.")
        _end(current, ends_on)
    return current


def _end(held: RoleAssignment, day: date) -> None:
    """The role and what ends with it, from that day on; what ends sooner stays as it is."""
    teaching, homeroom = ending_with(held)
    ties: list[Dated] = [held, *teaching, *homeroom]
    for tie in ties:
        tie.end_by(day)


def _chains(held: RoleAssignment) -> Chains:
    teaching, homeroom = ending_with(held)
    classes = {one.school_class_id for one in teaching} | {one.school_class_id for one in homeroom}
    schools = {held.school_id} - {None}
    return [("CLASS", key) for key in classes] + [("SCHOOL", key) for key in schools if key]


def _locked(held: RoleAssignment) -> RoleAssignment:
    """The role as it is now; WrongState for the last administrator of the Sở."""
    if held.role == Role.PROVINCE_ADMIN:
        keep_an_administrator(held.user, held.authority_id)
    return RoleAssignment.objects.select_for_update(of=("self",)).select_related("user").get(pk=held.pk)


def keep_an_administrator(leaving: User, authority_id: int | None) -> None:
    """WrongState when nobody but this person administers the Sở with an open account. Inside the caller's transaction,
    which holds the roles of all administrators from here on: two who dismiss each other, or close each other's
    accounts, at the same moment would otherwise leave none. Source: law.md §7."""
    administrators = RoleAssignment.objects.today().open().filter(role=Role.PROVINCE_ADMIN, authority=authority_id)
    list(administrators.order_by("id").select_for_update(of=("self",)))
    # A second look, after the lock: the first would not see what the other one has just done to an account.
    if not administrators.filter(user__is_active=True).exclude(user=leaving).exists():
        raise WrongState(f"{leaving.full_name} là quản trị Sở cuối cùng; hãy bổ nhiệm người khác trước.")


def _check(by: User, role: str, place: Place) -> None:
    allowed = may_appoint(by, role, place) if isinstance(place, School) else may_appoint_in_province(by, role)
    if not allowed:
        raise NotAllowed
