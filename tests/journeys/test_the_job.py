"""The main job in Chromium, from an Excel class list to a signed page that is verified on a parent's telephone: clerk,
subject teacher, homeroom teacher, principal (who returns the class once), parent with a slip, and an inspector who
opens a mark."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page

from records.actions.keys import give_key
from records.documents.authority import CERTIFICATE_FILE, LocalAuthority
from records.models import ClassPeriod, MarkSheet, PageVersion
from schools.models import CurriculumSubject, SchoolClass, Student
from tests.cast import Cast
from tests.journeys.conftest import axe, no_sideways_scroll, sign_in, type_login
from tests.records.term import PIN, Term, fill_sheet, give_keys, make_term
from tests.repository.acts import acts, each_state
from tests.workbooks import ASSIGNMENTS, STUDENTS, a_student, list_of

ROOT = Path(__file__).resolve().parents[2]
FATHER = "0911222333"
CHOSEN = "Con-mèo-trèo-cây-cau"
WHY = "Điểm giữa kì của Lê Minh Khôi: em có dự kiểm tra"
SCRIPT_THAT_COUNTS_CLICKS = """
addEventListener("click", () => sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks"))), true);
"""


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


def open_sheet(teacher: Page, name: str) -> int:
    """The teacher comes in and goes to the sheet; how many clicks it took, the one that sends the login included."""
    teacher.add_init_script(SCRIPT_THAT_COUNTS_CLICKS)
    teacher.goto("/")
    type_login(teacher, name)
    teacher.get_by_role("link", name="Sổ điểm", exact=True).click()
    teacher.get_by_role("link", name="Toán, lớp 6C").click()
    teacher.wait_for_url("**/so-diem/*-*/")
    return int(teacher.evaluate("sessionStorage.getItem('clicks')"))


def confirm(teacher: Page) -> None:
    teacher.get_by_role("button", name="Xác nhận sổ").click()
    teacher.get_by_text("Đã xác nhận sổ Toán").wait_for()


def submit_and_sign(leader: Page) -> None:
    """The homeroom teacher submits, looks at a page, and signs all of them."""
    leader.get_by_role("button", name="Nộp lớp").click()
    leader.get_by_text("Đã nộp lớp 6C").wait_for()
    leader.get_by_role("link", name="Phạm Gia Hân").click()
    leader.get_by_text("Tính toán nhanh và cẩn thận.").wait_for()
    leader.go_back()
    sign(leader, "Kí các trang đã xem")


def return_class(principal: Page) -> None:
    """The principal gives the class back with a reason and opens the sheet of maths again."""
    principal.get_by_role("link", name="Trả lại lớp…").click()
    principal.get_by_label("Lí do trả lại").fill(WHY)
    principal.get_by_label("Toán").check()
    axe(principal)
    principal.get_by_role("button", name="Trả lại lớp").click()
    principal.get_by_text("Đã trả lại lớp 6C").wait_for()


def correct_mark(teacher: Page) -> None:
    """The teacher finds the reason among what is to be done, corrects the mark, and confirms again."""
    teacher.goto("/")
    teacher.get_by_role("link", name=f"Toán, lớp 6C bị trả lại: {WHY}").click()
    cell = teacher.locator("input[data-col=GK]").nth(1)
    cell.fill("7")
    cell.press("Enter")
    teacher.locator("[data-result]").nth(1).get_by_text("7,3").wait_for()
    confirm(teacher)


def come_in_by_slip(clerk: Page, phone: Page) -> None:
    """The clerk prints the slips of the class; the father chooses a password with his, and comes in."""
    clerk.goto("/phieu/")
    clerk.get_by_role("button", name="In phiếu lớp 6C").click()
    axe(clerk)
    code = clerk.locator(".slip", has_text=FATHER).locator(".slip__code").inner_text()
    phone.goto("/")
    phone.get_by_role("link", name="Lần đầu: kích hoạt bằng phiếu").click()
    phone.get_by_label("Tên đăng nhập hoặc số điện thoại").fill(FATHER)
    phone.get_by_label("Mã trên phiếu").fill(code)
    phone.get_by_label("Mật khẩu bạn chọn").fill(CHOSEN)
    phone.get_by_label("Mật khẩu, lần nữa").fill(CHOSEN)
    phone.get_by_role("button", name="Đặt mật khẩu").click()
    type_login(phone, FATHER, CHOSEN)
    phone.wait_for_load_state()


def verified(saved: Path, anchor: Path) -> str:
    """What the check says of a downloaded file, in a process that has nothing of the server's."""
    command = [sys.executable, "manage.py", "verify_book", str(saved), "--anchor", str(anchor)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (told.returncode, told.stdout[:7]) == (0, "HỢP LỆ\n"), told
    return told.stdout


def test_from_an_excel_list_to_a_verified_page(live_cast, page, open_page, files):
    authority = LocalAuthority.make(files / "authority", "CA của bài thử", b"x")
    sign_in(page, live_cast.clerk)
    bring_in(page, "HOC_SINH", class_list(), 2, new_classes=True)
    bring_in(page, "PHAN_CONG", plan(live_cast), 13)
    school_class = SchoolClass.objects.get(name="6C")

    teacher = open_page()
    assert open_sheet(teacher, live_cast.maths_teacher.username) <= 3
    axe(teacher)
    type_marks(teacher, {"TX1": ("8,5", "7"), "TX2": ("9", "6.5"), "TX3": ("8", "7,5"), "TX4": ("10", "8"),
                         "GK": ("8,5", "V"), "CK": ("9", "7,5")})  # fmt: skip
    teacher.locator("textarea[data-col=NX]").first.fill("Tính toán nhanh và cẩn thận.")
    teacher.locator("textarea[data-col=NX]").nth(1).focus()
    teacher.locator("[data-result]").first.get_by_text("8,8").wait_for()
    teacher.wait_for_function("() => document.querySelector('[data-follows=missing]').textContent === '0'")
    confirm(teacher)

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
    submit_and_sign(leader)

    principal = open_page()
    sign_in(principal, live_cast.principal)
    principal.goto("/")
    principal.get_by_role("link", name="1 lớp chờ bạn duyệt và kí").click()
    principal.get_by_role("link", name="6C", exact=True).click()
    axe(principal)
    return_class(principal)
    correct_mark(teacher)
    leader.goto(f"/chu-nhiem/{class_period.public_id}/")
    leader.get_by_text(WHY).first.wait_for()
    submit_and_sign(leader)
    principal.goto(f"/duyet/{class_period.public_id}/")
    sign(principal, "Duyệt và kí các trang đã xem")

    page.goto(f"/duyet/{class_period.public_id}/")
    sign(page, "Đóng dấu và phát hành")
    versions = PageVersion.objects.order_by("number").values_list("number", "state")
    assert list(versions) == [(1, PageVersion.State.WITHDRAWN)] * 2 + [(2, PageVersion.State.SEALED)] * 2

    child = Student.objects.get(student_code="7700000001")
    phone = open_page(width=360, height=740, accept_downloads=True)
    come_in_by_slip(page, phone)
    phone.goto("/hoc-ba/")
    assert child.full_name in phone.inner_text("h1")
    axe(phone)
    no_sideways_scroll(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Tải học bạ PDF").click()
    saved = files / "hoc-ba.pdf"
    download.value.save_as(saved)
    assert child.full_name in verified(saved, files / "authority" / CERTIFICATE_FILE)

    inspector = open_page()
    sign_in(inspector, live_cast.inspector)
    inspector.goto(f"/so-diem/lop/{school_class.public_id}/")
    inspector.get_by_role("link", name="Toán").click()
    inspector.get_by_role("link", name="Lê Minh Khôi").click()
    inspector.get_by_role("link", name="GK").click()
    inspector.get_by_role("cell", name="V → 7", exact=True).wait_for()
    assert live_cast.maths_teacher.full_name in inspector.inner_text("table")
    axe(inspector)


SENT = """
async ({acts, token}) => {
  const told = [];
  for (const {name, url, body, type} of acts) {
    const sent = body === null ? {} : {method: "POST", body, headers: {"X-CSRFToken": token, "Content-Type": type}};
    const answer = await fetch(url, {...sent, redirect: "manual"});
    told.push([name, answer.status, await answer.text()]);
  }
  return told;
}
"""
NOT_OURS = "Trang đã mở quá lâu"  # what is told of a form without a valid token


def everything_stored() -> dict[str, str]:
    """A digest of every table of the schools and of the record, the history and the looks included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace AND relname ~ '^(schools|records)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        stored = {}
        for table in tables:
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            stored[table] = cursor.fetchone()[0]
    return stored


def act_as(page: Page, term: Term, state: str) -> None:
    """Everything that is done at the class in this state, by somebody it is not for, with a token of the own."""
    wanted = [
        {"name": act.name, "url": act.url, "body": act.body, "type": act.content_type} for act in acts(term, state)
    ]
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    told = page.evaluate(SENT, {"acts": wanted, "token": token})
    assert [(name, status) for name, status, _ in told if status not in {403, 404}] == []
    for name, _, text in told:
        assert NOT_OURS not in text, name
        assert term.cast.student.full_name not in text, name


def test_intruder_gets_nowhere_at_any_step(live_cast, open_page, files, watch):
    """A teacher of another school, its principal and its clerk look and act at every step of the job, as the people
    whose step it is would: they are refused, and leave no trace."""
    watch.expected |= {403, 404}
    term = make_term(live_cast)
    pages = []
    for person in (live_cast.intruder, live_cast.other_principal, live_cast.other_clerk):
        give_key(by=None, holder=person, pin=PIN, authority=term.authority)
        pages.append(open_page())
        sign_in(pages[-1], person)
        pages[-1].goto("/")
    for state in each_state(term):
        before = everything_stored()
        for page in pages:
            act_as(page, term, state)
        assert everything_stored() == before, state
