#!/usr/bin/env python3
"""Lock the versions and hashes of every Python package, without naming where it is fetched from.

.venv/bin/python scripts/lock.py           resolve anew, keeping what can be kept (needs an index)
.venv/bin/python scripts/lock.py --upgrade take the newest versions that fit
.venv/bin/python scripts/lock.py --check   were the files made from this pyproject.toml? (no network)
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {"requirements.lock": [], "requirements-dev.lock": ["--group", "dev", "--constraints", "requirements.lock"]}


def digest() -> str:
    """What the locks depend on: the dependencies, the groups and the Python versions of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [project["project"]["requires-python"], project["project"]["dependencies"], project["dependency-groups"]]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def header() -> str:
    return f"# Made by scripts/lock.py from pyproject.toml {digest()}\n"


def lock(upgrade: bool) -> None:
    for name, options in FILES.items():
        path = ROOT / name
        command = [
            ROOT / ".venv" / "bin" / "uv",
            "pip",
            "compile",
            "pyproject.toml",
            "--universal",
            "--generate-hashes",
        ]
        command += ["--python-version", "3.11", "--no-header", "--no-annotate", "--output-file", name, *options]
        if upgrade:
            path.unlink(missing_ok=True)
        subprocess.run([*command, "--quiet"], cwd=ROOT, check=True)
        path.write_text(header() + path.read_text(encoding="utf-8"), encoding="utf-8")


def main() -> None:
    if "--check" not in sys.argv:
        lock(upgrade="--upgrade" in sys.argv)
        return
    stale = [name for name in FILES if not (ROOT / name).read_text(encoding="utf-8").startswith(header())]
    if stale:
        sys.exit(f"{', '.join(stale)}: not made from this pyproject.toml; run scripts/lock.py")


if __name__ == "__main__":
    main()
