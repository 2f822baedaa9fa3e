"""A sheet in Chromium where things go wrong: two windows, a lost answer, a session that ended or changed hands, a paste
that is too long. Nothing typed is lost, and nothing is saved in the name of somebody else."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from records.models import CellOperation, MarkRow
from records.rules.cells import LONGEST_TEXT
from tests.journeys.conftest import axe, sign_in, type_login
from tests.records.term import Term, make_term


@pytest.fixture
def live_term(live_cast: Any, tmp_path: Path, settings: Any) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(live_cast, tmp_path)


@pytest.fixture
def sheet_page(live_term: Term, page: Page) -> Page:
    sign_in(page, live_term.cast.maths_teacher)
    page.goto(address(live_term))
    return page


def address(term: Term) -> str:
    return f"/so-diem/{term.maths.public_id}/"


def put(page: Page, mark: str, column: str = "TX1") -> None:
    """In the first row's cell, left with Enter."""
    page.locator(f"input[data-col={column}]").first.fill(mark)
    page.keyboard.press("Enter")


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-status]")).to_contain_text(words)


def kept(term: Term) -> dict[str, str]:
    """What the database holds of the first row."""
    row: MarkRow = term.maths.rows.in_order().first()
    return row.cells


def test_second_window_of_the_same_teacher_is_told_so_and_keeps_what_was_typed(live_term, sheet_page):
    other = sheet_page.context.new_page()
    other.goto(address(live_term))
    put(sheet_page, "7,5")
    says(sheet_page, "Đã lưu lúc")
    put(other, "6")
    says(other, "1 ô trùng sửa")
    problems = other.locator("[data-problems]")
    expect(problems).to_contain_text("Bạn đã sửa ô này ở một cửa sổ khác.")
    expect(problems).to_contain_text("Của bạn: 6")
    assert kept(live_term) == {"TX1": "7.5"}
    axe(other)
    other.get_by_role("button", name="Giữ của tôi").click()
    says(other, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "6"}


def test_answer_that_got_lost_is_asked_for_again_and_nothing_is_written_twice(live_term, sheet_page, watch):
    watch.expected.add(0)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status_text)
            route.abort()
        else:
            route.continue_()

    sheet_page.route("**/o/", lose_the_first)
    put(sheet_page, "8,5")
    says(sheet_page, "Đã lưu lúc")
    assert lost == ["OK"]
    assert kept(live_term) == {"TX1": "8.5"}
    assert CellOperation.objects.count() == 1
    watch.faults[:] = [fault for fault in watch.faults if "ERR_FAILED" not in fault]


def test_window_goes_on_after_the_teacher_signed_in_again_in_another(live_term, sheet_page, watch):
    watch.expected.add(403)  # of the old token, once
    other = sheet_page.context.new_page()
    other.goto("/tai-khoan/")
    other.get_by_role("button", name="Đăng xuất").click()
    other.wait_for_load_state()
    type_login(other, "halt")
    other.get_by_role("link", name="Tài khoản").wait_for()
    put(sheet_page, "9")
    says(sheet_page, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "9"}


def test_nothing_is_saved_in_the_name_of_who_signed_in_meanwhile(live_term, sheet_page, watch):
    watch.expected.add(403)
    other = sheet_page.context.new_page()
    other.goto("/tai-khoan/")
    other.get_by_role("button", name="Đăng xuất").click()
    other.wait_for_load_state()
    type_login(other, "dungvt")
    other.get_by_role("link", name="Tài khoản").wait_for()
    put(sheet_page, "9")
    says(sheet_page, "Trên máy này người khác vừa đăng nhập")
    assert kept(live_term) == {}
    assert sheet_page.locator("input[data-col=TX1]").first.input_value() == "9"


def test_session_that_ended_asks_in_place_and_then_saves(live_term, sheet_page, watch):
    watch.expected.add(403)
    sheet_page.context.clear_cookies()
    put(sheet_page, "4,5")
    dialog = sheet_page.get_by_role("dialog")
    dialog.get_by_label("Mật khẩu", exact=True).wait_for()
    says(sheet_page, "Phiên đã hết")
    type_login(dialog, "halt")
    says(sheet_page, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "4.5"}


def test_remark_too_long_is_refused_whole_and_stays_on_the_page(live_term, sheet_page):
    remark = "Chăm học. " * (LONGEST_TEXT // 10) + "Cần cố gắng hơn"
    sheet_page.locator("textarea[data-col=NX]").first.fill(remark)
    sheet_page.locator("textarea[data-col=NX]").nth(1).focus()
    expect(sheet_page.locator("[data-problems]")).to_contain_text(f"nhiều nhất là {LONGEST_TEXT}")
    assert sheet_page.locator("textarea[data-col=NX]").first.input_value() == remark
    assert kept(live_term) == {}
