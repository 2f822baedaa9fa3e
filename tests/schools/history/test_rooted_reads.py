"""Looks in the daily root: what is rewritten afterwards is found, and what was dropped in time is told."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from schools.actions.history import anchor_history, signing_key, verify_history
from schools.actions.reads import note_look
from schools.actions.reads_retention import drop_old_reads, make_read_months
from schools.actions.refusals import NotAllowed
from schools.models import DroppedReads, HistoryEntry, ReadEntry
from schools.rules import chain as rules
from schools.rules.kept_months import months_after
from tests.cast import make_cast
from tests.schools.history.past_looks import look_at, run_as_owner

TABLES = ("schools_readentry", "schools_readentry_default", "schools_historyroot", "schools_droppedreads")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def province(transactional_db):
    return make_cast()


def tamper(owner_dsn, statement, *parameters):
    with psycopg.connect(owner_dsn) as owner:
        rows = owner.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'schools_readentry'::regclass"
        )
        tables = [*TABLES, *(name for (name,) in rows.fetchall())]
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(statement, parameters or None)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def noon(days_ago):
    """Noon in Việt Nam, that many days ago."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def day_of(moment):
    return timezone.localdate(moment).isoformat()


def old_month(months_ago=30):
    return months_after(timezone.localdate(), -months_ago)


def two_looks_of(owner_dsn, cast, month):
    for day in (3, 4):
        look_at(owner_dsn, cast, datetime(month.year, month.month, day, 5, tzinfo=UTC))
    make_read_months()


# -- What the root says -----------------------------------------------------------------------------------------------
def test_root_tells_of_every_day_that_is_over(province, owner_dsn):
    for moment in (noon(40), noon(3), noon(3) + timedelta(hours=1)):
        look_at(owner_dsn, province, moment)
    note_look(by=province.principal, student=province.student)
    reads = anchor_history(on=timezone.localdate()).reads
    assert {day: looks for day, (looks, _) in reads["days"].items()} == {day_of(noon(40)): 1, day_of(noon(3)): 2}
    assert day_of(noon(3)) < reads["until"] < timezone.localdate().isoformat()


def test_digest_of_a_day_is_the_same_computed_apart(province, owner_dsn):
    """The rows of the day, a line each, as anybody can read them: an independent oracle of the SQL."""
    for minutes in (0, 1):
        look_at(owner_dsn, province, noon(3) + timedelta(minutes=minutes, microseconds=7))
    (looks, digest) = anchor_history(on=timezone.localdate()).reads["days"][day_of(noon(3))]
    lines = [
        json.dumps([one.pk, round(one.at.timestamp() * 1000000), one.user_id, one.student_id, one.what, one.request_id,
                    one.address], ensure_ascii=False)
        for one in ReadEntry.objects.order_by("id")
    ]  # fmt: skip
    assert (looks, digest) == (2, hashlib.sha256("\n".join(lines).encode()).hexdigest())


def test_next_root_tells_only_of_the_days_since(province, owner_dsn):
    look_at(owner_dsn, province, noon(9))
    first = anchor_history(on=timezone.localdate() - timedelta(days=5))
    look_at(owner_dsn, province, noon(3))
    second = anchor_history(on=timezone.localdate())
    assert (list(first.reads["days"]), list(second.reads["days"])) == ([day_of(noon(9))], [day_of(noon(3))])
    assert first.reads["until"] == day_of(noon(6))


def test_root_of_a_day_to_come_tells_of_no_day_that_is_not_over(cast):
    note_look(by=cast.inspector, student=cast.student)
    reads = anchor_history(on=timezone.localdate() + timedelta(days=9)).reads
    assert reads["days"] == {}
    assert reads["until"] < timezone.localdate().isoformat()


def test_untouched_looks_are_whole_in_whatever_time_zone(province, owner_dsn):
    for days in (40, 3):
        look_at(owner_dsn, province, noon(days))
    anchor_history(on=timezone.localdate())
    note_look(by=province.principal, student=province.student)
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Pacific/Auckland'")
    report = verify_history()
    assert (report.looks, report.faults, report.notes) == (2, [], [])


