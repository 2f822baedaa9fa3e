"""Students by the thousand for measuring: their history begins with one opening entry per chain, and the check of the
history knows what it opened with."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from records.actions.cells import Operation
from records.actions.sheets import enter_marks
from records.models import MarkRow, MarkSheet
from schools.actions.history import verify_history
from schools.models import HistoryEntry, User
from schools.models.recording import recorded
from tests.cast import make_cast
from tests.conftest import owner_url, renew_database

ROOT = Path(__file__).resolve().parents[3]
SEEDED_ROW = (
    "(SELECT max(r.id) FROM records_markrow r JOIN records_marksheet s ON s.id = r.sheet_id AND s.kind = 'DIEM')"
)


CLOSED = """
SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled = 'O', '' FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 4
"""


@pytest.fixture(scope="module")
def seeded_database(django_db_setup, django_db_blocker, owner_dsn):
    """The name of a seeded database to begin with: seeding takes ten times as long as copying."""
    name = f"{settings.DATABASES['default']['NAME']}_seeded"
    with django_db_blocker.unblock():
        renew_database()
        make_cast()
        seed(owner_dsn)
        connections.close_all()
    with psycopg.connect(owner_url("postgres"), autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {settings.DATABASES['default']['NAME']} RENAME TO {name}")
    with django_db_blocker.unblock():
        renew_database()
    yield name
    with psycopg.connect(owner_url("postgres"), autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def seeded(transactional_db, seeded_database):
    renew_database(seeded_database)


def seed(owner_dsn: str) -> None:
    environment = os.environ | {"HOCBASO_DATABASE_ROLE": "owner", "HOCBASO_OWNER_DATABASE_URL": owner_dsn}
    command = [sys.executable, "manage.py", "seed", "--students", "50"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def tamper(owner_dsn: str, statement: str) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("ALTER TABLE records_markrow DISABLE TRIGGER USER")
        owner.execute(statement)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE records_markrow ENABLE TRIGGER USER")


def edit(sheet: MarkSheet, mark: str = "9,5") -> None:
    """The teacher's honest work: marks changed, one emptied, a remark."""
    teacher = User.objects.get(username=f"gvs{sheet.school_class_id}")
    rows = list(sheet.rows.order_by("-id")[:3])
    changes = [(row, "TX1", mark) for row in rows] + [(rows[0], "NX", "Chăm học"), (rows[1], "GK", "")]
    typed = [Operation(uuid4(), row.public_id, code, text, row.cells.get(code, "")) for row, code, text in changes]
    saved = enter_marks(by=teacher, sheet=sheet, operations=typed)
    assert {result.outcome for result in saved.results} == {"ok"}


def test_seeding_leaves_every_table_as_closed_as_it_was(transactional_db, owner_dsn):
    """Keys that were taken off to be checked all at once are back, checked; no trigger stays asleep."""
    with psycopg.connect(owner_dsn) as owner:
        before = owner.execute(CLOSED).fetchall()
    seed(owner_dsn)  # into the empty database: it makes the school year too
    with psycopg.connect(owner_dsn) as owner:
        assert owner.execute(CLOSED).fetchall() == before
        last = "(SELECT max(id) FROM schools_subjectenrolment)"
        owner.execute(f"UPDATE schools_subjectenrolment SET subject_id = 0 WHERE id = {last}")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_seeded_school_has_an_opening_per_chain_and_holds_after_honest_work(seeded):
    assert HistoryEntry.objects.filter(table="opening").count() == 2 + 1  # classes and their school
    assert verify_history().faults == []
    sheet = MarkSheet.objects.filter(kind="DIEM").latest("id")
    edit(sheet)
    edit(sheet, "7")
    student = sheet.rows.first().student
    with recorded(None, "test"):
        type(student).objects.filter(pk=student.pk).update(address="Mới", guardian_name="")
    assert verify_history().faults == []


@pytest.mark.parametrize(
    "statement",
    [
        f'UPDATE records_markrow SET cells = cells || \'{{"GK": "10"}}\' WHERE id = {SEEDED_ROW}',
        f'UPDATE records_markrow SET cells = cells || \'{{"TX1": "10"}}\' WHERE id = {SEEDED_ROW}',
        f"UPDATE records_markrow SET average = 9.9 WHERE id = {SEEDED_ROW}",
        f"DELETE FROM records_markrow WHERE id = {SEEDED_ROW}",
        "INSERT INTO records_markrow (public_id, student_id, cells, last_ops, version, sheet_id, school_year_id, "
        "subject_id, period_id, level) SELECT gen_random_uuid(), r.student_id, '{}', '{}', 1, r.sheet_id, "
        "r.school_year_id, (SELECT id FROM schools_subject WHERE code = 'NGOAI_NGU_2'), r.period_id, '' "
        f"FROM records_markrow r WHERE id = {SEEDED_ROW}",
    ],
    ids=["a mark", "a mark edited before", "an average", "a row gone", "a row more"],
)
@pytest.mark.parametrize("edited", [False, True], ids=["untouched", "edited before"])
def test_seeded_row_changed_past_the_triggers_is_found(seeded, owner_dsn, statement, edited):
    if edited:
        edit(MarkRow.objects.filter(sheet__kind="DIEM").latest("id").sheet)
    tamper(owner_dsn, statement)
    faults = verify_history().faults
    assert len(faults) == 1
    assert "records_markrow không như mục mở đầu" in faults[0]


def test_seed_is_the_owners_work(db):
    with pytest.raises(CommandError, match="quyền chủ bảng"):
        call_command("seed", students=1)
