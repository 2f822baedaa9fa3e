"""“Vì sao Hoàn thành tốt?”: the results of a year of tiểu học told in steps, by the same functions that made them.

Sources: TT 27/2020/TT-BGDĐT Đ9.2.a, Đ11, Đ13.1.a. As in explained.py a result that was stored is never replaced by an
explanation: where the steps do not lead to it, there are none.
"""

from collections.abc import Mapping
from decimal import Decimal

from records.rules import tt27
from records.rules.explained import Explanation, agreed


def explained_result(
    subjects: Mapping[str, str], traits: Mapping[str, str], tests: Mapping[str, Decimal], value: str
) -> Explanation:
    """The result of the year (HTXS, HTT, HT, CHT) from the levels and the tests of its end, each by code
    (TT 27/2020 Đ9.2.a)."""
    try:
        found, steps = tt27.year_result(subjects, traits, tests, steps=True)
    except ValueError:  # a page brought less than the rule asks for
        return Explanation(value)
    return agreed(value, found, steps)


def explained_completion(result: str, value: str, after_help: str | None = None) -> Explanation:
    """Whether the grade is completed with a result of the year, and with the one of đánh giá bổ sung (``after_help``);
    no steps for what the hiệu trưởng decided (TT 27/2020 Đ11)."""
    found, steps = tt27.promotion(result, after_help, steps=True)
    return agreed(value, found, steps)


def explained_title(result: str, value: str) -> Explanation:
    """The award for a result of the year: Học sinh Tiêu biểu says by itself that the class recognised the pupil
    (TT 27/2020 Đ13.1.a)."""
    recognised = value == tt27.HSTB
    found, steps = tt27.award(result, recognised, recognised, steps=True)
    return agreed(value, found, steps)
