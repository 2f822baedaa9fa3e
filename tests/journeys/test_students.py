"""A clerk keeps the students' records, a parent looks at the children, an inspector's look leaves a trace."""

import re

import pytest
from playwright.sync_api import Page, expect

from schools.models import ParentLink, ReadEntry, Student
from tests.cast import Cast, long_ago, make_student
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.schools.actions.test_photos import picture


@pytest.fixture(autouse=True)
def _private_folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def sound(page: Page) -> None:
    axe(page)
    no_sideways_scroll(page)


def test_clerk_registers_edits_and_ties_a_parent(page: Page, live_cast: Cast) -> None:
    sign_in(page, live_cast.clerk)
    page.goto("/ho-so/")
    sound(page)
    page.get_by_role("link", name="Thêm học sinh").click()
    sound(page)
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa ghi họ và tên.")
    sound(page)
    page.get_by_label("Họ và tên (bắt buộc)").fill("Lò Thị Nà")
    page.get_by_label("Mã học sinh (bắt buộc)").fill("7900000777")
    page.get_by_label("Lí do chưa có số định danh").fill("Đang chờ cấp")
    page.get_by_label("Giới tính (bắt buộc)").select_option("NU")
    page.get_by_label("Ngày sinh (bắt buộc)").fill("5/9/2014")
    page.get_by_label("Dân tộc (bắt buộc)").fill("Xá lạ")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("heading", name="Cần kiểm tra")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("không có trong danh mục 54 dân tộc")
    sound(page)
    page.get_by_label("Dân tộc (bắt buộc)").fill("Thái")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lò Thị Nà")
    sound(page)

    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_label("Họ và tên (bắt buộc)").fill("Lò Thị Na")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("phải ghi lí do")
    page.get_by_label("Lí do", exact=True).fill("Giấy khai sinh ghi là Na")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Nhân thân đã sửa")).to_be_visible()

    page.get_by_role("link", name="Thêm ảnh").click()
    page.get_by_label("Tệp ảnh").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.get_by_role("button", name="Tải ảnh lên").click()
    photo = page.get_by_alt_text("Ảnh 3×4 của Lò Thị Na")
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
    sound(page)

    page.get_by_role("link", name="Thêm phụ huynh").click()
    page.get_by_label("Quan hệ").select_option("ME")
    page.get_by_label("Họ và tên phụ huynh").fill("Lò Thị Mai")
    page.get_by_label("Số điện thoại").fill("0911 222 333")
    page.get_by_role("button", name="Liên kết").click()
    expect(page.get_by_role("row", name=re.compile("Lò Thị Mai"))).to_contain_text("0911222333")
    page.get_by_role("link", name=re.compile("Thôi liên kết")).click()
    sound(page)
    page.get_by_label("Lí do").fill("Ghi nhầm số của người khác")
    page.get_by_role("button", name="Thôi liên kết").click()
    expect(page.get_by_text("Đã thôi liên kết Lò Thị Mai")).to_be_visible()
    page.wait_for_load_state()  # the photograph too: the server is not to be left in the middle of an answer


def test_two_clerks_edit_at_once_and_nothing_is_lost(page: Page, open_page, live_cast: Cast) -> None:
    other = open_page()
    for window in (page, other):
        sign_in(window, live_cast.clerk)
        window.goto(f"/ho-so/{live_cast.student.public_id}/sua/")
        window.get_by_label("Chỗ ở hiện tại").fill("Của người trước" if window is other else "Của tôi")
    other.get_by_role("button", name="Lưu").click()
    expect(other.get_by_text("Đã lưu.")).to_be_visible()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("table")).to_contain_text("Của người trước")
    expect(page.get_by_label("Chỗ ở hiện tại")).to_have_value("Của tôi")
    sound(page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    assert Student.objects.get(pk=live_cast.student.pk).address == "Của tôi"


def test_number_is_in_no_address_and_shown_once(page: Page, live_cast: Cast) -> None:
    number = live_cast.student.personal_id
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    sign_in(page, live_cast.inspector)
    page.goto("/ho-so/")
    page.get_by_text("Tìm theo số định danh").click()
    page.get_by_label("Số định danh cá nhân").fill(number)
    sound(page)
    page.get_by_role("button", name="Tìm số này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nguyễn Minh Anh")
    assert number not in page.content()
    page.get_by_role("button", name="Hiện số").click()
    expect(page.get_by_text(number)).to_be_visible()
    sound(page)
    page.goto(f"/ho-so/{live_cast.student.public_id}/")
    assert number not in page.content()
    assert [address for address in addresses if number in address] == []
    looks = ReadEntry.objects.filter(student=live_cast.student, user=live_cast.inspector).values_list("what", flat=True)
    assert sorted(looks) == ["HO_SO", "SO_DINH_DANH"]


def test_administrator_joins_two_records(page: Page, live_cast: Cast) -> None:
    make_student(
        live_cast.other_school, "0000000092", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="Đang chờ cấp"
    )
    sign_in(page, live_cast.province_admin)
    page.goto("/ho-so/gop/")
    sound(page)
    page.get_by_role("link", name="Mã 0000000001").click()
    sound(page)
    page.get_by_role("link", name=re.compile("Xem trước khi gộp")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước khi gộp")
    sound(page)
    page.get_by_label("Lí do", exact=True).fill("Nhập trùng ở hai trường")
    page.get_by_role("button", name="Gộp hai hồ sơ").click()
    expect(page.get_by_text("Đã gộp hồ sơ 0000000092 vào hồ sơ 0000000001.")).to_be_visible()
    page.goto("/ho-so/?ten=0000000092")
    expect(page.get_by_role("link", name="Nguyễn Minh Anh")).to_be_visible()


def test_parent_switches_between_two_children(open_page, live_cast: Cast) -> None:
    Student.objects.filter(pk=live_cast.other_student.pk).update(address="Địa chỉ của Khánh")
    ParentLink.objects.create(
        student=live_cast.other_student, parent=live_cast.parent, relation="CHA", starts_on=long_ago()
    )
    phone = open_page(width=360, height=740)
    sign_in(phone, live_cast.parent)
    phone.goto("/con-toi/")
    sound(phone)
    phone.get_by_role("link", name="Xem Nguyễn Minh Anh").click()
    expect(phone.get_by_role("link", name="Xem học bạ")).to_be_visible()
    assert "Địa chỉ của Khánh" not in phone.content()
    sound(phone)
    first = phone.url
    phone.get_by_role("link", name="Đặng Gia Khánh").click()
    expect(phone.get_by_text("Địa chỉ của Khánh")).to_be_visible()
    assert phone.url != first
    assert "Nguyễn Thị Phương Lan" not in phone.content()
    phone.get_by_role("link", name="Ai đã xem hồ sơ này").click()
    sound(phone)


def test_intruder_finds_no_way_in(page: Page, watch, live_cast: Cast) -> None:
    watch.expected |= {403, 404}
    student = live_cast.student.public_id
    sign_in(page, live_cast.other_clerk)
    page.goto("/ho-so/?ten=minh+anh")
    expect(page.get_by_text("0 học sinh")).to_be_visible()
    for tail in ("", "sua/", "anh/", "anh/moi/", "phu-huynh/moi/"):
        answer = page.goto(f"/ho-so/{student}/{tail}")
        assert answer is not None
        assert answer.status == 404, tail
    answer = page.goto(f"/con-toi/{student}/")
    assert answer is not None
    assert answer.status == 403
