"""What may stand in a cell, and how what was typed is read. A value is taken or refused: never clamped, never rounded.

Sources: TT 22/2021/TT-BGDĐT Đ5.3 (scale of ten, one decimal place; Đạt / Chưa đạt), Đ7 (a periodic test missed without
reason), Đ8 (conduct); TT 27/2020/TT-BGDĐT Đ7.1 (levels, whole scores), Đ7.2 (phẩm chất, năng lực); law.md §1.1, §1.4,
§2. The same table of cases is tested here and in the browser.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from records.rules.columns import (
    CONDUCT,
    DAYS,
    LEVEL,
    MARK,
    PASS,
    SCORE,
    SCORE_FROM_ZERO,
    TEXT,
    TICK,
    TRAIT,
    Column,
)
from records.rules.tt27 import is_valid_score

ABSENT: Final = "V"
WAIVED: Final = "K"
EXEMPT: Final = "M"
LONGEST_TEXT: Final = 600
MOST_DAYS: Final = 200

CONDUCT_WORDS: Final = {"TOT": "Tốt", "KHA": "Khá", "DAT": "Đạt", "CHUA_DAT": "Chưa đạt"}
PASS_WORDS: Final = {"D": "Đ", "CD": "CĐ"}
_CONDUCT_SHORT: Final = {
    "t": "TOT", "tot": "TOT", "k": "KHA", "kha": "KHA", "d": "DAT", "dat": "DAT",
    "c": "CHUA_DAT", "cd": "CHUA_DAT", "chua dat": "CHUA_DAT",
}  # fmt: skip
_PASS_SHORT: Final = {"d": "D", "dat": "D", "cd": "CD", "chua dat": "CD", "c": "CD"}
_LEVEL_SHORT: Final = {
    "t": "T", "htt": "T", "hoan thanh tot": "T", "h": "H", "ht": "H", "hoan thanh": "H",
    "c": "C", "cht": "C", "chua hoan thanh": "C",
}  # fmt: skip
_TRAIT_SHORT: Final = {"t": "T", "tot": "T", "d": "D", "dat": "D", "c": "C", "ccg": "C", "can co gang": "C"}
TICKED: Final = "X"
_ABSENT_WORDS: Final = frozenset({"v", "vang"})
_EXEMPT_WORDS: Final = frozenset({"m", "mien"})
_OF_SUBJECTS: Final = frozenset({MARK, PASS, LEVEL, SCORE, SCORE_FROM_ZERO})


# What the form can print, its font has every one of these: Latin and Vietnamese, Greek, signs of writing and of
# reckoning. Neither marks that turn the direction of writing nor letters that nobody sees are among them.
_PRINTED: Final = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x36F), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x1E00, 0x1EFF), (0x2010, 0x2027),
    (0x2030, 0x205E), (0x2070, 0x2071), (0x2074, 0x208E), (0x20A0, 0x20BE), (0x2100, 0x214F), (0x2190, 0x2195),
    (0x2211, 0x2212), (0x221A, 0x221A), (0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265),
    (0x25A0, 0x25A1), (0x25CF, 0x25CF),
)  # fmt: skip


class InvalidCell(ValueError):
    """What was typed cannot stand in this column; the text says the rule, and never proposes a value."""


def read_cell(typed: str, column: Column) -> str:
    """The value to be stored for what was typed: "8.5", "10", "D", "CD", "V" (vắng không lí do), "TOT", "H", a text in
    NFC; "" for an empty cell. InvalidCell with the rule in Vietnamese (TT 22/2021 Đ5.3, Đ7, Đ8; TT 27/2020 Đ7)."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not text:
        return ""
    word = _plain(text)
    if column.scale in {MARK, PASS} and word in _ABSENT_WORDS:
        return _absent(column)
    if column.scale in {MARK, PASS} and word == WAIVED.lower():
        raise InvalidCell("“K” (cho phép thiếu) do hiệu trưởng ghi cho kết quả thường xuyên, kèm lí do")
    if column.scale in _OF_SUBJECTS and word in _EXEMPT_WORDS:
        raise InvalidCell("miễn học do nhà trường ghi theo quyết định của hiệu trưởng, không ghi trong ô điểm")
    return _READERS[column.scale](text)


def read_remark(typed: str) -> str:
    """A remark as it is stored: in NFC, one space between words; "" for none. InvalidCell with the rule in Vietnamese
    where it is too long or cannot be printed (TT 22/2021, Phụ lục)."""
    return read_cell(typed, Column("NX", "NX", "Nhận xét", TEXT))