def test_root_from_before_the_looks_were_rooted_still_holds(province, owner_dsn):
    look_at(owner_dsn, province, noon(9))
    before = anchor_history(on=timezone.localdate() - timedelta(days=5))
    heads = {chain: (seq, head) for chain, (seq, head) in before.heads.items()}
    root = rules.root_hash(b"", heads)
    tamper(
        owner_dsn,
        "UPDATE schools_historyroot SET reads = NULL, root = %s, signature = %s",
        root,
        signing_key().sign(root),
    )
    assert verify_history().faults == []
    assert list(anchor_history(on=timezone.localdate()).reads["days"]) == [day_of(noon(9))]
    assert verify_history().faults == []


# -- What is rewritten afterwards -------------------------------------------------------------------------------------
REWRITTEN = (
    ("UPDATE schools_readentry SET user_id = (SELECT max(id) FROM schools_user) WHERE {day}", 2),
    ("UPDATE schools_readentry SET what = 'SO_DINH_DANH' WHERE {day} AND id % 2 = 0", 2),
    ("UPDATE schools_readentry SET at = at + interval '1 microsecond' WHERE {day}", 2),
    ("DELETE FROM schools_readentry WHERE {day} AND id % 2 = 0", 1),
    ("DELETE FROM schools_readentry WHERE {day}", 0),
    ("INSERT INTO schools_readentry (at, user_id, student_id, what, request_id, address) "
     "SELECT at, user_id, student_id, what, '', '' FROM schools_readentry WHERE {day} AND id % 2 = 0", 3),
)  # fmt: skip


def test_rewritten_days_are_found_and_no_others(province, owner_dsn):
    for day in range(3, 11):
        for minutes in (0, 1):
            look_at(owner_dsn, province, noon(day) + timedelta(minutes=minutes))
    anchor_history(on=timezone.localdate())
    for day, (statement, _) in enumerate(REWRITTEN, start=4):
        bounds = f"at BETWEEN '{noon(day)}' AND '{noon(day) + timedelta(hours=1)}'"
        tamper(owner_dsn, statement.format(day=bounds))
    assert verify_history().faults == [
        f"Lượt xem ngày {timezone.localdate(noon(day)):%d/%m/%Y}: khác với mốc neo (mốc ghi 2 lượt, còn {there})."
        for day, (_, there) in reversed(list(enumerate(REWRITTEN, start=4)))
    ]


def test_look_added_to_a_day_without_any_is_found(province, owner_dsn):
    anchor_history(on=timezone.localdate())
    look_at(owner_dsn, province, noon(3))
    (fault,) = verify_history().faults
    assert "(mốc ghi 0 lượt, còn 1)" in fault


def test_look_moved_to_another_month_is_found_in_both(province, owner_dsn):
    look_at(owner_dsn, province, noon(3))
    anchor_history(on=timezone.localdate())
    tamper(owner_dsn, "UPDATE schools_readentry SET at = at - interval '90 days'")
    assert len(verify_history().faults) == 2


def test_root_that_tells_another_thing_of_the_looks_is_found(province, owner_dsn):
    look_at(owner_dsn, province, noon(3))
    anchor_history(on=timezone.localdate())
    for value in ("jsonb_set(reads, '{until}', '\"2020-01-01\"')", "jsonb_set(reads, '{days}', '{}')", "NULL"):
        tamper(owner_dsn, f"UPDATE schools_historyroot SET reads = {value}")
        assert [fault for fault in verify_history().faults if "mã gốc không khớp" in fault], value


