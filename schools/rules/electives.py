"""What a student chooses at upper secondary school: four electives of nine, three topics of 35 periods.

Source: TT 32/2018/TT-BGDĐT and TT 13/2022/TT-BGDĐT (law.md §3).
"""

from collections.abc import Collection, Mapping
from typing import Final

from schools.rules.gdpt2018 import UPPER_SECONDARY_ELECTIVES
from schools.rules.levels import UPPER_SECONDARY, level_of

ELECTIVES: Final = frozenset(
    {"DIA_LI", "GDKTPL", "VAT_LI", "HOA_HOC", "SINH_HOC", "CONG_NGHE", "TIN_HOC", "AM_NHAC", "MI_THUAT"}
)
TOPICS: Final = 3
COMPULSORY_WITH_TOPICS: Final = frozenset({"NGU_VAN", "TOAN", "LICH_SU"})
TOPIC_SUBJECTS: Final = ELECTIVES | COMPULSORY_WITH_TOPICS


def has_topics(grade_level: int, subject: str) -> bool:
    """Whether a subject has cụm chuyên đề học tập in a grade: at THPT, Ngữ văn, Toán, Lịch sử and every elective
    (TT 13/2022; law.md §3)."""
    return level_of(grade_level) == UPPER_SECONDARY and subject in TOPIC_SUBJECTS


def elective_faults(chosen: Collection[str], topics: Collection[str], names: Mapping[str, str]) -> list[str]:
    """What is wrong with a choice of electives and topics (codes of subjects), in words; empty when nothing is.

    Topics may be chosen later: none at all is no fault. ``names`` says how people call a code. Source: TT 13/2022
    (law.md §3).
    """
    faults = []
    if unknown := set(chosen) - ELECTIVES:
        faults.append(f"Không phải môn lựa chọn: {_named(unknown, names)}.")
    if len(set(chosen)) != UPPER_SECONDARY_ELECTIVES:
        faults.append(f"Phải chọn đúng {UPPER_SECONDARY_ELECTIVES} môn lựa chọn, đang chọn {len(set(chosen))}.")
    if topics and len(set(topics)) != TOPICS:
        faults.append(f"Phải chọn đúng {TOPICS} cụm chuyên đề, đang chọn {len(set(topics))}.")
    if foreign := set(topics) - ((TOPIC_SUBJECTS & set(chosen)) | COMPULSORY_WITH_TOPICS):
        faults.append(f"Cụm chuyên đề phải thuộc môn học sinh đang học, không phải: {_named(foreign, names)}.")
    return faults


def _named(codes: Collection[str], names: Mapping[str, str]) -> str:
    return ", ".join(sorted(names.get(code, code) for code in codes))
