"""A class of tiểu học in the browser: levels and a score are typed, one is refused with its rule, phẩm chất, năng lực
follow, the class is handed in, and the principal approves its summary; nobody signs in the middle of a term."""

import re

import pytest
from playwright.sync_api import Page, expect

from records.models import ClassPeriod
from tests.cast import Cast
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.records.primary import Primary, make_primary


@pytest.fixture
def primary(live_cast: Cast, settings, tmp_path) -> Primary:
    settings.FILES_ROOT = tmp_path / "files"
    return make_primary(live_cast)


def sound(page: Page) -> None:
    axe(page)
    no_sideways_scroll(page)


def test_levels_scores_and_traits_are_typed_and_the_summary_is_approved(page, open_page, primary):
    class_period = primary.begin("GK1")
    primary.write(class_period)
    maths = primary.sheets(class_period)["TOAN"]
    sign_in(page, primary.teacher)
    page.goto(f"/so-diem/{maths.public_id}/")
    page.get_by_role("button", name="Rút xác nhận").click()
    level, score = (page.get_by_label(f"Đặng Gia An, {name}") for name in ("Mức đạt được", "Điểm kiểm tra định kì"))
    level.fill("h")
    level.press("Enter")
    row = page.locator("tr", has=level)
    expect(row.locator("[data-result]")).to_have_text("Hoàn thành")
    score.fill("8,5")
    score.press("Enter")
    expect(page.locator("[data-problems]")).to_contain_text(
        "Đặng Gia An, cột Điểm kiểm tra định kì: điểm kiểm tra định kì là số nguyên từ 1 đến 10; máy không tự làm tròn"
    )
    sound(page)
    score.fill("8")
    score.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    page.get_by_role("button", name="Xác nhận sổ").click()

    page.goto(f"/chu-nhiem/{class_period.public_id}/")
    trait = page.get_by_label("Đặng Gia An, Giải quyết vấn đề và sáng tạo")
    trait.fill("đ")
    trait.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    page.reload()
    expect(trait).to_have_value("Đ")
    page.get_by_text("3 học sinh", exact=True).click()
    expect(page.get_by_role("region", name="Bảng tổng hợp của lớp")).to_contain_text("H · 8")
    sound(page)
    page.get_by_role("button", name="Nộp lớp").click()
    expect(page.get_by_text("Đã nộp, chờ duyệt").first).to_be_visible()
    expect(page.get_by_text("trang học bạ")).to_have_count(0)

    principal = open_page()
    sign_in(principal, primary.cast.principal)
    principal.goto("/duyet/?buoc=cho-duyet")
    principal.get_by_role("link", name="4A", exact=True).click()
    expect(principal.get_by_role("region", name="Bảng tổng hợp của lớp")).to_contain_text("H · 8")
    sound(principal)
    principal.get_by_role("button", name="Duyệt bảng tổng hợp").click()
    expect(principal.get_by_text(re.compile("Đã duyệt bảng tổng hợp"))).to_be_visible()
    assert ClassPeriod.objects.get(pk=class_period.pk).state == "DA_DUYET"


def test_table_of_traits_is_typed_at_the_phone_without_javascript(open_page, primary):
    class_period = primary.begin("CN")
    window = open_page(width=360, height=740, java_script_enabled=False)
    sign_in(window, primary.teacher)
    window.goto(f"/chu-nhiem/{class_period.public_id}/")
    window.get_by_label("Hoàng Bảo Châu, Nhân ái").fill("ccg")
    window.get_by_label("Hoàng Bảo Châu, Nổi bật").fill("có")
    window.get_by_role("button", name="Lưu cả bảng").click()
    expect(window.get_by_text("ghi x, hoặc để trống")).to_be_visible()
    assert class_period.rows.get(student__full_name="Hoàng Bảo Châu").cells == {"NHAN_AI": "C"}