# -- What was kept long enough ----------------------------------------------------------------------------------------
def test_month_past_its_time_is_dropped_and_told(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    look_at(owner_dsn, province, noon(3))
    anchor_history(on=timezone.localdate())
    done = run_as_owner(owner_dsn, "drop_old_reads")
    assert (done.returncode, done.stdout) == (0, f"Tháng {old_month():%m/%Y}: đã xóa 2 lượt xem.\n"), done.stderr
    assert [day_of(one.at) for one in ReadEntry.objects.all()] == [day_of(noon(3))]
    told = (
        f"Lượt xem tháng {old_month():%m/%Y}: 2 lượt đã xóa ngày {timezone.localdate():%d/%m/%Y}, "
        "hết thời hạn giữ 24 tháng."
    )
    report = verify_history()
    assert (report.faults, report.notes, report.looks) == ([], [told], 1)
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert told in out.getvalue()


def test_history_says_what_was_dropped(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    root = anchor_history(on=timezone.localdate())
    run_as_owner(owner_dsn, "drop_old_reads")
    entry = HistoryEntry.objects.get(action="drop_old_reads")
    assert (entry.table, entry.method, entry.reason, entry.actor, entry.chain.kind, entry.database_user) == (
        "schools_droppedreads", "command", "Đã giữ đủ 24 tháng", None, "PROVINCE", "hocbaso_owner",
    )  # fmt: skip
    days = {day: (looks, digest) for day, (looks, digest) in root.reads["days"].items()}
    assert entry.payloads.get().payload["changes"] | {"id": 0} == {
        "id": 0, "month": old_month().isoformat(), "looks": 2, "digest": rules.month_digest(days), "kept_months": 24,
        "dropped_on": timezone.localdate().isoformat(),
    }  # fmt: skip


def test_month_is_kept_to_its_end_and_as_long_as_the_setting_says(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month(24))
    anchor_history(on=timezone.localdate())
    for months in ("24", "36"):
        done = run_as_owner(owner_dsn, "drop_old_reads", HOCBASO_READS_MONTHS=months)
        assert done.stdout == "Không có tháng nào hết thời hạn giữ.\n", done.stderr
    assert ReadEntry.objects.count() == 2


def test_month_that_is_not_rooted_is_kept(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    done = run_as_owner(owner_dsn, "drop_old_reads")
    assert (done.returncode, "chưa được neo hết" in done.stderr) == (1, True)
    assert (ReadEntry.objects.count(), DroppedReads.objects.count()) == (2, 0)


def test_month_that_was_rewritten_is_kept_as_evidence(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    anchor_history(on=timezone.localdate())
    tamper(owner_dsn, "DELETE FROM schools_readentry WHERE id = (SELECT max(id) FROM schools_readentry)")
    done = run_as_owner(owner_dsn, "drop_old_reads")
    assert (done.returncode, "khác với mốc neo" in done.stderr) == (1, True)
    assert (ReadEntry.objects.count(), DroppedReads.objects.count()) == (1, 0)


def test_application_drops_nothing(db):
    with pytest.raises(NotAllowed):
        drop_old_reads(on=timezone.localdate())


def test_month_dropped_without_a_word_is_found(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    anchor_history(on=timezone.localdate())
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"DROP TABLE schools_readentry_{old_month():%Y_%m}")
    assert len(verify_history().faults) == 2


@pytest.mark.parametrize(("months_ago", "kept", "refused"), [(3, 24, True), (3, 1, True), (13, 12, False)])
def test_database_takes_no_month_as_dropped_before_its_time(owner_dsn, months_ago, kept, refused):
    with psycopg.connect(owner_dsn) as owner:
        try:
            owner.execute(
                "INSERT INTO schools_droppedreads (month, looks, digest, kept_months, dropped_on) "
                "VALUES (%s, 0, '', %s, %s)",
                [old_month(months_ago), kept, timezone.localdate()],
            )
            found = False
        except psycopg.errors.CheckViolation:
            found = True
        owner.rollback()
    assert found is refused


def test_forged_word_of_a_dropped_month_is_found(province, owner_dsn):
    two_looks_of(owner_dsn, province, old_month())
    anchor_history(on=timezone.localdate())
    run_as_owner(owner_dsn, "drop_old_reads")
    forgeries = [
        ("UPDATE schools_droppedreads SET looks = 1", "khác với các mốc neo"),
        ("UPDATE schools_droppedreads SET looks = 2, digest = 'x'", "khác với các mốc neo"),
        ("UPDATE schools_droppedreads SET dropped_on = '2999-01-01'", "chưa hết thời hạn giữ"),
        ("DELETE FROM schools_droppedreads", "khác với mốc neo"),
    ]
    for statement, fault in forgeries:
        tamper(owner_dsn, statement)
        told = " ".join(verify_history().faults)
        assert (fault in told, "khác với lịch sử" in told) == (True, True), statement
