"""The codes of the law as people read them, on the form and on the screen."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from hocbaso.lib.vietnamese import short_date
from records.rules.tt27 import SUBJECT_WORDS

LEVELS: Final = {"TOT": "Tốt", "KHA": "Khá", "DAT": "Đạt", "CHUA_DAT": "Chưa đạt"}
PASSES: Final = {"D": "Đạt", "CD": "Chưa đạt"}
PROMOTIONS: Final = {
    "LEN_LOP": "Được lên lớp",
    "KHONG_LEN_LOP": "Không được lên lớp",
    "REN_LUYEN_HE": "Rèn luyện trong kì nghỉ hè",
    "DANH_GIA_LAI": "Kiểm tra, đánh giá lại trong kì nghỉ hè",
    "HOI_DONG": "Chờ quyết định của nhà trường",
    "HOAN_THANH": "Hoàn thành chương trình lớp học",
    "DANH_GIA_BO_SUNG": "Đánh giá bổ sung trong hè",
    "HIEU_TRUONG": "Chờ hiệu trưởng quyết định",
}
TERMS: Final = {"HK1": "Học kì I", "HK2": "Học kì II"}
IN_PLACE: Final = "Kí thay hiệu trưởng "
AWARDS: Final = {
    "HSXS": "Học sinh Xuất sắc",
    "HSG": "Học sinh Giỏi",
    "HSTB": "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
    "": "",
}


def source_words(source: Mapping[str, str]) -> str:
    """Where a term was assessed that another school assessed, as the page says it (law.md §1.4)."""
    term = TERMS.get(source["term"], source["term"])
    where = f"{term}: kết quả của {source['school']}, {source['place']}"
    if not source["document_number"]:
        return f"{where}."
    day = short_date(date.fromisoformat(source["document_on"]))
    return f"{where}, theo giấy chuyển trường số {source['document_number']} ngày {day}."


def shown_value(value: str | None) -> str:
    """A subject's result in words: "7,9", "Đạt", "Hoàn thành tốt"; "" where there is none yet (TT 22/2021 Đ5.3;
    TT 27/2020 Đ7.1.a)."""
    if not value:
        return ""
    return {**PASSES, **SUBJECT_WORDS}.get(value, value.replace(".", ","))


def in_place_of(principal: str) -> str:
    """What a signature given for the principal says of itself, in the file and on the screen (law.md §6.1)."""
    return f"{IN_PLACE}{principal}"
