"""Delegations: in time, not revoked, while the grantor holds office; each acts in the own name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.actions.delegations import delegate, revoke_delegation
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import (
    AssignmentGrant,
    Authority,
    Delegation,
    HistoryEntry,
    RoleAssignment,
    School,
    SchoolClass,
    SchoolGrant,
    TeachingAssignment,
    User,
)

WHY = "Nghỉ ốm theo giấy của bệnh viện"
KIND = Delegation.Kind


@pytest.fixture
def span():
    now = timezone.now()
    return {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(days=5), "reason": WHY}


def fresh(user):
    return User.objects.get(pk=user.pk)


def substitute(cast, span, **changes):
    arguments = {
        "by": cast.principal, "kind": KIND.SUBSTITUTE, "school": cast.school, "grantee": cast.vice_principal,
        "assignments": [cast.teaching], **span, **changes,
    }  # fmt: skip
    return delegate(**arguments)


def test_substitute_stands_in_and_the_history_names_both(cast, span):
    made = substitute(cast, span)
    assert list(TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal))) == [cast.teaching]
    assert AssignmentGrant.objects.get().permission.codename == "write_assignment"
    tables = set(HistoryEntry.objects.filter(action="delegate").values_list("table", flat=True))
    assert tables == {"schools_delegation", "schools_assignmentgrant"}
    assert made.grantor == cast.principal


def test_inspector_of_one_school_sees_that_school_only(cast, span):
    delegate(by=cast.province_admin, kind=KIND.INSPECTOR, school=cast.school, grantee=cast.operator, **span)
    operator = fresh(cast.operator)
    assert list(School.objects.visible_to(operator)) == [cast.school]
    assert set(SchoolClass.objects.visible_to(operator)) == {cast.class_7a, cast.class_7b}


def test_delegated_signer_signs_and_does_not_inspect(cast, span):
    delegate(by=cast.principal, kind=KIND.SIGNER, school=cast.school, grantee=cast.vice_principal, **span)
    standing = fresh(cast.vice_principal).standing
    assert (standing.signs_for_school_ids, standing.granted_school_ids) == ({cast.school.pk}, frozenset())


@pytest.mark.parametrize(
    ("starts", "ends", "valid"),
    [(-60, 60, True), (0, 60, True), (1, 60, False), (-60, 0, False), (-60, -1, False)],
    ids=["now", "just-begun", "not-yet", "just-ended", "ended"],
)
def test_validity_is_read_from_the_clock(cast, span, starts, ends, valid):
    made = substitute(cast, span)
    now = timezone.now()
    Delegation.objects.filter(pk=made.pk).update(
        starts_at=now + timedelta(seconds=starts), ends_at=now + timedelta(seconds=ends)
    )
    assert TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists() is valid


def test_revoked_is_void_at_once(cast, span):
    made = substitute(cast, span)
    revoke_delegation(by=cast.principal, delegation=made)
    assert not TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists()
    with pytest.raises(WrongState):
        revoke_delegation(by=cast.principal, delegation=made)


def test_grantor_who_leaves_office_takes_the_delegation_along(cast, span):
    substitute(cast, span)
    RoleAssignment.objects.filter(user=cast.principal).update(ends_on=timezone.localdate())
    assert not TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists()


def test_signer_is_none_when_the_principal_is_only_vice_principal(cast, span):
    delegate(by=cast.principal, kind=KIND.SIGNER, school=cast.school, grantee=cast.vice_principal, **span)
    substitute(cast, span)
    RoleAssignment.objects.filter(user=cast.principal).update(role="PHO_HIEU_TRUONG")
    assert fresh(cast.vice_principal).standing.signs_for_school_ids == frozenset()
    assert TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists()


def test_who_left_the_school_stands_in_for_nobody(cast, span):
    substitute(cast, span)
    RoleAssignment.objects.filter(user=cast.vice_principal).update(ends_on=timezone.localdate())
    assert not TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists()


def test_inspector_of_another_province_opens_no_school_here(cast, span):
    delegate(by=cast.province_admin, kind=KIND.INSPECTOR, school=cast.school, grantee=cast.operator, **span)
    elsewhere = Authority.objects.create(kind="SO", code="SO2", name="Sở Giáo dục và Đào tạo tỉnh Khác")
    RoleAssignment.objects.filter(user=cast.province_admin).update(authority=elsewhere)
    assert fresh(cast.operator).standing.granted_school_ids == frozenset()


@pytest.mark.parametrize("person", ["clerk", "homeroom_teacher", "other_principal", "inspector", "parent", "operator"])
def test_wrong_person_delegates_nothing(cast, span, person):
    for kind in KIND:
        with pytest.raises(NotAllowed):
            delegate(by=getattr(cast, person), kind=kind, school=cast.school, grantee=cast.vice_principal, **span)


def test_vice_principal_makes_no_signer(cast, span):
    with pytest.raises(NotAllowed):
        delegate(by=cast.vice_principal, kind=KIND.SIGNER, school=cast.school, grantee=cast.maths_teacher, **span)


def test_what_cannot_be_is_refused(cast, span):
    for changes, words in (
        ({"grantee": cast.principal}, "chính mình"),
        ({"reason": "ốm"}, "10 kí tự"),
        ({"ends_at": span["starts_at"]}, "hết hạn"),
        ({"grantee": cast.intruder}, "Hoàng Đức Nam"),
        ({"assignments": []}, "ít nhất một"),
        ({"grantee": cast.maths_teacher}, "chính mình hay ở trường khác"),
    ):
        with pytest.raises(Refused, match=words):
            substitute(cast, span, **changes)
    assert Delegation.objects.count() == 1  # the cast's own, long over


def test_two_delegations_of_one_thing_end_apart(cast, span):
    first, _second = substitute(cast, span), substitute(cast, span)
    revoke_delegation(by=cast.principal, delegation=first)
    assert TeachingAssignment.objects.for_teacher(fresh(cast.vice_principal)).exists()


def test_grant_cannot_be_had_without_its_delegation(cast, span):
    substitute(cast, span)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentGrant.objects.update(delegation=None)
    assert not SchoolGrant.objects.exists()


def test_database_refuses_what_the_action_refuses(cast):
    for changes in (
        {"grantee": cast.delegation.grantor},
        {"reason": "x"},
        {"ends_at": cast.delegation.starts_at},
        {"revoked_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=cast.delegation.pk).update(**changes)


def test_checking_costs_one_query_beside_the_ties(cast, span, django_assert_num_queries):
    for _ in range(3):
        substitute(cast, span)
    assert cast.vice_principal.ties.has_assignment_grants
    with django_assert_num_queries(1):
        list(TeachingAssignment.objects.for_teacher(cast.vice_principal))


@pytest.mark.parametrize("person", ["maths_teacher", "clerk", "homeroom_teacher"])
def test_only_a_vice_principal_signs_for_the_principal(cast, span, person):
    with pytest.raises(Refused, match="Chỉ phó hiệu trưởng"):
        delegate(by=cast.principal, kind=KIND.SIGNER, school=cast.school, grantee=getattr(cast, person), **span)


def test_one_signer_at_a_time(cast, span):
    signer = {"by": cast.principal, "kind": KIND.SIGNER, "school": cast.school, "grantee": cast.vice_principal}
    delegate(**signer, **span)
    with pytest.raises(Refused, match="đã được ủy quyền kí thay"):
        delegate(**signer, **span)
    later = {"starts_at": span["ends_at"], "ends_at": span["ends_at"] + timedelta(days=1), "reason": WHY}
    assert delegate(**signer, **later).grantee == cast.vice_principal


def test_delegation_for_a_century_is_refused(cast, span):
    with pytest.raises(Refused, match="nhiều nhất một năm"):
        substitute(cast, span, ends_at=timezone.now() + timedelta(days=36500))
