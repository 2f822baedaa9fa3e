"""The demo: the same people every time, coherent on whatever day it is loaded."""

import hashlib
from datetime import date, datetime, time
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from records.management.commands.demo import SEED, load
from records.management.demo.world import PASSWORD, World, make_frame, make_named_people, make_windows
from schools.actions.history import verify_history
from schools.models import (
    Enrolment,
    EntryWindow,
    HistoryEntry,
    ParentLink,
    Period,
    SchoolClass,
    SchoolYear,
    Student,
    User,
)

SAME_SEED_SAME_PEOPLE = "c095089069a3b90e"

pytestmark = pytest.mark.django_db


def test_demo_loads_once_and_prints_the_accounts():
    first, second = StringIO(), StringIO()
    call_command("demo", without_marks=True, stdout=first)
    count = (Student.objects.count(), User.objects.count(), HistoryEntry.objects.count())
    call_command("demo", without_marks=True, stdout=second)
    assert (Student.objects.count(), User.objects.count(), HistoryEntry.objects.count()) == count
    assert first.getvalue() == second.getvalue()
    for line in first.getvalue().splitlines()[2:]:
        assert User.objects.get(username=line.split()[0]).check_password(PASSWORD)


def test_demo_is_large_fictitious_and_recorded():
    load(World(Random(SEED), timezone.localdate()))
    current = SchoolClass.objects.filter(school_year=SchoolYear.objects.current())
    assert (current.count(), Student.objects.count()) == (31, 1068)
    assert Enrolment.objects.open().count() == Student.objects.count()
    assert ParentLink.objects.count() > Student.objects.count()

    with_password = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert len(with_password) == 18
    assert not User.objects.exclude(username__in=with_password).exclude(password_set_at=None).exists()

    numbers = Student.objects.exclude(personal_id=None).values_list("personal_id", flat=True)
    assert all(number.startswith("999") for number in numbers)
    assert not User.objects.exclude(phone=None).exclude(phone__startswith="00").exists()

    assert verify_history().faults == []
    assert set(HistoryEntry.objects.exclude(method="sql").values_list("action", "method")) == {("demo", "demo")}

    people = "\n".join(Student.objects.order_by("id").values_list("full_name", flat=True))
    assert hashlib.sha256(people.encode()).hexdigest()[:16] == SAME_SEED_SAME_PEOPLE


DAYS = [date(2026, month, day) for month, day in [(1, 15), (2, 28), (3, 31), (4, 15), (5, 31), (6, 1), (7, 15), (8, 1),
                                                    (9, 5), (10, 15), (11, 23), (12, 31)]]  # fmt: skip


@pytest.mark.parametrize("today", [*DAYS, date(2028, 2, 29)], ids=str)
def test_day_of_loading_lies_in_the_middle_of_term_one(today):
    world = World(Random(SEED), today)
    make_frame(world)
    make_named_people(world)
    make_windows(world)
    assert world.year.starts_on <= today <= world.year.ends_on
    assert world.last_year.ends_on < world.year.starts_on
    assert world.last_year.first_year == world.year.first_year - 1
    codes = Period.objects.filter(school_year=world.year, starts_on__lte=today, ends_on__gte=today)
    assert sorted(codes.values_list("level", "code")) == [("THCS", "HK1"), ("THPT", "HK1"), ("TIEU_HOC", "CK1")]
    noon = timezone.make_aware(datetime.combine(today, time(12)))
    open_now = EntryWindow.objects.open_at(noon).filter(period__school_year=world.year)
    assert sorted(open_now.values_list("period__code", flat=True)) == ["CK1", "GK1", "HK1", "HK1"]  # GK1 for loading
    assert EntryWindow.objects.open_at(noon).filter(period__school_year=world.last_year).count() == 2
