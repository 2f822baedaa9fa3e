"""Is this file a page of the record book as the school issued it? Answered offline, from the file and the authority's
certificate alone. pyHanko's difference policy decides about changes: other tools call a painted-over page valid
(documents.md §4)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

import pikepdf
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from records.documents.authority import is_seal
from records.documents.data_element import ATTACHMENT
from records.documents.fields import SLOTS

VALID = "VALID"
INVALID = "INVALID"
NOT_OURS = "NOT_OURS"

SLOT_WORDS = {"GVCN": "Giáo viên chủ nhiệm", "HIEU_TRUONG": "Hiệu trưởng", "CON_DAU": "Con dấu của trường"}
_MISSING = {
    "GVCN": "Chưa có chữ kí của giáo viên chủ nhiệm.",
    "HIEU_TRUONG": "Chưa có chữ kí của hiệu trưởng.",
    "CON_DAU": "Chưa đóng dấu phát hành.",
}
# What reading a broken or hostile file can raise besides pyHanko's own errors.
_BROKEN = (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError,
           RecursionError, NotImplementedError, AssertionError)  # fmt: skip


@dataclass(frozen=True)
class SignatureFact:
    """One signature: whose, when (by the signer's own clock unless time-stamped), and whether it holds."""

    slot: str
    signer: str
    organisation: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    unchanged_since: bool
    right_kind: bool

    @property
    def holds(self) -> bool:
        return self.intact and self.trusted and self.unchanged_since and self.right_kind


@dataclass(frozen=True)
class Verdict:
    """What a file is: VALID, INVALID or NOT_OURS, with the signatures, whether the last one covers the whole file, what
    is wrong in sentences, and the attached data element."""

    outcome: str
    signatures: list[SignatureFact] = field(default_factory=list)
    whole: bool = False
    reasons: list[str] = field(default_factory=list)
    attachment: bytes | None = None


def verified(pdf: bytes, anchors: Sequence[x509.Certificate]) -> Verdict:
    """Judge a file, whatever it is; nothing is raised and nothing is fetched. VALID only when all three slots are
    signed by certificates of the given authorities, nothing was changed after any signature beyond the next one, and
    the last covers the entire file. Source: law.md §5.4, §6.2."""
    if b"%PDF-" not in pdf[:1024]:
        return Verdict(NOT_OURS, reasons=["Tệp này không phải PDF."])
    try:
        reader = PdfFileReader(BytesIO(pdf))
        slots = {name for name, _, _ in enumerate_sig_fields(reader)}
    except _BROKEN:
        return Verdict(INVALID, reasons=["Tệp PDF bị hỏng hoặc bị cắt mất một phần, không đọc được."])
    attachment = _attachment(pdf)
    if not set(SLOTS) <= slots or attachment is None:
        return Verdict(NOT_OURS, reasons=["Tệp PDF này không phải trang học bạ số."])
    return _judged(reader, anchors, attachment)


def _judged(reader: PdfFileReader, anchors: Sequence[x509.Certificate], attachment: bytes) -> Verdict:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it has to say about a bad file is said below
    embedded = list(reader.embedded_regular_signatures)
    try:
        checked = [(one, _status(one, anchors)) for one in embedded]
    except _BROKEN:
        return Verdict(INVALID, reasons=["Một chữ kí trong tệp bị hỏng, không đọc được."], attachment=attachment)
    facts = [_fact(one, status) for one, status in checked]
    whole = bool(checked) and checked[-1][1].coverage == SignatureCoverageLevel.ENTIRE_FILE
    reasons = [reason for fact in facts for reason in _reasons(fact)]
    signed = {fact.slot for fact in facts}
    reasons += [_MISSING[slot] for slot in SLOTS if slot not in signed]
    reasons += [f"Có chữ kí lạ ở ô “{name}”." for name in sorted(signed - set(SLOTS))]
    if checked and not whole:
        reasons.append("Tệp bị thêm nội dung sau chữ kí cuối cùng.")
    if [fact.slot for fact in facts if fact.slot in SLOTS] != [slot for slot in SLOTS if slot in signed]:
        reasons.append("Các chữ kí không theo đúng thứ tự.")
    return Verdict(INVALID if reasons else VALID, facts, whole, reasons, attachment)


def _status(signature: EmbeddedPdfSignature, anchors: Sequence[x509.Certificate]) -> PdfSignatureStatus:
    roots = [asn1_x509.Certificate.load(anchor.public_bytes(Encoding.DER)) for anchor in anchors]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    return validate_pdf_signature(signature, context)


def _fact(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> SignatureFact:
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    slot = str(signature.field_name)
    covered = status.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    return SignatureFact(
        slot=slot,
        signer=_name(certificate, x509.NameOID.COMMON_NAME),
        organisation=_name(certificate, x509.NameOID.ORGANIZATION_NAME),
        signed_at=status.signer_reported_dt,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        unchanged_since=covered and bool(status.docmdp_ok) and status.modification_level is not None,
        right_kind=is_seal(certificate) == (slot == SLOTS[-1]),
    )


def _reasons(fact: SignatureFact) -> list[str]:
    who = f"{SLOT_WORDS.get(fact.slot, fact.slot)} ({fact.signer})"
    reasons = []
    if not fact.intact:
        reasons.append(f"{who}: nội dung đã kí bị sửa, chữ kí không khớp.")
    if fact.intact and not fact.trusted:
        reasons.append(f"{who}: chứng thư số không do cơ quan được tin cậy cấp, hoặc không còn hiệu lực.")
    if fact.intact and not fact.unchanged_since:
        reasons.append(f"{who}: trang đã bị thay đổi sau chữ kí này.")
    if not fact.right_kind:
        reasons.append(f"{who}: chứng thư số không đúng loại cho ô này.")
    return reasons


def _name(certificate: x509.Certificate, part: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(part)
    return str(values[0].value) if values else ""


def _attachment(pdf: bytes) -> bytes | None:
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            found = document.attachments.get(ATTACHMENT)
            return found.get_file().read_bytes() if found else None
    except (pikepdf.PdfError, *_BROKEN):
        return None
