"""Reading what schools really upload: headings anywhere, odd cells, and files that are something else."""

import struct
import time
import unicodedata
import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from schools.forms import workbooks
from schools.forms.workbooks import OLE, UnreadableFile, read_table
from tests.workbooks import STAFF, STUDENTS, a_student, list_of, xlsx

HEADINGS = ["Mã học sinh", "Họ và tên", "Lớp", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Chỗ ở hiện tại"]


def read(*sheets, kind=STUDENTS):
    return read_table(BytesIO(xlsx(*sheets)), kind)


def only_row(*cells):
    return read([HEADINGS, list(cells)]).rows[0].cells


def why_not(content, kind=STUDENTS):
    with pytest.raises(UnreadableFile) as refused:
        read_table(BytesIO(content), kind)
    return str(refused.value)


def with_part(content, name, text):
    """The workbook with one of its parts replaced."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(
                member.filename, text(old.read(member).decode()) if member.filename == name else old.read(member)
            )
    return result.getvalue()


def test_rows_are_read_under_their_headings_wherever_these_stand():
    table = read(
        [
            ["TRƯỜNG THCS NGUYỄN DU"],
            [],
            ["DANH SÁCH LỚP 7A"],
            ["TT", "Họ tên", "Lớp", "Giới tính", "Ngày, tháng, năm sinh", "Cân nặng", "Mã HS"],
            [1, "Nguyễn An", "7A", "Nam", "5/9/2014", 40, "0000000011"],
            [],
            [2, "Trần Bình", "7A", "Nữ", "6/9/2014", 38, "0000000012"],
            [3],
        ]
    )
    assert table.columns == ("full_name", "class_name", "gender", "born_on", "student_code")
    assert table.ignored == ("Cân nặng",)
    assert [row.number for row in table.rows] == [5, 7]
    assert table.rows[0].cells == {
        "full_name": "Nguyễn An", "class_name": "7A", "gender": "Nam", "born_on": "5/9/2014",
        "student_code": "0000000011",
    }  # fmt: skip


def test_leading_zeros_of_text_survive():
    cells = only_row("0012345678", "An", "7A", "1/1/2014", "Nam", "001214000123")
    assert (cells["student_code"], cells["personal_id"]) == ("0012345678", "001214000123")


def test_numbers_in_code_columns_become_digits():
    cells = only_row(1234567890.0, "An", "7A", "1/1/2014", "Nam", 123456789012)
    assert (cells["student_code"], cells["personal_id"]) == ("1234567890", "123456789012")


def test_lost_zero_is_not_put_back():
    assert only_row("1", "An", "7A", "1/1/2014", "Nam", 1214000123)["personal_id"] == "1214000123"


def test_spaces_apostrophes_and_invisible_signs_leave_codes():
    cells = only_row("'0012345678", "An\u00a0 Bình\u200b", "7A", "1/1/2014", "Nam", "001 214 000 123")
    assert cells["student_code"] == "0012345678"
    assert cells["personal_id"] == "001214000123"
    assert cells["full_name"] == "An Bình"


def test_names_come_out_in_nfc():
    cells = only_row("1", unicodedata.normalize("NFD", "Nguyễn Thị Ánh"), "7A", "1/1/2014", "Nữ")
    assert cells["full_name"] == unicodedata.normalize("NFC", "Nguyễn Thị Ánh")


@pytest.mark.parametrize("day", [date(2014, 9, 5), datetime(2014, 9, 5, 0, 0)])  # noqa: DTZ001
def test_real_dates_are_carried_as_iso(day):
    assert only_row("1", "An", "7A", day, "Nam")["born_on"] == "2014-09-05"


def test_formula_looking_text_is_text():
    content = list_of(STUDENTS, a_student("10000001", address="nhà"))
    book = load_workbook(BytesIO(content))
    column = [cell.value for cell in book.active[1]].index("Chỗ ở hiện tại") + 1
    cell = book.active.cell(2, column)
    cell.value = "=1+1"
    cell.data_type = "s"
    result = BytesIO()
    book.save(result)
    assert read_table(BytesIO(result.getvalue()), STUDENTS).rows[0]["address"] == "=1+1"


def test_formula_counts_as_its_last_value():
    content = xlsx([HEADINGS, ["1", '="Nguyễn "&"An"', "7A", "1/1/2014", "Nam"]])
    sheet = "xl/worksheets/sheet1.xml"
    cached = with_part(
        content, sheet, lambda xml: xml.replace("<v></v>", "<v>Nguyễn An</v>").replace("<v />", "<v>Nguyễn An</v>")
    )
    cached = with_part(cached, sheet, lambda xml: xml.replace('<c r="B2">', '<c r="B2" t="str">'))
    assert read_table(BytesIO(cached), STUDENTS).rows[0]["full_name"] == "Nguyễn An"


def test_formula_without_a_value_is_refused_by_its_cell():
    why = why_not(xlsx([HEADINGS, ["1", "=A1", "7A", "1/1/2014", "Nam"], ["2", "=A2", "7A", "1/1/2014", "Nam"]]))
    assert why.startswith("Ô B2, B3 là công thức lỗi hoặc chưa có kết quả.")


def test_formula_in_a_column_that_is_not_read_is_no_matter():
    table = read([["STT", *HEADINGS, "Tổng"], ["=ROW()", "1", "An", "7A", "1/1/2014", "Nam", None, None, "=1/0"]])
    assert table.rows[0]["full_name"] == "An"


def test_error_cell_is_refused_by_its_name():
    assert "Ô C2 là công thức lỗi" in why_not(xlsx([HEADINGS, ["1", "An", "#N/A", "1/1/2014", "Nam"]]))


def test_example_row_is_left_out():
    table = read([["STT", *HEADINGS], ["Ví dụ", "9", "Mẫu", "7A"], [1, "1", "An", "7A"]])
    assert [row["full_name"] for row in table.rows] == ["An"]


def test_first_sheet_with_known_headings_is_taken_and_named():
    table = read([["Hướng dẫn"], ["Đọc kĩ"]], [HEADINGS, ["1", "An", "7A"]], [HEADINGS, ["2", "Bình", "7B"]])
    assert table.sheet == "Sheet1"
    assert [row["full_name"] for row in table.rows] == ["An"]


def test_missing_required_column_refuses_the_file_by_its_name():
    assert why_not(xlsx([["Mã học sinh", "Họ tên", "Lớp"], ["1", "An", "7A"]])).startswith(
        "Tệp thiếu cột bắt buộc: “Ngày sinh”, “Giới tính”."
    )


def test_column_that_stands_twice_is_refused():
    assert why_not(xlsx([[*HEADINGS, "Họ tên"], ["1"]])).startswith("Cột “Họ và tên” có hai lần")


def test_list_of_another_kind_is_not_taken_for_this_one():
    assert "hãy" in why_not(list_of(STAFF, {"full_name": "An", "phone": "0900000009"})).lower()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Tệp rỗng"),
        ("Mã học sinh,Họ và tên\n1,An\n".encode(), "có thể là .csv"),
        ("\ufeffMã học sinh;Họ tên".encode(), "có thể là .csv"),
        (b"\xef\xbb\xbf\n<html><table></table></html>", "trang web đổi tên"),
        (b"<?xml version='1.0'?><Workbook/>", "trang web đổi tên"),
        (OLE + b"\x00" * 600, r"Excel đời cũ \(.xls\)"),
        (OLE + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        (b"PK\x03\x04" + b"\x00" * 200, "bị hỏng"),
        (xlsx([HEADINGS, ["1"]])[:-200], "bị hỏng"),
    ],
)  # fmt: skip
def test_file_that_is_something_else_is_refused_with_what_to_do(content, why):
    with pytest.raises(UnreadableFile, match=why):
        read_table(BytesIO(content), STUDENTS)


def test_other_archives_are_no_workbooks():
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("word/document.xml", "<document/>")
    assert "không phải tệp Excel" in why_not(archive.getvalue())


def test_workbook_with_a_broken_part_is_refused():
    content = with_part(xlsx([HEADINGS, ["1", "An"]]), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    assert "bị hỏng" in why_not(content)


def test_entities_are_not_expanded():
    def bomb(xml: str) -> str:
        return xml.replace("<worksheet", '<!DOCTYPE b [<!ENTITY a "x">]><worksheet', 1)

    content = with_part(xlsx([HEADINGS, ["1", "An"]]), "xl/worksheets/sheet1.xml", bomb)
    assert "không an toàn" in why_not(content)


def test_bomb_is_refused_before_it_is_opened():
    """Two hundred kilobytes that would unpack to two hundred megabytes."""
    archive = BytesIO(xlsx([HEADINGS, ["1", "An"]]))
    with (
        zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb,
        bomb.open("xl/media/image1.bin", "w") as part,
    ):
        for _ in range(200):
            part.write(bytes(1024 * 1024))
    began = time.process_time()
    assert "lớn quá 100 MB" in why_not(archive.getvalue())
    assert time.process_time() - began < 5


def test_archive_that_lies_about_its_size_is_broken():
    """The size in the directory is made small: the reader stops there, and the sum does not agree."""
    content = bytearray(xlsx([HEADINGS, ["1", "An"]]))
    at = content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02"))
    struct.pack_into("<I", content, at - 46 + 24, 64)
    assert "hỏng" in why_not(bytes(content))


def test_encrypted_archive_is_refused():
    content = bytearray(xlsx([HEADINGS, ["1", "An"]]))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "mật khẩu" in why_not(bytes(content))


def test_too_large_a_file_is_refused():
    assert "lớn quá 5 MB" in why_not(b"PK\x03\x04" + zlib.compress(b"") + bytes(5 * 1024 * 1024))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    rows = [[str(number), "An", "7A"] for number in range(4)]
    assert "hơn 3 dòng" in why_not(xlsx([HEADINGS, *rows]))
    assert len(read_table(BytesIO(xlsx([HEADINGS, *rows[:3]])), STUDENTS).rows) == 3


def test_too_many_columns_are_refused():
    assert "hơn 60 cột" in why_not(xlsx([HEADINGS, ["1", *["x"] * 60]]))


def test_row_far_below_does_not_stop_the_reader():
    def far(xml: str) -> str:
        return xml.replace("</sheetData>", '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>')

    content = with_part(xlsx([HEADINGS, ["1", "An", "7A"]]), "xl/worksheets/sheet1.xml", far)
    assert len(read_table(BytesIO(content), STUDENTS).rows) == 1


@pytest.mark.parametrize("sheets", [[[]], [[], []], [[[None, ""]]]])
def test_empty_workbook_is_refused(sheets):
    assert "Tệp trống" in why_not(xlsx(*sheets))


def test_headings_alone_are_refused():
    assert "chưa có dòng dữ liệu nào" in why_not(xlsx([HEADINGS]))


def test_unknown_headings_are_refused():
    assert "Không thấy dòng tiêu đề" in why_not(xlsx([["Tên hàng", "Giá"], ["Bút", 3]]))
