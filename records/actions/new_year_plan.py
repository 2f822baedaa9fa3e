"""The plan of a new year: which class everybody comes into and what is carried along. It only reads; what is written is
this plan and no other (``digest``)."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hocbaso.lib.vietnamese import normal
from records.models.new_year import LEAVES, Finisher, finishers
from records.rules.new_year import AGAIN, UP, Going, Name, is_intake, proposed_names
from schools.models import CurriculumSubject, School, SchoolClass, SchoolYear, SubjectEnrolment
from schools.rules.class_names import class_key, why_not_a_class_name
from schools.rules.class_sizes import class_size_remark
from schools.rules.gdpt2018 import UPPER_SECONDARY_ELECTIVES
from schools.rules.levels import UPPER_SECONDARY, level_of
from schools.rules.rule_sets import NoRuleSet, rule_set_for

Choice = CurriculumSubject.Choice


@dataclass(frozen=True)
class Carried:
    """A chosen subject, or the topics of one, that a student goes on with."""

    student: int
    subject: int
    choice: str
    with_topics: bool


@dataclass
class NewClass:
    """A class of the next year: there already (``school_class``, with ``there`` students) or to be made, who comes into
    it, and what each of them goes on with."""

    name: str
    grade_level: int
    rule_set: str
    school_class: SchoolClass | None = None
    there: int = 0
    coming: list[Finisher] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.there + len(self.coming)

    @property
    def remark(self) -> str:
        """What is odd about its size; ""."""
        return class_size_remark(self.name, self.size, self.grade_level)

    @property
    def to_choose(self) -> list[Finisher]:
        """Who has to choose electives: not the four of a class of THPT (TT 13/2022/TT-BGDĐT; law.md §3)."""
        if level_of(self.grade_level) != UPPER_SECONDARY:
            return []
        chosen = Counter(one.student for one in self.carried if one.choice == Choice.ELECTIVE)
        return [one for one in self.coming if chosen[one.enrolment.student_id] != UPPER_SECONDARY_ELECTIVES]


@dataclass(frozen=True)
class EndingClass:
    """A class whose year is over, its students by where they stand, and the names of the classes they come into."""

    school_class: SchoolClass
    standings: Mapping[str, list[Finisher]]
    names: Mapping[str, str]


@dataclass
class NewYearPlan:
    """``faults`` says what is wrong with a name that was typed, by the class that ends and the way its students go."""

    school: School
    from_year: SchoolYear
    to_year: SchoolYear
    ending: list[EndingClass]
    classes: list[NewClass] = field(default_factory=list)
    leaving: list[Finisher] = field(default_factory=list)
    faults: dict[Going, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many students come into a class."""
        return sum(len(one.coming) for one in self.classes)

    @property
    def made(self) -> list[NewClass]:
        return [one for one in self.classes if one.school_class is None]

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.leaving or self.made)

    @property
    def chains(self) -> set[tuple[str, int]]:
        """Of the school, the classes that end and those that are there already."""
        going = [one.enrolment.school_class_id for new in self.classes for one in new.coming]
        going += [one.enrolment.school_class_id for one in self.leaving]
        going += [one.school_class.pk for one in self.classes if one.school_class is not None]
        return {("SCHOOL", self.school.pk), *(("CLASS", key) for key in going)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that would be written."""
        classes = [
            [
                one.name, one.school_class.pk if one.school_class else None, one.rule_set,
                [[who.enrolment.pk, who.standing] for who in one.coming],
                [[had.student, had.subject, had.choice, had.with_topics] for had in one.carried],
            ]
            for one in self.classes
        ]  # fmt: skip
        facts = [self.school.pk, self.to_year.pk, classes, [one.enrolment.pk for one in self.leaving]]
        faults = sorted([*going, words] for going, words in self.faults.items())
        return hashlib.sha256(json.dumps([facts, faults], ensure_ascii=False).encode()).hexdigest()


def plan_new_year(
    school: School, from_year: SchoolYear, to_year: SchoolYear, names: Mapping[Going, str] | None = None,
    makes_intake: bool = True,
) -> NewYearPlan:  # fmt: skip
    """Where everybody goes whose year is over and approved: up, or once more into the grade; who has no result or waits
    for the summer stays in the old class. ``names`` are other names than the proposed ones, "" leaves those students
    where they are; ``makes_intake``: the classes that other schools' students will come into are made, empty. Source:
    TT 22/2021 Đ12–Đ14; TT 27/2020 Đ11."""
    found = finishers(school, from_year, to_year)
    there = {class_key(one.name): one for one in _classes_of(school, to_year)}
    of_year = {one.enrolment.school_class for one in found} | set(_classes_of(school, from_year))
    ending = sorted(of_year, key=lambda one: one.place_in_lists)
    proposed = proposed_names(map(_named, ending), school.grade_levels, map(_named, there.values()))
    chosen = dict(proposed) | {going: normal(name) for going, name in (names or {}).items() if going in proposed}
    plan = NewYearPlan(school, from_year, to_year, [_ending(one, found, chosen) for one in ending])
    _fill(plan, there, makes_intake)
    plan.leaving = [one for one in found if one.standing == LEAVES]
    _carry(plan)
    return plan


def _classes_of(school: School, year: SchoolYear) -> Iterable[Any]:
    return SchoolClass.objects.in_use().filter(school=school, school_year=year).with_size()


def _named(school_class: SchoolClass) -> Name:
    return Name(school_class.name, school_class.grade_level)


def _ending(school_class: SchoolClass, found: Iterable[Finisher], names: Mapping[Going, str]) -> EndingClass:
    standings: dict[str, list[Finisher]] = defaultdict(list)
    for one in found:
        if one.enrolment.school_class_id == school_class.pk:
            standings[one.standing].append(one)
    return EndingClass(school_class, dict(standings), {way: names[school_class.name, way] for way in (UP, AGAIN)})


def _fill(plan: NewYearPlan, there: Mapping[str, Any], makes_intake: bool) -> None:
    """The classes of the next year, in their order, with who comes into them."""
    classes: dict[str, NewClass] = {}
    for ending in plan.ending:
        grade = ending.school_class.grade_level
        empty = makes_intake and is_intake(grade, plan.school.grade_levels)
        for way, grade_level in ((UP, grade + 1), (AGAIN, grade)):
            coming, name = ending.standings.get(way, []), ending.names[way]
            if not name or not (coming or (empty and way == AGAIN)):
                continue
            if fault := _fault(plan, name, grade_level):
                plan.faults[ending.school_class.name, way] = fault
                continue
            key = class_key(name)
            if key not in classes:
                classes[key] = _new_class(plan, name, grade_level, there.get(key))
            classes[key].coming += coming
    wanted = (one for one in classes.values() if one.coming or one.school_class is None)
    plan.classes = sorted(
        wanted, key=lambda one: SchoolClass(name=one.name, grade_level=one.grade_level).place_in_lists
    )


def _fault(plan: NewYearPlan, name: str, grade_level: int) -> str:
    if why := why_not_a_class_name(name, grade_level):
        return why
    if len(name) > (SchoolClass._meta.get_field("name").max_length or 0):
        return f"Tên lớp “{name}” dài quá."
    try:
        rule_set_for(grade_level, plan.to_year.first_year)
    except NoRuleSet as missing:
        return str(missing)
    return ""


def _new_class(plan: NewYearPlan, name: str, grade_level: int, there: Any) -> NewClass:
    if there is not None:
        return NewClass(there.name, there.grade_level, there.rule_set, there, there.size)
    return NewClass(name, grade_level, rule_set_for(grade_level, plan.to_year.first_year))


def _carry(plan: NewYearPlan) -> None:
    """Chosen subjects and topics that the new grade offers too; exemptions are decided anew for a year."""
    students = [one.enrolment.student_id for new in plan.classes for one in new.coming]
    had: dict[int, list[SubjectEnrolment]] = defaultdict(list)
    taken = SubjectEnrolment.objects.open().filter(school_year=plan.from_year, student__in=students)
    for one in taken.exclude(choice=Choice.COMPULSORY, with_topics=False).order_by("student_id", "subject_id"):
        had[one.student_id].append(one)
    offers: dict[tuple[str, int], dict[int, str]] = {}
    for new in plan.classes:
        grade = (new.rule_set, new.grade_level)
        if grade not in offers:
            offers[grade] = dict(CurriculumSubject.objects.for_grade(*grade).values_list("subject", "choice"))
        offered = offers[grade]
        new.carried = [
            Carried(one.student_id, one.subject_id, offered[one.subject_id], one.with_topics)
            for who in new.coming
            for one in had[who.enrolment.student_id]
            if one.subject_id in offered
        ]
