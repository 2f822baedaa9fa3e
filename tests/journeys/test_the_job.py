"""The main job in Chromium, from an Excel class list to a signed page that is verified on a parent's telephone: clerk,
subject teacher, homeroom teacher, principal, parent, and an inspector who opens a mark."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page

from records.documents.authority import CERTIFICATE_FILE, LocalAuthority
from records.models import ClassPeriod, MarkSheet, PageVersion
from schools.models import CurriculumSubject, SchoolClass, Student, User
from tests.cast import PASSWORD, Cast
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.records.term import PIN, Term, fill_sheet, give_keys
from tests.workbooks import ASSIGNMENTS, STUDENTS, a_student, list_of

ROOT = Path(__file__).resolve().parents[2]
FATHER = "0911222333"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path


def bring_in(page: Page, kind: str, content: bytes, rows: int, new_classes: bool = False) -> None:
    """The clerk uploads a list, looks at the preview and confirms it."""
    page.goto("/nhap-du-lieu/moi/")
    page.get_by_label("Loại danh sách").select_option(kind)
    page.get_by_label("Tệp Excel").set_input_files({"name": "ds.xlsx", "mimeType": "application/x", "buffer": content})
    if new_classes:
        page.get_by_label("Tạo lớp mới").check()
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name=f"Nhập {rows} dòng").click()
    page.wait_for_load_state()


def class_list() -> bytes:
    return list_of(
        STUDENTS,
        a_student("7700000001", "Phạm Gia Hân", class_name="6C", born_on="05/09/2015", father_name="Phạm Văn Tú",
                  father_phone=FATHER),
        a_student("7700000002", "Lê Minh Khôi", class_name="6C", born_on="12/01/2015", gender="Nam"),
    )  # fmt: skip


def plan(cast: Cast) -> bytes:
    subjects = CurriculumSubject.objects.for_grade("TT22-2021", 6).filter(choice="BAT_BUOC")
    leader = cast.homeroom_teacher.full_name
    rows = [
        {"class_name": "6C", "subject": one.subject.name,
         "teacher_name": cast.maths_teacher.full_name if one.subject.code == "TOAN" else leader}
        for one in subjects
    ]  # fmt: skip
    return list_of(ASSIGNMENTS, *rows, {"class_name": "6C", "subject": "Chủ nhiệm", "teacher_name": leader})


def type_marks(page: Page, marks: dict[str, tuple[str, str]]) -> None:
    """Down each column with Enter, as on paper."""
    for column, values in marks.items():
        page.locator(f"input[data-col={column}]").first.focus()
        for value in values:
            page.keyboard.type(value)
            page.keyboard.press("Enter")
    page.get_by_text("Đã lưu lúc").wait_for()


def sign(page: Page, button: str) -> None:
    page.get_by_label("Mã PIN").fill(PIN)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def test_from_an_excel_list_to_a_verified_page(live_cast, page, open_page, files):
    authority = LocalAuthority.make(files / "authority", "CA của bài thử", b"x")
    sign_in(page, live_cast.clerk)
    bring_in(page, "HOC_SINH", class_list(), 2, new_classes=True)
    bring_in(page, "PHAN_CONG", plan(live_cast), 13)
    school_class = SchoolClass.objects.get(name="6C")

    teacher = open_page()
    sign_in(teacher, live_cast.maths_teacher)
    teacher.goto("/so-diem/")
    teacher.get_by_role("link", name="Toán, lớp 6C").click()
    axe(teacher)
    type_marks(teacher, {"TX1": ("8,5", "7"), "TX2": ("9", "6.5"), "TX3": ("8", "7,5"), "TX4": ("10", "8"),
                         "GK": ("8,5", "V"), "CK": ("9", "7,5")})  # fmt: skip
    teacher.locator("textarea[data-col=NX]").first.fill("Tính toán nhanh và cẩn thận.")
    teacher.locator("textarea[data-col=NX]").nth(1).focus()
    teacher.locator("[data-result]").first.get_by_text("8,8").wait_for()
    teacher.wait_for_function("() => document.querySelector('[data-follows=missing]').textContent === '0'")
    teacher.get_by_role("button", name="Xác nhận sổ").click()
    teacher.get_by_text("Đã xác nhận sổ Toán").wait_for()

    class_period = ClassPeriod.objects.in_words().get(school_class=school_class)
    term = Term(live_cast, class_period, authority)
    for code, sheet in term.sheets.items():
        if code != "TOAN":
            fill_sheet(sheet, live_cast.homeroom_teacher, "8,5")

    leader = open_page()
    sign_in(leader, live_cast.homeroom_teacher)
    for sheet in term.sheets.values():
        if sheet.state == MarkSheet.State.OPEN:
            leader.goto(f"/so-diem/{sheet.public_id}/")
            leader.get_by_role("button", name="Xác nhận sổ").click()
            leader.get_by_text(f"Đã xác nhận sổ {sheet.subject.name}").wait_for()
    give_keys(term)
    leader.goto(f"/chu-nhiem/{class_period.public_id}/")
    for place in (0, 1):
        leader.locator("select[data-col=RL]").nth(place).select_option(label="Tốt")
        leader.locator("textarea[data-col=NX]").nth(place).fill("Chăm học, hòa đồng với bạn bè.")
    leader.get_by_role("button", name="Ghi 0 vào các ô nghỉ học").focus()
    leader.get_by_text("Đã lưu lúc").wait_for()
    leader.get_by_role("button", name="Ghi 0 vào các ô nghỉ học").click()
    leader.get_by_text("Đã ghi 0 vào 4 ô nghỉ học.").wait_for()
    axe(leader)
    leader.get_by_role("button", name="Nộp lớp").click()
    leader.get_by_text("Đã nộp lớp 6C").wait_for()
    leader.get_by_role("link", name="Phạm Gia Hân").click()
    leader.get_by_text("Tính toán nhanh và cẩn thận.").wait_for()
    leader.go_back()
    sign(leader, "Kí các trang đã xem")

    principal = open_page()
    sign_in(principal, live_cast.principal)
    principal.goto("/")
    principal.get_by_role("link", name="1 lớp chờ bạn duyệt và kí").click()
    principal.get_by_role("link", name="6C").click()
    axe(principal)
    sign(principal, "Duyệt và kí các trang đã xem")

    page.goto(f"/duyet/{class_period.public_id}/")
    sign(page, "Đóng dấu và phát hành")
    assert {one.state for one in PageVersion.objects.all()} == {PageVersion.State.SEALED}

    father = User.objects.get(phone=FATHER)
    father.password = make_password(PASSWORD)
    father.save(update_fields=["password"])
    child = Student.objects.get(student_code="7700000001")
    phone = open_page(width=360, height=740, accept_downloads=True)
    phone.goto("/dang-nhap/")
    phone.get_by_label("Tên đăng nhập").fill(FATHER)
    phone.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Đăng nhập", exact=True).click()
    phone.wait_for_load_state()
    phone.goto("/hoc-ba/")
    assert child.full_name in phone.inner_text("h1")
    axe(phone)
    no_sideways_scroll(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Tải học bạ PDF").click()
    saved = files / "hoc-ba.pdf"
    download.value.save_as(saved)
    anchor = files / "authority" / CERTIFICATE_FILE
    command = [sys.executable, "manage.py", "verify_book", str(saved), "--anchor", str(anchor)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (told.returncode, told.stdout[:7]) == (0, "HỢP LỆ\n"), told
    assert child.full_name in told.stdout

    inspector = open_page()
    sign_in(inspector, live_cast.inspector)
    inspector.goto(f"/so-diem/lop/{school_class.public_id}/")
    inspector.get_by_role("link", name="Toán").click()
    inspector.get_by_role("link", name="Phạm Gia Hân").click()
    inspector.get_by_role("link", name="TX1").click()
    inspector.get_by_text("8,5").first.wait_for()
    assert live_cast.maths_teacher.full_name in inspector.inner_text("table")
    axe(inspector)


def test_intruder_gets_nowhere_at_any_step(live_cast, open_page, files, watch):
    """A teacher of another school and another school's principal, at every address of the job."""
    from tests.repository.urls import examples

    watch.expected |= {403, 404}
    values = examples(live_cast)
    class_period, sheet, version = values["class_period_id"], values["sheet_id"], values["version_id"]
    steps = (
        f"/so-diem/{sheet}/", f"/so-diem/dong/{values['row_id']}/", f"/chu-nhiem/{class_period}/",
        f"/duyet/{class_period}/", f"/duyet/{class_period}/tra-lai/", f"/trang/{version}/", f"/trang/{version}/pdf/",
        f"/hoc-ba/{values['student_id']}/", f"/khoa-ki/{values['key_id']}/",
    )  # fmt: skip
    for person in (live_cast.intruder, live_cast.other_principal, live_cast.other_clerk):
        page = open_page()
        sign_in(page, person)
        for step in steps:
            answer = page.goto(step)
            assert answer is not None
            assert answer.status in {403, 404}, (person, step)
            assert "Nguyễn Minh Anh" not in page.content()
