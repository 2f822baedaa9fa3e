"""The GDPT 2018 curriculum: subjects, grades, annual periods, kind, printed order.

Source: TT 32/2018, TT 20/2021, TT 13/2022, TT 17/2025/TT-BGDĐT (tables of periods); kinds by TT 22/2021 Đ5.3 and
TT 27/2020 Đ7.1; law.md §3. Frozen: a later edition is a new file with its own rule-set id.
"""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["DIEM", "NHAN_XET", "MUC"]
Choice = Literal["BAT_BUOC", "LUA_CHON", "TU_CHON"]

SUBJECTS: Final[dict[str, str]] = {
    "TIENG_VIET": "Tiếng Việt",
    "NGU_VAN": "Ngữ văn",
    "TOAN": "Toán",
    "NGOAI_NGU_1": "Ngoại ngữ 1",
    "DAO_DUC": "Đạo đức",
    "GDCD": "Giáo dục công dân",
    "TNXH": "Tự nhiên và Xã hội",
    "LS_DL": "Lịch sử và Địa lí",
    "LICH_SU": "Lịch sử",
    "DIA_LI": "Địa lí",
    "GDKTPL": "Giáo dục kinh tế và pháp luật",
    "KHOA_HOC": "Khoa học",
    "KHTN": "Khoa học tự nhiên",
    "VAT_LI": "Vật lí",
    "HOA_HOC": "Hóa học",
    "SINH_HOC": "Sinh học",
    "TIN_CN": "Tin học và Công nghệ",
    "CONG_NGHE": "Công nghệ",
    "TIN_HOC": "Tin học",
    "GDTC": "Giáo dục thể chất",
    "NGHE_THUAT": "Nghệ thuật",
    "AM_NHAC": "Âm nhạc",
    "MI_THUAT": "Mĩ thuật",
    "GDQPAN": "Giáo dục quốc phòng và an ninh",
    "HDTN": "Hoạt động trải nghiệm",
    "HDTN_HN": "Hoạt động trải nghiệm, hướng nghiệp",
    "GDDP": "Nội dung giáo dục của địa phương",
    "TIENG_DTTS": "Tiếng dân tộc thiểu số",
    "NGOAI_NGU_2": "Ngoại ngữ 2",
}

# Subjects taught by several teachers, one part each (TT 22/2021: “các giáo viên môn học cùng kí tên”; law.md §1.1).
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "LS_DL": ("Lịch sử", "Địa lí"),
    "KHTN": ("Vật lí", "Hóa học", "Sinh học"),
    "NGHE_THUAT": ("Âm nhạc", "Mĩ thuật"),
    "TIN_CN": ("Tin học", "Công nghệ"),
}


@dataclass(frozen=True)
class Offering:
    """A subject in a grade: kind of assessment, compulsory or chosen, periods (tiết) a year, place in print."""

    rule_set: str
    grade_level: int
    subject: str
    kind: Kind
    choice: Choice
    annual_periods: int
    position: int


_Row = tuple[str, Kind, Choice, tuple[int, ...]]

