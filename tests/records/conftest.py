from pathlib import Path
from typing import Any

import pytest

from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.models import PageVersion
from tests.cast import Cast
from tests.kept import KEPT
from tests.records.term import PIN, Term, fresh, give_keys, submitted


@pytest.fixture
def kept_term() -> None:
    """As ``kept_cast``, for class 7A in its first term."""


@pytest.fixture
def term(cast: Cast, kept_term: None, tmp_path: Path, settings: Any) -> Term:
    """Class 7A in its first term, with files in a folder of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return KEPT.term(cast)


@pytest.fixture
def signed(term: Term) -> Term:
    """Two pages, rendered and signed once: two states each."""
    give_keys(submitted(term))
    for version in PageVersion.objects.all():
        render_page(version)
    given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()}
    order = sign_as_homeroom(by=fresh(term.cast.homeroom_teacher), **given)
    for item in order.items.select_related("order__by", "order__key", "version"):
        carry_out(item)
    return term
