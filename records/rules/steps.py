"""How a result came about, in sentences that a parent can follow, each with the article it rests on.

Source: the article a step names; numbers are written as in the circulars, with a decimal comma.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_THOUSANDTH: Final = Decimal("0.001")


@dataclass(frozen=True)
class Step:
    """One step on the way to a result: a Vietnamese sentence with its numbers, and the article that asks for it."""

    text: str
    article: str


def written(number: Decimal) -> str:
    """A number as it is spoken: 8; 8,5; 66. No superfluous zeros (TT 22/2021/TT-BGDĐT Đ5.3.b)."""
    return format(number.normalize(), "f").replace(".", ",")


def one_place(number: Decimal) -> str:
    """An average as it is printed, always with its decimal place: 8,0 (TT 22/2021/TT-BGDĐT Đ5.3.b)."""
    return f"{number:.1f}".replace(".", ",")


def equals(number: Decimal) -> str:
    """“= 8,25”, or “≈ 7,722” for a quotient that does not end within three places."""
    shown = number.quantize(_THOUSANDTH, ROUND_HALF_UP)
    return f"{'=' if shown == number else '≈'} {written(shown)}"
