"""A sheet over HTTP: the page, its cells as JSON, the form of a browser without JavaScript, and who sees what."""

import json
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from records.actions.sheets import confirm_sheet
from records.models import PageVersion
from schools.actions.enrolments import take_compulsory_subjects
from schools.models import Student, TeachingAssignment
from tests.cast import enrol, make_student
from tests.records.term import Term, fill_sheet, fresh, operation


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(term: Term, name: str = "sheet") -> str:
    return reverse(name, args=[term.maths.public_id])


def sent(term: Term, **changes) -> dict:
    row = term.maths.rows.get(student=term.cast.student)
    return {"id": str(uuid.uuid4()), "row": str(row.public_id), "col": "TX1", "typed": "8,5", "base": "", **changes}


def post(term: Term, body, user=None):
    client = window(user or term.cast.maths_teacher)
    content = body if isinstance(body, str) else json.dumps(body)
    return client.post(at(term, "sheet_cells"), content, content_type="application/json")


def test_page_has_a_labelled_input_for_every_cell(term):
    shown = window(term.cast.maths_teacher).get(at(term))
    html = shown.content.decode()
    assert html.count('<input type="text"') == 2 * 6
    assert html.count("<textarea") == 2
    assert 'aria-label="Nguyễn Minh Anh, Giữa kì"' in html
    assert "no-store" in shown.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("person", "address", "column"),
    [("maths_teacher", "sheet", "Giữa kì"), ("homeroom_teacher", "homeroom", "Nhận xét")],
)
def test_two_of_one_name_are_told_apart_by_their_birthdays(term, person, address, column):
    Student.objects.filter(pk=term.cast.classmate.pk).update(full_name="Nguyễn Minh Anh", born_on="2014-11-20")
    grid = term.maths if address == "sheet" else term.class_period
    html = window(getattr(term.cast, person)).get(reverse(address, args=[grid.public_id])).content.decode()
    for day in ("02/03/2014", "20/11/2014"):
        assert f'aria-label="Nguyễn Minh Anh ({day}), {column}' in html
        assert len(re.findall(rf'<th scope="row" class="grid__name">(<a [^>]*>)?Nguyễn Minh Anh \({day}\)<', html)) == 1


def test_principal_sees_the_sheet_without_a_single_input(term):
    html = window(term.cast.principal).get(at(term)).content.decode()
    assert "Nguyễn Minh Anh" in html
    assert '<input type="text"' not in html
    assert "Xác nhận sổ" not in html


def test_cells_are_saved_and_answered_one_by_one(term):
    answer = post(term, {"ops": [sent(term), sent(term, col="TX2", typed="x")], "since": 0}).json()
    assert [(one["outcome"], one["shown"]) for one in answer["results"]] == [("ok", "8,5"), ("invalid", "")]
    assert (answer["change_no"], answer["missing"], answer["changes"]) == (1, 11, [])


def test_changes_of_others_are_told_since_a_number(term):
    post(term, {"ops": [sent(term)], "since": 0})
    client = window(term.cast.maths_teacher)
    told = client.get(at(term, "sheet_cells"), {"tu": "0"}).json()
    assert [(one["col"], one["value"], one["shown"]) for one in told["changes"]] == [("TX1", "8.5", "8,5")]
    assert client.get(at(term, "sheet_cells"), {"tu": "1"}).json()["changes"] == []
    assert client.get(at(term, "sheet_cells"), {"tu": "٣"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"ops": 1}', '{"ops": [1]}', '{"ops": [{}]}', '{"ops": [], "method": "magic"}', "\x00",
     '{"ops": [], "since": "x"}'],
)  # fmt: skip
def test_what_is_no_list_of_operations_is_answered_400(term, body):
    assert post(term, body).status_code == 400


@pytest.mark.parametrize("changes", [{"typed": 8}, {"typed": "a\x00"}, {"row": "x"}, {"id": ""}, {"prev": ["x"]}])
def test_malformed_operation_is_answered_400(term, changes):
    assert post(term, {"ops": [sent(term, **changes)]}).status_code == 400


@pytest.mark.parametrize(("person", "status"), [("homeroom_teacher", 403), ("principal", 403), ("intruder", 404)])
def test_others_do_not_post_cells(term, person, status):
    assert post(term, {"ops": [sent(term)]}, getattr(term.cast, person)).status_code == status


