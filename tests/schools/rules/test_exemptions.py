"""Exemptions name their decision, and what cannot be exempted is refused (TT 22/2021 Đ10, Đ11; law.md §1.5)."""

from datetime import date

import pytest

from schools.rules.exemptions import exemption_faults

TODAY = date(2026, 10, 1)
DECISION = {
    "decision_number": "12/QĐ-THCS",
    "decision_on": date(2026, 9, 20),
    "decision_period": "HK1",
    "today": TODAY,
}
NONE = {"exempt_practice": False, "exempt": False, "individual_plan": False}
WITHOUT_PRACTICE = "Chỉ miễn phần thực hành ở Giáo dục thể chất và Giáo dục quốc phòng và an ninh (TT 22/2021 Đ10)."
BOTH = "Đã miễn học cả môn thì không đánh giá theo kế hoạch riêng hay miễn phần thực hành (TT 22/2021 Đ11)."


@pytest.mark.parametrize(
    ("subject", "changed", "faults"),
    [
        ("GDTC", {"exempt_practice": True}, []),
        ("GDQPAN", {"exempt_practice": True, "decision_period": "CAP"}, []),
        ("TOAN", {"exempt_practice": True}, [WITHOUT_PRACTICE]),
        ("TOAN", {"exempt": True}, []),
        ("TOAN", {"individual_plan": True}, []),
        ("GDTC", {"individual_plan": True, "exempt_practice": True}, []),
        ("TOAN", {"exempt": True, "individual_plan": True}, [BOTH]),
        ("GDTC", {"exempt": True, "exempt_practice": True}, [BOTH]),
        ("GDTC", {"exempt_practice": True, "decision_number": " "}, ["Phải có số và ngày của quyết định."]),
        ("GDTC", {"exempt_practice": True, "decision_on": None}, ["Phải có số và ngày của quyết định."]),
        (
            "GDTC",
            {"exempt_practice": True, "decision_on": date(2026, 10, 2)},
            ["Ngày quyết định 02/10/2026 chưa đến."],
        ),
        (
            "GDTC",
            {"exempt_practice": True, "decision_period": ""},
            ["Phải ghi quyết định áp dụng cho học kì, năm học hay cấp học."],
        ),
        ("TOAN", {"decision_number": "", "decision_on": None, "decision_period": ""}, []),
    ],
)
def test_exemption_is_checked(subject, changed, faults):
    assert exemption_faults(subject, **(NONE | DECISION | changed)) == faults
