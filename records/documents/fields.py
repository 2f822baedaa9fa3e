"""The three places of a page where people and the school sign: empty fields in the file's first revision.

With an appearance stream, and before anything is signed: a field made after certification turns the first signature
bad, and one without appearance is no PDF/A (documents.md §3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

SLOTS = ("GVCN", "HIEU_TRUONG", "CON_DAU")
TIPS = {"GVCN": "Giáo viên chủ nhiệm", "HIEU_TRUONG": "Hiệu trưởng", "CON_DAU": "Con dấu của trường"}
_PRINTED = 4
_LOCKED = 128


@dataclass(frozen=True)
class Box:
    """A rectangle on a page (counted from 0), in PDF points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def with_fields(pdf: bytes, boxes: Mapping[str, Box]) -> bytes:
    """The same document with an empty signature field for every slot, still one revision; the same input gives the same
    bytes. KeyError when a slot has no box."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        fields = [_field(document, slot, boxes[slot]) for slot in SLOTS]
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(fields), SigFlags=1))
        document.save(out, static_id=False, deterministic_id=True, linearize=False)
    return out.getvalue()


def _field(document: pikepdf.Pdf, slot: str, box: Box) -> pikepdf.Object:
    page = document.pages[box.page]
    appearance = document.make_stream(b"")
    appearance.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, _points(box.right - box.left), _points(box.top - box.bottom)]),
        Resources=Dictionary(),
    )
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(slot),
            TU=String(TIPS[slot]),
            F=_PRINTED | _LOCKED,
            P=page.obj,
            Rect=Array([_points(side) for side in (box.left, box.bottom, box.right, box.top)]),
            AP=Dictionary(N=appearance),
        )
    )
    annotations = page.obj.get(Name.Annots, Array())
    annotations.append(widget)
    page.obj.Annots = annotations
    return widget


def _points(value: float) -> float:
    return int(value * 100) / 100
