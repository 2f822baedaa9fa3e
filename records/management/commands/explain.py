"""``manage.py explain CODE``: why a student's results are what they are, in the sentences the pages show."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.documents.explained import explained_page
from records.documents.words import shown_value
from records.models import MarkRow, PageVersion
from records.rules.explained import explained_term, term_marks
from records.rules.steps import Step
from schools.models import SchoolYear, Student


class Command(BaseCommand):
    help = "In ra vì sao một học sinh có các kết quả của năm học: trang mới nhất, rồi sổ của các kì chưa có trang."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="mã học sinh")
        parser.add_argument("--year", type=int, help="năm bắt đầu của năm học, ví dụ 2026; không ghi là năm nay")

    def handle(self, *args: Any, code: str, year: int | None, **options: Any) -> None:
        student = Student.objects.filter(student_code=code, merged_into=None).first()
        if student is None:
            raise CommandError("Không có học sinh với mã này.")
        years = SchoolYear.objects
        school_year = years.filter(first_year=year).first() if year else years.current()
        if school_year is None:
            raise CommandError("Không có năm học này.")
        told = [*of_page(student, school_year), *of_sheets(student, school_year)]
        self.stdout.write(f"Năm học {school_year.label}")
        for what, value, steps in told:
            self.stdout.write(f"\n{what}: vì sao {value}?")
            self.stdout.write(
                "\n".join(f"  {number}. {one.text} ({one.article})" for number, one in enumerate(steps, 1))
            )
        if not told:
            self.stdout.write("Chưa có kết quả nào.")


Line = tuple[str, str, tuple[Step, ...]]


def newest_page(student: Student, year: SchoolYear) -> PageVersion | None:
    """The student's page of the year as it was frozen last and not withdrawn."""
    versions = PageVersion.objects.filter(page__student=student, page__school_year=year)
    return versions.exclude(state=PageVersion.State.WITHDRAWN).order_by("number").last()


def of_page(student: Student, year: SchoolYear) -> Iterator[Line]:
    page = newest_page(student, year)
    for why in explained_page(page.snapshot) if page else []:
        for one in why.told:
            yield f"{why.name}, {one.of[0].lower()}{one.of[1:]}", one.value, one.steps


def of_sheets(student: Student, year: SchoolYear) -> Iterator[Line]:
    """Results that stand in sheets and on no page yet."""
    page = newest_page(student, year)
    terms = {code for code, term in page.snapshot["terms"].items() if term} if page else set()
    rows = MarkRow.objects.filter(student=student, school_year=year).exclude(period__code__in=terms)
    places = ("sheet", "subject", "period__school_year")
    for row in rows.select_related(*places).order_by("period__position", "subject__code"):
        why = explained_term(row.sheet.kind, term_marks(row.sheet.scheme, row.cells), row.result)
        if why.steps:
            yield (
                f"{row.subject}, {row.period.name[0].lower()}{row.period.name[1:]}",
                shown_value(row.result),
                why.steps,
            )
