"""A school year is closed by the Sở once everything of it is done, and is read only from then on."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from records.actions.closing import why_year_stays
from records.actions.sheets import enter_marks
from records.actions.signoff import approve_summary
from records.models import YearRecord
from schools.actions.refusals import NotAllowed, WrongState
from schools.actions.years import close_year, why_year_stays_open
from schools.models import Enrolment, EntryWindow, HistoryEntry, Period, SchoolYear
from tests.records.primary import make_primary
from tests.records.term import operation


@pytest.fixture
def over(cast):
    """The year's last day of teaching has passed."""
    day = timezone.localdate() - timedelta(days=1)
    first = day - timedelta(days=40)
    for number, period in enumerate(Period.objects.filter(school_year=cast.year).order_by("level", "position")):
        start = first + timedelta(days=number % 5)
        Period.objects.filter(pk=period.pk).update(starts_on=start, ends_on=start)
    return cast.year


def test_year_that_is_not_over_stays_open(cast):
    assert why_year_stays_open(cast.year)[0].startswith("Năm học chưa hết: ")


def test_class_that_is_not_through_keeps_the_year_open_and_its_school_is_named(term, over):
    with pytest.raises(WrongState, match=f"{term.cast.school}: 1 lớp chưa xong các kì"):
        close_year(by=term.cast.province_admin, year=over)
    assert SchoolYear.objects.get(pk=over.pk).closed_at is None


def test_class_is_through_when_pages_are_issued_and_summaries_approved(cast, monkeypatch):
    """4A is asked for its first period, then for its first two; the school's other class stays unfinished."""
    asked = ["GK1"]
    monkeypatch.setattr("records.actions.closing.terms_of_level", lambda level: tuple(asked))
    primary = make_primary(cast)
    both, other = (f"{cast.school}: {number} lớp chưa xong các kì." for number in (2, 1))
    class_period = primary.closed("GK1")
    assert both in why_year_stays(cast.year)
    approve_summary(by=cast.principal, class_period=class_period, shown=class_period.last_move_id)
    assert other in why_year_stays(cast.year)
    primary.closed("CK1")
    asked.append("CK1")
    assert both in why_year_stays(cast.year)


def test_pupil_who_waits_for_the_summer_keeps_the_year_open(cast):
    primary = make_primary(cast)
    primary.closed("CN", level="C")
    assert YearRecord.objects.count() == 3
    assert "3 học sinh chờ kết quả trong hè." in why_year_stays(cast.year)


@pytest.mark.parametrize("person", ["principal", "clerk", "inspector", "operator", "maths_teacher"])
def test_others_close_no_year(cast, person):
    with pytest.raises(NotAllowed):
        close_year(by=getattr(cast, person), year=cast.year)


def test_closed_year_takes_nothing_more_and_the_history_says_who_closed_it(term, over, monkeypatch):
    monkeypatch.setattr("schools.actions.years.OBJECTIONS_TO_CLOSING", [])
    row = term.maths.rows.get(student=term.cast.student)
    assert close_year(by=term.cast.province_admin, year=over).closed_at is not None
    assert not EntryWindow.objects.open_now().filter(period__school_year=over).exists()
    entry = HistoryEntry.objects.filter(action="close_year").first()
    assert entry is not None
    saved = enter_marks(by=term.cast.maths_teacher, sheet=term.maths, operations=[operation(row, "TX1", "8")])
    assert saved.results[0].outcome == "locked"
    with pytest.raises(WrongState, match="đã đóng"):
        close_year(by=term.cast.province_admin, year=over)


def test_database_takes_no_mark_in_a_closed_year_whatever_window_there_is(term):
    row = term.maths.rows.get(student=term.cast.student)
    SchoolYear.objects.filter(pk=term.cast.year.pk).update(closed_at=timezone.now())
    with pytest.raises(Error, match="no entry window"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('UPDATE records_markrow SET cells = \'{"TX1": "8"}\' WHERE id = %s', [row.pk])


def test_window_that_was_still_to_open_never_does(cast, over, monkeypatch):
    monkeypatch.setattr("schools.actions.years.OBJECTIONS_TO_CLOSING", [])
    period = Period.objects.filter(school_year=over, level="THCS").last()
    opens_at = timezone.now() + timedelta(days=2)
    coming = EntryWindow.objects.create(
        school=cast.school, period=period, opens_at=opens_at, closes_at=opens_at + timedelta(days=3)
    )
    close_year(by=cast.province_admin, year=over)
    coming.refresh_from_db()
    assert (coming.opens_at, coming.closes_at) == (opens_at, opens_at)


def test_class_that_everybody_has_left_does_not_keep_the_year_open(cast):
    told = f"{cast.school}: 1 lớp chưa xong các kì."
    assert told in why_year_stays(cast.year)
    day = timezone.localdate()
    Enrolment.objects.filter(school_class__school=cast.school).update(ends_on=day, ending="CHUYEN_TRUONG")
    assert told not in why_year_stays(cast.year)
