"""Who may do what with a student's record, over the whole cast."""

import pytest
from django.utils import timezone

from schools import permissions
from schools.models import Enrolment, ParentLink, Student
from tests.cast import appoint, make_student
from tests.schools.test_permissions import ADMINS, allowed

STAFF = {"homeroom_teacher", "maths_teacher"}
DECISIONS = {
    "merges_students": ADMINS | {"clerk", "other_clerk"},
    "has_family_room": {"parent", "pupil"},
}
OF_STUDENT = {
    "is_family_of": {"parent", "pupil"},
    "teaches_student": STAFF,
    "is_close_to": STAFF | {"clerk", "parent", "pupil"},
    "sees_contacts": STAFF | {"clerk", "vice_principal", "principal"},
    "may_see_identity_changes": ADMINS | {"clerk", "vice_principal", "principal", "inspector"},
}


@pytest.mark.parametrize("name", DECISIONS)
def test_room_is_open_to(cast, name):
    assert allowed(cast, getattr(permissions, name)) == DECISIONS[name]


@pytest.mark.parametrize("name", OF_STUDENT)
def test_student_may_be_seen_so_by(cast, name):
    assert allowed(cast, getattr(permissions, name), cast.student) == OF_STUDENT[name]


def test_tie_may_be_ended_by_the_clerk_while_it_holds(cast):
    link = cast.student.parent_links.get()
    assert allowed(cast, permissions.may_end_tie, link) == {"clerk"}
    link.ends_on = timezone.localdate()
    assert allowed(cast, permissions.may_end_tie, link) == set()


def test_two_records_may_be_merged_by_clerk_or_administrator(cast):
    assert allowed(cast, permissions.may_merge_students, cast.student, cast.classmate) == ADMINS | {"clerk"}
    assert allowed(cast, permissions.may_merge_students, cast.student, cast.other_student) == ADMINS


def test_student_who_left_the_class_is_no_longer_taught(cast):
    Enrolment.objects.filter(student=cast.student).update(ends_on=timezone.localdate(), ending="THOI_HOC")
    assert allowed(cast, permissions.teaches_student, cast.student) == set()


def test_new_school_keeps_the_record_and_the_old_one_is_noted(cast):
    Enrolment.objects.filter(student=cast.student).update(ends_on=timezone.localdate(), ending="CHUYEN_TRUONG")
    Student.objects.filter(pk=cast.student.pk).update(school=cast.other_school)
    moved = Student.objects.get(pk=cast.student.pk)
    assert allowed(cast, permissions.may_edit_student, moved) == {"other_clerk"}
    assert allowed(cast, permissions.is_close_to, moved) == {"other_clerk", "parent", "pupil"}


# -- Which students one comes to at all -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "at_work", "visible"),
    [
        ("homeroom_teacher", {"student", "classmate"}, {"student", "classmate"}),
        ("clerk", {"student", "classmate", "loose"}, {"student", "classmate", "loose"}),
        ("intruder", {"other_student"}, {"other_student"}),
        ("parent", set(), {"student"}),
        ("pupil", set(), {"student"}),
        ("operator", set(), set()),
        (
            "inspector",
            {"student", "classmate", "loose", "other_student"},
            {"student", "classmate", "loose", "other_student"},
        ),
    ],
)
def test_students_of(cast, person, at_work, visible):
    loose = make_student(cast.school, "0000000044", "Lê Văn Tám")
    names = {
        cast.student.pk: "student",
        cast.classmate.pk: "classmate",
        cast.other_student.pk: "other_student",
        loose.pk: "loose",
    }
    user = getattr(cast, person)
    assert {names[one.pk] for one in Student.objects.at_work(user)} == at_work
    assert {names[one.pk] for one in Student.objects.visible_to(user)} == visible


def test_one_person_in_several_roles_sees_the_sum(cast):
    """A teacher who is clerk of the high school and a parent at the third."""
    at_high_school = make_student(cast.high_school, "0000000044", "Lê Văn Tám")
    appoint(cast.maths_teacher, "VAN_THU", cast.high_school)
    ParentLink.objects.create(
        student=cast.other_student, parent=cast.maths_teacher, relation="ME", starts_on=timezone.localdate()
    )
    assert set(Student.objects.at_work(cast.maths_teacher)) == {cast.student, cast.classmate, at_high_school}
    assert set(Student.objects.visible_to(cast.maths_teacher)) == {
        cast.student, cast.classmate, at_high_school, cast.other_student,
    }  # fmt: skip
