"""A sheet in Chromium where things go wrong: two windows, a lost answer, a session that ended or changed hands, values
that were refused, a paste that is too long. Nothing typed is lost, nothing is closed over it, and nothing is saved in
the name of somebody else."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from records.actions.sheets import enter_marks
from records.models import CellOperation, ClassPeriod, MarkRow, MarkSheet
from records.rules.cells import LONGEST_TEXT
from schools.models import CurriculumSubject, SubjectEnrolment
from tests.cast import enrol, make_student
from tests.journeys.conftest import Watch, axe, no_sideways_scroll, sign_in, type_login
from tests.records.term import Term, confirm_all, fill_records, fill_sheet, fresh, make_term, operation


@pytest.fixture
def live_term(live_cast: Any, tmp_path: Path, settings: Any) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(live_cast)


@pytest.fixture
def sheet_page(live_term: Term, page: Page) -> Page:
    sign_in(page, live_term.cast.maths_teacher)
    page.goto(address(live_term))
    return page


def address(term: Term) -> str:
    return f"/so-diem/{term.maths.public_id}/"


def cell(page: Page, column: str = "TX1", row: int = 0) -> Locator:
    return page.locator(f"input[data-col={column}]").nth(row)


def put(page: Page, mark: str, column: str = "TX1", row: int = 0) -> None:
    """In the first row's cell, left with Enter."""
    cell(page, column, row).fill(mark)
    page.keyboard.press("Enter")


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-status]")).to_contain_text(words)


def kept(term: Term) -> dict[str, str]:
    """What the database holds of the first row."""
    return first_row(term).cells


def first_row(term: Term) -> MarkRow:
    row: MarkRow = term.maths.rows.in_order().first()
    return row


def written_elsewhere(term: Term, mark: str, base: str = "") -> None:
    """The first row's TX1, saved by the same teacher in a window that is not seen here."""
    by = fresh(term.cast.maths_teacher)
    saved = enter_marks(by=by, sheet=term.maths, operations=[operation(first_row(term), "TX1", mark, base)])
    assert [result.outcome for result in saved.results] == ["ok"]


def ask_for_changes(page: Page) -> None:
    """What the page does every 30 seconds."""
    page.locator("so-diem").evaluate("grid => grid.askForChanges()")


