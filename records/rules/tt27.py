"""TT 27/2020/TT-BGDĐT: assessment of pupils of grades 1–5, in one place for the rest of the program.

Each function says its article; with ``steps=True`` it also tells how it came to its result, in sentences for parents.
"""

from records.rules.steps import Step
from records.rules.tt27_codes import (
    GENERAL_COMPETENCES,
    QUALITIES,
    RESULT_WORDS,
    SUBJECT_WORDS,
    TRAIT_WORDS,
    special_competences,
    traits,
)
from records.rules.tt27_scores import LOWEST_SCORE, PERIODS, is_on_page, is_valid_score, tests_due
from records.rules.tt27_year import (
    DANH_GIA_BO_SUNG,
    HIEU_TRUONG,
    HOAN_THANH,
    HSTB,
    HSXS,
    NO_AWARD,
    award,
    completes_primary,
    promotion,
    year_result,
)

__all__ = [
    "DANH_GIA_BO_SUNG", "GENERAL_COMPETENCES", "HIEU_TRUONG", "HOAN_THANH", "HSTB", "HSXS", "LOWEST_SCORE",
    "NO_AWARD", "PERIODS", "QUALITIES", "RESULT_WORDS", "SUBJECT_WORDS", "TRAIT_WORDS", "Step", "award",
    "completes_primary", "is_on_page", "is_valid_score", "promotion", "special_competences", "tests_due", "traits",
    "year_result",
]  # fmt: skip
