"""A clerk moves a student and reads what is missing; a teacher's open sheet tells that its list has changed; what a
newcomer from another province brought is written down and corrected."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.records.moves import move, second_class
from tests.records.outside import first_term_is_over, newcomer
from tests.records.term import Term, make_term


@pytest.fixture
def live_term(live_cast: Cast, settings, tmp_path) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(live_cast)


def sound(page: Page) -> None:
    axe(page)
    no_sideways_scroll(page)


def test_clerk_moves_a_student_and_reads_what_is_missing(page: Page, live_term: Term) -> None:
    there = second_class(live_term)
    sign_in(page, live_term.cast.clerk)
    page.goto(f"/ho-so/{live_term.cast.student.public_id}/")
    page.get_by_role("link", name="Chuyển lớp", exact=True).click()
    page.get_by_label("Lí do").fill("Gia đình xin đổi buổi học")
    page.get_by_role("button", name="Chuyển lớp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Điểm còn thiếu: Nguyễn Minh Anh")
    sound(page)
    page.get_by_role("link", name="Toán, học kì I: thiếu TX1, TX2, TX3, TX4, GK, CK").click()
    expect(page).to_have_url(re.compile(f"/so-diem/{there.maths.public_id}/"))


def test_open_sheet_tells_that_its_list_has_changed(page: Page, live_term: Term) -> None:
    second_class(live_term)
    sign_in(page, live_term.cast.maths_teacher)
    page.goto(f"/so-diem/{live_term.maths.public_id}/")
    shown = page.locator("[data-follows=change_no]")
    expect(shown).to_have_value("0")
    move(live_term, live_term.cast.classmate, live_term.cast.class_7b)
    page.get_by_label("Nguyễn Minh Anh, TX1").or_(page.get_by_label("Nguyễn Minh Anh, Thường xuyên 1")).fill("8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Danh sách lớp vừa thay đổi")).to_be_visible()
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    expect(shown).to_have_value("0")
    sound(page)
    page.get_by_role("link", name="Tải lại trang").click()
    expect(page.get_by_text("Trần Bảo Oanh")).to_have_count(0)
    expect(shown).to_have_value("2")


def test_results_at_the_old_school_are_written_down_and_corrected(page: Page, live_term: Term) -> None:
    first_term_is_over(live_term)
    student = newcomer(live_term)
    sign_in(page, live_term.cast.clerk)
    page.goto(f"/lop/{live_term.cast.class_7a.public_id}/")
    page.get_by_role("link", name=f"Kết quả ở trường cũ của {student.full_name}").click()
    page.get_by_role("link", name="Nhập kết quả Học kì I").click()
    sound(page)
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên trường cũ")
    sound(page)
    page.get_by_label("Tên trường cũ").fill("Trường THCS Trần Phú")
    page.get_by_label("Nơi có trường cũ").fill("Phường Hải Châu, Đà Nẵng")
    page.get_by_label("Số giấy chuyển trường hoặc bảng kết quả").fill("12/GCT")
    page.get_by_label("Ngày của giấy").fill("20/01/2026")
    page.get_by_label("Lí do chuyển đến").fill("Theo bố mẹ chuyển công tác")
    page.get_by_label("Kết quả rèn luyện").select_option("KHA")
    page.get_by_label("Kết quả học tập").select_option("DAT")
    page.get_by_label("Số buổi nghỉ có phép").fill("2")
    page.get_by_label("Số buổi nghỉ không phép").fill("0")
    for field in page.get_by_label("Điểm trung bình học kì").all():
        field.fill("7,9")
    for field in page.get_by_label("Mức (Đ hoặc CĐ)").all():
        field.fill("Đ")
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_text("Theo các môn đã ghi thì kết quả học tập là Khá").first).to_be_visible()
    sound(page)
    page.get_by_label("Kết quả học tập").select_option("KHA")
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_text("Đang được tính")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Sửa kết quả Học kì I").click()
    page.get_by_role("group", name="Toán", exact=True).get_by_label("Điểm trung bình học kì").fill("7,4")
    page.get_by_label("Lí do sửa").fill("Đọc nhầm dòng trên giấy")
    sound(page)
    page.get_by_role("button", name="Ghi lần sửa").click()
    expect(page.get_by_text("Đã thay bằng lần ghi sau")).to_be_visible()
