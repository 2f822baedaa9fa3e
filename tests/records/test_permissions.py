"""What is known without asking the database is what asking it would say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.models import MarkSheet
from records.permissions import sees_sheet, taught_in, teaches_sheet
from schools.models import HomeroomAssignment, TeachingAssignment
from tests.records.term import fresh
from tests.records.views.looking import EVERYBODY

PEOPLE = [person for person in EVERYBODY if person]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("ended", [False, True], ids=["today", "ended today"])
def test_seeing_a_sheet_is_the_same_by_what_is_known_and_by_query(term, person, ended):
    prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    if ended:
        TeachingAssignment.objects.update(ends_on=timezone.localdate())
        HomeroomAssignment.objects.update(ends_on=timezone.localdate())
    user = fresh(getattr(term.cast, person))
    by_query = set(MarkSheet.objects.visible_to(user).values_list("pk", flat=True))
    assert {sheet.pk for sheet in MarkSheet.objects.all() if sees_sheet(user, sheet)} == by_query


@pytest.mark.parametrize("person", PEOPLE)
def test_teaching_a_sheet_is_the_same_by_what_is_known_and_by_query(term, person):
    user = fresh(getattr(term.cast, person))
    taught = set(MarkSheet.objects.taught_by(user).values_list("pk", flat=True))
    assert {sheet.pk for sheet in MarkSheet.objects.all() if teaches_sheet(user, sheet)} == taught
    assert {sheet.pk for sheet in MarkSheet.objects.all() if taught_in(user, sheet)} == taught


@pytest.mark.parametrize("days", [{"starts_on": 1}, {"ends_on": 0}], ids=["of tomorrow", "ended today"])
def test_assignment_that_does_not_hold_today_gives_nothing(term, days):
    today = timezone.localdate()
    changed = {name: today + timedelta(days=number) for name, number in days.items()}
    TeachingAssignment.objects.filter(pk=term.cast.teaching.pk).update(**changed)
    user = fresh(term.cast.maths_teacher)
    assert not user.ties.is_assigned
    assert not sees_sheet(user, term.maths)
    assert not teaches_sheet(user, term.maths)
