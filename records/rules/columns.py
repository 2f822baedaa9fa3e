"""Which columns a mark sheet has: codes, labels, scales and weights follow from the rule set, never from a screen.

Sources: TT 22/2021/TT-BGDĐT Đ6.2, Đ7, Đ9.1 (how many regular results, the weights of giữa kì and cuối kì); Đ8, Đ20
(what the homeroom teacher writes). A sheet keeps the columns it was made with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from records.rules import tt22

# Scales: what a cell may hold (records/rules/cells.py).
MARK: Final = "DIEM"
PASS: Final = "DAT"
CONDUCT: Final = "REN_LUYEN"
DAYS: Final = "SO_BUOI"
TEXT: Final = "VAN_BAN"

MIDTERM: Final = "GK"
FINAL: Final = "CK"
REMARK: Final = "NX"
CONDUCT_COLUMN: Final = "RL"
EXCUSED: Final = "CP"
UNEXCUSED: Final = "KP"


@dataclass(frozen=True)
class Column:
    """A column of a sheet. ``weight`` counts in the average (TT 22/2021 Đ9.1.b); ``periodic`` results may be missed
    without reason, which is then written as “V” (Đ7); a sheet is complete when every ``required`` cell is filled."""

    code: str
    label: str
    name: str
    scale: str
    weight: int = 0
    periodic: bool = False
    required: bool = True


class NoColumns(LookupError):
    """This program knows no columns for that rule set and kind of subject."""


def sheet_columns(rule_set: str, kind: str, annual_periods: int) -> list[Column]:
    """The columns of one subject in one term: 2–4 regular results by the number of periods a year (2 where only
    remarks are given), giữa kì, cuối kì, and the remark (TT 22/2021 Đ6.2, Đ7, Đ19). NoColumns for other rule sets."""
    if rule_set != "TT22-2021" or kind not in {"DIEM", "NHAN_XET"}:
        raise NoColumns(f"Chưa có sổ điểm theo {rule_set} cho cách đánh giá {kind}.")
    comment = kind == "NHAN_XET"
    scale = PASS if comment else MARK
    regular = [
        Column(f"TX{number}", f"TX{number}", f"Thường xuyên {number}", scale, weight=1)
        for number in range(1, tt22.regular_count(annual_periods, comment=comment) + 1)
    ]
    return [
        *regular,
        Column(MIDTERM, "GK", "Giữa kì", scale, weight=2, periodic=True),
        Column(FINAL, "CK", "Cuối kì", scale, weight=3, periodic=True),
        Column(REMARK, "Nhận xét", "Nhận xét", TEXT, required=False),
    ]


def homeroom_columns(rule_set: str) -> list[Column]:
    """What the homeroom teacher writes of each student in a term: conduct, absences with and without leave in buổi,
    remark (TT 22/2021 Đ8, Đ12.1.c, Đ20). NoColumns for other rule sets."""
    if rule_set != "TT22-2021":
        raise NoColumns(f"Chưa có sổ chủ nhiệm theo {rule_set}.")
    return [
        Column(CONDUCT_COLUMN, "Rèn luyện", "Kết quả rèn luyện", CONDUCT),
        Column(EXCUSED, "Nghỉ có phép", "Số buổi nghỉ có phép", DAYS),
        Column(UNEXCUSED, "Nghỉ không phép", "Số buổi nghỉ không phép", DAYS),
        Column(REMARK, "Nhận xét", "Nhận xét của giáo viên chủ nhiệm", TEXT),
    ]


def stored(columns: Sequence[Column]) -> list[dict[str, str | int | bool]]:
    """The columns as a sheet keeps them."""
    return [asdict(column) for column in columns]


def read(columns: Sequence[Mapping[str, str | int | bool]]) -> list[Column]:
    """The columns a sheet has kept."""
    return [Column(**column) for column in columns]  # type: ignore[arg-type]


def missing(columns: Sequence[Column], cells: Mapping[str, str]) -> list[Column]:
    """The required columns in which a row has nothing yet (law.md §1.4: an empty cell is never taken for a result)."""
    return [column for column in columns if column.required and not cells.get(column.code)]
