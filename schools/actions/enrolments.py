"""Students come into a class, move, leave and are received from another school. Nothing is deleted: a tie ends.

Each action refuses what cannot be, naming the student; the database holds the rest (one open enrolment, no overlap).
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from schools.actions.following import ClassChange, chains_of_followers, follow
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import (
    CurriculumSubject,
    Enrolment,
    ParentLink,
    RoleAssignment,
    School,
    SchoolClass,
    Student,
    SubjectEnrolment,
    User,
)
from schools.models.recording import recorded
from schools.permissions import may_keep_school

LEAST_REASON = 10  # characters
NOT_TO_BE_RECEIVED = (
    "Không nhận được học sinh với mã và thông tin này: hãy kiểm tra lại mã học sinh, ngày sinh hoặc số định danh, "
    "và hỏi trường cũ đã cho chuyển đi chưa."
)


# -- Into a class -----------------------------------------------------------------------------------------------------
def enrol(school_class: SchoolClass, students: Iterable[Student], starts_on: date) -> list[Enrolment]:
    """The students are in the class from this day and take the compulsory subjects of its grade. Returns the new
    enrolments: whoever is in this class already stays as they are, so that it can be done twice.

    Inside the caller's transaction, which holds the chains of the class and of the school; few statements however many
    students. IntegrityError when one is in another class: the caller has looked.
    """
    people = list(students)
    there = set(
        Enrolment.objects.open().filter(school_class=school_class, student__in=people).values_list("student", flat=True)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(student=student, school_class=school_class, starts_on=starts_on)
        for student in people
        if student.pk not in there
    )
    drop_subjects_of_another_grade(school_class, people, starts_on)
    take_compulsory_subjects(school_class, people)
    return enrolments


def drop_subjects_of_another_grade(school_class: SchoolClass, students: list[Student], day: date) -> None:
    """What a student put into the wrong grade by mistake took there is not taken here."""
    offered = CurriculumSubject.objects.for_grade(school_class.rule_set, school_class.grade_level)
    SubjectEnrolment.objects.open().filter(student__in=students, school_year=school_class.school_year).exclude(
        subject__in=offered.values("subject")
    ).update(dropped_on=day)


def take_compulsory_subjects(school_class: SchoolClass, students: list[Student]) -> None:
    offered = CurriculumSubject.objects.for_grade(school_class.rule_set, school_class.grade_level).filter(
        choice=CurriculumSubject.Choice.COMPULSORY
    )
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
        batch_size=2000,
    )


def enrol_students(
    *, by: User, school_class: SchoolClass, students: Iterable[Student], starts_on: date
) -> list[Enrolment]:
    """Put students of the own school who are in no class into this one. NotAllowed; WrongState in a closed year, or
    naming the first student who is in a class already or was until after that day; Refused naming who is not of the
    school. Source: house.md §5, law.md §5.4."""
    _check_class(by, school_class, starts_on)
    wanted = [student.pk for student in students]
    with recorded(by, "enrol_students", chains=[_class(school_class), _school(school_class)]):
        people = list(Student.objects.filter(pk__in=wanted).in_order().select_for_update())
        for student in people:
            if student.school_id != school_class.school_id or student.merged_into_id:
                raise Refused(f"{student.full_name} không thuộc hồ sơ của {school_class.school}.")
        _refuse_those_in_a_class(people, starts_on)
        return enrol(school_class, people, starts_on)


def _refuse_those_in_a_class(students: list[Student], day: date) -> None:
    busy = (
        Enrolment.objects.filter(student__in=students)
        .filter(Q(ends_on=None) | Q(ends_on__gt=day))
        .select_related("student", "school_class")
        .first()
    )
    if busy is not None:
        until = f" đến trước ngày {busy.ends_on:%d/%m/%Y}" if busy.ends_on else ""
        raise WrongState(f"{busy.student.full_name} đang ở lớp {busy.school_class}{until}. Dùng “Chuyển lớp”.")


# -- From class to class ----------------------------------------------------------------------------------------------
def moved_enrolment(enrolment: Enrolment, to_class: SchoolClass, on: date, note: str) -> Enrolment:
    """End one enrolment and open the next on the same day, inside the caller's transaction."""
    end_enrolment(enrolment, on, Enrolment.Ending.MOVED_CLASS, note)
    return Enrolment.objects.create(student=enrolment.student, school_class=to_class, starts_on=on, note=note)


