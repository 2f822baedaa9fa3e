"""Do the files of pages lie on the disk as the database says they were signed? Every page, in constant memory; nothing
that is told names a person."""

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from records.models import PageVersion, Signature

AT_ONCE = 1000
PIECE = 1024 * 1024
NOTE = "page-check.json"
EXPECTED_WITHIN = timedelta(hours=50)  # nightly; one night may be missed
LONG_AGO = datetime.fromtimestamp(0, UTC)
UNSIGNED = (PageVersion.State.PREPARED, PageVersion.State.WITHDRAWN)


@dataclass(frozen=True)
class PageCheck:
    """The outcome of a check: when it ended, how many files were read, how many of them are not as they should be."""

    at: datetime
    files: int
    faults: int

    @property
    def holds(self) -> bool:
        return self.faults == 0 and timezone.now() - self.at < EXPECTED_WITHIN


def verify_pages(tell: Callable[[str], object]) -> PageCheck:
    """Read the file of every version of a page, withdrawn and replaced ones too, and compare it with the digest that
    its newest signature wrote down (before the first: with what was rendered); ``tell`` hears of each that is missing
    or another. The outcome is noted for those who run the system. Source: QCVN 12:2026/BCA (law.md §6.4)."""
    files = faults = 0
    for version in _versions():
        files += bool(version.file)
        if fault := _fault(version):
            faults += 1
            tell(f"{version.public_id}, bản số {version.number} ({version.get_state_display().lower()}): {fault}.")
    check = PageCheck(timezone.now(), files, faults)
    _note(check)
    return check


def last_page_check() -> PageCheck | None:
    """The outcome noted last; None before the first. A note that cannot be read is as good as a very old one."""
    try:
        kept = json.loads((Path(settings.FILES_ROOT) / NOTE).read_text(encoding="utf-8"))
        return PageCheck(datetime.fromisoformat(kept["at"]), int(kept["files"]), int(kept["faults"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        return PageCheck(LONG_AGO, 0, 0)


# -- One page ---------------------------------------------------------------------------------------------------------
def _versions() -> Iterator[PageVersion]:
    """All that have a file or should have one, with the digest of their newest signature, read in one statement since
    somebody may be signing. Batch by batch by their numbers: no transaction stays open while files are read."""
    newest = Signature.objects.filter(version=OuterRef("pk")).order_by("-id").values("file_digest")[:1]
    wanted = PageVersion.objects.filter(~Q(file="") | ~Q(state__in=UNSIGNED)).defer("snapshot")
    last = 0
    while batch := list(wanted.annotate(signed_digest=Subquery(newest)).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from batch
        last = batch[-1].pk


def _fault(version: PageVersion) -> str:
    """What is wrong with the file of a version, in words; "" for one that is as it was written."""
    if not version.file:
        return "cơ sở dữ liệu không ghi tên tệp"
    signed = getattr(version, "signed_digest", None)
    try:
        original, whole = _digests(Path(settings.FILES_ROOT) / version.file, version.original_size or 0)
    except FileNotFoundError:
        return f"thiếu tệp {version.file}"
    except OSError as error:
        return f"không đọc được tệp {version.file} ({os.strerror(error.errno or 0)})"
    if whole != (signed or version.original_digest):
        return f"tệp {version.file} khác với tệp đã {'kí' if signed else 'dựng'}"
    if original != version.original_digest:
        return f"phần trình kí trong tệp {version.file} khác với mã băm đã ghi"
    return ""


def _digests(path: Path, original_size: int) -> tuple[str, str]:
    """sha256 of the first ``original_size`` bytes, which is what was shown to the signers, and of the whole file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        for size in (*[PIECE] * (original_size // PIECE), original_size % PIECE):
            whole.update(file.read(size))
        original = whole.copy()
        while piece := file.read(PIECE):
            whole.update(piece)
    return original.hexdigest(), whole.hexdigest()


def _note(check: PageCheck) -> None:
    path = Path(settings.FILES_ROOT) / NOTE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid.uuid4().hex}.part")
    draft.write_text(json.dumps({"at": check.at.isoformat(), "files": check.files, "faults": check.faults}))
    draft.replace(path)
