"""Excel files the product hands out: the template of each list, and the refused rows to be put right."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import save_workbook

from schools.rules.gdpt2018 import SUBJECTS
from schools.rules.headings import ASSIGNMENTS, COLUMNS, EXAMPLE, STAFF, STUDENTS, Column
from schools.rules.tables import MOST_ROWS

TITLES = {STUDENTS: "Học sinh", STAFF: "Nhân sự", ASSIGNMENTS: "Phân công"}
BOLD, SOFT = Font(bold=True), Font(italic=True, color="666666")
REQUIRED, OPTIONAL = PatternFill("solid", fgColor="CFE3F7"), PatternFill("solid", fgColor="EDEDED")
PREPARED_ROWS = 500  # formatted as text and with lists; further rows are read just as well
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
RULES = (
    "Giữ dòng tiêu đề; thứ tự cột tùy ý, cột thừa được bỏ qua. Cột nền xanh là bắt buộc.",
    f"Dòng có chữ “{EXAMPLE}” ở cột STT là dòng mẫu, không được nhập.",
    "Ô trống không làm thay đổi gì. Không dòng nào của hệ thống bị xóa khi nhập.",
    "Mã và số điện thoại giữ số 0 ở đầu: các cột ấy đã để kiểu Text, hãy dán dạng giá trị.",
    "Ngày ghi ngày/tháng/năm, ví dụ 05/09/2014, hoặc dùng ô kiểu ngày.",
    "Sau khi tải lên, hệ thống cho xem trước từng dòng: mới, thay đổi, không đổi, bị từ chối. Bấm “Nhập” mới ghi.",
    f"Một tệp không quá {MOST_ROWS} dòng.",
)


def template_file(kind: str, class_names: Sequence[str]) -> bytes:
    """An empty list of that kind, with an example row, lists to choose from, and a sheet of instructions."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = TITLES[kind]
    columns = COLUMNS[kind]
    for place, column in enumerate(columns, start=1):
        _head(sheet.cell(1, place, column.heading), column)
        example = sheet.cell(2, place, EXAMPLE if column.key == "number" else column.example)
        example.font, example.number_format = SOFT, "@"
        _prepare(sheet, place, column)
    sheet.freeze_panes = "D2"
    _instructions(book.create_sheet("Hướng dẫn"), columns)
    _choices(book, sheet, columns, class_names)
    return _bytes(book)


def refused_file(kind: str, keys: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The refused rows in the columns of their file, with the reason in the last one. Put right, it can be uploaded as
    it is. A text that looks like a formula stays a text."""
    columns = [column for column in COLUMNS[kind] if column.key in keys]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = TITLES[kind]
    for place, column in enumerate(columns, start=1):
        _head(sheet.cell(1, place, column.heading), column)
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    reason = sheet.cell(1, len(columns) + 1, "Lí do bị từ chối")
    reason.font = BOLD
    sheet.column_dimensions[reason.column_letter].width = 80
    for number, (_, cells, why) in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            put_text(sheet.cell(number, place), cells.get(column.key, ""))
        put_text(sheet.cell(number, len(columns) + 1), why)
    sheet.freeze_panes = "A2"
    return _bytes(book)


def put_text(cell: Cell, text: str) -> None:
    """Text, whatever it looks like: typed as a string, and quoted as Excel does for ``'=…`` so that nothing in it is
    ever worked out."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True


def _head(cell: Cell, column: Column) -> None:
    cell.font = BOLD
    cell.fill = REQUIRED if column.required else OPTIONAL
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _width(column: Column) -> int:
    return {"number": 7, "class_name": 9, "gender": 10}.get(column.key, max(16, min(30, len(column.heading) + 4)))


def _prepare(sheet: Worksheet, place: int, column: Column) -> None:
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = _width(column)
    sheet.column_dimensions[letter].number_format = "@"
    if column.form in {"code", "date"}:
        for number in range(3, PREPARED_ROWS + 3):
            sheet.cell(number, place).number_format = "@"


def _instructions(sheet: Worksheet, columns: Sequence[Column]) -> None:
    sheet.append(["Cách ghi danh sách"])
    sheet["A1"].font = BOLD
    for rule in RULES:
        sheet.append([rule])
    sheet.append([])
    sheet.append(["Cột", "Bắt buộc", "Cách ghi", "Cũng nhận các tên"])
    for cell in sheet[sheet.max_row]:
        cell.font = BOLD
    for column in columns:
        sheet.append([column.heading, "có" if column.required else "", column.help, ", ".join(column.spellings)])
    for letter, width in zip("ABCD", (34, 10, 70, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _choices(book: Workbook, sheet: Worksheet, columns: Sequence[Column], class_names: Sequence[str]) -> None:
    """Lists to choose from, on a sheet of their own: a list written into the cell may have 255 letters at most."""
    lists = {
        "gender": ["Nam", "Nữ"],
        "class_name": list(class_names),
        "role": ["Giáo viên", "Phó hiệu trưởng"],
        "subject": ["Chủ nhiệm", *SUBJECTS.values()],
    }
    found = book.create_sheet("Danh mục")
    for place, column in enumerate(columns, start=1):
        choices = lists.get(column.key)
        if not choices:
            continue
        at = get_column_letter(found.max_column + (1 if found["A1"].value else 0))
        for number, words in enumerate([column.heading, *choices], start=1):
            found[f"{at}{number}"] = words
        validation = DataValidation(
            type="list",
            formula1=f"'Danh mục'!${at}$2:${at}${len(choices) + 1}",
            allow_blank=True,
            showErrorMessage=False,
        )
        sheet.add_data_validation(validation)
        letter = get_column_letter(place)
        validation.add(f"{letter}3:{letter}{MOST_ROWS}")


def _bytes(book: Workbook) -> bytes:
    content = BytesIO()
    save_workbook(book, content)
    return content.getvalue()
