"""What the law leaves open and the Sở settles for a school year: every question with its answers and its default.

Source: law.md §8 (defaults for open questions; each a setting held per rule set and school year, changed only with a
record of who, when and why). What has one answer alone is no question here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from records.rules.tt22_learning import USUAL as UNADJUSTED
from records.rules.tt22_learning import AdjustmentSettings

ADJUSTED_SUBJECT: Final = "DIEU_CHINH_MON"
ADJUSTED_HOW: Final = "DIEU_CHINH_CACH"
OPTIONAL: Final = "TU_CHON"
TOPICS: Final = "CHUYEN_DE"
LOWEST: Final = "DIEM_THAP_NHAT"


@dataclass(frozen=True)
class Question:
    """An open question of a rule set: the key under which its answer is stored, words, the article, the answers by
    code, and the default, which is the first of them."""

    key: str
    rule_set: str
    words: str
    article: str
    answers: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.answers))


QUESTIONS: Final = (
    Question(
        ADJUSTED_SUBJECT,
        "TT22-2021",
        "Môn nào được xét khi điều chỉnh kết quả học tập?",
        "TT 22/2021/TT-BGDĐT Đ9.3",
        {"MOI_MON": "Mọi môn, cả môn đánh giá bằng nhận xét", "MON_DIEM": "Chỉ môn có điểm"},
    ),
    Question(
        ADJUSTED_HOW,
        "TT22-2021",
        "Xét mức học tập “nếu không vì môn ấy” bằng cách nào?",
        "TT 22/2021/TT-BGDĐT Đ9.3",
        {"BO_MON": "Tính lại không có môn ấy", "CAO_NHAT": "Coi môn ấy đạt cao nhất (10 điểm hoặc Đạt)"},
    ),
    Question(
        OPTIONAL,
        "TT22-2021",
        "Môn tự chọn có tính vào kết quả học tập không?",
        "TT 22/2021/TT-BGDĐT Đ9.2",
        {"KHONG_TINH": "Không, chỉ in vào học bạ", "TINH": "Có, như mọi môn"},
    ),
    Question(
        TOPICS,
        "TT22-2021",
        "Kết quả cụm chuyên đề được ghi thế nào?",
        "TT 22/2021/TT-BGDĐT Đ6.3",
        {"THEM": "Thêm một điểm thường xuyên của môn", "KHONG": "Không có cột chuyên đề trong sổ"},
    ),
    Question(
        LOWEST,
        "TT27-2020",
        "Điểm thấp nhất của bài kiểm tra định kì ở tiểu học?",
        "TT 27/2020/TT-BGDĐT Đ7.1.b",
        {"1": "1 điểm", "0": "0 điểm"},
    ),
)


@dataclass(frozen=True)
class RuleSettings:
    """How the open questions are answered: Đ9.3, whether tự chọn counts, whether chuyên đề has a column, and the lowest
    score at tiểu học (law.md §8, nos. 1, 3, 4, 5)."""

    adjustment: AdjustmentSettings = UNADJUSTED
    optional_counts: bool = False
    topics_count: bool = True
    lowest_score: int = 1


USUAL: Final = RuleSettings()


def questions_of(rule_set: str) -> list[Question]:
    """The open questions of a rule set, in the order of law.md §8."""
    return [one for one in QUESTIONS if one.rule_set == rule_set]


def settings_of(answers: Mapping[str, str]) -> RuleSettings:
    """The settings that answers by key come to; what is not answered has its default (law.md §8). ValueError for an
    unknown question or answer."""
    known = {one.key: one for one in QUESTIONS}
    for key, answer in answers.items():
        if key not in known or answer not in known[key].answers:
            raise ValueError(f"“{answer}” không phải là câu trả lời cho “{key}”.")
    given = {one.key: answers.get(one.key, one.default) for one in QUESTIONS}
    return RuleSettings(
        AdjustmentSettings(
            scored_only=given[ADJUSTED_SUBJECT] == "MON_DIEM", by_top_mark=given[ADJUSTED_HOW] == "CAO_NHAT"
        ),
        optional_counts=given[OPTIONAL] == "TINH",
        topics_count=given[TOPICS] == "THEM",
        lowest_score=int(given[LOWEST]),
    )
