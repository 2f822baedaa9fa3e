"""A family's book over several school years, each with versions numbered from one."""

from datetime import timedelta

from records.models import BookPage, PageVersion
from schools.models import SchoolYear
from tests.records.models.attack import run
from tests.records.models.test_guards_of_pages import SEAL, SHOWN, new_version, sealed, version  # noqa: F401


def test_this_years_first_version_stands_before_last_years_second(term, version):  # noqa: F811
    year = term.cast.year
    before = SchoolYear.objects.create(
        authority=year.authority,
        first_year=year.first_year - 1,
        starts_on=year.starts_on - timedelta(days=366),
        ends_on=year.ends_on - timedelta(days=366),
    )
    earlier = BookPage.objects.create(student=term.cast.student, school_year=before, school=term.cast.school)
    run(new_version(page=str(earlier.pk)), version.pk)
    last_years = PageVersion.objects.get(page=earlier)
    run(
        "UPDATE records_pageversion SET file = 'pages/z.pdf', original_digest = %s, original_size = 100 WHERE id = %s",
        SHOWN, last_years.pk,
    )  # fmt: skip
    for one in (version, last_years):
        sealed(term, one)
        run(SEAL, one.pk)
    assert [one.pk for one in PageVersion.objects.of_family(term.cast.student)] == [version.pk, last_years.pk]
