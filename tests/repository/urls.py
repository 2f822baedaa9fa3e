"""Every address of the product with an example of each kind of object in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from records.models import NewYearPlacing, PageVersion, SigningKey
from schools.models import Enrolment, RoleAssignment
from tests.cast import Cast, make_year
from tests.records.term import give_keys, make_term, submitted


@dataclass(frozen=True)
class Address:
    name: str
    view: Any
    parameters: tuple[str, ...]


def addresses() -> list[Address]:
    """All named addresses, in the order of their names."""
    return sorted(_walk(get_resolver().url_patterns), key=lambda address: address.name)


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            assert pattern.name, f"{pattern} has no name"
            yield Address(pattern.name, pattern.callback, tuple(pattern.pattern.regex.groupindex))


def examples(cast: Cast) -> dict[str, UUID | str | int]:
    """For each parameter an object of the cast's own school: its class has submitted its first term."""
    term = make_term(cast)
    give_keys(submitted(term))
    return {
        "school_id": cast.school.public_id,
        "commune_id": cast.commune.public_id,
        "year_id": cast.year.public_id,
        "class_id": cast.class_7a.public_id,
        "student_id": cast.student.public_id,
        "user_id": cast.homeroom_teacher.public_id,
        "assignment_id": cast.teaching.public_id,
        "homeroom_id": cast.homeroom.public_id,
        "parent_link_id": cast.parent_link.public_id,
        "window_id": cast.window.public_id,
        "import_id": cast.list_import.public_id,
        "kind": "hoc-sinh",
        "enrolment_id": Enrolment.objects.get(student=cast.student).public_id,
        "subject_enrolment_id": cast.taken.public_id,
        "role_assignment_id": RoleAssignment.objects.get(user=cast.homeroom_teacher).public_id,
        "delegation_id": cast.delegation.public_id,
        "reset_id": cast.reset.public_id,
        "sheet_id": term.maths.public_id,
        "row_id": term.maths.rows.get(student=cast.student).public_id,
        "period_id": term.class_period.period.public_id,
        "class_period_id": term.class_period.public_id,
        "version_id": PageVersion.objects.get(page__student=cast.student).public_id,
        "key_id": SigningKey.objects.get(school=cast.school).public_id,
        "placing_id": make_placing(cast).public_id,
        "role": "giao-vien",
        "uidb36": "1",
        "key": "khong-dung",
        "pk": 1,
    }


def make_placing(cast: Cast) -> NewYearPlacing:
    """The clerk of the cast has placed nobody from the year before into this one."""
    before = make_year(cast.province, cast.year.first_year - 1)
    return NewYearPlacing.objects.create(school=cast.school, from_year=before, to_year=cast.year, by=cast.clerk)
