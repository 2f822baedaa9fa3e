"""The frame of a school year: years and periods as the Sở sets them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.years import open_year, set_period_dates
from schools.models import HistoryEntry, Period, SchoolYear


def test_year_comes_with_the_periods_of_three_levels(cast):
    year = open_year(by=cast.province_admin, authority=cast.province, first_year=cast.year.first_year + 1)
    codes = Period.objects.for_year(year).values_list("level", "code")
    assert sorted(codes) == sorted(
        [("TIEU_HOC", code) for code in ("GK1", "CK1", "GK2", "CN", "HE")]
        + [(level, code) for level in ("THCS", "THPT") for code in ("HK1", "HK2", "HE")]
    )
    with pytest.raises(Refused, match="đã có"):
        open_year(by=cast.province_admin, authority=cast.province, first_year=year.first_year)


def test_wrong_person_opens_no_year(cast):
    for person in (cast.principal, cast.inspector, cast.operator):
        with pytest.raises(NotAllowed):
            open_year(by=person, authority=cast.province, first_year=2030)


def test_dates_of_periods_stay_in_order_and_inside(cast):
    hk1 = Period.objects.get(school_year=cast.year, level="THCS", code="HK1")
    hk2 = Period.objects.get(school_year=cast.year, level="THCS", code="HK2")
    day = timedelta(days=1)
    moved = {hk1: (hk1.starts_on, hk1.ends_on + day), hk2: (hk2.starts_on + day, hk2.ends_on)}
    set_period_dates(by=cast.province_admin, year=cast.year, dates=moved)
    assert Period.objects.get(pk=hk1.pk).ends_on == moved[hk1][1]
    for wrong, words in (
        ({hk1: (hk1.starts_on, hk2.starts_on + 5 * day)}, "phải bắt đầu sau"),
        ({hk1: (hk1.ends_on, hk1.starts_on)}, "trước ngày bắt đầu"),
        ({hk1: (cast.year.starts_on - day, hk1.ends_on)}, "nằm trong năm học"),
    ):
        with pytest.raises(Refused, match=words):
            set_period_dates(by=cast.province_admin, year=SchoolYear.objects.get(pk=cast.year.pk), dates=wrong)


def test_closed_year_keeps_its_dates(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    with pytest.raises(WrongState, match="đã đóng"):
        set_period_dates(by=cast.province_admin, year=cast.year, dates={})


@pytest.mark.parametrize("person", ["principal", "clerk", "inspector", "commune_officer", "operator", "parent"])
def test_wrong_person_sets_no_dates(cast, person):
    with pytest.raises(NotAllowed):
        set_period_dates(by=getattr(cast, person), year=cast.year, dates={})


def test_years_stand_in_the_history(cast):
    hk1 = Period.objects.get(school_year=cast.year, level="THCS", code="HK1")
    dates = {hk1: (hk1.starts_on + timedelta(days=1), hk1.ends_on)}
    set_period_dates(by=cast.province_admin, year=cast.year, dates=dates)
    open_year(by=cast.province_admin, authority=cast.province, first_year=cast.year.first_year + 1)
    told = HistoryEntry.objects.filter(actor=cast.province_admin).values_list("action", "table")
    assert set(told) == {
        ("set_period_dates", "schools_period"), ("open_year", "schools_schoolyear"), ("open_year", "schools_period"),
    }  # fmt: skip
    changed = HistoryEntry.objects.get(action="set_period_dates").payloads.get()
    assert (changed.row_id, changed.payload["changes"]["starts_on"][0]) == (hk1.pk, hk1.starts_on.isoformat())
