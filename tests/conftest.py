"""A real PostgreSQL with both roles: the owner makes a migrated template, tests connect as the application's role.

A test with ``db`` runs in a transaction that is rolled back; what it begins with is kept (tests/kept.py). A test with
``transactional_db`` or ``live_server`` commits for real; afterwards its database is thrown away and made anew from the
template: the application's role could not empty it, which is the point.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests.cast import Cast
from tests.kept import KEPT, wanted_by

# How long an example takes says how busy the machine is, and nothing about the product.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-matrix", action="store_true", help="write the tables of access in tests/repository anew")


OWNER_URL = os.environ["HOCBASO_OWNER_DATABASE_URL"]


def owner_url(database: str) -> str:
    before, _, after = OWNER_URL.partition("?")
    return f"{before.rpartition('/')[0]}/{database}?{after}"


def template_name() -> str:
    """A template per state of the migrations and of what they use, so that an unchanged tree starts at once."""
    digest = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "schools/models/*.py", "schools/rules/*.py", "records/models/**/*.py"):
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return f"test_template_{digest.hexdigest()[:16]}"


TEMPLATE = template_name()
COMMITTING = {"transactional_db", "live_server"}


def make_template(connection: psycopg.Connection[tuple[str]], name: str) -> None:
    connection.execute("SELECT pg_advisory_lock(20260905)")
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not known:
        connection.execute(f"DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}_new")
        environment = os.environ | {
            "HOCBASO_DATABASE_ROLE": "owner",
            "HOCBASO_OWNER_DATABASE_URL": owner_url(f"{name}_new"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, stdout=sys.stderr
        )
        connection.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    drop_old_templates(connection, keep=name)
    connection.execute("SELECT pg_advisory_unlock(20260905)")


def drop_old_templates(connection: psycopg.Connection[tuple[str]], keep: str) -> None:
    """Templates of earlier states of the tree, but for the newest few: somebody may be testing another branch."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, 'test_template_') AND datname <> %s "
        "ORDER BY oid DESC OFFSET 3",
        [keep],
    ).fetchall()
    for (old,) in rows:
        connection.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")


def drop_database() -> None:
    connections.close_all()
    with psycopg.connect(owner_url("postgres"), autocommit=True) as owner:
        for attempts_left in reversed(range(50)):
            try:
                owner.execute(f"DROP DATABASE IF EXISTS {settings.DATABASES['default']['NAME']} WITH (FORCE)")
                return
            except psycopg.errors.InsufficientPrivilege:  # the other role's closed connection is still leaving
                if not attempts_left:
                    raise
                time.sleep(0.1)


def renew_database(template: str = TEMPLATE) -> None:
    """The test's database, fresh from the template, or from another one."""
    drop_database()
    with psycopg.connect(owner_url("postgres"), autocommit=True) as owner:
        name = settings.DATABASES["default"]["NAME"]
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        owner.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")  # as production has it (docs/deploy.md)
        owner.execute(f"GRANT CONNECT ON DATABASE {name} TO hocbaso_app")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with psycopg.connect(owner_url("postgres"), autocommit=True) as owner:
        make_template(owner, TEMPLATE)
    database = f"test_hocbaso_{os.getpid()}"  # several runs on one machine do not meet
    settings.DATABASES["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    with django_db_blocker.unblock():
        renew_database()
        yield
        KEPT.lay([])
        drop_database()


@pytest.fixture(scope="session")
def owner_dsn(django_db_setup: None) -> str:
    """How to connect to the test's database as the owner of the tables: for attacks the application cannot make."""
    return owner_url(settings.DATABASES["default"]["NAME"])


def _renew_instead_of_flush(self: TransactionTestCase) -> None:
    renew_database()


TransactionTestCase._fixture_teardown = _renew_instead_of_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and notes of one test are not the next one's."""
    from django.core.cache import cache

    cache.clear()


def layers_of(test: pytest.Item) -> list[str]:
    """What a test begins with; nothing where it commits."""
    names = set(getattr(test, "fixturenames", ()))
    marker = test.get_closest_marker("django_db")
    commits = COMMITTING & names or (marker and marker.kwargs.get("transaction"))
    return [] if commits else wanted_by(names)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that wants nothing of what is kept may act as another person of the database, whom an open transaction
    would keep waiting: nothing is kept beneath it."""
    if KEPT.pile and not layers_of(item):
        with item.config.stash[blocking_manager_key].unblock():
            KEPT.lay([])


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """Before pytest-django begins a test's transaction, or its committing, lay what the test wants beneath it."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            KEPT.lay(layers_of(request.node))


@pytest.fixture
def kept_cast() -> None:
    """Asking for this, through ``cast``, tells that a test begins with the cast."""


@pytest.fixture
def cast(db: None, kept_cast: None) -> Cast:
    return KEPT.cast()
