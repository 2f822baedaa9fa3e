"""A page of two leaves as WeasyPrint makes it, three signers of one authority, and the page signed by them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp.noop import NoOpStampStyle
from weasyprint import HTML, Attachment

from records.documents.apart import apart
from records.documents.authority import LocalAuthority
from records.documents.data_element import ATTACHMENT
from records.documents.fields import SLOTS, Box, with_fields
from records.documents.keys import make_key
from records.documents.signing import SoftwareSigner, sign_page
from records.documents.verify import Verdict, verified

SCHOOL = "Trường THCS Bàn Cờ"
HOLDERS = {"GVCN": "Lê Thị Hoa", "HIEU_TRUONG": "Phạm Văn Sơn", "CON_DAU": SCHOOL}
XML = "<DU_LIEU_HOC_BA>7.9</DU_LIEU_HOC_BA>"
NOT_SHOWN = "Trang khác với trang đã cho người kí xem."
BOXES = {slot: Box(1, 60 + 160 * place, 600, 200 + 160 * place, 680) for place, slot in enumerate(SLOTS)}


def pdf_a(title: str = "Học bạ") -> bytes:
    """Two pages, PDF/A-3u, with the data element attached and no signature fields."""
    html = f"<title>{title}</title><h1>{title}: Toán 7,9</h1><p style='break-before: page'>Trang hai</p>"
    attachment = Attachment(string=XML, name=ATTACHMENT, description="Dữ liệu học bạ", relationship="Data")
    document = HTML(string=html).render()
    document.metadata.attachments = [attachment]
    return bytes(document.write_pdf(pdf_variant="pdf/a-3u", pdf_identifier=b"the same"))


@dataclass(frozen=True)
class Office:
    """An authority and a key with its certificate for each slot."""

    authority: LocalAuthority
    keys: Mapping[str, RSAPrivateKey]

    def signer(self, slot: str, *ordered: bytes, **issued: object) -> SoftwareSigner:
        """The signer of a slot with orders for these pages; ``issued`` changes the certificate."""
        words = {"common_name": HOLDERS[slot], "organisation": SCHOOL, "serial_number": f"HB-{SLOTS.index(slot)}"}
        terms = {"seal": slot == "CON_DAU", **words, **issued}
        certificate = self.authority.issue(self.keys[slot].public_key(), **terms)  # type: ignore[arg-type]
        digests = frozenset(sha256(page).hexdigest() for page in ordered)
        return SoftwareSigner(
            self.keys[slot], certificate, [self.authority.certificate], holder=HOLDERS[slot], ordered=digests
        )


def signed_by(office: Office, page: bytes, *slots: str, pdf: bytes | None = None) -> bytes:
    """The page with a signature of each slot's own signer, in this order."""
    for slot in slots:
        signer = office.signer(slot, page)
        pdf = sign_page(pdf or page, original_size=len(page), slot=slot, signer=signer, reason="Xác nhận")
    return pdf or page


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Made once: a key takes a good part of a second."""
    folder: Path = tmp_path_factory.mktemp("authority")
    return Office(LocalAuthority.make(folder, "CA của bài thử", b"bi mat"), {slot: make_key() for slot in SLOTS})


@pytest.fixture(scope="session")
def shown() -> bytes:
    """The first revision, as it is shown."""
    return with_fields(pdf_a(), BOXES)


@pytest.fixture(scope="session")
def issued(office: Office, shown: bytes) -> bytes:
    """The page signed by all three."""
    return signed_by(office, shown, *SLOTS)


@pytest.fixture
def judge(office: Office) -> Callable[[bytes], Verdict]:
    """The verdict about a file, by the authority of the test."""
    return lambda pdf: verified(pdf, [office.authority.certificate])


def untimed(reasons: list[str]) -> list[str]:
    """The reasons without the moment of signing, which is another in every run."""
    return [re.sub(r", kí lúc \d\d:\d\d \d\d/\d\d/\d{4}", "", reason) for reason in reasons]


# -- What a forger can do ----------------------------------------------------------------------------------------------
def appended(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with one more revision in which the change was made."""
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def paint(writer: IncrementalPdfFileWriter) -> None:
    """White over page 1."""
    stream = StreamObject(stream_data=b"1 1 1 rg 0 0 600 900 re f")
    leaf = writer.root["/Pages"]["/Kids"][0]
    leaf["/Contents"] = ArrayObject([leaf.raw_get("/Contents"), writer.add_object(stream)])
    writer.mark_update(leaf.container_ref)


