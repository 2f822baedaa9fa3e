"""Who is what: appointed, dismissed, replaced. A role ends on a day; it is never deleted."""

from datetime import date

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Authority, HomeroomAssignment, Role, RoleAssignment, School, TeachingAssignment, User
from schools.models.base import Dated
from schools.models.people import SCHOOL_ROLES
from schools.models.recording import recorded
from schools.permissions import may_appoint, may_appoint_in_province

LEAST_REASON = 10
Place = School | Authority


def give_role(user: User, role: str, place: Place, starts_on: date) -> RoleAssignment:
    """The role from a day on, inside the caller's transaction; one held already stays as it is."""
    where = {"school": place} if isinstance(place, School) else {"authority": place}
    held = RoleAssignment.objects.open().filter(user=user, role=role, **where).first()
    return held or RoleAssignment.objects.create(user=user, role=role, starts_on=starts_on, **where)


def appoint(*, by: User, user: User, role: str, place: Place, starts_on: date) -> RoleAssignment:
    """Give a person a role. A new principal replaces the one before on the same day. NotAllowed; Refused when the place
    does not fit the role. Source: law.md §7; TT 15/2026/TT-BGDĐT (Điều lệ)."""
    _check(by, role, place)
    if (role in SCHOOL_ROLES) != isinstance(place, School):
        raise Refused("Vai trò này không thuộc nơi đó.")
    with recorded(by, "appoint"):
        if role == Role.PRINCIPAL and isinstance(place, School):
            replace_principal(place, user, starts_on)
        return give_role(user, role, place, starts_on)


def replace_principal(school: School, newcomer: User, day: date) -> None:
    """Whoever else was principal ends on that day; inside the caller's transaction."""
    for held in RoleAssignment.objects.open().filter(school=school, role=Role.PRINCIPAL).exclude(user=newcomer):
        held.ends_on = max(day, held.starts_on)
        held.save(update_fields=["ends_on"])


def ending_with(held: RoleAssignment) -> tuple[list[TeachingAssignment], list[HomeroomAssignment]]:
    """What ends when this role ends: the person's open assignments in the school, unless another role remains there."""
    if held.school_id is None:
        return [], []
    others = RoleAssignment.objects.open().filter(user=held.user_id, school=held.school_id).exclude(pk=held.pk)
    if others.exists():
        return [], []
    of_person = {"teacher": held.user_id, "school_class__school": held.school_id}
    teaching = TeachingAssignment.objects.open().filter(**of_person).select_related("school_class", "subject")
    homeroom = HomeroomAssignment.objects.open().filter(**of_person).select_related("school_class")
    return list(teaching), list(homeroom)


def dismiss(*, by: User, held: RoleAssignment, ends_on: date, reason: str) -> RoleAssignment:
    """End a role from a day on, and with it the person's assignments in the school if no other role remains there.
    NotAllowed; Refused (no reason, day before the beginning); WrongState (ended already, last administrator).
    Source: law.md §7."""
    _check(by, held.role, held.place)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    teaching, homeroom = ending_with(held)
    chains = [("CLASS", one.school_class_id) for one in teaching] + [("CLASS", one.school_class_id) for one in homeroom]
    if held.school_id:
        chains.append(("SCHOOL", held.school_id))
    with recorded(by, "dismiss", reason=reason.strip(), chains=chains):
        current = RoleAssignment.objects.select_for_update(of=("self",)).select_related("user").get(pk=held.pk)
        if current.ends_on is not None:
            raise WrongState(f"{current.user.full_name} đã thôi vai trò này từ {current.ends_on:%d/%m/%Y}.")
        if ends_on < current.starts_on:
            raise Refused(f"{current.user.full_name} giữ vai trò này từ {current.starts_on:%d/%m/%Y}.")
        _keep_an_administrator(current)
        ties: list[Dated] = [current, *teaching, *homeroom]
        for tie in ties:
            tie.ends_on = max(ends_on, tie.starts_on)
            tie.save(update_fields=["ends_on"])
    return current


def _keep_an_administrator(held: RoleAssignment) -> None:
    if held.role != Role.PROVINCE_ADMIN:
        return
    others = RoleAssignment.objects.open().filter(role=Role.PROVINCE_ADMIN, authority=held.authority_id)
    if not others.exclude(pk=held.pk).exists():
        raise WrongState("Đây là quản trị Sở cuối cùng; hãy bổ nhiệm người khác trước.")


def _check(by: User, role: str, place: Place) -> None:
    allowed = may_appoint(by, role, place) if isinstance(place, School) else may_appoint_in_province(by, role)
    if not allowed:
        raise NotAllowed
