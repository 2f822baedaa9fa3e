"""Classes and who is in them."""

import re
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from schools.models.authorities import Level, School
from schools.models.base import Dated, DatedQuerySet, NameField, PublicModel, dated_check
from schools.models.students import Student
from schools.models.subjects import CurriculumSubject, Subject
from schools.models.years import DateRange, SchoolYear
from schools.rules.levels import level_of

if TYPE_CHECKING:
    from schools.models.people import User


class SchoolClassQuerySet(models.QuerySet["SchoolClass"]):
    def in_use(self) -> Self:
        """Without those that were made by mistake and taken back."""
        return self.filter(voided_at=None)

    def for_year(self, year: SchoolYear | None) -> Self:
        return self.filter(school_year=year)

    def of_current_year(self) -> Self:
        return self.for_year(SchoolYear.objects.current())

    def without_homeroom_teacher(self) -> Self:
        """Classes that nobody leads until further notice, as the plan shows it."""
        from schools.models.assignments import HomeroomAssignment

        return self.filter(~models.Exists(HomeroomAssignment.objects.open().filter(school_class=models.OuterRef("pk"))))

    def led_by(self, user: "User") -> Self:
        """The classes whose homeroom teacher the user is today."""
        from schools.models.assignments import HomeroomAssignment

        led = HomeroomAssignment.objects.order_by().today().filter(teacher=user)
        return self.filter(id__in=led.values("school_class_id"))

    def taught_by(self, user: "User") -> Self:
        """Classes in which the user teaches a subject or is the homeroom teacher today, or stands in by delegation."""
        from schools.models.assignments import HomeroomAssignment, TeachingAssignment

        # One short list of ids from indexes: of an OR of two subqueries the planner expects half the table.
        teaching = TeachingAssignment.objects.order_by().for_teacher(user).values("school_class_id")
        homeroom = HomeroomAssignment.objects.order_by().today().filter(teacher=user).values("school_class_id")
        return self.filter(id__in=teaching.union(homeroom, all=True))

    def visible_to(self, user: "User") -> Self:
        """All classes of the schools one keeps, directs or inspects; a teacher's own classes; nothing else. A class
        taken back is seen by nobody: the history tells of it."""
        own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
        overseen = School.objects.visible_to(user).exclude(id__in=own_schools)
        return self.in_use().filter(
            models.Q(school__in=overseen.values("id"))
            | models.Q(id__in=self.model.objects.taught_by(user).values("id"))
        )

    def beside(self, school_class: "SchoolClass") -> Self:
        """The other classes of the same school, year and grade: where a student can move to."""
        same = {name: getattr(school_class, name) for name in ("school", "school_year", "grade_level")}
        return self.in_use().filter(**same).exclude(pk=school_class.pk)

    def with_size(self) -> Self:
        """Each with ``size``, the number of students on its list, and ``homeroom_name``."""
        from schools.models.assignments import HomeroomAssignment

        homeroom = HomeroomAssignment.objects.open().filter(school_class=models.OuterRef("pk"))
        on_list = models.Q(enrolments__ends_on=None) | models.Q(enrolments__ending=Enrolment.Ending.FINISHED)
        return self.annotate(
            size=models.Count("enrolments", filter=on_list),
            homeroom_name=models.Subquery(homeroom.values("teacher__full_name")[:1]),
        )


