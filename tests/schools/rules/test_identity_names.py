import unicodedata

import pytest

from schools.rules.ethnicities import ETHNICITIES, ethnicity_remark
from schools.rules.identity import is_origin, is_person_name, spelling_remark


@pytest.mark.parametrize("name", ["Nguyễn Minh Anh", "H'Hen Niê", "Y-Thơm K’Brơi", "Ka Hiền", "Bùi", "Lê Văn A.", "Ổn"])
def test_name_on_a_birth_certificate(name):
    assert is_person_name(name)
    assert is_person_name(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize("name", ["", "  ", "Lê Văn 8", "=1+1", "<b>Lê</b>", "Lê@Văn", "Lê\nVăn", "Lê\u202eVăn", "..."])
def test_what_is_no_name(name):
    assert not is_person_name(name)


def test_there_are_54_peoples():
    assert len(set(ETHNICITIES)) == len(ETHNICITIES) == 54


def test_peoples_are_known_as_the_list_spells_them():
    assert [ethnicity_remark(name) for name in (*ETHNICITIES, "Người nước ngoài", "")] == [""] * 56
    assert ethnicity_remark("ê-đê") == "“ê-đê” không có trong danh mục 54 dân tộc; có phải “Ê Đê”?"
    assert ethnicity_remark("Klingon") == (
        "“Klingon” không có trong danh mục 54 dân tộc. Người nước ngoài thì ghi “Người nước ngoài”."
    )


@pytest.mark.parametrize("name", ["Nguyễn Văn Hoa", "H'Hen Niê", "K-Brơi", "Y Ó", "Kim Min-jun", "McDonald Anna", ""])
def test_usual_capitals_are_not_remarked(name):
    assert spelling_remark(name) == ""


@pytest.mark.parametrize("name", ["NGUYỄN VĂN HOA", "nguyễn văn hoa", "Nguyễn văn Hoa", "Nguyễn Văn HOA"])
def test_unusual_capitals_are_remarked(name):
    assert spelling_remark(name) == (
        f"“{name}” viết hoa khác thường, học bạ in đúng như đã ghi. Có phải “Nguyễn Văn Hoa”?"
    )


@pytest.mark.parametrize(("text", "fits"), [("Việt Nam", True), ("Trung Quốc (Đài Loan)", True), ("Mông", True)] + [
    (text, False) for text in ("=cmd", "<b>", "+84", "@x", "Tày 2", "-Kinh", "")
])  # fmt: skip
def test_origin_is_words(text, fits):
    assert is_origin(text) is fits
