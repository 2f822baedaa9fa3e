"""A new school is there whole or not at all; years and periods have their frame."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.actions.schools import Person, edit_school, open_school
from schools.actions.years import open_year, set_period_dates
from schools.models import EntryWindow, HistoryEntry, Period, Role, RoleAssignment, School, SchoolYear, User


def wanted(cast, **changes):
    return {
        "code": "TH9", "name": "Trường Tiểu học Mới", "authority": cast.commune, "levels": ["TIEU_HOC"],
        "is_public": True, "address": "", "principal": Person("Lê Văn Tám", "0911000001"),
        "clerk": Person("Trần Thị Chín", "0911000002"), **changes,
    }  # fmt: skip


def test_school_comes_with_its_people_and_windows(cast):
    period = Period.objects.get(school_year=cast.year, level="TIEU_HOC", code="CK1")
    now = timezone.now()
    windows = [(period, now, now + timedelta(days=9))]
    school = open_school(by=cast.province_admin, **wanted(cast), windows=windows)
    held = RoleAssignment.objects.filter(school=school).order_by("role").values_list("role", "user__full_name")
    assert list(held) == [("HIEU_TRUONG", "Lê Văn Tám"), ("VAN_THU", "Trần Thị Chín")]
    assert not any(user.has_usable_password() for user in User.objects.filter(school=school))
    assert EntryWindow.objects.open_for(school, period).exists()
    assert school.province == "tỉnh Mẫu"
    assert HistoryEntry.objects.filter(action="open_school", table="schools_school", actor=cast.province_admin).exists()


@pytest.mark.parametrize("person", ["principal", "clerk", "inspector", "commune_officer", "operator", "parent"])
def test_wrong_person_opens_no_school(cast, person):
    with pytest.raises(NotAllowed):
        open_school(by=getattr(cast, person), **wanted(cast))


def test_known_person_is_reused(cast):
    open_school(by=cast.province_admin, **wanted(cast, clerk=Person("Nguyễn Văn Đức", "0900.000.009")))
    assert RoleAssignment.objects.get(user=cast.parent).role == Role.CLERK


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "THCS1"},
        {"clerk": Person("Người Khác", "0900000009")},
        {"clerk": Person("Lê Văn Tám", "0911 000 001")},
        {"clerk": Person("Số Sai", "12345")},
    ],
    ids=["code-taken", "phone-of-another", "one-person-twice", "no-phone"],
)
def test_what_fails_leaves_nothing(cast, changes):
    before = (School.objects.count(), User.objects.count(), HistoryEntry.objects.count())
    with pytest.raises(Refused):
        open_school(by=cast.province_admin, **wanted(cast, **changes))
    assert (School.objects.count(), User.objects.count(), HistoryEntry.objects.count()) == before


def test_level_with_classes_is_not_taken_away(cast):
    with pytest.raises(Refused, match="7A"):
        edit_school(by=cast.province_admin, school=cast.school, levels=["TIEU_HOC"])
    with pytest.raises(NotAllowed):
        edit_school(by=cast.principal, school=cast.school, name="Tên khác")
    edit_school(by=cast.province_admin, school=cast.school, levels=["TIEU_HOC", "THCS"])
    assert School.objects.get(pk=cast.school.pk).levels == ["TIEU_HOC", "THCS"]


def test_year_comes_with_the_periods_of_three_levels(cast):
    year = open_year(by=cast.province_admin, authority=cast.province, first_year=cast.year.first_year + 1)
    codes = Period.objects.for_year(year).values_list("level", "code")
    assert sorted(codes) == sorted(
        [("TIEU_HOC", code) for code in ("GK1", "CK1", "GK2", "CN", "HE")]
        + [(level, code) for level in ("THCS", "THPT") for code in ("HK1", "HK2", "HE")]
    )
    with pytest.raises(Refused, match="đã có"):
        open_year(by=cast.province_admin, authority=cast.province, first_year=year.first_year)


def test_wrong_person_opens_no_year(cast):
    for person in (cast.principal, cast.inspector, cast.operator):
        with pytest.raises(NotAllowed):
            open_year(by=person, authority=cast.province, first_year=2030)


def test_dates_of_periods_stay_in_order_and_inside(cast):
    hk1 = Period.objects.get(school_year=cast.year, level="THCS", code="HK1")
    hk2 = Period.objects.get(school_year=cast.year, level="THCS", code="HK2")
    day = timedelta(days=1)
    moved = {hk1: (hk1.starts_on, hk1.ends_on + day), hk2: (hk2.starts_on + day, hk2.ends_on)}
    set_period_dates(by=cast.province_admin, year=cast.year, dates=moved)
    assert Period.objects.get(pk=hk1.pk).ends_on == moved[hk1][1]
    for wrong, words in (
        ({hk1: (hk1.starts_on, hk2.starts_on + 5 * day)}, "phải bắt đầu sau"),
        ({hk1: (hk1.ends_on, hk1.starts_on)}, "trước ngày bắt đầu"),
        ({hk1: (cast.year.starts_on - day, hk1.ends_on)}, "nằm trong năm học"),
    ):
        with pytest.raises(Refused, match=words):
            set_period_dates(by=cast.province_admin, year=SchoolYear.objects.get(pk=cast.year.pk), dates=wrong)


def test_closed_year_keeps_its_dates(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    with pytest.raises(NotAllowed):
        set_period_dates(by=cast.province_admin, year=cast.year, dates={})