class SchoolClass(PublicModel):
    """A class of one school in one school year; its rule set is fixed when the class is made. One made by mistake is
    taken back (``voided_at``), never deleted, and its name is free again."""

    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    name = NameField("tên lớp", max_length=20)
    grade_level = models.PositiveSmallIntegerField("khối")
    rule_set = models.CharField("bộ quy định", max_length=20, editable=False)
    voided_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    gaps: list[str]  # of schools.models.gaps

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        ordering = ["grade_level", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "name"], condition=models.Q(voided_at=None), name="class_name_once"
            ),
            models.CheckConstraint(name="class_grade_level", condition=models.Q(grade_level__range=(1, 12))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> Level:
        return Level(level_of(self.grade_level))

    @property
    def place_in_lists(self) -> tuple[int, list[str | int]]:
        """By grade, then 7A2 before 7A10."""
        return self.grade_level, [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", self.name)]


class EnrolmentQuerySet(DatedQuerySet):
    def on_list(self, school_class: SchoolClass) -> Self:
        """Who is in a class now; of a year gone by, who was in it to the end."""
        listed = models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED)
        return self.filter(listed, school_class=school_class)

    def visible_to(self, user: "User") -> Self:
        return self.filter(school_class__in=SchoolClass.objects.visible_to(user))

    def in_order(self) -> Self:
        """The order of every class list: given name, then family names, in the Vietnamese alphabet."""
        return self.select_related("student").order_by("student__given_name", "student__family_names", "student_id")


class Enrolment(PublicModel, Dated):
    """A student in a class from one day to another. At most one is open; none overlaps another of the same student."""

    class Ending(models.TextChoices):
        MOVED_CLASS = "CHUYEN_LOP", "Chuyển lớp"
        MOVED_SCHOOL = "CHUYEN_TRUONG", "Chuyển trường"
        LEFT = "THOI_HOC", "Thôi học"
        FINISHED = "HOAN_THANH", "Hết năm học"
        MISTAKE = "GHI_NHAM", "Ghi nhầm"

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrolments", verbose_name="học sinh")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="enrolments", verbose_name="lớp")
    ending = models.CharField("lí do thôi", max_length=15, choices=Ending, blank=True)
    note = models.CharField("ghi chú", max_length=255, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            dated_check("enrolment_dates"),
            models.CheckConstraint(
                name="enrolment_ending_says_why",
                condition=models.Q(ends_on=None, ending="") | models.Q(ends_on__isnull=False) & ~models.Q(ending=""),
            ),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ends_on=None), name="one_open_enrolment_per_student"
            ),
            ExclusionConstraint(
                name="enrolments_do_not_overlap",
                expressions=[
                    ("student", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_class}"


class SubjectEnrolmentQuerySet(models.QuerySet["SubjectEnrolment"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(student__in=Student.objects.visible_to(user))

    def of_class(self, school_class: SchoolClass) -> Self:
        """What the students of a class take now, in printed order."""
        printed = CurriculumSubject.objects.filter(
            rule_set=school_class.rule_set, grade_level=school_class.grade_level, subject=models.OuterRef("subject")
        )
        return (
            self.open()
            .filter(student__in=Student.objects.in_class(school_class), school_year=school_class.school_year)
            .annotate(position=models.Subquery(printed.values("position")[:1]))
            .select_related("subject")
            .order_by("position")
        )

    def open(self) -> Self:
        return self.filter(dropped_on=None)


class SubjectEnrolment(PublicModel):
    """A student takes a subject in a school year: the rows of a mark sheet come from here. Exemptions name their
    decision (TT 22/2021 Đ10, Đ11)."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="subject_enrolments", verbose_name="học sinh")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="môn")
    choice = models.CharField("bắt buộc hay chọn", max_length=10, choices=CurriculumSubject.Choice)
    with_topics = models.BooleanField("học cụm chuyên đề", default=False)
    exempt_practice = models.BooleanField("miễn phần thực hành", default=False)
    exempt = models.BooleanField("miễn học", default=False)
    individual_plan = models.BooleanField("kế hoạch giáo dục cá nhân", default=False)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_period = models.CharField("áp dụng cho", max_length=10, blank=True)
    dropped_on = models.DateField("thôi học môn từ", null=True, blank=True)

    objects = SubjectEnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year", "subject"],
                condition=models.Q(dropped_on=None),
                name="subject_enrolment_once",
            ),
            models.CheckConstraint(
                name="exemption_has_decision",
                condition=models.Q(exempt_practice=False, exempt=False, individual_plan=False)
                | ~models.Q(decision_number="") & models.Q(decision_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.subject}"

    @property
    def is_special(self) -> bool:
        """Chosen, with topics, or with an exemption: what tells a student's subjects from the class's."""
        chosen = self.choice != CurriculumSubject.Choice.COMPULSORY
        return chosen or self.with_topics or self.exempt or self.exempt_practice or self.individual_plan
