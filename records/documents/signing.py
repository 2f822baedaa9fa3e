"""Signatures in a page's file: PAdES, into the prepared fields, each by a signer that was ordered to sign what was
shown.

Sources: law.md §5.4 (order of signatures), §6.2 (PAdES ETSI EN 319 142-1, SHA-256, RSA ≥ 2048); documents.md §3.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import Signer as CmsSigner
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from records.documents.apart import apart
from records.documents.authority import is_seal
from records.documents.fields import SLOTS, TIPS
from records.documents.keys import NotOrdered
from records.documents.verify import only_signed, shown_size

RESERVED = 8192  # bytes for a signature with its certificates; without it pyHanko signs twice to find out
SEAL = SLOTS[-1]


class WrongSlot(ValueError):
    """It is not this slot's turn, or it has been signed."""


class CertificateRefused(ValueError):
    """The certificate may not sign here and now."""


class Signer(Protocol):
    """Who signs: software keys here, PKCS#11 and remote signing behind the same face. ``holder`` is the person's public
    id; ``ordered`` says whether that very person ordered to sign the page with this digest (sha256, hex)."""

    holder: str
    certificate: x509.Certificate

    def ordered(self, digest: str) -> bool: ...

    def cms_signer(self) -> CmsSigner: ...


class _CachedKeySigner(CmsSigner):
    """pyHanko's signer with the key parsed once: its own parses it twice at every signature (documents.md §3)."""

    def __init__(self, key: RSAPrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
        self._key = key
        registry = SimpleCertificateStore()
        registry.register_multiple(_asn1(one) for one in chain)
        super().__init__(signing_cert=_asn1(certificate), cert_registry=registry, embed_roots=True)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise SigningError("only SHA-256 is signed here")
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


class SoftwareSigner:
    """A key in memory, open for one order: it signs the digests of that order and nothing else."""

    def __init__(
        self,
        key: RSAPrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate],
        *,
        holder: str,
        ordered: frozenset[str],
    ) -> None:
        self.holder = holder
        self.certificate = certificate
        self._ordered = ordered
        self._signer = _CachedKeySigner(key, certificate, chain)

    def ordered(self, digest: str) -> bool:
        return digest in self._ordered

    def cms_signer(self) -> CmsSigner:
        return self._signer


def sign_page(pdf: bytes, *, original_size: int, slot: str, signer: Signer, reason: str) -> bytes:
    """The file with one more signature behind it, every byte before untouched. The page that was shown is the first
    ``original_size`` bytes. NotOrdered unless the signer was ordered to sign it, and when anything but signatures was
    put upon it since; WrongSlot out of turn; CertificateRefused for a certificate out of date or of another kind;
    ValueError for a broken file."""
    shown = hashlib.sha256(pdf[:original_size]).hexdigest()
    if not signer.ordered(shown):
        raise NotOrdered("Không có lệnh kí của người này cho trang này.")
    _check_certificate(signer.certificate, slot)
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        _check_turn(writer, slot)
        _check_shown(writer.prev, pdf, original_size)
        metadata = PdfSignatureMetadata(
            field_name=slot,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            certify=slot == SLOTS[0],
            docmdp_permissions=MDPPerm.FILL_FORMS,
        )
        pdf_signer = PdfSigner(metadata, signer.cms_signer(), stamp_style=NoOpStampStyle())
        out = BytesIO()
        apart(lambda: pdf_signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED, output=out))
    except (PdfError, SigningError) as error:
        raise ValueError(f"Không kí được vào tệp: {error}") from error
    return out.getvalue()


def _check_turn(writer: IncrementalPdfFileWriter, slot: str) -> None:
    filled = {name: value is not None for name, value, _ in enumerate_sig_fields(writer)}
    if filled.get(slot, True):
        raise WrongSlot(f"Vị trí “{TIPS[slot]}” của trang không có hoặc đã được kí.")
    if {name for name, signed in filled.items() if signed} != set(SLOTS[: SLOTS.index(slot)]):
        raise WrongSlot(f"Chưa đến lượt kí ở vị trí “{TIPS[slot]}”.")


def _check_shown(reader: PdfFileReader, pdf: bytes, original_size: int) -> None:
    # The order names the digest of the first revision, the signature covers the file as it is now.
    signatures = reader.embedded_regular_signatures
    *_, after, rest = signatures[-1].byte_range if signatures else (0, original_size)
    untouched = shown_size(reader, pdf) == original_size and after + rest == len(pdf)
    if not untouched or not only_signed(reader):
        raise NotOrdered("Tệp có nội dung khác với trang đã được xem.")


def _check_certificate(certificate: x509.Certificate, slot: str) -> None:
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise CertificateRefused("Chứng thư số chưa có hoặc không còn hiệu lực.")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise CertificateRefused("Chứng thư số không nói dùng để kí.") from None
    if not (usage.digital_signature and usage.content_commitment):
        raise CertificateRefused("Chứng thư số không dùng để kí văn bản.")
    if is_seal(certificate) != (slot == SEAL):
        raise CertificateRefused("Con dấu chỉ đóng vào ô con dấu, chữ kí cá nhân chỉ kí vào ô của người.")


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
