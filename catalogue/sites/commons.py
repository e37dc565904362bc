"""Wikipedia and Wikimedia Commons: thumbnails are made from the original, whose path shows.

``.../commons/thumb/0/0d/NAME/440px-NAME`` is made from ``.../commons/0/0d/NAME``. Drawings (SVG)
have no better raster than their thumbnails.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Page
from catalogue.sites.dates import iso_date
from catalogue.sites.interface import SiteRule

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_THUMB = re.compile(
    r"(?i)^(https?:)?(//upload\.wikimedia\.org/[a-z]+/[a-z-]+)/thumb(/[0-9a-f]/[0-9a-f]{2}/[^/]+)/[^/]+$"
)


def larger(url: str) -> tuple[str, ...]:
    """The original of a thumbnail.

    >>> larger("https://upload.wikimedia.org/wikipedia/commons/thumb/0/0d/A.jpg/440px-A.jpg")
    ('https://upload.wikimedia.org/wikipedia/commons/0/0d/A.jpg',)
    """
    found = _THUMB.match(url)
    if not found or found[3].lower().endswith((".svg", ".pdf", ".djvu", ".webm", ".ogv")):
        return ()
    return (f"{found[1] or 'https:'}{found[2]}{found[3]}",)


def refine(page: Page, reading: Reading) -> Page:
    """The name of the encyclopedia, and the day of the last change that the page's foot gives."""
    tree = reading.tree
    published = page.published
    for node in tree.all("li", "div"):
        if "lastmod" in tree.get(node, "id"):
            date = iso_date(tree.read(node)[:200])
            published = date[:10] if date else published
            break
    host = (page.url or "").partition("//")[2].partition("/")[0]
    publisher = "Wikimedia Commons" if host.startswith("commons.") else "Wikipedia"
    return replace(page, published=published, publisher=publisher)


RULE = SiteRule(
    name="Wikipedia and Wikimedia Commons",
    hosts=("wikipedia.org", "commons.wikimedia.org"),
    example="https://en.wikipedia.org/wiki/Mars",
    larger=larger,
    refine=refine,
)
