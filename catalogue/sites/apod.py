"""Astronomy Picture of the Day: the address is the date, the explanation is the caption."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Evidence, Page
from catalogue.sites.dates import iso_date
from catalogue.sites.interface import SiteRule
from catalogue.sites.metadata.headline import document_title
from catalogue.sites.tree import fold

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_DAY = re.compile(r"/ap(\d{2})(\d{2})(\d{2})\.html$")
_TITLE = re.compile(r"APOD:\s*\d{4}\s.{4,20}?\s[-–]\s+(\S.*)")
_EXPLANATION = re.compile(r"\bExplanation:\s*(\S.*?)\s*(?=Tomorrow's picture:|$)")
_LONGEST = 6_000
"""Characters of an explanation."""


def refine(page: Page, reading: Reading) -> Page:
    """Take title, date and caption from where each page of the series has them."""
    tree = reading.tree
    day = _DAY.search(page.url or reading.address or "")
    titled = _TITLE.match(document_title(tree))
    title = titled[1] if titled else page.title
    century = "19" if day and int(day[1]) >= 95 else "20"
    published = iso_date(f"{century}{day[1]}-{day[2]}-{day[3]}") if day else page.published
    body = tree.all("body")
    text = fold(tree.raw(body[0])) if body and tree.size(body[0]) < 100_000 else ""
    explained = _EXPLANATION.search(text)
    images = page.images
    if explained and len(images) == 1:
        caption = explained[1][:_LONGEST]
        said = Evidence(field="page", text=caption[:200], says="caption", rule="explanation")
        images = (
            replace(
                images[0],
                title=images[0].title or title,
                caption=caption,
                evidence=(*images[0].evidence, said),
            ),
        )
    return replace(page, title=title, published=published or page.published, images=images)


RULE = SiteRule(
    name="Astronomy Picture of the Day",
    hosts=("apod.nasa.gov", "antwrp.gsfc.nasa.gov"),
    example="https://apod.nasa.gov/apod/ap210223.html",
    refine=refine,
)
