"""A page as PDF: the form laid out by WeasyPrint from the snapshot, with the data element attached (PDF/A-3).

Lean style sheet, fonts and style sheet read once per process: a font configuration per call leaks memory (documents.md
§2). Nothing is fetched: neither a URL in a remark nor a font from elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, normalize

from django.conf import settings
from django.template.loader import get_template
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # WeasyPrint brings it
from PIL import ImageFile
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from records.documents.data_element import ATTACHMENT, data_element
from records.documents.fields import Box
from records.documents.form import form_words
from records.documents.form_tt27 import primary_form_words
from records.documents.snapshot import Snapshot

# WeasyPrint makes Pillow take torn pictures for whole ones in the whole process; the check of photographs needs the
# truth.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FONT = "Tinos"
STYLE = (Path(settings.BASE_DIR) / "templates" / "documents" / "year.css").read_text(encoding="utf-8")
ORDINARY_PAGES = 2
# The printed form of each rule set: its template, and what makes its words of a snapshot (law.md §4).
FORMS = {
    "TT22-2021": ("documents/year.html", form_words),
    "TT27-2020": ("documents/primary_year.html", primary_form_words),
}
_POINTS_PER_PIXEL = 0.75
_TURNS_TEXT = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # would print a name backwards


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
    """The two pages of a student's year, in small type where remarks are long, and with more pages only where even so
    two are too few: nothing is cut. A letter the font lacks is printed as its number ("[U+6F22]"). The same snapshot
    gives the same bytes in one process. FontMissing; ValueError for text XML cannot hold."""
    xml = data_element(snapshot).decode()
    template, words_of = FORMS[snapshot["rule_set"]]
    words = words_of(_printable(snapshot))
    document = _laid_out(template, words)
    if len(document.pages) > ORDINARY_PAGES and not words["tiny"]:
        document = _laid_out(template, {**words, "tiny": True})
    prepared = datetime.fromisoformat(f"{snapshot['prepared_on']}T00:00:00+07:00")
    attachment = Attachment(
        string=xml,
        name=ATTACHMENT,
        description="Dữ liệu học bạ",
        relationship="Data",
        created=prepared,
        modified=prepared,
    )
    document.metadata.attachments = [attachment]
    pdf = document.write_pdf(pdf_variant="pdf/a-3u", pdf_identifier=snapshot["version_id"].encode())
    return Rendered(pdf or b"", _boxes(document), len(document.pages))


def _laid_out(template: str, words: dict[str, Any]) -> Document:
    sheet, fonts = _prepared()
    html = get_template(template).render(words)
    return HTML(string=html, base_url=None, url_fetcher=_NothingFetched()).render(
        stylesheets=[sheet], font_config=fonts
    )


def _printable(value: Any) -> Any:
    """The snapshot with every text in NFC and in letters that can be seen. Not the finished HTML: NFC would join there
    a tag's ">" and a combining stroke into one letter."""
    if isinstance(value, dict):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_printable(part) for part in value]
    if not isinstance(value, str):
        return value
    text = normalize("NFC", value)
    unseen = {letter for letter in text if not letter.isspace() and letter not in _letters()}
    unseen |= {letter for letter in text if bidirectional(letter) in _TURNS_TEXT}
    return text.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in unseen})


@cache
def _letters() -> frozenset[str]:
    """What the form's font can print. FontMissing."""
    probe = HTML(string=f'<p style="font-family: {FONT}">Kí</p>').render(font_config=_prepared()[1])
    probe.write_pdf(full_fonts=True)
    for font in probe.fonts.values():
        if font.family == FONT:
            return frozenset(map(chr, TTFont(BytesIO(font.file_content)).getBestCmap()))
    raise FontMissing(f"Phông chữ {FONT} chưa được cài (gói fonts-croscore).")


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
