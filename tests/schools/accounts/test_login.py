"""Logging in: by name or phone, wide limits per address and narrow ones per account, sessions that end."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from schools.actions.accounts import deactivate
from schools.login import SecondFactorAdapter
from schools.models import HistoryEntry, User
from tests.cast import PASSWORD, make_user

LOGIN = "/dang-nhap/"


def log_in(client: Client, login: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password, **extra.pop("fields", {})}, **extra)


def is_in(client: Client) -> bool:
    return client.get(reverse("session")).json()["signed_in"]


@pytest.mark.parametrize("login", ["lanntp", "LanNTP", "0900000001", "+84 900 000 001", "0900.000.001"])
def test_name_or_phone_in_any_spelling(client, cast, login):
    log_in(client, login)
    assert client.get(reverse("session")).json()["user"] == str(cast.homeroom_teacher.public_id)


@pytest.mark.parametrize(("login", "password"), [("lanntp", "sai"), ("khong-co", PASSWORD), ("0900000099", PASSWORD)])
def test_failure_says_the_same_for_unknown_and_wrong(client, cast, login, password):
    response = log_in(client, login, password)
    assert not is_in(client)
    assert "Tên đăng nhập (hoặc số điện thoại) hay mật khẩu không đúng." in response.content.decode()
    assert f'value="{login}"' in response.content.decode()
    page = client.post(LOGIN, {"login": login, "password": password}).content.decode()
    assert "Chưa đăng nhập được." in page
    assert "Chưa lưu được" not in page


def test_school_behind_one_address_is_not_locked_out(cast):
    people = [make_user(f"nguoi{number}", f"Người {number}", cast.school) for number in range(300)]
    for person in people:
        assert log_in(Client(REMOTE_ADDR="203.0.113.7"), person.username).status_code == 302


def test_sixth_wrong_password_is_stopped_for_that_account_only(client, cast):
    for _ in range(5):
        log_in(client, "lanntp", "sai")
    assert "Sai mật khẩu quá nhiều lần" in log_in(client, "lanntp").content.decode()
    assert log_in(Client(), "halt").status_code == 302


def test_forged_address_header_is_not_believed_without_a_proxy(cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    client = Client(REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR="10.9.9.9")
    log_in(client, "lanntp")
    session = client.get(reverse("usersessions_list")).content.decode()
    assert "198.51.100.1" in session
    assert "10.9.9.9" not in session


def test_address_behind_one_trusted_proxy_is_the_last_in_the_header(cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.9.9.9, 198.51.100.2")
    log_in(client, "lanntp")
    session = client.get(reverse("usersessions_list")).content.decode()
    assert "198.51.100.2" in session
    assert "10.9.9.9" not in session


def test_nobody_signs_up(client, db):
    assert client.post(reverse("account_signup"), {"username": "x", "password1": PASSWORD}).status_code == 422
    assert not User.objects.exists()


def test_closed_account_is_out_at_once(client, cast):
    log_in(client, "lanntp")
    deactivate(by=cast.clerk, account=cast.homeroom_teacher, reason="Chuyển công tác từ hôm nay")
    assert not is_in(client)
    log_in(client, "lanntp")
    assert not is_in(client)


def test_idle_session_ends_and_a_script_is_told_401(client, cast, settings):
    log_in(client, "lanntp")
    client.get(reverse("account"))
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_MINUTES * 60 - 1
    session.save()
    response = client.get(reverse("account"), headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["error"]) == (401, "signed-out")
    assert not is_in(client)


def test_page_of_a_signed_out_person_goes_to_the_login_and_back(client, db):
    response = client.get(reverse("account"))
    assert response["Location"] == f"{LOGIN}?next=%2Ftai-khoan%2F"


def test_foreign_address_after_login_is_not_followed(client, cast):
    response = log_in(client, "lanntp", fields={"next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_parent_stays_signed_in_on_the_own_phone_and_staff_do_not(cast):
    for login, kept in (("ph0900000009", 30 * 24 * 3600), ("lanntp", 12 * 3600)):
        client = Client()
        log_in(client, login, fields={"remember": "on"})
        assert client.session.get_expiry_age() == pytest.approx(kept, abs=5)
        assert client.session.get("own_device", False) is (login != "lanntp")


def test_changed_password_ends_the_other_sessions_and_stands_in_the_history(cast):
    here, elsewhere = Client(), Client()
    log_in(here, "lanntp")
    log_in(elsewhere, "lanntp")
    new = "Trời-xanh-mây-trắng"
    response = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert response.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    entry = HistoryEntry.objects.get(action="change_password")
    assert entry.payloads.get().payload["changes"]["password"] == ["***", "***"]


def test_forgotten_password_goes_by_mail_where_there_is_one(client, cast):
    for address in ("hung@example.vn", "khong-co@example.vn"):
        response = client.post(reverse("account_reset_password"), {"email": address})
        assert response["Location"] == reverse("account_reset_password_done")
    assert [message.to for message in mail.outbox] == [["hung@example.vn"]]
    link = re.search(r"http://\S+", mail.outbox[0].body)[0]
    page = client.get(link, follow=True)
    new = "Trời-xanh-mây-trắng"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert User.objects.get(pk=cast.principal.pk).check_password(new)


# -- Second factor ----------------------------------------------------------------------------------------------------
def code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def with_app(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("person", ["clerk", "principal", "vice_principal", "inspector", "province_admin", "operator"])
@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {"HX-Request": "true"}], ids=str)
def test_weighty_role_does_nothing_before_a_second_factor(client, cast, strict, person, headers):
    client.force_login(getattr(cast, person))
    response = client.get(reverse("account"), headers=headers)
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


@pytest.mark.parametrize("person", ["homeroom_teacher", "parent", "pupil"])
def test_others_work_without(client, cast, strict, person):
    client.force_login(getattr(cast, person))
    assert client.get(reverse("account")).status_code == 200


def test_second_factor_is_asked_at_login_and_lets_in(client, cast, strict):
    secret = with_app(cast.clerk)
    assert log_in(client, "dungvt")["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.get(reverse("account")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Mã không đúng." in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(reverse("account")).status_code == 200


def test_secret_lies_encrypted_and_an_earlier_key_still_reads_it(cast, settings):
    secret = with_app(cast.clerk)
    stored = Authenticator.objects.get(user=cast.clerk).data["secret"]
    assert secret not in stored
    settings.SECRETS_KEYS = ["bmV1ZXIgU2NobHVlc3NlbCBmdWVyIGRpZXNlbiBUZXM=", *settings.SECRETS_KEYS]
    assert SecondFactorAdapter().decrypt(stored) == secret
