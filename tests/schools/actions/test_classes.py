"""Classes are made and named: who may, which grades, that a name is taken once."""

import unicodedata

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schools.actions.classes import make_class, rename_class, void_class
from schools.actions.enrolments import enrol_students, leave_class
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Enrolment, HistoryEntry, HomeroomAssignment, SchoolClass
from tests.cast import Role, appoint, make_school, make_year


def make(cast, **changed):
    values = {"by": cast.clerk, "school": cast.school, "school_year": cast.year, "name": "8A", "grade_level": 8}
    return make_class(**(values | changed))


def test_class_is_made_with_its_rule_set(cast):
    made = make(cast)
    assert (made.school, made.school_year, made.name, made.grade_level, made.rule_set) == (
        cast.school,
        cast.year,
        "8A",
        8,
        "TT22-2021",
    )
    told = HistoryEntry.objects.get(action="make_class")
    assert (told.chain.kind, told.chain.key, told.actor) == ("CLASS", made.pk, cast.clerk)


def test_combined_school_has_primary_classes_under_their_own_rules(cast):
    combined = make_school("LC1", "Trường TH và THCS Sơn Ca", cast.commune, "TIEU_HOC", "THCS")
    appoint(cast.clerk, Role.CLERK, combined)
    assert make(cast, school=combined, name="1A", grade_level=1).rule_set == "TT27-2020"


@pytest.mark.parametrize("grade", [0, 5, 10, 13])
def test_grade_that_is_not_taught_is_refused(cast, grade):
    with pytest.raises(Refused, match=f"không có khối {grade}"):
        make(cast, grade_level=grade)


@pytest.mark.parametrize("name", ["7A", " 7A ", "7a", unicodedata.normalize("NFD", "7A")])
def test_name_is_taken_once_in_a_year(cast, name):
    with pytest.raises(Refused, match="đã có lớp 7A"):
        make(cast, name=name, grade_level=7)


@pytest.mark.parametrize("name", ["", "  "])
def test_class_without_a_name_is_refused(cast, name):
    with pytest.raises(Refused, match="Hãy ghi tên lớp"):
        make(cast, name=name)


def test_name_of_last_year_is_free(cast):
    later = make_year(cast.province, cast.year.first_year + 1)
    assert make(cast, school_year=later, name="7A", grade_level=7).school_year == later


def test_year_before_the_rules_is_refused(cast):
    early = make_year(cast.province, 2020)
    with pytest.raises(Refused, match="Chưa có bộ quy định"):
        make(cast, school_year=early)


@pytest.mark.parametrize("person", ["principal", "vice_principal", "homeroom_teacher", "other_clerk", "province_admin"])
def test_only_the_clerk_of_the_school_makes_classes(cast, person):
    with pytest.raises(NotAllowed):
        make(cast, by=getattr(cast, person))
    with pytest.raises(NotAllowed):
        rename_class(by=getattr(cast, person), school_class=cast.class_7a, name="7X")


def test_closed_year_takes_no_class_and_no_name(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    cast.class_7a.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        make(cast)
    with pytest.raises(WrongState, match="đã đóng"):
        rename_class(by=cast.clerk, school_class=cast.class_7a, name="7X")


def test_class_gets_another_name(cast):
    rename_class(by=cast.clerk, school_class=cast.class_7a, name=" 7A1 ")
    assert SchoolClass.objects.get(pk=cast.class_7a.pk).name == "7A1"
    told = HistoryEntry.objects.get(action="rename_class")
    assert told.payloads.get().payload["changes"] == {"name": ["7A", "7A1"]}


def test_class_may_change_the_case_of_its_own_name_only(cast):
    assert rename_class(by=cast.clerk, school_class=cast.class_7a, name="7a").name == "7a"
    with pytest.raises(Refused, match="đã có lớp 7B"):
        rename_class(by=cast.clerk, school_class=cast.class_7a, name="7b")


def test_database_refuses_a_second_class_of_the_name(cast):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schools_schoolclass (school_id, school_year_id, name, grade_level, rule_set) "
            "VALUES (%s, %s, '7A', 7, 'TT22-2021')",
            [cast.school.pk, cast.year.pk],
        )


