"""The codes of TT 27/2020: năng lực đặc thù by grade, and what is refused."""

import pytest

from records.rules.tt27_codes import SUBJECT_WORDS, require_known, require_primary, special_competences


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_special_competences_are_five_and_from_lớp_3_seven(grade):
    require_primary(grade)
    codes = ["NGON_NGU", "TINH_TOAN", "KHOA_HOC", "THAM_MI", "THE_CHAT"]
    if grade > 2:
        codes[3:3] = ["CONG_NGHE", "TIN_HOC"]
    assert list(special_competences(grade)) == codes


@pytest.mark.parametrize("of_primary", [require_primary, special_competences])
def test_grade_of_another_level_is_refused(of_primary):
    with pytest.raises(ValueError, match="Khối 6 không thuộc tiểu học"):
        of_primary(6)


def test_codes_are_known_or_refused():
    require_known(["T", "H", "C"], SUBJECT_WORDS)
    with pytest.raises(ValueError, match="“D” không phải là một trong các mức T, H, C"):
        require_known(["T", "D"], SUBJECT_WORDS)
