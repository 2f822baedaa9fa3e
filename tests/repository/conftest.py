from collections.abc import Callable

import pytest
from django.http import HttpResponse

from hocbaso import urls


@pytest.fixture
def bare_refusals(monkeypatch):
    """A refusal without its page, which takes most of the time of one."""

    def refuse_with(status: int) -> Callable[..., HttpResponse]:
        return lambda request, exception: HttpResponse(status=status)

    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", refuse_with(status), raising=False)
