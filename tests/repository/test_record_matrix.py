"""Act × person × state of the class: what everybody gets at every address of the record, checked in as a table
(record_matrix.csv). Each cell was asked over HTTP; what does not hang on the state is asked in the last.

``done`` is an act that left its trace in the history; ``no 302`` one that was answered with that status and wrote
nothing; anything else is the status. Written anew, once somebody has looked at the difference, by
``./run test -- tests/repository/test_record_matrix.py --write-matrix``.
"""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client

from records.models import SigningKey
from records.urls import urlpatterns
from schools.models import HistoryEntry, User
from tests.records.term import make_term
from tests.repository.acts import STATES, Act, acts, each_state
from tests.repository.people import CAST, FURTHER, STRANGERS, everybody
from tests.repository.undoing import undone

MATRIX = Path(__file__).with_name("record_matrix.csv")
PEOPLE = (*CAST, *FURTHER)
# Addresses that name nothing: what is in these rooms hangs on the person, and access_matrix.csv says who has them.
ROOMS = {"sheet_list", "homeroom_list", "review_list", "book_room", "key_list", "history", "summer_list", "new_year"}
KEPT_OUT = (*STRANGERS, "colleague")

# Whose act it is, and when: everything that is ever done at an address of the record.
TEACHERS, LEADER = {"maths_teacher", "substitute"}, {"homeroom_teacher"}
SIGNERS, CLERK = {"principal", "signer"}, {"clerk"}
DONE = {
    "POST sheet_cells": {"open": TEACHERS, "returned": TEACHERS},
    "POST sheet_save": {"open": TEACHERS, "returned": TEACHERS},
    "POST sheet_confirm": {"open": TEACHERS, "returned": TEACHERS},
    "POST sheet_take_back": {"confirmed": TEACHERS},
    "POST homeroom_cells": {"open": LEADER, "confirmed": LEADER, "returned": LEADER},
    "POST homeroom_save": {"open": LEADER, "confirmed": LEADER, "returned": LEADER},
    "POST homeroom_submit": {"confirmed": LEADER},
    "POST homeroom_sign": {"submitted": LEADER},
    "POST review_return": {"submitted": SIGNERS, "signed by homeroom": SIGNERS},
    "POST review_sign": {"signed by homeroom": SIGNERS, "signed by principal": CLERK},
    "POST rule_settle": {"issued": {"province_admin"}},
    "POST placing_back": {"issued": CLERK},
    "POST key_pin": {"issued": CLERK},
}


def answer(client: Client, act: Act) -> str:
    """What the act comes to; it is undone."""
    entries = HistoryEntry.objects.count()
    with undone():
        if act.form is None:
            response = client.get(act.url)
        else:
            response = client.post(act.url, act.body, content_type=act.content_type)
        if response.streaming:
            b"".join(response.streaming_content)  # and the file is closed
        wrote = HistoryEntry.objects.count() > entries
    if act.form is None or response.status_code in {403, 404}:
        return f"{response.status_code}{' wrote' * wrote}"
    return "done" if wrote else f"no {response.status_code}"


def give_everybody_a_key(people: dict[str, User]) -> None:
    """A copy of the homeroom teacher's, under the same PIN: nobody is kept from signing for want of a key."""
    one = SigningKey.objects.get(user=people["homeroom_teacher"])
    holders = set(SigningKey.objects.values_list("user", flat=True))
    SigningKey.objects.bulk_create(
        SigningKey(
            user=user, certificate=one.certificate, chain=one.chain, locked=one.locked, valid_until=one.valid_until
        )
        for user in people.values()
        if user.pk not in holders
    )


@pytest.fixture
def made_anew(cast, tmp_path, settings, bare_refusals):
    settings.SECOND_FACTOR_REQUIRED, settings.FILES_ROOT = False, tmp_path / "files"
    term, people = make_term(cast), everybody(cast)
    clients = {name: Client() for name in PEOPLE}
    for name, client in clients.items():
        client.force_login(people[name])
    rows = {}
    for state in each_state(term):
        if state == "open":
            give_everybody_a_key(people)
        for act in acts(term, state):
            told = {name: answer(client, act) for name, client in clients.items()}
            rows[act.name, state] = {"act": act.name, "state": state} | told
    order = {name: number for number, name in enumerate(dict.fromkeys(name for name, _ in rows))}
    table = StringIO()
    writer = csv.DictWriter(table, ["act", "state", *PEOPLE], lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows.values(), key=lambda row: (order[row["act"]], STATES.index(row["state"]))))
    return table.getvalue()


def test_everybody_gets_at_the_record_what_the_matrix_says(made_anew, request):
    if request.config.getoption("--write-matrix"):
        MATRIX.write_text(made_anew, encoding="utf-8")
    assert made_anew.splitlines() == MATRIX.read_text(encoding="utf-8").splitlines()


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(MATRIX.read_text(encoding="utf-8"))))


def test_acts_are_done_by_those_whose_they_are_in_their_state():
    done: dict[str, dict[str, set[str]]] = {}
    for row in rows():
        if by := {name for name in PEOPLE if row[name] == "done"}:
            done.setdefault(row["act"], {})[row["state"]] = by
    assert done == DONE


def test_nobody_from_elsewhere_and_no_colleague_without_the_class_gets_anything():
    given = {(row["act"], row["state"], name): row[name] for row in rows() for name in KEPT_OUT}
    assert {cell: code for cell, code in given.items() if code not in {"403", "404"}} == {}


def test_looking_writes_nothing_and_nothing_breaks():
    cells = {row[name] for row in rows() for name in PEOPLE}
    assert {cell for cell in cells if "wrote" in cell or "500" in cell} == set()


def test_every_address_of_the_record_is_asked():
    asked = {row["act"].split()[1] for row in rows()}
    assert {pattern.name for pattern in urlpatterns} - ROOMS == asked
