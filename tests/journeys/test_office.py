"""The office at work in Chromium: the button that was pressed is the one that counts, also when a form is sent once."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from schools.models import Delegation, ListImport, SecondFactorReset, Student
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.workbooks import STUDENTS, a_student, list_of


def test_principal_agrees_and_the_second_factor_is_off(live_cast, page):
    Authenticator.objects.create(user=live_cast.parent, type="totp", data={"secret": "x"})
    sign_in(page, live_cast.principal)
    page.goto("/")
    page.get_by_role("link", name="đề nghị đặt lại lớp bảo vệ thứ hai").click()
    axe(page)
    page.get_by_role("button", name="Đồng ý gỡ").click()
    page.get_by_text("Đã gỡ lớp bảo vệ thứ hai").wait_for()
    assert SecondFactorReset.objects.get().approved is True
    assert not Authenticator.objects.exists()


def test_principal_refuses_and_it_stays_on(live_cast, page):
    Authenticator.objects.create(user=live_cast.parent, type="totp", data={"secret": "x"})
    sign_in(page, live_cast.principal)
    page.goto(reverse("second_factor_resets"))
    page.get_by_role("button", name="Từ chối").click()
    page.get_by_text("Đã từ chối đề nghị").wait_for()
    assert SecondFactorReset.objects.get().approved is False
    assert Authenticator.objects.count() == 1


def test_clerk_looks_at_what_is_unusual_and_brings_it_in(live_cast, page):
    sign_in(page, live_cast.clerk)
    page.goto(reverse("import_new"))
    page.get_by_label("Loại danh sách").select_option(STUDENTS)
    content = list_of(STUDENTS, a_student("7700000001", "PHẠM GIA HÂN", born_on="05/09/1950"))
    page.get_by_label("Tệp Excel").set_input_files({"name": "ds.xlsx", "mimeType": "application/x", "buffer": content})
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_role("heading", name="Cần kiểm tra").wait_for()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Nhập 1 dòng").click()  # the browser asks for the tick
    assert not Student.objects.filter(student_code="7700000001").exists()
    page.get_by_label("Tôi đã xem các dòng cần kiểm tra").check()
    page.get_by_role("button", name="Nhập 1 dòng").click()
    page.get_by_text("Đã nhập 1 dòng").wait_for()
    assert Student.objects.filter(student_code="7700000001").exists()


def test_clerk_cancels_an_import_and_nothing_comes_in(live_cast, page):
    sign_in(page, live_cast.clerk)
    page.goto(reverse("import_preview", args=[live_cast.list_import.public_id]))
    page.get_by_role("button", name="Hủy").click()
    page.wait_for_load_state()
    assert ListImport.objects.get(pk=live_cast.list_import.pk).state == ListImport.State.CANCELLED


def test_delegation_is_given_and_taken_back(live_cast, page):
    sign_in(page, live_cast.principal)
    page.goto(reverse("delegation_new"))
    page.get_by_label("Ủy quyền để").select_option("KI_THAY")
    page.get_by_label("Người nhận").select_option(label="Phạm Văn Bình")
    today = timezone.localdate()
    page.get_by_label("Từ lúc").fill(f"{today:%Y-%m-%d}T00:00")
    page.get_by_label("Đến lúc").fill(f"{today + timedelta(days=14):%Y-%m-%d}T07:00")
    page.get_by_label("Lí do").fill("Đi công tác nước ngoài hai tuần")
    page.get_by_role("button", name="Ủy quyền", exact=True).click()
    page.get_by_role("button", name="Thu hồi ngay").click()
    page.get_by_text("Đã thu hồi ủy quyền").wait_for()
    assert Delegation.objects.get(kind="KI_THAY").revoked_by == live_cast.principal
