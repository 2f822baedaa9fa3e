"""Who signs for the principal signs in the own name and says so: in the file, in the record and on the screen."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from records.actions.keys import give_key
from records.actions.page_files import read_page
from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import return_class, sign_off_class
from records.documents.told import told
from records.documents.verify import verified
from records.models import PageVersion, SignOff
from schools.actions.delegations import delegate
from schools.models import Delegation
from tests.records.term import PIN, Term, fresh, give_keys, submitted

IN_WORDS = "Phạm Văn Bình, kí thay hiệu trưởng Trần Quốc Hùng"


@pytest.fixture
def delegated(term: Term) -> Term:
    """Pages signed by the homeroom teacher; the vice-principal signs for the principal."""
    cast, now = term.cast, timezone.now()
    give_keys(submitted(term))
    give_key(by=None, holder=cast.vice_principal, pin=PIN, authority=term.authority)
    delegate(
        by=fresh(cast.principal), kind=Delegation.Kind.SIGNER, school=cast.school, grantee=cast.vice_principal,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2), reason="Hiệu trưởng đi công tác",
    )  # fmt: skip
    for version in PageVersion.objects.all():
        render_page(version)
    carried_out(act(term, sign_as_homeroom, "homeroom_teacher"))
    return term


def act(term: Term, action: Any, person: str) -> Any:
    by = fresh(getattr(term.cast, person))
    return action(by=by, class_period=term.now(), pin=PIN, shown=term.shown())


def carried_out(order: Any) -> None:
    related = ("order__by", "order__key", "order__delegation__grantor", "version")
    assert {carry_out(item).state for item in order.items.select_related(*related)} == {"XONG"}


def test_delegated_signature_names_the_delegation_and_the_file_says_for_whom(delegated):
    carried_out(act(delegated, sign_off_class, "vice_principal"))
    assert SignOff.objects.get(after="DA_DUYET").delegation.grantor == delegated.cast.principal
    version = PageVersion.objects.of(delegated.class_period).first()
    assert version.signatures.get(slot="HIEU_TRUONG").order.delegation.grantor == delegated.cast.principal
    verdict = verified(read_page(version), [delegated.authority.certificate])
    assert [fact.reason for fact in verdict.signatures] == [
        "Giáo viên chủ nhiệm xác nhận", "Kí thay hiệu trưởng Trần Quốc Hùng",
    ]  # fmt: skip
    assert f"Hiệu trưởng: {IN_WORDS}, kí " in told(verdict).replace(" (Trường THCS Nguyễn Du)", "")


def test_principal_signs_by_the_own_right_while_a_delegation_holds(delegated):
    carried_out(act(delegated, sign_off_class, "principal"))
    assert SignOff.objects.get(after="DA_DUYET").delegation is None
    version = PageVersion.objects.of(delegated.class_period).first()
    assert "kí thay" not in told(verified(read_page(version), [delegated.authority.certificate]))


def test_delegated_return_says_for_whom(delegated, client):
    by = fresh(delegated.cast.vice_principal)
    return_class(by=by, class_period=delegated.now(), reason="Điểm giữa kì chưa đúng", sheets=[])
    client.force_login(delegated.cast.homeroom_teacher)
    page = client.get(f"/chu-nhiem/{delegated.class_period.public_id}/").content.decode()
    assert f"{IN_WORDS}: Bị trả lại" in page


def test_page_on_the_screen_says_who_signed_for_whom(delegated, client):
    carried_out(act(delegated, sign_off_class, "vice_principal"))
    client.force_login(delegated.cast.homeroom_teacher)
    version = PageVersion.objects.of(delegated.class_period).first()
    assert f"Hiệu trưởng: {IN_WORDS}, " in client.get(f"/trang/{version.public_id}/").content.decode()
