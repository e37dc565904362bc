"""Pages that the Wayback Machine of the Internet Archive keeps.

A page of ``http://a.example/story`` is at ``https://web.archive.org/web/20060205010203/`` with that
address behind it, and so are its pictures (``20060205010203im_/``): whoever published it is told
by the address inside.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Page
from catalogue.sites.addresses import host_of
from catalogue.sites.interface import SiteRule

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_KEPT = re.compile(r"^https?://web\.archive\.org/web/\d{1,14}[a-z_]{0,4}/(https?://.+)$")


def refine(page: Page, reading: Reading) -> Page:
    """The host of the page that was archived, where no other name of a publisher is told."""
    kept = _KEPT.match(page.url or "") or _KEPT.match(reading.address or "")
    if kept and page.publisher in (None, "web.archive.org"):
        return replace(page, publisher=host_of(kept[1]))
    return page


RULE = SiteRule(
    name="Wayback Machine",
    hosts=("web.archive.org",),
    example="https://web.archive.org/web/20060205010203/http://a.example/story.html",
    refine=refine,
)
