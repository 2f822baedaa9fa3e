from pathlib import Path
from typing import Any

import pytest

from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.models import PageVersion
from tests.cast import Cast
from tests.kept import KEPT
from tests.records.term import PIN, Term, all_written, fresh, give_keys, hand_in


@pytest.fixture
def kept_term() -> None:
    """As ``kept_cast``, for class 7A in its first term."""


@pytest.fixture
def term(cast: Cast, kept_term: None, tmp_path: Path, settings: Any) -> Term:
    """Class 7A in its first term, with files in a folder of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return KEPT.term(cast)


@pytest.fixture
def kept_ready() -> None:
    """As ``kept_term``, for the class with all of it confirmed and written."""


@pytest.fixture
def kept_submitted() -> None:
    """As ``kept_term``, for the class submitted."""


@pytest.fixture
def all_ready(term: Term, kept_ready: None) -> Term:
    """The term, in which everything is confirmed and written before the test begins."""
    return term if KEPT.has("ready") else all_written(term)


@pytest.fixture
def handed_in(term: Term, kept_submitted: None) -> Term:
    """The term, in which the class was submitted before the test begins."""
    return term if KEPT.has("submitted") else hand_in(all_written(term))


@pytest.fixture
def signed(term: Term, handed_in: Term) -> Term:
    """Two pages, rendered and signed once: two states each."""
    give_keys(term)
    for version in PageVersion.objects.all():
        render_page(version)
    given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()}
    order = sign_as_homeroom(by=fresh(term.cast.homeroom_teacher), **given)
    for item in order.items.select_related("order__by", "order__key", "version"):
        carry_out(item)
    return term
