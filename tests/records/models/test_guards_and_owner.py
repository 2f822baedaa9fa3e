"""What nobody does to the tables of the record: the application by its privileges, the owner by the triggers."""

import psycopg
import pytest
from django.db import connection

from tests.cast import make_cast
from tests.records.models.attack import attack
from tests.records.term import Term, fill_sheet, make_term, submitted

KEPT = [
    "records_bookpage", "records_classperiod", "records_markrow", "records_marksheet", "records_newyearplacing",
    "records_pageversion", "records_periodrecord", "records_regularwaiver", "records_rulesetting",
    "records_sheetconfirmation", "records_signature",
    "records_signingitem", "records_signingkey", "records_signingorder", "records_signoff", "records_studentmove",
    "records_summerentry", "records_transferredterm", "records_yearrecord",
]  # fmt: skip
TRANSIENT = ["records_celloperation"]


# -- The application --------------------------------------------------------------------------------------------------
def test_application_empties_no_table_and_deletes_nothing_of_the_record(db):
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    assert sorted(name for name in names if name.startswith("records_")) == sorted(KEPT + TRANSIENT)
    for table in KEPT:
        assert attack(f"DELETE FROM {table}") == f"permission denied for table {table}"
    for table in KEPT + TRANSIENT:
        assert attack(f"TRUNCATE {table} CASCADE") == f"permission denied for table {table}"


@pytest.mark.parametrize(
    ("table", "column"),
    [("records_signoff", column) for column in ("reason", "by_id", "at", "before", "reopened")]
    + [("records_signature", column) for column in ("file_digest", "by_id", "signed_at", "slot", "version_id")],
)
def test_application_changes_no_move_and_no_signature(db, table, column):
    assert attack(f"UPDATE {table} SET {column} = {column}") == f"permission denied for table {table}"


@pytest.mark.parametrize("table", KEPT)
def test_application_does_not_take_the_guards_away(db, table):
    for statement in (
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"DROP TRIGGER refuse_truncate ON {table}",
        f"ALTER TABLE {table} ADD COLUMN x int",
        f"DROP TABLE {table} CASCADE",
    ):
        assert attack(statement) in {f"must be owner of table {table}", f"must be owner of relation {table}"}


GUARDED = sorted(set(KEPT) - {"records_studentmove"})


def test_every_guard_is_on_and_belongs_to_the_owner(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgenabled, pg_get_userbyid(p.proowner) FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgname = 'guard' AND starts_with(c.relname, 'records_') ORDER BY 1"
        )
        assert cursor.fetchall() == [(table, "O", "hocbaso_owner") for table in GUARDED]


# -- The owner --------------------------------------------------------------------------------------------------------
def said_to_owner(dsn: str, *statements: str) -> str:
    """What the owner hears of the last of these statements; none of them stays."""
    with psycopg.connect(dsn) as owner:
        try:
            for statement in statements:
                owner.execute(statement)
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as refusal:
            return str(refusal.diag.message_primary)
        finally:
            owner.rollback()
    return ""


@pytest.mark.parametrize("table", KEPT)
def test_owner_deletes_nothing_and_empties_no_table(owner_dsn, table):
    kept = "is refused: nothing of the record is deleted or overwritten"
    assert said_to_owner(owner_dsn, f"DELETE FROM {table}") == f"DELETE on {table} {kept}"
    assert said_to_owner(owner_dsn, f"TRUNCATE {table} CASCADE").startswith("TRUNCATE on records_")


@pytest.mark.parametrize(
    "table",
    [
        "records_rulesetting",
        "records_signoff",
        "records_signature",
        "records_studentmove",
        "records_summerentry",
        "records_transferredterm",
    ],
)
def test_owner_changes_no_move_and_no_signature(owner_dsn, table):
    said = said_to_owner(owner_dsn, f"UPDATE {table} SET by_id = by_id")
    assert said == f"UPDATE on {table} is refused: nothing of the record is deleted or overwritten"


@pytest.fixture
def live_term(transactional_db, settings, tmp_path) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(make_cast())


@pytest.mark.django_db(transaction=True)
def test_owner_is_held_by_the_guards_as_anybody(live_term, owner_dsn):
    """One class, committed: the owner against an open, then against a submitted class."""

    def heard(*statements: str) -> str:
        return said_to_owner(owner_dsn, *statements)

    fill_sheet(live_term.maths, live_term.cast.maths_teacher)
    for cells, fault in (('{"TX1": "10.5"}', "a value does not fit column TX1 (DIEM)"),
                         ('{"ZZ": "8"}', "the sheet has no column ZZ"), ('{"TX1": "8"}', "")):  # fmt: skip
        row = f"UPDATE records_markrow SET cells = '{cells}' WHERE subject_id = {live_term.cast.maths.pk}"
        assert heard(row) == fault
    assert (
        heard("UPDATE schools_entrywindow SET closes_at = now()", row.replace('"8"', '"9"'))
        == "no entry window is open"
    )
    assert heard("UPDATE records_classperiod SET state = 'DA_DUYET'") == "a state changes only by somebody's move"
    submitted(live_term)
    closed = "the class has been submitted: its marks are closed"
    assert heard("UPDATE records_markrow SET average = 9.9") == closed
    assert heard("UPDATE records_pageversion SET snapshot = '{}'") == "a frozen page is never changed"
    assert heard("UPDATE records_pageversion SET state = 'GVCN_DA_KI'") == "a page moves on only with its signature"
    unsigned = "the file of a page changes only by a signature"
    assert heard("UPDATE records_pageversion SET file = 'y'") == unsigned
    for table in KEPT:
        assert heard(f"DELETE FROM {table}").startswith(f"DELETE on {table} is refused")


# -- Where functions look ---------------------------------------------------------------------------------------------
def test_every_guard_looks_where_the_owner_said(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' "
            "AND proname ~ '^(schools|records)_' "
            "AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%pg_temp')"
        )
        assert cursor.fetchall() == []


def test_application_makes_no_temporary_table(db):
    said = attack("CREATE TEMP TABLE schools_entrywindow (school_id bigint)")
    assert said.startswith("permission denied to create temporary tables in database")


@pytest.mark.django_db(transaction=True)
def test_guard_does_not_read_a_table_somebody_laid_before_it(live_term, owner_dsn):
    shadow = (
        "UPDATE schools_entrywindow SET closes_at = now()",
        "CREATE TEMP TABLE schools_entrywindow AS SELECT school_id, period_id, opens_at, "
        "now() + interval '1 day' AS closes_at FROM public.schools_entrywindow",
    )
    said = said_to_owner(owner_dsn, *shadow, 'UPDATE records_markrow SET cells = \'{"GK": "8"}\'')
    assert said == "no entry window is open"
