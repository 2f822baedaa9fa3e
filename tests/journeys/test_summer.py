"""The summer in the browser: a subject is assessed again, a wrong score stays typed with its rule, the homeroom teacher
concludes and signs, the principal sees the page before signing."""

import pytest
from playwright.sync_api import Page, expect

from records.actions.pages import render_page
from tests.cast import Cast
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.records.summer import Summer, make_summer, open_summer
from tests.records.term import PIN, make_term


@pytest.fixture
def summer(live_cast: Cast, settings, tmp_path) -> Summer:
    settings.FILES_ROOT = tmp_path / "files"
    made = make_summer(make_term(live_cast))
    open_summer(live_cast.class_7a)
    return made


def sound(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    no_sideways_scroll(page)


def test_student_is_assessed_again_and_gets_the_page(page, open_page, summer):
    sign_in(page, summer.term.cast.maths_teacher)
    page.goto("/")
    page.get_by_role("link", name="2 học sinh chờ bạn đánh giá lại môn học trong hè").click()
    sound(page)
    page.get_by_role("link", name="Nguyễn Minh Anh").click()
    score = page.get_by_label("Toán: kết quả đánh giá lại")
    score.fill("6,55")
    page.get_by_role("button", name="Ghi Toán").click()
    expect(page.get_by_role("alert")).to_contain_text("máy không tự làm tròn")
    expect(score).to_have_value("6,55")
    sound(page)
    score.fill("6,5")
    page.get_by_role("button", name="Ghi Toán").click()
    expect(page.get_by_text("Đã ghi: Toán.")).to_be_visible()

    leader = open_page()
    sign_in(leader, summer.term.cast.homeroom_teacher)
    leader.goto(f"/trong-he/{summer.last.public_id}/{summer.low.public_id}/")
    sound(leader)
    leader.get_by_label("Em không đánh giá lại: Khoa học tự nhiên.").check()
    leader.get_by_role("button", name="Chốt kết quả, lập trang").click()
    expect(leader.get_by_text("Hãy xem trang rồi kí.")).to_be_visible()
    case = summer.case(summer.low)
    assert case.page is not None
    render_page(case.page)
    leader.reload()
    leader.get_by_role("link", name="Xem trang, bản 2").click()
    expect(leader.get_by_role("heading", name="Kết quả", exact=True)).to_be_visible()
    sound(leader)
    leader.go_back()
    leader.get_by_label("Mã PIN của khóa kí").fill(PIN)
    leader.get_by_role("button", name="Kí trang đã xem").click()
    expect(leader.get_by_text("Giáo viên chủ nhiệm đã kí")).to_be_visible()
    sound(leader)
