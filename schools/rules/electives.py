"""What a student may choose at upper secondary school, and who may be exempted from what.

Source: TT 32/2018, TT 13/2022/TT-BGDĐT (four electives of nine, three topics of 35 periods; law.md §3);
TT 22/2021/TT-BGDĐT Đ10 (exemption from practice), Đ11 (disability; law.md §1.5).
"""

from collections.abc import Collection
from typing import Final

from schools.rules.gdpt2018 import UPPER_SECONDARY_ELECTIVES

ELECTIVES: Final = frozenset(
    {"DIA_LI", "GDKTPL", "VAT_LI", "HOA_HOC", "SINH_HOC", "CONG_NGHE", "TIN_HOC", "AM_NHAC", "MI_THUAT"}
)
TOPICS: Final = 3
TOPIC_SUBJECTS: Final = ELECTIVES | {"NGU_VAN", "TOAN", "LICH_SU"}
WITH_PRACTICE: Final = frozenset({"GDTC", "GDQPAN"})


def elective_faults(chosen: Collection[str], topics: Collection[str]) -> list[str]:
    """What is wrong with a student's choice of electives and topics; empty when nothing is (law.md §3)."""
    faults = []
    unknown = sorted(set(chosen) - ELECTIVES)
    if unknown:
        faults.append(f"Không phải môn lựa chọn: {', '.join(unknown)}.")
    if len(set(chosen)) != UPPER_SECONDARY_ELECTIVES:
        faults.append(f"Phải chọn đúng {UPPER_SECONDARY_ELECTIVES} môn lựa chọn, đang chọn {len(set(chosen))}.")
    if topics and len(set(topics)) != TOPICS:
        faults.append(f"Phải chọn đúng {TOPICS} cụm chuyên đề, đang chọn {len(set(topics))}.")
    foreign = sorted(set(topics) - (TOPIC_SUBJECTS & (set(chosen) | {"NGU_VAN", "TOAN", "LICH_SU"})))
    if foreign:
        faults.append(f"Cụm chuyên đề phải thuộc môn học sinh đang học: {', '.join(foreign)}.")
    return faults


def exemption_faults(subject: str, *, exempt_practice: bool, exempt: bool, individual_plan: bool) -> list[str]:
    """What is wrong with an exemption: practice only where a subject has it (TT 22/2021 Đ10), and a subject is either
    exempted or taught by an individual plan (TT 22/2021 Đ11)."""
    faults = []
    if exempt_practice and subject not in WITH_PRACTICE:
        faults.append("Chỉ miễn phần thực hành ở Giáo dục thể chất và Giáo dục quốc phòng và an ninh (TT 22/2021 Đ10).")
    if exempt and (individual_plan or exempt_practice):
        faults.append(
            "Đã miễn học cả môn thì không đánh giá theo kế hoạch riêng hay miễn phần thực hành (TT 22/2021 Đ11)."
        )
    return faults
