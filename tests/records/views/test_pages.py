"""A frozen page on the screen."""

import pytest
from django.test import Client
from django.urls import reverse

from records.models import PageVersion
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
