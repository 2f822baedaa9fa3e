"""After a move: the clerk sees what is missing and where to look; open browsers learn that their list has changed; the
whole history of a cell goes along to whoever may see it."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.actions.sheets import enter_marks
from records.models import MarkRow
from schools.actions.enrolments import take_compulsory_subjects
from schools.models import TeachingAssignment
from tests.cast import enrol, make_student
from tests.records.moves import REASON, enrolment_of, move, second_class
from tests.records.term import Term, close_windows, confirm_all, fresh, operation
from tests.records.views.looking import at_door


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def there(term: Term) -> Term:
    return second_class(term)


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(term: Term) -> str:
    return reverse("missing_marks", args=[term.cast.student.public_id])


def typed(term: Term, sheet, by, **cells: str) -> MarkRow:
    row = MarkRow.objects.get(student=term.cast.student, subject=sheet.subject)
    enter_marks(by=fresh(by), sheet=sheet, operations=[operation(row, *cell) for cell in cells.items()])
    return row


def test_clerk_is_led_from_the_move_to_what_is_missing(term, there):
    typed(term, term.maths, term.cast.maths_teacher, TX1="8", TX2="8", TX4="8", GK="8")
    client = window(term.cast.clerk)
    form = {"to_class": there.class_period.school_class.public_id, "reason": REASON}
    form["on"] = f"{enrolment_of(term.cast.student).starts_on:%d/%m/%Y}"
    answer = client.post(reverse("enrolment_move", args=[enrolment_of(term.cast.student).public_id]), form, follow=True)
    assert answer.redirect_chain == [(url_of(term), 302)]
    page = answer.content.decode()
    assert f'<a href="{reverse("sheet", args=[there.maths.public_id])}">Toán, học kì I: thiếu TX3, CK</a>' in page
    assert f'href="{reverse("review", args=[there.class_period.public_id])}">Phần chủ nhiệm, học kì I: thiếu' in page
    assert "Từ lớp 7A sang lớp 7B" in page


def test_subject_teacher_sees_what_the_own_subject_lacks_and_nothing_else(term, there):
    page = window(term.cast.maths_teacher).get(url_of(term)).content.decode()
    assert "Toán, học kì I: thiếu TX1, TX2, TX3, TX4, GK, CK" in page
    assert "Ngữ văn" not in page
    assert "Phần chủ nhiệm" not in page


def test_only_who_has_to_do_with_the_student_comes_in(term, there):
    move(term, term.cast.student, term.cast.class_7b)
    assert at_door(term, url_of(term)) == {
        "maths_teacher": 404, "homeroom_teacher": 404, "principal": 200, "vice_principal": 200, "clerk": 200,
        "intruder": 404, "other_clerk": 404, "other_principal": 404, "pupil": 403, "parent": 403,
        "commune_officer": 200, "inspector": 200, "province_admin": 200, "operator": 403, None: 302,
    }  # fmt: skip


def test_open_browsers_of_both_sheets_learn_that_the_list_has_changed(term, there):
    since = {sheet.pk: sheet.change_no for sheet in (term.maths, there.maths)}
    move(term, term.cast.student, term.cast.class_7b)
    for sheet, teacher in ((term.maths, term.cast.maths_teacher), (there.maths, there.teacher_of(there.maths))):
        asked = reverse("sheet_cells", args=[sheet.public_id])
        told = window(teacher).get(asked, {"tu": since[sheet.pk] or "0"}).json()
        assert told["change_no"] == since[sheet.pk] + 1
        assert [(one["col"], one["row"]) for one in told["changes"]] == [("", str(sheet.public_id))]


def test_answer_to_a_save_tells_it_too(term, there):
    move(term, term.cast.classmate, term.cast.class_7b)
    row = term.maths.rows.get(student=term.cast.student)
    sent = {"id": "0b6f4d3e-6a39-4b44-9e8f-0d6f6b0c7a11", "row": str(row.public_id), "col": "TX1", "typed": "8",
            "base": ""}  # fmt: skip
    answer = window(term.cast.maths_teacher).post(
        reverse("sheet_cells", args=[term.maths.public_id]), json.dumps({"ops": [sent], "since": 0}),
        content_type="application/json",
    )  # fmt: skip
    assert [one["col"] for one in answer.json()["changes"]] == [""]
    assert [one["outcome"] for one in answer.json()["results"]] == ["ok"]


def test_whole_history_of_a_cell_goes_along_to_the_new_teacher_and_leaves_the_old_one(term, there):
    row = typed(term, term.maths, term.cast.maths_teacher, TX1="8")
    new_teacher = there.teacher_of(there.maths)
    move(term, term.cast.student, term.cast.class_7b)
    typed(term, there.maths, new_teacher, TX2="9")
    url = reverse("row_history", args=[row.public_id])
    page = window(new_teacher).get(url)
    told = [(step.column, step.old, step.new, step.by) for step in page.context["steps"]]
    assert told == [
        ("Thường xuyên 2", "", "9", "Lê Văn Tuấn"),
        ("Chuyển sổ", "lớp 7A", "lớp 7B", "Võ Thùy Dung"),
        ("Thường xuyên 1", "", "8", "Lê Thu Hà"),
    ]
    heads = r"Ở sổ lớp \w+|<th[^>]*>Thường xuyên \d|Chuyển từ .*?<"
    seen = re.findall(heads, page.content.decode())
    told = [re.sub("<.*?>|<", "", one) for one in seen]
    assert told == [
        "Ở sổ lớp 7B", "Thường xuyên 2", "Chuyển từ sổ lớp 7A sang sổ lớp 7B", "Ở sổ lớp 7A", "Thường xuyên 1",
    ]  # fmt: skip
    one_column = window(new_teacher).get(url, {"cot": "TX1"}).context["steps"]
    assert [(step.column, step.place) for step in one_column] == [("Chuyển sổ", "lớp 7B"), ("Thường xuyên 1", "lớp 7A")]
    assert window(term.cast.maths_teacher).get(url).status_code == 404
    assert "Nguyễn Minh Anh" not in window(term.cast.maths_teacher).get(
        reverse("sheet", args=[term.maths.public_id])
    ).content.decode()  # fmt: skip


# -- Into a class whose sheet has been confirmed ----------------------------------------------------------------------
KEPT_OUT = (
    "Toán, học kì I: điểm còn ở sổ lớp 7A (thiếu TX2, TX3, TX4, GK, CK); "
    "sổ Toán lớp 7B đã xác nhận: thầy/cô Lê Văn Tuấn rút xác nhận thì điểm sang"
)


@pytest.fixture
def kept_out(term: Term, there: Term) -> Term:
    """One mark in 7A's open sheet, whose student came into 7B when all its sheets had been confirmed."""
    typed(term, term.maths, term.cast.maths_teacher, TX1="8")
    confirm_all(there)
    move(term, term.cast.student, term.cast.class_7b)
    return there


