"""Reading an article page: the general reader, and what single sites do their own way."""

from __future__ import annotations

from catalogue.model import Document, Page
from catalogue.sites.general import read_general


def read_page(document: Document) -> Page:
    """Read an article from its HTML.

    Whatever the bytes are, a page comes back; what could not be read is told in its notes.

    Args:
        document: The page. ``url`` makes relative addresses whole.
    """
    page, _ = read_general(document)
    return page