@pytest.mark.parametrize("name", ["<b>8", "=8A", "A8", "7X", "18A", "8A;", "8\u202eA"])
def test_name_that_no_class_of_the_grade_has_is_refused(cast, name):
    with pytest.raises(Refused, match="Tên lớp"):
        make(cast, name=name)
    with pytest.raises(Refused, match="Tên lớp"):
        rename_class(by=cast.clerk, school_class=cast.class_7a, name=name.replace("7", "9"))


@pytest.mark.parametrize("name", ["7 A", "7a", "Lớp 7A"])
def test_same_name_in_another_spelling_is_refused(cast, name):
    with pytest.raises(Refused):
        make(cast, name=name, grade_level=7)


# -- Taken back -------------------------------------------------------------------------------------------------------
WHY = "Tạo nhầm khối"


def by_raw_sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_class_made_by_mistake_is_taken_back_and_its_name_is_free(cast):
    wrong = make(cast)
    HomeroomAssignment.objects.create(school_class=wrong, teacher=cast.maths_teacher, starts_on=timezone.localdate())
    void_class(by=cast.clerk, school_class=wrong, reason=WHY)
    assert not SchoolClass.objects.visible_to(cast.clerk).filter(pk=wrong.pk).exists()
    assert not HomeroomAssignment.objects.today().filter(school_class=wrong).exists()
    told = HistoryEntry.objects.filter(action="void_class", table="schools_schoolclass").get()
    assert (told.actor, told.reason) == (cast.clerk, WHY)
    assert make(cast).pk != wrong.pk
    with pytest.raises(WrongState, match="đã được bỏ"):
        void_class(by=cast.clerk, school_class=wrong, reason=WHY)


def test_class_with_students_stays(cast):
    with pytest.raises(Refused, match=r"còn .* học sinh"):
        void_class(by=cast.clerk, school_class=cast.class_7a, reason=WHY)
    with pytest.raises(IntegrityError, match="taken back"):
        by_raw_sql("UPDATE schools_schoolclass SET voided_at = now() WHERE id = %s", cast.class_7a.pk)


def test_class_somebody_really_was_in_stays(cast):
    made, today = make(cast, name="7C", grade_level=7), timezone.localdate()
    enrolment = Enrolment.objects.get(student=cast.student)
    leave_class(by=cast.clerk, enrolment=enrolment, on=today, ending="GHI_NHAM", note="Ghi nhầm vào lớp này")
    there = enrol_students(by=cast.clerk, school_class=made, students=[cast.student], starts_on=today)[0]
    leave_class(by=cast.clerk, enrolment=there, on=today, ending="THOI_HOC", note="Theo đơn của phụ huynh")
    with pytest.raises(Refused, match="đã học lớp 7C"):
        void_class(by=cast.clerk, school_class=made, reason=WHY)


def test_nobody_comes_into_a_class_that_was_taken_back(cast):
    wrong = make(cast, name="7C", grade_level=7)
    void_class(by=cast.clerk, school_class=wrong, reason=WHY)
    for table, column, key in (
        ("schools_enrolment", "student_id", cast.student.pk),
        ("schools_homeroomassignment", "teacher_id", cast.maths_teacher.pk),
    ):
        with pytest.raises(IntegrityError, match="taken back"):
            by_raw_sql(
                f"INSERT INTO {table} (public_id, {column}, school_class_id, starts_on) "
                "VALUES (gen_random_uuid(), %s, %s, '2026-09-05')",
                key, wrong.pk,
            )  # fmt: skip
    with pytest.raises(IntegrityError, match="taken back"):
        by_raw_sql("UPDATE schools_schoolclass SET voided_at = NULL WHERE id = %s", wrong.pk)


@pytest.mark.parametrize("person", ["principal", "vice_principal", "homeroom_teacher", "other_clerk", "province_admin"])
def test_only_the_clerk_of_the_school_takes_a_class_back(cast, person):
    with pytest.raises(NotAllowed):
        void_class(by=getattr(cast, person), school_class=make(cast), reason=WHY)


def test_class_is_not_taken_back_without_a_reason_or_in_a_closed_year(cast):
    wrong = make(cast)
    with pytest.raises(Refused, match="lí do"):
        void_class(by=cast.clerk, school_class=wrong, reason=" nhầm ")
    cast.year.closed_at = timezone.now()
    cast.year.save()
    wrong.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        void_class(by=cast.clerk, school_class=wrong, reason=WHY)
