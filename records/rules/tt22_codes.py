"""The levels of TT 22/2021/TT-BGDĐT, their words, and what may stand for a mark or a level.

Sources: TT 22/2021/TT-BGDĐT Đ5.3 (scale of ten, one decimal place; Đạt / Chưa đạt), Đ8.2, Đ9.2 (four levels).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

TOT: Final = "TOT"
KHA: Final = "KHA"
DAT: Final = "DAT"
CHUA_DAT: Final = "CHUA_DAT"
LEVELS: Final = (CHUA_DAT, DAT, KHA, TOT)  # upwards
LEVEL_WORDS: Final = {TOT: "Tốt", KHA: "Khá", DAT: "Đạt", CHUA_DAT: "Chưa đạt"}

PASS: Final = "D"
FAIL: Final = "CD"
COMMENT_WORDS: Final = {PASS: "Đạt", FAIL: "Chưa đạt"}

CIRCULAR: Final = "TT 22/2021/TT-BGDĐT"
SIX: Final = 6  # the number of scored subjects Đ9.2 and Đ15.1 ask for


def require_marks(marks: Iterable[Decimal]) -> None:
    """TT 22/2021/TT-BGDĐT Đ5.3.b: ValueError unless every one is a mark of the scale 0–10 whose value needs no more
    than one decimal place (8.50 is 8.5)."""
    for mark in marks:
        if not mark.is_finite() or not 0 <= mark <= 10 or mark * 10 % 1:
            raise ValueError(f"{mark} không phải là điểm của thang 10 lấy đến một chữ số thập phân.")


def require_levels(levels: Iterable[str]) -> None:
    """TT 22/2021/TT-BGDĐT Đ8.2, Đ9.2: ValueError unless every one is TOT, KHA, DAT or CHUA_DAT."""
    _require(levels, LEVEL_WORDS)


def require_comment_levels(levels: Iterable[str]) -> None:
    """TT 22/2021/TT-BGDĐT Đ5.3.a: ValueError unless every one is D (Đạt) or CD (Chưa đạt)."""
    _require(levels, COMMENT_WORDS)


def _require(codes: Iterable[str], known: Iterable[str]) -> None:
    for code in codes:
        if code not in known:
            raise ValueError(f"“{code}” không phải là một trong các mức {', '.join(known)}.")
