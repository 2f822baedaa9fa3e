"""What a student takes: electives, optional subjects, exemptions. A subject is dropped from a day, never deleted."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import CurriculumSubject, Level, SchoolClass, Student, SubjectEnrolment, User
from schools.models.recording import recorded
from schools.permissions import may_keep_school
from schools.rules.electives import elective_faults
from schools.rules.exemptions import exemption_faults


def choose_electives(
    *,
    by: User,
    school_class: SchoolClass,
    students: Iterable[Student],
    chosen: Collection[str],
    topics: Collection[str] = (),
) -> int:
    """Give these students of an upper secondary class exactly these four electives, and three topics or none. Another
    elective they took is dropped from today. Returns the number of students. NotAllowed; Refused naming the rule or who
    is not in the class; WrongState in a closed year. Source: TT 13/2022/TT-BGDĐT; law.md §3."""
    _check_class(by, school_class)
    if school_class.level != Level.UPPER_SECONDARY:
        raise Refused(f"Lớp {school_class} không có môn lựa chọn; chỉ THPT mới có.")
    offered = CurriculumSubject.objects.of_class(school_class)
    faults = elective_faults(chosen, topics, {row.subject.code: row.subject.name for row in offered})
    if faults:
        raise Refused(" ".join(faults))
    with recorded(by, "choose_electives", chains=[("SCHOOL", school_class.school_id)]):
        people = _in_class(school_class, students)
        taken = SubjectEnrolment.objects.open().filter(student__in=people, school_year=school_class.school_year)
        electives = taken.filter(choice=CurriculumSubject.Choice.ELECTIVE)
        electives.exclude(subject__code__in=chosen).update(dropped_on=timezone.localdate())
        _take(school_class, people, chosen)
        taken.exclude(subject__code__in=topics).filter(with_topics=True).update(with_topics=False)
        taken.filter(subject__code__in=topics, with_topics=False).update(with_topics=True)
    return len(people)


def add_optional_subject(*, by: User, school_class: SchoolClass, students: Iterable[Student], code: str) -> int:
    """Students take a tự chọn subject (Ngoại ngữ 2, Tiếng DTTS; Ngoại ngữ 1 in lớp 1–2): printed, not counted
    (law.md §1.7). Returns the number of students. NotAllowed; Refused when the grade does not offer it or somebody is
    not in the class; WrongState in a closed year."""
    _check_class(by, school_class)
    offered = CurriculumSubject.objects.of_class(school_class, CurriculumSubject.Choice.OPTIONAL)
    if not offered.filter(subject__code=code).exists():
        raise Refused(f"Khối {school_class.grade_level} không có môn tự chọn này.")
    with recorded(by, "add_optional_subject", chains=[("SCHOOL", school_class.school_id)]):
        people = _in_class(school_class, students)
        _take(school_class, people, [code])
    return len(people)


def drop_subject(*, by: User, taken: SubjectEnrolment) -> SubjectEnrolment:
    """A student stops taking an optional subject today; a compulsory one is never dropped, an elective only by choosing
    another instead (law.md §3: always four). NotAllowed; Refused; WrongState."""
    _check_keeper(by, taken)
    who = f"{taken.student.full_name}, {taken.subject}"
    if taken.choice == CurriculumSubject.Choice.COMPULSORY:
        raise Refused(f"{who}: môn bắt buộc, không thôi được.")
    if taken.choice == CurriculumSubject.Choice.ELECTIVE:
        raise Refused(f"{who}: mỗi học sinh học đúng 4 môn lựa chọn. Hãy chọn môn khác thay ở “Ghi môn lựa chọn”.")
    with recorded(by, "drop_subject", chains=[("SCHOOL", taken.school_id)]):
        current = _locked(taken)
        current.dropped_on = timezone.localdate()
        current.save(update_fields=["dropped_on"])
    return current


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
    NotAllowed; Refused naming student, subject and rule; WrongState. Source: TT 22/2021/TT-BGDĐT Đ10, Đ11."""
    _check_keeper(by, taken)
    flags = {"exempt_practice": exempt_practice, "exempt": exempt, "individual_plan": individual_plan}
    decision = {
        "decision_number": decision_number.strip(),
        "decision_on": decision_on,
        "decision_period": decision_period,
    }
    faults = exemption_faults(taken.subject.code, **flags, **decision, today=timezone.localdate())  # type: ignore[arg-type]
    if faults:
        raise Refused(f"{taken.student.full_name}, {taken.subject}: {' '.join(faults)}")
    if not any(flags.values()):
        decision = {"decision_number": "", "decision_on": None, "decision_period": ""}
    with recorded(by, "set_exemption", chains=[("SCHOOL", taken.school_id)]):
        current = _locked(taken)
        for name, value in (flags | decision).items():
            setattr(current, name, value)
        current.save(update_fields=[*flags, *decision])
    return current


# -- What all of them need --------------------------------------------------------------------------------------------
def _take(school_class: SchoolClass, students: list[Student], codes: Collection[str]) -> None:
    offered = CurriculumSubject.objects.of_class(school_class).filter(subject__code__in=codes)
    SubjectEnrolment.objects.bulk_create(
        (
            SubjectEnrolment(
                student=student,
                school=school_class.school,
                school_year=school_class.school_year,
                subject=row.subject,
                choice=row.choice,
            )
            for row in offered
            for student in students
        ),
        ignore_conflicts=True,
    )


def _check_class(by: User, school_class: SchoolClass) -> None:
    if not may_keep_school(by, school_class.school):
        raise NotAllowed
    if school_class.school_year.closed_at is not None:
        raise WrongState(f"Năm học {school_class.school_year.label} đã đóng: môn học không đổi được nữa.")


def _check_keeper(by: User, taken: SubjectEnrolment) -> None:
    if not may_keep_school(by, taken.school):
        raise NotAllowed
    if taken.school_year.closed_at is not None:
        raise WrongState(f"Năm học {taken.school_year.label} đã đóng: môn học không đổi được nữa.")


def _in_class(school_class: SchoolClass, students: Iterable[Student]) -> list[Student]:
    """The students, all of whom are in the class now; Refused naming the first who is not."""
    people = list(students)
    there = set(Student.objects.in_class(school_class).values_list("pk", flat=True))
    for student in people:
        if student.pk not in there:
            raise Refused(f"{student.full_name} không ở lớp {school_class}.")
    return people


def _locked(taken: SubjectEnrolment) -> SubjectEnrolment:
    rows = SubjectEnrolment.objects.select_for_update(of=("self",)).select_related("student", "subject")
    current = rows.get(pk=taken.pk)
    if current.dropped_on is not None:
        raise WrongState(f"{current.student.full_name} đã thôi học {current.subject} từ {current.dropped_on:%d/%m/%Y}.")
    return current
