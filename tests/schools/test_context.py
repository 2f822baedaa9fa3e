"""What stands in the head of every page: the school year and the period, in the words of the person's level."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from schools.context import period_words, shown_period
from schools.models import HomeroomAssignment, ParentLink, Period, Role, School, SchoolYear, User
from tests.cast import appoint, enrol, make_class, make_school, make_student, make_user

FAR = timedelta(days=4000)


@pytest.fixture
def periods(cast):
    """Primary schools are in CK1, secondary schools in HK1, whatever the day of the test."""
    set_running(cast, "TIEU_HOC", "CK1")
    set_running(cast, "THCS", "HK1")
    set_running(cast, "THPT", "HK1")


def set_running(cast, level: str, code: str) -> None:
    """This period of the level runs, those before it are over, the others are far away."""
    today, found = timezone.localdate(), Period.objects.get(school_year=cast.year, level=level, code=code)
    of_level = Period.objects.filter(school_year=cast.year, level=level)
    of_level.filter(position__lte=found.position).update(starts_on=today - FAR, ends_on=today + FAR)
    of_level.filter(position__gt=found.position).update(starts_on=today + FAR, ends_on=today + FAR)


@pytest.fixture
def primary(cast) -> School:
    return make_school("TH1", "Trường TH Kim Đồng", cast.commune, "TIEU_HOC")


@pytest.fixture
def combined(cast) -> School:
    return make_school("THTHCS1", "Trường TH&THCS Bản Mế", cast.commune, "TIEU_HOC", "THCS")


def person(role: Role, place) -> User:
    made = make_user("nguoimoi", "Lò Thị Mới", place)
    appoint(made, role, place)
    return made


def words(user: User) -> str:
    return shown_period(User.objects.get(pk=user.pk)).label


BOTH = "Tiểu học: Cuối HK I · THCS: HK I"


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize("role", [Role.CLERK, Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.TEACHER])
def test_period_of_a_primary_school_is_of_its_level(cast, primary, role):
    assert words(person(role, primary)) == "Cuối học kì I"


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize("role", [Role.CLERK, Role.PRINCIPAL, Role.TEACHER])
def test_period_of_a_combined_school_is_told_for_both_levels(cast, combined, role):
    assert words(person(role, combined)) == BOTH


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize(("grade", "expected"), [(4, "Cuối học kì I"), (8, "Học kì I")])
def test_period_of_a_teacher_is_of_the_classes(cast, combined, grade, expected):
    teacher = person(Role.TEACHER, combined)
    lead(teacher, make_class(combined, cast.year, f"{grade}A", grade))
    assert words(teacher) == expected


def lead(teacher, school_class):
    HomeroomAssignment.objects.create(
        school_class=school_class, teacher=teacher, starts_on=school_class.school_year.starts_on
    )


@pytest.mark.usefixtures("periods")
def test_period_of_a_teacher_of_both_levels_is_both(cast, combined):
    teacher = person(Role.TEACHER, combined)
    lead(teacher, make_class(combined, cast.year, "4A", 4))
    lead(teacher, make_class(combined, cast.year, "8A", 8))
    assert words(teacher) == BOTH


@pytest.mark.usefixtures("periods")
def test_period_of_a_family_is_of_the_childrens_classes(cast, primary):
    assert (words(cast.parent), words(cast.pupil)) == ("Học kì I", "Học kì I")
    sister = make_student(primary, "0000000088", "Nguyễn Bảo An")
    enrol(sister, make_class(primary, cast.year, "2A", 2))
    tie = ParentLink.objects.create(
        student=sister, parent=cast.parent, relation="CHA", starts_on=timezone.localdate() - timedelta(days=9)
    )
    assert words(cast.parent) == BOTH
    tie.end_by(timezone.localdate())
    assert words(cast.parent) == "Học kì I"


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize("name", ["province_admin", "inspector", "commune_officer", "operator"])
def test_period_of_an_authority_is_of_secondary_schools(cast, name):
    assert words(getattr(cast, name)) == "Học kì I"


def test_period_that_two_levels_share_is_said_once():
    assert period_words({"TIEU_HOC": "HE", "THCS": "HE"}) == "Trong hè"
    assert period_words({"TIEU_HOC": "CN", "THCS": "HK2", "THPT": "HK2"}) == "Tiểu học: Cuối năm · THCS, THPT: HK II"


@pytest.mark.usefixtures("periods")
def test_period_follows_a_change_of_dates_at_once(cast, primary):
    clerk = person(Role.CLERK, primary)
    assert words(clerk) == "Cuối học kì I"
    set_running(cast, "TIEU_HOC", "GK2")
    assert words(clerk) == "Giữa học kì II"


def test_period_begins_with_its_day(cast, primary):
    set_running(cast, "TIEU_HOC", "GK1")
    clerk, today = person(Role.CLERK, primary), timezone.localdate()
    next_one = Period.objects.filter(school_year=cast.year, level="TIEU_HOC", code="CK1")
    next_one.update(starts_on=today + timedelta(days=1))
    assert words(clerk) == "Giữa học kì I"
    next_one.update(starts_on=today)
    assert words(clerk) == "Cuối học kì I"


def test_year_without_a_period_begun_is_named_all_the_same(cast):
    Period.objects.update(starts_on=timezone.localdate() + FAR, ends_on=timezone.localdate() + FAR)
    shown = shown_period(cast.clerk)
    assert (shown.label, shown.year_label) == ("Năm học", cast.year.label)


def test_period_is_not_told_before_the_first_year(db):
    assert shown_period(make_user("moimoi", "Lò Thị Mới")) is None


@pytest.mark.parametrize("shift", [-800, -400, 0, 400, 800])
def test_year_is_the_one_the_calendar_means(cast, shift):
    starts_on = cast.year.starts_on + timedelta(days=shift)
    SchoolYear.objects.create(
        authority=cast.other_commune, first_year=2050, starts_on=starts_on, ends_on=starts_on + timedelta(days=9)
    )
    SchoolYear.objects.filter(pk=cast.year.pk).update(starts_on=cast.year.starts_on - timedelta(days=1))
    assert shown_period(cast.clerk).year_label == SchoolYear.objects.current().label


def test_head_costs_one_query(cast):
    assert cast.clerk.standing.held  # asked before any page is drawn
    with CaptureQueriesContext(connection) as captured:
        shown_period(cast.clerk)
    assert len(captured) == 1


@pytest.mark.usefixtures("periods")
def test_head_of_a_page_tells_period_and_year(client, cast, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.clerk)
    assert f'<p class="period">Học kì I, {cast.year.label}</p>' in client.get(reverse("home")).content.decode()
