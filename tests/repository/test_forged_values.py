"""Forged and odd values in every form of every page: no error of the server, and no English word on what is shown."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.repository.test_access_matrix import MATRIX, PEOPLE
from tests.repository.undoing import undone
from tests.repository.urls import addresses, examples

ENGLISH = re.compile(
    r"\b(allowed|available|bad|cannot|characters?|choices?|correct|could|ensure|enter|error|failed|field|file|"
    r"forbidden|found|has|incorrect|invalid|is|less|list|login|method|missing|must|not|null|only|password|please|"
    r"request|required|select|server|should|submit|submitted|the|this|too|try|upload|valid|value|was|with|you|your)\b",
    re.IGNORECASE,
)
FORGED = {
    "nothing": "",
    "no such choice": "zzq-1",
    "a NUL": "ab\x00c",
    "no number": "-99999999999999999999",
    "no day": "99/99/9999",
    "much text": "ư" * 6000,
    "markup": "<qq>'\"&%s{{ 7 }}",
}


@dataclass
class Form:
    method: str
    action: str
    fields: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The forms of a page, and the words a person reads on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in {"script", "style", "svg"}:
            self.silent += 1
        elif tag == "form":
            self.forms.append(Form(values.get("method", "get").lower(), values.get("action") or ""))
        elif tag in {"input", "select", "textarea", "button"} and self.forms:
            known = {*self.forms[-1].fields, "csrfmiddlewaretoken", None}
            self.forms[-1].fields += {values.get("name")} - known

    def handle_endtag(self, tag):
        if tag in {"script", "style", "svg"}:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)

    @property
    def english(self) -> set[str]:
        return {word.lower() for text in self.words for word in ENGLISH.findall(text)}


def pages() -> Iterator[tuple[str, str]]:
    """For each address everybody who gets a page of their own at it, or may send something to it."""
    for row in csv.DictReader(MATRIX.read_text(encoding="utf-8").splitlines()):
        yield from ((row["address"], person) for person in PEOPLE if row[person] in {"200", "400", "405", "422"})


def by_person() -> dict[str, list[str]]:
    """Every address once, with the first person it answers."""
    found: dict[str, str] = {}
    for address, person in pages():
        found.setdefault(address, person)
    return {one: [address for address, person in found.items() if person == one] for one in {*found.values()}}


def sent(client: Client, form: Form, url: str, value: str):
    """The answer to the form filled with the value; what it did is undone."""
    data = dict.fromkeys(form.fields, value)
    target = url if form.action in {"", "#"} else form.action
    with undone():
        return client.get(target, data) if form.method == "get" else client.post(target, data)


def shown(response) -> Page | None:
    return Page(response.content.decode()) if response.get("Content-Type", "").startswith("text/html") else None


def sign_in(client: Client, user) -> None:
    if user is not None:
        client.force_login(user)


@pytest.mark.parametrize("person", sorted(by_person()))
def test_forged_values_are_answered_in_vietnamese(cast, settings, person):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.ACCOUNT_RATE_LIMITS = {}
    values, client, faults = examples(cast), Client(raise_request_exception=False), []
    seen: Counter[int] = Counter()
    user = None if person == "nobody" else getattr(cast, person)
    known = {address.name: address for address in addresses()}
    for name in by_person()[person]:
        url = reverse(name, kwargs={key: values[key] for key in known[name].parameters})
        sign_in(client, user)
        page = shown(client.get(url))
        forms = [form for form in page.forms if form.action != reverse("account_logout")] if page else []
        for form in [*forms, Form("post", "")]:
            for what, value in FORGED.items():
                sign_in(client, user)
                response = sent(client, form, url, value)
                answer = shown(response)
                told = sorted(answer.english) if answer else []
                seen[response.status_code] += 1
                if response.status_code >= 500 or told:
                    faults.append((name, form.method, form.action, what, response.status_code, told))
    assert faults == []
    assert seen[302] * 2 < seen.total()  # forms were read and refused, not sent away to the login
