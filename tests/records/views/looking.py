"""Everybody at one door, and pages as one person sees them."""

from typing import Any

from django.test import Client

from tests.records.term import Term

EVERYBODY = (
    "maths_teacher", "homeroom_teacher", "principal", "vice_principal", "clerk", "intruder", "other_clerk",
    "other_principal", "pupil", "parent", "commune_officer", "inspector", "province_admin", "operator", None,
)  # fmt: skip


def signed_in(term: Term, person: str | None) -> Client:
    """A browser of one of the cast; of nobody for None. What the server fails at is raised."""
    client = Client()
    if person:
        client.force_login(getattr(term.cast, person))
    return client


def at_door(term: Term, url: str, post: Any = None) -> dict[str | None, int]:
    """The status everybody gets at an address: of a GET, of a form posted, or of JSON (text) posted."""
    answers = {}
    for person in EVERYBODY:
        client = signed_in(term, person)
        if post is None:
            answers[person] = client.get(url).status_code
        elif isinstance(post, str):
            answers[person] = client.post(url, post, content_type="application/json").status_code
        else:
            answers[person] = client.post(url, post).status_code
    return answers
