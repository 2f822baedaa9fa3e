"""From one year into the next: who goes where, what is written is what was previewed, and what is taken back."""

import pytest
from django.utils import timezone

from records.actions.new_year import Choices, place_new_year, still_there, take_back_placing
from records.actions.new_year_plan import plan_new_year
from records.actions.preparing import prepare_class
from records.actions.sheets import enter_marks
from records.actions.signoff import issue_class
from records.models import MarkSheet, NewYearPlacing
from records.models.new_year import LEAVES, PLACED, UNKNOWN, finishers, to_be_placed, year_pairs
from records.rules.new_year import AGAIN, UP, WAITS
from schools.actions.enrolments import enrol_students, leave_class, move_class, receive_student
from schools.actions.imports.plans import PreviewOutdated
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import (
    Enrolment,
    HistoryEntry,
    Period,
    SchoolClass,
    Subject,
    SubjectEnrolment,
    TeachingAssignment,
)
from tests.cast import make_class, make_student, make_year
from tests.records.actions.test_summer import MATHS, close, sign, write
from tests.records.models.attack import attack
from tests.records.moves import open_window
from tests.records.summer import make_summer, open_summer, signed
from tests.records.term import fresh, operation

REASON = "Xếp nhầm năm học"


@pytest.fixture
def absent(term):
    return make_student(term.cast.school, "0000000033", "Vũ Quang Dũng")


@pytest.fixture
def summer(term, absent):
    return make_summer(term, absent)


@pytest.fixture
def coming(summer):
    return make_year(summer.term.cast.province, summer.term.cast.year.first_year + 1)


def plan(summer, coming, **choices):
    cast = summer.term.cast
    return plan_new_year(cast.school, cast.year, coming, **choices)


def place(summer, coming, by=None, names=None, digest=None, makes_intake=True):
    cast = summer.term.cast
    choices = Choices(names or {}, makes_intake)
    seen = digest or plan(summer, coming, names=names, makes_intake=makes_intake).digest
    return place_new_year(
        by=fresh(by or cast.clerk), school=cast.school, from_year=cast.year, to_year=coming, choices=choices,
        digest=seen,
    )  # fmt: skip


def back(summer, placing, by=None, reason=REASON):
    return take_back_placing(by=fresh(by or summer.term.cast.clerk), placing=placing, reason=reason)


def where(student):
    return [(one.school_class.name, one.ending) for one in student.enrolments.order_by("starts_on", "id")]


def subjects(student, year):
    return set(SubjectEnrolment.objects.open().filter(student=student, school_year=year).values_list(
        "subject__code", flat=True))  # fmt: skip


# -- Who goes where ----------------------------------------------------------------------------------------------------
def test_everybody_stands_where_the_year_left_them(summer, coming, absent):
    cast = summer.term.cast
    found = {one.enrolment.student: one.standing for one in finishers(cast.school, cast.year, coming)}
    assert found[summer.fine] == UP
    assert found[absent] == AGAIN
    assert {found[one] for one in (summer.low, summer.unruly, summer.both)} == {WAITS}
    assert to_be_placed([cast.school.pk]) == 2


def test_year_that_is_not_approved_has_no_result(term):
    coming = make_year(term.cast.province, term.cast.year.first_year + 1)
    assert {one.standing for one in finishers(term.cast.school, term.cast.year, coming)} == {UNKNOWN}
    found = plan_new_year(term.cast.school, term.cast.year, coming)
    assert (found.count, found.is_empty) == (0, True)
    assert to_be_placed([term.cast.school.pk]) == 0


def test_last_grade_leaves_and_other_schools_receive(summer, coming):
    cast = summer.term.cast
    SchoolClass.objects.filter(pk=cast.class_7a.pk).update(grade_level=9, name="9A")
    found = {one.enrolment.student: one.standing for one in finishers(cast.school, cast.year, coming)}
    assert found[summer.fine] == LEAVES
    placing = place(summer, coming)
    assert where(summer.fine) == [("9A", "HOAN_THANH")]
    assert len(placing.coming) == 1  # who has to do the grade once more
    clerk = cast.other_clerk
    to_class = make_class(cast.other_school, coming, "9A", 9)
    received = receive_student(
        by=fresh(clerk), student_code=summer.fine.student_code, personal_id=summer.fine.personal_id, born_on=None,
        to_class=to_class, on=coming.starts_on, note="Trúng tuyển",
    )  # fmt: skip
    assert received.school_class == to_class
    back(summer, placing)
    assert where(summer.fine)[0] == ("9A", "HOAN_THANH")  # of another school by now


