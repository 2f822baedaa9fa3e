"""What a student takes: electives, optional subjects, exemptions. A subject is dropped from a day, never deleted."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.models import CurriculumSubject, SchoolClass, Student, SubjectEnrolment, User
from schools.models.recording import recorded
from schools.permissions import may_keep_class, may_keep_school
from schools.rules.electives import elective_faults, exemption_faults


def choose_electives(
    *,
    by: User,
    school_class: SchoolClass,
    students: Iterable[Student],
    chosen: Collection[str],
    topics: Collection[str] = (),
    on: date | None = None,
) -> int:
    """Give these students of an upper secondary class exactly these four electives (and three topics). What they took
    otherwise is dropped from the day on. Returns the number of students; NotAllowed; Refused naming the rule.
    Source: TT 13/2022/TT-BGDĐT; law.md §3."""
    if not may_keep_class(by, school_class):
        raise NotAllowed
    if school_class.level != "THPT":
        raise Refused(f"Lớp {school_class} không có môn lựa chọn; chỉ THPT mới có.")
    faults = elective_faults(chosen, topics)
    if faults:
        raise Refused(" ".join(faults))
    people = list(students)
    day = on or timezone.localdate()
    with recorded(by, "choose_electives"):
        taken = SubjectEnrolment.objects.open().filter(student__in=people, school_year=school_class.school_year)
        elective = taken.filter(choice=CurriculumSubject.Choice.ELECTIVE)
        elective.exclude(subject__code__in=chosen).update(dropped_on=day)
        _take(school_class, people, chosen)
        taken.exclude(subject__code__in=topics).filter(with_topics=True).update(with_topics=False)
        taken.filter(subject__code__in=topics, with_topics=False).update(with_topics=True)
    return len(people)


def _take(school_class: SchoolClass, students: list[Student], codes: Collection[str]) -> None:
    offered = CurriculumSubject.objects.for_grade(school_class.rule_set, school_class.grade_level)
    SubjectEnrolment.objects.bulk_create(
        (
            SubjectEnrolment(
                student=student,
                school=school_class.school,
                school_year=school_class.school_year,
                subject=row.subject,
                choice=row.choice,
            )
            for row in offered.filter(subject__code__in=codes)
            for student in students
        ),
        ignore_conflicts=True,
    )


def add_optional_subject(*, by: User, school_class: SchoolClass, students: Iterable[Student], code: str) -> int:
    """Students take a tự chọn subject (Ngoại ngữ 2, Tiếng DTTS; Ngoại ngữ 1 in lớp 1–2). Printed, not counted
    (law.md §1.7). Returns the number of students; NotAllowed; Refused when the grade does not offer it."""
    if not may_keep_class(by, school_class):
        raise NotAllowed
    offered = CurriculumSubject.objects.for_grade(school_class.rule_set, school_class.grade_level)
    if not offered.filter(subject__code=code, choice=CurriculumSubject.Choice.OPTIONAL).exists():
        raise Refused(f"Khối {school_class.grade_level} không có môn tự chọn này.")
    people = list(students)
    with recorded(by, "add_optional_subject"):
        _take(school_class, people, [code])
    return len(people)


def drop_subject(*, by: User, taken: SubjectEnrolment, on: date) -> SubjectEnrolment:
    """A student stops taking a chosen subject from a day on; a compulsory one cannot be dropped (law.md §3)."""
    if not may_keep_school(by, taken.school):
        raise NotAllowed
    if taken.choice == CurriculumSubject.Choice.COMPULSORY:
        raise Refused(f"{taken.student.full_name}, {taken.subject}: môn bắt buộc, không bỏ được.")
    with recorded(by, "drop_subject"):
        taken.dropped_on = on
        taken.save(update_fields=["dropped_on"])
    return taken


def set_exemption(
    *,
    by: User,
    taken: SubjectEnrolment,
    exempt_practice: bool,
    exempt: bool,
    individual_plan: bool,
    decision_number: str,
    decision_on: date | None,
    decision_period: str,
) -> SubjectEnrolment:
    """Note the principal's decision on a student's exemption in a subject, or take it back (all three False).
    NotAllowed; Refused naming the rule. Source: TT 22/2021/TT-BGDĐT Đ10, Đ11 (law.md §1.5)."""
    if not may_keep_school(by, taken.school):
        raise NotAllowed
    any_of_them = exempt_practice or exempt or individual_plan
    faults = exemption_faults(
        taken.subject.code, exempt_practice=exempt_practice, exempt=exempt, individual_plan=individual_plan
    )
    if any_of_them and not (decision_number.strip() and decision_on):
        faults.append("Phải có số và ngày của quyết định.")
    if faults:
        raise Refused(f"{taken.student.full_name}, {taken.subject}: {' '.join(faults)}")
    with recorded(by, "set_exemption"):
        taken.exempt_practice, taken.exempt, taken.individual_plan = exempt_practice, exempt, individual_plan
        taken.decision_number = decision_number.strip() if any_of_them else ""
        taken.decision_on = decision_on if any_of_them else None
        taken.decision_period = decision_period if any_of_them else ""
        taken.save()
    return taken
