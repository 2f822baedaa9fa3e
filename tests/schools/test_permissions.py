"""Who may: every decision against every person of the cast, whole sets compared."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from schools import permissions
from schools.models import (
    Delegation,
    ListImport,
    Role,
    RoleAssignment,
    School,
    SchoolClass,
    SecondFactorReset,
    Student,
    User,
)
from tests.cast import Cast, appoint

PEOPLE = (
    "homeroom_teacher", "maths_teacher", "vice_principal", "principal", "clerk", "intruder", "other_clerk",
    "other_principal", "pupil", "parent", "commune_officer", "inspector", "province_admin", "second_admin", "operator",
)  # fmt: skip


def fresh(user: User) -> User:
    """As in a new request: what a person is, is read once per request."""
    return User.objects.get(pk=user.pk)


def allowed(cast: Cast, decision, *objects) -> set[str]:
    return {name for name in PEOPLE if decision(fresh(getattr(cast, name)), *objects)}


ADMINS = {"province_admin", "second_admin"}
ROOMS = {
    permissions.keeps_records: {"clerk", "other_clerk"},
    permissions.works_in_office: {"clerk", "vice_principal", "principal", "other_clerk", "other_principal"},
    permissions.plans_teaching: {"clerk", "vice_principal", "other_clerk"},
    permissions.directs_school: {"principal", "vice_principal", "other_principal"},
    permissions.administers_province: ADMINS,
    permissions.oversees_schools: ADMINS | {"inspector", "commune_officer"},
    permissions.reads_history: ADMINS | {"inspector", "principal", "vice_principal", "other_principal"},
    permissions.runs_the_system: {"operator"},
    permissions.manages_accounts: ADMINS | {"clerk", "other_clerk"},
    permissions.needs_second_factor: set(PEOPLE) - {"homeroom_teacher", "maths_teacher", "intruder", "pupil", "parent"},
    permissions.sees_students: set(PEOPLE) - {"pupil", "parent", "operator"},
}


@pytest.mark.parametrize("decision", ROOMS, ids=lambda decision: decision.__name__)
def test_room_is_open_to(cast, decision):
    assert allowed(cast, decision) == ROOMS[decision]


OF_OBJECTS = {
    "may_administer_school": ("school", ADMINS),
    "may_open_window": ("school", ADMINS | {"principal", "vice_principal"}),
    "may_keep_school": ("school", {"clerk"}),
    "may_edit_student": ("student", {"clerk"}),
    "may_keep_class": ("class_7a", {"clerk"}),
    "may_plan_class": ("class_7a", {"clerk", "vice_principal"}),
    "may_uncover_personal_id": ("student", ADMINS | {"clerk", "principal", "inspector"}),
}


@pytest.mark.parametrize("name", OF_OBJECTS)
def test_object_may_be_touched_by(cast, name):
    thing, people = OF_OBJECTS[name]
    assert allowed(cast, getattr(permissions, name), getattr(cast, thing)) == people


def test_every_decision_is_tested():
    decisions = {name for name in vars(permissions) if name.startswith("may_")}
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.rglob("test_*.py"))
    assert {name for name in decisions if name not in sources} == set()


@pytest.mark.parametrize(
    ("role", "people"),
    [
        (Role.TEACHER, {"clerk"}),
        (Role.VICE_PRINCIPAL, {"clerk"}),
        (Role.CLERK, ADMINS),
        (Role.PRINCIPAL, ADMINS),
        (Role.INSPECTOR, set()),
        (Role.PROVINCE_ADMIN, set()),
    ],
)
def test_may_appoint_in_a_school(cast, role, people):
    assert {name for name in PEOPLE if permissions.may_appoint(getattr(cast, name), role, cast.school)} == people


@pytest.mark.parametrize("role", Role)
def test_may_appoint_in_province(cast, role):
    expected = ADMINS if role in {Role.INSPECTOR, Role.PROVINCE_ADMIN, Role.OPERATOR, Role.COMMUNE_OFFICER} else set()
    assert {name for name in PEOPLE if permissions.may_appoint_in_province(getattr(cast, name), role)} == expected


def test_closed_year_is_closed_for_the_clerk(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    school_class = SchoolClass.objects.get(pk=cast.class_7a.pk)
    assert allowed(cast, permissions.may_keep_class, school_class) == set()
    assert allowed(cast, permissions.may_plan_class, school_class) == set()


def test_merged_record_is_read_only(cast):
    Student.objects.filter(pk=cast.classmate.pk).update(merged_into=cast.student)
    merged = Student.objects.get(pk=cast.classmate.pk)
    assert allowed(cast, permissions.may_edit_student, merged) == set()


def test_may_merge_students_of_one_school_and_of_two(cast):
    assert allowed(cast, permissions.may_merge_students, cast.student, cast.classmate) == ADMINS | {"clerk"}
    assert allowed(cast, permissions.may_merge_students, cast.student, cast.other_student) == ADMINS


@pytest.mark.parametrize(
    ("account", "people"),
    [
        ("homeroom_teacher", {"clerk"}),
        ("vice_principal", {"clerk"}),
        ("pupil", {"clerk"}),
        ("parent", {"clerk"}),
        ("clerk", ADMINS),
        ("principal", ADMINS),
        ("inspector", ADMINS),
        ("province_admin", {"second_admin"}),
        ("intruder", {"other_clerk"}),
    ],
)
def test_may_issue_slip_to(cast, account, people):
    assert allowed(cast, permissions.may_issue_slip, getattr(cast, account)) == people


@pytest.mark.parametrize(
    ("account", "askers", "deciders"),
    [
        ("homeroom_teacher", {"clerk", "principal"}, ADMINS | {"principal"}),
        ("clerk", ADMINS | {"principal"}, ADMINS | {"principal"}),
        ("principal", ADMINS | {"clerk"}, ADMINS),
        ("province_admin", {"second_admin"}, {"second_admin"}),
    ],
)
def test_may_request_and_may_decide_second_factor_reset(cast, account, askers, deciders):
    user = getattr(cast, account)
    assert allowed(cast, permissions.may_request_second_factor_reset, user) == askers
    reset = SecondFactorReset(user=user, requested_by=cast.operator, reason="Mất điện thoại")
    assert allowed(cast, permissions.may_decide_second_factor_reset, reset) == deciders
    for name in deciders:
        asked = SecondFactorReset(user=user, requested_by=getattr(cast, name), reason="Mất điện thoại")
        assert not permissions.may_decide_second_factor_reset(fresh(getattr(cast, name)), asked)


@pytest.mark.parametrize(
    ("kind", "people"),
    [
        (Delegation.Kind.SUBSTITUTE, {"principal", "vice_principal"}),
        (Delegation.Kind.SIGNER, {"principal"}),
        (Delegation.Kind.INSPECTOR, ADMINS),
    ],
)
def test_may_delegate_and_may_revoke_delegation(cast, kind, people):
    assert {name for name in PEOPLE if permissions.may_delegate(getattr(cast, name), kind, cast.school)} == people
    delegation = Delegation(kind=kind, school=cast.school, grantor=cast.principal, grantee=cast.maths_teacher)
    assert allowed(cast, permissions.may_revoke_delegation, delegation) == people
    delegation.revoked_at = timezone.now()
    assert allowed(cast, permissions.may_revoke_delegation, delegation) == set()


def test_role_that_ended_gives_nothing_and_role_of_tomorrow_nothing_yet(cast):
    today = timezone.localdate()
    RoleAssignment.objects.filter(user=cast.clerk).update(ends_on=today)
    assert not permissions.may_keep_school(fresh(cast.clerk), cast.school)
    tomorrow = appoint(cast.clerk, Role.CLERK, cast.school)
    RoleAssignment.objects.filter(pk=tomorrow.pk).update(starts_on=today + timedelta(days=1))
    assert not permissions.may_keep_school(fresh(cast.clerk), cast.school)
    RoleAssignment.objects.filter(pk=tomorrow.pk).update(starts_on=today)
    assert permissions.may_keep_school(fresh(cast.clerk), cast.school)


VISIBLE_STUDENTS = {
    "homeroom_teacher": {"student", "classmate"},
    "maths_teacher": {"student", "classmate"},
    "vice_principal": {"student", "classmate"},
    "principal": {"student", "classmate"},
    "clerk": {"student", "classmate"},
    "intruder": {"other_student"},
    "other_clerk": {"other_student"},
    "other_principal": {"other_student"},
    "pupil": {"student"},
    "parent": {"student"},
    "commune_officer": {"student", "classmate"},
    "inspector": {"student", "classmate", "other_student"},
    "province_admin": {"student", "classmate", "other_student"},
    "second_admin": {"student", "classmate", "other_student"},
    "operator": set(),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_students_visible_to(cast, person):
    visible = set(Student.objects.visible_to(getattr(cast, person)))
    assert visible == {getattr(cast, name) for name in VISIBLE_STUDENTS[person]}


def test_schools_visible_to_commune_officer_are_not_upper_secondary(cast):
    assert list(School.objects.visible_to(cast.commune_officer)) == [cast.school]
    assert set(School.objects.visible_to(cast.inspector)) == {cast.school, cast.other_school, cast.high_school}


def test_teacher_of_two_schools_sees_the_classes_of_both_and_no_others(cast):
    appoint(cast.maths_teacher, Role.TEACHER, cast.other_school)
    teacher = fresh(cast.maths_teacher)
    assert set(SchoolClass.objects.visible_to(teacher)) == {cast.class_7a}
    assert set(Student.objects.visible_to(teacher)) == {cast.student, cast.classmate}


def test_clerk_who_is_also_a_parent_elsewhere_sees_the_own_child_only(cast):
    from tests.cast import make_student

    child = make_student(cast.other_school, "0000000009", "Võ Gia Hân")
    child.parent_links.create(parent=cast.clerk, relation="ME", starts_on=cast.year.starts_on)
    assert set(Student.objects.visible_to(cast.clerk)) == {cast.student, cast.classmate, child}
    assert not permissions.may_edit_student(cast.clerk, child)


@pytest.mark.parametrize(
    ("account", "people"),
    [
        ("homeroom_teacher", {"clerk"}),
        ("parent", {"clerk"}),
        ("principal", ADMINS),
        ("clerk", ADMINS),
        ("operator", ADMINS),
        ("province_admin", {"second_admin"}),
        ("intruder", {"other_clerk"}),
    ],
)
def test_may_manage_account_whoever_may_hand_a_slip(cast, account, people):
    assert allowed(cast, permissions.may_manage_account, getattr(cast, account)) == people
    closed = getattr(cast, account)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    closed = fresh(closed)
    assert allowed(cast, permissions.may_manage_account, closed) == people
    assert allowed(cast, permissions.may_issue_slip, closed) == set()


def test_may_make_account_for_the_own_school_or_for_the_province(cast):
    assert allowed(cast, permissions.may_make_account, cast.school) == ADMINS | {"clerk"}
    assert allowed(cast, permissions.may_make_account, None) == ADMINS


def test_may_import_lists_of_the_own_school(cast):
    for kind in (ListImport.Kind.STUDENTS, ListImport.Kind.STAFF):
        assert {name for name in PEOPLE if permissions.may_import(getattr(cast, name), kind, cast.school)} == {"clerk"}
    planners = {
        name for name in PEOPLE if permissions.may_import(getattr(cast, name), ListImport.Kind.ASSIGNMENTS, cast.school)
    }
    assert planners == {"clerk", "vice_principal"}


def test_may_open_windows_of_all_schools_or_of_none(cast):
    both = [cast.school, cast.other_school]
    assert allowed(cast, permissions.may_open_windows, both) == ADMINS
    assert allowed(cast, permissions.may_open_windows, both[:1]) == ADMINS | {"principal", "vice_principal"}
