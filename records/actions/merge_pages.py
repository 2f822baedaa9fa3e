"""What becomes of the pages of the book and the results of the year of two records of one student."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from records.models import BookPage, ClassPeriod, PageVersion, SummerEntry, YearRecord
from records.models.summer_lists import still_waiting
from schools.models import Student


@dataclass
class PagesPlan:
    """Pages and years of both records by what becomes of them. In ``doubled`` both have a living page of one year, in
    ``turned`` only the merged one has, in ``doubled_years`` both have a result of the year; in ``in_summer`` the
    merged one has entries of the summer whose page is not issued, which stay with the record they were written for; the
    rest stays."""

    pages: list[BookPage] = field(default_factory=list)
    moved: list[BookPage] = field(default_factory=list)
    doubled: list[tuple[BookPage, BookPage]] = field(default_factory=list)
    turned: list[tuple[BookPage, BookPage]] = field(default_factory=list)
    years: list[YearRecord] = field(default_factory=list)
    moved_years: list[YearRecord] = field(default_factory=list)
    doubled_years: list[tuple[YearRecord, YearRecord]] = field(default_factory=list)
    in_summer: list[YearRecord] = field(default_factory=list)


def plan_pages(kept: Student, merged: Student) -> PagesPlan:
    """What becomes of pages and years when ``merged`` is joined into ``kept``. Reads only."""
    plan = PagesPlan()
    _plan_pages(plan, _pages(kept), _pages(merged))
    _plan_years(plan, _years(kept), _years(merged))
    written = SummerEntry.objects.order_by().filter(student=OuterRef("student"), school_year=OuterRef("school_year"))
    plan.in_summer = list(
        still_waiting(YearRecord.objects.filter(Exists(written), student=merged)).select_related("school_year")
    )
    return plan


def _plan_pages(plan: PagesPlan, of_kept: dict[int, BookPage], of_merged: dict[int, BookPage]) -> None:
    plan.pages = [*of_kept.values(), *of_merged.values()]
    for year, page in of_merged.items():
        other = of_kept.get(year)
        if other is None:
            plan.moved.append(page)
        elif living(page):
            (plan.doubled if living(other) else plan.turned).append((other, page))


def _plan_years(plan: PagesPlan, of_kept: dict[int, YearRecord], of_merged: dict[int, YearRecord]) -> None:
    plan.years = [*of_kept.values(), *of_merged.values()]
    for year, record in of_merged.items():
        if year not in of_kept:
            plan.moved_years.append(record)
        elif not _is_open(record):
            plan.doubled_years.append((of_kept[year], record))


def living(page: BookPage) -> list[PageVersion]:
    """The versions of a page that were not withdrawn, the first one first."""
    alive = (one for one in page.versions.all() if one.state != PageVersion.State.WITHDRAWN)
    return sorted(alive, key=lambda one: one.number)


def _pages(student: Student) -> dict[int, BookPage]:
    versions = Prefetch("versions", PageVersion.objects.only("page", "number", "state"))
    pages = BookPage.objects.filter(student=student).select_related("school_year").prefetch_related(versions)
    return {page.school_year_id: page for page in pages.order_by("school_year__first_year")}


def _years(student: Student) -> dict[int, YearRecord]:
    years = YearRecord.objects.filter(student=student).select_related("school_year", "school_class")
    return {year.school_year_id: year for year in years.order_by("school_year__first_year")}


def _is_open(record: YearRecord) -> bool:
    """Whether the class's last period is open again: its results are computed anew when it is submitted."""
    last = ClassPeriod.objects.filter(school_class=record.school_class_id).order_by("-period__position").first()
    return last is not None and last.is_writable


def state_of_pages(plan: PagesPlan) -> Iterator[list[Any]]:
    """All that the plan rests on."""
    for page in plan.pages:
        yield [page.pk, page.student_id, sorted([one.number, one.state] for one in page.versions.all())]
    for year in plan.years:
        yield [year.pk, year.student_id, year.school_class_id, year.promotion]
