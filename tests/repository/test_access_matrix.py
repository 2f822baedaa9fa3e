"""Role × URL: what everybody gets at every address, checked in as a table (access_matrix.csv).

The table is made from the map of addresses. A new address, or a changed answer, fails here until somebody has looked
at the difference and written the table anew:
``./run test -- tests/repository/test_access_matrix.py --write-matrix``.
"""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.repository.people import CAST, FURTHER, STRANGERS, everybody
from tests.repository.undoing import undone
from tests.repository.urls import Address, addresses, examples

MATRIX = Path(__file__).with_name("access_matrix.csv")
PEOPLE = ("nobody", *CAST, *FURTHER)
WHERE_TO = {reverse("account_login"): "login", reverse("account_reauthenticate"): "password"}
NO_OBJECTS = {"role", "kind", "uidb36", "key", "pk"}


def answer(client: Client, address: Address, url: str) -> str:
    """The status of a GET, or of an empty POST where only that is possible; whether a redirect leads to the login or
    asks for the password again. What the request did is undone: nobody's answer hangs on the person before."""
    with undone():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url)
    if response.status_code == 302:
        return WHERE_TO.get(response["Location"].partition("?")[0], "302")
    return str(response.status_code)


def made_anew(cast: Cast) -> str:
    values, people = examples(cast), everybody(cast)
    rows = {}
    for person in PEOPLE:
        client = Client()
        if person in people:
            client.force_login(people[person])
        for address in addresses():
            url = reverse(address.name, kwargs={name: values[name] for name in address.parameters})
            rows.setdefault(address.name, {"address": address.name})[person] = answer(client, address, url)
    table = StringIO()
    writer = csv.DictWriter(table, ["address", *PEOPLE], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return table.getvalue()


def test_everybody_gets_what_the_matrix_says(cast, settings, request, bare_refusals):
    settings.SECOND_FACTOR_REQUIRED = False
    table = made_anew(cast)
    if request.config.getoption("--write-matrix"):
        MATRIX.write_text(table, encoding="utf-8")
    assert table.splitlines() == MATRIX.read_text(encoding="utf-8").splitlines()


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(MATRIX.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("person", STRANGERS)
def test_stranger_gets_nothing_where_an_address_names_an_object(person):
    """Whatever names a student, a class or a person of the school is 403 or 404 for people of another school."""
    named = {address.name for address in addresses() if set(address.parameters) - NO_OBJECTS}
    given = {row["address"]: row[person] for row in rows() if row["address"] in named}
    assert {name: code for name, code in given.items() if code not in {"403", "404"}} == {}


def test_nobody_gets_only_what_is_public():
    public = {row["address"] for row in rows() if row["nobody"] not in {"login", "403", "404"}}
    said_public = {address.name for address in addresses() if getattr(address.view, "access", "") == "public"}
    of_allauth = {address.name for address in addresses() if address.view.__module__.startswith("allauth.")}
    assert public <= said_public | of_allauth


def test_no_address_breaks():
    assert [row["address"] for row in rows() if "500" in row.values()] == []


def test_every_view_says_who_may():
    silent = [
        address.name
        for address in addresses()
        if not getattr(address.view, "access", None) and not address.view.__module__.startswith("allauth.")
    ]
    assert silent == []
