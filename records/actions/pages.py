"""Pages of the book: frozen when a class is submitted, rendered by a worker, kept as files that never change."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from hocbaso.lib.enqueue import enqueue
from records.documents.book_file import page_file
from records.documents.snapshot import ClassFacts, digest_of, page_snapshot
from records.models import BookPage, ClassPeriod, PageVersion
from records.models.student_years import StudentYear
from schools.models import User
from schools.models.recording import recorded


def freeze_pages(class_period: ClassPeriod, years: Sequence[StudentYear], *, homeroom_teacher: User) -> None:
    """A new version of every student's page, in the caller's transaction; who waits for the summer is held. Workers
    render the files after the commit. Source: house.md §5 (“Everyone signs what they saw”)."""
    facts = ClassFacts.of(class_period, homeroom_teacher)
    wanted = [year for year in years if not year.is_held]
    pages = _pages(class_period, wanted)
    numbers = dict(
        PageVersion.objects.filter(page__in=pages.values()).values_list("page").annotate(last=Max("number")).order_by()
    )
    versions = []
    for year in wanted:
        page = pages[year.student.pk]
        number, version_id = numbers.get(page.pk, 0) + 1, uuid.uuid4()
        snapshot = page_snapshot(facts, year, number=number, version_id=version_id)
        versions.append(
            PageVersion(
                public_id=version_id,
                page=page,
                number=number,
                kind=snapshot["kind"],
                class_period=class_period,
                school_class=class_period.school_class,
                rule_set=snapshot["rule_set"],
                snapshot=snapshot,
                snapshot_digest=digest_of(snapshot),
            )
        )
    for version in PageVersion.objects.bulk_create(versions):
        enqueue("records.render_page", version.pk)


def _pages(class_period: ClassPeriod, years: Sequence[StudentYear]) -> dict[int, BookPage]:
    common = {"school_year": class_period.school_year}
    students = [year.student for year in years]
    BookPage.objects.bulk_create(
        [BookPage(student=student, school=class_period.school, **common) for student in students],
        ignore_conflicts=True,
    )
    return {page.student_id: page for page in BookPage.objects.filter(student__in=students, **common)}


def render_page(version: PageVersion) -> PageVersion:
    """Make the file of a prepared page from its snapshot; a page that has one is left as it is. The file is on the disk
    before the database names it."""
    if version.is_rendered:
        return version
    content = page_file(version.snapshot)
    name = store_page(version, content)
    with recorded(None, "render_page", method="prepared", chains=[("CLASS", version.school_class_id)]):
        current = PageVersion.objects.select_for_update().get(pk=version.pk)
        if not current.is_rendered:
            current.file, current.original_size = name, len(content)
            current.original_digest = hashlib.sha256(content).hexdigest()
            current.save(update_fields=["file", "original_size", "original_digest"])
    return current


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
