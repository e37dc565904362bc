"""Lists of sources: one address or path a line, ``#`` for comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.model import Document
from catalogue.sites.decode import decode
from catalogue.sources.interface import Link, Several

_ADDRESS = re.compile(r"https?://\S+$", re.I)


def read_lines(text: str, source: str = "") -> Iterator[Link]:
    """The sources that a list names, in order; empty lines and comments left out.

    Args:
        text: The list. A ``#`` starts a comment at the start of a line or after white space, so
            that an address keeps its fragment.
        source: The list's own name.
    """
    for line in text.lstrip("\ufeff").splitlines():
        line = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        if line:
            yield Link(url=line, source=source)


def read_list(document: Document) -> Several | None:
    """A text file as a list of addresses; None where it is not one: every line must be one."""
    if len(document.data) > 50_000_000:
        return None
    text = decode(document.data, document.charset)
    links: list[Link] = []
    for link in read_lines(text, document.address):
        if not _ADDRESS.match(link.url):
            return None
        links.append(link)
    return Several(tuple(links)) if links else None
