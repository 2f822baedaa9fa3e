"""A list as it stood in a file: what was read is a plain value, before anybody asks what it means.

Source: law.md §5.6 (identity codes are text; a leading zero is never lost and never guessed).
"""

from dataclasses import dataclass
from typing import Final

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60


@dataclass(frozen=True)
class TableRow:
    """One row: its number in the sheet, and its cells by the key of their column, all as text; empty ones left out."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


@dataclass(frozen=True)
class Table:
    """A list read from a sheet: the sheet's name, the columns found (keys, in the file's order), headings that were
    not recognised, and the rows (law.md §5.6)."""

    sheet: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: tuple[TableRow, ...]
