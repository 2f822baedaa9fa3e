"""A page as PDF: the form laid out by WeasyPrint from the snapshot, with the data element attached (PDF/A-3).

Lean style sheet, fonts and style sheet read once per process: a font configuration per call leaks memory (documents.md
§2). Nothing is fetched: neither a URL in a remark nor a font from elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from PIL import ImageFile
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from records.documents.data_element import ATTACHMENT, data_element
from records.documents.fields import Box
from records.documents.form import form_words
from records.documents.snapshot import Snapshot

# WeasyPrint makes Pillow take torn pictures for whole ones in the whole process; the check of photographs needs the
# truth.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FONT = "Tinos"
STYLE = (Path(settings.BASE_DIR) / "templates" / "documents" / "year.css").read_text(encoding="utf-8")
_POINTS_PER_PIXEL = 0.75


class FontMissing(RuntimeError):
    """The form's font is not installed; another one would lack Vietnamese letters without a word."""


@dataclass(frozen=True)
class Rendered:
    """A PDF, and where its signature boxes lie by slot."""

    pdf: bytes
    boxes: dict[str, Box]
    pages: int


class _NothingFetched(URLFetcher):
    def fetch(self, url: str, headers: Any = None) -> Any:
        raise ValueError("A page of the book fetches nothing.")


def rendered(snapshot: Snapshot) -> Rendered:
    """The two pages of a student's year, with more pages only where remarks are too long for two: nothing is cut. The
    same snapshot gives the same bytes in one process. FontMissing; ValueError for text XML cannot hold."""
    sheet, fonts = _prepared()
    html = get_template("documents/year.html").render(form_words(snapshot))
    document = HTML(string=html, base_url=None, url_fetcher=_NothingFetched()).render(
        stylesheets=[sheet], font_config=fonts
    )
    prepared = datetime.fromisoformat(f"{snapshot['prepared_on']}T00:00:00+07:00")
    attachment = Attachment(
        string=data_element(snapshot).decode(),
        name=ATTACHMENT,
        description="Dữ liệu học bạ",
        relationship="Data",
        created=prepared,
        modified=prepared,
    )
    document.metadata.attachments = [attachment]
    pdf = document.write_pdf(pdf_variant="pdf/a-3u", pdf_identifier=snapshot["version_id"].encode())
    return Rendered(pdf or b"", _boxes(document), len(document.pages))


@cache
def _prepared() -> tuple[CSS, FontConfiguration]:
    """The style sheet and the fonts, once per process."""
    fonts = FontConfiguration()
    return CSS(string=STYLE, font_config=fonts), fonts


def _boxes(document: Document) -> dict[str, Box]:
    boxes = {}
    for number, page in enumerate(document.pages):
        height = page.height
        for box in page._page_box.descendants():
            slot = box.element.get("data-slot") if box.element is not None else None
            if slot and slot not in boxes and hasattr(box, "height"):
                left, top = box.border_box_x(), box.border_box_y()
                sides = (left, height - top - box.border_height(), left + box.border_width(), height - top)
                boxes[slot] = Box(number, *_points(*sides))
    return boxes


def _points(*pixels: float) -> tuple[float, ...]:
    return tuple(pixel * _POINTS_PER_PIXEL for pixel in pixels)
