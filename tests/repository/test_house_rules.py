"""Rules of the house that no tool knows: what may stand where."""

import re
import subprocess
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

from schools.models.history_words import ACTIONS, THINGS

ROOT = Path(__file__).resolve().parents[2]
OURS = ("hocbaso", "schools", "records")


def python_files(*patterns: str) -> list[Path]:
    return [file for pattern in patterns for file in sorted(ROOT.glob(pattern)) if "migrations" not in file.parts]


def offenders(files: list[Path], pattern: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if found.search(line)
    ]


def test_views_fetch_through_permissions():
    assert offenders(python_files("*/views/**/*.py"), r"\.objects\b|\.save\(|\.delete\(|\.update\(") == []


def test_rules_have_no_float_and_no_round():
    assert offenders(python_files("*/rules/**/*.py"), r"\bfloat\b|\bround\(|datetime\.now|date\.today|localdate") == []


def test_forms_do_not_save():
    assert offenders(python_files("*/forms/**/*.py"), r"\.save\(|\.create\(|\.update\(") == []


def test_nothing_uses_generic_grants():
    assert (
        offenders(python_files("schools/**/*.py", "records/**/*.py"), r"assign_perm|has_perm\(|get_objects_for") == []
    )


@pytest.mark.parametrize("pattern", ["schools/**/*.py", "records/**/*.py", "hocbaso/**/*.py", "static/js/*.js"])
def test_files_stay_small(pattern):
    long = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in python_files(pattern)}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_templates_have_no_inline_script_or_style():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert offenders(templates, r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:") == []


def test_templates_mark_nothing_safe():
    assert offenders(sorted((ROOT / "templates").rglob("*.html")), r"\|\s*safe\b|autoescape off") == []


def test_every_template_is_used():
    """A template is named by code or by another template; error pages and allauth's are named by the frameworks."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    sources = "\n".join(
        file.read_text(encoding="utf-8") for file in [*python_files("schools/**/*.py", "records/**/*.py"), *templates]
    )
    by_frameworks = re.compile(r"^(\d{3}|403_csrf)\.html$|^(account|mfa|usersessions|django|guides)/")
    names = [str(template.relative_to(ROOT / "templates")) for template in templates]
    assert [name for name in names if not by_frameworks.search(name) and f'"{name}"' not in sources] == []


def test_every_enqueued_task_exists():
    current_app.loader.import_default_modules()
    sources = "\n".join(file.read_text() for file in python_files("schools/**/*.py", "records/**/*.py"))
    named = set(re.findall(r'\benqueue\(\s*"([^"]+)"', sources))
    assert named <= set(current_app.tasks)


def test_every_daily_task_exists():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(current_app.tasks)


def test_one_spelling():
    """“học kì”, “kí”: as the circulars write it."""
    files = [*sorted((ROOT / "templates").rglob("*.html")), *python_files("schools/**/*.py", "records/**/*.py")]
    assert offenders(files, r"học kỳ|Học kỳ|\b[Kk]ý (tên|số|thay|duyệt)|chữ ký|địa lý|vật lý") == []


def test_no_registry_host_and_no_foreign_path_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)", "deb" + r"\.debian\.org"))
    texts = [ROOT / name for name in tracked if (ROOT / name).suffix not in {".png", ".woff2", ".mo", ".xlsx", ".jpg"}]
    assert offenders([file for file in texts if file.is_file()], hosts) == []


def test_every_recorded_action_has_words():
    """What stands in the history is read by people: each name given to ``recorded`` is told in Vietnamese."""
    sources = "\n".join(file.read_text(encoding="utf-8") for file in python_files("schools/**/*.py", "records/**/*.py"))
    named = set(re.findall(r'\brecorded\(\s*[\w.]+,\s*"(\w+)"', sources))
    assert named - set(ACTIONS) == set()


def test_every_recorded_table_has_words():
    migrations = [*ROOT.glob("schools/migrations/*.py"), *ROOT.glob("records/migrations/*.py")]
    recorded = set(re.findall(r'\brecord\(\s*"(\w+)"', "".join(file.read_text() for file in migrations)))
    assert recorded - set(THINGS) == set()
