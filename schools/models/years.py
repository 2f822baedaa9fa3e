"""School years, the periods of each level, and the windows in which marks may be entered."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils import timezone

from schools.models.authorities import Authority, Level, School
from schools.models.base import PublicModel
from schools.rules.calendar import first_year_of
from schools.rules.levels import PERIOD_NAMES
from schools.rules.vietnamese_dates import end_in_words

if TYPE_CHECKING:
    from schools.models.people import User


class DateRange(models.Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    def visible_to(self, user: "User") -> Self:
        """The calendar is no secret: everybody with an account may see it."""
        return self.all()

    def on(self, day: date) -> "SchoolYear | None":
        """The school year a day falls in; in the weeks between two years, the one that begins next or began last."""
        return self.filter(starts_on__lte=day).order_by("-starts_on").first() or self.order_by("starts_on").first()

    def current(self) -> "SchoolYear | None":
        return self.on(timezone.localdate())

    def next_first_year(self) -> int:
        """The year after the last one there is, which is the one to be opened next."""
        last = self.order_by("-first_year").first()
        return last.first_year + 1 if last else first_year_of(timezone.localdate())

    def unfinished(self) -> Self:
        """Years for which lists can still be made: this one and those to come, the nearest first."""
        return self.filter(closed_at=None, ends_on__gte=timezone.localdate()).order_by("starts_on")


class SchoolYear(PublicModel):
    """A school year of the province, as the Sở sets its frame (law.md §7, “Calendar”)."""

    authority = models.ForeignKey(Authority, models.PROTECT, verbose_name="Sở")
    first_year = models.PositiveSmallIntegerField("năm bắt đầu")
    starts_on = models.DateField("ngày bắt đầu")
    ends_on = models.DateField("ngày kết thúc")
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True)

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        ordering = ["-first_year"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "first_year"], name="school_year_once"),
            models.CheckConstraint(name="school_year_dates", condition=models.Q(ends_on__gt=models.F("starts_on"))),
            ExclusionConstraint(
                name="school_years_do_not_overlap",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.first_year}–{self.first_year + 1}"


class PeriodQuerySet(models.QuerySet["Period"]):
    def visible_to(self, user: "User") -> Self:
        return self.all()

    def running_or_next(self, levels: list[str]) -> "list[Period]":
        """For each level the period of today, or the next one."""
        coming = self.filter(level__in=levels, ends_on__gte=timezone.localdate()).order_by("level", "position")
        return list({period.level: period for period in reversed(coming)}.values())

    def of_levels(self, levels: list[str]) -> Self:
        return self.filter(level__in=levels)

    def for_year(self, year: SchoolYear) -> Self:
        return self.filter(school_year=year)

    def for_level(self, level: str) -> Self:
        return self.filter(level=level)


class Period(PublicModel):
    """A period of assessment of one level in one school year: HK1, HK2, HE (TT 22/2021 Đ9, Đ13, Đ14) or GK1, CK1, GK2,
    CN, HE (TT 27/2020 Đ7)."""

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    level = models.CharField("cấp học", max_length=10, choices=Level)
    code = models.CharField("mã", max_length=3, choices=list(PERIOD_NAMES.items()))
    position = models.PositiveSmallIntegerField("thứ tự")
    starts_on = models.DateField("ngày bắt đầu")
    ends_on = models.DateField("ngày kết thúc")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["level", "position"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "level", "code"], name="period_once"),
            models.UniqueConstraint(fields=["school_year", "level", "position"], name="period_position_once"),
            models.CheckConstraint(name="period_dates", condition=models.Q(ends_on__gte=models.F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.school_year.label}"

    @property
    def name(self) -> str:
        return PERIOD_NAMES.get(self.code, self.code)


class EntryWindowQuerySet(models.QuerySet["EntryWindow"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(school__in=School.objects.visible_to(user))

    def open_at(self, moment: datetime) -> Self:
        return self.filter(opens_at__lte=moment, closes_at__gt=moment)

    def open_for(self, school: School, period: Period) -> Self:
        """What lets a school write in a period now: nothing, unless a window says so."""
        return self.open_now().filter(school=school, period=period)

    def of_current_year(self, school: School) -> Self:
        """A school's windows of this year, the last to close first."""
        of_school = self.filter(school=school, period__school_year=SchoolYear.objects.current())
        return of_school.select_related("period__school_year").order_by("-closes_at", "-id")

    def open_now(self) -> Self:
        """Windows open by the server's clock: a client's clock is never asked."""
        return self.open_at(timezone.now())


class EntryWindow(PublicModel):
    """When a school may write in a period. No open window means closed: nothing is written by default. An extension is
    a further window with its reason; none is shortened or deleted unseen."""

    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    period = models.ForeignKey(Period, models.PROTECT, verbose_name="kì")
    opens_at = models.DateTimeField("mở lúc")
    closes_at = models.DateTimeField("đóng lúc")
    reason = models.CharField("lí do", max_length=255, blank=True)
    opened_by = models.ForeignKey("schools.User", models.PROTECT, null=True, verbose_name="người mở")

    objects = EntryWindowQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at"]
        constraints = [
            models.CheckConstraint(name="entry_window_times", condition=models.Q(closes_at__gte=models.F("opens_at")))
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.period}"

    @property
    def until(self) -> str:
        """When it closes, in words."""
        return end_in_words(timezone.localtime(self.closes_at))

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() < self.closes_at
