"""When a year is over: what it came to for everybody of a school, and the placings into classes of the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db import models

from records.models.class_periods import ClassPeriod, YearRecord
from records.models.pages import PUBLISHED
from records.models.summer import LAST_TERMS, PENDING, SummerEntry
from records.rules import signoff
from records.rules.new_year import UP, way_of
from schools.models import Enrolment, Role, School, SchoolClass, SchoolYear, User
from schools.models.base import PublicModel

LEAVES = "HET_CAP"
UNKNOWN = "CHUA_CO"
PLACED = "DA_XEP"


class NewYearPlacingQuerySet(models.QuerySet["NewYearPlacing"]):
    def visible_to(self, user: User) -> Self:
        """The clerk's own schools'."""
        return self.filter(school__in=user.standing.schools_as(Role.CLERK))

    def of(self, school: School, to_year: SchoolYear) -> Self:
        placings = self.filter(school=school, to_year=to_year).select_related("by", "taken_back_by")
        return placings.order_by("-created_at", "-id")


class NewYearPlacing(PublicModel):
    """The clerk placed students whose year is over into classes of the next year, all at once: ``placed`` holds a pair
    of keys per student, the enrolment that ended and the one that began (None: the school has no further grade);
    ``made`` the classes made for it. Taken back as a whole until something is written of one of them."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="trường")
    from_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="từ năm học")
    to_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="sang năm học")
    placed = models.JSONField("đã xếp", default=list)
    made = models.JSONField("lớp đã lập", default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người xếp")
    taken_back_at = models.DateTimeField("bỏ lúc", null=True, blank=True)
    taken_back_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người bỏ"
    )
    reason = models.CharField("lí do bỏ", max_length=255, blank=True)

    objects = NewYearPlacingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="placing_taken_back_whole",
                condition=models.Q(taken_back_at=None, taken_back_by=None, reason="")
                | models.Q(taken_back_at__isnull=False, taken_back_by__isnull=False, reason__regex=r"\S.{8,}\S"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.from_year} → {self.to_year}"

    @property
    def coming(self) -> list[int]:
        """The keys of the enrolments that began."""
        return [came for _, came in self.placed if came is not None]

    @property
    def ended(self) -> list[int]:
        """The keys of the enrolments that ended."""
        return [left for left, _ in self.placed]


@dataclass(frozen=True)
class Finisher:
    """A student on the list of a class whose year is over, and where they stand: one of UP, AGAIN, WAITS (rules),
    LEAVES (goes up, and the school has no further grade), UNKNOWN (no result the principal has approved), PLACED (is
    in a class of the next year, in another school, or has left after the last grade)."""

    enrolment: Enrolment
    standing: str


def finishers(school: School, from_year: SchoolYear, to_year: SchoolYear) -> list[Finisher]:
    """Everybody on the lists of the school's classes of a year, class by class in the order of the lists. Five
    queries."""
    listed = Enrolment.objects.filter(models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED))
    of_year = listed.filter(school_class__in=SchoolClass.objects.in_use().filter(school=school, school_year=from_year))
    enrolments = list(of_year.in_order().select_related("student", "school_class__school_year"))
    outcomes = outcomes_of(from_year, [one.student_id for one in enrolments])
    placed = _placed(enrolments, to_year)
    found = [Finisher(one, _standing(one, school, outcomes, placed)) for one in enrolments]
    return sorted(found, key=lambda one: one.enrolment.school_class.place_in_lists)


def _standing(enrolment: Enrolment, school: School, outcomes: dict[int, str], placed: set[int]) -> str:
    student = enrolment.student
    if student.pk in placed or student.school_id != school.pk:
        return PLACED
    promotion = outcomes.get(student.pk)
    if promotion is None:
        return UNKNOWN
    way = way_of(promotion)
    if way == UP and enrolment.school_class.grade_level + 1 not in school.grade_levels:
        return LEAVES if enrolment.ends_on is None else PLACED
    return way


def _placed(enrolments: Iterable[Enrolment], to_year: SchoolYear) -> set[int]:
    """Who is, or was, in a class of the next year, or is in any other class now."""
    own = [one.pk for one in enrolments]
    others = Enrolment.objects.filter(student__in=[one.student_id for one in enrolments]).exclude(pk__in=own)
    others = others.exclude(ending=Enrolment.Ending.MISTAKE)
    elsewhere = others.filter(models.Q(school_class__school_year=to_year) | models.Q(ends_on=None))
    return set(elsewhere.values_list("student", flat=True))


def outcomes_of(year: SchoolYear, students: Iterable[int]) -> dict[int, str]:
    """What a year came to, by the student's key: the outcome in a class whose year the principal has approved, or the
    one on the page issued after the summer; nobody else (TT 22/2021 Đ12–Đ14, Đ18; TT 27/2020 Đ11)."""
    approved = ClassPeriod.objects.in_use().filter(period__code__in=LAST_TERMS, state__in=signoff.CLOSED)
    of_year = YearRecord.objects.filter(school_year=year, student__in=list(students))
    of_year = of_year.filter(school_class__in=approved.filter(school_year=year).order_by().values("school_class"))
    found: dict[int, str] = dict(of_year.values_list("student", "promotion"))
    held = [student for student, promotion in found.items() if promotion in PENDING]
    concluded = SummerEntry.objects.filter(
        kind=SummerEntry.Kind.CONCLUDED, school_year=year, student__in=held, version__state__in=PUBLISHED
    )
    return found | dict(concluded.order_by("id").values_list("student", "value"))


def year_pairs() -> list[tuple[SchoolYear, SchoolYear]]:
    """Every year that is open with the one before it, the newest first."""
    years = {one.first_year: one for one in SchoolYear.objects.all()}
    pairs = [(years[first - 1], year) for first, year in years.items() if first - 1 in years and not year.closed_at]
    return sorted(pairs, key=lambda pair: -pair[1].first_year)


def approved_in(schools: Iterable[int], years: Iterable[SchoolYear]) -> "models.QuerySet[ClassPeriod]":
    """The last terms of classes whose year the principal has approved."""
    last = ClassPeriod.objects.in_use().filter(period__code__in=LAST_TERMS, state__in=signoff.CLOSED)
    return last.filter(school__in=list(schools), school_year__in=list(years)).order_by()


def to_be_placed(schools: Iterable[int]) -> int:
    """How many students of these schools have a result by which they go on, and are still in the old class while the
    next year is open."""
    ended = [before for before, _ in year_pairs()]
    approved = approved_in(schools, ended).values("school_class")
    there = Enrolment.objects.open().filter(
        student=models.OuterRef("student"), school_class=models.OuterRef("school_class")
    )
    done = YearRecord.objects.filter(school_class__in=approved).exclude(promotion__in=PENDING)
    return done.filter(models.Exists(there)).count()
