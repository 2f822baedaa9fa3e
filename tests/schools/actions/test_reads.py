"""Who looks at a child's record is noted, its teachers, clerk and family excepted."""

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from schools.actions import reads
from schools.actions.reads import SAME_LOOK, note_look, uncover_personal_id
from schools.actions.refusals import NotAllowed, Refused
from schools.models import Look, ReadEntry, Student
from schools.models.student_page import told_reads
from tests.cast import enrol, make_student


@pytest.mark.parametrize(
    "person", ["principal", "vice_principal", "inspector", "province_admin", "commune_officer", "other_principal"]
)
def test_look_is_noted(cast, person):
    note_look(by=getattr(cast, person), student=cast.student)
    assert [(entry.user, entry.what) for entry in ReadEntry.objects.filter(student=cast.student)] == [
        (getattr(cast, person), Look.RECORD)
    ]


@pytest.mark.parametrize("person", ["homeroom_teacher", "maths_teacher", "clerk", "parent", "pupil"])
def test_look_of_those_close_to_the_child_is_not_noted(cast, person):
    assert note_look(by=getattr(cast, person), student=cast.student) is None
    assert not ReadEntry.objects.exists()


def test_teacher_of_another_class_is_noted(cast):
    stranger = make_student(cast.school, "0000000044", "Lê Văn Tám")
    enrol(stranger, cast.class_7b)
    assert note_look(by=cast.maths_teacher, student=stranger) is not None


def test_look_is_noted_once_an_hour_per_student(cast, monkeypatch):
    for student in (cast.student, cast.student, cast.classmate):
        note_look(by=cast.inspector, student=student)
    assert ReadEntry.objects.count() == 2
    assert timedelta(hours=1) == SAME_LOOK
    monkeypatch.setattr(reads, "SAME_LOOK", timedelta(0))  # the hour is over
    assert note_look(by=cast.inspector, student=cast.student) is not None


def test_number_is_uncovered_and_every_time_noted(cast):
    for _ in range(2):
        assert uncover_personal_id(by=cast.clerk, student=cast.student) == cast.student.personal_id
    assert ReadEntry.objects.filter(student=cast.student, user=cast.clerk, what=Look.NUMBER).count() == 2


@pytest.mark.parametrize(
    "person", ["homeroom_teacher", "vice_principal", "commune_officer", "other_clerk", "parent", "pupil", "intruder"]
)
def test_number_is_not_uncovered_for_others(cast, person):
    with pytest.raises(NotAllowed):
        uncover_personal_id(by=getattr(cast, person), student=cast.student)
    assert not ReadEntry.objects.exists()


def test_missing_number_is_not_uncovered(cast):
    Student.objects.filter(pk=cast.student.pk).update(personal_id=None, personal_id_missing="Đang chờ cấp")
    with pytest.raises(Refused, match="Đang chờ cấp"):
        uncover_personal_id(by=cast.clerk, student=Student.objects.get(pk=cast.student.pk))


def test_reads_are_append_only(cast):
    note_look(by=cast.inspector, student=cast.student)
    for statement in ("UPDATE schools_readentry SET what = 'x'", "DELETE FROM schools_readentry"):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_reader_is_told_by_role_and_place_not_by_name(cast, django_assert_num_queries):
    for person in (cast.inspector, cast.principal, cast.commune_officer):
        note_look(by=person, student=cast.student)
    entries = list(ReadEntry.objects.of_student(cast.student).order_by("id"))
    with django_assert_num_queries(1):
        told = told_reads(entries)
    assert [(read.what, read.who) for read in told] == [
        ("Xem hồ sơ", "Thanh tra Sở, Sở Giáo dục và Đào tạo tỉnh Mẫu"),
        ("Xem hồ sơ", "Hiệu trưởng, Trường THCS Nguyễn Du"),
        ("Xem hồ sơ", "Cán bộ phường, xã, Phường Một"),
    ]
