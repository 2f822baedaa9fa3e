"""Who is exempted from what, by whose decision.

Source: TT 22/2021/TT-BGDĐT Đ10 (exemption from the practice part), Đ11 (students with a disability); law.md §1.5.
"""

from datetime import date
from typing import Final

WITH_PRACTICE: Final = frozenset({"GDTC", "GDQPAN"})

# For how long the principal's decision holds.
PERIODS: Final = {"HK1": "Học kì I", "HK2": "Học kì II", "CN": "Cả năm học", "CAP": "Cả cấp học"}


def exemption_faults(
    subject: str,
    *,
    exempt_practice: bool,
    exempt: bool,
    individual_plan: bool,
    decision_number: str,
    decision_on: date | None,
    decision_period: str,
    today: date,
) -> list[str]:
    """What is wrong with an exemption in a subject (its code), in words; empty when nothing is.

    Practice is exempted only where a subject has it (TT 22/2021 Đ10); a subject is either exempted as a whole or
    assessed in another way (Đ11); each names the principal's decision, its day and how long it holds. No exemption at
    all (it is taken back) has no fault.
    """
    if not (exempt_practice or exempt or individual_plan):
        return []
    faults = []
    if exempt_practice and subject not in WITH_PRACTICE:
        faults.append("Chỉ miễn phần thực hành ở Giáo dục thể chất và Giáo dục quốc phòng và an ninh (TT 22/2021 Đ10).")
    if exempt and (individual_plan or exempt_practice):
        faults.append(
            "Đã miễn học cả môn thì không đánh giá theo kế hoạch riêng hay miễn phần thực hành (TT 22/2021 Đ11)."
        )
    if not decision_number.strip() or decision_on is None:
        faults.append("Phải có số và ngày của quyết định.")
    elif decision_on > today:
        faults.append(f"Ngày quyết định {decision_on:%d/%m/%Y} chưa đến.")
    if decision_period not in PERIODS:
        faults.append("Phải ghi quyết định áp dụng cho học kì, năm học hay cấp học.")
    return faults
