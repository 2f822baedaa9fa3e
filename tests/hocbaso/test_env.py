"""Numbers from the environment: a slip of the hand stops the program."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from hocbaso.lib import env


@pytest.mark.parametrize(("value", "expected"), [("", 24), ("12", 12), ("36", 36)])
def test_number_is_taken(monkeypatch, value, expected):
    monkeypatch.setenv("HOCBASO_TEST", value)
    assert env.number("HOCBASO_TEST", 24, least=12) == expected


@pytest.mark.parametrize("value", ["11", "0", "-1", "24 tháng", "1e3"])
def test_number_that_is_none_or_too_small_stops_the_program(monkeypatch, value):
    monkeypatch.setenv("HOCBASO_TEST", value)
    with pytest.raises(ImproperlyConfigured, match="a whole number from 12 on"):
        env.number("HOCBASO_TEST", 24, least=12)
