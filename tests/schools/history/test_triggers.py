"""The database writes the history itself; raw SQL is caught as well, and nobody can write or unwrite it."""

import json

import psycopg
import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError

from schools.models import Enrolment, HistoryChain, HistoryEntry, HistoryPayload, School, Student, User
from schools.models.grants import privileges_of
from schools.models.recording import RequestContext, current_request, recorded
from tests.cast import appoint, make_student


def last_entry() -> HistoryEntry:
    return HistoryEntry.objects.order_by("-id").first()


def test_action_leaves_who_what_why_and_from_where(cast):
    token = current_request.set(RequestContext("11111111-2222-3333-4444-555555555555", "10.1.2.3"))
    with recorded(cast.clerk, "edit_student", method="typed", reason="Sửa theo giấy khai sinh"):
        Student.objects.filter(pk=cast.student.pk).update(birthplace="Thanh Hóa")
    current_request.reset(token)
    entry = last_entry()
    assert (entry.actor, entry.action, entry.method, entry.reason, entry.request_id, entry.address) == (
        cast.clerk,
        "edit_student",
        "typed",
        "Sửa theo giấy khai sinh",
        "11111111-2222-3333-4444-555555555555",
        "10.1.2.3",
    )
    assert entry.payloads.get().payload == {
        "table": "schools_student",
        "op": "U",
        "id": cast.student.pk,
        "student": cast.student.pk,
        "changes": {"birthplace": ["", "Thanh Hóa"]},
    }


def test_raw_sql_is_caught_and_named_so(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hocbaso.method', '', true), set_config('hocbaso.actor', '', true)")
        cursor.execute("UPDATE schools_student SET full_name = 'Ai Đó' WHERE id = %s", [cast.student.pk])
    entry = last_entry()
    assert (entry.method, entry.actor, entry.database_user) == ("sql", None, "hocbaso_app")
    assert entry.payloads.get().payload["changes"]["full_name"] == ["Nguyễn Minh Anh", "Ai Đó"]


def test_one_statement_over_two_chains_makes_one_entry_in_each(cast):
    before = HistoryEntry.objects.count()
    with recorded(cast.province_admin, "test"):
        Student.objects.filter(pk__in=[cast.student.pk, cast.other_student.pk]).update(hometown="Huế")
    entries = HistoryEntry.objects.order_by("-id")[: HistoryEntry.objects.count() - before]
    assert {(entry.chain.kind, entry.chain.key) for entry in entries} == {
        ("SCHOOL", cast.school.pk),
        ("SCHOOL", cast.other_school.pk),
    }


def test_row_that_changes_chains_is_told_in_both(cast):
    before = HistoryEntry.objects.count()
    with recorded(cast.other_clerk, "test"):
        Student.objects.filter(pk=cast.student.pk).update(school=cast.other_school)
    entries = list(HistoryEntry.objects.order_by("-id")[: HistoryEntry.objects.count() - before])
    assert {entry.chain.key for entry in entries} == {cast.school.pk, cast.other_school.pk}
    changes = {str(entry.payloads.get().payload["changes"]) for entry in entries}
    assert changes == {str({"school_id": [cast.school.pk, cast.other_school.pk]})}


def test_update_that_changes_nothing_leaves_no_entry(cast):
    before = HistoryEntry.objects.count()
    Student.objects.filter(pk=cast.student.pk).update(hometown="")
    assert HistoryEntry.objects.count() == before


def test_login_time_is_no_change_and_password_has_no_value(cast):
    before = HistoryEntry.objects.count()
    User.objects.filter(pk=cast.clerk.pk).update(last_login="2026-11-23T08:00:00Z")
    assert HistoryEntry.objects.count() == before
    User.objects.filter(pk=cast.clerk.pk).update(password="secret-hash")
    assert last_entry().payloads.get().payload["changes"] == {"password": ["***", "***"]}


def test_new_row_keeps_no_secret(cast):
    payload = HistoryPayload.objects.filter(payload__table="schools_user").first().payload
    assert payload["changes"]["password"] == "***"
    assert payload["changes"]["full_name"]


def test_changes_of_an_object_column_name_only_the_changed_keys(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT hocbaso_changes('{"cells": {"TX1": "8.0", "TX2": "7.0"}, "v": 1}',
                                      '{"cells": {"TX1": "8.5", "GK": "9.0"}, "v": 1}', '{}', '{}')::text"""
        )
        assert json.loads(cursor.fetchone()[0]) == {
            "cells.TX1": ["8.0", "8.5"],
            "cells.TX2": ["7.0", None],
            "cells.GK": [None, "9.0"],
        }


def test_hidden_object_column_keeps_keys_and_values_to_itself(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT hocbaso_changes('{"data": {"seed": "A"}}', '{"data": {"seed": "B"}}', '{}', '{data}')::text"""
        )
        assert json.loads(cursor.fetchone()[0]) == {"data": ["***", "***"]}


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM schools_student",
        "TRUNCATE schools_student CASCADE",
        "DELETE FROM schools_enrolment",
        "DELETE FROM schools_historyentry",
        "UPDATE schools_historyentry SET reason = 'x'",
        "UPDATE schools_historypayload SET payload = '{}'",
        "INSERT INTO schools_historyentry (chain_id, seq) VALUES (1, 1)",
        "UPDATE schools_historychain SET seq = 0",
        "DELETE FROM schools_readentry",
        "UPDATE schools_historyroot SET root = 'x'",
        "UPDATE schools_curriculumsubject SET annual_periods = 1",
        "DROP TRIGGER history_update ON schools_student",
        "ALTER TABLE schools_student DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id) "
        "VALUES ('1', 1, 1, 1)",
        "SELECT hocbaso_append('SCHOOL', 1::bigint, 'x', 'I', '{1}'::bigint[], '{1}'::bigint[], '{\"{}\"}'::jsonb[])",
        "SET ROLE hocbaso_owner",
    ],
)
def test_application_role_cannot(cast, attack):
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM schools_student",
        "TRUNCATE schools_student CASCADE",
        "UPDATE schools_student SET id = id + 1000000",
        "DELETE FROM schools_historyentry",
        "UPDATE schools_historyentry SET reason = 'x'",
        "TRUNCATE schools_historyentry CASCADE",
        "UPDATE schools_historypayload SET salt = ''",
    ],
)
def test_even_the_owner_is_refused(owner_dsn, attack):
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("INSERT INTO schools_authority (kind, code, name) VALUES ('SO', 'S', 'Sở')")
        owner.execute(
            "INSERT INTO schools_school (code, name, authority_id, levels, is_public, address, commune, province) "
            "SELECT 'T', 'Trường', id, '{THCS}', true, '', '', '' FROM schools_authority"
        )
        owner.execute(
            "INSERT INTO schools_student (school_id, full_name, student_code, personal_id, gender, born_on, "
            "personal_id_missing, birthplace, hometown, ethnicity, nationality, address, policy_family, father_name, "
            "father_occupation, mother_name, mother_occupation, guardian_name, guardian_occupation, registry_number, "
            "photo) SELECT id, 'A', 'C', '000000000001', 'NU', '2014-01-01', '', '', '', '', '', '', '', '', '', '', "
            "'', '', '', '', '' FROM schools_school"
        )
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(psycopg.errors.IntegrityError):
            owner.execute(attack)
        owner.rollback()


