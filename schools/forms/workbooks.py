"""Reading an uploaded Excel file into a plain table: everything is text, nothing is guessed, and whatever cannot be
read is refused in words that say what to do."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from hocbaso.lib.vietnamese import normal
from schools.rules.headings import Column, Match, is_example, match_headings
from schools.rules.tables import MOST_COLUMNS, MOST_ROWS, Table, TableRow

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
LAST_ROW_OF_EXCEL = 1_048_576
HEADINGS_WITHIN = 15  # rows: above the headings stand the school's name and a title
NAMED_CELLS = 5
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
MADE_HARMLESS = re.compile(r"^'(?=[=+\-@])")
# What openpyxl and the zip module raise on files that only look like workbooks.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, OverflowError, NotImplementedError, RuntimeError, AssertionError,
)  # fmt: skip


class UnreadableFile(ValueError):
    """The file is refused whole; the text says why and what to do."""


def read_table(file: IO[bytes], kind: str) -> Table:
    """The list of that kind (schools/rules/headings.py) in an uploaded .xlsx file. UnreadableFile with the reason."""
    content = file.read(MOST_BYTES + 1)
    _refuse_other_files(content)
    _refuse_bombs(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drawings and validations, which are not read
            return _read(content, kind)
    except UnreadableFile:
        raise
    except BROKEN as error:
        raise UnreadableFile("Tệp Excel bị hỏng, không đọc được. Mở bằng Excel, lưu lại rồi tải lên.") from error


def _refuse_other_files(content: bytes) -> None:
    if not content:
        raise UnreadableFile("Tệp rỗng, không có gì trong đó.")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("Tệp lớn quá 5 MB. Bỏ ảnh và các trang tính thừa, hoặc chia thành nhiều tệp.")
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("Tệp có mật khẩu nên không đọc được. Bỏ mật khẩu trong Excel, lưu lại rồi tải lên.")
        raise UnreadableFile("Đây là tệp Excel đời cũ (.xls). Mở bằng Excel, lưu dạng “Excel Workbook (.xlsx)”.")
    if content.startswith(ZIP):
        return
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise UnreadableFile("Đây là trang web đổi tên thành .xlsx. Mở bằng Excel, lưu dạng “Excel Workbook (.xlsx)”.")
    raise UnreadableFile(
        "Đây không phải tệp Excel .xlsx (có thể là .csv hoặc tệp khác đã đổi tên). Mở bằng Excel, lưu dạng .xlsx."
    )


def _refuse_bombs(content: bytes) -> None:
    """What the archive says about itself is looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise UnreadableFile("Tệp này bung ra lớn quá 100 MB nên không được mở. Hãy dùng tệp mẫu.")
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableFile("Tệp có mật khẩu nên không đọc được. Bỏ mật khẩu rồi tải lại.")
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(
                    "Đây không phải tệp Excel .xlsx. Mở bằng Excel, lưu dạng “Excel Workbook (.xlsx)”."
                )
            for name in names:
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(name).read(2048):
                    raise UnreadableFile("Tệp này không do Excel tạo ra và không an toàn để mở. Hãy dùng tệp mẫu.")
    except UnreadableFile:
        raise
    except BROKEN as error:
        raise UnreadableFile("Tệp bị hỏng: tải lên chưa trọn hoặc đã bị cắt. Lưu lại rồi tải lên lần nữa.") from error


def _read(content: bytes, kind: str) -> Table:
    book = load_workbook(BytesIO(content), read_only=True)
    nearest: Match | None = None
    empty = True
    for sheet in book.worksheets:
        found = None
        for number, row in _filled_rows(sheet, HEADINGS_WITHIN):
            empty = False
            match = match_headings(kind, [_text(cell.value, None) for cell in row])
            if not match.missing and not match.doubled:
                found = number, match
                break
            if nearest is None or len(match.places) > len(nearest.places):
                nearest = match
        if found is not None:
            return _table(content, sheet, *found)
    raise UnreadableFile(_no_headings(nearest, empty))


