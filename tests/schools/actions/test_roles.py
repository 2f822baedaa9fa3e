"""Roles: given, ended, a principal replaced; wrong person, wrong state; the database refuses two principals."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.roles import appoint, dismiss, ending_with
from schools.actions.staff import bring_in
from schools.models import HistoryEntry, HomeroomAssignment, Role, RoleAssignment, TeachingAssignment, User
from tests.cast import appoint as give
from tests.cast import make_user

WHY = "Chuyển công tác sang trường khác"


@pytest.fixture
def today():
    return timezone.localdate()


def held_by(user, role):
    return RoleAssignment.objects.get(user=user, role=role)


def test_clerk_appoints_a_teacher_and_the_history_says_so(cast, today):
    newcomer = make_user("moi", "Người Mới", cast.school)
    held = appoint(by=cast.clerk, user=newcomer, role=Role.TEACHER, place=cast.school, starts_on=today)
    assert (held.user, held.school, held.ends_on) == (newcomer, cast.school, None)
    entry = HistoryEntry.objects.order_by("-id").first()
    assert (entry.action, entry.actor, entry.table) == ("appoint", cast.clerk, "schools_roleassignment")


@pytest.mark.parametrize("person", ["homeroom_teacher", "principal", "other_clerk", "inspector", "parent", "operator"])
def test_wrong_person_appoints_nobody(cast, today, person):
    with pytest.raises(NotAllowed):
        appoint(by=getattr(cast, person), user=cast.parent, role=Role.TEACHER, place=cast.school, starts_on=today)


def test_clerk_makes_no_principal_and_principal_makes_no_clerk(cast, today):
    for by, role in ((cast.clerk, Role.PRINCIPAL), (cast.clerk, Role.CLERK), (cast.principal, Role.CLERK)):
        with pytest.raises(NotAllowed):
            appoint(by=by, user=cast.maths_teacher, role=role, place=cast.school, starts_on=today)


def test_role_of_the_province_has_no_place_in_a_school(cast, today):
    with pytest.raises((Refused, NotAllowed)):
        appoint(by=cast.province_admin, user=cast.parent, role=Role.INSPECTOR, place=cast.school, starts_on=today)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=cast.parent, role=Role.INSPECTOR, school=cast.school, starts_on=today)


def test_new_principal_replaces_the_old_one_on_the_same_day(cast, today):
    appoint(by=cast.province_admin, user=cast.vice_principal, role=Role.PRINCIPAL, place=cast.school, starts_on=today)
    principals = RoleAssignment.objects.filter(school=cast.school, role=Role.PRINCIPAL).order_by("starts_on")
    assert list(principals.values_list("user__username", "ends_on")) == [("hungtq", today), ("binhpv", None)]


def test_database_refuses_two_principals(cast, today):
    with pytest.raises(IntegrityError), transaction.atomic():
        give(cast.maths_teacher, Role.PRINCIPAL, cast.school)


def test_dismissed_teacher_keeps_no_class(cast, today):
    held = held_by(cast.maths_teacher, Role.TEACHER)
    teaching, homeroom = ending_with(held)
    assert (teaching, homeroom) == ([cast.teaching], [])
    dismiss(by=cast.clerk, held=held, ends_on=today, reason=WHY)
    assert not TeachingAssignment.objects.today().filter(teacher=cast.maths_teacher).exists()
    assert not User.objects.get(pk=cast.maths_teacher.pk).standing.held
    assert HistoryEntry.objects.filter(action="dismiss", reason=WHY).count() == 2  # school and class


def test_second_role_in_the_school_keeps_the_classes(cast, today):
    give(cast.homeroom_teacher, Role.VICE_PRINCIPAL, cast.school)
    dismiss(by=cast.clerk, held=held_by(cast.homeroom_teacher, Role.TEACHER), ends_on=today, reason=WHY)
    assert HomeroomAssignment.objects.today().filter(teacher=cast.homeroom_teacher).exists()


def test_dismissal_needs_reason_and_a_day_after_the_beginning(cast, today):
    held = held_by(cast.maths_teacher, Role.TEACHER)
    with pytest.raises(Refused, match="10 kí tự"):
        dismiss(by=cast.clerk, held=held, ends_on=today, reason="nghỉ")
    with pytest.raises(Refused, match="Lê Thu Hà"):
        dismiss(by=cast.clerk, held=held, ends_on=held.starts_on - timedelta(days=1), reason=WHY)


def test_ended_is_ended(cast, today):
    held = held_by(cast.maths_teacher, Role.TEACHER)
    dismiss(by=cast.clerk, held=held, ends_on=today, reason=WHY)
    with pytest.raises(WrongState, match="Lê Thu Hà"):
        dismiss(by=cast.clerk, held=held, ends_on=today, reason=WHY)


@pytest.mark.parametrize("person", ["principal", "other_clerk", "maths_teacher", "province_admin"])
def test_wrong_person_dismisses_nobody(cast, today, person):
    with pytest.raises(NotAllowed):
        dismiss(by=getattr(cast, person), held=held_by(cast.maths_teacher, Role.TEACHER), ends_on=today, reason=WHY)


def test_last_administrator_stays(cast, today):
    dismiss(by=cast.province_admin, held=held_by(cast.second_admin, Role.PROVINCE_ADMIN), ends_on=today, reason=WHY)
    with pytest.raises(WrongState, match="cuối cùng"):
        dismiss(
            by=cast.province_admin, held=held_by(cast.province_admin, Role.PROVINCE_ADMIN), ends_on=today, reason=WHY
        )


def test_known_person_is_not_made_twice(cast, today):
    before = User.objects.count()
    held = bring_in(
        by=cast.clerk, place=cast.school, full_name="nguyễn văn đức", phone="+84 900 000 009", role=Role.TEACHER,
        starts_on=today,
    )  # fmt: skip
    assert (held.user, User.objects.count()) == (cast.parent, before)


def test_phone_of_somebody_else_is_refused_and_nothing_is_made(cast, today):
    before = (User.objects.count(), RoleAssignment.objects.count())
    with pytest.raises(Refused, match="0900000009"):
        bring_in(
            by=cast.clerk, place=cast.school, full_name="Trần Thị Khác", phone="0900000009", role=Role.TEACHER,
            starts_on=today,
        )  # fmt: skip
    assert (User.objects.count(), RoleAssignment.objects.count()) == before


def test_new_person_has_no_password_and_a_name_in_nfc(cast, today):
    nfd = "Nguye\u0302\u0303n Thi\u0323 A\u0301nh"
    held = bring_in(by=cast.clerk, place=cast.school, full_name=nfd, phone="", role=Role.TEACHER, starts_on=today)
    assert (held.user.full_name, held.user.username) == ("Nguyễn Thị Ánh", "anhnt")
    assert not held.user.has_usable_password()
