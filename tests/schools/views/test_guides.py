"""One page of guidance per role, open to everybody, reached from every page."""

import pytest
from django.urls import reverse

from schools.context import GUIDES
from schools.models import Role
from schools.views.guides import TITLES


@pytest.mark.parametrize("role", TITLES)
def test_guide_is_there(client, db, role):
    response = client.get(reverse("guide", args=[role]))
    assert response.status_code == 200
    assert f"Hướng dẫn: {TITLES[role]}" in response.content.decode()


def test_every_role_has_a_guide():
    assert set(GUIDES) == set(Role)
    assert set(GUIDES.values()) | {"phu-huynh", "hoc-sinh"} == set(TITLES)


def test_unknown_guide_is_404(client, db):
    assert client.get(reverse("guide", args=["khong-co"])).status_code == 404
