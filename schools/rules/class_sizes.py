"""How many students a class has at most.

Sources: TT 28/2020/TT-BGDĐT Đ16.1 (tiểu học: 35), TT 32/2020/TT-BGDĐT Đ16 (THCS, THPT: 45). TT 15/2026/TT-BGDĐT
replaces both; law.md does not say whether it keeps the numbers, so that more is remarked, never refused.
"""

from typing import Final

from schools.rules.levels import LOWER_SECONDARY, PRIMARY, UPPER_SECONDARY, level_of

MOST_IN_A_CLASS: Final = {PRIMARY: 35, LOWER_SECONDARY: 45, UPPER_SECONDARY: 45}


def class_size_remark(name: str, size: int, grade_level: int) -> str:
    """Empty when a class of the grade may have so many students; else what is odd about it, in words (TT 28/2020 Đ16;
    TT 32/2020 Đ16)."""
    most = MOST_IN_A_CLASS[level_of(grade_level)]
    if size <= most:
        return ""
    return f"Lớp {name} sẽ có {size} học sinh; một lớp khối {grade_level} không quá {most} theo Điều lệ trường học."
