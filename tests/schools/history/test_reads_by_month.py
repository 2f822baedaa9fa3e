"""Looks at records lie in months; no look fails for want of one, and nobody but the owner has anything to do there."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from schools.actions.reads import note_look
from schools.actions.reads_retention import make_read_months
from schools.models import Look, ReadEntry
from schools.models.grants import partitions
from schools.rules.kept_months import months_after
from tests.cast import make_cast
from tests.records.models.attack import attack
from tests.schools.history.past_looks import look_at, run_as_owner


def places() -> dict[str, int]:
    """Partition → looks in it, empty ones left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM schools_readentry GROUP BY 1")
        return dict(cursor.fetchall())


def this_month():
    return timezone.localdate().replace(day=1)


def named(month) -> str:
    return f"schools_readentry_{month:%Y_%m}"


def test_this_month_and_the_next_three_are_there(db):
    with connection.cursor() as cursor:
        names = partitions(cursor)
    assert names == [named(months_after(this_month(), n)) for n in range(4)] + ["schools_readentry_default"]


def test_look_lies_in_its_month(cast):
    note_look(by=cast.inspector, student=cast.student)
    assert places() == {named(timezone.localdate()): 1}
    assert abs(ReadEntry.objects.get().at - timezone.now()) < timedelta(minutes=5)


def test_month_ends_at_midnight_in_viet_nam(transactional_db, owner_dsn):
    cast, month = make_cast(), months_after(this_month(), 1)
    midnight = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=7)
    for moment in (midnight - timedelta(microseconds=1), midnight):
        look_at(owner_dsn, cast, moment)
    assert places() == {named(this_month()): 1, named(month): 1}


def test_look_in_a_month_without_a_place_is_taken_and_finds_its_place_later(transactional_db, owner_dsn):
    """The daily job stood still for months: nothing fails at the turn of the month, and nothing is lost afterwards."""
    cast, month = make_cast(), months_after(this_month(), 7)
    midnight = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=7)
    for moment in (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(days=9)):
        look_at(owner_dsn, cast, moment)
    before = list(ReadEntry.objects.order_by("id").values())
    assert places() == {"schools_readentry_default": 3}
    assert make_read_months() == 2
    assert places() == {named(months_after(month, -1)): 1, named(month): 2}
    assert list(ReadEntry.objects.order_by("id").values()) == before
    assert make_read_months() == 0


def test_months_made_later_are_closed_to_everybody(transactional_db, owner_dsn):
    cast, month = make_cast(), months_after(this_month(), -30)
    look_at(owner_dsn, cast, datetime(month.year, month.month, 5, tzinfo=UTC))
    make_read_months()
    for part in (named(month), named(this_month()), "schools_readentry_default", "schools_readentry"):
        for statement in (f"UPDATE {part} SET what = 'x'", f"DELETE FROM {part}", f"TRUNCATE {part}"):
            assert "permission denied" in attack(statement)
            with pytest.raises(psycopg.errors.IntegrityError), psycopg.connect(owner_dsn) as owner:
                owner.execute(statement)


def test_application_role_has_nothing_on_a_partition(transactional_db, owner_dsn):
    cast, month = make_cast(), months_after(this_month(), -30)
    look_at(owner_dsn, cast, datetime(month.year, month.month, 5, tzinfo=UTC))
    make_read_months()
    with connection.cursor() as cursor:
        for part in partitions(cursor):
            cursor.execute(
                "SELECT count(*) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p "
                "WHERE has_table_privilege('hocbaso_app', %s, p)",
                [part],
            )
            assert cursor.fetchone() == (0,), part


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {part}",
        "ALTER TABLE schools_readentry DETACH PARTITION {part}",
        "ALTER TABLE {part} DISABLE TRIGGER ALL",
        "SELECT hocbaso_make_read_month('2020-01-01')",
        "INSERT INTO schools_droppedreads (month, looks, digest, kept_months, dropped_on) "
        "VALUES ('2020-01-01', 0, '', 24, '2026-01-01')",
    ],
)
def test_application_role_makes_and_drops_no_month(db, statement):
    said = attack(statement.format(part=named(this_month())))
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize("away", [timedelta(minutes=-11), timedelta(minutes=11), timedelta(days=-400)])
def test_look_of_another_moment_is_refused(cast, away):
    said = attack(
        "INSERT INTO schools_readentry (at, user_id, student_id, what, request_id, address) "
        "VALUES (%s, %s, %s, %s, '', '')",
        timezone.now() + away, cast.principal.pk, cast.student.pk, Look.RECORD,
    )  # fmt: skip
    assert said == "a look is noted at the moment it happens"


def test_look_of_nobody_or_at_nobody_is_refused(cast):
    for user, student in ((0, cast.student.pk), (cast.principal.pk, 0)):
        said = attack(
            "INSERT INTO schools_readentry (user_id, student_id, what, request_id, address) "
            "VALUES (%s, %s, 'x', '', '')",
            user, student,
        )  # fmt: skip
        assert "violates foreign key constraint" in said


def test_looks_from_before_the_months_keep_all_they_say(transactional_db, owner_dsn):
    """Back to the one table and forth again, with looks of today, of years ago and of the day of a month's end."""
    cast, month = make_cast(), months_after(this_month(), -30)
    midnight = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=7)
    note_look(by=cast.inspector, student=cast.student)
    for moment in (midnight - timedelta(microseconds=1), midnight):
        look_at(owner_dsn, cast, moment)
    before = list(ReadEntry.objects.order_by("id").values())
    connection.close()
    migrate(owner_dsn, "schools", "0007")
    assert list(ReadEntry.objects.order_by("id").values()) == before
    connection.close()
    migrate(owner_dsn)
    assert list(ReadEntry.objects.order_by("id").values()) == before
    assert places() == {named(months_after(month, -1)): 1, named(month): 1, named(this_month()): 1}
    note_look(by=cast.principal, student=cast.student)
    assert ReadEntry.objects.order_by("-id").first().user == cast.principal


def migrate(owner_dsn, *target):
    done = run_as_owner(owner_dsn, "migrate", "-v0", *target)
    assert done.returncode == 0, done.stderr
