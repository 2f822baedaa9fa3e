"""A frozen page on the screen."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from records.models import PageVersion
from records.views.book import file_name
from tests.records.term import submitted


@pytest.mark.parametrize(
    ("person", "room"), [("homeroom_teacher", "homeroom"), ("principal", "review"), ("clerk", "review")]
)
def test_page_leads_back_to_the_class_in_the_own_room(term, settings, person, room):
    settings.SECOND_FACTOR_REQUIRED = False
    version = PageVersion.objects.of(submitted(term).class_period).first()
    client = Client()
    client.force_login(getattr(term.cast, person))
    back = reverse(room, args=[term.class_period.public_id])
    assert f'href="{back}"' in client.get(reverse("book_page", args=[version.public_id])).content.decode()
    assert client.get(back).status_code == 200


def test_pages_of_a_class_are_read_one_after_another(term, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    first, second = PageVersion.objects.of(submitted(term).class_period)
    client = Client()
    client.force_login(term.cast.principal)
    pages = [client.get(reverse("book_page", args=[one.public_id])).content.decode() for one in (first, second)]
    urls = [reverse("book_page", args=[one.public_id]) for one in (first, second)]
    assert f'href="{urls[1]}" rel="next">Tiếp: {second.page.student}' in pages[0]
    assert 'rel="prev"' not in pages[0]
    assert f'href="{urls[0]}" rel="prev">Trước: {first.page.student}' in pages[1]


def test_saved_files_of_two_children_have_two_names_and_none_names_a_child(term, handed_in):
    first, second = (file_name(version) for version in PageVersion.objects.of(term.class_period))
    year = term.cast.year.first_year
    assert first != second
    assert re.fullmatch(rf"hoc-ba-{year}-hoc-ki-[0-9a-f]{{8}}-ban-1\.pdf", first)
