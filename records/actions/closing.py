"""What of the record is unfinished when a school year is to be closed."""

from collections import Counter

from records.models import ClassPeriod, YearRecord
from records.models.student_years import PENDING
from records.rules import signoff
from schools.models import SchoolClass, SchoolYear
from schools.rules.levels import terms_of_level


def why_year_stays(year: SchoolYear) -> list[str]:
    """A sentence for every school with a class that has a period not begun or not issued, and one for the students who
    wait for the summer's result (TT 22/2021 Đ12–Đ14, Đ18; TT 27/2020 Đ10, Đ11)."""
    told = [f"{school}: {count} lớp chưa xong các kì." for school, count in sorted(_unfinished(year).items())]
    waiting = YearRecord.objects.filter(school_year=year, promotion__in=PENDING).count()
    return told + ([f"{waiting} học sinh chờ kết quả trong hè."] if waiting else [])


def _unfinished(year: SchoolYear) -> Counter[str]:
    """How many classes of each school have still something to do."""
    done: dict[int, set[str]] = {}
    for one in ClassPeriod.objects.in_use().filter(school_year=year, state__in=signoff.CLOSED).select_related("period"):
        if one.state == signoff.ISSUED or one.period.code.startswith("GK"):
            done.setdefault(one.school_class_id, set()).add(one.period.code)
    classes = SchoolClass.objects.in_use().filter(school_year=year, enrolments__isnull=False).distinct()
    return Counter(
        one.school.name for one in classes.select_related("school") if not set(_asked(one)) <= done.get(one.pk, set())
    )


def _asked(school_class: SchoolClass) -> tuple[str, ...]:
    return terms_of_level(school_class.level)
