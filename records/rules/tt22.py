"""TT 22/2021/TT-BGDĐT: assessment of students of grades 6–12, in one place for the rest of the program.

Each function says its article; with ``steps=True`` it also tells how it came to its result, in sentences for parents.
"""

from records.rules.steps import Step
from records.rules.tt22_averages import (
    comment_term_level,
    comment_year_level,
    regular_count,
    term_average,
    year_average,
)
from records.rules.tt22_codes import CHUA_DAT, COMMENT_WORDS, DAT, FAIL, KHA, LEVEL_WORDS, LEVELS, PASS, TOT
from records.rules.tt22_learning import AdjustmentSettings, LearningResult, learning_result
from records.rules.tt22_outcomes import (
    DANH_GIA_LAI,
    HOI_DONG,
    KHONG_LEN_LOP,
    LEN_LOP,
    MOST_ABSENCES,
    REN_LUYEN_HE,
    completes_lower_secondary,
    promotion,
    year_conduct,
)
from records.rules.tt22_subjects import HSG, HSXS, NO_AWARD, award, reassessable

__all__ = [
    "CHUA_DAT", "COMMENT_WORDS", "DANH_GIA_LAI", "DAT", "FAIL", "HOI_DONG", "HSG", "HSXS", "KHA", "KHONG_LEN_LOP",
    "LEN_LOP", "LEVELS", "LEVEL_WORDS", "MOST_ABSENCES", "NO_AWARD", "PASS", "REN_LUYEN_HE", "TOT",
    "AdjustmentSettings", "LearningResult", "Step", "award", "comment_term_level", "comment_year_level",
    "completes_lower_secondary", "learning_result", "promotion", "reassessable", "regular_count", "term_average",
    "year_average", "year_conduct",
]  # fmt: skip
