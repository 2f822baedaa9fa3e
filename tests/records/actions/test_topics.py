"""Cụm chuyên đề học tập at THPT: one regular result more in the term in which it is entered, for those who take it,
once a year (TT 22/2021 Đ6.3; law.md §1.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.sheets import enter_marks
from records.models import MarkRow, MarkSheet
from schools.models import EntryWindow, Period, Role, SchoolClass, Subject, SubjectEnrolment, TeachingAssignment
from tests.cast import appoint, enrol, make_student, make_user
from tests.records.term import operation


@pytest.fixture
def physics(cast):
    """Vật lí of 10A in both terms, and its teacher: the first student takes the topics, the second does not."""
    school, year = cast.high_school, cast.year
    school_class = SchoolClass.objects.create(
        school=school, school_year=year, grade_level=10, name="10A", rule_set="TT22-2021"
    )
    teacher = make_user("vat-li-10a", "Đinh Thị Vật Lí", school)
    appoint(teacher, Role.TEACHER, school)
    subject = Subject.objects.get(code="VAT_LI")
    TeachingAssignment.objects.create(
        school_class=school_class, subject=subject, teacher=teacher, starts_on=year.starts_on
    )
    for number, (name, topics) in enumerate((("Bùi Văn An", True), ("Cao Thị Bình", False))):
        student = make_student(school, f"990088000{number}", name)
        enrol(student, school_class)
        SubjectEnrolment.objects.create(
            student=student, school=school, school_year=year, subject=subject, choice="LUA_CHON", with_topics=topics
        )
    sheets = {}
    for code in ("HK1", "HK2"):
        period = Period.objects.get(school_year=year, level="THPT", code=code)
        now = timezone.now()
        EntryWindow.objects.create(
            school=school, period=period, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
        )
        prepare_class(by=teacher, school_class=school_class, period=period)
        sheets[code] = MarkSheet.objects.in_words().get(school_class=school_class, subject=subject, period=period)
    return teacher, sheets


def written(teacher, sheet, student, **cells):
    """What became of the operations, in their order."""
    row = sheet.rows.get(student__full_name=student)
    sheet = MarkSheet.objects.in_words().get(pk=sheet.pk)
    operations = [operation(row, column, typed, row.cells.get(column, "")) for column, typed in cells.items()]
    return enter_marks(by=teacher, sheet=sheet, operations=operations).results


def test_topic_counts_once_more(physics):
    teacher, sheets = physics
    marks = dict.fromkeys(("TX1", "TX2", "TX3", "GK", "CK"), "8")
    assert {one.outcome for one in written(teacher, sheets["HK1"], "Bùi Văn An", **marks, CD="10")} == {"ok"}
    assert sheets["HK1"].rows.get(cells__CD="10").average == Decimal("8.2")  # (3 × 8 + 10 + 16 + 24) : 9


def test_who_takes_no_topics_has_none(physics):
    teacher, sheets = physics
    (refused,) = written(teacher, sheets["HK1"], "Cao Thị Bình", CD="9")
    assert (refused.outcome, MarkRow.objects.exclude(cells={}).count()) == ("locked", 0)
    assert "Cao Thị Bình: không học cụm chuyên đề" in refused.message


def test_topic_counts_in_one_term_alone_and_can_be_taken_away_there(physics):
    teacher, sheets = physics
    assert written(teacher, sheets["HK1"], "Bùi Văn An", CD="9")[0].outcome == "ok"
    assert written(teacher, sheets["HK2"], "Bùi Văn An", CD="9")[0].outcome == "locked"
    assert written(teacher, sheets["HK1"], "Bùi Văn An", CD="")[0].outcome == "ok"
    assert written(teacher, sheets["HK2"], "Bùi Văn An", CD="9")[0].outcome == "ok"


def test_topic_that_was_dropped_is_taken_away_but_not_changed(physics):
    teacher, sheets = physics
    written(teacher, sheets["HK1"], "Bùi Văn An", CD="9")
    SubjectEnrolment.objects.filter(with_topics=True).update(with_topics=False)
    assert written(teacher, sheets["HK1"], "Bùi Văn An", CD="10")[0].outcome == "locked"
    assert written(teacher, sheets["HK1"], "Bùi Văn An", CD="")[0].outcome == "ok"


@pytest.mark.parametrize("student", ["Bùi Văn An", "Cao Thị Bình"])
def test_database_refuses_a_topic_out_of_place(physics, student):
    """Of who takes none; of who has it counted in the other term already."""
    teacher, sheets = physics
    written(teacher, sheets["HK2"], "Bùi Văn An", CD="9")
    row = sheets["HK1"].rows.get(student__full_name=student)
    with pytest.raises(Error, match="takes no topics"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('UPDATE records_markrow SET cells = \'{"CD": "9"}\' WHERE id = %s', [row.pk])