def test_mfa_secrets_stay_out_of_the_history(cast):
    from allauth.mfa.models import Authenticator

    authenticator = Authenticator.objects.create(user=cast.clerk, type="totp", data={"secret": "SEED"})
    assert last_entry().payloads.get().payload["changes"]["data"] == "***"
    authenticator.delete()
    assert (last_entry().table, last_entry().operation) == ("mfa_authenticator", "D")
    assert "SEED" not in str(last_entry().payloads.get().payload)


def test_every_table_is_recorded_or_said_not_to_be(db):
    """A new table cannot be forgotten: it has the trigger, or stands here with its reason."""
    unrecorded = {
        "django_migrations": "written by migrations",
        "django_content_type": "written by migrations",
        "auth_permission": "written by migrations",
        "auth_group": "not used",
        "auth_group_permissions": "not used",
        "guardian_userobjectpermission": "not used, read-only",
        "guardian_groupobjectpermission": "not used, read-only",
        "django_session": "comes and goes",
        "usersessions_usersession": "comes and goes",
        "account_emailconfirmation": "comes and goes",
        "schools_historychain": "the history itself",
        "schools_historyentry": "the history itself",
        "schools_historypayload": "the history itself",
        "schools_historyroot": "the history itself",
        "schools_readentry": "append-only, rooted apart",
        "records_celloperation": "kept 30 days; what it wrote stands in the history of the row",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(t.oid) FILTER (WHERE t.tgname LIKE 'history_%') FROM pg_class c "
            "LEFT JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1"
        )
        triggers = dict(cursor.fetchall())
    assert {table for table, count in triggers.items() if count == 0} == set(unrecorded)
    assert {count for table, count in triggers.items() if table not in unrecorded} == {3}


def test_privileges_are_what_the_policy_says(db):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                "SELECT string_agg(p, ', ') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', "
                "'REFERENCES', 'TRIGGER']) p WHERE has_table_privilege('hocbaso_app', %s, p)",
                [f'"{table}"'],
            )
            assert cursor.fetchone()[0] == privileges_of(table), table


def test_application_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT current_user, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
                       "FROM pg_roles WHERE rolname = current_user")  # fmt: skip
        assert cursor.fetchone() == ("hocbaso_app", False, False, False, False, False)


def test_chain_of_a_class_and_of_a_school_are_apart(cast):
    kinds = set(HistoryChain.objects.filter(entries__table="schools_enrolment").values_list("kind", flat=True)) | set(
        HistoryChain.objects.filter(entries__table="schools_student").values_list("kind", flat=True)
    )
    assert kinds == {"CLASS", "SCHOOL"}


def test_numbers_of_a_chain_have_no_gap(cast):
    for chain in HistoryChain.objects.all():
        assert list(chain.entries.order_by("seq").values_list("seq", flat=True)) == list(range(1, chain.seq + 1))


def test_rolled_back_change_leaves_nothing(cast):
    before = HistoryEntry.objects.count()
    with pytest.raises(IntegrityError), recorded(cast.clerk, "test"):
        make_student(cast.school, "0000000001", "Trùng Mã")
    assert HistoryEntry.objects.count() == before


def test_appointment_stands_in_the_chain_of_its_school(cast):
    appoint(cast.maths_teacher, "PHO_HIEU_TRUONG", cast.school)
    assert (last_entry().chain.kind, last_entry().chain.key) == ("SCHOOL", cast.school.pk)


def test_cast_is_where_it_should_be(cast):
    assert School.objects.count() == 3
    assert Enrolment.objects.open().count() == 3
