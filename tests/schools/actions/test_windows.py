"""Entry windows: closed unless one says open, by the server's clock; extended with a reason; closed early as a fact."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.windows import close_window, open_windows
from schools.models import EntryWindow, HistoryEntry, Period, School, SchoolYear

WHY = "Mất điện cả ngày hôm qua"


@pytest.fixture
def span():
    now = timezone.now()
    return {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=3)}


def hk2(cast):
    return Period.objects.get(school_year=cast.year, level="THCS", code="HK2")


def test_opening_stands_in_the_history(cast, span):
    window = open_windows(by=cast.principal, schools=[cast.school], period=hk2(cast), **span)[0]
    assert list(EntryWindow.objects.open_for(cast.school, hk2(cast))) == [window]
    entry = HistoryEntry.objects.order_by("-id").first()
    assert (entry.action, entry.actor, entry.chain.key) == ("open_window", cast.principal, cast.school.pk)


@pytest.mark.parametrize("person", ["clerk", "homeroom_teacher", "other_principal", "inspector", "parent"])
def test_wrong_person_opens_nothing(cast, span, person):
    with pytest.raises(NotAllowed):
        open_windows(by=getattr(cast, person), schools=[cast.school], period=hk2(cast), **span)


def test_boundaries_of_a_window(cast):
    period, moment = hk2(cast), timezone.now()
    window = EntryWindow.objects.create(
        school=cast.school, period=period, opens_at=moment, closes_at=moment + timedelta(hours=1)
    )
    found = {
        offset: EntryWindow.objects.open_at(moment + timedelta(microseconds=offset)).filter(pk=window.pk).exists()
        for offset in (-1, 0, 3_599_999_999, 3_600_000_000)
    }
    assert found == {-1: False, 0: True, 3_599_999_999: True, 3_600_000_000: False}


def test_without_a_window_of_that_school_and_period_nothing_is_open(cast):
    primary = Period.objects.get(school_year=cast.year, level="TIEU_HOC", code="CK1")
    assert not EntryWindow.objects.open_for(cast.school, hk2(cast)).exists()
    assert not EntryWindow.objects.open_for(cast.school, primary).exists()
    assert not EntryWindow.objects.open_for(cast.other_school, cast.window.period).exists()
    assert EntryWindow.objects.open_for(cast.school, cast.window.period).exists()


def test_extension_needs_a_reason(cast, span):
    with pytest.raises(Refused, match="gia hạn"):
        open_windows(by=cast.principal, schools=[cast.school], period=cast.window.period, **span)
    extended = open_windows(by=cast.principal, schools=[cast.school], period=cast.window.period, reason=WHY, **span)
    assert extended[0].reason == WHY
    assert EntryWindow.objects.filter(school=cast.school, period=cast.window.period).count() == 2


def test_level_the_school_has_not_is_refused(cast, span):
    period = Period.objects.get(school_year=cast.year, level="THPT", code="HK1")
    with pytest.raises(Refused, match="THCS Nguyễn Du"):
        open_windows(by=cast.principal, schools=[cast.school], period=period, **span)


def test_times_must_make_sense(cast, span):
    now = timezone.now()
    for opens_at, closes_at in ((now, now), (now - timedelta(days=2), now - timedelta(days=1))):
        with pytest.raises(Refused):
            open_windows(
                by=cast.principal, schools=[cast.school], period=hk2(cast), opens_at=opens_at, closes_at=closes_at
            )


def test_province_opens_many_schools_at_once_or_none(cast, span):
    schools = [cast.school, cast.other_school]
    made = open_windows(by=cast.province_admin, schools=schools, period=hk2(cast), **span)
    assert {window.school for window in made} == set(schools)
    count = EntryWindow.objects.count()
    with pytest.raises(Refused):
        open_windows(by=cast.province_admin, schools=[*schools, cast.high_school], period=hk2(cast), reason=WHY, **span)
    assert EntryWindow.objects.count() == count


def test_many_schools_cost_as_many_questions_as_one(cast, span, django_assert_num_queries):
    schools = list(School.objects.filter(levels__contains=["THCS"]))
    admin, period = cast.province_admin, Period.objects.select_related("school_year").get(pk=hk2(cast).pk)
    assert admin.standing.province_ids  # read once per request
    for chosen in (schools[:1], schools):
        with django_assert_num_queries(7):
            open_windows(by=admin, schools=chosen, period=period, reason=WHY, **span)


def test_one_school_too_many_spoils_all(cast, span):
    with pytest.raises(NotAllowed):
        open_windows(by=cast.principal, schools=[cast.school, cast.other_school], period=hk2(cast), **span)


def test_closed_year_has_no_windows(cast, span):
    SchoolYear.objects.filter(pk=cast.year.pk).update(closed_at=timezone.now())
    with pytest.raises(WrongState, match="đã đóng"):
        open_windows(by=cast.principal, schools=[cast.school], period=hk2(cast), **span)


def test_closing_early_keeps_the_old_time_in_the_history(cast):
    before = cast.window.closes_at
    closed = close_window(by=cast.principal, window=cast.window, reason="Đã nhập xong trước hạn")
    assert not closed.is_open
    entry = HistoryEntry.objects.get(action="close_window")
    old, _new = entry.payloads.get().payload["changes"]["closes_at"]
    assert old.startswith(before.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M"))
    with pytest.raises(WrongState):
        close_window(by=cast.principal, window=cast.window, reason="Đã nhập xong trước hạn")


def test_wrong_person_closes_nothing(cast):
    for person in (cast.clerk, cast.other_principal, cast.homeroom_teacher):
        with pytest.raises(NotAllowed):
            close_window(by=person, window=cast.window, reason="Đã nhập xong trước hạn")


def test_database_refuses_a_window_that_ends_before_it_begins(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryWindow.objects.filter(pk=cast.window.pk).update(closes_at=cast.window.opens_at - timedelta(seconds=1))


@pytest.mark.parametrize(("opens", "closes"), [(-365 * 2000, 3), (-1, 365 * 70), (-400, 3)])
def test_window_far_from_its_year_is_refused_and_no_page_breaks(cast, opens, closes):
    now = timezone.now()
    with pytest.raises(Refused, match="Hạn nhập của năm học"):
        open_windows(
            by=cast.principal,
            schools=[cast.school],
            period=hk2(cast),
            opens_at=now + timedelta(days=opens),
            closes_at=now + timedelta(days=closes),
        )
    assert not EntryWindow.objects.filter(period=hk2(cast)).exists()
