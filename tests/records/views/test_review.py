"""The principal's room: what somebody is told whose page shows a class that has gone on since."""

import pytest
from django.urls import reverse

from records.actions.signoff import return_class
from records.models import Signature
from tests.records.term import PIN, Term, fresh, give_keys, submitted
from tests.records.views.looking import signed_in

REASON = "Điểm Toán của một em còn nhầm"


@pytest.fixture
def returned(term: Term, settings) -> Term:
    """Submitted, and returned in another window."""
    settings.SECOND_FACTOR_REQUIRED = False
    give_keys(submitted(term))
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason=REASON, sheets=[])
    return term


@pytest.mark.parametrize(
    ("address", "given", "not_done"),
    [
        ("review_sign", {"pin": PIN}, "chưa kí gì"),
        ("review_return", {"reason": REASON}, "chưa trả lại"),
    ],
)
def test_act_on_a_class_that_was_returned_meanwhile_says_so_on_the_class(returned, address, given, not_done):
    class_period = returned.now()
    answer = signed_in(returned, "principal").post(reverse(address, args=[class_period.public_id]), given, follow=True)
    assert answer.redirect_chain == [(reverse("review", args=[class_period.public_id]), 302)]
    assert f"Lớp 7A nay bị trả lại: {not_done}." in answer.content.decode()
    assert (returned.now().state, Signature.objects.count()) == (class_period.state, 0)


@pytest.mark.parametrize("person", ["vice_principal", "other_principal"])
def test_whose_signature_it_never_is_learns_nothing(returned, person):
    client = signed_in(returned, person)
    assert client.post(reverse("review_sign", args=[returned.now().public_id]), {"pin": PIN}).status_code == 404


def test_homeroom_teacher_is_told_in_which_state_the_class_is(returned):
    url = reverse("homeroom_sign", args=[returned.now().public_id])
    answer = signed_in(returned, "homeroom_teacher").post(url, {"pin": PIN}, follow=True)
    assert "Lớp 7A nay bị trả lại: chưa kí gì." in answer.content.decode()
