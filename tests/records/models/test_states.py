"""The database holds states, moves, windows and frozen pages itself: attacked with plain SQL as the application's
role."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from records.models import ClassPeriod, MarkRow, PageVersion, SignOff
from records.rules import signoff
from tests.records.term import Term, close_windows, fill_sheet, submitted


def refused(sql: str, *parameters) -> bool:
    """Whether the database refuses the statement; nothing of it remains."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except (IntegrityError, ProgrammingError):
        return True
    return False


def row(term: Term) -> MarkRow:
    return term.maths.rows.get(student=term.cast.student)


@pytest.mark.parametrize(
    "cells",
    ['{"TX1": "10.5"}', '{"TX1": "8.55"}', '{"TX1": "8,5"}', '{"TX1": "-1"}', '{"TX1": 8}', '{"TX9": "8"}',
     '{"TX1": ""}', '{"NX": "a\\u0007b"}', '{"TX1": "8.0"}', '{"TX1": null}', '{"TX1": "D"}'],
)  # fmt: skip
def test_cells_off_the_scale_are_refused(term, cells):
    assert refused("UPDATE records_markrow SET cells = %s WHERE id = %s", cells, row(term).pk)


def test_good_cells_are_taken(term):
    assert not refused('UPDATE records_markrow SET cells = \'{"TX1": "8.5", "GK": "V"}\' WHERE id = %s', row(term).pk)


def test_marks_are_closed_outside_the_window_and_after_submission(term):
    change = 'UPDATE records_markrow SET cells = \'{"TX1": "1"}\' WHERE id = %s'
    assert not refused(change, row(term).pk)
    submitted(term)
    assert refused(change, row(term).pk)
    assert refused("UPDATE records_markrow SET average = 9.9 WHERE id = %s", row(term).pk)
    assert refused("UPDATE records_periodrecord SET cells = '{}' WHERE student_id = %s", term.cast.student.pk)


def test_window_is_the_databases_own_clock(term):
    close_windows()
    assert refused('UPDATE records_markrow SET cells = \'{"TX1": "1"}\' WHERE id = %s', row(term).pk)


def test_row_keeps_its_student_subject_and_period(term):
    other = term.sheets["NGU_VAN"].pk
    assert refused("UPDATE records_markrow SET student_id = %s WHERE id = %s", term.cast.classmate.pk, row(term).pk)
    assert refused("UPDATE records_markrow SET sheet_id = %s WHERE id = %s", other, row(term).pk)


def test_sheet_keeps_its_columns(term):
    assert refused("UPDATE records_marksheet SET columns = '[]' WHERE id = %s", term.maths.pk)


def test_state_changes_by_somebodys_move_alone(term):
    key = term.class_period.pk
    for state in ClassPeriod.State.values:
        if state != "MO":
            assert refused("UPDATE records_classperiod SET state = %s WHERE id = %s", state, key)
    assert refused("UPDATE records_classperiod SET last_move_id = 1 WHERE id = %s", key)


MOVE = (
    "INSERT INTO records_signoff (class_period_id, before, after, role, by_id, at, reason, reopened) "
    "VALUES (%s, %s, %s, %s, %s, now(), 'Lí do đủ dài', '{}')"
)


@pytest.mark.parametrize(
    ("before", "after", "role", "person"),
    [
        ("MO", "DA_DUYET", "HIEU_TRUONG", "principal"),
        ("MO", "DA_NOP", "GVCN", "maths_teacher"),
        ("MO", "DA_NOP", "GVCN", "principal"),
        ("DA_NOP", "DA_DUYET", "HIEU_TRUONG", "principal"),
        ("MO", "DA_NOP", "HIEU_TRUONG", "principal"),
    ],
)
def test_moves_that_do_not_exist_or_are_not_the_persons_are_refused(term, before, after, role, person):
    assert refused(MOVE, term.class_period.pk, before, after, role, getattr(term.cast, person).pk)


def test_only_the_principal_of_the_school_signs_off(term, handed_in):
    key = term.class_period.pk
    for person in (term.cast.other_principal, term.cast.vice_principal, term.cast.clerk, term.cast.homeroom_teacher):
        assert refused(MOVE, key, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", person.pk)
    assert not refused(MOVE, key, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", term.cast.principal.pk)


def test_moves_are_never_changed_or_removed(term, handed_in):
    assert refused("UPDATE records_signoff SET reason = 'khác'")
    assert refused("DELETE FROM records_signoff")
    assert SignOff.objects.count() == 1


def test_frozen_page_is_frozen(term, handed_in):
    version = PageVersion.objects.first()
    assert version is not None
    for change in ("snapshot = '{}'", "number = 9", "rule_set = 'X'", "kind = 'YEAR'", "snapshot_digest = 'x'"):
        assert refused(f"UPDATE records_pageversion SET {change} WHERE id = %s", version.pk)
    for state in PageVersion.State.values:
        if state != "CHUAN_BI":
            assert refused("UPDATE records_pageversion SET state = %s WHERE id = %s", state, version.pk)


def test_signature_without_an_order_is_refused(term, handed_in):
    version = PageVersion.objects.first()
    assert version is not None
    insert = (
        "INSERT INTO records_signature (version_id, slot, order_id, by_id, signed_at, file_digest) "
        "VALUES (%s, 'GVCN', 1, %s, now(), 'x')"
    )
    assert refused(insert, version.pk, term.cast.homeroom_teacher.pk)


def test_nothing_of_the_record_is_deleted_or_emptied(term):
    fill_sheet(term.maths, term.cast.maths_teacher)
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("records_")]
    assert len(tables) == 20
    for table in tables:
        assert refused(f"TRUNCATE {table} CASCADE")
        if table != "records_celloperation":
            assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("function", "moves"),
    [("records_guard_move", signoff.CLASS_MOVES), ("records_guard_page_version", signoff.PAGE_MOVES)],
)
def test_database_knows_the_moves_of_the_rules(db, function, moves):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
        text = cursor.fetchone()[0]
    for move in moves:
        assert f"('{move.before}', '{move.after}', '{move.role}')" in text
    assert text.count("('") == len(moves) + text.count("records_refuse('")
