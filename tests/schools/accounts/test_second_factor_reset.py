"""A lost second factor is taken off by two persons, neither of them the one it is about."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.second_factor import decide_second_factor_reset, request_second_factor_reset
from schools.models import HistoryEntry, SecondFactorReset
from tests.cast import PASSWORD

WHY = "Mất điện thoại trên xe buýt"


@pytest.fixture
def asked(cast):
    Authenticator.objects.create(user=cast.homeroom_teacher, type="totp", data={"secret": "x"})
    return request_second_factor_reset(by=cast.clerk, account=cast.homeroom_teacher, reason=WHY)


def test_another_person_agrees_and_it_is_off(cast, asked):
    decide_second_factor_reset(by=cast.principal, reset=asked, approve=True)
    assert not Authenticator.objects.exists()
    actions = list(HistoryEntry.objects.order_by("id").values_list("action", "actor__username", "table"))
    assert ("request_second_factor_reset", "dungvt", "schools_secondfactorreset") in actions
    assert ("approve_second_factor_reset", "hungtq", "mfa_authenticator") in actions


def test_sessions_of_the_person_end(cast):
    there = Client()
    there.post(reverse("account_login"), {"login": "lanntp", "password": PASSWORD})
    assert there.get(reverse("session")).json()["signed_in"]
    asked = request_second_factor_reset(by=cast.clerk, account=cast.homeroom_teacher, reason=WHY)
    decide_second_factor_reset(by=cast.principal, reset=asked, approve=True)
    assert not there.get(reverse("session")).json()["signed_in"]


def test_refusal_changes_nothing(cast, asked):
    decide_second_factor_reset(by=cast.principal, reset=asked, approve=False)
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize("person", ["clerk", "homeroom_teacher", "maths_teacher", "other_principal", "inspector"])
def test_wrong_person_cannot_decide(cast, asked, person):
    with pytest.raises(NotAllowed):
        decide_second_factor_reset(by=getattr(cast, person), reset=asked, approve=True)
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize("person", ["homeroom_teacher", "maths_teacher", "other_clerk", "parent", "operator"])
def test_wrong_person_cannot_ask(cast, person):
    with pytest.raises(NotAllowed):
        request_second_factor_reset(by=getattr(cast, person), account=cast.homeroom_teacher, reason=WHY)


def test_decided_is_decided(cast, asked):
    decide_second_factor_reset(by=cast.principal, reset=asked, approve=False)
    with pytest.raises(WrongState):
        decide_second_factor_reset(by=cast.province_admin, reset=asked, approve=True)


def test_second_request_waits_for_the_first(cast, asked):
    with pytest.raises(WrongState, match="Nguyễn Thị Phương Lan"):
        request_second_factor_reset(by=cast.principal, account=cast.homeroom_teacher, reason=WHY)


def test_reason_is_needed(cast):
    with pytest.raises(Refused, match="10 kí tự"):
        request_second_factor_reset(by=cast.clerk, account=cast.homeroom_teacher, reason="mất")


@pytest.mark.parametrize("decider", ["clerk", "homeroom_teacher"])
def test_database_refuses_one_person_in_two_parts(cast, asked, decider):
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=asked.pk).update(
            decided_by=getattr(cast, decider), decided_at=timezone.now(), approved=True
        )