# Periods per grade, 0 where the subject is not taught.
_PRIMARY: Final[tuple[_Row, ...]] = (
    ("TIENG_VIET", "MUC", "BAT_BUOC", (420, 350, 245, 245, 245)),
    ("TOAN", "MUC", "BAT_BUOC", (105, 175, 175, 175, 175)),
    ("NGOAI_NGU_1", "MUC", "BAT_BUOC", (70, 70, 140, 140, 140)),
    ("DAO_DUC", "MUC", "BAT_BUOC", (35, 35, 35, 35, 35)),
    ("TNXH", "MUC", "BAT_BUOC", (70, 70, 70, 0, 0)),
    ("LS_DL", "MUC", "BAT_BUOC", (0, 0, 0, 70, 70)),
    ("KHOA_HOC", "MUC", "BAT_BUOC", (0, 0, 0, 70, 70)),
    ("TIN_CN", "MUC", "BAT_BUOC", (0, 0, 70, 70, 70)),
    ("GDTC", "MUC", "BAT_BUOC", (70, 70, 70, 70, 70)),
    ("NGHE_THUAT", "MUC", "BAT_BUOC", (70, 70, 70, 70, 70)),
    ("HDTN", "MUC", "BAT_BUOC", (105, 105, 105, 105, 105)),
    ("TIENG_DTTS", "MUC", "TU_CHON", (70, 70, 70, 70, 70)),
)
_LOWER_SECONDARY: Final[tuple[_Row, ...]] = (
    ("NGU_VAN", "DIEM", "BAT_BUOC", (140, 140, 140, 140)),
    ("TOAN", "DIEM", "BAT_BUOC", (140, 140, 140, 140)),
    ("NGOAI_NGU_1", "DIEM", "BAT_BUOC", (105, 105, 105, 105)),
    ("GDCD", "DIEM", "BAT_BUOC", (35, 35, 35, 35)),
    ("LS_DL", "DIEM", "BAT_BUOC", (105, 105, 105, 105)),
    ("KHTN", "DIEM", "BAT_BUOC", (140, 140, 140, 140)),
    ("CONG_NGHE", "DIEM", "BAT_BUOC", (35, 35, 52, 52)),
    ("TIN_HOC", "DIEM", "BAT_BUOC", (35, 35, 35, 35)),
    ("GDTC", "NHAN_XET", "BAT_BUOC", (70, 70, 70, 70)),
    ("NGHE_THUAT", "NHAN_XET", "BAT_BUOC", (70, 70, 70, 70)),
    ("HDTN_HN", "NHAN_XET", "BAT_BUOC", (105, 105, 105, 105)),
    ("GDDP", "NHAN_XET", "BAT_BUOC", (35, 35, 35, 35)),
    ("TIENG_DTTS", "DIEM", "TU_CHON", (105, 105, 105, 105)),
    ("NGOAI_NGU_2", "DIEM", "TU_CHON", (105, 105, 105, 105)),
)
_UPPER_SECONDARY: Final[tuple[_Row, ...]] = (
    ("NGU_VAN", "DIEM", "BAT_BUOC", (105, 105, 105)),
    ("TOAN", "DIEM", "BAT_BUOC", (105, 105, 105)),
    ("NGOAI_NGU_1", "DIEM", "BAT_BUOC", (105, 105, 105)),
    ("LICH_SU", "DIEM", "BAT_BUOC", (52, 52, 52)),
    ("DIA_LI", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("GDKTPL", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("VAT_LI", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("HOA_HOC", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("SINH_HOC", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("CONG_NGHE", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("TIN_HOC", "DIEM", "LUA_CHON", (70, 70, 70)),
    ("AM_NHAC", "NHAN_XET", "LUA_CHON", (70, 70, 70)),
    ("MI_THUAT", "NHAN_XET", "LUA_CHON", (70, 70, 70)),
    ("GDTC", "NHAN_XET", "BAT_BUOC", (70, 70, 70)),
    ("GDQPAN", "DIEM", "BAT_BUOC", (35, 35, 35)),
    ("HDTN_HN", "NHAN_XET", "BAT_BUOC", (105, 105, 105)),
    ("GDDP", "NHAN_XET", "BAT_BUOC", (35, 35, 35)),
    ("TIENG_DTTS", "DIEM", "TU_CHON", (105, 105, 105)),
    ("NGOAI_NGU_2", "DIEM", "TU_CHON", (105, 105, 105)),
)

# THPT: each student takes this many electives (TT 13/2022; law.md §3).
UPPER_SECONDARY_ELECTIVES: Final = 4
_OPTIONAL_IN_GRADES: Final = {"NGOAI_NGU_1": range(1, 3)}  # tự chọn in lớp 1–2 only


def offerings() -> list[Offering]:
    """Every subject of every grade (TT 32/2018, TT 13/2022, TT 17/2025; law.md §3), in printed order."""
    tables = (("TT27-2020", 1, _PRIMARY), ("TT22-2021", 6, _LOWER_SECONDARY), ("TT22-2021", 10, _UPPER_SECONDARY))
    return [
        Offering(
            rule_set, first_grade + index, subject, kind, _choice(subject, first_grade + index, choice), periods, place
        )
        for rule_set, first_grade, rows in tables
        for place, (subject, kind, choice, periods_by_grade) in enumerate(rows, start=1)
        for index, periods in enumerate(periods_by_grade)
        if periods
    ]


def _choice(subject: str, grade_level: int, usual: Choice) -> Choice:
    return "TU_CHON" if grade_level in _OPTIONAL_IN_GRADES.get(subject, ()) else usual
