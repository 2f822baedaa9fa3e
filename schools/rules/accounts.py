"""User names and one-use codes: what they look like.

Source: law.md §6.3 (Luật 91/2025/QH15: access by one's own account only); a code carries 80 random bits, so that it
cannot be guessed within its life, and no letter that is misread in print.
"""

from collections.abc import Callable
from typing import Final

# Crockford's base 32: no I, L, O, U, which are misread or misspelt.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 16
GROUP: Final = 4
_MISREAD: Final = {ord("O"): "0", ord("I"): "1", ord("L"): "1"}


def user_name_stem(plain_full_name: str) -> str:
    """The user name a person gets if it is free: given name and initials, ``lanntp`` for ``nguyen thi phuong lan``
    (law.md §6.3: it names the account, not the role). The name comes in without diacritics."""
    words = ["".join(filter(str.isalnum, word)) for word in plain_full_name.lower().split()]
    words = [word for word in words if word]
    if not words:
        return "nguoidung"
    return (words[-1] + "".join(word[0] for word in words[:-1]))[:40]


def code_of(random_number: Callable[[int], int]) -> str:
    """A new code such as ``7KQ2-M0XA-93ZT-VB5C`` (80 bits) from ``random_number(below)`` (law.md §6.3)."""
    letters = "".join(ALPHABET[random_number(len(ALPHABET))] for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def normal_code(typed: str) -> str:
    """A code as typed by a tired hand: any case, spaces or hyphens anywhere, O for 0, I and L for 1 (law.md §6.3)."""
    return "".join(filter(str.isalnum, typed.upper())).translate(_MISREAD)