def shown_cell(value: str, scale: str) -> str:
    """A stored value as people write it: 8,5; Đ; Vắng; Tốt; x (TT 22/2021 Đ5.3; TT 27/2020 Đ7)."""
    if scale == MARK:
        return value.replace(".", ",")
    if scale in {PASS, TRAIT}:
        return PASS_WORDS.get(value, value)
    if scale == TICK:
        return value.lower()
    if scale == CONDUCT:
        return CONDUCT_WORDS.get(value, value)
    return value


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _absent(column: Column) -> str:
    if not column.periodic:
        raise InvalidCell("“V” (vắng không lí do) chỉ ghi cho bài kiểm tra giữa kì, cuối kì")
    return ABSENT


def _mark(text: str) -> str:
    number = text.replace(",", ".")
    if re.fullmatch(r"0*(10(\.0*)?|\d(\.\d?)?)", number, re.ASCII) is None:
        raise InvalidCell(_why_no_mark(number))
    whole, _, part = number.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{whole}.{part}" if part else whole


def _why_no_mark(number: str) -> str:
    if re.fullmatch(r"\d+\.\d{2,}", number, re.ASCII):
        return "điểm lấy đến một chữ số thập phân, ví dụ 7,5; máy không tự làm tròn"
    if re.fullmatch(r"-?\d+(\.\d*)?", number, re.ASCII):
        return "điểm nằm trong thang từ 0 đến 10"
    return "điểm là một số từ 0 đến 10, ví dụ 7,5"


def _one_of(text: str, short: Mapping[str, str], rule: str) -> str:
    value = short.get(_plain(text))
    if value is None:
        raise InvalidCell(rule)
    return value


def _pass(text: str) -> str:
    return _one_of(text, _PASS_SHORT, "môn này đánh giá bằng nhận xét: ghi Đ (Đạt) hoặc CĐ (Chưa đạt)")


def _conduct(text: str) -> str:
    if text in CONDUCT_WORDS:
        return text
    return _one_of(text, _CONDUCT_SHORT, "kết quả rèn luyện là Tốt, Khá, Đạt hoặc Chưa đạt")


def _level(text: str) -> str:
    rule = "mức đạt được là T (Hoàn thành tốt), H (Hoàn thành) hoặc C (Chưa hoàn thành)"
    return _one_of(text, _LEVEL_SHORT, rule)


def _trait(text: str) -> str:
    return _one_of(text, _TRAIT_SHORT, "phẩm chất, năng lực ghi T (Tốt), Đ (Đạt) hoặc C (Cần cố gắng)")


def _score(text: str, lowest: int) -> str:
    number = text.replace(",", ".")
    if re.fullmatch(r"\d{1,3}(\.0*)?", number, re.ASCII) is None:
        decimals = re.fullmatch(r"\d+\.\d+", number, re.ASCII)
        told = (
            "; máy không tự làm tròn" if decimals else ", vắng thì kiểm tra bù" if _plain(text) in _ABSENT_WORDS else ""
        )
        raise InvalidCell(f"điểm kiểm tra định kì là số nguyên từ {lowest} đến 10{told}")
    score = Decimal(number)
    if not is_valid_score(score, lowest=lowest):
        raise InvalidCell(f"điểm kiểm tra định kì là số nguyên từ {lowest} đến 10")
    return str(int(score))


def _tick(text: str) -> str:
    if _plain(text) != TICKED.lower():
        raise InvalidCell("ghi x, hoặc để trống")
    return TICKED


def _days(text: str) -> str:
    if re.fullmatch(r"\d{1,3}", text, re.ASCII) is None or int(text) > MOST_DAYS:
        raise InvalidCell(f"số buổi nghỉ là một số nguyên từ 0 đến {MOST_DAYS}")
    return str(int(text))


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise InvalidCell(f"nhận xét dài {len(text)} kí tự, nhiều nhất là {LONGEST_TEXT}")
    unprinted = next((character for character in text if not is_printed(character)), None)
    if unprinted is not None:
        raise InvalidCell(f"nhận xét có kí tự không in được trên học bạ: {_told(unprinted)}")
    return text


def is_printed(character: str) -> bool:
    """Whether the form can print a character (TT 22/2021, Phụ lục: the remark is read on paper for life)."""
    return any(first <= ord(character) <= last for first, last in _PRINTED)


def _told(character: str) -> str:
    """The character itself where one can see it, and its number."""
    seen = f"“{character}” " if unicodedata.category(character)[0] in "LNPS" else ""
    return f"{seen}(U+{ord(character):04X})"


_READERS: Final[dict[str, Callable[[str], str]]] = {
    MARK: _mark,
    PASS: _pass,
    CONDUCT: _conduct,
    DAYS: _days,
    TEXT: _text,
    LEVEL: _level,
    TRAIT: _trait,
    SCORE: partial(_score, lowest=1),
    SCORE_FROM_ZERO: partial(_score, lowest=0),
    TICK: _tick,
}
