"""Activation slips: one use, one person, an end; the code is nowhere but on paper."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.actions.slips import UNUSABLE, issue_slips, use_slip
from schools.models import HistoryEntry, HistoryPayload, Slip, User
from schools.permissions import may_issue_slip
from schools.rules.accounts import ALPHABET
from tests.cast import make_cast, make_user

NEW = "Con-meo-trèo-cây-cau"


def given(cast, account=None):
    return issue_slips(by=cast.clerk, accounts=[account or cast.homeroom_teacher])[0]


def test_slip_lets_its_bearer_choose_the_password_and_the_history_says_who(cast):
    slip = given(cast)
    person = use_slip(login="lanntp", code=slip.code, password=NEW)
    assert User.objects.get(pk=person.pk).check_password(NEW)
    entry = HistoryEntry.objects.filter(action="use_slip", table="schools_user").get()
    assert entry.actor == cast.homeroom_teacher
    assert HistoryEntry.objects.filter(action="issue_slips").first().actor == cast.clerk


def test_code_as_a_tired_hand_types_it(cast):
    slip = given(cast)
    typed = " " + slip.code.lower().replace("-", " ").replace("0", "o").replace("1", "l") + " "
    assert use_slip(login=" LANNTP ", code=typed, password=NEW) == cast.homeroom_teacher


def test_phone_number_serves_as_name(cast):
    assert use_slip(login="+84 900 000 001", code=given(cast).code, password=NEW) == cast.homeroom_teacher


def test_code_is_stored_nowhere(cast):
    code = given(cast).code
    bare = code.replace("-", "")
    assert code not in str(list(Slip.objects.values()))
    assert not [p for p in HistoryPayload.objects.all() if bare in str(p.payload) or code in str(p.payload)]
    assert HistoryPayload.objects.filter(payload__table="schools_slip").last().payload["changes"]["digest"] == "***"


def test_codes_are_long_and_readable(cast):
    people = [make_user(f"nguoi{n}", f"Người {n}", cast.school) for n in range(50)]
    codes = [slip.code for slip in issue_slips(by=cast.clerk, accounts=people)]
    assert len(set(codes)) == 50
    assert all(set(code) <= set(ALPHABET) | {"-"} and len(code) == 19 for code in codes)


def refused(login, code):
    with pytest.raises(Refused) as caught:
        use_slip(login=login, code=code, password=NEW)
    return str(caught.value)


def test_every_failure_says_the_same(cast):
    used, of_other = given(cast), given(cast, cast.maths_teacher)
    use_slip(login="lanntp", code=used.code, password=NEW)
    replaced = given(cast)
    given(cast)
    expired = given(cast, cast.vice_principal)
    Slip.objects.filter(user=cast.vice_principal).update(expires_at=timezone.now() - timedelta(seconds=1))
    closed = given(cast, cast.parent)
    User.objects.filter(pk=cast.parent.pk).update(is_active=False)
    answers = {
        refused("lanntp", used.code),
        refused("lanntp", of_other.code),
        refused("lanntp", replaced.code),
        refused("binhpv", expired.code),
        refused(cast.parent.username, closed.code),
        refused("khong-co", of_other.code),
        refused("lanntp", "AAAA-BBBB-CCCC-DDDD"),
    }
    assert answers == {UNUSABLE}


@pytest.mark.parametrize("person", ["homeroom_teacher", "principal", "other_clerk", "inspector", "parent", "operator"])
def test_wrong_person_issues_none(cast, person):
    with pytest.raises(NotAllowed):
        issue_slips(by=getattr(cast, person), accounts=[cast.maths_teacher])


def test_one_wrong_person_in_the_list_stops_all(cast):
    with pytest.raises(NotAllowed, match="Hoàng Đức Nam"):
        issue_slips(by=cast.clerk, accounts=[cast.maths_teacher, cast.intruder])
    assert not Slip.objects.exists()


def test_clerk_gives_none_to_principal_and_none_to_the_own_self(cast):
    for account in (cast.principal, cast.clerk):
        with pytest.raises(NotAllowed):
            issue_slips(by=cast.clerk, accounts=[account])


def test_database_holds_one_open_slip_per_person(cast):
    given(cast)
    with pytest.raises(IntegrityError):
        Slip.objects.create(user=cast.homeroom_teacher, digest="x", expires_at=timezone.now())


def test_two_at_once_use_it_once(transactional_db):
    cast = make_cast()
    slip, barrier, outcomes = given(cast), Barrier(2), []

    def use(password):
        barrier.wait()
        try:
            use_slip(login="lanntp", code=slip.code, password=password)
            outcomes.append("used")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=use, args=(f"{NEW}-{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "used"]


def test_page_keeps_what_was_typed_and_says_what_is_wrong(client, cast):
    given(cast)
    typed = {"login": "lanntp", "code": "SAI", "password1": NEW, "password2": NEW}
    response = client.post(reverse("account_signup"), typed)
    assert response.status_code == 422
    assert 'value="lanntp"' in response.content.decode()
    assert UNUSABLE in response.content.decode()


@pytest.mark.parametrize("password", ["12345678", "ngan", "password"])
def test_weak_password_is_refused_and_the_slip_stays_good(client, cast, password):
    code = given(cast).code
    typed = {"login": "lanntp", "code": code, "password1": password, "password2": password}
    assert client.post(reverse("account_signup"), typed).status_code == 422
    assert use_slip(login="lanntp", code=code, password=NEW) == cast.homeroom_teacher


def test_guessing_at_one_account_is_stopped_and_others_go_on(client, cast):
    code = given(cast, cast.maths_teacher).code
    for _ in range(10):
        client.post(reverse("account_signup"), {"login": "lanntp", "code": "SAI"})
    assert client.post(reverse("account_signup"), {"login": "lanntp", "code": "SAI"}).status_code == 429
    typed = {"login": "halt", "code": code, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_signup"), typed).status_code == 302


# -- Accounts that have a password, and slips handed out already -------------------------------------------------------
WHY = "Quên mật khẩu, đã gặp trực tiếp"


def come_in(*people):
    User.objects.filter(pk__in=[person.pk for person in people]).update(password_set_at=timezone.now())
    return [User.objects.get(pk=person.pk) for person in people]


def test_slip_for_an_account_with_a_password_needs_a_reason_and_is_told(cast, client):
    (teacher,) = come_in(cast.homeroom_teacher)
    with pytest.raises(Refused, match="đã có mật khẩu: hãy ghi lí do"):
        issue_slips(by=cast.clerk, accounts=[teacher])
    client.force_login(cast.clerk)
    url = reverse("slip_issue", args=[teacher.public_id])
    refusal = client.post(url, {"reason": "quên"})
    assert refusal.status_code == 422
    assert not Slip.objects.exists()
    assert client.post(url, {"reason": WHY}).status_code == 200
    assert HistoryEntry.objects.filter(action="issue_slips").latest("id").reason == WHY
    client.force_login(teacher)
    told = client.get("/").content.decode()
    assert "Võ Thùy Dung đã cấp phiếu đặt lại mật khẩu cho tài khoản của bạn" in told
    assert WHY in told
    Slip.objects.update(created_at=timezone.now() - timedelta(days=61))
    assert WHY not in client.get("/").content.decode()


def test_first_slip_needs_no_reason_and_is_told_nobody(cast, client):
    given(cast)
    client.force_login(cast.homeroom_teacher)
    assert "đã cấp phiếu" not in client.get("/").content.decode()


def test_clerk_gives_a_vice_principal_who_has_come_in_no_slip_but_the_province_does(cast):
    assert given(cast, cast.vice_principal)
    (vice,) = come_in(cast.vice_principal)
    with pytest.raises(NotAllowed):
        issue_slips(by=User.objects.get(pk=cast.clerk.pk), accounts=[vice], reason=WHY)
    assert issue_slips(by=cast.province_admin, accounts=[vice], reason=WHY)


@pytest.mark.parametrize("person", ["clerk", "province_admin"])
def test_board_lists_those_one_may_give_a_slip(cast, person):
    come_in(cast.vice_principal, cast.maths_teacher)
    by = User.objects.get(pk=getattr(cast, person).pk)
    listed = set(User.objects.managed_by(by).values_list("pk", flat=True))
    assert listed == {account.pk for account in User.objects.all() if may_issue_slip(by, account)}


def test_slips_of_a_class_are_not_printed_over_those_handed_out(cast, client):
    client.force_login(cast.clerk)
    url = reverse("slips_of_class", args=[cast.class_7a.public_id])
    User.objects.filter(pk__in=[cast.parent.pk, cast.pupil.pk]).update(password_set_at=None)
    first = client.post(url).context["slips"]
    assert {slip.user for slip in first} >= {cast.parent, cast.pupil}
    again = client.post(url)
    assert (again.context["slips"], again.context["held"]) == ([], len(first))
    assert "phiếu đã phát cho họ hết dùng được" in again.content.decode()
    assert Slip.objects.usable().count() == len(first)
    anew = client.post(url, {"in_lai": "1"}).context["slips"]
    assert {slip.user for slip in anew} == {slip.user for slip in first}
    assert not {slip.code for slip in anew} & {slip.code for slip in first}
    assert refused(cast.parent.username, next(slip.code for slip in first if slip.user == cast.parent)) == UNUSABLE


def test_slip_that_ended_is_no_slip(cast, client):
    given(cast, cast.parent)
    Slip.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert cast.parent in User.objects.without_slip()