def test_signed_out_script_gets_401(term):
    answer = Client().post(
        at(term, "sheet_cells"), "{}", content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 401


# -- Without JavaScript -----------------------------------------------------------------------------------------------
def whole_form(term: Term, **typed: str) -> dict[str, str]:
    page = window(term.cast.maths_teacher).get(at(term)).context
    row = term.maths.rows.get(student=term.cast.student)
    fields = {f"o:{row.public_id}:{column}": value for column, value in typed.items()}
    return {"trang": str(page["page_id"]), "moc": page["base"], **fields}


def test_whole_table_is_saved_and_sent_twice_does_nothing_twice(term):
    form = whole_form(term, TX1="8,5", TX2="")
    client = window(term.cast.maths_teacher)
    for _ in range(2):
        assert client.post(at(term, "sheet_save"), form).status_code == 302
    row = term.maths.rows.get(student=term.cast.student)
    assert (row.cells, term.maths.change_no) == ({"TX1": "8.5"}, 1)


def test_whole_table_with_a_fault_says_which_and_saves_the_rest(term):
    answer = window(term.cast.maths_teacher).post(at(term, "sheet_save"), whole_form(term, TX1="8,5", GK="11,5"))
    assert answer.status_code == 422
    assert "Nguyễn Minh Anh, cột Giữa kì: điểm nằm trong thang từ 0 đến 10." in answer.content.decode()
    assert term.maths.rows.get(student=term.cast.student).cells == {"TX1": "8.5"}


def test_form_that_cannot_be_read_changes_nothing(term):
    client = window(term.cast.maths_teacher)
    for form in ({}, {"trang": "x"}, {"trang": str(uuid.uuid4()), "moc": "x"}):
        assert client.post(at(term, "sheet_save"), form).status_code == 302
    assert term.maths.change_no == 0


# -- Costs ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("students", [2, 4])
def test_page_and_save_cost_the_same_for_few_and_for_many(term, django_assert_num_queries, students):
    from records.actions.preparing import prepare_class
    from schools.models import SubjectEnrolment
    from tests.cast import enrol, make_student

    for number in range(students - 2):
        student = make_student(term.cast.school, f"88{number + 700:08d}", "Lê Văn Tám")
        enrol(student, term.cast.class_7a)
        SubjectEnrolment.objects.create(
            student=student, school=term.cast.school, school_year=term.cast.year, subject=term.cast.maths,
            choice="BAT_BUOC",
        )  # fmt: skip
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    client = window(term.cast.maths_teacher)
    client.get(at(term))
    with django_assert_num_queries(9):
        client.get(at(term))
    operations = [sent(term, row=str(row.public_id)) for row in term.maths.rows.all()]
    body = json.dumps({"ops": operations, "since": term.maths.change_no})
    with django_assert_num_queries(16):
        client.post(at(term, "sheet_cells"), body, content_type="application/json")


# -- Book and history -------------------------------------------------------------------------------------------------
def test_family_sees_no_page_before_it_is_issued(term, handed_in):
    version = PageVersion.objects.get(page__student=term.cast.student)
    parent = window(term.cast.parent)
    assert parent.get(reverse("book_page", args=[version.public_id])).status_code == 404
    assert parent.get(reverse("book_page_pdf", args=[version.public_id])).status_code == 404
    shown = parent.get(reverse("book", args=[term.cast.student.public_id])).content.decode()
    assert "Học kì I: nhà trường chưa kí, chưa phát hành." in shown
    assert "Tải học bạ" not in shown
    assert "Trần Bảo Oanh" not in shown


def test_every_step_of_a_mark_is_told(term):
    fill_sheet(term.maths, term.cast.maths_teacher, "7")
    row = term.maths.rows.get(student=term.cast.student)
    from records.actions.sheets import enter_marks

    for typed, base in (("", "7"), ("9", "")):
        enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "GK", typed, base)])
    answer = window(term.cast.inspector).get(reverse("row_history", args=[row.public_id]), {"cot": "GK"})
    steps = [(step.old, step.new, step.by) for step in answer.context["steps"]]
    assert steps == [("", "9", "Lê Thu Hà"), ("7", "", "Lê Thu Hà"), ("", "7", "Lê Thu Hà")]


def test_sheet_opened_again_counts_who_came_meanwhile(term):
    """A student came after the sheet was confirmed: taken back, it tells at once what is missing of the row."""
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)
    late = make_student(term.cast.school, "0000000041", "Trần Văn Bình")
    enrol(late, term.cast.class_7a)
    take_compulsory_subjects(term.cast.class_7a, [late])
    answer = window(term.cast.maths_teacher).post(at(term, "sheet_take_back"), follow=True).content.decode()
    assert '3 học sinh · còn <span data-follows="missing">6</span> ô trống' in answer


def test_shared_sheet_says_whose_each_column_is(term):
    """The own empty cells and the others' are told apart; a sheet of one teacher says nothing of it."""
    assert "Cột của từng giáo viên" not in window(term.cast.maths_teacher).get(at(term)).content.decode()
    ties = TeachingAssignment.objects.filter(subject__code="KHTN")
    ties.update(part="Vật lí", columns=["TX1", "GK"])
    same = ties.get()
    TeachingAssignment.objects.create(
        school_class=same.school_class, subject=same.subject, teacher=term.cast.maths_teacher, part="Hóa học",
        starts_on=same.starts_on, columns=["TX2"],
    )  # fmt: skip
    url = reverse("sheet", args=[term.sheets["KHTN"].public_id])
    page = window(term.cast.maths_teacher).get(url).content.decode()
    assert (
        "Cột của từng giáo viên: <strong>TX1, GK</strong>: Nguyễn Thị Phương Lan (Vật lí) · <strong>TX2</strong>: "
        "Lê Thu Hà (Hóa học) · <strong>TX3, TX4, CK</strong>: chưa giao cho ai · <strong>Nhận xét</strong>: "
        "ai dạy môn này cũng ghi được."
    ) in page
    assert 'còn <span data-follows="missing">12</span> ô trống, trong đó 10 ô ở cột không phải của bạn' in page
    assert "không phải của bạn" not in window(term.cast.principal).get(url).content.decode()
