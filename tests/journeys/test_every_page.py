"""Every page that anybody may see, in Chromium: axe finds nothing in light and dark, nothing sticks out at 320 px,
titles differ, the policy of the page is not violated, and the guide is within reach."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.urls import reverse

from tests.journeys.conftest import axe, no_sideways_scroll, sign_in
from tests.repository.urls import addresses, examples

MATRIX = Path(__file__).parents[1] / "repository" / "access_matrix.csv"
NO_PAGES = {"healthz", "readyz", "class_progress"}  # the last is a piece of a page


def pages_by_person() -> dict[str, list[str]]:
    """For each page the first person of the matrix who gets it: every page once, by somebody who may."""
    rows = list(csv.DictReader(StringIO(MATRIX.read_text(encoding="utf-8")))) if MATRIX.exists() else []
    pages: dict[str, list[str]] = {}
    for row in rows:
        person = next((name for name, status in row.items() if status == "200"), None)
        if person and row["address"] not in NO_PAGES:
            pages.setdefault(person, []).append(row["address"])
    return pages


@pytest.mark.parametrize("person", pages_by_person())
def test_pages_of(person, live_cast, open_page):
    values = examples(live_cast)
    known = {address.name: address for address in addresses()}
    page = open_page()
    if person != "nobody":
        sign_in(page, getattr(live_cast, person))
    titles = Counter()
    for name in pages_by_person()[person]:
        url = reverse(name, kwargs={key: values[key] for key in known[name].parameters})
        answer = page.request.get(url)
        if answer.status == 405 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue  # an address for a POST, or a download
        seen = page.goto(url)
        assert seen is not None
        assert seen.status == 200, url
        titles[page.title()] += 1
        no_sideways_scroll(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            axe(page)
        assert page.get_by_role("link", name="Hướng dẫn", exact=True).count() == 1
    assert [title for title, count in titles.items() if count > 1] == []
