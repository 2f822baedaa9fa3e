"""What ``./run`` needs and a shell cannot do well. Standard library only: it runs before anything is installed."""

import argparse
import base64
import hashlib
import os
import secrets
import shlex
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

DATABASE = "hocbaso"


def read_environment(path: Path) -> dict[str, str]:
    """The variables of a file of NAME='value' lines; an empty dictionary when there is no such file."""
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[:1] != "#")
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "") or secrets.token_urlsafe(24)


def write_environment(args: argparse.Namespace) -> None:
    """Writes the app's environment. Secrets are made once and kept; addresses and folders follow the checkout."""
    path = Path(args.file)
    old = read_environment(Path(args.secrets_from or path))
    data, host = Path(args.data), quote(args.pg_socket, safe="/")

    def database(role: str, variable: str) -> str:
        return f"postgresql://hocbaso_{role}:{password_in(old.get(variable, ''))}@/{DATABASE}?host={host}"

    hosts = ["127.0.0.1", "localhost", *args.hosts.replace(",", " ").split()]
    values = {
        "HOCBASO_SECRET_KEY": old.get("HOCBASO_SECRET_KEY") or secrets.token_urlsafe(50),
        "HOCBASO_HISTORY_KEY": old.get("HOCBASO_HISTORY_KEY") or base64.b64encode(secrets.token_bytes(32)).decode(),
        "HOCBASO_SECRETS_KEY": old.get("HOCBASO_SECRETS_KEY") or base64.b64encode(secrets.token_bytes(32)).decode(),
        "HOCBASO_DATABASE_URL": database("app", "HOCBASO_DATABASE_URL"),
        "HOCBASO_OWNER_DATABASE_URL": database("owner", "HOCBASO_OWNER_DATABASE_URL"),
        "HOCBASO_DATABASE_ROLE": "app",
        "HOCBASO_REDIS_URL": f"unix://{quote(args.redis_socket, safe='/')}?db=0",
        "HOCBASO_ALLOWED_HOSTS": ",".join([*hosts, *(["testserver"] if args.kind == "test" else [])]),
        "HOCBASO_ORIGINS": ",".join(f"http://{name}:{args.port}" for name in hosts),
        "HOCBASO_SECOND_FACTOR": "off",
        "HOCBASO_HTTPS": "off",
        "HOCBASO_TRUSTED_PROXIES": "0",
        "HOCBASO_EMAIL_URL": f"file://{quote(str(data / 'mail'), safe='/')}",
        "HOCBASO_FILES": str(data / "files"),
        "HOCBASO_STATIC_ROOT": str(data / "static"),
        "HOCBASO_DEMO": "on" if args.kind == "demo" else "off",
    }
    text = "# Written by ./run; the secrets were made on this machine.\n"
    text += "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    if not path.exists() or path.read_text() != text:
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        fresh.replace(path)


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def sql(args: argparse.Namespace) -> None:
    """SQL for ``postgres --single`` (one statement a line), on standard output so that no password is an argument."""
    values = read_environment(Path(args.file))
    passwords = {
        "hocbaso_owner": password_in(values["HOCBASO_OWNER_DATABASE_URL"]),
        "hocbaso_app": password_in(values["HOCBASO_DATABASE_URL"]),
    }
    here = [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "CREATE EXTENSION IF NOT EXISTS unaccent",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO hocbaso_app",
    ]
    statements = {
        "roles": [
            # Tests and measurements make a database for every run.
            f"CREATE ROLE hocbaso_owner LOGIN {'' if args.kind == 'demo' else 'CREATEDB'}",
            "CREATE ROLE hocbaso_app LOGIN",
        ],
        "passwords": [
            *(f"ALTER ROLE {role} PASSWORD {literal(word)}" for role, word in passwords.items()),
            # The tests throw their databases away, whoever is still connected to them.
            *(["GRANT pg_signal_backend TO hocbaso_owner"] if args.kind == "test" else []),
        ],
        "database": [
            f"CREATE DATABASE {DATABASE} OWNER hocbaso_owner",
            f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {DATABASE} TO hocbaso_app",
        ],
        "inside": here,
    }
    print("\n".join(statements[args.part]))


def fingerprint(args: argparse.Namespace) -> None:
    """One hash over names, sizes and times of files: has anything changed since?"""
    lines = []
    for top in map(Path, args.paths):
        files = [top] if top.is_file() else sorted(top.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                stat = file.stat()
                lines.append(f"{file}\t{stat.st_size}\t{stat.st_mtime_ns}")
    print(hashlib.sha256("\n".join(lines).encode()).hexdigest())


def free_port(args: argparse.Namespace) -> None:
    """Prints the first free port from args.port on (only that one with --exact); fails when there is none."""
    for port in range(args.port, args.port + (1 if args.exact else 100)):
        with socket.socket(socket.AF_INET6 if ":" in args.bind else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((args.bind, port))
            except OSError:
                continue
            print(port)
            return
    sys.exit(1)


def answers(args: argparse.Namespace) -> None:
    """Succeeds when the address answers 200. A proxy of the environment has no business with our own machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(args.url, timeout=args.timeout) as answer:
            sys.exit(answer.status != 200)
    except (urllib.error.URLError, OSError, ValueError) as problem:
        sys.exit(f"{args.url}: {problem}")


def processes(args: argparse.Namespace) -> None:
    """Prints the ids of the processes that work in args.folder, by their name or by the process group they are in."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
                state, _parent, group = rest.split()[:3]
                wanted = (args.name is None or name == args.name) and (args.group is None or int(group) == args.group)
                if wanted and state != "Z" and str((entry / "cwd").readlink()) == args.folder:
                    print(entry.name)
            except OSError:
                continue  # it has ended meanwhile, or it is another user's


def main() -> None:
    parser = argparse.ArgumentParser(prog="tool.py")
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("environment")
    command.add_argument("kind", choices=["demo", "test", "bench"])
    command.add_argument("file")
    for option in ("data", "pg-socket", "redis-socket", "port", "bind"):
        command.add_argument(f"--{option}", required=True)
    command.add_argument("--hosts", default="", help="further names the demo may be called by")
    command.add_argument("--secrets-from")
    command.set_defaults(do=write_environment)

    command = commands.add_parser("sql")
    command.add_argument("kind", choices=["demo", "test", "bench"])
    command.add_argument("part", choices=["roles", "passwords", "database", "inside"])
    command.add_argument("file")
    command.set_defaults(do=sql)

    command = commands.add_parser("fingerprint")
    command.add_argument("paths", nargs="+")
    command.set_defaults(do=fingerprint)

    command = commands.add_parser("free-port")
    command.add_argument("bind")
    command.add_argument("port", type=int)
    command.add_argument("--exact", action="store_true")
    command.set_defaults(do=free_port)

    command = commands.add_parser("answers")
    command.add_argument("url")
    command.add_argument("--timeout", type=float, default=5)
    command.set_defaults(do=answers)

    command = commands.add_parser("processes")
    command.add_argument("folder")
    command.add_argument("--name")
    command.add_argument("--group", type=int)
    command.set_defaults(do=processes)

    args = parser.parse_args()
    args.do(args)


if __name__ == "__main__":
    main()
