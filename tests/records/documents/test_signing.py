"""Who may sign what, when and where: an order for the page that was shown, the slot's turn, the right certificate."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from records.documents.fields import SLOTS, Box, with_fields
from records.documents.keys import NotOrdered
from records.documents.signing import CertificateRefused, SoftwareSigner, WrongSlot, sign_page
from tests.records.documents.conftest import (
    BOXES,
    appended,
    leave_something,
    paint,
    painted,
    pdf_a,
    signed_anyhow,
    signed_by,
)


def sign(pdf, shown, slot, signer):
    return sign_page(pdf, original_size=len(shown), slot=slot, signer=signer, reason="Xác nhận")


# -- The empty fields --------------------------------------------------------------------------------------------------
def test_fields_stand_in_their_boxes_with_an_appearance(shown):
    with pikepdf.open(BytesIO(shown)) as document:
        fields = [(str(one.T), one.FT, [float(side) for side in one.Rect]) for one in document.Root.AcroForm.Fields]
        kinds = {(str(one.AP.N.Subtype), "/V" in one) for one in document.Root.AcroForm.Fields}
        on_pages = [len(leaf.obj.get("/Annots", [])) for leaf in document.pages]
    assert fields == [
        (slot, "/Sig", [box.left, box.bottom, box.right, box.top]) for slot, box in BOXES.items() if slot in SLOTS
    ]
    assert kinds == {("/Form", False)}
    assert on_pages == [0, 3]


def test_fields_leave_one_revision_and_repeat_byte_for_byte(shown):
    assert shown.count(b"%%EOF") == 1
    assert shown.count(b"startxref") == 1
    once = pdf_a()
    assert with_fields(once, BOXES) == with_fields(once, BOXES)


def test_fields_keep_what_makes_it_pdf_a(shown):
    with pikepdf.open(BytesIO(shown)) as document, document.open_metadata() as metadata:
        claims = (metadata["pdfaid:part"], metadata["pdfaid:conformance"])
        attached = list(document.attachments)
        intents = len(document.Root.OutputIntents)
    assert claims == ("3", "U")
    assert (attached, intents) == (["du-lieu-hoc-ba.xml"], 1)


def test_every_slot_needs_its_box():
    with pytest.raises(KeyError):
        with_fields(pdf_a(), {"GVCN": Box(0, 0, 0, 10, 10)})


# -- A signature -------------------------------------------------------------------------------------------------------
def test_three_sign_in_their_turn(issued):
    signatures = PdfFileReader(BytesIO(issued)).embedded_regular_signatures
    assert [one.field_name for one in signatures] == list(SLOTS)
    assert {one.sig_object["/SubFilter"] for one in signatures} == {"/ETSI.CAdES.detached"}
    assert [one.md_algorithm for one in signatures] == ["sha256"] * 3
    assert [one.docmdp_level for one in signatures] == [MDPPerm.FILL_FORMS, None, None]


def test_a_signature_leaves_every_byte_before_it(office, shown):
    once = signed_by(office, shown, "GVCN")
    assert once.startswith(shown)
    assert signed_by(office, shown, "HIEU_TRUONG", pdf=once).startswith(once)


def test_the_reason_is_written_down(issued):
    signatures = PdfFileReader(BytesIO(issued)).embedded_regular_signatures
    assert {one.sig_object["/Reason"] for one in signatures} == {"Xác nhận"}


def test_a_signer_without_order_signs_nothing(office, shown):
    with pytest.raises(NotOrdered):
        sign(shown, shown, "GVCN", office.signer("GVCN"))


def test_an_order_for_another_page_signs_nothing(office, shown):
    another = with_fields(pdf_a("Trang của bạn khác"), BOXES)
    with pytest.raises(NotOrdered):
        sign(shown, shown, "GVCN", office.signer("GVCN", another))


@pytest.mark.parametrize("size", [0, -1, 10])
def test_an_order_is_for_the_whole_first_revision(office, shown, size):
    signer = office.signer("GVCN", shown[:size], b"")
    with pytest.raises(NotOrdered):
        sign_page(shown, original_size=size, slot="GVCN", signer=signer, reason="")


def test_a_size_beyond_the_file_is_no_page(office, shown):
    signer = office.signer("GVCN", shown)
    with pytest.raises(NotOrdered):
        sign_page(shown, original_size=len(shown) + 1, slot="GVCN", signer=signer, reason="")


@pytest.mark.parametrize("signed", [(), ("GVCN",), ("GVCN", "HIEU_TRUONG")], ids=len)
def test_nobody_signs_a_page_painted_over_since_it_was_shown(office, shown, signed):
    slot = SLOTS[len(signed)]
    changed = painted(signed_by(office, shown, *signed))
    with pytest.raises(NotOrdered, match="khác với trang đã được xem"):
        sign(changed, shown, slot, office.signer(slot, shown))


@pytest.mark.parametrize("signed", [(), ("GVCN",)], ids=len)
@pytest.mark.parametrize("more", [b"%\n", b"%%EOF\n", b"startxref\n0\n%%EOF\n"])
def test_nobody_signs_a_page_with_something_behind_it(office, shown, signed, more):
    slot = SLOTS[len(signed)]
    with pytest.raises((NotOrdered, ValueError)):
        sign(signed_by(office, shown, *signed) + more, shown, slot, office.signer(slot, shown))


def test_the_principal_does_not_sign_behind_a_signed_painting(office, shown):
    forged = signed_anyhow(shown, "GVCN", office.signer("GVCN", shown), change=paint)
    with pytest.raises(NotOrdered, match="khác với trang đã được xem"):
        sign(forged, shown, "HIEU_TRUONG", office.signer("HIEU_TRUONG", shown))


def test_the_principal_does_not_sign_behind_an_unexplained_revision(office, shown):
    forged = signed_anyhow(appended(shown, leave_something), "GVCN", office.signer("GVCN", shown))
    with pytest.raises(NotOrdered, match="khác với trang đã được xem"):
        sign(forged, shown, "HIEU_TRUONG", office.signer("HIEU_TRUONG", shown))


def test_the_principals_order_is_for_the_whole_first_revision(office, shown):
    signer = office.signer("HIEU_TRUONG", shown[:10])
    with pytest.raises(NotOrdered, match="khác với trang đã được xem"):
        sign(signed_by(office, shown, "GVCN"), shown[:10], "HIEU_TRUONG", signer)


@pytest.mark.parametrize(
    ("signed", "slot", "told"),
    [
        ((), "HIEU_TRUONG", "Chưa đến lượt kí ở vị trí “Hiệu trưởng”."),
        ((), "CON_DAU", "Chưa đến lượt kí ở vị trí “Con dấu của trường”."),
        (("GVCN",), "CON_DAU", "Chưa đến lượt kí ở vị trí “Con dấu của trường”."),
        (("GVCN",), "GVCN", "Vị trí “Giáo viên chủ nhiệm” của trang không có hoặc đã được kí."),
        (("GVCN", "HIEU_TRUONG"), "GVCN", "Vị trí “Giáo viên chủ nhiệm” của trang không có hoặc đã được kí."),
        (SLOTS, "CON_DAU", "Vị trí “Con dấu của trường” của trang không có hoặc đã được kí."),
    ],
)
def test_a_slot_out_of_turn_is_refused(office, shown, signed, slot, told):
    with pytest.raises(WrongSlot, match=told):
        sign(signed_by(office, shown, *signed), shown, slot, office.signer(slot, shown))


def test_a_page_without_fields_is_not_signed(office):
    bare = pdf_a()
    with pytest.raises(WrongSlot):
        sign(bare, bare, "GVCN", office.signer("GVCN", bare))


@pytest.mark.parametrize("days", [(-400, 300), (10, 300)], ids=["past", "future"])
def test_a_certificate_out_of_date_does_not_sign(office, shown, days):
    starts = datetime.now(UTC) + timedelta(days=days[0])
    signer = office.signer("GVCN", shown, valid_from=starts, valid_days=days[1])
    with pytest.raises(CertificateRefused, match="hiệu lực"):
        sign(shown, shown, "GVCN", signer)


def test_a_person_does_not_sign_as_the_seal(office, shown):
    twice = signed_by(office, shown, "GVCN", "HIEU_TRUONG")
    with pytest.raises(CertificateRefused, match="Con dấu"):
        sign(twice, shown, "CON_DAU", office.signer("CON_DAU", shown, seal=False))


def test_the_seal_does_not_sign_as_a_person(office, shown):
    with pytest.raises(CertificateRefused, match="Con dấu"):
        sign(shown, shown, "GVCN", office.signer("GVCN", shown, seal=True))


def test_an_authority_signs_no_page(office, shown):
    anchor = office.authority
    ordered = frozenset({sha256(shown).hexdigest()})
    signer = SoftwareSigner(anchor.key, anchor.certificate, [], holder="CA", ordered=ordered)
    with pytest.raises(CertificateRefused):
        sign(shown, shown, "GVCN", signer)


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_pdf_is_not_signed(office, broken):
    with pytest.raises((NotOrdered, ValueError)):
        sign(broken, broken, "GVCN", office.signer("GVCN", broken))


# -- What others say ---------------------------------------------------------------------------------------------------
def test_openssl_agrees_with_a_signature(office, issued, tmp_path):
    signature = PdfFileReader(BytesIO(issued)).embedded_regular_signatures[-1]
    _, before, after, rest = (int(number) for number in signature.byte_range)
    (tmp_path / "cms.der").write_bytes(signature.pkcs7_content)
    (tmp_path / "content").write_bytes(issued[:before] + issued[after : after + rest])
    (tmp_path / "anchor.pem").write_bytes(office.authority.certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "content"]
    command += ["-CAfile", "anchor.pem", "-purpose", "any", "-out", "out"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (told.returncode, "verification successful" in told.stderr.lower()) == (0, True), told.stderr


def test_three_signatures_take_their_time(office, shown, capsys):
    signers = {slot: office.signer(slot, shown) for slot in SLOTS}
    pdf, spent = shown, []
    for slot, signer in signers.items():
        started = time.process_time()
        pdf = sign(pdf, shown, slot, signer)
        spent.append(f"{slot} {(time.process_time() - started) * 1000:.0f} ms")
    with capsys.disabled():
        print(f"\n    CPU per signature: {', '.join(spent)}")  # noqa: T201
    assert len(spent) == 3
