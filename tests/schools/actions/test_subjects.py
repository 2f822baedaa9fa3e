"""Electives, optional subjects and exemptions: who may, what the rule refuses by name, what the history says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schools.actions.enrolments import enrol
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.subjects import add_optional_subject, choose_electives, drop_subject, set_exemption
from schools.models import HistoryEntry, Role, SubjectEnrolment
from tests.cast import appoint, make_class, make_student

FOUR = ["DIA_LI", "VAT_LI", "TIN_HOC", "AM_NHAC"]
TOPICS = ["TOAN", "NGU_VAN", "VAT_LI"]


@pytest.fixture
def class_10(cast):
    appoint(cast.clerk, Role.CLERK, cast.high_school)
    made = make_class(cast.high_school, cast.year, "10A1", 10)
    students = [make_student(cast.high_school, f"000000002{n}", name) for n, name in enumerate(("Lý An", "Lý Bình"))]
    enrol(made, students, timezone.localdate())
    made.students = students
    return made


def taken_by(student, **which) -> set[str]:
    rows = SubjectEnrolment.objects.open().filter(student=student, **which)
    return set(rows.values_list("subject__code", flat=True))


def choose(cast, class_10, **changed):
    values = {"by": cast.clerk, "school_class": class_10, "chosen": FOUR}
    if "students" not in changed:
        changed["students"] = class_10.students
    return choose_electives(**(values | {"topics": TOPICS} | changed))


# -- Electives --------------------------------------------------------------------------------------------------------
def test_electives_and_topics_are_chosen_for_many(cast, class_10):
    assert choose(cast, class_10) == 2
    for student in class_10.students:
        assert taken_by(student, choice="LUA_CHON") == set(FOUR)
        assert taken_by(student, with_topics=True) == set(TOPICS)
        assert len(taken_by(student, choice="BAT_BUOC")) == 8
    told = HistoryEntry.objects.filter(action="choose_electives")
    assert {(entry.chain.kind, entry.chain.key, entry.actor) for entry in told} == {
        ("SCHOOL", cast.high_school.pk, cast.clerk)
    }


def test_another_choice_drops_what_is_left_out(cast, class_10):
    choose(cast, class_10)
    first, second = class_10.students
    choose(cast, class_10, students=[first], chosen=[*FOUR[:3], "HOA_HOC"], topics=["TOAN", "NGU_VAN", "HOA_HOC"])
    assert taken_by(first, choice="LUA_CHON") == {*FOUR[:3], "HOA_HOC"}
    assert taken_by(first, with_topics=True) == {"TOAN", "NGU_VAN", "HOA_HOC"}
    dropped = SubjectEnrolment.objects.get(student=first, subject__code="AM_NHAC")
    assert dropped.dropped_on == timezone.localdate()
    assert taken_by(second, choice="LUA_CHON") == set(FOUR)


def test_the_same_choice_again_changes_nothing(cast, class_10):
    choose(cast, class_10)
    before = HistoryEntry.objects.count()
    choose(cast, class_10)
    assert HistoryEntry.objects.count() == before


def test_choosing_for_many_takes_as_many_statements_as_for_one(cast, class_10, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        choose(cast, class_10)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"chosen": FOUR[:3]}, "Phải chọn đúng 4 môn lựa chọn, đang chọn 3"),
        ({"chosen": [*FOUR[:3], "TOAN"], "topics": []}, "Không phải môn lựa chọn: Toán"),
        ({"topics": ["TOAN", "NGU_VAN", "HOA_HOC"]}, "không phải: Hóa học"),
    ],
)
def test_choice_against_the_rule_is_refused(cast, class_10, changed, message):
    with pytest.raises(Refused, match=message):
        choose(cast, class_10, **changed)
    assert taken_by(class_10.students[0], choice="LUA_CHON") == set()


def test_lower_secondary_has_no_electives(cast):
    with pytest.raises(Refused, match="chỉ THPT"):
        choose(cast, cast.class_7a, students=[cast.student])


def test_student_of_another_class_is_refused_by_name(cast, class_10):
    with pytest.raises(Refused, match="Nguyễn Minh Anh không ở lớp 10A1"):
        choose(cast, class_10, students=[cast.student])
    with pytest.raises(Refused, match="Đặng Gia Khánh không ở lớp 7A"):
        add_optional_subject(
            by=cast.clerk, school_class=cast.class_7a, students=[cast.other_student], code="NGOAI_NGU_2"
        )


@pytest.mark.parametrize("person", ["other_clerk", "principal", "homeroom_teacher", "province_admin"])
def test_only_the_clerk_of_the_school_writes_subjects(cast, class_10, person):
    by = getattr(cast, person)
    with pytest.raises(NotAllowed):
        choose(cast, class_10, by=by)
    with pytest.raises(NotAllowed):
        add_optional_subject(by=by, school_class=cast.class_7a, students=[cast.student], code="NGOAI_NGU_2")
    with pytest.raises(NotAllowed):
        drop_subject(by=by, taken=cast.taken)
    with pytest.raises(NotAllowed):
        exempt(cast, by=by)


def test_closed_year_keeps_its_subjects(cast, class_10):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    class_10.refresh_from_db()
    cast.taken.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        choose(cast, class_10)
    with pytest.raises(WrongState, match="đã đóng"):
        drop_subject(by=cast.clerk, taken=cast.taken)
    with pytest.raises(WrongState, match="đã đóng"):
        exempt(cast)


# -- Optional subjects ------------------------------------------------------------------------------------------------
def test_optional_subject_is_taken_and_dropped(cast):
    students = [cast.student, cast.classmate]
    values = {"by": cast.clerk, "school_class": cast.class_7a, "students": students, "code": "NGOAI_NGU_2"}
    assert add_optional_subject(**values) == 2
    taken = SubjectEnrolment.objects.get(student=cast.student, choice="TU_CHON")
    assert drop_subject(by=cast.clerk, taken=taken).dropped_on == timezone.localdate()
    assert [entry.action for entry in HistoryEntry.objects.filter(table="schools_subjectenrolment").order_by("id")][
        -2:
    ] == ["add_optional_subject", "drop_subject"]
    with pytest.raises(WrongState, match="đã thôi học"):
        drop_subject(by=cast.clerk, taken=taken)
    assert add_optional_subject(**values) == 2  # and taken up again
    assert taken_by(cast.student, choice="TU_CHON") == {"NGOAI_NGU_2"}


@pytest.mark.parametrize("code", ["TOAN", "VAT_LI", "KHONG_CO"])
def test_what_is_not_optional_in_the_grade_is_refused(cast, code):
    with pytest.raises(Refused, match="không có môn tự chọn này"):
        add_optional_subject(by=cast.clerk, school_class=cast.class_7a, students=[cast.student], code=code)


def test_compulsory_subject_and_elective_are_not_dropped(cast, class_10):
    with pytest.raises(Refused, match="Nguyễn Minh Anh, Toán: môn bắt buộc"):
        drop_subject(by=cast.clerk, taken=cast.taken)
    choose(cast, class_10)
    elective = SubjectEnrolment.objects.filter(student=class_10.students[0], choice="LUA_CHON").first()
    with pytest.raises(Refused, match="đúng 4 môn lựa chọn"):
        drop_subject(by=cast.clerk, taken=elective)


# -- Exemptions -------------------------------------------------------------------------------------------------------
def exempt(cast, **changed):
    flags = {"exempt_practice": False, "exempt": True, "individual_plan": False}
    decision = {"decision_number": " 12/QĐ ", "decision_on": timezone.localdate(), "decision_period": "CN"}
    return set_exemption(**({"by": cast.clerk, "taken": cast.taken} | flags | decision | changed))


def test_decision_is_noted_and_taken_back(cast):
    exempt(cast)
    cast.taken.refresh_from_db()
    assert (cast.taken.exempt, cast.taken.decision_number, cast.taken.decision_period) == (True, "12/QĐ", "CN")
    exempt(cast, exempt=False)
    cast.taken.refresh_from_db()
    assert (cast.taken.exempt, cast.taken.decision_number, cast.taken.decision_on) == (False, "", None)
    told = HistoryEntry.objects.filter(action="set_exemption").order_by("id")
    assert [entry.payloads.get().payload["changes"]["exempt"] for entry in told] == [[False, True], [True, False]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"exempt": False, "exempt_practice": True}, "Nguyễn Minh Anh, Toán: Chỉ miễn phần thực hành"),
        ({"individual_plan": True}, "kế hoạch riêng"),
        ({"decision_number": " "}, "số và ngày"),
        ({"decision_on": None}, "số và ngày"),
        ({"decision_on": timezone.localdate() + timedelta(days=1)}, "chưa đến"),
        ({"decision_period": ""}, "áp dụng cho"),
    ],
)
def test_exemption_against_the_rule_is_refused(cast, changed, message):
    with pytest.raises(Refused, match=message):
        exempt(cast, **changed)
    cast.taken.refresh_from_db()
    assert not cast.taken.exempt


def test_database_refuses_an_exemption_without_decision(cast):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE schools_subjectenrolment SET exempt = true WHERE id = %s", [cast.taken.pk])
