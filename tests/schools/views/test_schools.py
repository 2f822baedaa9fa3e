"""The Sở's room of schools: the list, a school, opening one on the guided page, changing what is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import EntryWindow, Role, RoleAssignment, School, User
from tests.cast import make_school


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(response) -> list[str]:
    return [school.name for school in response.context["page"]]


def wanted(cast, **changes):
    return {
        "code": "TH9", "name": "Trường Tiểu học Mới", "authority": cast.commune.public_id, "levels": ["TIEU_HOC"],
        "is_public": "on", "address": "", "principal_name": "Lê Văn Tám", "principal_phone": "0911 000 001",
        "clerk_name": "Trần Thị Chín", "clerk_phone": "0911 000 002", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"ten": "nguyen du"}, ["Trường THCS Nguyễn Du"]),
        ({"ten": "NGUYE\u0302\u0303N DU"}, ["Trường THCS Nguyễn Du"]),
        ({"ten": "thpt1"}, ["Trường THPT Chu Văn An"]),
        ({"cap": "THPT"}, ["Trường THPT Chu Văn An"]),
        ({"cap": "' OR 1=1"}, ["Trường THCS Lê Lợi", "Trường THCS Nguyễn Du", "Trường THPT Chu Văn An"]),
        ({"ten": "%"}, []),
        ({"trang": "999"}, ["Trường THCS Lê Lợi", "Trường THCS Nguyễn Du", "Trường THPT Chu Văn An"]),
    ],
    ids=["plain", "nfd", "code", "level", "nonsense", "wildcard", "page-too-far"],
)
def test_list_finds_schools(cast, query, found):
    assert names(window(cast.province_admin).get(reverse("school_list"), query)) == found


def test_each_sees_the_schools_overseen(cast):
    seen = {
        person: names(window(getattr(cast, person)).get(reverse("school_list")))
        for person in ("inspector", "commune_officer")
    }
    assert seen == {
        "inspector": ["Trường THCS Lê Lợi", "Trường THCS Nguyễn Du", "Trường THPT Chu Văn An"],
        "commune_officer": ["Trường THCS Nguyễn Du"],
    }


def test_list_counts_classes_and_students(cast):
    page = window(cast.inspector).get(reverse("school_list")).context["page"]
    assert [(one.classes, one.pupils) for one in page] == [(1, 1), (2, 2), (0, 0)]


def test_list_costs_the_same_for_one_and_for_three_and_is_paged(cast, django_assert_num_queries):
    client = window(cast.province_admin)
    client.get(reverse("school_list"))  # the first page of a session notes the session
    for query in ({"cap": "THPT"}, {}):
        with django_assert_num_queries(7):
            client.get(reverse("school_list"), query)
    for number in range(50):
        make_school(f"X{number:02}", f"Trường số {number:02}", cast.commune)
    page = client.get(reverse("school_list")).context["page"]
    assert (len(page), page.paginator.num_pages) == (50, 2)


def test_school_shows_its_people_windows_and_counts(cast):
    response = window(cast.province_admin).get(reverse("school", args=[cast.school.public_id]))
    assert (response.context["counts"].classes, response.context["counts"].pupils) == (2, 2)
    assert [held.user.full_name for held in response.context["people"]] == [
        "Phạm Văn Bình", "Võ Thùy Dung", "Trần Quốc Hùng",
    ]  # fmt: skip
    assert list(response.context["windows"]) == [cast.window]
    for person in (cast.principal, cast.clerk):
        assert reverse("slip_issue", args=[person.public_id]) in response.content.decode()


def test_reader_is_offered_no_changes(cast):
    page = window(cast.inspector).get(reverse("school", args=[cast.school.public_id])).content.decode()
    assert reverse("school_edit", args=[cast.school.public_id]) not in page
    assert reverse("slip_issue", args=[cast.principal.public_id]) not in page


def test_officer_sees_no_school_of_another_commune(cast):
    for school in (cast.other_school, cast.high_school):
        assert window(cast.commune_officer).get(reverse("school", args=[school.public_id])).status_code == 404


def test_guided_page_opens_a_school_whole(cast):
    now = timezone.localtime()
    times = {"opens_at": f"{now:%Y-%m-%dT%H:%M}", "closes_at": f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}"}
    response = window(cast.province_admin).post(reverse("school_new"), wanted(cast, **times))
    school = School.objects.get(code="TH9")
    assert response["Location"] == reverse("school", args=[school.public_id])
    held = RoleAssignment.objects.filter(school=school).values_list("role", "user__phone").order_by("role")
    assert list(held) == [(Role.PRINCIPAL, "0911000001"), (Role.CLERK, "0911000002")]
    assert [one.period.level for one in EntryWindow.objects.filter(school=school)] == ["TIEU_HOC"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "THCS1"}, "Mã trường THCS1 đã có"),
        ({"clerk_phone": "12345"}, "không phải số điện thoại"),
        ({"clerk_personal_id": "123"}, "đúng 12 chữ số"),
        ({"clerk_phone": "0900000009"}, "tên khác"),
        ({"levels": []}, "Cấp học"),
        ({"opens_at": "2026-09-01T07:00"}, "cả lúc mở và lúc đóng"),
        ({"authority": "1"}, "Phường, xã"),
    ],
    ids=["code", "phone", "personal-id", "phone-of-another", "no-level", "half-a-window", "counter-for-id"],
)
def test_refused_page_keeps_what_was_typed(cast, changes, words):
    before = (School.objects.count(), User.objects.count())
    response = window(cast.province_admin).post(reverse("school_new"), wanted(cast, **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Trường Tiểu học Mới" in page
    assert (School.objects.count(), User.objects.count()) == before


def test_school_is_changed_by_the_province_and_by_nobody_else(cast):
    url = reverse("school_edit", args=[cast.school.public_id])
    changed = {
        "code": "THCS1", "name": "Trường THCS Nguyễn Trãi", "authority": cast.other_commune.public_id,
        "levels": ["THCS", "THPT"], "is_public": "on", "address": "12 phố Mẫu",
    }  # fmt: skip
    for person in (cast.principal, cast.inspector, cast.commune_officer, cast.clerk):
        assert window(person).post(url, changed).status_code == 403
    assert window(cast.province_admin).post(url, changed).status_code == 302
    school = School.objects.get(pk=cast.school.pk)
    assert (school.name, school.authority, school.levels) == (
        "Trường THCS Nguyễn Trãi", cast.other_commune, ["THCS", "THPT"],
    )  # fmt: skip
    assert f'value="{cast.other_commune.public_id}" selected' in window(cast.province_admin).get(url).content.decode()


def test_code_of_another_school_is_refused_on_the_page(cast):
    url = reverse("school_edit", args=[cast.school.public_id])
    data = {"code": "THCS2", "name": "A", "authority": cast.commune.public_id, "levels": ["THCS"]}
    response = window(cast.province_admin).post(url, data)
    assert (response.status_code, "THCS2 đã có" in response.content.decode()) == (422, True)
