"""Teachers are given subjects, parts of subjects and classes; the old tie ends on the day the new one begins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.assignments import assign_homeroom, assign_teacher, end_assignment, plan_class
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import HistoryEntry, HomeroomAssignment, RoleAssignment, Subject, TeachingAssignment
from schools.models.assignments import HOMEROOM, planned
from tests.cast import make_class, make_year


def today():
    return timezone.localdate()


def subject(code: str) -> Subject:
    return Subject.objects.get(code=code)


@pytest.fixture
def maths(cast):
    return (subject("TOAN").pk, "")


def plan(cast, chosen, **changed):
    now = {place: [tie.teacher_id for tie in ties] for place, ties in planned(cast.class_7a).items()}
    values = {"by": cast.vice_principal, "school_class": cast.class_7a, "seen": now, "on": today()}
    return plan_class(chosen=chosen, **(values | changed))


# -- One at a time ----------------------------------------------------------------------------------------------------
def test_new_teacher_takes_over_on_the_same_day(cast):
    made = assign_teacher(
        by=cast.clerk, school_class=cast.class_7a, subject=subject("TOAN"), teacher=cast.homeroom_teacher, on=today()
    )
    cast.teaching.refresh_from_db()
    assert (cast.teaching.ends_on, made.starts_on, made.ends_on) == (today(), today(), None)
    told = HistoryEntry.objects.filter(action="assign_teacher")
    assert {(entry.chain.kind, entry.chain.key, entry.operation, entry.actor) for entry in told} == {
        ("CLASS", cast.class_7a.pk, "U", cast.clerk),
        ("CLASS", cast.class_7a.pk, "I", cast.clerk),
    }


def test_new_homeroom_teacher_takes_over_on_the_same_day(cast):
    made = assign_homeroom(by=cast.clerk, school_class=cast.class_7a, teacher=cast.maths_teacher, on=today())
    cast.homeroom.refresh_from_db()
    assert (cast.homeroom.ends_on, made.starts_on, made.teacher) == (today(), today(), cast.maths_teacher)
    assert HistoryEntry.objects.filter(action="assign_homeroom").count() == 2


def test_the_same_teacher_again_changes_nothing(cast):
    again = assign_teacher(
        by=cast.clerk, school_class=cast.class_7a, subject=subject("TOAN"), teacher=cast.maths_teacher, on=today()
    )
    assert (again, HistoryEntry.objects.filter(action="assign_teacher").count()) == (cast.teaching, 0)


def test_each_part_has_its_teacher(cast):
    history = subject("LS_DL")
    for part, teacher in zip(history.parts, (cast.homeroom_teacher, cast.maths_teacher), strict=True):
        assign_teacher(
            by=cast.clerk, school_class=cast.class_7a, subject=history, teacher=teacher, part=part, on=today()
        )
    assert TeachingAssignment.objects.open().filter(subject=history).count() == 2


def test_whole_subject_beside_a_part_is_refused(cast):
    history = subject("LS_DL")
    values = {"by": cast.clerk, "school_class": cast.class_7a, "subject": history, "on": today()}
    assign_teacher(**values, teacher=cast.maths_teacher, part=history.parts[0])
    with pytest.raises(Refused, match="không vừa cả môn vừa phân môn"):
        assign_teacher(**values, teacher=cast.homeroom_teacher)


@pytest.mark.parametrize(("code", "part", "message"), [("TOAN", "Hình", "không có phân môn"), ("VAT_LI", "", "Khối 7")])
def test_what_is_not_taught_is_refused(cast, code, part, message):
    with pytest.raises(Refused, match=message):
        assign_teacher(
            by=cast.clerk, school_class=cast.class_7a, subject=subject(code), teacher=cast.maths_teacher, part=part,
            on=today(),
        )  # fmt: skip


@pytest.mark.parametrize("person", ["intruder", "other_principal", "parent", "inspector"])
def test_stranger_is_not_given_a_class(cast, person):
    stranger = getattr(cast, person)
    with pytest.raises(Refused, match=f"{stranger.full_name} không giữ vai trò nào"):
        assign_homeroom(by=cast.clerk, school_class=cast.class_7a, teacher=stranger, on=today())


def test_teacher_who_has_left_is_not_given_a_class(cast):
    RoleAssignment.objects.filter(user=cast.maths_teacher).update(ends_on=today())
    with pytest.raises(Refused, match="Lê Thu Hà không giữ vai trò nào"):
        assign_homeroom(by=cast.clerk, school_class=cast.class_7a, teacher=cast.maths_teacher, on=today())


@pytest.mark.parametrize("person", ["principal", "homeroom_teacher", "other_clerk", "province_admin", "intruder"])
def test_only_clerk_and_vice_principal_of_the_school_plan(cast, person):
    by = getattr(cast, person)
    with pytest.raises(NotAllowed):
        assign_homeroom(by=by, school_class=cast.class_7a, teacher=cast.maths_teacher, on=today())
    with pytest.raises(NotAllowed):
        end_assignment(by=by, assignment=cast.teaching, on=today())
    with pytest.raises(NotAllowed):
        plan(cast, {HOMEROOM: cast.maths_teacher}, by=by)


def test_teacher_stops_and_nobody_takes_over(cast):
    ended = end_assignment(by=cast.vice_principal, assignment=cast.teaching, on=today())
    assert (ended.ends_on, planned(cast.class_7a).get((subject("TOAN").pk, ""))) == (today(), None)
    assert HistoryEntry.objects.get(action="end_assignment").chain.key == cast.class_7a.pk
    with pytest.raises(WrongState, match="đã thôi dạy"):
        end_assignment(by=cast.vice_principal, assignment=cast.teaching, on=today())


def test_days_that_cannot_be_are_refused(cast):
    cast.homeroom.starts_on = today() - timedelta(days=1)
    cast.homeroom.save()
    give = {"by": cast.clerk, "school_class": cast.class_7a, "teacher": cast.maths_teacher}
    with pytest.raises(Refused, match="không đổi từ ngày sớm hơn"):
        assign_homeroom(**give, on=today() - timedelta(days=2))
    with pytest.raises(Refused, match="chưa đến"):
        assign_homeroom(**give, on=today() + timedelta(days=1))
    with pytest.raises(Refused, match="không nằm trong năm học"):
        assign_homeroom(**give, on=cast.year.starts_on - timedelta(days=1))


def test_next_year_is_planned_from_its_first_day(cast):
    later = make_year(cast.province, cast.year.first_year + 1)
    class_8a = make_class(cast.school, later, "8A", 8)
    made = assign_homeroom(by=cast.clerk, school_class=class_8a, teacher=cast.homeroom_teacher, on=later.starts_on)
    assert [tie.teacher for tie in planned(class_8a)[HOMEROOM]] == [made.teacher]


def test_closed_year_is_not_planned(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    cast.class_7a.refresh_from_db()
    with pytest.raises(WrongState, match="đã đóng"):
        plan(cast, {HOMEROOM: cast.maths_teacher})


# -- The plan of a class ----------------------------------------------------------------------------------------------
def test_only_what_differs_is_changed(cast, maths):
    english = (subject("NGOAI_NGU_1").pk, "")
    changed = plan(cast, {HOMEROOM: cast.homeroom_teacher, maths: cast.homeroom_teacher, english: cast.maths_teacher})
    held = {place: [tie.teacher for tie in ties] for place, ties in planned(cast.class_7a).items()}
    assert (changed, held) == (
        2,
        {
            HOMEROOM: [cast.homeroom_teacher],
            maths: [cast.homeroom_teacher],
            english: [cast.maths_teacher],
        },
    )
    cast.homeroom.refresh_from_db()
    assert cast.homeroom.ends_on is None
    assert {entry.chain.key for entry in HistoryEntry.objects.filter(action="plan_class")} == {cast.class_7a.pk}


def test_place_is_left_empty(cast, maths):
    assert plan(cast, {maths: None, HOMEROOM: None}) == 2
    assert planned(cast.class_7a) == {}


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(cast, maths):
    seen = {HOMEROOM: [cast.homeroom_teacher.pk], maths: [cast.maths_teacher.pk]}
    assign_teacher(
        by=cast.clerk, school_class=cast.class_7a, subject=subject("TOAN"), teacher=cast.principal, on=today()
    )
    with pytest.raises(WrongState, match="Toán: Trần Quốc Hùng"):
        plan(cast, {maths: cast.homeroom_teacher, HOMEROOM: cast.maths_teacher}, seen=seen)
    assert [tie.teacher for tie in planned(cast.class_7a)[HOMEROOM]] == [cast.homeroom_teacher]


def test_what_a_colleague_changed_elsewhere_does_not_matter(cast, maths):
    seen = {HOMEROOM: [cast.homeroom_teacher.pk], maths: [cast.maths_teacher.pk]}
    assign_teacher(
        by=cast.clerk, school_class=cast.class_7a, subject=subject("TOAN"), teacher=cast.principal, on=today()
    )
    assert plan(cast, {maths: cast.maths_teacher, HOMEROOM: cast.maths_teacher}, seen=seen) == 1
    assert [tie.teacher for tie in planned(cast.class_7a)[maths]] == [cast.principal]


def test_from_parts_to_the_whole_in_one_step(cast):
    history = subject("LS_DL")
    for part in history.parts:
        assign_teacher(
            by=cast.clerk,
            school_class=cast.class_7a,
            subject=history,
            teacher=cast.maths_teacher,
            part=part,
            on=today(),
        )
    chosen = {(history.pk, ""): cast.homeroom_teacher} | {(history.pk, part): None for part in history.parts}
    assert plan(cast, chosen) == 3
    assert [place for place in planned(cast.class_7a) if place[0] == history.pk] == [(history.pk, "")]


def test_of_two_who_share_a_subject_one_goes_on(cast, maths):
    TeachingAssignment.objects.create(
        school_class=cast.class_7a, subject_id=maths[0], teacher=cast.principal, starts_on=cast.year.starts_on
    )
    assert plan(cast, {maths: cast.maths_teacher}) == 1
    cast.teaching.refresh_from_db()
    assert (cast.teaching.ends_on, [tie.teacher for tie in planned(cast.class_7a)[maths]]) == (
        None,
        [cast.maths_teacher],
    )


def test_refused_plan_changes_nothing(cast, maths):
    with pytest.raises(Refused, match="Hoàng Đức Nam"):
        plan(cast, {HOMEROOM: cast.maths_teacher, maths: cast.intruder})
    assert HomeroomAssignment.objects.open().get(school_class=cast.class_7a).teacher == cast.homeroom_teacher
