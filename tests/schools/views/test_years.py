"""School years in the Sở's room."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Period, SchoolYear
from tests.cast import make_year


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def dates(year, **changes):
    """What the page of a year sends, with ``level_code=(from, to)`` changed."""
    sent = {}
    for period in Period.objects.for_year(year):
        starts_on, ends_on = changes.get(f"{period.level}_{period.code}", (period.starts_on, period.ends_on))
        sent |= {f"starts_on_{period.pk}": starts_on.isoformat(), f"ends_on_{period.pk}": ends_on.isoformat()}
    return sent


def hk1(cast):
    return Period.objects.get(school_year=cast.year, level="THCS", code="HK1")


def test_year_is_opened_with_proposed_periods(cast):
    first = cast.year.first_year + 1
    response = window(cast.province_admin).post(reverse("year_new"), {"first_year": first})
    year = SchoolYear.objects.get(first_year=first)
    assert response["Location"] == reverse("year", args=[year.public_id])
    assert Period.objects.for_year(year).count() == 11


@pytest.mark.parametrize("first", ["", "1999", "năm nay", "999999999999999999999"])
def test_nonsense_opens_no_year(cast, first):
    response = window(cast.province_admin).post(reverse("year_new"), {"first_year": first})
    assert (response.status_code, SchoolYear.objects.count()) == (422, 1)


def test_year_that_is_there_is_refused(cast):
    response = window(cast.province_admin).post(reverse("year_new"), {"first_year": cast.year.first_year})
    assert (response.status_code, "đã có" in response.content.decode()) == (422, True)


def test_dates_are_saved(cast):
    moved = (hk1(cast).starts_on + timedelta(days=2), hk1(cast).ends_on)
    url = reverse("year", args=[cast.year.public_id])
    assert window(cast.province_admin).post(url, dates(cast.year, THCS_HK1=moved)).status_code == 302
    assert (hk1(cast).starts_on, hk1(cast).ends_on) == moved


def test_dates_out_of_order_are_refused_and_stay_typed(cast):
    wrong = (hk1(cast).ends_on, hk1(cast).starts_on)
    url = reverse("year", args=[cast.year.public_id])
    response = window(cast.province_admin).post(url, dates(cast.year, THCS_HK1=wrong))
    page = response.content.decode()
    assert (response.status_code, "ngày kết thúc trước ngày bắt đầu" in page) == (422, True)
    assert f'name="starts_on_{hk1(cast).pk}" value="{wrong[0].isoformat()}"' in page


def test_levels_stand_in_the_order_of_schooling(cast):
    response = window(cast.province_admin).get(reverse("year", args=[cast.year.public_id]))
    assert [level for level, _ in response.context["form"].groups()] == ["Tiểu học", "THCS", "THPT"]


def test_closed_year_is_read_only(cast):
    SchoolYear.objects.filter(pk=cast.year.pk).update(closed_at=timezone.now())
    client, url = window(cast.province_admin), reverse("year", args=[cast.year.public_id])
    page = client.get(url).content.decode()
    assert ("Năm học đã đóng" in page, "starts_on_" in page) == (True, False)
    response = client.post(url, dates(cast.year))
    assert (response.status_code, "không sửa được nữa" in response.content.decode()) == (422, True)


def test_only_the_province_comes_in(cast):
    urls = [reverse("year_list"), reverse("year_new"), reverse("year", args=[cast.year.public_id])]
    for person in (cast.principal, cast.clerk, cast.inspector, cast.commune_officer, cast.operator, cast.parent):
        assert {window(person).get(url).status_code for url in urls} == {403}


def test_list_costs_the_same_for_one_and_for_three(cast, django_assert_num_queries):
    client = window(cast.province_admin)
    client.get(reverse("year_list"))
    with django_assert_num_queries(6):
        client.get(reverse("year_list"))
    for ahead in (1, 2):
        make_year(cast.province, cast.year.first_year + ahead)
    with django_assert_num_queries(6):
        client.get(reverse("year_list"))


def test_page_says_what_keeps_the_year_open_and_closing_leads_back_to_it(cast):
    client = Client()
    client.force_login(cast.province_admin)
    page = client.get(reverse("year", args=[cast.year.public_id])).content.decode()
    assert "Năm học chưa hết: " in page
    assert "disabled>Đóng năm học" in page
    answer = client.post(reverse("year_close", args=[cast.year.public_id]), follow=True)
    assert "Chưa đóng được năm học: Năm học chưa hết" in answer.content.decode()
    cast.year.refresh_from_db()
    assert cast.year.closed_at is None