def end_enrolment(enrolment: Enrolment, on: date, ending: str, note: str) -> None:
    enrolment.ends_on, enrolment.ending, enrolment.note = on, ending, note
    enrolment.save(update_fields=["ends_on", "ending", "note"])


def move_class(*, by: User, enrolment: Enrolment, to_class: SchoolClass, on: date, reason: str) -> Enrolment:
    """Move a student to another class of the same school, year and grade from this day on; what follows the student
    (``following``: open rows of marks) goes along, and both classes' histories say so. NotAllowed; Refused (other
    school, year, grade; day outside; no reason); WrongState when the student has been moved meanwhile or the year is
    closed. Source: house.md §5, “Moving”."""
    from_class = enrolment.school_class
    _check_keeper(by, from_class)
    _check_class(by, to_class, on)
    if (to_class.school_id, to_class.school_year_id) != (from_class.school_id, from_class.school_year_id):
        raise Refused("Chỉ chuyển được giữa các lớp của cùng một trường trong cùng năm học.")
    if to_class.grade_level != from_class.grade_level:
        raise Refused(
            f"Lớp {to_class} là khối {to_class.grade_level}, lớp {from_class} là khối {from_class.grade_level}."
        )
    if to_class == from_class:
        raise Refused(f"{enrolment.student.full_name} đang ở chính lớp {to_class}.")
    _check_reason(reason)
    chains = [_class(from_class), _class(to_class), *chains_of_followers(enrolment.student, to_class)]
    with recorded(by, "move_class", reason=reason.strip(), chains=chains):
        current = _locked(enrolment)
        _check_day(current, on)
        moved = moved_enrolment(current, to_class, on, reason.strip())
        follow(ClassChange(by, moved.student, left=current, came=moved))
        return moved


def leave_class(*, by: User, enrolment: Enrolment, on: date, ending: str, note: str) -> Enrolment:
    """A student leaves the class for good from this day on: to another school, out of school, or entered by mistake
    (then they never were in it, whatever the day). Leaving for another school is the release without which no other
    school can receive the student (law.md §5.9). NotAllowed; Refused; WrongState."""
    school_class = enrolment.school_class
    _check_class(by, school_class, on)
    if ending not in {Enrolment.Ending.MOVED_SCHOOL, Enrolment.Ending.LEFT, Enrolment.Ending.MISTAKE}:
        raise Refused("Hãy chọn lí do: chuyển trường, thôi học hoặc ghi nhầm.")
    _check_reason(note)
    with recorded(by, "leave_class", reason=note.strip(), chains=[_class(school_class)]):
        current = _locked(enrolment)
        if ending == Enrolment.Ending.MISTAKE:
            on = current.starts_on
        _check_day(current, on)
        end_enrolment(current, on, ending, note.strip())
        follow(ClassChange(by, current.student, left=current, came=None))
        return current


# -- From another school ----------------------------------------------------------------------------------------------
def receive_student(
    *, by: User, student_code: str, personal_id: str, born_on: date | None, to_class: SchoolClass, on: date, note: str
) -> Enrolment:
    """Receive a student whom another school has released: the right to keep the record moves here with the subjects
    of this year, the accounts of the family and what follows the student (open rows of marks); closed terms and the
    years before stay where they were. One and the same refusal whatever is wrong, so that it tells nothing about a
    student. NotAllowed; Refused; WrongState in a closed year. Source: law.md §5.9 (the receiving school decides)."""
    _check_class(by, to_class, on)
    _check_reason(note)
    who = (student_code.strip().upper(), personal_id.strip(), born_on)
    found = _released(*who)
    before = found.school
    chains = [_class(to_class), ("SCHOOL", before.pk), _school(to_class), *chains_of_followers(found, to_class)]
    with recorded(by, "receive_student", reason=note.strip(), chains=chains):
        student = _released(*who)  # again, now that nobody else can change it
        if student.school_id != before.pk:
            raise Refused(NOT_TO_BE_RECEIVED)
        _check_release_day(student, on)
        left = _last_enrolment(student)
        student.school = to_class.school
        student.save(update_fields=["school"])
        SubjectEnrolment.objects.open().filter(student=student, school_year=to_class.school_year).update(
            school=to_class.school
        )
        _family_follows(student, before)
        [came] = enrol(to_class, [student], on)
        follow(ClassChange(by, student, left=left, came=came))
        return came


