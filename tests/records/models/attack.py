"""Plain SQL as the application's role, and what the database says to it."""

import psycopg
from django.db import DatabaseError, connection, transaction


def attack(sql: str, *parameters: object) -> str:
    """What the database says to a statement it refuses; "" for one it lets pass, which is then undone as well."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as refusal:
        cause = refusal.__cause__
        assert isinstance(cause, psycopg.Error)
        return str(cause.diag.message_primary)
    return ""


def run(sql: str, *parameters: object) -> None:
    """A statement that is let pass, and stays."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
