"""What was typed into a form arrives, also when the session has ended meanwhile, and is not left without a question."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from schools.models import SchoolClass
from tests.cast import PASSWORD
from tests.journeys.conftest import axe, sign_in
from tests.journeys.test_login import end_session, type_login


@pytest.fixture
def typed(live_cast, page):
    """The clerk has typed the name of a new class."""
    sign_in(page, live_cast.clerk)
    page.goto(reverse("class_new"))
    page.get_by_label("Tên lớp").press_sequentially("7D")
    return page


def an_hour_later(page):
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=1))


def save(page):
    page.get_by_role("main").locator("button[type=submit]").first.click()


def dialog_of(page):
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mật khẩu", exact=True).wait_for()
    return dialog


def saved():
    return SchoolClass.objects.filter(name="7D").count()


def test_form_sent_after_the_session_ended_arrives_once(typed):
    end_session(typed)
    an_hour_later(typed)
    save(typed)
    dialog = dialog_of(typed)
    axe(typed)
    assert saved() == 0
    with typed.expect_navigation():
        type_login(dialog, "dungvt")
    assert saved() == 1


@pytest.mark.parametrize("later", [lambda _: None, an_hour_later], ids=["at once", "an hour later"])
def test_form_sent_while_the_session_holds_needs_no_dialog(typed, later):
    later(typed)
    with typed.expect_navigation():
        save(typed)
    assert saved() == 1


def test_what_was_typed_stays_when_one_does_not_sign_in_again(typed):
    end_session(typed)
    an_hour_later(typed)
    save(typed)
    dialog_of(typed)
    typed.keyboard.press("Escape")
    typed.get_by_text("Chưa gửi: phiên đã hết").wait_for()
    axe(typed)
    assert typed.get_by_label("Tên lớp").input_value() == "7D"
    save(typed)
    with typed.expect_navigation():
        type_login(dialog_of(typed), "dungvt")
    assert saved() == 1


def test_another_person_does_not_send_what_was_typed(typed, watch):
    watch.expected.add(403)  # a teacher makes no classes
    end_session(typed)
    an_hour_later(typed)
    save(typed)
    type_login(dialog_of(typed), "halt")
    typed.get_by_text("Lê Thu Hà").first.wait_for()
    assert saved() == 0
    assert "7D" not in typed.content()


def test_person_who_signed_in_in_another_tab_does_not_send_it_either(typed, live_cast):
    end_session(typed)
    other = typed.context.new_page()
    other.goto("/dang-nhap/")
    type_login(other, "halt", PASSWORD)
    other.get_by_role("heading", name="Việc cần làm").wait_for()
    an_hour_later(typed)
    save(typed)
    typed.get_by_text("Chưa gửi: trên máy này người khác vừa đăng nhập.").wait_for()
    assert (saved(), typed.get_by_label("Tên lớp").input_value()) == (0, "7D")


def test_form_is_not_sent_into_nothing(typed, watch):
    an_hour_later(typed)
    typed.context.set_offline(True)
    save(typed)
    typed.get_by_text("Chưa gửi được: không có mạng.").wait_for()
    watch.faults.clear()  # the browser's own word that it is offline
    typed.context.set_offline(False)
    with typed.expect_navigation():
        save(typed)
    assert saved() == 1


def asked_on_leaving(page, leave):
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    leave()
    page.wait_for_timeout(300)
    page.remove_listener("dialog", stay)
    return asked


@pytest.mark.parametrize("way", ["link", "log out"])
def test_changed_form_is_not_left_without_a_question(typed, way):
    target = typed.get_by_role("link", name="Học sinh", exact=True)
    if way == "log out":
        target = typed.get_by_role("button", name="Đăng xuất")
    assert asked_on_leaving(typed, lambda: target.first.click(no_wait_after=True)) == ["beforeunload"]
    assert typed.get_by_label("Tên lớp").input_value() == "7D"


def test_unchanged_form_is_left_freely(live_cast, page):
    sign_in(page, live_cast.clerk)
    page.goto(reverse("class_new"))
    page.get_by_label("Tên lớp").click()
    assert asked_on_leaving(page, lambda: page.get_by_role("link", name="Học sinh", exact=True).first.click()) == []
