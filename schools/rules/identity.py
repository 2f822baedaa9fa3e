"""Numbers that stand for a person: the form they must have, and how they are shown.

Source: Luật Căn cước 26/2023/QH15 Đ12 (số định danh cá nhân: 12 digits); NĐ 88/2026/NĐ-CP Đ8–9 (the learner's
lifelong code rests on it); law.md §5.6.
"""

import re
import unicodedata
from typing import Final

_PERSONAL_ID: Final = re.compile(r"[0-9]{12}")
_STUDENT_CODE: Final = re.compile(r"[0-9A-Z]{4,20}")
_NAME_SIGNS: Final = " '’ʼ-."
_ORIGIN_SIGNS: Final = " '’ʼ-.,()/"
_PARTS: Final = re.compile(r"[^\W\d_]+")
_PHONE: Final = re.compile(r"0[0-9]{9}")
_PHONE_NOISE: Final = re.compile(r"[\s.\-()]")


def is_personal_id(text: str) -> bool:
    """Whether a text is a số định danh cá nhân: exactly 12 ASCII digits, leading zero kept (law.md §5.6)."""
    return _PERSONAL_ID.fullmatch(text) is not None


def is_student_code(text: str) -> bool:
    """Whether a text has the form of a mã học sinh of the sector's database: 4–20 digits or capitals (law.md §5.6)."""
    return _STUDENT_CODE.fullmatch(text) is not None


def is_person_name(text: str) -> bool:
    """Whether a text can be a name on a birth certificate: letters of any alphabet, with spaces, and the apostrophe,
    hyphen and dot of names such as H'Hen, K-Brơi; no digits, no other signs (NĐ 123/2015/NĐ-CP Đ4; law.md §4)."""
    return any(letter.isalpha() for letter in text) and all(
        letter.isalpha() or unicodedata.combining(letter) or letter in _NAME_SIGNS for letter in text
    )


def spelling_remark(full_name: str) -> str:
    """Empty when a name is written as names are; else what is odd about its capitals. A remark, never a refusal: the
    book prints what the birth certificate says (NĐ 123/2015/NĐ-CP Đ4; law.md §4)."""
    words = full_name.split()
    small = any(word[0].islower() for word in words)
    large = any(len(part) > 1 and part.isupper() for part in _PARTS.findall(full_name))
    if not small and not large:
        return ""
    return f"“{full_name}” viết hoa khác thường, học bạ in đúng như đã ghi. Có phải “{full_name.title()}”?"


def is_origin(text: str) -> bool:
    """Whether a text can be a people or a country: begins with a letter; letters, spaces, brackets and the like, no
    digits, no other signs (law.md §4)."""
    return text[:1].isalpha() and all(
        letter.isalpha() or unicodedata.combining(letter) or letter in _ORIGIN_SIGNS for letter in text
    )


def masked(personal_id: str) -> str:
    """``•••••••••123``: only the last three digits, as every screen shows it (Luật 91/2025/QH15 Đ24; law.md §6.3)."""
    return "•" * (len(personal_id) - 3) + personal_id[-3:] if personal_id else ""


def phone_number(text: str) -> str | None:
    """A Vietnamese phone number as ``0xxxxxxxxx``, from the usual spellings (+84, spaces, dots); None if it is none."""
    digits = _PHONE_NOISE.sub("", text)
    for prefix in ("+84", "0084"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
    if len(digits) == 11 and digits.startswith("84"):
        digits = "0" + digits[2:]
    return digits if _PHONE.fullmatch(digits) else None
