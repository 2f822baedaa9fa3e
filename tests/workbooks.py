"""Real .xlsx bytes, and the tables read from them, for tests of imports."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from schools.forms.workbooks import read_table
from schools.rules.headings import ASSIGNMENTS, COLUMNS, STAFF, STUDENTS
from schools.rules.tables import Table


def xlsx(*sheets: list[list[Any]], formulas: bool = True) -> bytes:
    """A workbook with these sheets, each a list of rows; a text that begins with “=” is a formula, or a text."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row] if not formulas else ():
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def list_of(kind: str, *people: dict[str, Any]) -> bytes:
    """A workbook with a row per dict of column key → cell, under the template's headings; required columns always."""
    used = {key for person in people for key in person}
    columns = [column for column in COLUMNS[kind] if column.required or column.key in used]
    headings = [column.heading for column in columns]
    rows = [[person.get(column.key) for column in columns] for person in people]
    return xlsx([headings, *rows], formulas=False)


def table_of(kind: str, *people: dict[str, Any]) -> Table:
    return read_table(BytesIO(list_of(kind, *people)), kind)


def a_student(code: str, name: str = "Phạm Gia Hân", **cells: Any) -> dict[str, Any]:
    """A row that is new and complete; any cell can be given otherwise."""
    number = f"0012{int(code[-8:]):08d}"
    usual = {"class_name": "7A", "born_on": "05/09/2014", "gender": "Nữ", "personal_id": number}
    return {"student_code": code, "full_name": name, **usual, **cells}


__all__ = ["ASSIGNMENTS", "STAFF", "STUDENTS", "a_student", "list_of", "table_of", "xlsx"]
