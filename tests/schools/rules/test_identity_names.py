import unicodedata

import pytest

from schools.rules.ethnicities import ETHNICITIES
from schools.rules.identity import is_person_name


@pytest.mark.parametrize("name", ["Nguyễn Minh Anh", "H'Hen Niê", "Y-Thơm K’Brơi", "Ka Hiền", "Bùi", "Lê Văn A.", "Ổn"])
def test_name_on_a_birth_certificate(name):
    assert is_person_name(name)
    assert is_person_name(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize("name", ["", "  ", "Lê Văn 8", "=1+1", "<b>Lê</b>", "Lê@Văn", "Lê\nVăn", "Lê\u202eVăn", "..."])
def test_what_is_no_name(name):
    assert not is_person_name(name)


def test_there_are_54_peoples():
    assert len(set(ETHNICITIES)) == len(ETHNICITIES) == 54