def test_summer_page_that_was_issued_decides(term, summer, coming):
    """The page, not what is written on the way to it."""

    def comes():
        return summer.low in [one.enrolment.student for new in plan(summer, coming).classes for one in new.coming]

    open_summer(term.cast.class_7a)
    signed(term, issue_class)
    write(summer, summer.low, MATHS, "6")
    close(summer, summer.low)
    sign(summer, summer.low, "homeroom_teacher", "principal")
    assert not comes()
    sign(summer, summer.low, "clerk")
    assert comes()


# -- What is written is what was previewed -----------------------------------------------------------------------------
def test_placing_writes_the_plan(summer, coming, absent):
    cast = summer.term.cast
    found = plan(summer, coming)
    assert [(one.name, one.size) for one in found.classes] == [("7A", 1), ("8A", 1)]
    placing = place(summer, coming)
    assert where(summer.fine) == [("7A", "HOAN_THANH"), ("8A", "")]
    assert where(absent) == [("7A", "HOAN_THANH"), ("7A", "")]
    assert where(summer.low) == [("7A", "")]
    made = SchoolClass.objects.filter(school=cast.school, school_year=coming)
    assert {(one.name, one.grade_level, one.rule_set) for one in made} == {
        ("7A", 7, "TT22-2021"),
        ("8A", 8, "TT22-2021"),
    }
    assert set(placing.made) == {one.pk for one in made}
    came = summer.fine.enrolments.get(ends_on=None)
    left = summer.fine.enrolments.exclude(ends_on=None).get()
    assert (left.ends_on, came.starts_on) == (cast.year.ends_on + timezone.timedelta(days=1), coming.starts_on)
    assert "TOAN" in subjects(summer.fine, coming)
    entry = HistoryEntry.objects.filter(table="records_newyearplacing").get()
    assert (entry.actor, entry.action) == (cast.clerk, "place_new_year")
    again = plan(summer, coming)
    assert again.is_empty
    assert {one.standing for one in finishers(cast.school, cast.year, coming)} == {PLACED, WAITS}
    with pytest.raises(Refused, match="Không có học sinh"):
        place(summer, coming)


def test_names_are_the_clerks_and_blank_leaves_students_there(summer, coming, absent):
    make_class(summer.term.cast.school, coming, "8 B", 8)
    names = {("7A", UP): "8b", ("7A", AGAIN): ""}
    place(summer, coming, names=names)
    assert where(summer.fine)[-1] == ("8 B", "")
    assert where(absent) == [("7A", "")]


@pytest.mark.parametrize("name", ["7A", "A8", "8A<", "8" + "A" * 20])
def test_name_that_cannot_be_is_told_and_nothing_is_written(summer, coming, name):
    names = {("7A", UP): name}
    assert list(plan(summer, coming, names=names).faults) == [("7A", UP)]
    with pytest.raises(Refused, match="Tên lớp"):
        place(summer, coming, names=names)
    assert NewYearPlacing.objects.count() == 0
    assert not SchoolClass.objects.filter(school_year=coming).exists()


def test_classes_for_those_who_come_from_other_schools_are_made_empty(summer, coming):
    cast = summer.term.cast
    make_class(cast.school, cast.year, "6A", 6)
    first, *_ = plan(summer, coming).classes
    assert (first.name, first.size) == ("6A", 0)
    assert "6A" not in [one.name for one in plan(summer, coming, makes_intake=False).classes]
    place(summer, coming)
    assert SchoolClass.objects.filter(school=cast.school, school_year=coming, name="6A").exists()


def test_other_list_than_the_one_shown_is_not_written(summer, coming):
    cast = summer.term.cast
    seen = plan(summer, coming).digest
    eight = make_class(cast.school, coming, "8A", 8)
    with pytest.raises(PreviewOutdated):  # the class would be made no more
        place(summer, coming, digest=seen)
    seen = plan(summer, coming).digest
    held = summer.fine.enrolments.get()
    leave_class(
        by=fresh(cast.clerk), enrolment=held, on=timezone.localdate(), ending="THOI_HOC", note="Gia đình xin thôi"
    )
    with pytest.raises(PreviewOutdated):
        place(summer, coming, digest=seen)
    assert not Enrolment.objects.filter(school_class=eight).exists()


