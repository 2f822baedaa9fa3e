"""Roles: given, ended, a principal replaced; wrong person, wrong state; the database refuses two principals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.roles import appoint, dismiss, ending_with
from schools.actions.staff import bring_in
from schools.models import HistoryEntry, HomeroomAssignment, Role, RoleAssignment, TeachingAssignment, User
from tests.cast import appoint as give
from tests.cast import make_cast, make_user

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


def test_role_held_already_is_told_with_its_day_and_nothing_is_made(cast, today):
    held = held_by(cast.maths_teacher, Role.TEACHER)
    since = f"Lê Thu Hà giữ vai trò Giáo viên ở {cast.school} từ {held.starts_on:%d/%m/%Y}. Chưa lưu gì."
    before = (User.objects.count(), RoleAssignment.objects.count())
    with pytest.raises(WrongState, match=since):
        appoint(by=cast.clerk, user=cast.maths_teacher, role=Role.TEACHER, place=cast.school, starts_on=today)
    with pytest.raises(WrongState, match=since):
        bring_in(
            by=cast.clerk, place=cast.school, full_name="Lê Thu Hà", phone=cast.maths_teacher.phone, role=Role.TEACHER,
            starts_on=today,
        )  # fmt: skip
    assert (User.objects.count(), RoleAssignment.objects.count()) == before


def test_role_that_ends_is_given_again_from_its_end_and_not_before(cast, today):
    held, ends = held_by(cast.maths_teacher, Role.TEACHER), today + timedelta(days=5)
    dismiss(by=cast.clerk, held=held, ends_on=ends, reason=WHY)
    new = {"by": cast.clerk, "user": cast.maths_teacher, "role": Role.TEACHER, "place": cast.school}
    with pytest.raises(WrongState, match=f"đến trước ngày {ends:%d/%m/%Y}"):
        appoint(**new, starts_on=today)
    assert appoint(**new, starts_on=ends).starts_on == ends


@pytest.mark.parametrize(("years", "told"), [(-200, "quá sớm"), (2, "quá xa")])
def test_service_begins_and_ends_on_no_implausible_day(cast, today, years, told):
    day = today.replace(year=today.year + years, day=1)
    newcomer = make_user("moi", "Người Mới", cast.school)
    with pytest.raises(Refused, match=told):
        appoint(by=cast.clerk, user=newcomer, role=Role.TEACHER, place=cast.school, starts_on=day)
    with pytest.raises(Refused, match=told):
        dismiss(by=cast.clerk, held=held_by(cast.maths_teacher, Role.TEACHER), ends_on=day, reason=WHY)


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


def test_replaced_principal_keeps_no_class(cast, today):
    taught = TeachingAssignment.objects.create(
        school_class=cast.class_7b, subject=cast.maths, teacher=cast.principal, starts_on=cast.year.starts_on
    )
    bring_in(
        by=cast.province_admin, place=cast.school, full_name="Vũ Thị Mới", phone="0912000001", role=Role.PRINCIPAL,
        starts_on=today,
    )  # fmt: skip
    taught.refresh_from_db()
    assert taught.ends_on == today
    assert TeachingAssignment.objects.get(pk=cast.teaching.pk).ends_on is None


def test_officer_of_a_commune_belongs_to_a_commune_and_an_inspector_to_the_province(cast, today):
    for role, place in ((Role.COMMUNE_OFFICER, cast.province), (Role.INSPECTOR, cast.commune)):
        with pytest.raises(Refused, match=place.name):
            appoint(by=cast.province_admin, user=cast.parent, role=role, place=place, starts_on=today)


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


def test_assignment_planned_to_end_later_ends_with_the_role_and_an_earlier_end_stays(cast, today):
    soon, later = today + timedelta(days=3), today + timedelta(days=60)
    TeachingAssignment.objects.filter(pk=cast.teaching.pk).update(ends_on=later)
    other = TeachingAssignment.objects.create(
        school_class=cast.class_7b, subject=cast.maths, teacher=cast.maths_teacher, starts_on=today, ends_on=soon
    )
    day = today + timedelta(days=10)
    dismiss(by=cast.clerk, held=held_by(cast.maths_teacher, Role.TEACHER), ends_on=day, reason=WHY)
    ends = TeachingAssignment.objects.in_bulk([cast.teaching.pk, other.pk])
    assert (ends[cast.teaching.pk].ends_on, ends[other.pk].ends_on) == (day, soon)


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


def test_known_person_is_found_by_personal_id(cast, today):
    User.objects.filter(pk=cast.parent.pk).update(personal_id="001085000001")
    new = {"by": cast.clerk, "place": cast.school, "role": Role.TEACHER, "starts_on": today}
    held = bring_in(**new, full_name="Nguyễn Văn Đức", phone="", personal_id="001085000001")
    assert held.user == cast.parent
    for phone, personal_id, words in (
        ("0900000001", "001085000001", "hai tài khoản"),
        ("0900000009", "001085000002", "số định danh khác"),
        ("", "001085000001", "tên khác"),
    ):
        name = "Nguyễn Văn Đức" if phone else "Trần Thị Khác"
        with pytest.raises(Refused, match=words):
            bring_in(**new, full_name=name, phone=phone, personal_id=personal_id)


def test_closed_account_comes_back_by_no_side_door(cast, today):
    User.objects.filter(pk=cast.parent.pk).update(is_active=False)
    with pytest.raises(Refused, match="đang bị khóa"):
        bring_in(
            by=cast.clerk, place=cast.school, full_name="Nguyễn Văn Đức", phone="0900000009", role=Role.TEACHER,
            starts_on=today,
        )  # fmt: skip


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


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_dismiss_each_other_at_once_leave_one(today):
    cast = make_cast()

    def send_away(pair):
        by, other = pair
        try:
            dismiss(by=by, held=held_by(other, Role.PROVINCE_ADMIN), ends_on=today, reason=WHY)
        except Refused as refused:
            return type(refused)
        finally:
            connection.close()
        return None

    pairs = [(cast.province_admin, cast.second_admin), (cast.second_admin, cast.province_admin)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(send_away, pairs))
    assert outcomes.count(None) == 1
    assert RoleAssignment.objects.open().filter(role=Role.PROVINCE_ADMIN).count() == 1
