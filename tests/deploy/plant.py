"""A small hocbaso with a PostgreSQL of its own that archives its changes, its backups, and the other site."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PG_BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
# PostgreSQL does not run as root.
AS_SERVER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.geteuid() == 0 else []
ROLES = """
CREATE ROLE hocbaso_owner LOGIN;
CREATE ROLE hocbaso_app LOGIN;
CREATE DATABASE hocbaso OWNER hocbaso_owner TEMPLATE template0;
REVOKE ALL ON DATABASE hocbaso FROM PUBLIC;
GRANT CONNECT ON DATABASE hocbaso TO hocbaso_app;
"""
INSIDE = """
CREATE EXTENSION btree_gist;
CREATE EXTENSION unaccent;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hocbaso_app;
"""
# Instead of ssh: what authorized_keys has the other site do (docs/deploy.md). A Debian 12 without its security updates
# has an rrsync that does not know -no-overwrite.
OTHER_SITE = """#!/bin/sh
shift
grep -q no-overwrite "$(command -v rrsync)" && keep=-no-overwrite
SSH_ORIGINAL_COMMAND="$*" exec rrsync -wo -no-del $keep '{folder}'
"""


def run(command: list[Any], **options: Any) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Plant:
    """``home`` belongs to the server's user, who must be able to enter it: no folder of pytest's."""

    home: Path

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def other_site(self) -> Path:
        return self.home / "other-site" / "sets"

    # -- PostgreSQL ---------------------------------------------------------------------------------------------------
    def start(self) -> None:
        data = self.home / "data"
        self._as_server(PG_BIN / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.home}'\nfsync = off\n")
            conf.write(f"archive_mode = on\narchive_command = 'BACKUP_ENV={self.home}/backup.env ")
            conf.write(f"{self.home}/backup.sh wal %p %f'\n")
        self._as_server(PG_BIN / "pg_ctl", "start", "-s", "-w", "-D", data, "-l", self.home / "server.log")
        for database, script in (("postgres", ROLES), ("hocbaso", INSIDE)):
            for statement in script.strip().splitlines():
                self.sql(statement, database)

    def stop(self) -> None:
        self._as_server(PG_BIN / "pg_ctl", "stop", "-s", "-m", "immediate", "-D", self.home / "data")

    def sql(self, statement: str, database: str = "hocbaso") -> str:
        options = ["-qAtX", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-U", "postgres", "-d", database]
        return run(["psql", *options, "-c", statement]).strip()

    def archived(self) -> None:
        """What was written so far is in the archive."""
        segment = self.sql("SELECT pg_walfile_name(pg_switch_wal())")
        deadline = time.monotonic() + 60
        while not (self.backups / "wal" / f"{segment}.gz.age").exists():
            assert time.monotonic() < deadline, (self.home / "server.log").read_text()
            time.sleep(0.1)

    def _as_server(self, *command: Any) -> None:
        run([*AS_SERVER, *command], cwd="/", stdin=subprocess.DEVNULL)

    # -- The program --------------------------------------------------------------------------------------------------
    def python(self, *arguments: str, role: str = "app") -> str:
        url = f"postgresql://hocbaso_{{}}@/hocbaso?host={self.home}"
        environment = os.environ | {
            "HOCBASO_DATABASE_URL": url.format("app"),
            "HOCBASO_OWNER_DATABASE_URL": url.format("owner"),
            "HOCBASO_DATABASE_ROLE": role,
            "HOCBASO_FILES": str(self.home / "files"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        return run([sys.executable, *arguments], cwd=ROOT, env=environment)

    # -- Backups ------------------------------------------------------------------------------------------------------
    def prepare_backups(self) -> None:
        (self.backups / "wal").mkdir(parents=True)
        self.other_site.mkdir(parents=True)
        shutil.copy(ROOT / "deploy" / "backup.sh", self.home)
        run(["age-keygen", "-o", self.home / "secret.key"])
        (self.home / "recipients").write_text(run(["age-keygen", "-y", self.home / "secret.key"]))
        (self.home / "ssh").write_text(OTHER_SITE.format(folder=self.other_site))
        (self.home / "ssh").chmod(0o755)
        (self.home / "backup.env").write_text(
            f"BACKUP_FOLDER={self.backups}\nBACKUP_REMOTE=other-site:.\nBACKUP_DATABASE=hocbaso\nBACKUP_AS=\n"
            f"BACKUP_RECIPIENTS={self.home}/recipients\nBACKUP_FILES={self.home}/files\n"
        )
        if AS_SERVER:
            run(["chown", "-R", "postgres:postgres", self.home])

    def backup(self, command: str) -> None:
        environment = os.environ | {
            "BACKUP_ENV": f"{self.home}/backup.env", "RSYNC_RSH": f"{self.home}/ssh",
            "PGHOST": str(self.home), "PGUSER": "postgres",
        }  # fmt: skip
        run(["sh", self.home / "backup.sh", command], env=environment)

    def drill(self, kind: str, *options: Any) -> tuple[int, str]:
        """The newest set of a kind from the other site, restored in a bare folder: exit code and what was said."""
        (self.home / "history.key").write_text(os.environ["HOCBASO_HISTORY_KEY"])
        keys = ["--key", self.home / "secret.key", "--history-key", self.home / "history.key"]
        command = [ROOT / "deploy" / "restore_drill.sh", self.newest(kind), *keys, *options]
        environment = os.environ | {"SCRATCH": "/var/tmp"}  # noqa: S108 - where the scripts look for room
        done = subprocess.run(
            ["sh", *map(str, command)], capture_output=True, text=True, check=False, env=environment
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def newest(self, kind: str) -> Path:
        return max((self.other_site / kind).iterdir())
