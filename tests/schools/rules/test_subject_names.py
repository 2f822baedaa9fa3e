import pytest

from schools.rules.gdpt2018 import SUBJECTS, offerings
from schools.rules.subject_names import is_homeroom, subject_and_part

OFFERED = {grade: frozenset(row.subject for row in offerings() if row.grade_level == grade) for grade in (3, 7, 10)}


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("Toán", "", ("TOAN", "")),
        ("TOAN", "", ("TOAN", "")),
        ("ngữ văn", "", ("NGU_VAN", "")),
        ("Văn", "", ("NGU_VAN", "")),
        ("Tiếng Anh", "", ("NGOAI_NGU_1", "")),
        ("Khoa học tự nhiên", "", ("KHTN", "")),
        ("KHTN", "Lí", ("KHTN", "Vật lí")),
        ("KHTN", "Vật lí", ("KHTN", "Vật lí")),
        ("KHTN (Hóa học)", "", ("KHTN", "Hóa học")),
        ("Sinh học", "", ("KHTN", "Sinh học")),
        ("Sử", "", ("LS_DL", "Lịch sử")),
        ("Mĩ thuật", "", ("NGHE_THUAT", "Mĩ thuật")),
        ("KHTN", "Địa lí", None),
        ("Toán", "Hình học", None),
        ("Đạo đức", "", None),
        ("Bơi", "", None),
    ],
)
def test_subjects_of_grade_seven(text, part, found):
    assert subject_and_part(text, part, OFFERED[7]) == found


def test_physics_is_a_subject_in_grade_ten():
    assert subject_and_part("Vật lí", "", OFFERED[10]) == ("VAT_LI", "")
    assert subject_and_part("Lí", "", OFFERED[10]) == ("VAT_LI", "")


@pytest.mark.parametrize("grade", [3, 7, 10])
def test_every_subject_is_found_by_its_code_and_name(grade):
    for code in OFFERED[grade]:
        assert subject_and_part(code, "", OFFERED[grade]) == (code, "")
        assert subject_and_part(SUBJECTS[code], "", OFFERED[grade]) == (code, "")


def test_homeroom_is_no_subject():
    assert is_homeroom("Chủ nhiệm")
    assert is_homeroom("GVCN")
    assert not is_homeroom("Công nghệ")
