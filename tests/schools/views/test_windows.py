"""Entry windows on their pages: seen, opened for one school and for many, closed early."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import EntryWindow, Period

WHY = "Đã nhập xong trước hạn"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hk2(cast):
    return Period.objects.get(school_year=cast.year, level="THCS", code="HK2")


def wanted(of, *schools, **changes):
    now = timezone.localtime()
    return {
        "period": of.public_id, "schools": [school.public_id for school in schools], "reason": "",
        "opens_at": f"{now:%Y-%m-%dT%H:%M}", "closes_at": f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}", **changes,
    }  # fmt: skip


def opened(period):
    windows = EntryWindow.objects.filter(period=period).order_by("school__code")
    return list(windows.values_list("school__code", flat=True))


def test_principal_opens_for_the_own_school(cast):
    response = window(cast.principal).post(reverse("window_new"), wanted(hk2(cast), cast.school))
    assert (response.status_code, opened(hk2(cast))) == (302, ["THCS1"])


def test_principal_opens_for_no_other_school(cast):
    for sent in (wanted(hk2(cast), cast.other_school), wanted(hk2(cast), cast.school, cast.other_school)):
        assert window(cast.principal).post(reverse("window_new"), sent).status_code == 422
    every = wanted(hk2(cast), every_school="on")
    assert window(cast.principal).post(reverse("window_new"), every).status_code == 422
    assert opened(hk2(cast)) == []


def test_province_opens_for_every_school_of_the_level(cast):
    response = window(cast.province_admin).post(reverse("window_new"), wanted(hk2(cast), every_school="on"))
    assert (response.status_code, opened(hk2(cast))) == (302, ["THCS1", "THCS2"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schools": []}, "ít nhất một trường"),
        ({"closes_at": "2020-01-01T00:00"}, "Lúc đóng phải sau lúc mở"),
        ({"opens_at": "hôm nay"}, "“hôm nay” không phải ngày và giờ"),
        ({"opens_at": "0001-01-01T00:00"}, "Năm 0001 không hợp lí"),
        ({"period": "1"}, "Kì"),
        ({"opens_at": "2020-01-01T00:00", "closes_at": "2020-01-02T00:00"}, "Lúc đóng đã qua"),
    ],
    ids=["no-school", "backwards", "nonsense", "half-typed-year", "counter-for-id", "past"],
)
def test_refused_window_keeps_what_was_typed(cast, changes, words):
    response = window(cast.principal).post(
        reverse("window_new"), wanted(hk2(cast), cast.school, reason="Lụt ba ngày liền", **changes)
    )
    page = response.content.decode()
    assert (response.status_code, words in page, "Lụt ba ngày liền" in page) == (422, True, True)
    assert opened(hk2(cast)) == []


def test_extension_without_reason_is_refused_on_the_page(cast):
    response = window(cast.principal).post(reverse("window_new"), wanted(cast.window.period, cast.school))
    assert (response.status_code, "gia hạn" in response.content.decode()) == (422, True)


def test_window_is_closed_early_with_a_reason(cast):
    client, url = window(cast.principal), reverse("window_close", args=[cast.window.public_id])
    assert client.post(url, {"reason": "xong"}).status_code == 422
    assert client.post(url, {"reason": WHY}).status_code == 302
    assert not EntryWindow.objects.get(pk=cast.window.pk).is_open
    assert client.get(url).status_code == 404


def test_strangers_close_nothing(cast):
    url = reverse("window_close", args=[cast.window.public_id])
    codes = {
        name: window(getattr(cast, name)).post(url, {"reason": WHY}).status_code
        for name in ("other_principal", "clerk", "maths_teacher", "inspector", "parent", "operator")
    }
    assert set(codes.values()) == {403, 404}
    assert EntryWindow.objects.get(pk=cast.window.pk).is_open


def test_other_school_sees_none_of_it(cast):
    assert list(window(cast.other_principal).get(reverse("window_list")).context["page"]) == []


def test_list_costs_the_same_for_one_and_for_three_and_is_paged(cast, django_assert_num_queries):
    client = window(cast.principal)
    client.get(reverse("window_list"))
    with django_assert_num_queries(6):
        client.get(reverse("window_list"))
    for number in range(1, 52):
        EntryWindow.objects.create(
            school=cast.school, period=hk2(cast), opens_at=cast.window.opens_at - timedelta(days=number),
            closes_at=cast.window.opens_at, opened_by=cast.vice_principal,
        )  # fmt: skip
    with django_assert_num_queries(6):
        page = client.get(reverse("window_list")).context["page"]
    assert (len(page), page.paginator.num_pages) == (50, 2)
