"""What schools call subjects and their parts in their own lists.

Source: the names of TT 32/2018, TT 13/2022/TT-BGDĐT (law.md §3), with the short names in everyday use.
"""

from typing import Final

from schools.rules.gdpt2018 import PARTS, SUBJECTS
from schools.rules.headings import folded

_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "TIENG_VIET": ("TV",),
    "NGU_VAN": ("Văn", "Ngữ văn"),
    "NGOAI_NGU_1": ("Tiếng Anh", "Anh", "Anh văn", "Ngoại ngữ", "NN1"),
    "GDCD": ("Công dân", "GD công dân"),
    "TNXH": ("TN&XH",),
    "LS_DL": ("Sử Địa", "LS&ĐL", "Sử - Địa"),
    "LICH_SU": ("Sử",),
    "DIA_LI": ("Địa", "Địa lý"),
    "GDKTPL": ("KTPL", "GDKT&PL", "Kinh tế pháp luật"),
    "KHTN": ("Khoa học tự nhiên",),
    "VAT_LI": ("Lí", "Lý", "Vật lý"),
    "HOA_HOC": ("Hóa", "Hoá học"),
    "SINH_HOC": ("Sinh",),
    "TIN_CN": ("Tin học & Công nghệ",),
    "CONG_NGHE": ("CN",),
    "TIN_HOC": ("Tin",),
    "GDTC": ("Thể dục", "TD", "Thể chất"),
    "AM_NHAC": ("Nhạc",),
    "MI_THUAT": ("Họa", "Mỹ thuật", "MT"),
    "GDQPAN": ("Quốc phòng", "GDQP", "QPAN"),
    "HDTN": ("HĐTN", "Trải nghiệm"),
    "HDTN_HN": ("HĐTN", "HĐTNHN", "Trải nghiệm", "Hoạt động trải nghiệm"),
    "GDDP": ("Giáo dục địa phương", "GDĐP", "Địa phương"),
    "TIENG_DTTS": ("Tiếng dân tộc",),
    "NGOAI_NGU_2": ("NN2",),
}  # fmt: skip
_HOMEROOM: Final = ("Chủ nhiệm", "GVCN", "CN lớp", "Chủ nhiệm lớp")


def is_homeroom(text: str) -> bool:
    """Whether the cell of the subject says that the row is about the homeroom teacher (TT 22/2021 Đ20)."""
    return folded(text) in {folded(name) for name in _HOMEROOM}


def subject_and_part(text: str, part: str, offered: frozenset[str]) -> tuple[str, str] | None:
    """(code of the subject, part or nothing) among the subjects ``offered`` in a grade, by code, name, short name, or
    by the name of a part: “Vật lí” of a grade 7 is that part of Khoa học tự nhiên. None if unknown (law.md §3)."""
    wanted, wanted_part = folded(text), folded(part)
    for code in sorted(offered):
        if wanted in _names(code):
            found = _part_of(code, wanted_part) if wanted_part else ""
            return None if found is None else (code, found)
    for code in sorted(offered & set(PARTS)):
        for name in PARTS[code]:
            if wanted in _part_names(code, name) and wanted_part in {"", wanted}:
                return code, name
    return None


def _names(code: str) -> set[str]:
    return {folded(name) for name in (code, SUBJECTS.get(code, code), *_SHORT.get(code, ()))}


def _part_of(code: str, wanted: str) -> str | None:
    return next((name for name in PARTS.get(code, ()) if wanted in _part_names(code, name)), None)


def _part_names(code: str, part: str) -> set[str]:
    """A part bears the name of a subject of the upper level, so its short names hold too: “Lí”, “KHTN (Lí)”."""
    alone = {folded(part)} | {name for other, title in SUBJECTS.items() if title == part for name in _names(other)}
    whole = {folded(SUBJECTS[code]), folded(code)}
    return alone | {first + second for first in whole for second in alone}