def test_clerk_is_led_to_the_confirmed_sheet_that_keeps_the_row_out(term, kept_out):
    page = window(term.cast.clerk).get(url_of(term)).content.decode()
    assert f'<a href="{reverse("sheet", args=[kept_out.maths.public_id])}">{KEPT_OUT}</a>' in page
    stays = "Toán, Học kì I: còn ở sổ lớp 7A; sổ Toán lớp 7B đã xác nhận: thầy/cô Lê Văn Tuấn rút xác nhận thì điểm"
    assert stays in page


def test_confirmed_sheet_says_that_somebody_waits_until_it_is_open_again(term, kept_out):
    url = reverse("sheet", args=[kept_out.maths.public_id])
    waits = "1 em mới vào lớp chưa có điểm trong sổ (Nguyễn Minh Anh)"
    teacher = window(kept_out.teacher_of(kept_out.maths))
    assert f'{waits}: <a href="#confirm">rút xác nhận</a> thì điểm sang' in teacher.get(url).content.decode()
    assert f"{waits}: thầy/cô Lê Văn Tuấn rút xác nhận" in window(term.cast.clerk).get(url).content.decode()
    teacher.post(reverse("sheet_take_back", args=[kept_out.maths.public_id]))
    page = teacher.get(url).content.decode()
    assert waits not in page
    assert "Nguyễn Minh Anh" in page


def test_row_comes_also_when_the_entry_window_has_closed(term, kept_out):
    """Bringing a row is no entry: whoever takes the confirmation back sees who has come, and types nothing."""
    close_windows()
    teacher = window(kept_out.teacher_of(kept_out.maths))
    teacher.post(reverse("sheet_take_back", args=[kept_out.maths.public_id]))
    page = teacher.get(reverse("sheet", args=[kept_out.maths.public_id])).content.decode()
    assert "(chưa sang)" not in page
    assert kept_out.maths.rows.filter(student=term.cast.student).exists()
    assert "Ngoài hạn nhập" in page
    assert "<input" not in line_of(page, "Nguyễn Minh Anh")


# -- Rows that lie in another class's sheet ---------------------------------------------------------------------------
def line_of(page: str, name: str) -> str:
    """The row of the grid that begins with the name."""
    [line] = [line for line in re.findall("<tr.*?</tr>", page.partition("<tbody>")[2]) if name in line]
    return line


