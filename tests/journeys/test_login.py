"""Coming in, in Chromium: slip, password, second factor, passkey; and again in place when a session has ended."""

import re

import pytest
from django.urls import reverse

from schools.actions.slips import issue_slips
from tests.cast import PASSWORD
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in, type_login
from tests.schools.accounts.test_login import code_now, with_app

NEW = "Con-meo-trèo-cây-cau"


def confirm_password(page):
    """What changes the second factor asks for the password once more."""
    axe(page)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()


def test_from_the_slip_to_the_home_page(live_cast, page):
    code = issue_slips(by=live_cast.clerk, accounts=[live_cast.homeroom_teacher])[0].code
    page.goto("/")
    page.get_by_role("link", name="Lần đầu: kích hoạt bằng phiếu").click()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("Tên đăng nhập hoặc số điện thoại").fill("lanntp")
    page.get_by_label("Mã trên phiếu").fill(code.lower())
    page.get_by_label("Mật khẩu bạn chọn").fill(NEW)
    page.get_by_label("Mật khẩu, lần nữa").fill(NEW + "x")
    page.get_by_role("button", name="Đặt mật khẩu").click()
    assert page.get_by_text("Hai lần nhập mật khẩu không giống nhau.").first.is_visible()
    assert page.get_by_label("Mã trên phiếu").input_value() == code.lower()
    page.get_by_label("Mật khẩu, lần nữa").fill(NEW)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    type_login(page, "lanntp", NEW)
    assert page.get_by_role("heading", name="Việc cần làm").is_visible()


def test_clerk_sets_up_an_app_and_is_asked_for_it_next_time(live_cast, page, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    page.goto("/dang-nhap/")
    type_login(page, "dungvt")
    page.wait_for_url("**/bao-ve-hai-lop/")
    axe(page)
    page.get_by_role("link", name="Bật ứng dụng xác thực").click()
    confirm_password(page)
    axe(page)
    secret = page.locator("code").inner_text()
    page.get_by_label(re.compile("Mã sáu chữ số")).fill(code_now(secret))
    page.get_by_role("button", name="Bật").click()
    page.wait_for_url("**/ma-du-phong/")
    axe(page)
    page.goto("/")
    assert page.get_by_role("heading", name="Việc cần làm").is_visible()


def test_login_with_password_and_recovery_code(live_cast, page):
    with_app(live_cast.clerk)
    page.goto("/dang-nhap/")
    type_login(page, "dungvt")
    page.wait_for_url("**/nhap-ma/")
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("Mã xác thực").fill("000000")
    page.get_by_role("button", name="Tiếp tục").click()
    assert page.get_by_text("Mã không đúng.").first.is_visible()


@pytest.fixture
def authenticator(page):
    """A phone with a fingerprint, as Chromium plays one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_added_and_opens_the_door(live_cast, page, authenticator):
    page.goto("/dang-nhap/")
    type_login(page, "dungvt")
    page.goto("/bao-ve-hai-lop/khoa/them/")
    confirm_password(page)
    axe(page)
    page.get_by_label("Tên để nhận ra khóa này").fill("Điện thoại của tôi")
    page.get_by_label("Đăng nhập bằng khóa này không cần mật khẩu").check()
    page.get_by_role("button", name="Thêm khóa").click()
    page.wait_for_url(re.compile("/bao-ve-hai-lop/(ma-du-phong/)?$"))
    page.goto("/bao-ve-hai-lop/khoa/")
    assert page.get_by_text("Điện thoại của tôi").is_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto("/dang-nhap/")
    page.get_by_role("button", name=re.compile("Đăng nhập bằng khóa")).click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    assert page.get_by_text("Võ Thùy Dung", exact=True).is_visible()


def end_session(page):
    page.context.clear_cookies(name="hocbaso_session")


def ask_in_place(page):
    """What a script does that got 401."""
    page.evaluate("() => document.dispatchEvent(new CustomEvent('hocbaso:signed-out'))")


def test_session_that_ended_is_renewed_in_place_and_nothing_typed_is_lost(live_cast, page):
    sign_in(page, live_cast.clerk)
    page.goto(reverse("student_new"))
    page.locator("[name$=full_name]").fill("Nguyễn Đang Gõ")
    page.evaluate("() => document.addEventListener('hocbaso:signed-in', () => { document.title = 'đã vào lại' })")
    end_session(page)
    ask_in_place(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mật khẩu", exact=True).wait_for()
    axe(page)
    type_login(dialog, "dungvt", "sai")
    dialog.get_by_text("không đúng").first.wait_for()
    dialog.get_by_label("Tên đăng nhập hoặc số điện thoại").fill("dungvt")
    dialog.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_function("() => document.title === 'đã vào lại'")
    assert page.get_by_role("dialog").count() == 0
    assert page.locator("[name$=full_name]").input_value() == "Nguyễn Đang Gõ"


def test_second_factor_is_asked_in_place_as_well(live_cast, page):
    secret = with_app(live_cast.clerk)
    sign_in(page, live_cast.clerk)
    page.goto("/tai-khoan/")
    end_session(page)
    ask_in_place(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mật khẩu", exact=True).wait_for()
    type_login(dialog, "dungvt")
    dialog.get_by_label("Mã xác thực").fill(code_now(secret))
    dialog.get_by_role("button", name="Tiếp tục").click()
    dialog.wait_for(state="detached")
    assert page.get_by_role("heading", name="Tài khoản").is_visible()


def test_another_person_gets_a_page_of_the_own(live_cast, page):
    sign_in(page, live_cast.clerk)
    page.goto("/tai-khoan/")
    end_session(page)
    ask_in_place(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mật khẩu", exact=True).wait_for()
    type_login(dialog, "halt")
    page.get_by_text("Lê Thu Hà").first.wait_for()
    assert page.get_by_text("Võ Thùy Dung").count() == 0
