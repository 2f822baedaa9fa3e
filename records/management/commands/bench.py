"""``manage.py bench``: one line per figure, ``name value unit [limit]``, in databases of its own that are made anew."""

import os
import subprocess
import sys
import tempfile
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.management.bench.figures import Figure, missing, ratios, told
from records.management.bench.measure import REFERENCE_MS, reference_ms
from records.management.bench.pages import page_figures
from records.management.bench.results import result_figures
from records.management.bench.sheets import sheet_figures
from records.management.bench.worker import worker_figures

SMALL_DATABASE, LARGE_DATABASE = "hocbaso_bench", "hocbaso_bench_large"
SMALL = 2_000
SEED_SECONDS = 600  # on a quiet core of REFERENCE_MS, as the limits in ms
REDIS_DATABASE = 15
PARTS = {
    "small": lambda: sheet_figures(""),
    "large": lambda: sheet_figures("large_"),
    "results": result_figures,
    "pages": page_figures,
    "worker": worker_figures,
}


class Command(BaseCommand):
    help = "Đo tốc độ trong cơ sở dữ liệu riêng; in mỗi số đo một dòng; báo lỗi nếu có số đo không đạt hoặc bị thiếu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=200_000, help="cỡ của cơ sở dữ liệu lớn")
        parser.add_argument("--part", choices=list(PARTS), help="chỉ một phần, trong tiến trình con")

    def handle(self, *args: Any, students: int, part: str | None = None, **options: Any) -> None:
        if part is not None:
            self._tell(PARTS[part]())
            return
        with tempfile.TemporaryDirectory() as files:
            figures = self._measured(students, files)
        absent = missing(figures)
        self._tell(absent)
        missed = [figure.name for figure in [*figures, *absent] if figure.is_missed]
        if missed:
            raise CommandError(f"Không đạt hoặc bị thiếu: {', '.join(missed)}")

    def _measured(self, students: int, files: str) -> list[Figure]:
        """All parts, each told as soon as it is known. Small and large are measured one right after the other."""
        small, large = own_database(SMALL_DATABASE, files), own_database(LARGE_DATABASE, files)
        _run(small, "seed", "--students", str(SMALL), owner=True)
        figures = [self._seeded(large, students)]
        for part, environment in (
            ("small", small),
            ("large", large),
            ("results", small),
            ("pages", small),
            ("worker", small),
        ):
            figures += self._tell(told(_run(environment, "bench", "--part", part)))
        figures += self._tell(ratios(figures))
        drop_databases()
        return figures

    def _seeded(self, environment: dict[str, str], students: int) -> Figure:
        before = reference_ms()
        words = _run(environment, "seed", "--students", str(students), owner=True).split()
        loop = (before + reference_ms()) / 2
        seconds, limit = float(words[-2]) if words else float("nan"), SEED_SECONDS * max(1.0, loop / REFERENCE_MS)
        seeded = Figure(f"seed_{students}_students", seconds, "s", f"<={limit:.3g}")
        return self._tell([seeded, Figure(f"{seeded.name}_reference", loop, "ms")])[0]

    def _tell(self, figures: list[Figure]) -> list[Figure]:
        for figure in figures:
            self.stdout.write(figure.line())
        self.stdout.flush()
        return figures


def _run(environment: dict[str, str], *command: str, owner: bool = False) -> str:
    """What a command of ours prints; "" when it fails, which leaves its figures missing."""
    role = {"HOCBASO_DATABASE_ROLE": "owner"} if owner else {}
    done = subprocess.run(  # noqa: S603 – ourselves
        [sys.executable, "manage.py", *command], env=environment | role, check=False, stdout=subprocess.PIPE,
        text=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    return "" if done.returncode else done.stdout


def own_database(name: str, files: str) -> dict[str, str]:
    """The environment of a fresh, migrated database beside the one in use, and a Redis database and files beside
    those."""
    urls = ("HOCBASO_DATABASE_URL", "HOCBASO_OWNER_DATABASE_URL")
    environment = os.environ | {url: with_database(os.environ[url], name) for url in urls}
    environment |= {"HOCBASO_SECOND_FACTOR": "off", "HOCBASO_HTTPS": "off", "HOCBASO_LOG_LEVEL": "WARNING"}
    redis = os.environ["HOCBASO_REDIS_URL"].partition("?")[0]
    environment |= {"HOCBASO_REDIS_URL": f"{redis}?db={REDIS_DATABASE}", "HOCBASO_FILES": files}
    environment["HOCBASO_ALLOWED_HOSTS"] = "testserver"
    with as_owner() as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {name}")
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    owner_role = environment | {"HOCBASO_DATABASE_ROLE": "owner"}
    subprocess.run(command, env=owner_role, check=True, cwd=settings.BASE_DIR)  # noqa: S603 – ourselves
    return environment


def drop_databases() -> None:
    with as_owner() as owner:
        for name in (SMALL_DATABASE, LARGE_DATABASE):
            owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def as_owner() -> psycopg.Connection:
    """The owner, connected to none of ours, so that they can be made and dropped."""
    return psycopg.connect(with_database(os.environ["HOCBASO_OWNER_DATABASE_URL"], "postgres"), autocommit=True)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    before, question, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{question}{after}"