@pytest.mark.parametrize(("subject", "result"), [("TOAN", "8,0"), ("GDTC", "Đạt")])
def test_result_that_was_signed_in_the_other_class_stands_in_the_new_ones_sheet(term, there, subject, result):
    confirm_all(term)
    move(term, term.cast.student, term.cast.class_7b)
    sheet = there.sheets[subject]
    page = window(there.teacher_of(sheet)).get(reverse("sheet", args=[sheet.public_id]))
    line = line_of(page.content.decode(), "Nguyễn Minh Anh")
    assert f'<td class="grid__locked" colspan="{len(sheet.scheme) + 1}">Điểm ở sổ lớp 7A: {result}</td>' in line
    assert "<input" not in line
    assert "<a " not in line
    assert page.context["students"] == 2
    assert page.context["newcomers"] == []
    assert sheet.missing == len([column for column in sheet.scheme if column.required])  # of who was there before


def test_row_that_has_not_come_yet_is_said_to_lie_elsewhere(term, kept_out):
    page = window(kept_out.teacher_of(kept_out.maths)).get(reverse("sheet", args=[kept_out.maths.public_id]))
    assert "Điểm ở sổ lớp 7A (chưa sang)</td>" in line_of(page.content.decode(), "Nguyễn Minh Anh")


def test_rows_elsewhere_cost_the_same_for_few_and_for_many(term, there):
    confirm_all(term)
    teacher, counts = there.teacher_of(there.maths), []
    for student in (term.cast.student, term.cast.classmate):
        move(term, student, term.cast.class_7b)
        with CaptureQueriesContext(connection) as asked:
            window(teacher).get(reverse("sheet", args=[there.maths.public_id]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# -- Numbers the page shows -------------------------------------------------------------------------------------------
def saved_as_shown(client: Client, sheet, student) -> dict:
    """What a browser that has just opened the sheet is answered when it saves one cell."""
    page = client.get(reverse("sheet", args=[sheet.public_id])).content.decode()
    [shown] = re.findall(r'data-change-no="(\d+)"', page)
    [row, column] = re.search(r'name="o:([^:"]+):([^"]+)" [^>]*aria-label="' + student.full_name, page).groups()
    sent = {"id": str(uuid.uuid4()), "row": row, "col": column, "typed": "8", "base": ""}
    return client.post(
        reverse("sheet_cells", args=[sheet.public_id]), json.dumps({"ops": [sent], "since": int(shown)}),
        content_type="application/json",
    ).json()  # fmt: skip


def test_sheet_opened_after_somebody_came_knows_the_list_it_shows(term):
    student = make_student(term.cast.school, "0000000050", "Đinh Thị Xuân")
    enrol(student, term.cast.class_7a)
    take_compulsory_subjects(term.cast.class_7a, [student])
    answer = saved_as_shown(window(term.cast.maths_teacher), term.maths, student)
    assert [one["outcome"] for one in answer["results"]] == ["ok"]
    assert answer["changes"] == []
    assert answer["change_no"] == 2


# -- The account of a move, later -------------------------------------------------------------------------------------
def test_what_stayed_at_the_move_is_told_of_that_day_and_what_stands_now_as_it_is(term):
    typed(term, term.maths, term.cast.maths_teacher, TX1="8")
    move(term, term.cast.student, term.cast.class_7b)
    waits = "Học kì I: lớp 7B chưa lập sổ kì này, điểm sang khi sổ được lập"
    clerk = window(term.cast.clerk)
    assert clerk.get(url_of(term)).context["stays"] == [waits]
    second_class(term)
    page = clerk.get(url_of(term))
    assert page.context["stays"] == []
    then = f"1 phần chưa đi theo khi chuyển ngày {timezone.localdate():%d/%m/%Y}</summary>"
    assert f'{then}<ul class="bullets"><li>{waits}</li></ul>' in page.content.decode()
    assert "Điểm hiện ở lớp khác" not in page.content.decode()


def test_subject_teacher_is_not_told_where_the_marks_of_other_subjects_lie(term, there):
    confirm_all(term)
    move(term, term.cast.student, term.cast.class_7b)
    TeachingAssignment.objects.filter(school_class=term.cast.class_7b, subject=term.cast.maths).update(
        teacher=term.cast.intruder
    )
    assert window(term.cast.intruder).get(url_of(term)).context["stays"] == []
    assert len(window(there.teacher_of(there.sheets["GDTC"])).get(url_of(term)).context["stays"]) > 1
