"""Looks of other days than today, and commands of the tables' owner: what the application itself cannot do."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psycopg

from schools.models import Look
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[3]


def look_at(owner_dsn: str, cast: Cast, moment: datetime, **other: object) -> None:
    """A look of the inspector at the student at that moment, past the guard of the moment."""
    values = {"user": cast.inspector.pk, "student": cast.student.pk, "what": Look.RECORD, "moment": moment} | other
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("ALTER TABLE schools_readentry DISABLE TRIGGER of_this_moment")
        owner.execute(
            "INSERT INTO schools_readentry (at, user_id, student_id, what, request_id, address) "
            "VALUES (%(moment)s, %(user)s, %(student)s, %(what)s, '', '10.0.0.1')",
            values,
        )
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE schools_readentry ENABLE TRIGGER of_this_moment")


def run_as_owner(owner_dsn: str, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """``manage.py …`` as the owner of the tables, in the test's own database."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ
        | {
            "HOCBASO_DATABASE_ROLE": "owner",
            "HOCBASO_OWNER_DATABASE_URL": owner_dsn,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        | environment,
        check=False,
        capture_output=True,
        text=True,
    )
