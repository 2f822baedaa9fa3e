"""What of the record is unfinished when a school year is to be closed."""

from collections import Counter

from django.db.models import Q

from records.models import ClassPeriod, PageVersion, YearRecord
from records.models.summer import PENDING
from records.models.summer_lists import still_waiting
from records.rules import signoff
from schools.models import Enrolment, SchoolClass, SchoolYear
from schools.rules.levels import terms_of_level


def why_year_stays(year: SchoolYear) -> list[str]:
    """A sentence for every school with a class that has a period not begun or not issued, and one for the students who
    wait for the summer's result (TT 22/2021 Đ12–Đ14, Đ18; TT 27/2020 Đ10, Đ11)."""
    told = [f"{school}: {count} lớp chưa xong các kì." for school, count in sorted(_unfinished(year).items())]
    waiting = still_waiting(YearRecord.objects.filter(school_year=year, promotion__in=PENDING)).count()
    return told + ([f"{waiting} học sinh chờ kết quả trong hè."] if waiting else [])


def _unfinished(year: SchoolYear) -> Counter[str]:
    """How many classes of each school have still something to do: where there are pages to seal, they are sealed."""
    done: dict[int, set[str]] = {}
    closed = ClassPeriod.objects.in_use().filter(school_year=year, state__in=signoff.CLOSED)
    unsealed = closed.order_by().filter(state=signoff.SIGNED_OFF).values("pk")
    to_seal = {
        *PageVersion.objects.of_classes().filter(class_period__in=unsealed).values_list("class_period", flat=True)
    }
    for one in closed.select_related("period"):
        if one.pk not in to_seal:
            done.setdefault(one.school_class_id, set()).add(one.period.code)
    with_students = Enrolment.objects.filter(Q(ends_on=None) | Q(ending=Enrolment.Ending.FINISHED))
    classes = SchoolClass.objects.in_use().filter(school_year=year, pk__in=with_students.values("school_class"))
    return Counter(
        one.school.name
        for one in classes.select_related("school")
        if not set(terms_of_level(one.level)) <= done.get(one.pk, set())
    )
