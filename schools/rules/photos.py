"""The shape of a photograph.

Source: law.md §4.1–4.3 (page 1 of the record book has room for a photograph of 3×4 cm).
"""

from typing import Final

# Width to height, in hundredths: 75 is 3×4; 35×45 mm (78), which studios print as well, is within.
NARROWEST: Final = 70
WIDEST: Final = 80


def why_not_three_by_four(width: int, height: int) -> str:
    """Why a picture of so many points cannot stand where 3×4 is meant, in Vietnamese; "" when it can (law.md §4.1)."""
    if NARROWEST * height <= 100 * width <= WIDEST * height:
        return ""
    return (
        f"Ảnh rộng {width} điểm, cao {height} điểm: không phải khổ 3×4 đứng (chiều rộng bằng 3/4 chiều cao). "
        "Hãy cắt ảnh theo tỉ lệ 3:4 rồi tải lại."
    )