def add_field(writer: IncrementalPdfFileWriter) -> None:
    """A fourth place to sign, made after the others were signed."""
    append_signature_field(writer, SigFieldSpec("CON_DAU_2", box=(10, 10, 100, 100)))


def leave_something(writer: IncrementalPdfFileWriter) -> None:
    """An object that nothing leads to."""
    writer.add_object(StreamObject(stream_data=b"x"))


def remove_attachment(writer: IncrementalPdfFileWriter) -> None:
    """The data element is no longer attached."""
    del writer.root["/Names"]
    writer.update_root()


def other_catalogue(writer: IncrementalPdfFileWriter) -> None:
    """The file begins at another object, so far with the same content."""
    writer._root_object = DictionaryObject(dict(writer.root.items()))
    writer._root = writer.add_object(writer._root_object)


def move_seal(writer: IncrementalPdfFileWriter) -> None:
    """The seal's place lies over the marks."""
    field = writer.root["/AcroForm"]["/Fields"][2]
    field["/Rect"] = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(600), NumberObject(900)])
    writer.mark_update(field.container_ref)


def painted(pdf: bytes) -> bytes:
    """The file with one more revision that paints white over page 1."""
    return appended(pdf, paint)


def signed_anyhow(
    pdf: bytes,
    slot: str,
    signer: SoftwareSigner,
    *,
    certify: bool = False,
    change: Callable[[IncrementalPdfFileWriter], None] = lambda writer: None,
) -> bytes:
    """A signature as another program makes it, which asks nothing and may change something in the same revision."""
    metadata = PdfSignatureMetadata(
        field_name=slot,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    out, writer = BytesIO(), IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    signing = PdfSigner(metadata, signer.cms_signer(), stamp_style=NoOpStampStyle())
    apart(lambda: signing.sign_pdf(writer, bytes_reserved=8192, output=out))
    return out.getvalue()


def _signed_elsewhere(pdf: bytes, size: int, filling: int) -> bytes:
    """Page 1 painted over, in a revision that gives every signature anew: the same but for zeros behind it, so many
    that its length and what it signs add up to the whole file."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        paint(writer)
        squeezed = writer.prepare_object_stream()
        for reference in writer.root["/AcroForm"]["/Fields"]:
            slot = reference.get_object()
            value = DictionaryObject(dict(slot["/V"].items()))
            _, before, _, rest = (int(number) for number in value["/ByteRange"])
            value[NameObject("/Contents")] = ByteStringObject(
                bytes(value.raw_get("/Contents")).ljust((size - before - rest - 2) // 2, b"\0")
            )
            slot[NameObject("/V")] = writer.add_object(value, obj_stream=squeezed)
            writer.mark_update(reference.reference)
        writer.add_object(StreamObject(stream_data=b"%" * filling))

    return appended(pdf, change)


def of_even_length(office: Office, shown: bytes) -> bytes:
    """Signed by all three, each revision of an even length: the forger's zeros come in pairs."""
    pdf = shown
    for slot in SLOTS:
        signer = office.signer(slot, shown)
        tries = (
            sign_page(pdf, original_size=len(shown), slot=slot, signer=signer, reason=reason)
            for reason in ("x", "xx", "xxx", "xxxx")
        )
        pdf = next(signed for signed in tries if len(signed) % 2 == 0)
    return pdf


def with_signatures_elsewhere(pdf: bytes) -> bytes:
    """A painted page every signature of which seems to cover the entire file."""
    size, filling = len(pdf) + 40_000, 20_000
    for _ in range(20):
        forged = _signed_elsewhere(pdf, size, filling)
        filling += size - len(forged)
    assert len(forged) == size
    return forged