def test_who_is_in_a_class_already_is_left_alone(summer, coming):
    cast = summer.term.cast
    eight = make_class(cast.school, coming, "8C", 8)
    Enrolment.objects.filter(student=summer.fine).update(ends_on=coming.starts_on, ending="HOAN_THANH")
    enrol_students(by=fresh(cast.clerk), school_class=eight, students=[summer.fine], starts_on=coming.starts_on)
    place(summer, coming)
    assert where(summer.fine) == [("7A", "HOAN_THANH"), ("8C", "")]


def test_chosen_subjects_and_topics_go_along_where_the_grade_has_them(summer, coming):
    cast, student = summer.term.cast, summer.fine
    cast.school.levels = ["THPT"]
    cast.school.save(update_fields=["levels"])
    SchoolClass.objects.filter(pk=cast.class_7a.pk).update(grade_level=10, name="10A")
    common = {"student": student, "school": cast.school, "school_year": cast.year}
    for code, choice, topics in (
        ("VAT_LI", "LUA_CHON", True), ("HOA_HOC", "LUA_CHON", False), ("NGOAI_NGU_2", "TU_CHON", False),
    ):  # fmt: skip
        SubjectEnrolment.objects.create(
            subject=Subject.objects.get(code=code), choice=choice, with_topics=topics, **common
        )
    SubjectEnrolment.objects.filter(**common, subject__code="TOAN").update(with_topics=True)
    [eleven] = [one for one in plan(summer, coming).classes if one.grade_level == 11]
    assert [one.enrolment.student for one in eleven.to_choose] == [student]  # two electives, not four
    place(summer, coming)
    taken = SubjectEnrolment.objects.open().filter(student=student, school_year=coming)
    chosen = {(one.subject.code, one.choice, one.with_topics) for one in taken if one.choice != "BAT_BUOC"}
    assert chosen == {
        ("VAT_LI", "LUA_CHON", True), ("HOA_HOC", "LUA_CHON", False), ("NGOAI_NGU_2", "TU_CHON", False),
    }  # fmt: skip
    assert taken.get(subject__code="TOAN").with_topics


# -- Who and when ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["principal", "vice_principal", "homeroom_teacher", "other_clerk", "province_admin"])
def test_nobody_else_places(summer, coming, person):
    with pytest.raises(NotAllowed):
        place(summer, coming, by=getattr(summer.term.cast, person))
    placing = place(summer, coming)
    with pytest.raises(NotAllowed):
        back(summer, placing, by=getattr(summer.term.cast, person))


def test_years_that_do_not_follow_or_are_closed(summer, coming):
    cast = summer.term.cast
    with pytest.raises(Refused, match="không theo ngay"):
        place_new_year(
            by=fresh(cast.clerk), school=cast.school, from_year=coming, to_year=cast.year, choices=Choices({}),
            digest="",
        )  # fmt: skip
    assert year_pairs()[0] == (cast.year, coming)
    placing = place(summer, coming)
    coming.closed_at = timezone.now()
    coming.save(update_fields=["closed_at"])
    assert coming not in [pair[1] for pair in year_pairs()]
    with pytest.raises(WrongState, match="đã đóng"):
        place(summer, coming, digest="x")
    with pytest.raises(WrongState, match="đã đóng"):
        back(summer, NewYearPlacing.objects.get(pk=placing.pk))


# -- Taking back -------------------------------------------------------------------------------------------------------
def test_taking_back_leaves_everything_as_it_was(summer, coming, absent):
    cast = summer.term.cast
    before = plan(summer, coming).digest
    placing = back(summer, place(summer, coming))
    assert where(summer.fine) == [("7A", ""), ("8A", "GHI_NHAM")]
    assert where(absent)[0] == ("7A", "")
    assert subjects(summer.fine, coming) == set()
    assert not SchoolClass.objects.in_use().filter(school_year=coming).exists()
    assert (placing.taken_back_by, placing.reason) == (cast.clerk, REASON)
    assert plan(summer, coming).digest == before
    with pytest.raises(WrongState, match="đã được bỏ"):
        back(summer, placing)
    place(summer, coming)
    assert where(summer.fine)[-1] == ("8A", "")


