"""Students come into a class, move, leave and are received: who may, when, and what the history says."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from schools.actions.enrolments import (
    NOT_TO_BE_RECEIVED,
    enrol,
    enrol_students,
    leave_class,
    move_class,
    receive_student,
)
from schools.actions.history import verify_history
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Enrolment, HistoryEntry, HistoryPayload, ParentLink, Role, Student, SubjectEnrolment
from tests.cast import appoint, make_cast, make_class, make_student, make_user, make_year

REASON = "Gia đình xin đổi buổi học"
COMPULSORY_7 = 12


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def third(cast) -> Student:
    return make_student(cast.school, "0000000010", "Lê Văn Tám")


def enrolment_of(student) -> Enrolment:
    return (
        Enrolment.objects.open()
        .select_related("student", "school_class__school", "school_class__school_year")
        .get(student=student)
    )


def move(cast, **changed):
    changed["enrolment"] = changed.get("enrolment") or enrolment_of(cast.student)
    values = {"by": cast.clerk, "to_class": cast.class_7b, "on": today()}
    return move_class(**(values | {"reason": REASON} | changed))


def leave(cast, **changed):
    changed["enrolment"] = changed.get("enrolment") or enrolment_of(cast.student)
    values = {"by": cast.clerk, "on": today(), "ending": "CHUYEN_TRUONG"}
    return leave_class(**(values | {"note": "Chuyển về quê, đơn số 12"} | changed))


def receive(cast, **changed):
    values = {"by": cast.other_clerk, "student_code": "0000000001", "personal_id": cast.student.personal_id}
    more = {"born_on": None, "to_class": cast.other_class, "on": today(), "note": "Giấy giới thiệu số 7"}
    return receive_student(**(values | more | changed))


# -- Into a class -----------------------------------------------------------------------------------------------------
def test_students_come_into_class_with_compulsory_subjects(cast, third):
    [made] = enrol_students(by=cast.clerk, school_class=cast.class_7b, students=[third], starts_on=today())
    assert (made.student, made.school_class, made.starts_on, made.ends_on) == (third, cast.class_7b, today(), None)
    taken = SubjectEnrolment.objects.filter(student=third)
    assert {(row.school, row.school_year, row.choice) for row in taken} == {(cast.school, cast.year, "BAT_BUOC")}
    assert taken.count() == COMPULSORY_7
    told = HistoryEntry.objects.filter(action="enrol_students")
    assert {(entry.table, entry.chain.kind, entry.actor) for entry in told} == {
        ("schools_enrolment", "CLASS", cast.clerk),
        ("schools_subjectenrolment", "SCHOOL", cast.clerk),
    }


def test_enrolling_twice_changes_nothing(cast, third):
    with transaction.atomic():
        first = enrol(cast.class_7b, [third], today())
        again = enrol(cast.class_7b, [third, cast.classmate][:1], today())
    assert (len(first), again) == (1, [])
    assert SubjectEnrolment.objects.filter(student=third).count() == COMPULSORY_7


def test_enrolling_many_takes_as_many_statements_as_one(cast, django_assert_max_num_queries):
    many = [make_student(cast.school, f"00000001{n:02d}", "Lê Văn Tám") for n in range(30)]
    with django_assert_max_num_queries(6):
        enrol(cast.class_7b, many, today())


def test_subjects_of_a_grade_entered_by_mistake_are_dropped(cast, third):
    sixth = make_class(cast.school, cast.year, "5C", 5)
    enrol_students(by=cast.clerk, school_class=sixth, students=[third], starts_on=today())
    leave_class(by=cast.clerk, enrolment=enrolment_of(third), on=today(), ending="GHI_NHAM", note="Nhầm khối của em")
    enrol_students(by=cast.clerk, school_class=cast.class_7b, students=[third], starts_on=today())
    taken = set(SubjectEnrolment.objects.open().filter(student=third).values_list("subject__code", flat=True))
    assert len(taken) == COMPULSORY_7
    assert "TIENG_VIET" not in taken


def test_student_in_a_class_is_refused_by_name(cast, third):
    with pytest.raises(WrongState, match="Nguyễn Minh Anh đang ở lớp 7A"):
        enrol_students(by=cast.clerk, school_class=cast.class_7b, students=[third, cast.student], starts_on=today())
    assert not Enrolment.objects.filter(student=third).exists()


def test_student_of_another_school_is_refused_by_name(cast):
    with pytest.raises(Refused, match="Đặng Gia Khánh không thuộc hồ sơ"):
        enrol_students(by=cast.clerk, school_class=cast.class_7b, students=[cast.other_student], starts_on=today())


@pytest.mark.parametrize("person", ["homeroom_teacher", "principal", "vice_principal", "other_clerk", "province_admin"])
def test_only_the_clerk_of_the_school_enrols(cast, third, person):
    with pytest.raises(NotAllowed):
        enrol_students(by=getattr(cast, person), school_class=cast.class_7b, students=[third], starts_on=today())


def test_day_outside_the_year_is_refused(cast, third):
    with pytest.raises(Refused, match="không nằm trong năm học"):
        enrol_students(
            by=cast.clerk,
            school_class=cast.class_7b,
            students=[third],
            starts_on=cast.year.starts_on - timedelta(days=1),
        )


def test_closed_year_is_refused(cast, third):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    cast.class_7b.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        enrol_students(by=cast.clerk, school_class=cast.class_7b, students=[third], starts_on=today())
    with pytest.raises(WrongState, match="đã đóng"):
        move(cast)
    with pytest.raises(WrongState, match="đã đóng"):
        leave(cast)


# -- From class to class ----------------------------------------------------------------------------------------------
def test_move_closes_and_opens_on_the_same_day(cast):
    before = enrolment_of(cast.student)
    after = move(cast)
    before.refresh_from_db()
    assert (before.ends_on, before.ending, before.note) == (today(), "CHUYEN_LOP", REASON)
    assert (after.starts_on, after.ends_on, after.school_class) == (today(), None, cast.class_7b)
    told = HistoryEntry.objects.filter(action="move_class")
    assert {(entry.chain.kind, entry.chain.key, entry.reason, entry.actor) for entry in told} == {
        ("CLASS", cast.class_7a.pk, REASON, cast.clerk),
        ("CLASS", cast.class_7b.pk, REASON, cast.clerk),
    }
    assert set(HistoryPayload.objects.filter(entry__in=told).values_list("student", flat=True)) == {cast.student.pk}


def test_move_on_the_day_of_arrival_leaves_no_overlap(cast):
    arrival = enrolment_of(cast.student).starts_on
    assert move(cast, on=arrival).starts_on == arrival


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"reason": "  ngắn  "}, "lí do"),
        ({"on": date(1999, 1, 1)}, "không nằm trong năm học"),
        ({"on": "tomorrow"}, "chưa đến"),
        ({"on": "too early"}, "vào lớp 7A ngày"),
        ({"to_class": "class_7a"}, "đang ở chính lớp 7A"),
        ({"to_class": "another grade"}, "khối 8"),
        ({"to_class": "another year"}, "cùng năm học"),
    ],
)
def test_move_that_cannot_be_is_refused(cast, changed, message):
    Enrolment.objects.filter(student=cast.student).update(starts_on=today() - timedelta(days=2))
    known = {
        "tomorrow": today() + timedelta(days=1),
        "too early": today() - timedelta(days=3),
        "class_7a": cast.class_7a,
        "another grade": make_class(cast.school, cast.year, "8A", 8),
        "another year": None,
    }
    if changed.get("to_class") == "another year":
        later = make_year(cast.province, cast.year.first_year + 1)
        known["another year"] = make_class(cast.school, later, "7A", 7)
        changed = changed | {"on": later.starts_on}
    with pytest.raises(Refused, match=message):
        move(cast, **{name: known.get(value, value) for name, value in changed.items()})
    assert enrolment_of(cast.student).school_class == cast.class_7a


def test_move_to_another_school_is_not_for_the_clerk(cast):
    with pytest.raises(NotAllowed):
        move(cast, to_class=cast.other_class)
    with pytest.raises(NotAllowed):
        move(cast, by=cast.other_clerk)


def test_student_who_has_left_is_not_moved(cast):
    stale = enrolment_of(cast.student)
    leave(cast)
    with pytest.raises(WrongState, match="đã rời lớp 7A"):
        move(cast, enrolment=stale)


def test_database_refuses_two_open_enrolments(cast):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schools_enrolment (student_id, school_class_id, starts_on, ending, note) "
            "VALUES (%s, %s, %s, '', '')",
            [cast.student.pk, cast.class_7b.pk, today()],
        )


# -- Out of a class ---------------------------------------------------------------------------------------------------
def test_student_leaves_for_another_school(cast):
    left = leave(cast)
    assert (left.ends_on, left.ending, left.note) == (today(), "CHUYEN_TRUONG", "Chuyển về quê, đơn số 12")
    told = HistoryEntry.objects.get(action="leave_class")
    assert (told.chain.kind, told.chain.key, told.reason) == ("CLASS", cast.class_7a.pk, "Chuyển về quê, đơn số 12")


def test_who_was_entered_by_mistake_never_was_there(cast):
    before = enrolment_of(cast.student)
    left = leave(cast, ending="GHI_NHAM")
    assert (left.starts_on, left.ends_on) == (before.starts_on, before.starts_on)
    [again] = enrol_students(
        by=cast.clerk, school_class=cast.class_7b, students=[cast.student], starts_on=before.starts_on
    )
    assert again.starts_on == before.starts_on


@pytest.mark.parametrize("ending", ["", "CHUYEN_LOP", "HOAN_THANH", "KHAC"])
def test_ending_that_is_no_leaving_is_refused(cast, ending):
    with pytest.raises(Refused, match="Hãy chọn lí do"):
        leave(cast, ending=ending)


@pytest.mark.parametrize("person", ["homeroom_teacher", "principal", "other_clerk", "parent"])
def test_only_the_clerk_lets_go(cast, person):
    with pytest.raises(NotAllowed):
        leave(cast, by=getattr(cast, person))


def test_leaving_twice_is_refused(cast):
    stale = enrolment_of(cast.student)
    leave(cast)
    with pytest.raises(WrongState, match="đã rời lớp 7A"):
        leave(cast, enrolment=stale)


# -- From another school ----------------------------------------------------------------------------------------------
def test_released_student_is_received(cast):
    decision = {"exempt": True, "decision_number": "12/QĐ", "decision_on": today()}
    SubjectEnrolment.objects.filter(pk=cast.taken.pk).update(**decision)
    leave(cast)
    made = receive(cast)
    cast.student.refresh_from_db()
    assert (made.school_class, made.starts_on, cast.student.school) == (cast.other_class, today(), cast.other_school)
    taken = SubjectEnrolment.objects.open().filter(student=cast.student)
    assert {row.school for row in taken} == {cast.other_school}
    assert (taken.count(), taken.get(exempt=True).decision_number) == (COMPULSORY_7, "12/QĐ")
    told = HistoryEntry.objects.filter(action="receive_student", table="schools_student")
    assert {entry.chain.key for entry in told} == {cast.school.pk, cast.other_school.pk}
    assert verify_history().faults == []


def test_accounts_of_the_family_follow(cast):
    leave(cast)
    receive(cast)
    cast.pupil.refresh_from_db()
    cast.parent.refresh_from_db()
    assert (cast.pupil.school, cast.parent.school) == (cast.other_school, cast.other_school)


def test_account_of_a_parent_with_another_child_stays(cast):
    ParentLink.objects.create(student=cast.classmate, parent=cast.parent, relation="CHA", starts_on=today())
    leave(cast)
    receive(cast)
    cast.parent.refresh_from_db()
    assert cast.parent.school == cast.school


def test_student_is_known_by_day_of_birth_and_spaces_do_not_matter(cast):
    leave(cast)
    assert receive(cast, personal_id="", born_on=date(2014, 3, 2), student_code=" 0000000001 ").student == cast.student


@pytest.mark.parametrize(
    "changed",
    [
        {"student_code": "9999999999"},
        {"personal_id": "001999999999"},
        {"personal_id": "", "born_on": date(2014, 3, 3)},
        {"personal_id": "", "born_on": None},
        {},
    ],
)
def test_unknown_and_not_released_get_the_same_answer(cast, changed):
    if changed:
        leave(cast)
    with pytest.raises(Refused) as refused:
        receive(cast, **changed)
    assert str(refused.value) == NOT_TO_BE_RECEIVED


def test_who_left_school_for_good_is_not_received(cast):
    leave(cast, ending="THOI_HOC")
    with pytest.raises(Refused, match="Không nhận được"):
        receive(cast)


def test_student_is_not_received_before_the_release(cast):
    leave(cast)
    with pytest.raises(Refused, match="không nhận được từ ngày sớm hơn"):
        receive(cast, on=today() - timedelta(days=1))


@pytest.mark.parametrize("person", ["intruder", "other_principal", "clerk"])
def test_only_the_clerk_of_the_receiving_school_receives(cast, person):
    leave(cast)
    with pytest.raises(NotAllowed):
        receive(cast, by=getattr(cast, person))


def test_student_comes_back_to_the_old_school(cast):
    leave(cast)
    receive(cast)
    leave(cast, by=cast.other_clerk, enrolment=enrolment_of(cast.student))
    back = receive(cast, by=cast.clerk, to_class=cast.class_7b)
    assert (back.student.school, back.school_class) == (cast.school, cast.class_7b)


# -- Two at once ------------------------------------------------------------------------------------------------------
def together(*jobs):
    """Run the jobs at the same moment, each on a connection of its own; what each gave or raised."""
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        try:
            outcomes[place] = job()
        except Exception as problem:  # noqa: BLE001 - the problem is the outcome
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.fixture
def real_cast(transactional_db):
    return make_cast()


def second_clerk(cast):
    clerk = make_user("hongnt", "Nguyễn Thị Hồng", cast.school)
    appoint(clerk, Role.CLERK, cast.school)
    return clerk


def test_two_clerks_move_the_same_student_and_one_wins(real_cast):
    cast, other = real_cast, second_clerk(real_cast)
    class_7c = make_class(cast.school, cast.year, "7C", 7)
    stale = [enrolment_of(cast.student), enrolment_of(cast.student)]
    outcomes = together(
        lambda: move(cast, enrolment=stale[0]),
        lambda: move(cast, by=other, enrolment=stale[1], to_class=class_7c),
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, WrongState)]
    won = [outcome for outcome in outcomes if isinstance(outcome, Enrolment)]
    assert (len(lost), len(won)) == (1, 1)
    assert "đã rời lớp 7A" in str(lost[0])
    assert enrolment_of(cast.student).school_class == won[0].school_class
    assert verify_history().faults == []


def test_two_clerks_enrol_the_same_student_and_one_wins(real_cast):
    cast, other = real_cast, second_clerk(real_cast)
    third = make_student(cast.school, "0000000010", "Lê Văn Tám")
    outcomes = together(
        *(
            lambda by=by, place=place: enrol_students(by=by, school_class=place, students=[third], starts_on=today())
            for by, place in ((cast.clerk, cast.class_7a), (other, cast.class_7b))
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["WrongState", "list"]


def test_two_schools_receive_the_same_student_and_one_wins(real_cast):
    cast = real_cast
    third_clerk = make_user("loanpt", "Phạm Thị Loan", cast.high_school)
    appoint(third_clerk, Role.CLERK, cast.high_school)
    class_10 = make_class(cast.high_school, cast.year, "10A", 10)
    leave(cast)
    outcomes = together(lambda: receive(cast), lambda: receive(cast, by=third_clerk, to_class=class_10))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Enrolment", "Refused"]


def test_crossing_moves_do_not_wait_for_each_other(real_cast):
    cast, other = real_cast, second_clerk(real_cast)
    for turn in range(6):
        there, back = (cast.class_7a, cast.class_7b) if turn % 2 == 0 else (cast.class_7b, cast.class_7a)
        if turn == 0:
            move(cast, enrolment=enrolment_of(cast.classmate))
        outcomes = together(
            partial(move, cast, enrolment=enrolment_of(cast.student), to_class=back),
            partial(move, cast, by=other, enrolment=enrolment_of(cast.classmate), to_class=there),
        )
        assert [type(outcome) for outcome in outcomes] == [Enrolment, Enrolment]
    assert verify_history().faults == []
