"""The files of pages: complete and on the disk before anybody names them, never changed; what a later state contains
whole is swept away."""

import hashlib
import os
import re
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from records.models import PageVersion

KEPT_FOR = timedelta(days=1)  # whoever has read a name may still open it, and a backup takes the files after the names
AT_ONCE = 1000
_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{16}\.")


def store_page(version: PageVersion, content: bytes) -> str:
    """Write a state of a page's file for good: under a new name, complete and on the disk before it has that name.
    Returns the name, which says nothing about the student."""
    year = version.snapshot["school_year"]["first_year"]
    name = f"pages/{year}/{version.public_id}-{hashlib.sha256(content).hexdigest()[:16]}.pdf"
    path = Path(settings.FILES_ROOT) / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid.uuid4().hex}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)
    return name


def read_page(version: PageVersion) -> bytes:
    """The page's file as it stands, signatures included. FileNotFoundError when it has not been rendered."""
    return page_path(version).read_bytes()


def page_path(version: PageVersion) -> Path:
    """Where the page's file lies. FileNotFoundError when it has not been rendered."""
    if not version.file:
        raise FileNotFoundError("Trang này chưa được dựng.")
    return Path(settings.FILES_ROOT) / version.file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# -- Earlier states ---------------------------------------------------------------------------------------------------
def sweep_page_files(*, kept_for: timedelta = KEPT_FOR) -> int:
    """Remove the states of pages' files that no version names any more and that the file it names begins with, byte by
    byte: signatures are added behind, so that nothing is lost. Also drafts that a crash left. Nothing goes before
    ``kept_for`` has passed since the newest state was written, and no file that is contained in no other. Returns how
    many went."""
    before = time.time() - kept_for.total_seconds()
    files = _page_files()
    gone = 0
    while batch := list(islice(files, AT_ONCE)):
        gone += _swept(batch, before)
    return gone


def _page_files() -> Iterator[Path]:
    """Every file of ours; what somebody else laid there is none of our business."""
    folder = Path(settings.FILES_ROOT) / "pages"
    return (path for year in sorted(folder.glob("*")) for path in year.iterdir() if _NAME.match(path.name))


def _swept(paths: list[Path], before: float) -> int:
    ids = {path: uuid.UUID(path.name[:36]) for path in paths}
    named = dict(PageVersion.objects.filter(public_id__in=ids.values()).values_list("public_id", "file"))
    leftover = [path for path in paths if _is_leftover(path, named.get(ids[path], ""), before)]
    for path in leftover:
        path.unlink(missing_ok=True)
    return len(leftover)


def _is_leftover(path: Path, name: str, before: float) -> bool:
    """Whether it is an old draft, or the file of that name, old enough itself, begins with all of this one and is
    another."""
    if path.suffix == ".part":
        return path.stat().st_mtime < before
    newest = Path(settings.FILES_ROOT) / name
    if not name or newest == path or newest.stat().st_mtime >= before:
        return False
    content = path.read_bytes()
    with newest.open("rb") as file:
        return file.read(len(content)) == content and bool(file.read(1))