def lose_the_first_answer(page: Page, watch: Watch) -> list[str]:
    """The server does what it is asked, the answer does not arrive; a question for changes is not touched."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status_text)
            route.abort()
        else:
            route.continue_()

    watch.expected_words.add("ERR_FAILED")
    page.route("**/o/", lose)
    return lost


def change_person(page: Page, username: str) -> Page:
    """In another tab of the same browser: signs out, and somebody in."""
    other = page.context.new_page()
    other.goto("/tai-khoan/")
    other.get_by_role("button", name="Đăng xuất").click()
    other.wait_for_load_state()
    type_login(other, username)
    other.get_by_role("link", name="Tài khoản").wait_for()
    return other


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
    lost = lose_the_first_answer(sheet_page, watch)
    put(sheet_page, "8,5")
    says(sheet_page, "Đã lưu lúc")
    assert lost == ["OK"]
    assert kept(live_term) == {"TX1": "8.5"}
    assert CellOperation.objects.count() == 1


def test_window_goes_on_after_the_teacher_signed_in_again_in_another(live_term, sheet_page, watch):
    watch.expected.add(403)  # of the old token, once
    change_person(sheet_page, "halt")
    put(sheet_page, "9")
    says(sheet_page, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "9"}


def test_nothing_is_saved_in_the_name_of_who_signed_in_meanwhile(live_term, sheet_page, watch):
    watch.expected.add(403)
    change_person(sheet_page, "dungvt")
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


def test_cell_that_the_server_was_too_busy_for_is_kept_and_sent_again(live_term, sheet_page, watch):
    def too_busy(route: Route) -> None:
        if route.request.method == "POST" and "said" not in answers:
            answers.append("said")
            route.fulfill(status=503, json={"error": "busy"})
        else:
            route.continue_()

    answers: list[str] = []
    watch.expected.add(503)
    sheet_page.route("**/o/", too_busy)
    put(sheet_page, "4,5")
    says(sheet_page, "Máy chủ đang bận. 1 ô đã giữ trên trang này")
    says(sheet_page, "Đã lưu lúc")
    assert (answers, kept(live_term)) == (["said"], {"TX1": "4.5"})


# -- What stands on the page and is not stored ------------------------------------------------------------------------
def state(term: Term) -> str:
    return term.maths.state


def test_refused_value_holds_the_confirmation_back_and_leads_to_the_cell(live_term, sheet_page):
    fill_sheet(live_term.maths, live_term.cast.maths_teacher, "9,6")
    sheet_page.reload()
    cell(sheet_page).fill("8,55")
    sheet_page.get_by_role("button", name="Xác nhận sổ").click()
    says(sheet_page, "Còn 1 ô cần sửa: sửa xong rồi xác nhận")
    expect(cell(sheet_page)).to_be_focused()
    expect(cell(sheet_page)).to_have_value("8,55")
    assert state(live_term) == MarkSheet.State.OPEN
    put(sheet_page, "8,5")
    sheet_page.get_by_role("button", name="Xác nhận sổ").click()
    sheet_page.get_by_text("Đã xác nhận sổ Toán, lớp 7A.").wait_for()
    assert (state(live_term), kept(live_term)["TX1"]) == (MarkSheet.State.CONFIRMED, "8.5")


def test_open_conflict_holds_the_confirmation_back_until_one_value_is_chosen(live_term, sheet_page):
    fill_sheet(live_term.maths, live_term.cast.maths_teacher)
    sheet_page.reload()
    written_elsewhere(live_term, "3", "8")
    put(sheet_page, "9")
    says(sheet_page, "1 ô trùng sửa")
    sheet_page.get_by_role("button", name="Xác nhận sổ").click()
    says(sheet_page, "Còn 1 ô trùng sửa: chọn giá trị xong rồi xác nhận")
    expect(cell(sheet_page)).to_be_focused()
    assert (state(live_term), kept(live_term)["TX1"]) == (MarkSheet.State.OPEN, "3")
    sheet_page.get_by_role("button", name="Lấy giá trị kia").click()
    expect(cell(sheet_page)).to_have_value("3")
    sheet_page.get_by_role("button", name="Xác nhận sổ").click()
    sheet_page.get_by_text("Đã xác nhận sổ Toán, lớp 7A.").wait_for()


def test_refused_value_is_given_up_by_taking_the_stored_one(live_term, sheet_page):
    put(sheet_page, "8,5")
    says(sheet_page, "Đã lưu lúc")
    put(sheet_page, "8,55")
    says(sheet_page, "1 ô cần sửa")
    sheet_page.get_by_role("button", name="Lấy lại giá trị đã lưu").click()
    expect(cell(sheet_page)).to_have_value("8,5")
    expect(cell(sheet_page)).to_be_focused()
    expect(sheet_page.locator("[data-problems]")).to_be_hidden()
    assert kept(live_term) == {"TX1": "8.5"}


def test_class_is_not_submitted_over_a_refused_cell(live_term, page):
    confirm_all(live_term)
    fill_records(live_term)
    sign_in(page, live_term.cast.homeroom_teacher)
    page.goto(f"/chu-nhiem/{live_term.class_period.public_id}/")
    cell(page, "CP").fill("nhiều")
    page.get_by_role("button", name="Nộp lớp").click()
    says(page, "Còn 1 ô cần sửa: sửa xong rồi nộp lớp")
    expect(cell(page, "CP")).to_be_focused()
    assert live_term.now().state == ClassPeriod.State.OPEN


@pytest.mark.parametrize("refused", [True, False], ids=["refused", "all saved"])
def test_leaving_is_asked_about_while_a_refused_value_stands(live_term, sheet_page, refused):
    put(sheet_page, "8,55" if refused else "8,5")
    says(sheet_page, "1 ô cần sửa" if refused else "Đã lưu lúc")
    asked: list[str] = []
    sheet_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    sheet_page.reload()
    assert asked == (["beforeunload"] if refused else [])


# -- Which word of the server stands ----------------------------------------------------------------------------------
def test_older_change_does_not_overwrite_what_was_retyped_after_a_lost_answer(live_term, sheet_page, watch):
    lost = lose_the_first_answer(sheet_page, watch)
    put(sheet_page, "4,5")
    says(sheet_page, "Mất kết nối")
    put(sheet_page, "8,6")
    says(sheet_page, "Đã lưu lúc")
    expect(cell(sheet_page)).to_have_value("8,6")
    assert (lost, kept(live_term)) == (["OK"], {"TX1": "8.6"})


def test_two_cells_keep_their_own_newest_values_after_a_lost_answer(live_term, sheet_page, watch):
    lose_the_first_answer(sheet_page, watch)
    cell(sheet_page).fill("4,5")
    put(sheet_page, "5,5", "TX2")
    says(sheet_page, "Mất kết nối. 2 ô")
    put(sheet_page, "8,6")
    says(sheet_page, "Đã lưu lúc")
    expect(cell(sheet_page)).to_have_value("8,6")
    expect(cell(sheet_page, "TX2")).to_have_value("5,5")
    assert kept(live_term) == {"TX1": "8.6", "TX2": "5.5"}


def test_repeated_answer_does_not_hide_what_was_written_since(live_term, sheet_page, watch):
    """The first save is answered at its second sending; meanwhile the cell was changed elsewhere, and a question for
    changes had told so while the cell was still waiting."""
    lose_the_first_answer(sheet_page, watch)
    put(sheet_page, "4,5")
    says(sheet_page, "Mất kết nối")
    written_elsewhere(live_term, "7", "4.5")
    ask_for_changes(sheet_page)
    says(sheet_page, "Đã lưu lúc")
    expect(cell(sheet_page)).to_have_value("7")
    assert kept(live_term) == {"TX1": "7"}


def test_question_for_changes_that_crosses_a_save_does_not_bring_the_old_value_back(live_term, sheet_page):
    put(sheet_page, "4,5")
    says(sheet_page, "Đã lưu lúc")
    late: list[tuple[Route, Any]] = []

    def hold_questions(route: Route) -> None:
        if route.request.method == "GET":
            late.append((route, route.fetch()))
        else:
            route.continue_()

    sheet_page.route("**/o/*", hold_questions)
    sheet_page.locator("so-diem").evaluate("grid => { grid.changeNo = 0; window.asked = grid.askForChanges(); }")
    put(sheet_page, "8,6")
    expect(cell(sheet_page)).to_have_attribute("data-value", "8.6")
    route, answer = late[0]
    assert [change["value"] for change in answer.json()["changes"]] == ["4.5"]
    route.fulfill(response=answer)
    sheet_page.evaluate("window.asked")
    expect(cell(sheet_page)).to_have_value("8,6")


# -- Somebody else at the machine -------------------------------------------------------------------------------------
def test_cells_go_out_when_their_owner_has_signed_in_again(live_term, sheet_page, watch):
    watch.expected.add(403)
    other = change_person(sheet_page, "dungvt")
    put(sheet_page, "9")
    says(sheet_page, "Đăng nhập lại bằng tài khoản của bạn để gửi")
    other.close()
    change_person(sheet_page, "halt")
    sheet_page.evaluate("dispatchEvent(new Event('focus'))")  # the person comes back to this tab
    says(sheet_page, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "9"}
    assert set(CellOperation.objects.values_list("by__username", flat=True)) == {"halt"}


def test_cells_go_out_when_the_other_signs_out_and_the_owner_signs_in_in_place(live_term, sheet_page, watch):
    watch.expected.add(403)
    other = change_person(sheet_page, "dungvt")
    put(sheet_page, "9")
    says(sheet_page, "người khác vừa đăng nhập")
    other.goto("/tai-khoan/")
    other.get_by_role("button", name="Đăng xuất").click()
    other.wait_for_load_state()
    ask_for_changes(sheet_page)
    type_login(sheet_page.get_by_role("dialog"), "halt")
    says(sheet_page, "Đã lưu lúc")
    assert kept(live_term) == {"TX1": "9"}


def test_nothing_is_asked_for_while_somebody_else_is_signed_in(live_term, sheet_page):
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/o/" in request.url:
            asked.append(request.url)

    sheet_page.evaluate("dispatchEvent(new Event('blur'))")  # the person goes to another tab
    change_person(sheet_page, "dungvt")
    sheet_page.on("request", note)
    ask_for_changes(sheet_page)
    ask_for_changes(sheet_page)
    says(sheet_page, "Đăng nhập lại bằng tài khoản của bạn để tiếp tục")
    assert asked == []


# -- Many faults ------------------------------------------------------------------------------------------------------
def in_view(page: Page, place: str) -> bool:
    """Whether the whole of it is seen, after the next frame: inside the window, and nothing lies above it."""
    seen: bool = page.locator(place).first.evaluate(
        """async place => {
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        const box = place.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return box.top >= 0 && box.bottom <= innerHeight && place.contains(top); }"""
    )
    return seen


@pytest.fixture
def long_term(live_cast: Any, tmp_path: Path, settings: Any) -> Term:
    """Class 7A with thirty students, all of whom take maths."""
    cast = live_cast
    settings.FILES_ROOT = tmp_path / "files"
    for number in range(28):
        student = make_student(cast.school, f"HS{900_000 + number}", f"Nguyễn Văn Tên Khá Dài {number:02}")
        enrol(student, cast.class_7a)
        choice = CurriculumSubject.Choice.COMPULSORY
        SubjectEnrolment.objects.create(
            student=student, school_year=cast.year, subject=cast.maths, school=cast.school, choice=choice
        )
    return make_term(live_cast)


def test_heads_and_status_stay_in_view_however_many_cells_were_refused(long_term, page):
    sign_in(page, long_term.cast.maths_teacher)
    page.goto(address(long_term))
    for row in range(10):
        put(page, "8,55", row=row)
    expect(page.locator("[data-status]")).to_have_text("10 ô cần sửa")  # and nothing that was saved
    for row in (19, 1, 29, 0):
        cell(page, row=row).focus()
        seen = {
            place: in_view(page, place) for place in ("[data-status]", "thead th[scope=col]:nth-child(3)", ":focus")
        }
        assert set(seen.values()) == {True}, (row, seen)
    box = page.get_by_role("region", name="Các ô cần xem lại")
    height, whole = box.evaluate("box => [box.clientHeight, box.scrollHeight]")
    assert height < 140 < whole
    box.focus()
    page.keyboard.press("End")
    box.evaluate("async (box) => { while (!box.scrollTop) { await new Promise(requestAnimationFrame); } }")
    axe(page)
    no_sideways_scroll(page)