def _released(student_code: str, personal_id: str, born_on: date | None) -> Student:
    """The student with this code and number or birth date whose last enrolment ended for another school, or with the
    last grade of the old one."""
    found = Student.objects.current().select_related("school").filter(student_code=student_code).first()
    known = found is not None and (
        (bool(personal_id) and found.personal_id == personal_id) or (born_on is not None and found.born_on == born_on)
    )
    if found is None or not known:
        raise Refused(NOT_TO_BE_RECEIVED)
    last = _last_enrolment(found)
    if last is None or not _lets_go(last, found.school):
        raise Refused(NOT_TO_BE_RECEIVED)
    return found


def _lets_go(last: Enrolment, school: School) -> bool:
    """Whether the school has let the student go to another, or the student has finished its last grade there."""
    finished = last.ending == Enrolment.Ending.FINISHED
    return last.ending == Enrolment.Ending.MOVED_SCHOOL or (
        finished and last.school_class.grade_level + 1 not in school.grade_levels
    )


def _last_enrolment(student: Student) -> Enrolment | None:
    meant = student.enrolments.exclude(ending=Enrolment.Ending.MISTAKE).select_related("school_class")
    return meant.order_by("-starts_on", "-id").first()


def _check_release_day(student: Student, on: date) -> None:
    last = student.enrolments.filter(ends_on__gt=on).order_by("-ends_on").first()
    if last is not None:
        raise Refused(f"Trường cũ cho chuyển đi từ {last.ends_on:%d/%m/%Y}: không nhận được từ ngày sớm hơn.")


def _family_follows(student: Student, before: School) -> None:
    """The accounts of the student and the parents are from now on looked after here (activation slips), unless the
    parent works in a school or has another child in the old one."""
    parents = ParentLink.objects.today().filter(student=student).values("parent")
    still_there = ParentLink.objects.today().filter(student__school=before).values("parent")
    User.objects.filter(Q(pk=student.user_id) | Q(pk__in=parents), school=before).exclude(
        Q(pk__in=still_there) | Q(pk__in=RoleAssignment.objects.today().values("user"))
    ).update(school=student.school)


# -- What all of them check -------------------------------------------------------------------------------------------
def _check_keeper(by: User, school_class: SchoolClass) -> None:
    if not may_keep_school(by, school_class.school):
        raise NotAllowed
    if school_class.school_year.closed_at is not None:
        raise WrongState(f"Năm học {school_class.school_year.label} đã đóng: danh sách lớp không đổi được nữa.")


def _check_class(by: User, school_class: SchoolClass, day: date) -> None:
    _check_keeper(by, school_class)
    year = school_class.school_year
    if not year.starts_on <= day <= year.ends_on:
        raise Refused(f"Ngày {day:%d/%m/%Y} không nằm trong năm học {year.label}.")


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")


def _check_day(current: Enrolment, on: date) -> None:
    """Neither before the student came nor in the future: a list shows who is in a class now."""
    if on < current.starts_on:
        raise Refused(f"{current.student.full_name} vào lớp {current.school_class} ngày {current.starts_on:%d/%m/%Y}.")
    if on > max(timezone.localdate(), current.starts_on):
        raise Refused(f"Ngày {on:%d/%m/%Y} chưa đến: hãy ghi khi học sinh đã chuyển đi.")


def _locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it is now, held until the end of the transaction; WrongState if somebody was faster."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("student", "school_class")
    current = rows.get(pk=enrolment.pk)
    if current.ends_on is not None:
        raise WrongState(
            f"{current.student.full_name} đã rời lớp {current.school_class} từ {current.ends_on:%d/%m/%Y}."
        )
    return current


def _class(school_class: SchoolClass) -> tuple[str, int]:
    return ("CLASS", school_class.pk)


def _school(school_class: SchoolClass) -> tuple[str, int]:
    return ("SCHOOL", school_class.school_id)
