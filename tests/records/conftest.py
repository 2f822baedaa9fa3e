from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tests.kept import KEPT
from tests.records.term import Term


@pytest.fixture
def kept_term() -> None:
    """As ``kept_cast``, for class 7A in its first term."""


@pytest.fixture
def term(cast: Cast, kept_term: None, tmp_path: Path, settings: Any) -> Term:
    """Class 7A in its first term, with files in a folder of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return KEPT.term(cast)
