"""The levels of TT 27/2020/TT-BGDĐT, the qualities and competences that are assessed, and their words.

Sources: TT 27/2020/TT-BGDĐT Đ7.1.a (subjects), Đ7.2 (phẩm chất, năng lực), Đ9.2.a (result of the year); law.md §2.
"""

from collections.abc import Iterable
from typing import Final

from schools.rules.levels import PRIMARY, level_of

CIRCULAR: Final = "TT 27/2020/TT-BGDĐT"

WELL_DONE: Final = "T"
DONE: Final = "H"
NOT_DONE: Final = "C"
SUBJECT_WORDS: Final = {WELL_DONE: "Hoàn thành tốt", DONE: "Hoàn thành", NOT_DONE: "Chưa hoàn thành"}

GOOD: Final = "T"
REACHED: Final = "D"
NEEDS_EFFORT: Final = "C"
TRAIT_WORDS: Final = {GOOD: "Tốt", REACHED: "Đạt", NEEDS_EFFORT: "Cần cố gắng"}

HTXS: Final = "HTXS"
HTT: Final = "HTT"
HT: Final = "HT"
CHT: Final = "CHT"
RESULT_WORDS: Final = {
    HTXS: "Hoàn thành xuất sắc",
    HTT: "Hoàn thành tốt",
    HT: "Hoàn thành",
    CHT: "Chưa hoàn thành",
}

QUALITIES: Final = {
    "YEU_NUOC": "Yêu nước",
    "NHAN_AI": "Nhân ái",
    "CHAM_CHI": "Chăm chỉ",
    "TRUNG_THUC": "Trung thực",
    "TRACH_NHIEM": "Trách nhiệm",
}
GENERAL_COMPETENCES: Final = {
    "TU_CHU": "Tự chủ và tự học",
    "GIAO_TIEP": "Giao tiếp và hợp tác",
    "GIAI_QUYET": "Giải quyết vấn đề và sáng tạo",
}
_SPECIAL_COMPETENCES: Final = {
    "NGON_NGU": "Ngôn ngữ",
    "TINH_TOAN": "Tính toán",
    "KHOA_HOC": "Khoa học",
    "CONG_NGHE": "Công nghệ",
    "TIN_HOC": "Tin học",
    "THAM_MI": "Thẩm mĩ",
    "THE_CHAT": "Thể chất",
}
_FROM_GRADE_3: Final = frozenset({"CONG_NGHE", "TIN_HOC"})


def special_competences(grade_level: int) -> dict[str, str]:
    """TT 27/2020/TT-BGDĐT Đ7.2: năng lực đặc thù by code, in the order of the form: five in lớp 1–2, with Công nghệ
    and Tin học seven in lớp 3–5. ValueError for a grade that is not of tiểu học."""
    require_primary(grade_level)
    return {code: name for code, name in _SPECIAL_COMPETENCES.items() if grade_level > 2 or code not in _FROM_GRADE_3}


def traits(grade_level: int) -> dict[str, str]:
    """TT 27/2020/TT-BGDĐT Đ7.2: everything the homeroom teacher assesses beside the subjects, by code, in the order of
    the form: 13 rows in lớp 1–2, 15 in lớp 3–5. ValueError for a grade that is not of tiểu học."""
    return QUALITIES | GENERAL_COMPETENCES | special_competences(grade_level)


def require_primary(grade_level: int) -> None:
    """TT 27/2020/TT-BGDĐT: ValueError unless the grade (khối) is 1–5."""
    if level_of(grade_level) != PRIMARY:
        raise ValueError(f"Khối {grade_level} không thuộc tiểu học (1–5).")


def require_known(codes: Iterable[str], known: Iterable[str]) -> None:
    """TT 27/2020/TT-BGDĐT Đ7, Đ9: ValueError unless every code is one of those known."""
    for code in codes:
        if code not in known:
            raise ValueError(f"“{code}” không phải là một trong các mức {', '.join(known)}.")
