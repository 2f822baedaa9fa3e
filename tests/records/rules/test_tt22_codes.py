"""What may stand for a mark or a level of TT 22/2021: everything else is refused, never rounded."""

from decimal import Decimal

import pytest

from records.rules.tt22_codes import require_comment_levels, require_levels, require_marks


def test_marks_of_the_scale_with_one_place_are_taken():
    require_marks(Decimal(tenths) / 10 for tenths in range(101))
    require_marks([Decimal("8.50")])


@pytest.mark.parametrize("mark", ["-0.1", "10.1", "8.25", "NaN", "Infinity"])
def test_other_numbers_are_no_marks(mark):
    with pytest.raises(ValueError, match="thang 10"):
        require_marks([Decimal("8.5"), Decimal(mark)])


@pytest.mark.parametrize(
    ("require", "known"),
    [(require_levels, ["TOT", "KHA", "DAT", "CHUA_DAT"]), (require_comment_levels, ["D", "CD"])],
)
def test_levels_are_those_of_the_circular(require, known):
    require(known)
    for other in ("", "T", "GIOI", *(code.lower() for code in known)):
        with pytest.raises(ValueError, match=f"“{other}” không phải là một trong các mức"):
            require([*known, other])
