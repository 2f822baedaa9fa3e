"""The columns of the lists a school brings as Excel files, and how their headings are recognised.

Source: the templates of the sector's database (law.md §5.6: identity codes are text, leading zeros kept) and page 1 of
the record book (law.md §4.1–4.3). Headings are compared without case, diacritics, spaces and signs, in any order.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["text", "code", "date", "choice"]

STUDENTS: Final = "HOC_SINH"
STAFF: Final = "NHAN_SU"
ASSIGNMENTS: Final = "PHAN_CONG"

# A first cell that begins so marks the row of examples in the template.
EXAMPLE: Final = "Ví dụ"


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading in the template, other spellings seen in schools' files, how its cells are to be
    read (``code`` keeps leading zeros), whether a file without it is refused, an example, and help for the sheet of
    instructions."""

    key: str
    heading: str
    spellings: tuple[str, ...] = ()
    required: bool = False
    form: Form = "text"
    example: str = ""
    help: str = ""


def _family(key: str, heading: str, short: str, example: tuple[str, str, str]) -> tuple[Column, ...]:
    return (
        Column(
            f"{key}_name",
            f"Họ và tên {heading}",
            (f"Họ tên {heading}", f"Tên {heading}", short, f"{short} họ và tên"),
            example=example[0],
        ),
        Column(
            f"{key}_phone",
            f"Số điện thoại {heading}",
            (f"SĐT {heading}", f"Điện thoại {heading}", f"ĐT {heading}", f"Di động {heading}"),
            form="code",
            example=example[1],
            help="10 chữ số, bắt đầu bằng 0. Có số điện thoại thì lập tài khoản phụ huynh, hoặc dùng tài khoản đã có.",
        ),
        Column(f"{key}_occupation", f"Nghề nghiệp {heading}", (f"Nghề {heading}",), example=example[2]),
    )


_NUMBER = Column("number", "STT", ("TT", "Số thứ tự", "No"), help="Chỉ để đếm; không nhập vào đâu.")
_PERSONAL_ID = (
    "Số định danh",
    "Số ĐDCN",
    "Số CCCD",
    "CCCD",
    "Mã định danh",
    "Mã định danh cá nhân",
    "Số căn cước",
    "Số định danh cá nhân/CCCD",
    "Số CMND/CCCD",
)

_STUDENTS: Final = (
    _NUMBER,
    Column(
        "student_code",
        "Mã học sinh",
        ("Mã HS", "Mã định danh Bộ GD&ĐT", "Mã học sinh CSDL ngành", "Mã định danh bộ"),
        required=True,
        form="code",
        example="7901234567",
        help="Mã trên CSDL ngành; 4–20 chữ số hoặc chữ hoa. Dùng để nhận ra học sinh đã có.",
    ),
    Column(
        "full_name",
        "Họ và tên",
        ("Họ tên", "Họ tên học sinh", "Họ và tên học sinh", "Tên học sinh"),
        required=True,
        example="Nguyễn Minh An",
        help="Như giấy khai sinh, có dấu.",
    ),
    Column("class_name", "Lớp", ("Tên lớp", "Lớp học"), required=True, example="7A"),
    Column(
        "born_on",
        "Ngày sinh",
        ("Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày"),
        required=True,
        form="date",
        example="05/09/2014",
        help="Ngày/tháng/năm, ví dụ 05/09/2014; hoặc ô kiểu ngày của Excel.",
    ),
    Column("gender", "Giới tính", ("Nam/Nữ", "Phái"), required=True, form="choice", example="Nam", help="Nam hoặc Nữ."),
    Column(
        "personal_id",
        "Số định danh cá nhân",
        _PERSONAL_ID,
        form="code",
        example="001214000123",
        help="Đủ 12 chữ số, giữ số 0 ở đầu. Chưa có thì ghi lí do ở cột bên cạnh.",
    ),
    Column(
        "personal_id_missing",
        "Lí do chưa có số định danh",
        ("Lí do thiếu số định danh", "Lý do chưa có số định danh"),
        help="Bắt buộc khi học sinh chưa có số định danh.",
    ),
    Column("ethnicity", "Dân tộc", example="Kinh", help="Để trống với học sinh mới: Kinh."),
    Column("nationality", "Quốc tịch", example="Việt Nam", help="Để trống với học sinh mới: Việt Nam."),
    Column("birthplace", "Nơi sinh", example="Tỉnh Mẫu"),
    Column("hometown", "Quê quán", ("Nguyên quán",), example="Tỉnh Mẫu"),
    Column("address", "Chỗ ở hiện tại", ("Địa chỉ", "Nơi ở", "Chỗ ở", "Nơi ở hiện nay"), example="12 phố Mẫu"),
    Column("policy_family", "Con liệt sĩ, con thương binh", ("Diện chính sách", "Đối tượng chính sách")),
    Column("registry_number", "Số sổ đăng bộ", ("Số đăng bộ",), form="code"),
    Column("admitted_on", "Ngày nhập học", ("Ngày nhập học, chuyển đến", "Ngày vào trường"), form="date"),
    Column(
        "starts_on",
        "Vào lớp từ ngày",
        ("Ngày vào lớp",),
        form="date",
        help="Để trống: từ ngày đầu của năm học.",
    ),
    *_family("mother", "mẹ", "Mẹ", ("Trần Thị Bình", "0900000101", "Giáo viên")),
    *_family("father", "cha", "Cha", ("Nguyễn Văn Cường", "0900000102", "Kĩ sư")),
    *_family("guardian", "người giám hộ", "Người giám hộ", ("", "", "")),
)  # fmt: skip

