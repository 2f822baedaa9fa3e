from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tests.records.term import Term, make_term


@pytest.fixture
def term(cast: Cast, tmp_path: Path, settings: Any) -> Term:
    """Class 7A in its first term, with files in a folder of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(cast, tmp_path)
