"""``manage.py bench``: one line per figure, ``name value unit [limit]``, in a database of its own that is made anew."""

import os
import subprocess
import sys
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

DATABASE = "hocbaso_bench"
SMALL = 2_000


class Command(BaseCommand):
    help = "Đo tốc độ trong một cơ sở dữ liệu riêng; in mỗi số đo một dòng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=200_000, help="cỡ của cơ sở dữ liệu lớn")
        parser.add_argument("--part", choices=["small", "large", "pages"], help="chỉ một phần, trong tiến trình con")

    def handle(self, *args: Any, students: int, part: str | None = None, **options: Any) -> None:
        if part is not None:
            self.stdout.write(figures_of(part))
            return
        environment = own_database()
        self._run(environment, "seed", "--students", str(SMALL), owner=True)
        small = self._run(environment, "bench", "--part", "small")
        pages = self._run(environment, "bench", "--part", "pages")
        seconds = float(self._run(environment, "seed", "--students", str(students), owner=True).split()[-2])
        large = self._run(environment, "bench", "--part", "large")
        for lines in (small, pages, f"seed_{students}_students {seconds:.4g} s <=600\n", large):
            self.stdout.write(lines, ending="")
        for line in ratios(small, large):
            self.stdout.write(line)
        with as_owner() as owner:
            owner.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")

    def _run(self, environment: dict[str, str], *command: str, owner: bool = False) -> str:
        role = {"HOCBASO_DATABASE_ROLE": "owner"} if owner else {}
        done = subprocess.run(  # noqa: S603 – ourselves
            [sys.executable, "manage.py", *command], env=environment | role, check=True, stdout=subprocess.PIPE,
            text=True, cwd=settings.BASE_DIR,
        )  # fmt: skip
        return done.stdout


def own_database() -> dict[str, str]:
    """The environment of a fresh, migrated database beside the one in use."""
    urls = {name: os.environ[name] for name in ("HOCBASO_DATABASE_URL", "HOCBASO_OWNER_DATABASE_URL")}
    environment = os.environ | {name: with_database(url, DATABASE) for name, url in urls.items()}
    environment |= {"HOCBASO_SECOND_FACTOR": "off", "HOCBASO_HTTPS": "off", "HOCBASO_LOG_LEVEL": "WARNING"}
    environment["HOCBASO_ALLOWED_HOSTS"] = "testserver"
    with as_owner() as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {DATABASE}")
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    owner_role = environment | {"HOCBASO_DATABASE_ROLE": "owner"}
    subprocess.run(command, env=owner_role, check=True, cwd=settings.BASE_DIR)  # noqa: S603 – ourselves
    return environment


def as_owner() -> psycopg.Connection:
    """The owner, connected to none of ours, so that they can be made and dropped."""
    return psycopg.connect(with_database(os.environ["HOCBASO_OWNER_DATABASE_URL"], "postgres"), autocommit=True)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    before, question, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{question}{after}"


def figures_of(part: str) -> str:
    """The figures of one part, measured in this process."""
    if part == "pages":
        from records.management.bench.pages import page_figures

        return "\n".join(figure.line() for figure in page_figures())
    from records.management.bench.sheets import sheet_figures

    figures, _, _ = sheet_figures("" if part == "small" else "large_")
    return "\n".join(figure.line() for figure in figures)


def ratios(small: str, large: str) -> list[str]:
    """The large database against the small one, each in units of its own reference loop, before and after."""
    before, after = values(small), values(large)
    lines = []
    for name in ("sheet_page_cpu", "save_45_cells_cpu"):
        first = before[name] / (before["reference_before"] + before["reference_after"])
        second = after[f"large_{name}"] / (after["large_reference_before"] + after["large_reference_after"])
        lines.append(f"{name}_ratio_large_to_small {second / first:.3g} x <=1.3")
    return lines


def values(lines: str) -> dict[str, float]:
    return {line.split()[0]: float(line.split()[1]) for line in lines.splitlines()}
