"""The files handed out: they can be filled in and uploaded as they are."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from schools.forms.workbook_files import refused_file, template_file
from schools.forms.workbooks import UnreadableFile, read_table
from schools.rules.headings import COLUMNS
from tests.workbooks import ASSIGNMENTS, STAFF, STUDENTS

KINDS = [STUDENTS, STAFF, ASSIGNMENTS]


def opened(content):
    return load_workbook(BytesIO(content))


@pytest.mark.parametrize("kind", KINDS)
def test_template_has_headings_example_and_instructions(kind):
    book = opened(template_file(kind, ["7A", "7B"]))
    assert book.sheetnames[1:] == ["Hướng dẫn", "Danh mục"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS[kind]]
    assert sheet["A2"].value == "Ví dụ"
    assert sheet.freeze_panes == "D2"
    told = [row[0].value for row in book["Hướng dẫn"]]
    assert {column.heading for column in COLUMNS[kind]} <= set(told)


@pytest.mark.parametrize("kind", KINDS)
def test_template_as_it_is_has_nothing_to_import(kind):
    with pytest.raises(UnreadableFile, match="chưa có dòng dữ liệu"):
        read_table(BytesIO(template_file(kind, ["7A"])), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_filled_template_is_read_without_the_example(kind):
    book = opened(template_file(kind, []))
    sheet = book.worksheets[0]
    for place, column in enumerate(COLUMNS[kind], start=1):
        sheet.cell(3, place).value = 1 if column.key == "number" else column.example
    content = BytesIO()
    book.save(content)
    (row,) = read_table(BytesIO(content.getvalue()), kind).rows
    assert row.number == 3
    assert row.cells == {column.key: column.example for column in COLUMNS[kind] if column.example}


def test_code_columns_are_text_and_lists_are_offered():
    sheet = opened(template_file(STUDENTS, ["7A", "7B"])).worksheets[0]
    places = {column.key: number for number, column in enumerate(COLUMNS[STUDENTS], start=1)}
    for key in ("student_code", "personal_id", "mother_phone", "born_on"):
        assert sheet.cell(3, places[key]).number_format == "@"
    ranges = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    letters = {key: sheet.cell(1, places[key]).column_letter for key in ("class_name", "gender")}
    assert ranges == {
        f"{letters['class_name']}3:{letters['class_name']}5000": "'Danh mục'!$A$2:$A$3",
        f"{letters['gender']}3:{letters['gender']}5000": "'Danh mục'!$B$2:$B$3",
    }


def test_refused_rows_come_with_their_reason_in_the_last_column():
    cells = {"student_code": "0012345678", "full_name": "Lê Vy", "gender": "x"}
    sheet = opened(refused_file(STUDENTS, ["student_code", "full_name", "gender"], [[3, cells, "Dòng 3: sai"]])).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Mã học sinh", "Họ và tên", "Giới tính", "Lí do bị từ chối"],
        ["0012345678", "Lê Vy", "x", "Dòng 3: sai"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84900000009", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_is_harmless(text):
    cells = {"student_code": "1", "full_name": text}
    cell = opened(refused_file(STUDENTS, ["student_code", "full_name"], [[3, cells, text]])).active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_refused_rows_can_be_uploaded_again():
    keys = ["student_code", "full_name", "class_name", "born_on", "gender", "address"]
    cells = {"student_code": "0012345678", "full_name": "Lê Vy", "class_name": "7A", "gender": "x", "address": "=1+1"}
    table = read_table(BytesIO(refused_file(STUDENTS, keys, [[9, cells, "sai"]])), STUDENTS)
    assert table.rows[0].cells == cells
    assert table.ignored == ("Lí do bị từ chối",)
