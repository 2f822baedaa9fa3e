"""Vietnamese text: one normal form, search without diacritics, the order of names, dates in words."""

import re
import unicodedata
from datetime import date

COLLATION = "vi-x-icu"
_SPACES = re.compile(r"\s+")


def normal(text: str) -> str:
    """NFC, single spaces, no space at either end: the form in which every name is stored and compared."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def plain(text: str) -> str:
    """Lower case without diacritics, so that ``tran bao oanh`` finds ``Trần Bảo Oanh``."""
    decomposed = unicodedata.normalize("NFD", normal(text).casefold().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def given_name(full_name: str) -> str:
    """``Oanh`` of ``Trần Bảo Oanh``: Vietnamese lists are ordered by it first."""
    return normal(full_name).rpartition(" ")[2]


def short_date(day: date) -> str:
    """``05/09/2026``."""
    return f"{day:%d/%m/%Y}"


def date_in_words(day: date) -> str:
    """``ngày 05 tháng 9 năm 2026``, as the official forms print it (a zero only before a single-digit day)."""
    return f"ngày {day.day:02d} tháng {day.month} năm {day.year}"
