"""A page as the file that is shown and signed: the form rendered from the snapshot, with its empty signature fields."""

from records.documents.fields import with_fields
from records.documents.render import rendered
from records.documents.snapshot import Snapshot


def page_file(snapshot: Snapshot) -> bytes:
    """The PDF of a page in one revision: PDF/A-3 with the data element attached and three empty signature fields
    (documents.md §3). Raises what ``rendered`` raises for a snapshot it cannot print."""
    page = rendered(snapshot)
    return with_fields(page.pdf, page.boxes)
