"""Replaying the history reproduces the tables (promise 2 of the record book)."""

import json
import random

from django.db import connection

from schools.models import HistoryPayload, Student
from schools.models.recording import recorded
from tests.cast import make_student

TABLES = ("schools_student", "schools_enrolment", "schools_roleassignment", "schools_school", "schools_period")


def replayed() -> dict[tuple[str, int], dict[str, object]]:
    rows: dict[tuple[str, int], dict[str, object]] = {}
    for payload in HistoryPayload.objects.order_by("entry_id", "ordinal").values_list("payload", flat=True):
        row = rows.setdefault((payload["table"], payload["id"]), {})
        for column, change in payload["changes"].items():
            row[column] = change if payload["op"] == "I" else change[1]
    return rows


def stored(table: str) -> dict[tuple[str, int], dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(f"SELECT id, to_jsonb(t)::text FROM {table} t")
        return {(table, key): json.loads(row) for key, row in cursor.fetchall()}


def test_replay_of_the_history_is_the_table(cast):
    rng = random.Random(7)
    students = [cast.student, cast.classmate, cast.other_student]
    students += [make_student(cast.school, f"00000001{n:02d}", f"Trần Văn {n}") for n in range(10)]
    for turn in range(60):
        chosen = rng.sample([student.pk for student in students], rng.randint(1, 5))
        field = rng.choice(["address", "hometown", "full_name", "school_id", "policy_family"])
        value = rng.choice([cast.school.pk, cast.other_school.pk]) if field == "school_id" else f"{turn % 7}"
        with recorded(cast.clerk, "test"):
            Student.objects.filter(pk__in=chosen).update(**{field: value})
    rows = replayed()
    for table in TABLES:
        assert {key: row for key, row in rows.items() if key[0] == table} == stored(table)
