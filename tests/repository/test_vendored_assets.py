"""What is vendored is what was locked: re-hashed, compared with frontend/package-lock.json, without network."""

import base64
import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def test_files_are_the_ones_written_down():
    found = {
        str(path.relative_to(ROOT)): "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        for path in [*VENDOR.rglob("*"), ROOT / "static" / "icons.svg"]
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert found == LOCK["files"]


def test_versions_are_the_ones_locked():
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    for name, package in LOCK["packages"].items():
        locked = packages[f"node_modules/{name}"]
        assert (package["version"], package["integrity"]) == (locked["version"], locked["integrity"])
        assert any(f"-{package['version']}/" in file for file in LOCK["files"])


def test_every_icon_named_in_a_template_is_in_the_sprite():
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r"icons\.svg' %\}#([a-z0-9-]+)\"", template.read_text(encoding="utf-8")))
    assert named - symbols == set()


def test_every_file_named_by_the_style_sheet_exists():
    style = ROOT / "static" / "css" / "hocbaso.css"
    for address in re.findall(r'url\("([^"]+)"\)', style.read_text()):
        assert (style.parent / address).resolve().is_file(), address
