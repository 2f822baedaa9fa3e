"""The whole job by actions: from the first mark to a page that anybody can verify."""

import pytest

from records.actions.page_files import read_page
from records.actions.signing import sign_as_homeroom
from records.actions.signoff import issue_class, sign_off_class
from records.documents.verify import verified
from records.models import ClassPeriod, PageVersion
from tests.records.term import PIN, Term, fresh, give_keys, submitted


@pytest.mark.django_db
def test_from_the_first_mark_to_the_verified_page(term: Term, django_capture_on_commit_callbacks):
    give_keys(term)
    with django_capture_on_commit_callbacks(execute=True):
        submitted(term)
    assert {version.state for version in PageVersion.objects.all()} == {"CHUAN_BI"}
    assert all(version.is_rendered for version in PageVersion.objects.all())
    people = (
        (sign_as_homeroom, term.cast.homeroom_teacher),
        (sign_off_class, term.cast.principal),
        (issue_class, term.cast.clerk),
    )
    for act, person in people:
        with django_capture_on_commit_callbacks(execute=True):
            act(by=fresh(person), class_period=term.now(), pin=PIN, shown=term.shown())
    assert term.now().state == ClassPeriod.State.ISSUED
    for version in PageVersion.objects.all():
        failures = [item.failure for item in version.items.all() if item.failure]
        assert (version.state, failures) == (PageVersion.State.SEALED, [])
        verdict = verified(read_page(version), [term.authority.certificate])
        assert (verdict.outcome, verdict.reasons) == ("VALID", [])
