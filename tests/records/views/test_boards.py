"""What the boards count is a link to just those: classes at a step, sheets of a class, classes and students."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.models import MarkSheet, PageVersion
from records.rooms import review_to_do
from schools.models import RoleAssignment
from tests.cast import make_class
from tests.records.term import PIN, confirm_all, fill_sheet, fresh, give_keys


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links(response, words) -> list[str]:
    """Where the links of a page go whose words begin so."""
    found = re.findall(r'<a href="([^"]*)">([^<]*)', response.content.decode())
    return [url.replace("&amp;", "&") for url, text in found if text.startswith(words)]


def test_counts_of_a_class_lead_to_the_sheets_they_count(term):
    maths = term.maths
    fill_sheet(maths, term.cast.maths_teacher)
    client, made = window(term.cast.principal), len(term.sheets)
    board = client.get(reverse("review_list"))
    (unconfirmed,) = links(board, f"0/{made}")
    assert len(client.get(unconfirmed).context["sheets"]) == made
    (one,) = board.context["class_periods"]
    (empty,) = links(board, str(one.empty_cells))
    shown = client.get(empty).context["sheets"]
    assert (len(shown), sum(sheet.missing for sheet in shown)) == (made - 1, one.empty_cells)
    MarkSheet.objects.exclude(pk=maths.pk).update(missing=0)
    assert links(client.get(reverse("review_list")), "36 ") == []


def test_finished_class_leads_to_all_its_sheets_and_its_pages(term, handed_in):
    client, made = window(term.cast.principal), len(term.sheets)
    board = client.get(reverse("review_list"))
    (sheets,) = links(board, f"{made}/{made}")
    assert "loc=" not in sheets
    assert len(client.get(sheets).context["sheets"]) == made
    assert links(board, "2") == [reverse("review", args=[term.class_period.public_id]) + "#pages"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?buoc=dang-nhap", 0), ("?buoc=cho-chu-nhiem", 1), ("?buoc=cho-duyet", 0), ("?buoc=khac", 1)],
)
def test_list_of_classes_at_a_step(term, handed_in, query, found):
    response = window(term.cast.principal).get(reverse("review_list") + query)
    assert len(response.context["class_periods"]) == found
    assert ("Không có lớp nào ở bước này." in response.content.decode()) is (found == 0)


def test_what_waits_for_the_principal_leads_to_just_that(term, handed_in):
    give_keys(term)
    assert list(review_to_do(fresh(term.cast.principal))) == []
    for version in PageVersion.objects.all():
        render_page(version)
    given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()}
    order = sign_as_homeroom(by=fresh(term.cast.homeroom_teacher), **given)
    for item in order.items.select_related("order__by", "order__key", "version"):
        carry_out(item)
    (told,) = review_to_do(fresh(term.cast.principal))
    assert (told.words, told.url) == ("1 lớp chờ bạn duyệt và kí", reverse("review_list") + "?buoc=cho-duyet")
    shown = window(term.cast.principal).get(told.url).context["class_periods"]
    assert [one.pk for one in shown] == [term.class_period.pk]


def test_sheets_of_a_class_in_forged_filters(term):
    client, url = window(term.cast.principal), reverse("sheets_of_class", args=[term.cast.class_7a.public_id])
    for query in ("?ki=1", "?ki=../", f"?ki={term.cast.school.public_id}", "?loc=khac"):
        assert len(client.get(url + query).context["sheets"]) == len(term.sheets)


def test_filters_cost_no_query_more(term):
    confirm_all(term)
    client = window(term.cast.principal)
    client.get(reverse("review_list"))
    counts = []
    for query in ("", "?buoc=cho-duyet"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("review_list") + query)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_counts_of_a_school_lead_to_its_classes_and_students(cast):
    make_class(cast.other_school, cast.year, "6C", 6)
    client = window(cast.province_admin)
    board = client.get(reverse("school_list"))
    of_school = [url for url in links(board, "2") if str(cast.school.public_id) in url]
    classes = next(url for url in of_school if url.startswith(reverse("class_list")))
    shown = client.get(classes)
    assert [
        (school, [one.name for _, some in grades for one in some]) for school, grades in shown.context["schools"]
    ] == [(cast.school, ["7A", "7B"])]
    assert "Xem mọi trường" in shown.content.decode()
    assert len(client.get(reverse("class_list") + "?truong=1").context["schools"]) > 1


def test_schools_without_a_principal_are_the_ones_counted(cast):
    RoleAssignment.objects.filter(school=cast.school, role="HIEU_TRUONG").update(ends_on=timezone.localdate())
    client = window(cast.province_admin)
    (url,) = re.findall(
        r'<a href="([^"]*)">\d+ trường chưa có hiệu trưởng', client.get(reverse("home")).content.decode()
    )
    assert url == reverse("school_list") + "?chua-co=hieu-truong"
    shown = client.get(url)
    assert cast.school in shown.context["page"].object_list
    assert cast.other_school not in shown.context["page"].object_list
    assert '<option value="hieu-truong" selected>' in shown.content.decode()