def test_reason_is_asked_for(summer, coming):
    with pytest.raises(FaultyFields, match="lí do"):
        back(summer, place(summer, coming), reason="nhầm")


def test_first_mark_ends_it(summer, coming):
    cast = summer.term.cast
    placing = place(summer, coming)
    school_class = SchoolClass.objects.get(school_year=coming, name="8A")
    period = Period.objects.get(school_year=coming, level="THCS", code="HK1")
    TeachingAssignment.objects.create(
        school_class=school_class, subject=cast.maths, teacher=cast.maths_teacher, starts_on=cast.year.starts_on
    )
    open_window(cast.school, period)
    prepare_class(by=None, school_class=school_class, period=period)
    sheet = MarkSheet.objects.get(school_class=school_class, period=period, subject=cast.maths)
    row = sheet.rows.get(student=summer.fine)
    saved = enter_marks(by=fresh(cast.maths_teacher), sheet=sheet, operations=[operation(row, "TX1", "8")])
    assert saved.results[0].outcome == "ok"
    with pytest.raises(WrongState, match="Lý Thị Duyên đã có điểm"):
        back(summer, placing)
    assert where(summer.fine)[-1] == ("8A", "")


def test_who_has_moved_since_stays_and_planned_classes_too(summer, coming, absent):
    cast = summer.term.cast
    placing = place(summer, coming)
    eight = SchoolClass.objects.get(school_year=coming, name="8A")
    other = make_class(cast.school, coming, "8B", 8)
    held = summer.fine.enrolments.get(ends_on=None)
    move_class(by=fresh(cast.clerk), enrolment=held, to_class=other, on=coming.starts_on, reason="Theo nguyện vọng")
    seven = SchoolClass.objects.get(school_year=coming, name="7A")
    TeachingAssignment.objects.create(
        school_class=seven, subject=cast.maths, teacher=cast.maths_teacher, starts_on=coming.starts_on
    )
    back(summer, placing)
    assert where(absent)[0] == ("7A", "")
    seven.refresh_from_db()
    assert seven.voided_at is None  # somebody is to teach there
    assert where(summer.fine) == [("7A", "HOAN_THANH"), ("8A", "CHUYEN_LOP"), ("8B", "")]
    eight.refresh_from_db()
    assert eight.voided_at is None  # somebody was in it, and not by mistake
    assert still_there(placing) == []


# -- The database asks the same ----------------------------------------------------------------------------------------
INSERT = (
    "INSERT INTO records_newyearplacing (school_id, from_year_id, to_year_id, by_id, placed, made, reason) "
    "VALUES (%s, %s, %s, %s, '[]', '[]', '')"
)


def test_database_lets_the_clerk_place_and_nothing_change(summer, coming):
    cast = summer.term.cast
    years = (cast.year.pk, coming.pk)
    assert attack(INSERT, cast.school.pk, *years, cast.clerk.pk) == ""
    assert "clerk of the school places" in attack(INSERT, cast.school.pk, *years, cast.principal.pk)
    assert "clerk of the school places" in attack(INSERT, cast.school.pk, *years, cast.other_clerk.pk)
    assert "into the next one" in attack(INSERT, cast.school.pk, *reversed(years), cast.clerk.pk)
    placing = place(summer, coming)
    change = "UPDATE records_newyearplacing SET {} WHERE id = %s"
    assert "never changed" in attack(change.format("placed = '[]'"), placing.pk)
    taken = "taken_back_at = now(), taken_back_by_id = {}, reason = 'Xếp nhầm năm học'"
    assert "clerk of the school takes" in attack(change.format(taken.format(cast.principal.pk)), placing.pk)
    assert "placing_taken_back_whole" in attack(
        change.format(f"taken_back_at = now(), taken_back_by_id = {cast.clerk.pk}, reason = 'nhầm'"), placing.pk
    )
    back(summer, placing)
    assert "taken back once" in attack(
        change.format("taken_back_at = NULL, taken_back_by_id = NULL, reason = ''"), placing.pk
    )
    assert attack("DELETE FROM records_newyearplacing") == "permission denied for table records_newyearplacing"
