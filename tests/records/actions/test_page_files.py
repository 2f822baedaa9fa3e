"""Earlier states of a page's file go once the last one contains them; nothing else goes."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from records.actions.page_files import page_path, read_page, sweep_page_files
from records.models import PageVersion

AT_ONCE = timedelta(seconds=-1)
pytestmark = pytest.mark.django_db


def files() -> set[str]:
    return {str(path) for path in (Path(settings.FILES_ROOT) / "pages").rglob("*") if path.is_file()}


def named() -> set[str]:
    return {str(page_path(version)) for version in PageVersion.objects.all()}


def test_earlier_states_go_and_the_last_one_is_untouched(signed):
    before = {one.pk: read_page(one) for one in PageVersion.objects.all()}
    assert (len(files()), sweep_page_files(kept_for=AT_ONCE)) == (4, 2)
    assert files() == named()
    assert {one.pk: read_page(one) for one in PageVersion.objects.all()} == before
    assert sweep_page_files(kept_for=AT_ONCE) == 0


def test_what_was_replaced_less_than_a_day_ago_stays(signed):
    for path in files() - named():
        os.utime(path, (time.time() - 900_000,) * 2)
    assert (sweep_page_files(), len(files())) == (0, 4)
    for path in named():
        os.utime(path, (time.time() - 90_000,) * 2)
    assert (sweep_page_files(), files()) == (2, named())


def test_a_state_that_the_last_one_does_not_contain_stays(signed):
    other = next(Path(path) for path in files() - named())
    other.write_bytes(other.read_bytes()[:-1] + b"x")
    assert sweep_page_files(kept_for=AT_ONCE) == 1
    assert other.exists()


def test_a_draft_of_a_crash_goes_and_a_strangers_file_stays(signed):
    one = next(Path(path) for path in named())
    draft, stranger = one.with_suffix(".0123abcd.part"), one.with_name("ghi-chu.txt")
    for path in (draft, stranger):
        path.write_bytes(b"%PDF-")
        os.utime(path, (time.time() - 90_000,) * 2)
    assert sweep_page_files() == 1
    assert (draft.exists(), stranger.exists()) == (False, True)


def test_a_page_nobody_knows_stays(signed):
    stranger = next(Path(path) for path in named()).with_name(f"{'0' * 8}-0000-0000-0000-{'0' * 12}-{'0' * 16}.pdf")
    stranger.write_bytes(b"%PDF-")
    sweep_page_files(kept_for=AT_ONCE)
    assert stranger.exists()


def test_nothing_to_sweep_where_no_page_was_ever_made(term):
    assert sweep_page_files(kept_for=AT_ONCE) == 0
