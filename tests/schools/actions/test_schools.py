"""A new school is there whole or not at all; what is known about it is changed by the Sở alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.actions.schools import Person, edit_school, open_school
from schools.models import Authority, EntryWindow, HistoryEntry, Period, Role, RoleAssignment, School, User


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
        {"levels": []},
    ],
    ids=["code-taken", "phone-of-another", "one-person-twice", "no-phone", "no-level"],
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


def test_school_that_moves_prints_its_new_place(cast):
    edit_school(by=cast.province_admin, school=cast.school, authority=cast.other_commune)
    school = School.objects.get(pk=cast.school.pk)
    assert (school.authority, school.commune, school.province) == (cast.other_commune, "Phường Hai", "tỉnh Mẫu")
    old = {"commune": "", "authority": cast.commune.pk}
    changes = HistoryEntry.objects.get(action="edit_school").payloads.get().payload["changes"]
    assert {name: changes[f"{name}_id" if name == "authority" else name][0] for name in old} == old


def test_code_of_another_school_is_refused(cast):
    with pytest.raises(Refused, match="THCS2"):
        edit_school(by=cast.province_admin, school=cast.school, code="THCS2")
    assert School.objects.get(pk=cast.school.pk).code == "THCS1"


def test_school_of_another_province_is_out_of_reach(cast):
    elsewhere = Authority.objects.create(kind="SO", code="SO2", name="Sở Giáo dục và Đào tạo tỉnh Khác")
    commune = Authority.objects.create(kind="XA", code="XA3", name="Xã Ba", parent=elsewhere)
    with pytest.raises(NotAllowed):
        open_school(by=cast.province_admin, **wanted(cast, authority=commune))
    with pytest.raises(NotAllowed):
        edit_school(by=cast.province_admin, school=cast.school, authority=commune)
    School.objects.filter(pk=cast.school.pk).update(authority=commune)
    with pytest.raises(NotAllowed):
        edit_school(by=cast.province_admin, school=School.objects.get(pk=cast.school.pk), name="Tên khác")