def _no_headings(nearest: Match | None, empty: bool) -> str:
    if empty:
        return "Tệp trống: không trang tính nào có chữ."
    if nearest is None or len(nearest.places) < 2:
        return "Không thấy dòng tiêu đề cột nào quen thuộc. Hãy dùng tệp mẫu, hoặc chọn đúng loại danh sách."
    if nearest.doubled:
        return f"Cột “{nearest.doubled[0]}” có hai lần trong tệp. Xóa bớt một cột rồi tải lại."
    missing = ", ".join(f"“{heading}”" for heading in nearest.missing)
    return f"Tệp thiếu cột bắt buộc: {missing}. Thêm cột ấy (hoặc sửa tên cột như tệp mẫu) rồi tải lại."


def _filled_rows(sheet: Any, last: int = LAST_ROW_OF_EXCEL, first: int = 1) -> Iterator[tuple[int, Any]]:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    rows = sheet.iter_rows(min_row=first, max_row=last, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate(rows, start=first):
        if any(cell.value not in (None, "") for cell in row):
            yield number, row


@dataclass
class _Reading:
    """What has been read so far: rows, and cells that are formulas (their values stand elsewhere) or errors."""

    places: dict[int, Column]
    rows: list[TableRow] = field(default_factory=list)
    formulas: dict[tuple[int, int], tuple[TableRow, Column]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, number: int, cells: Any) -> None:
        row = TableRow(number, {})
        formulas = {}
        for place, column in self.places.items():
            cell = cells[place]
            if cell.data_type == "f":
                formulas[number, place] = row, column
            elif cell.data_type == "e":
                self.errors.append(_name_of(number, place))
            elif text := _text(cell.value, column):
                row.cells[column.key] = text
        if row.cells or formulas:
            self.formulas |= formulas
            self.rows.append(row)

    def put_cached(self, sheet: Any) -> None:
        """A formula counts as the value Excel last worked out for it."""
        for number, cells in _filled_rows(sheet):
            for place, cell in enumerate(cells):
                if (number, place) in self.formulas and cell.value is not None and cell.data_type != "e":
                    row, column = self.formulas.pop((number, place))
                    row.cells[column.key] = _text(cell.value, column)
        self.errors += [_name_of(*place) for place in self.formulas]


def _name_of(number: int, place: int) -> str:
    return f"{get_column_letter(place + 1)}{number}"


def _table(content: bytes, sheet: Any, heading_row: int, match: Match) -> Table:
    reading = _Reading({place: column for place, column in match.places.items() if column.key != "number"})
    for number, cells in _filled_rows(sheet, first=heading_row + 1):
        if cells[-1].value not in (None, ""):
            raise UnreadableFile(f"Tệp có hơn {MOST_COLUMNS} cột. Xóa các cột thừa rồi tải lại.")
        if not is_example(_text(cells[0].value, None)):
            reading.add(number, cells)
        if len(reading.rows) > MOST_ROWS:
            raise UnreadableFile(f"Tệp có hơn {MOST_ROWS:,} dòng. Chia thành nhiều tệp.".replace(",", "."))
    if reading.formulas:
        reading.put_cached(load_workbook(BytesIO(content), read_only=True, data_only=True)[sheet.title])
    _refuse_errors(reading.errors)
    if not reading.rows:
        raise UnreadableFile(f"Trang tính “{sheet.title}” chỉ có tiêu đề, chưa có dòng dữ liệu nào.")
    columns = tuple(column.key for column in reading.places.values())
    return Table(sheet.title, columns, match.unknown, tuple(row for row in reading.rows if row.cells))


def _refuse_errors(cells: list[str]) -> None:
    if cells:
        rest = len(cells) - NAMED_CELLS
        named = ", ".join(cells[:NAMED_CELLS]) + (f" và {rest} ô nữa" if rest > 0 else "")
        raise UnreadableFile(
            f"Ô {named} là công thức lỗi hoặc chưa có kết quả. Chép giá trị vào ô (dán dạng giá trị) rồi tải lại."
        )


def _text(value: Any, column: Column | None) -> str:
    """A cell as text. A number in a column of codes is its digits; a lost leading zero stays lost, and is refused later
    by the form of the code."""
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = MADE_HARMLESS.sub("", normal(INVISIBLE.sub("", str(value))))
    if column is not None and column.form == "code":
        return text.replace(" ", "").removeprefix("'")
    return text
