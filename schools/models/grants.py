"""What the application's database role may do: said here, granted after every migration by the owner; and whose tables
the functions of the database see."""

from typing import Any

from django.conf import settings
from django.db import connections

APP_ROLE = "hocbaso_app"

# Sessions, second factors and the like come and go; they are no record of a student.
TRANSIENT_TABLES = (
    "django_session",
    "usersessions_usersession",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "records_celloperation",
)
# Written by triggers, by migrations, or (guardian's generic tables) by nobody.
READ_ONLY_TABLES = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "guardian_userobjectpermission",
    "guardian_groupobjectpermission",
    "schools_historychain",
    "schools_historyentry",
    "schools_historypayload",
    "schools_droppedreads",
    "schools_subject",
    "schools_curriculumsubject",
)
ADD_ONLY_TABLES = (
    "schools_readentry",
    "schools_historyroot",
    "records_signoff",
    "records_signature",
    "records_studentmove",
    "records_regularwaiver",
    "records_rulesetting",
    "records_summerentry",
    "records_transferredterm",
)


def privileges_of(table: str) -> str:
    """The privileges of the application's role on a table: never TRUNCATE; DELETE only where nothing is a record."""
    if table in TRANSIENT_TABLES:
        return "SELECT, INSERT, UPDATE, DELETE"
    if table in READ_ONLY_TABLES:
        return "SELECT"
    if table in ADD_ONLY_TABLES:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE"


def partitions(cursor: Any) -> list[str]:
    """The names of all partitions: looks at records, by month."""
    cursor.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY relname")
    return [name for (name,) in cursor.fetchall()]


def grant_all(using: str) -> None:
    """Give the application's role exactly what ``privileges_of`` says. Only the owner of the tables can."""
    if settings.DATABASE_ROLE != "owner":
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {APP_ROLE}")
            cursor.execute(f"GRANT {privileges_of(table)} ON {quote(table)} TO {APP_ROLE}")
        # Partitions are reached through their table: on themselves the application's role has nothing.
        for partition in partitions(cursor):
            cursor.execute(f"REVOKE ALL ON {quote(partition)} FROM {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(PIN_FUNCTIONS)


# A function looks for its tables where its caller does, in temporary tables first: a guard would read what whoever it
# guards against has laid there. Those of the history say so themselves (history_sql.py).
PIN_FUNCTIONS = """
DO $$ DECLARE known regprocedure; BEGIN
    FOR known IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proconfig IS NULL
                 AND prokind = 'f' AND proname ~ '^(schools|records)_'
                 AND proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', known);
    END LOOP;
END $$
"""
