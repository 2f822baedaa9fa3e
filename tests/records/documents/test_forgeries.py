"""Files by people who can sign, or who know how files are made: each is seen for what it is."""

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from records.documents.authority import LocalAuthority
from records.documents.fields import SLOTS, with_fields
from tests.records.documents.conftest import (
    BOXES,
    NOT_SHOWN,
    Office,
    add_field,
    appended,
    leave_something,
    move_seal,
    of_even_length,
    other_catalogue,
    paint,
    painted,
    pdf_a,
    remove_attachment,
    signed_anyhow,
    signed_by,
    untimed,
    with_signatures_elsewhere,
)


@pytest.mark.parametrize("change", [paint, leave_something, move_seal], ids=lambda change: change.__name__)
def test_what_changed_before_the_first_signature_was_not_shown(judge, office, shown, change):
    pdf = signed_anyhow(appended(shown, change), "GVCN", office.signer("GVCN", shown), certify=True)
    for slot in SLOTS[1:]:
        pdf = signed_anyhow(pdf, slot, office.signer(slot, shown))
    assert judge(pdf).reasons == [NOT_SHOWN]


@pytest.mark.parametrize(
    "change", [paint, remove_attachment, other_catalogue, move_seal], ids=lambda change: change.__name__
)
def test_what_changed_together_with_the_first_signature_was_not_shown(judge, office, shown, change):
    pdf = signed_anyhow(shown, "GVCN", office.signer("GVCN", shown), certify=True, change=change)
    for slot in SLOTS[1:]:
        pdf = signed_anyhow(pdf, slot, office.signer(slot, shown))
    assert judge(pdf).reasons == [NOT_SHOWN]


def test_a_page_without_its_data_is_not_issued(judge, office):
    with pikepdf.open(BytesIO(pdf_a())) as document:
        del document.Root.Names
        document.save(bare := BytesIO())
    page = with_fields(bare.getvalue(), BOXES)
    verdict = judge(signed_by(office, page, *SLOTS))
    assert (verdict.outcome, verdict.reasons) == ("INVALID", ["Tệp không kèm dữ liệu học bạ."])


def test_a_page_painted_between_two_signatures_names_those_before(judge, office, shown):
    pdf = painted(signed_by(office, shown, "GVCN"))
    for slot in SLOTS[1:]:
        pdf = signed_anyhow(pdf, slot, office.signer(slot, shown))
    assert untimed(judge(pdf).reasons) == [
        "Giáo viên chủ nhiệm (Lê Thị Hoa): trang đã bị thay đổi sau chữ kí này.",
        NOT_SHOWN,
    ]


def test_a_field_added_after_certification_breaks_the_first_signature(judge, office, shown):
    pdf = appended(signed_by(office, shown, "GVCN"), add_field)
    for slot in SLOTS[1:]:
        pdf = signed_anyhow(pdf, slot, office.signer(slot, shown))
    verdict = judge(pdf)
    assert [fact.holds for fact in verdict.signatures] == [False, True, True]
    assert untimed(verdict.reasons)[0] == "Giáo viên chủ nhiệm (Lê Thị Hoa): trang đã bị thay đổi sau chữ kí này."


def test_a_fourth_signature_is_strange(judge, office, issued, shown):
    pdf = signed_anyhow(appended(issued, add_field), "CON_DAU_2", office.signer("CON_DAU", shown))
    assert "Có chữ kí lạ ở ô “CON_DAU_2”." in judge(pdf).reasons


def test_a_signature_kept_elsewhere_does_not_cover_what_was_added(judge, office, shown):
    pdf = of_even_length(office, shown)
    verdict = judge(with_signatures_elsewhere(pdf))
    assert (verdict.whole, [fact.unchanged_since for fact in verdict.signatures]) == (
        True,
        [True] * 3,
    )  # as pyHanko says
    assert (verdict.outcome, [fact.intact for fact in verdict.signatures]) == ("INVALID", [False] * 3)
    assert NOT_SHOWN in verdict.reasons


def test_an_unknown_authority_is_not_trusted(judge, office, shown, tmp_path):
    namesake = LocalAuthority.make(tmp_path / "other", "CA của bài thử", b"bi mat")
    verdict = judge(signed_by(Office(namesake, office.keys), shown, *SLOTS))
    assert verdict.outcome == "INVALID"
    assert [(fact.intact, fact.trusted) for fact in verdict.signatures] == [(True, False)] * 3
    assert untimed(verdict.reasons)[0] == (
        "Giáo viên chủ nhiệm (Lê Thị Hoa): chứng thư số không do cơ quan được tin cậy cấp."
    )


def test_a_certificate_of_the_past_is_told_as_expired(judge, office, shown):
    signed = signed_by(office, shown, *SLOTS[:2])
    ended = office.signer("CON_DAU", shown, valid_from=datetime(2020, 1, 1, tzinfo=UTC), valid_days=366)
    verdict = judge(signed_anyhow(signed, "CON_DAU", ended))
    assert untimed(verdict.reasons) == [
        "Con dấu của trường (Trường THCS Bàn Cờ): chứng thư số hết hiệu lực ngày 01/01/2021."
    ]


def test_a_person_in_the_seals_place_is_seen(judge, office, shown):
    signed = signed_by(office, shown, *SLOTS[:2])
    verdict = judge(signed_anyhow(signed, "CON_DAU", office.signer("CON_DAU", shown, seal=False)))
    assert untimed(verdict.reasons) == [
        "Con dấu của trường (Trường THCS Bàn Cờ): chứng thư số không đúng loại cho ô này."
    ]


def test_swapped_turns_are_seen(judge, office, shown):
    pdf = shown
    for slot in ("HIEU_TRUONG", "GVCN", "CON_DAU"):
        pdf = signed_anyhow(pdf, slot, office.signer(slot, shown))
    assert judge(pdf).reasons == ["Các chữ kí không theo đúng thứ tự."]
