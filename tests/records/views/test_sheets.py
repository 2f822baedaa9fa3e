"""A teacher's list of sheets, one sheet, its cells as JSON, the form without JavaScript: what each person may see and
do, and what a request that no browser sends comes to."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from records.actions import sheets
from records.actions.cells import Operation
from records.actions.preparing import prepare_class
from records.actions.signoff import return_class
from records.models import CellOperation, MarkRow, MarkSheet
from schools.models import HistoryEntry, SubjectEnrolment
from tests.records.term import Term, close_windows, fill_sheet, fresh, submitted
from tests.records.views.looking import at_door, signed_in

JSON = "application/json"


def url(term: Term, name: str = "sheet", sheet: MarkSheet | None = None) -> str:
    return reverse(name, args=[(sheet or term.maths).public_id])


def row_of(term: Term, student: str = "student") -> MarkRow:
    found: MarkRow = term.maths.rows.get(student=getattr(term.cast, student))
    return found


def sent(term: Term, **changes: Any) -> dict[str, Any]:
    usual = {"id": str(uuid.uuid4()), "row": str(row_of(term).public_id), "col": "TX1", "typed": "8,5", "base": ""}
    return usual | changes


def post(term: Term, body: Any, person: str = "maths_teacher", sheet: MarkSheet | None = None) -> Any:
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return signed_in(term, person).post(url(term, "sheet_cells", sheet), content, content_type=JSON)


def nothing_written(term: Term) -> bool:
    return not CellOperation.objects.exists() and set(map(str, MarkRow.objects.values_list("cells", flat=True))) == {
        "{}"
    }


# -- Who sees what ----------------------------------------------------------------------------------------------------
def test_sheet_is_seen_by_its_teacher_the_homeroom_teacher_and_who_oversees(term):
    assert at_door(term, url(term)) == {
        "maths_teacher": 200, "homeroom_teacher": 200, "principal": 200, "vice_principal": 200, "clerk": 200,
        "inspector": 200, "province_admin": 200, "commune_officer": 200,
        "intruder": 404, "other_clerk": 404, "other_principal": 404,
        "pupil": 403, "parent": 403, "operator": 403, None: 302,
    }  # fmt: skip


def test_list_of_sheets_is_for_those_who_teach(term):
    statuses = at_door(term, reverse("sheet_list"))
    assert {person for person, status in statuses.items() if status == 200} == {
        "maths_teacher", "homeroom_teacher", "intruder",
    }  # fmt: skip


def test_list_names_the_own_sheets_alone(term):
    def names(person: str) -> list[str]:
        page = signed_in(term, person).get(reverse("sheet_list"))
        return [str(sheet) for sheet, _ in page.context["sheets"]]

    assert names("maths_teacher") == ["Toán, 7A, Học kì I"]
    assert "Toán, 7A, Học kì I" not in names("homeroom_teacher")
    assert len(names("homeroom_teacher")) == len(term.sheets) - 1
    assert names("intruder") == []


def test_list_says_which_sheet_was_returned_and_why(term):
    reason = "Điểm giữa kì của hai em chưa đúng"
    return_class(by=term.cast.principal, class_period=submitted(term).now(), reason=reason, sheets=[term.maths])
    page = signed_in(term, "maths_teacher").get(reverse("sheet_list")).content.decode()
    assert "Bị trả lại" in page
    assert reason in page
    assert "Bị trả lại" not in signed_in(term, "homeroom_teacher").get(reverse("sheet_list")).content.decode()


@pytest.mark.parametrize("name", ["sheet_save", "sheet_confirm", "sheet_take_back"])
def test_forms_of_a_sheet_are_posted_by_who_sees_it_and_teaches(term, name):
    assert {person for person, status in at_door(term, url(term, name), post={}).items() if status == 302} == {
        "maths_teacher", "homeroom_teacher", None,
    }  # fmt: skip
    assert signed_in(term, "maths_teacher").get(url(term, name)).status_code == 405
    assert nothing_written(term)


def test_only_the_teachers_own_page_has_inputs(term):
    def inputs(person: str) -> int:
        html = signed_in(term, person).get(url(term)).content.decode()
        return html.count('name="o:')

    assert inputs("maths_teacher") == 2 * 7
    for person in ("homeroom_teacher", "principal", "vice_principal", "clerk", "inspector"):
        assert inputs(person) == 0


def test_no_input_cuts_what_is_pasted(term):
    html = signed_in(term, "maths_teacher").get(url(term)).content.decode()
    assert "<textarea" in html
    assert "maxlength" not in html


@pytest.mark.parametrize("close", [submitted, lambda _: close_windows()], ids=["submitted", "outside the window"])
def test_closed_sheet_has_no_inputs_and_says_why(term, close):
    close(term)
    page = signed_in(term, "maths_teacher").get(url(term))
    assert 'name="o:' not in page.content.decode()
    assert page.context["right"].reason in {"Lớp đã nộp: điểm đã khóa.", "Ngoài hạn nhập: sổ đã khóa."}
    assert page.context["right"].reason in page.content.decode()


def test_exempt_student_has_no_inputs(term):
    SubjectEnrolment.objects.filter(student=term.cast.classmate, subject=term.cast.maths).update(
        exempt=True, decision_number="12/QĐ", decision_on="2026-09-05"
    )
    html = signed_in(term, "maths_teacher").get(url(term)).content.decode()
    assert html.count('name="o:') == 7
    assert "Miễn" in html
    answer = post(term, {"ops": [sent(term, row=str(row_of(term, "classmate").public_id))]}).json()
    assert [(one["outcome"], one["message"]) for one in answer["results"]] == [
        ("locked", "Trần Bảo Oanh được miễn học môn này theo quyết định.")
    ]


@pytest.mark.parametrize("name", ["sheet", "sheet_cells"])
def test_sheet_is_kept_by_no_cache(term, name):
    answer = signed_in(term, "maths_teacher").get(url(term, name))
    assert "no-store" in answer.headers["Cache-Control"]


def test_names_are_escaped_wherever_they_stand(term):
    type(term.cast.student).objects.filter(pk=term.cast.student.pk).update(full_name="<b>A</b> \"x\" & 'y'")
    html = signed_in(term, "maths_teacher").get(url(term)).content.decode()
    assert "<b>A</b>" not in html
    assert "&lt;b&gt;A&lt;/b&gt; &quot;x&quot; &amp; &#x27;y&#x27;, Giữa kì" in html


# -- Cells as JSON ----------------------------------------------------------------------------------------------------
UNREADABLE = [
    "", "{", "[]", "null", "1", '"x"', "{}",
    '{"ops": null}', '{"ops": {}, "since": null}', '{"ops": 1}', '{"ops": [1]}',
    '{"ops": [null]}', '{"ops": ["x"]}', '{"ops": [[]]}', '{"ops": [{}]}', '{"ops": [], "method": "sql"}',
    '{"ops": [], "method": null}', '{"ops": [], "since": "x"}', '{"ops": [], "since": []}', '{"ops": [], "since": NaN}',
    '{"ops": [], "since": null}', "\x00", b"\xff\xfe", b'{"ops": "\xff"}', '{"ops": [], "since": "' + "9" * 5000 + '"}',
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: ascii(body[:30]))
def test_body_that_is_no_list_of_operations_is_answered_400(term, body):
    answer = post(term, body)
    assert (answer.status_code, answer.json()) == (400, {"error": "bad-operations"})


@pytest.mark.parametrize(
    "change",
    [{"typed": 8}, {"typed": None}, {"typed": ["8"]}, {"typed": {}}, {"typed": True}, {"typed": "a\x00"},
     {"base": None}, {"base": 8}, {"base": "\x00"}, {"col": 1}, {"col": None}, {"col": "TX1\x00"},
     {"row": "x"}, {"row": 5}, {"row": None}, {"row": []}, {"id": ""}, {"id": 5}, {"id": None}, {"id": {}},
     {"prev": ["x"]}, {"prev": 5}, {"prev": None}, {"prev": [None]}, {"prev": "x"}],
    ids=str,
)  # fmt: skip
def test_operation_of_wrong_types_is_answered_400_and_takes_the_good_ones_with_it(term, change):
    answer = post(term, {"ops": [sent(term), sent(term, **change)]})
    assert (answer.status_code, answer.json()) == (400, {"error": "bad-operations"})
    assert nothing_written(term)


@pytest.mark.parametrize("key", ["id", "row", "col", "typed", "base"])
def test_operation_without_a_part_is_answered_400(term, key):
    operation = sent(term)
    del operation[key]
    assert post(term, {"ops": [operation]}).status_code == 400


@pytest.mark.parametrize(
    "body",
    ['{"ops": [], "method": []}', '{"ops": [], "method": {}}', '{"ops": [], "since": 1e999}', "[" * 100_000],
    ids=["method list", "method object", "since infinite", "nested"],
)
def test_body_of_stranger_kinds_is_answered_400(term, body):
    assert post(term, body).status_code == 400


def test_one_id_twice_in_a_request_is_written_once(term):
    operation = sent(term)
    answer = post(term, {"ops": [operation, operation | {"col": "TX2"}]})
    assert [one["outcome"] for one in answer.json()["results"]] == ["ok", "forbidden"]


def test_five_hundred_operations_are_taken_and_one_more_is_not(term):
    one = sent(term, typed="x")
    operations = [one | {"id": str(uuid.uuid4())} for _ in range(501)]
    assert post(term, {"ops": operations}).status_code == 400
    answer = post(term, {"ops": operations[:500]})
    assert [one["outcome"] for one in answer.json()["results"]] == ["invalid"] * 500
    assert nothing_written(term)


def test_rows_of_other_sheets_classes_and_schools_are_not_reached(term):
    there = prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    assert there is not None
    elsewhere = [
        term.sheets["NGU_VAN"].rows.first().public_id,
        term.class_period.rows.first().public_id,
        term.cast.other_student.public_id,
        uuid.uuid4(),
    ]
    answer = post(term, {"ops": [sent(term, row=str(row)) for row in elsewhere]}).json()
    assert {(one["outcome"], one["value"], one["message"]) for one in answer["results"]} == {
        ("forbidden", "", "Ô này không có trong sổ.")
    }
    assert nothing_written(term)


@pytest.mark.parametrize("column", ["TX9", "RL", "", "average", "tx1", "TX1 ", "__class__", "😀", "\ud800"])
def test_columns_the_sheet_has_not_are_forbidden(term, column):
    answer = post(term, {"ops": [sent(term, col=column)]}).json()
    assert [one["outcome"] for one in answer["results"]] == ["forbidden"]


def test_only_the_teacher_posts_and_strangers_learn_nothing(term):
    body = json.dumps({"ops": [sent(term)]})
    statuses = at_door(term, url(term, "sheet_cells"), post=body)
    assert statuses == {
        "maths_teacher": 200, "homeroom_teacher": 403, "principal": 403, "vice_principal": 403, "clerk": 403,
        "inspector": 403, "province_admin": 403, "commune_officer": 403,
        "intruder": 404, "other_clerk": 404, "other_principal": 404,
        "pupil": 403, "parent": 403, "operator": 403, None: 302,
    }  # fmt: skip
    assert list(CellOperation.objects.values_list("by__username", flat=True)) == ["halt"]


def test_answer_of_a_saved_cell_is_whole(term):
    fill_sheet(term.maths, term.cast.maths_teacher)
    row, operation = row_of(term), sent(term, col="GK", typed="10", base="8")
    assert post(term, {"ops": [operation], "since": term.maths.change_no}).json() == {
        "results": [
            {
                "id": operation["id"],
                "outcome": "ok",
                "value": "10",
                "shown": "10",
                "message": "",
                "by": "",
                "at": "",
                "change_no": 2,
            }
        ],
        "rows": {str(row.public_id): "8,4"},
        "change_no": 2,
        "missing": 0,
        "changes": [],
    }


def test_answer_of_a_save_tells_what_others_saved_in_between(term, monkeypatch):
    """Also what came between reading the sheet and taking its lock: the number in the answer covers it."""
    colleague = Operation(uuid.uuid4(), row_of(term, "classmate").public_id, "TX1", "9", "")
    enter_marks = sheets.enter_marks

    def overtaken(**asked: Any) -> sheets.Saved:
        enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[colleague])
        return enter_marks(**asked)

    monkeypatch.setattr(sheets, "enter_marks", overtaken)
    answer = post(term, {"ops": [sent(term, col="GK", typed="7")], "since": 0}).json()
    assert answer["change_no"] == 2
    assert answer["changes"] == [{"row": str(colleague.row), "col": "TX1", "value": "9", "shown": "9", "change_no": 1}]


def test_answer_to_what_was_sent_before_tells_how_old_it_is(term):
    """The operation of change 1 sent again after change 2 wrote the same cell: in the browser the newer stands."""
    first = sent(term, typed="4,5")
    post(term, {"ops": [first]})
    post(term, {"ops": [sent(term, typed="8,6", base="4.5")]})
    answer = post(term, {"ops": [first], "since": 0}).json()
    assert [(one["value"], one["change_no"]) for one in answer["results"]] == [("4.5", 1)]
    assert [(one["value"], one["change_no"]) for one in answer["changes"]] == [("8.6", 2)]


def test_refusal_tells_the_number_for_which_the_stored_value_is_true(term):
    post(term, {"ops": [sent(term, typed="4,5")]})
    answer = post(term, {"ops": [sent(term, typed="4,55", base="4.5"), sent(term, typed="9"), sent(term, col="GK")]})
    told = [(one["outcome"], one["value"], one["change_no"]) for one in answer.json()["results"]]
    assert told == [("invalid", "4.5", 1), ("conflict", "4.5", 1), ("ok", "8.5", 2)]


def test_result_of_a_row_is_told_again_with_what_was_sent_before(term):
    fill_sheet(term.maths, term.cast.maths_teacher)
    operation = sent(term, col="GK", typed="10", base="8")
    first = post(term, {"ops": [operation]}).json()["rows"]
    assert first == {operation["row"]: "8,4"} == post(term, {"ops": [operation]}).json()["rows"]


def test_status_of_a_page_nobody_has_changed_is_neutral(term):
    for person, words in (
        ("maths_teacher", "Chưa có thay đổi"),
        ("principal", "Bạn không được phân công nhập điểm sổ này."),
    ):
        html = signed_in(term, person).get(url(term)).content.decode()
        assert f'<p class="status" role="status" data-status>{words}</p>' in html


def test_method_of_a_paste_stands_in_the_history(term):
    post(term, {"ops": [sent(term)], "method": "pasted"})
    assert HistoryEntry.objects.filter(table="records_markrow", method="pasted").count() == 1


def test_nul_in_the_address_is_answered_400_as_json(term):
    answer = signed_in(term, "principal").get(
        url(term, "sheet_cells"), {"tu": "\x00"}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-request")


@pytest.mark.parametrize(
    ("since", "told"),
    [("", 2), ("0", 2), ("1", 1), ("2", 0), ("3", 0), ("99999999999", 0), ("-1", 2), ("x", 2), ("1.0", 2), ("٢", 2),
     ("9" * 40, 2), (" 2", 2)],
)  # fmt: skip
def test_changes_since_a_number_are_told_whatever_is_asked(term, since, told):
    post(term, {"ops": [sent(term)]})
    post(term, {"ops": [sent(term, col="TX2", typed="7")]})
    answer = signed_in(term, "principal").get(url(term, "sheet_cells"), {"tu": since})
    assert [(one["col"], one["shown"]) for one in answer.json()["changes"]] == [("TX1", "8,5"), ("TX2", "7")][
        2 - told :
    ]
    assert {key: value for key, value in answer.json().items() if key != "changes"} == {"change_no": 2, "missing": 10}


def test_script_signed_out_is_told_so_in_json(term):
    answer = Client().post(url(term, "sheet_cells"), "{}", content_type=JSON, headers={"accept": JSON})
    assert answer.status_code == 401
