"""Which columns a mark sheet has: codes, labels, scales and weights follow from the rule set, never from a screen.

Sources: TT 22/2021/TT-BGDĐT Đ6.2, Đ7, Đ9.1 (how many regular results, the weights of giữa kì and cuối kì); Đ8, Đ20
(what the homeroom teacher writes); TT 27/2020/TT-BGDĐT Đ7 (levels, tests, phẩm chất and năng lực at four moments of
the year). A sheet keeps the columns it was made with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from records.rules import tt22, tt27
from schools.rules.electives import has_topics
from schools.rules.gdpt2018 import Offering

# Scales: what a cell may hold (records/rules/cells.py).
MARK: Final = "DIEM"
PASS: Final = "DAT"
CONDUCT: Final = "REN_LUYEN"
DAYS: Final = "SO_BUOI"
TEXT: Final = "VAN_BAN"
LEVEL: Final = "MUC"
TRAIT: Final = "PHAM_CHAT"
SCORE: Final = "DIEM_NGUYEN"
SCORE_FROM_ZERO: Final = "DIEM_NGUYEN_0"
TICK: Final = "DAU"

TOPIC: Final = "CD"
MIDTERM: Final = "GK"
FINAL: Final = "CK"
REMARK: Final = "NX"
CONDUCT_COLUMN: Final = "RL"
EXCUSED: Final = "CP"
UNEXCUSED: Final = "KP"
LEVEL_COLUMN: Final = "MUC"
TEST: Final = "KT"
OUTSTANDING: Final = "TB"
QUALITIES_REMARK: Final = "NX_PC"
GENERAL_REMARK: Final = "NX_NLC"
SPECIAL_REMARK: Final = "NX_NLDT"

_SECONDARY: Final = "TT22-2021"
_PRIMARY: Final = "TT27-2020"


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

    @property
    def regular(self) -> bool:
        """Whether it holds one of the regular results that are due (ĐĐGtx; TT 22/2021 Đ6.2)."""
        return self.weight == 1 and self.required and not self.periodic


class NoColumns(LookupError):
    """This program knows no columns for that rule set and kind of subject."""


def columns_of(
    offering: Offering, period: str, *, lowest_score: int = tt27.LOWEST_SCORE, topics_count: bool = True
) -> list[Column]:
    """The columns of a subject's sheet in a period by the rule set of its grade: the same in both terms under
    TT 22/2021 Đ6.2, Đ7; by moment of the year under TT 27/2020 Đ7.1. At THPT a subject with cụm chuyên đề has one
    regular result more, for those who take it, in the term in which it is entered (Đ6.3; ``topics_count``: law.md
    §8.4). NoColumns for other rule sets."""
    if offering.rule_set == _PRIMARY:
        return primary_columns(offering.subject, offering.grade_level, period, lowest_score=lowest_score)
    columns = sheet_columns(offering.rule_set, offering.kind, offering.annual_periods)
    if topics_count and has_topics(offering.grade_level, offering.subject):
        at = next(place for place, column in enumerate(columns) if column.code == MIDTERM)
        columns.insert(at, Column(TOPIC, "CĐ", "Chuyên đề học tập", columns[0].scale, weight=1, required=False))
    return columns


def sheet_columns(rule_set: str, kind: str, annual_periods: int) -> list[Column]:
    """The columns of one subject in one term: 2–4 regular results by the number of periods a year (2 where only
    remarks are given), giữa kì, cuối kì, and the remark (TT 22/2021 Đ6.2, Đ7, Đ19). NoColumns for other rule sets."""
    if rule_set != _SECONDARY or kind not in {"DIEM", "NHAN_XET"}:
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


def primary_columns(
    subject: str, grade_level: int, period: str, *, lowest_score: int = tt27.LOWEST_SCORE
) -> list[Column]:
    """The columns of a subject or hoạt động giáo dục at one of the four moments of the year: the level, the score where
    the subject has a bài kiểm tra định kì then (whole numbers from ``lowest_score``, 1 or 0; law.md §8.3), the remark
    (TT 27/2020 Đ7.1.a, Đ7.1.b). ValueError for another grade or period."""
    test = Column(TEST, "KTĐK", "Điểm kiểm tra định kì", SCORE if lowest_score else SCORE_FROM_ZERO)
    return [
        Column(LEVEL_COLUMN, "Mức", "Mức đạt được", LEVEL),
        *([test] if subject in tt27.tests_due(grade_level, period) else []),
        Column(REMARK, "Nhận xét", "Nhận xét", TEXT, required=False),
    ]


def homeroom_columns_of(rule_set: str, grade_level: int, period: str) -> list[Column]:
    """What the homeroom teacher writes of each student in a period, by the rule set of the class (TT 22/2021 Đ8, Đ20;
    TT 27/2020 Đ7.2). NoColumns for other rule sets."""
    return primary_homeroom_columns(grade_level, period) if rule_set == _PRIMARY else homeroom_columns(rule_set)


def homeroom_columns(rule_set: str) -> list[Column]:
    """What the homeroom teacher writes of each student in a term: conduct, absences with and without leave in buổi,
    remark (TT 22/2021 Đ8, Đ12.1.c, Đ20). NoColumns for other rule sets."""
    if rule_set != _SECONDARY:
        raise NoColumns(f"Chưa có sổ chủ nhiệm theo {rule_set}.")
    return [
        Column(CONDUCT_COLUMN, "Rèn luyện", "Kết quả rèn luyện", CONDUCT),
        Column(EXCUSED, "Nghỉ có phép", "Số buổi nghỉ có phép", DAYS),
        Column(UNEXCUSED, "Nghỉ không phép", "Số buổi nghỉ không phép", DAYS),
        Column(REMARK, "Nhận xét", "Nhận xét của giáo viên chủ nhiệm", TEXT),
    ]


def primary_homeroom_columns(grade_level: int, period: str) -> list[Column]:
    """What the homeroom teacher writes of each pupil at a moment of the year: 13 or 15 phẩm chất and năng lực with a
    remark for each of their three groups (TT 27/2020 Đ7.2); with the page of the book also the days missed since the
    one before (Phụ lục 1), and at the end of the year whom the class recognises as Học sinh Tiêu biểu, which counts for
    a pupil with Hoàn thành tốt alone (Đ13.1.a). ValueError for another grade or period."""
    tt27.tests_due(grade_level, period)  # knows the grades and the periods
    with_page = tt27.is_on_page(period)
    return [
        *(Column(code, name, name, TRAIT) for code, name in tt27.traits(grade_level).items()),
        *(_DAYS_MISSED if with_page else ()),
        Column(QUALITIES_REMARK, "Nhận xét phẩm chất", "Nhận xét về phẩm chất", TEXT, required=False),
        Column(GENERAL_REMARK, "Nhận xét năng lực chung", "Nhận xét về năng lực chung", TEXT, required=False),
        Column(SPECIAL_REMARK, "Nhận xét năng lực đặc thù", "Nhận xét về năng lực đặc thù", TEXT, required=False),
        *([_RECOGNISED] if period == tt27.PERIODS[-1] else []),
    ]


_DAYS_MISSED: Final = (
    Column(EXCUSED, "Nghỉ có phép", "Số ngày nghỉ có phép", DAYS),
    Column(UNEXCUSED, "Nghỉ không phép", "Số ngày nghỉ không phép", DAYS),
)
_RECOGNISED: Final = Column(
    OUTSTANDING,
    "HS Tiêu biểu",
    "Nổi bật hoặc tiến bộ rõ rệt, được lớp công nhận Học sinh Tiêu biểu",
    TICK,
    required=False,
)


def stored(columns: Sequence[Column]) -> list[dict[str, str | int | bool]]:
    """The columns as a sheet keeps them."""
    return [asdict(column) for column in columns]


def read(columns: Sequence[Mapping[str, str | int | bool]]) -> list[Column]:
    """The columns a sheet has kept."""
    return [Column(**column) for column in columns]  # type: ignore[arg-type]


def missing(columns: Sequence[Column], cells: Mapping[str, str]) -> list[Column]:
    """The required columns in which a row has nothing yet (law.md §1.4: an empty cell is never taken for a result)."""
    return [column for column in columns if column.required and not cells.get(column.code)]
