"""The codes of the law as people read them, on the form and on the screen."""

from typing import Final

LEVELS: Final = {"TOT": "Tốt", "KHA": "Khá", "DAT": "Đạt", "CHUA_DAT": "Chưa đạt"}
PASSES: Final = {"D": "Đạt", "CD": "Chưa đạt"}
PROMOTIONS: Final = {
    "LEN_LOP": "Được lên lớp",
    "KHONG_LEN_LOP": "Không được lên lớp",
    "REN_LUYEN_HE": "Rèn luyện trong kì nghỉ hè",
    "DANH_GIA_LAI": "Kiểm tra, đánh giá lại trong kì nghỉ hè",
    "HOI_DONG": "Chờ quyết định của nhà trường",
}
IN_PLACE: Final = "Kí thay hiệu trưởng "
AWARDS: Final = {"HSXS": "Học sinh Xuất sắc", "HSG": "Học sinh Giỏi", "": ""}


def shown_value(value: str | None) -> str:
    """A subject's result in words: "7,9", "Đạt"; "" where there is none yet (TT 22/2021/TT-BGDĐT Đ5.3)."""
    if not value:
        return ""
    return PASSES.get(value, value.replace(".", ","))


def in_place_of(principal: str) -> str:
    """What a signature given for the principal says of itself, in the file and on the screen (law.md §6.1)."""
    return f"{IN_PLACE}{principal}"
