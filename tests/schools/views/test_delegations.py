"""Delegations on their pages: given by the right person, seen by both, taken back at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.actions.delegations import delegate
from schools.models import Delegation, RoleAssignment, TeachingAssignment, User

WHY = "Nghỉ ốm theo giấy của bệnh viện"
KIND = Delegation.Kind


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def wanted(cast, grantee, kind=KIND.SUBSTITUTE, **changes):
    now = timezone.localtime()
    return {
        "kind": kind, "school": cast.school.public_id, "grantee": grantee.public_id, "reason": WHY,
        "assignments": [cast.teaching.public_id] if kind == KIND.SUBSTITUTE else [],
        "starts_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}", **changes,
    }  # fmt: skip


def given(cast, **changes):
    now = timezone.now()
    return delegate(
        **{
            "by": cast.principal, "kind": KIND.SUBSTITUTE, "school": cast.school, "grantee": cast.vice_principal,
            "assignments": [cast.teaching], "starts_at": now, "ends_at": now + timedelta(days=2), "reason": WHY,
            **changes,
        }
    )  # fmt: skip


def new(cast, by, *arguments, **changes):
    return window(by).post(reverse("delegation_new"), wanted(cast, *arguments, **changes))


def count():
    return Delegation.objects.filter(reason=WHY).count()


def test_principal_lets_somebody_stand_in(cast):
    assert new(cast, cast.principal, cast.vice_principal)["Location"] == reverse("delegation_list")
    vice = User.objects.get(pk=cast.vice_principal.pk)
    assert list(TeachingAssignment.objects.for_teacher(vice)) == [cast.teaching]
    page = window(cast.principal).get(reverse("delegation_list")).content.decode()
    assert ("đang có hiệu lực" in page, "Toán, 7A" in page) == (True, True)


def test_province_lets_somebody_inspect_and_nothing_else(cast):
    assert new(cast, cast.province_admin, cast.operator, KIND.INSPECTOR).status_code == 302
    assert window(cast.operator).get(reverse("school", args=[cast.school.public_id])).status_code == 200
    assert window(cast.operator).get(reverse("school", args=[cast.other_school.public_id])).status_code == 404
    assert new(cast, cast.province_admin, cast.operator, KIND.SIGNER).status_code == 422


def test_vice_principal_makes_no_signer_and_principal_no_inspector(cast):
    assert new(cast, cast.vice_principal, cast.maths_teacher, KIND.SIGNER).status_code == 422
    assert new(cast, cast.principal, cast.maths_teacher, KIND.INSPECTOR).status_code == 422
    for person in (cast.clerk, cast.homeroom_teacher, cast.inspector, cast.parent, cast.operator):
        assert new(cast, person, cast.vice_principal).status_code == 403
    assert count() == 0


def test_people_and_classes_of_another_school_cannot_be_chosen(cast):
    theirs = TeachingAssignment.objects.get(teacher=cast.intruder)
    assert new(cast, cast.principal, cast.intruder).status_code == 422
    assert new(cast, cast.principal, cast.vice_principal, assignments=[theirs.public_id]).status_code == 422
    assert new(cast, cast.principal, cast.vice_principal, school=cast.other_school.public_id).status_code == 422
    assert new(cast, cast.principal, cast.principal).status_code == 422
    assert count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "Nghỉ ốm"}, "10"),
        ({"ends_at": "2020-01-01T00:00"}, "hết hạn"),
        ({"starts_at": "mai"}, "Từ lúc"),
        ({"assignments": []}, "ít nhất một"),
    ],
    ids=["short-reason", "over", "nonsense", "nothing-to-teach"],
)
def test_refused_delegation_stays_typed(cast, changes, words):
    response = new(cast, cast.principal, cast.vice_principal, **changes)
    page = response.content.decode()
    assert (response.status_code, words in page, count()) == (422, True, 0)
    assert f'value="{cast.vice_principal.public_id}" selected' in page


def test_taken_back_is_void_at_once(cast):
    made = given(cast, kind=KIND.INSPECTOR, by=cast.province_admin, grantee=cast.operator, assignments=[])
    school = reverse("school", args=[cast.school.public_id])
    assert window(cast.operator).get(school).status_code == 200
    revoke = reverse("delegation_revoke", args=[made.public_id])
    assert window(cast.province_admin).get(revoke).status_code == 405
    assert window(cast.province_admin).post(revoke).status_code == 302
    assert window(cast.operator).get(school).status_code == 403
    assert window(cast.province_admin).post(revoke).status_code == 404


def test_strangers_take_nothing_back(cast):
    revoke = reverse("delegation_revoke", args=[given(cast).public_id])
    for name in ("other_principal", "clerk", "maths_teacher", "inspector", "parent", "province_admin"):
        assert window(getattr(cast, name)).post(revoke).status_code in {403, 404}, name
    assert Delegation.objects.valid().count() == 1


def test_list_tells_why_one_no_longer_holds(cast):
    given(cast)
    RoleAssignment.objects.filter(user=cast.principal).update(role="PHO_HIEU_TRUONG")
    RoleAssignment.objects.filter(user=cast.vice_principal).update(ends_on=timezone.localdate())
    page = window(cast.principal).get(reverse("delegation_list")).content.decode()
    assert ("một bên đã thôi vai trò" in page, "đã hết hạn" in page) == (True, True)


def test_other_school_sees_none_of_it(cast):
    given(cast)
    assert window(cast.other_principal).get(reverse("delegation_list")).context["rows"] == []


def test_list_costs_the_same_for_two_and_for_many_and_is_paged(cast, django_assert_num_queries):
    client = window(cast.principal)
    given(cast)
    client.get(reverse("delegation_list"))
    with django_assert_num_queries(7):
        client.get(reverse("delegation_list"))
    for _ in range(50):
        given(cast)
    with django_assert_num_queries(7):
        page = client.get(reverse("delegation_list")).context["page"]
    assert (len(page), page.paginator.num_pages) == (50, 2)


def test_classes_open_by_teacher_and_are_named_once(cast):
    client = window(cast.principal)
    page = client.get(reverse("delegation_new")).content.decode()
    name = f"<span>{cast.teaching.part or cast.teaching.subject}, {cast.class_7a}</span>"
    assert f"<summary>{cast.teaching.teacher.full_name} (" in page
    assert page.count(name) == page.count(name.removeprefix("<span>").removesuffix("</span>")) == 1
    chosen = client.post(reverse("delegation_new"), {"assignments": [str(cast.teaching.public_id)]}).content.decode()
    assert '<details class="choice-group" open>' in chosen
