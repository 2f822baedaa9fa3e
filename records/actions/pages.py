"""Pages of the book: frozen when a class is submitted, rendered by a worker."""

import hashlib
import uuid
from collections.abc import Sequence

from django.db.models import Max

from hocbaso.lib.enqueue import enqueue
from records.actions.page_files import store_page
from records.documents.book_file import page_file
from records.documents.snapshot import ClassFacts, digest_of, page_snapshot
from records.documents.snapshot_summer import with_summer
from records.models import BookPage, ClassPeriod, PageVersion
from records.models.student_years import StudentYear
from records.models.summer_cases import SummerCase
from schools.models import User
from schools.models.recording import recorded


def freeze_pages(class_period: ClassPeriod, years: Sequence[StudentYear], *, homeroom_teacher: User) -> None:
    """A new version of every student's page, in the caller's transaction; who waits for the summer is held. Workers
    render the files after the commit. Source: house.md §5 (“Everyone signs what they saw”)."""
    facts = ClassFacts.of(class_period, homeroom_teacher)
    _freeze(facts, [year for year in years if not year.is_held])


def freeze_summer_page(case: SummerCase, *, homeroom_teacher: User) -> PageVersion:
    """The year's page of one student with what the summer brought beside it, in the caller's transaction. Source:
    law.md §5.4 (signed after the summer's result); TT 22/2021 Đ14."""
    (version,) = _freeze(ClassFacts.of(case.class_period, homeroom_teacher), [case.year], case)
    return version


def _freeze(facts: ClassFacts, wanted: Sequence[StudentYear], case: SummerCase | None = None) -> list[PageVersion]:
    class_period = facts.class_period
    pages = _pages(class_period, wanted)
    numbers = dict(
        PageVersion.objects.filter(page__in=pages.values()).values_list("page").annotate(last=Max("number")).order_by()
    )
    versions = []
    for year in wanted:
        page = pages[year.student.pk]
        number, version_id = numbers.get(page.pk, 0) + 1, uuid.uuid4()
        snapshot = page_snapshot(facts, year, number=number, version_id=version_id)
        if case is not None:
            snapshot = with_summer(snapshot, case)
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
    made = PageVersion.objects.bulk_create(versions)
    for version in made:
        enqueue("records.render_page", version.pk)
    return made


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
