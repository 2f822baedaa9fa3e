#!/usr/bin/env python3
"""Bring the locked front-end packages into ``static/`` (developers only; the output is committed).

    .venv/bin/python scripts/vendor.py

``npm ci`` in a temporary folder from frontend/package-lock.json, a white list of files copied, the icons joined to one
sprite, the font subset, everything written down with its hash in static/vendor/vendor.lock.json.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"

INTER, HTMX, LUCIDE = "@fontsource-variable/inter", "htmx.org", "lucide-static"
ICONS = [
    "arrow-left",
    "arrow-right",
    "arrow-right-left",
    "bell",
    "book-open",
    "calendar",
    "check",
    "chevron-down",
    "chevron-right",
    "circle-alert",
    "circle-help",
    "clipboard-list",
    "clock",
    "download",
    "eye",
    "eye-off",
    "file-text",
    "history",
    "house",
    "info",
    "key-round",
    "lock",
    "lock-open",
    "log-out",
    "menu",
    "merge",
    "pencil",
    "plus",
    "printer",
    "qr-code",
    "school",
    "search",
    "settings",
    "shield-check",
    "smartphone",
    "triangle-alert",
    "undo-2",
    "upload",
    "user",
    "users",
    "x",
]
# Unicode ranges of the two files; the order of @font-face in the style sheet follows them.
FONT_RANGES = {"latin": "U+0000-00FF,U+0131,U+2010-2027,U+2030-203A,U+20AB,U+20AC,U+2190-2193,U+2212",
               "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,"
                             "U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9"}  # fmt: skip
FONT_FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk", "tnum"]


def main() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / "frontend" / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=folder, check=True)
        modules = Path(folder) / "node_modules"
        for package in (INTER, HTMX, LUCIDE):
            copy_package(package, modules / package, lock[f"node_modules/{package}"])
    write_lock(lock)


def target(package: str, version: str) -> Path:
    short = package.rpartition("/")[2].removesuffix(".org").removesuffix("-static")
    path = VENDOR / f"{short}-{version}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def copy_package(package: str, source: Path, locked: dict[str, str]) -> None:
    folder = target(package, locked["version"])
    shutil.copy(next(source.glob("LICENSE*")), folder / "LICENSE")
    if package == HTMX:
        shutil.copy(source / "dist" / "htmx.min.js", folder)
    elif package == INTER:
        for part, ranges in FONT_RANGES.items():
            subset_font(source / "files" / f"inter-{part}-wght-normal.woff2", folder / f"inter-{part}.woff2", ranges)
    else:
        (ROOT / "static" / "icons.svg").write_text(sprite(source / "icons"), encoding="utf-8")


def subset_font(source: Path, result: Path, ranges: str) -> None:
    options = subset.Options(flavor="woff2", layout_features=FONT_FEATURES, notdef_outline=True)
    font = subset.load_font(str(source), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[code for span in ranges.split(",") for code in span_codes(span)])
    chosen.subset(font)
    subset.save_font(font, str(result), options)


def span_codes(span: str) -> range:
    first, _, last = span.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def sprite(folder: Path) -> str:
    """One file with a symbol per icon: ``<svg class="icon"><use href="/static/icons.svg#lock"/></svg>``."""
    symbols = []
    for name in ICONS:
        drawing = (folder / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        assert inner, name
        shapes = re.sub(r"\s+", " ", inner[1]).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def write_lock(lock: dict[str, dict[str, str]]) -> None:
    packages = {
        package: {key: lock[f"node_modules/{package}"][key] for key in ("version", "integrity", "license")}
        for package in (INTER, HTMX, LUCIDE)
    }
    files = [*sorted(path for path in VENDOR.rglob("*") if path.is_file()), ROOT / "static" / "icons.svg"]
    hashes = {
        str(path.relative_to(ROOT)): "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        for path in files
    }
    content = json.dumps({"packages": packages, "files": hashes}, indent=2, sort_keys=True)
    (VENDOR / "vendor.lock.json").write_text(content + "\n", encoding="utf-8")
    licences = "\n\n".join(
        f"{package} {packages[package]['version']} ({packages[package]['license']})\n\n"
        + (target(package, packages[package]["version"]) / "LICENSE").read_text(encoding="utf-8")
        for package in packages
    )
    (ROOT / "THIRD_PARTY_LICENSES").write_text(licences, encoding="utf-8")


if __name__ == "__main__":
    main()
