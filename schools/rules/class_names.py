"""Names of classes: one rule for the form and for lists.

No rule of law: law.md names none. That a name begins with the number of its grade is how schools name classes, and a
guard against the wrong grade. The name is printed on the record book as it is written.
"""

import re
import unicodedata
from typing import Final

_LEADING: Final = re.compile(r"([0-9]{1,2})(?![0-9])")
_ZEROS: Final = re.compile(r"^0+(?=[1-9])")
_MARKS: Final = " ./-"


def without_word(typed: str) -> str:
    """``7A`` of ``Lớp 7A``: the name without the word before it, in NFC, with single blanks."""
    words = unicodedata.normalize("NFC", typed).split()
    if len(words) > 1 and words[0].casefold() in {"lớp", "lop"}:
        words = words[1:]
    return " ".join(words)


def class_key(typed: str) -> str:
    """``7A`` of ``Lớp 7a``, ``7 A`` or ``07A``: the form in which names of classes are compared."""
    return _ZEROS.sub("", "".join(without_word(typed).split()).upper())


def grade_of_name(name: str) -> int | None:
    """The grade a class's name begins with: 7 of ``7A``, 10 of ``10 Anh 1``."""
    found = _LEADING.match(name)
    return int(found[1]) if found else None


def why_not_a_class_name(name: str, grade_level: int) -> str:
    """Why a class of the grade cannot have the name, in Vietnamese; "" when it can."""
    if not name.strip():
        return "Hãy ghi tên lớp."
    wrong = next((letter for letter in name if not (letter.isalpha() or letter.isdecimal() or letter in _MARKS)), "")
    if wrong:
        return f"Tên lớp “{name}” có kí tự “{wrong}”. Tên lớp chỉ gồm chữ, số, dấu cách, gạch chéo, chấm, gạch nối."
    if grade_of_name(name) != grade_level:
        return f"Tên lớp “{name}” phải bắt đầu bằng số khối {grade_level}, ví dụ {grade_level}A."
    return ""
