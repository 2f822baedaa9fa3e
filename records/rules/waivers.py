"""A regular result that cannot be had any more: what the hiệu trưởng may let go.

Sources: TT 22/2021/TT-BGDĐT Đ6.2 (how many regular results are due), Đ9.1; law.md §8, no. 10 (missing regular results
block the closing; the hiệu trưởng may override with a reason). A periodic test is never let go: Đ7 has it made up for,
or count 0 or Chưa đạt.
"""

from collections.abc import Mapping, Sequence

from records.rules.cells import WAIVED
from records.rules.columns import Column, missing


def waivable(columns: Sequence[Column], cells: Mapping[str, str]) -> list[Column]:
    """The regular columns that are empty and may be let go in a row: none while no regular result is there at all,
    since an average wants at least one (TT 22/2021/TT-BGDĐT Đ6.2, Đ9.1.b; law.md §8, no. 10)."""
    regular = [column for column in columns if column.regular]
    has_one = any(cells.get(column.code, WAIVED) != WAIVED for column in regular)
    return missing(regular, cells) if has_one else []
