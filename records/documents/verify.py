"""Is this file a page of the record book as the school issued it? Answered offline, from the file and the authority's
certificate alone. pyHanko's difference policy decides about changes: other tools call a painted-over page valid
(documents.md §4). What pyHanko leaves open is asked here: whether a signature stands where its byte range says, and
whether what came between the page that was shown and its first signature is that signature alone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pikepdf
from asn1crypto import parser as asn1_parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject, Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from records.documents.apart import apart
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
_VIETNAM = timezone(timedelta(hours=7))
_END = b"%%EOF\n"


@dataclass(frozen=True)
class SignatureFact:
    """One signature: whose, when (by the signer's own clock unless time-stamped), what it says it is given for, and
    whether it holds."""

    slot: str
    signer: str
    organisation: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    unchanged_since: bool
    right_kind: bool
    valid_until: datetime
    reason: str = ""

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
        shown = pdf[: shown_size(reader, pdf)]
        slots = {name for name, _, _ in enumerate_sig_fields(reader.get_historical_resolver(0))}
        attachment = _attachment(shown)
    except Exception:  # noqa: BLE001 - a hostile file makes its readers raise anything; the answer is a verdict
        return _unreadable(pdf)
    if not slots & set(SLOTS):
        return Verdict(NOT_OURS, reasons=["Tệp PDF này không phải trang học bạ số."])
    try:
        return _judged(pdf, reader, anchors, attachment)
    except Exception:  # noqa: BLE001 - as above
        return Verdict(INVALID, reasons=["Một chữ kí trong tệp bị hỏng, không đọc được."], attachment=attachment)


def _unreadable(pdf: bytes) -> Verdict:
    if any(slot.encode() in pdf for slot in SLOTS):
        return Verdict(INVALID, reasons=["Tệp PDF bị hỏng hoặc bị cắt mất một phần, không đọc được."])
    return Verdict(NOT_OURS, reasons=["Tệp PDF này không đọc được và không có dấu hiệu là trang học bạ số."])


def shown_size(reader: PdfFileReader, pdf: bytes) -> int:
    """How many bytes of the file are its first revision: the page as it was before anybody signed."""
    end = pdf.find(_END, reader.xrefs.get_startxref_for_revision(0))
    return len(pdf) if end < 0 else end + len(_END)


def only_signed(reader: PdfFileReader) -> bool:
    """Whether everything after the first revision is values of its signature fields, one revision each: no object of
    the page, its fonts or its attachment is replaced, removed or hung in elsewhere. Asked before each signature as
    well: a signature is given to the page that was shown, not to what was put upon it since."""
    shown, revisions = reader.get_historical_resolver(0), range(1, reader.xrefs.total_revisions)
    return len(revisions) == len(reader.embedded_regular_signatures) and all(
        _adds_signatures_only(shown, reader.get_historical_resolver(number)) for number in revisions
    )


def _adds_signatures_only(shown: HistoricalResolver, later: HistoricalResolver) -> bool:
    if later.root_ref != shown.root_ref:
        return False
    free = _changed_by_signing(shown)
    replaced = [ref for ref in later.explicit_refs_in_revision() if not shown.is_ref_unassignable(ref)]
    return all(ref in free and _same(shown(ref), later(ref), free[ref]) for ref in replaced)


def _changed_by_signing(shown: HistoricalResolver) -> dict[Reference, frozenset[str]]:
    """The objects a signature replaces, each with the keys that may differ: the field's value, what says that the file
    is signed, and what wrote it last."""
    catalogue = shown.root
    free = {
        shown.root_ref: frozenset({"/Perms", "/Extensions", "/Metadata"}),
        catalogue.get_value_as_reference("/AcroForm"): frozenset({"/SigFlags"}),
        catalogue.get_value_as_reference("/Metadata"): frozenset({"/Length"}),
        shown.trailer_view.get_value_as_reference("/Info"): frozenset({"/Producer", "/ModDate"}),
    }
    return free | {field.reference: frozenset({"/V"}) for _, _, field in enumerate_sig_fields(shown)}


def _same(before: PdfObject, after: PdfObject, free: frozenset[str]) -> bool:
    if not (isinstance(before, DictionaryObject) and isinstance(after, DictionaryObject)):
        return False
    kept = [{key: value for key, value in one.items() if key not in free} for one in (before, after)]
    return kept[0] == kept[1]


def _judged(
    pdf: bytes, reader: PdfFileReader, anchors: Sequence[x509.Certificate], attachment: bytes | None
) -> Verdict:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it has to say about a bad file is said below
    checked = [(one, _status(one, anchors)) for one in reader.embedded_regular_signatures]
    facts = [_fact(pdf, one, status) for one, status in checked]
    whole = bool(checked) and checked[-1][1].coverage == SignatureCoverageLevel.ENTIRE_FILE
    reasons = [reason for fact in facts for reason in _reasons(fact)]
    reasons += _order_reasons([fact.slot for fact in facts])
    if facts and not whole:
        reasons.append(f"Tệp bị thêm nội dung sau chữ kí cuối cùng: {_who(facts[-1])}.")
    if not only_signed(reader):
        reasons.append("Trang khác với trang đã cho người kí xem.")
    if attachment is None:
        reasons.append("Tệp không kèm dữ liệu học bạ.")
    if not reasons and not all(status.bottom_line for _, status in checked):
        reasons.append("Một chữ kí không đạt yêu cầu.")
    return Verdict(INVALID if reasons else VALID, facts, whole, reasons, attachment)


def _order_reasons(signed: Sequence[str]) -> list[str]:
    reasons = [_MISSING[slot] for slot in SLOTS if slot not in signed]
    reasons += [f"Có chữ kí lạ ở ô “{name}”." for name in signed if name not in SLOTS]
    if [name for name in signed if name in SLOTS] != [slot for slot in SLOTS if slot in signed]:
        reasons.append("Các chữ kí không theo đúng thứ tự.")
    return reasons


def _status(signature: EmbeddedPdfSignature, anchors: Sequence[x509.Certificate]) -> PdfSignatureStatus:
    roots = [asn1_x509.Certificate.load(anchor.public_bytes(Encoding.DER)) for anchor in anchors]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    return apart(lambda: validate_pdf_signature(signature, context))


def _fact(pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> SignatureFact:
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    slot = str(signature.field_name)
    covered = status.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    return SignatureFact(
        slot=slot,
        signer=_name(certificate, x509.NameOID.COMMON_NAME),
        organisation=_name(certificate, x509.NameOID.ORGANIZATION_NAME),
        signed_at=status.signer_reported_dt,
        intact=bool(status.intact and status.valid and _in_place(pdf, signature)),
        trusted=bool(status.trusted),
        unchanged_since=covered and bool(status.docmdp_ok) and status.modification_level is not None,
        right_kind=is_seal(certificate) == (slot == SLOTS[-1]),
        valid_until=certificate.not_valid_after_utc,
        reason=str(signature.sig_object.get("/Reason", "")),
    )


def _in_place(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    # pyHanko adds up lengths without looking whether the gap in the byte range holds this signature and nothing else:
    # a longer /Contents kept in another place would make an appended revision count as covered.
    start, before, after, rest = (int(number) for number in signature.byte_range)
    content = signature.pkcs7_content
    gap = pdf[before:after].lower() == b"<" + content.hex().encode() + b">"
    padding = content[asn1_parser.peek(content) :]
    return gap and start == 0 and after + rest <= len(pdf) and not any(padding)


def _reasons(fact: SignatureFact) -> list[str]:
    who = _who(fact)
    reasons = []
    if not fact.intact:
        reasons.append(f"{who}: nội dung đã kí bị sửa, chữ kí không khớp.")
    if fact.intact and not fact.trusted:
        reasons.append(f"{who}: {_distrust(fact)}")
    if fact.intact and not fact.unchanged_since:
        reasons.append(f"{who}: trang đã bị thay đổi sau chữ kí này.")
    if not fact.right_kind:
        reasons.append(f"{who}: chứng thư số không đúng loại cho ô này.")
    return reasons


def _who(fact: SignatureFact) -> str:
    when = f", kí lúc {fact.signed_at.astimezone(_VIETNAM):%H:%M %d/%m/%Y}" if fact.signed_at else ""
    return f"{SLOT_WORDS.get(fact.slot, fact.slot)} ({fact.signer}{when})"


def _distrust(fact: SignatureFact) -> str:
    if fact.valid_until < datetime.now(UTC):
        return f"chứng thư số hết hiệu lực ngày {fact.valid_until.astimezone(_VIETNAM):%d/%m/%Y}."
    return "chứng thư số không do cơ quan được tin cậy cấp."


def _name(certificate: x509.Certificate, part: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(part)
    return str(values[0].value) if values else ""


def _attachment(pdf: bytes) -> bytes | None:
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            found = document.attachments.get(ATTACHMENT)
            return found.get_file().read_bytes() if found else None
    except pikepdf.PdfError:
        return None
