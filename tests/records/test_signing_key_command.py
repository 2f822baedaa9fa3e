"""``manage.py signing_key``: whose key, an initial PIN printed once, the earlier key revoked."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from records.actions.keys import opened
from records.models import SigningKey


@pytest.fixture(autouse=True)
def authority(settings, tmp_path):
    settings.AUTHORITY_DIR = tmp_path / "authority"


def given(*args, **options) -> str:
    out = StringIO()
    call_command("signing_key", *args, **options, stdout=out)
    return re.search(r"\): (\d{8})$", out.getvalue().strip())[1]


def test_person_gets_a_key_that_the_printed_pin_opens(cast):
    pin = given("hungtq")
    assert opened(SigningKey.objects.get(user=cast.principal), pin).key_size == 2048


def test_school_gets_a_seal_and_the_one_before_is_revoked(cast):
    given(school="THCS1")
    given(school="THCS1")
    assert SigningKey.objects.usable().get(school=cast.school)
    assert SigningKey.objects.filter(school=cast.school).count() == 2


def test_nobody_gets_nothing(cast):
    with pytest.raises(CommandError, match="Không có người"):
        given("khong-co-ai")
