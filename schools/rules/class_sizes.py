"""How many students a class usually has at most.

A guard against a list put into the wrong class, not a rule of law: law.md names no number. More is remarked, never
refused, and the words claim no rule.
"""

from typing import Final

from schools.rules.levels import LOWER_SECONDARY, PRIMARY, UPPER_SECONDARY, level_of

USUALLY_AT_MOST: Final = {PRIMARY: 35, LOWER_SECONDARY: 45, UPPER_SECONDARY: 45}


def class_size_remark(name: str, size: int, grade_level: int) -> str:
    """Empty when a class of the grade often has so many students; else what is odd about it, in words."""
    most = USUALLY_AT_MOST[level_of(grade_level)]
    if size <= most:
        return ""
    return f"Lớp {name} sẽ có {size} học sinh; lớp khối {grade_level} thường không quá {most}."
