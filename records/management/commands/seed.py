"""``manage.py seed --students N``: many fictitious students with marks, quickly, for measuring; never for real data.

Runs as the owner of the tables (HOCBASO_DATABASE_ROLE=owner): it writes the history's opening entries itself.
"""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from records.management.seed import statements
from records.rules.columns import homeroom_columns, sheet_columns, stored
from schools.actions.history_rows import recorded_tables
from schools.models import Authority, CurriculumSubject, Period, SchoolYear
from schools.models.history_rows_sql import DIGEST
from schools.rules.calendar import first_year_of, proposed_periods, year_dates
from schools.rules.levels import GRADES, periods_of

RULE_SET = "TT22-2021"
LARGEST = (
    "records_markrow",
    "records_marksheet",
    "records_periodrecord",
    "schools_enrolment",
    "schools_subjectenrolment",
)


class Command(BaseCommand):
    help = "Nạp N học sinh giả có điểm để đo tốc độ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, required=True)

    def handle(self, *args: Any, students: int, **options: Any) -> None:
        if settings.DATABASE_ROLE != "owner":
            raise CommandError("Chạy với quyền chủ bảng: HOCBASO_DATABASE_ROLE=owner ./run manage seed --students N")
        begin = time.monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            seed(cursor, students)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{students} học sinh sau {time.monotonic() - begin:.0f} s")


def seed(cursor: Any, students: int) -> None:
    """Schools, people, classes, sheets and marks, with one opening entry per chain."""
    wanted = sizes(students) | frame() | columns()
    tables = [table for table, *_ in statements.OPENED]
    cursor.execute("SELECT set_config('hocbaso.action', 'seed', true), set_config('hocbaso.method', 'command', true)")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER history_insert")
    keys = without_foreign_keys(cursor, LARGEST)
    cursor.execute(statements.BEFORE)
    for part in (statements.SCHOOLS, statements.PEOPLE, statements.SHEETS, statements.MARKS):
        for statement in filter(str.strip, part.split(";\n")):
            cursor.execute(statement, wanted)
    cursor.execute(
        'CREATE TEMP TABLE seed_opening (kind text, key bigint, "table" text, n bigint, columns jsonb, digest text) '
        "ON COMMIT DROP"
    )
    recorded = {table.name: table for table in recorded_tables()}
    for table, kind, key, join in statements.OPENED:
        digest = DIGEST.format(row="to_jsonb(r)", left_out="%(left_out)s::text[]", id="r.id")
        wanted_of = {"columns": json.dumps(recorded[table].noted), "left_out": recorded[table].left_out}
        cursor.execute(
            statements.NOTE_ROWS.format(table=table, kind=kind, key=key, join=join, digest=digest), wanted_of
        )
    cursor.execute(statements.OPEN_CHAINS)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as above
    for statement in keys:
        cursor.execute(statement)
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER history_insert")


def without_foreign_keys(cursor: Any, tables: tuple[str, ...]) -> list[str]:
    """Take the foreign keys off the tables; returns the statements that put them back. Put back, each checks every row
    in one join, where millions of single checks would wait for the end of the transaction."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still waiting cannot be altered
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = ANY (%s::regclass[]) ORDER BY conname",
        [list(tables)],
    )
    found = cursor.fetchall()
    for table, name, _ in found:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in found]


def sizes(students: int) -> dict[str, int]:
    classes = -(-students // statements.CLASS_SIZE)
    return {
        "students": students,
        "class_size": statements.CLASS_SIZE,
        "classes": classes,
        "classes_a_school": statements.CLASSES_A_SCHOOL,
        "schools": -(-classes // statements.CLASSES_A_SCHOOL),
    }


def frame() -> dict[str, Any]:
    """The Sở, a phường, the current school year and its first term: those there are, else new ones."""
    year = SchoolYear.objects.current() or new_year()
    period = Period.objects.get(school_year=year, level="THCS", code="HK1")
    return {"year": year.pk, "period": period.pk, "starts_on": year.starts_on}


def new_year() -> SchoolYear:
    province = Authority.objects.create(kind="SO", code="SO98", name="Sở Giáo dục và Đào tạo tỉnh Đo")
    Authority.objects.create(kind="XA", code="XA98", name="Phường Đo", parent=province)
    first_year = first_year_of(timezone.localdate())
    starts_on, ends_on = year_dates(first_year)
    year = SchoolYear.objects.create(authority=province, first_year=first_year, starts_on=starts_on, ends_on=ends_on)
    for level in GRADES:
        dates = proposed_periods(level, first_year)
        for position, code in enumerate(periods_of(level), start=1):
            first, last = dates[code]
            Period.objects.create(
                school_year=year, level=level, code=code, position=position, starts_on=first, ends_on=last
            )
    return year


def columns() -> dict[str, str]:
    """The columns of every kind of sheet, by the kind and the subject's periods a year."""
    offered = CurriculumSubject.objects.filter(rule_set=RULE_SET, grade_level__range=(6, 9))
    kinds = set(offered.values_list("kind", "annual_periods"))
    schemes = {f"{kind}{periods}": stored(sheet_columns(RULE_SET, kind, periods)) for kind, periods in kinds}
    return {"columns": json.dumps(schemes), "homeroom_columns": json.dumps(stored(homeroom_columns(RULE_SET)))}