_STAFF: Final = (
    _NUMBER,
    Column(
        "full_name",
        "Họ và tên",
        ("Họ tên", "Họ tên giáo viên", "Họ và tên giáo viên", "Giáo viên"),
        required=True,
        example="Lê Thu Hà",
    ),
    Column(
        "phone",
        "Số điện thoại",
        ("SĐT", "Điện thoại", "Di động", "Số ĐT", "ĐTDĐ"),
        required=True,
        form="code",
        example="0900000201",
        help="10 chữ số, bắt đầu bằng 0. Dùng để đăng nhập và để nhận ra người đã có.",
    ),
    Column("email", "Thư điện tử", ("Email", "E-mail", "Hộp thư", "Địa chỉ email"), example="halt@example.vn"),
    Column("personal_id", "Số định danh cá nhân", _PERSONAL_ID, form="code", example="001180000456"),
    Column(
        "staff_code",
        "Mã định danh ngành",
        ("Mã giáo viên", "Mã GV", "Mã cán bộ", "Mã nhân sự", "Mã CB"),
        form="code",
        example="0112345678",
    ),
    Column(
        "role",
        "Vai trò",
        ("Chức vụ", "Chức danh"),
        form="choice",
        example="Giáo viên",
        help="Giáo viên hoặc Phó hiệu trưởng; để trống: Giáo viên. Hiệu trưởng và văn thư do Sở bổ nhiệm.",
    ),
)  # fmt: skip

_ASSIGNMENTS: Final = (
    _NUMBER,
    Column("class_name", "Lớp", ("Tên lớp", "Lớp học", "Lớp dạy"), required=True, example="7A"),
    Column(
        "subject",
        "Môn",
        ("Môn học", "Môn dạy", "Tên môn", "Mã môn"),
        required=True,
        form="choice",
        example="Toán",
        help="Tên hoặc mã môn; ghi “Chủ nhiệm” để phân công chủ nhiệm lớp.",
    ),
    Column(
        "part",
        "Phân môn",
        ("Mạch nội dung", "Phần"),
        help="Chỉ với môn có nhiều giáo viên: Vật lí, Hóa học, Sinh học; Lịch sử, Địa lí; Âm nhạc, Mĩ thuật.",
    ),
    Column(
        "columns",
        "Cột điểm",
        ("Các cột điểm", "Cột được nhập", "Cột nhập điểm", "Cột điểm được nhập"),
        help="Chỉ với phân môn: các cột của sổ điểm mà giáo viên ấy nhập, ví dụ TX1, TX2, GK. Viết TX 1, ĐĐGtx1, giữa "
        "kì, cuối kì, nhận xét cũng được; “Tất cả” là mọi cột. Một cột chỉ giao cho một phân môn.",
    ),
    Column(
        "teacher_name",
        "Giáo viên",
        ("Họ tên giáo viên", "Họ và tên giáo viên", "Họ và tên", "Họ tên", "Tên giáo viên"),
        required=True,
        example="Lê Thu Hà",
        help="Nếu trường có hai người trùng tên, ghi thêm một trong ba cột bên cạnh.",
    ),
    Column("phone", "Số điện thoại", ("SĐT", "Điện thoại", "Di động"), form="code", example="0900000201"),
    Column("staff_code", "Mã định danh ngành", ("Mã giáo viên", "Mã GV"), form="code"),
    Column("username", "Tên đăng nhập", ("Tài khoản",), form="code"),
    Column(
        "starts_on",
        "Từ ngày",
        ("Ngày bắt đầu", "Dạy từ ngày", "Áp dụng từ ngày"),
        form="date",
        help="Để trống: từ ngày đầu năm học; khi thay người dạy: từ hôm nay.",
    ),
)  # fmt: skip

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {STUDENTS: _STUDENTS, STAFF: _STAFF, ASSIGNMENTS: _ASSIGNMENTS}


@dataclass(frozen=True)
class Match:
    """Which place of a row of headings holds which column; what was not recognised, what is there twice, and which
    required columns are missing (by their headings)."""

    places: dict[int, Column]
    unknown: tuple[str, ...]
    doubled: tuple[str, ...]
    missing: tuple[str, ...]


def folded(text: str) -> str:
    """``so dinh danh`` and ``Số Định-Danh:`` alike: letters and digits only, lower case, without diacritics."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def match_headings(kind: str, headings: Sequence[str]) -> Match:
    """Recognise a row of headings of a list of that kind (law.md §5.6). Never fails: says what is missing instead."""
    known = _spellings(kind)
    places: dict[int, Column] = {}
    unknown, doubled = [], []
    for place, heading in enumerate(headings):
        column = known.get(folded(heading))
        if column is None:
            if folded(heading):
                unknown.append(heading)
        elif column in places.values():
            doubled.append(column.heading)
        else:
            places[place] = column
    missing = [column.heading for column in COLUMNS[kind] if column.required and column not in places.values()]
    return Match(places, tuple(unknown), tuple(doubled), tuple(missing))


def is_example(first_cell: str) -> bool:
    """Whether a row is the template's example, which is not imported (law.md §5.6)."""
    return folded(first_cell).startswith(folded(EXAMPLE))


def _spellings(kind: str) -> dict[str, Column]:
    return {
        folded(spelling): column for column in COLUMNS[kind] for spelling in (column.heading, *column.spellings)
    } | {folded(column.heading): column for column in COLUMNS[kind]}
