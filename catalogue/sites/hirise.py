"""uahirise.org: the page's address is the observation's identifier, the credit is the site's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Evidence, Page, Statement
from catalogue.sites.dates import iso_date
from catalogue.sites.interface import SiteRule
from catalogue.sites.tree import fold

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_ID = re.compile(r"(?i)\b((?:ESP|PSP|TRA)_\d{6}_\d{4})\b")
_WALLPAPER = re.compile(r"(?i)^(https?://static\.uahirise\.org/images)/wallpaper/\d+/([^/]+\.jpg)$")
_LINE = re.compile(r"(?i)\bNASA\s*/\s*JPL(?:-Caltech)?\s*/\s*(?:University|Univ\.?) of Arizona\b")

_WRITTEN = re.compile(
    r"Written by:? [^()]{2,80}(?:\([^()]{2,80}\)\s*)?\((\d{1,2} [A-Z][a-z]+ \d{4})\)"
)
"""Who wrote the words to a picture, who reads them aloud, and when that was published."""


def larger(url: str) -> tuple[str, ...]:
    """The largest wallpaper.

    >>> larger("https://static.uahirise.org/images/wallpaper/1440/ESP_012345_1234.jpg")
    ('https://static.uahirise.org/images/wallpaper/2880/ESP_012345_1234.jpg',)
    """
    found = _WALLPAPER.match(url)
    made = f"{found[1]}/wallpaper/2880/{found[2]}" if found else url
    return (made,) if made != url and "/4500/" not in url else ()


def refine(page: Page, reading: Reading) -> Page:
    """State the observation; give pictures without a credit the line at the page's foot."""
    found = _ID.search(page.url or "")
    if found is None:
        return page
    tree = reading.tree
    line = None
    for node in reversed(range(len(tree))):
        if tree.text[node] and (line := _LINE.search(tree.text[node])):
            break
    images = []
    for image in page.images:
        evidence = image.evidence
        if image.credit is None and line is not None:
            evidence = (
                *evidence,
                Evidence(field="page", text=line[0], says="credit", rule="credit line of the site"),
            )
        images.append(
            replace(
                image,
                credit=image.credit or (line[0] if line else None),
                statements=(
                    *image.statements,
                    Statement(name="product_id", value=found[1].upper(), where="page address"),
                ),
                evidence=evidence,
            )
        )
    text = fold(tree.raw(0)) if len(tree) and page.published is None else ""
    written = _WRITTEN.search(text)
    published = iso_date(written[1]) if written else page.published
    return replace(page, published=published, images=tuple(images))


RULE = SiteRule(
    name="HiRISE",
    hosts=("uahirise.org", "hirise.lpl.arizona.edu"),
    example="https://www.uahirise.org/ESP_012345_1234",
    larger=larger,
    refine=refine,
)
