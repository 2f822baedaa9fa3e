"""The demo's classes are brought to their aims by the actions people use, and go on where they were interrupted."""

from random import Random

import pytest
from django.utils import timezone

from records.actions.page_files import read_page
from records.documents.verify import verified
from records.management.commands.demo import SEED, close_last_year, last_year_is_open, load
from records.management.demo import job
from records.management.demo.job import AIMS, COMPLETE, ISSUED, PARTLY, RETURNED, Aim, bring, give_keys, local_authority
from records.management.demo.processes import LOWER_SECONDARY
from records.management.demo.world import World
from records.models import ClassPeriod, MarkSheet, PageVersion
from schools.actions.history import verify_history
from schools.models import School, SchoolYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(settings, tmp_path) -> School:
    settings.FILES_ROOT, settings.AUTHORITY_DIR = tmp_path / "files", tmp_path / "authority"
    load(World(Random(SEED), timezone.localdate()))
    school = School.objects.get(code=LOWER_SECONDARY)
    give_keys(school)
    return school


def years() -> tuple[int, int]:
    this_year, last_year = SchoolYear.objects.order_by("-first_year").values_list("first_year", flat=True)
    return this_year, last_year


def state(name: str) -> str:
    return ClassPeriod.objects.get(school_class__name=name, school_year__first_year=years()[0]).state


def test_class_is_issued_even_if_it_was_interrupted(school, monkeypatch):
    aim = (Aim("8A", 0, "HK1", ISSUED),)
    with monkeypatch.context() as broken:
        broken.setattr(job, "sign_off_class", None)
        with pytest.raises(TypeError):
            bring(years(), aim)
    assert state("8A") == ClassPeriod.State.SUBMITTED
    bring(years(), aim)
    bring(years(), aim)
    assert state("8A") == ClassPeriod.State.ISSUED
    versions = PageVersion.objects.all()
    assert {version.state for version in versions} == {PageVersion.State.SEALED}
    assert len(versions) == 36
    certificate = local_authority().certificate
    assert verified(read_page(versions[0]), [certificate]).outcome == "VALID"
    assert verify_history().faults == []


def test_classes_stop_at_their_aims(school):
    bring(years(), (Aim("7A", 0, "HK1", PARTLY), Aim("6B", 0, "HK1", COMPLETE), Aim("7B", 0, "HK1", RETURNED)))
    assert [state(name) for name in ("7A", "6B", "7B")] == ["MO", "MO", "TRA_LAI"]
    complete = MarkSheet.objects.filter(school_class__name="6B")
    assert {sheet.state for sheet in complete} == {MarkSheet.State.CONFIRMED}
    reopened = MarkSheet.objects.filter(school_class__name="7B", state=MarkSheet.State.OPEN)
    assert [sheet.subject.code for sheet in reopened] == ["TOAN"]
    assert MarkSheet.objects.filter(school_class__name="7A", missing__gt=0).exists()


def test_last_year_is_closed_when_all_is_in(school):
    assert last_year_is_open()
    close_last_year()
    assert not last_year_is_open()


def test_aims_show_every_stage():
    stages = {aim.stage for aims in AIMS for aim in aims}
    assert stages == {0, 1, 2, 3, 4, 5}
