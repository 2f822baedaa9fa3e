"""Backups are restored, for real: a set; and to the minute, a base backup with what was archived and the files that
came after the set. What was signed a minute ago is there, whole, and what is not whole is said."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.plant import Plant


@pytest.fixture
def plant() -> Iterator[Plant]:
    """Two pages wait for their signature in a set and a base backup; they are signed, and shipped, afterwards."""
    plant = Plant(Path(tempfile.mkdtemp(prefix="hocbaso-plant.", dir="/var/tmp")))
    plant.prepare_backups()
    plant.start()
    try:
        plant.python("manage.py", "migrate", "-v0", role="owner")
        plant.python("-m", "tests.deploy.signed_class", "submit")
        for step in ("now", "base", "copy", "ship"):
            plant.backup(step)
        plant.python("-m", "tests.deploy.signed_class", "sign")
        plant.archived()
        plant.sql("SELECT pg_current_xact_id()")  # something, so that there is a next segment
        plant.archived()
        plant.backup("ship")
        yield plant
    finally:
        plant.stop()
        shutil.rmtree(plant.home)


def to_the_minute(plant: Plant, *more: object) -> tuple[int, str]:
    site = plant.other_site
    return plant.drill("base", "--wal", site / "wal", "--files", plant.newest("sets"), *more)


def holds(outcome: tuple[int, str]) -> bool:
    code, said = outcome
    assert code == 0, said
    return "Lịch sử toàn vẹn." in said and "2 tệp đã kiểm tra, 0 lỗi." in said


def test_what_was_signed_comes_back_from_the_other_site(plant):
    """One test, since a plant takes its time, and several would be given to several workers."""
    assert holds(plant.drill("sets"))
    outcome = to_the_minute(plant, "--bundles", plant.other_site / "files")
    assert holds(outcome)
    assert "1 mốc neo" in outcome[1]  # rooted after the signatures: the archive was played to its end
    code, said = to_the_minute(plant)
    assert (code, said.count("SAI: "), said.count("thiếu tệp pages/")) == (1, 2, 2), said
    assert "A page's file is missing" in said
    the_other_site_only_takes(plant)
    last_but_one = sorted((plant.other_site / "wal").glob(24 * "[0-9A-F]" + ".gz.age"))[-2]
    last_but_one.unlink()
    code, said = to_the_minute(plant)
    assert (code, "The WAL has a gap before" in said) == (1, True), said


def the_other_site_only_takes(plant: Plant) -> None:
    kept = {path: path.read_bytes() for path in plant.other_site.rglob("*.age")}
    ours = plant.backups / plant.newest("sets").relative_to(plant.other_site) / "files.tar.age"
    ours.write_bytes(b"taken over, and encrypted")
    plant.backup("copy")
    plant.backup("ship")
    assert {path: path.read_bytes() for path in kept} == kept
