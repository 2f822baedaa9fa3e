"""Accounts: closed and opened again with a reason; the Sở is never left without an administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.actions.accounts import deactivate, reactivate
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.roles import dismiss
from schools.models import HistoryEntry, Role, RoleAssignment, User
from tests.cast import make_cast

WHY = "Nghỉ hưu từ hôm nay"


def still_in(user):
    return User.objects.get(pk=user.pk).is_active


def administrators():
    """Who can administer the Sở now: role and open account."""
    return RoleAssignment.objects.today().open().filter(role=Role.PROVINCE_ADMIN, user__is_active=True).count()


def planned_to_leave(user):
    RoleAssignment.objects.filter(user=user).update(ends_on=timezone.localdate() + timedelta(days=1))


def role_of(user):
    return RoleAssignment.objects.get(user=user, role=Role.PROVINCE_ADMIN)


def test_account_is_closed_and_the_history_says_why(cast):
    deactivate(by=cast.province_admin, account=cast.second_admin, reason=WHY)
    assert not still_in(cast.second_admin)
    entry = HistoryEntry.objects.order_by("-id").first()
    assert (entry.action, entry.actor, entry.reason) == ("deactivate_account", cast.province_admin, WHY)
    reactivate(by=cast.province_admin, account=cast.second_admin, reason="Trở lại làm việc")
    assert still_in(cast.second_admin)


@pytest.mark.parametrize("person", ["clerk", "inspector", "second_admin", "operator"])
def test_wrong_person_closes_no_account_of_the_province(cast, person):
    with pytest.raises(NotAllowed):
        deactivate(by=getattr(cast, person), account=cast.second_admin, reason=WHY)
    assert still_in(cast.second_admin)


def test_account_is_not_closed_without_a_reason(cast):
    with pytest.raises(Refused, match="lí do"):
        deactivate(by=cast.province_admin, account=cast.second_admin, reason=" nghỉ ")
    assert still_in(cast.second_admin)


def test_account_of_the_last_administrator_stays_open(cast):
    """The one who would close it was closed a moment ago and still has a page open."""
    deactivate(by=cast.second_admin, account=cast.province_admin, reason=WHY)
    with pytest.raises(WrongState, match="Lý Thị Hương là quản trị Sở cuối cùng"):
        deactivate(by=cast.province_admin, account=cast.second_admin, reason=WHY)
    assert still_in(cast.second_admin)


def test_administrator_whose_role_ends_soon_is_none_to_count_on(cast):
    planned_to_leave(cast.province_admin)
    with pytest.raises(WrongState, match="cuối cùng"):
        deactivate(by=cast.province_admin, account=cast.second_admin, reason=WHY)


def test_refusal_is_told_on_the_page_with_what_was_typed(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    planned_to_leave(cast.province_admin)
    browser = Client()
    browser.force_login(cast.province_admin)
    page = browser.post(reverse("account_close", args=[cast.second_admin.public_id]), {"reason": WHY})
    assert page.status_code == 422
    assert "Lý Thị Hương là quản trị Sở cuối cùng; hãy bổ nhiệm người khác trước." in page.content.decode()
    assert WHY in page.content.decode()


def close(by, other):
    deactivate(by=by, account=other, reason=WHY)


def end_role(by, other):
    dismiss(by=by, held=role_of(other), ends_on=timezone.localdate(), reason=WHY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second_act", [close, end_role])
def test_two_administrators_who_shut_each_other_out_at_once_leave_one(second_act):
    cast, together = make_cast(), Barrier(2)

    def shut_out(act, by, other):
        try:
            together.wait()
            act(by, other)
        except Refused as refused:
            return type(refused)
        finally:
            connection.close()
        return None

    pairs = ([close, second_act], [cast.province_admin, cast.second_admin], [cast.second_admin, cast.province_admin])
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(shut_out, *pairs))
    assert outcomes.count(None) == 1
    assert administrators() == 1
