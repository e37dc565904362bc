"""nasa.gov and science.nasa.gov: WordPress with the agency's own blocks, since 2023.

An image page (``/image-detail/``) has the picture in one column and title, caption and credit in
elements of their own in another. An image article without a caption under its picture is the
caption: its first paragraph. Pictures are resized by query; the path alone is the stored file.
Before 2023, Drupal: ``/styles/<style>/public/`` in the path is a copy made to size.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Evidence, Page, Statement
from catalogue.sites.interface import SiteRule

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_HOST = re.compile(r"(?i)^https?://(?:www\.|science\.|assets\.science\.|smd-cms\.)?nasa\.gov/")
_STYLE = re.compile(r"/styles/[^/]+/public/")
_INNER = re.compile(r"/_ipx/[^/]+/(https?://.+)$")


def larger(url: str) -> tuple[str, ...]:
    """The stored file behind a resized picture.

    >>> larger("https://www.nasa.gov/wp-content/uploads/2024/01/a.jpg?w=1943")
    ('https://www.nasa.gov/wp-content/uploads/2024/01/a.jpg',)
    """
    if not _HOST.match(url):
        return ()
    inner = _INNER.search(url)
    if inner:
        return (inner[1].partition("?")[0],)
    path = url.partition("?")[0]
    made = _STYLE.sub("/", path, count=1)
    return (made,) if made != url else ()


def refine(page: Page, reading: Reading) -> Page:
    """Read the columns of an image page; give an image article its first paragraph."""
    if len(page.images) != 1:
        return page
    image = page.images[0]
    tree = reading.tree
    if "/image-detail/" in (page.url or ""):
        statements = list(image.statements)
        for node in tree.all("div", "li", "p", "dl"):
            if {"meta", "item"} <= tree.words(node) and 3 < tree.size(node) < 200:
                name, colon, value = tree.read(node).partition(":")
                if colon and value.strip():
                    field = {"Taken": "taken", "PIA Number": "product_id"}.get(name.strip())
                    if field:
                        statements.append(
                            Statement(name=field, value=value.strip(), where=f"{name.strip()}:")
                        )
        # the day beside the picture is the day it was taken, or uploaded
        return replace(page, published=None, images=(replace(image, statements=tuple(statements)),))
    if "/image-article/" in (page.url or "") and image.caption is None:
        for node in reading.article.paragraphs[:1]:
            text = tree.read(node)
            evidence = Evidence(
                field="first paragraph", text=text[:200], says="caption", rule="nasa image article"
            )
            image = replace(image, caption=text, evidence=(*image.evidence, evidence))
    return replace(page, images=(image,))


RULE = SiteRule(
    name="nasa.gov",
    hosts=("nasa.gov", "science.nasa.gov"),
    example="https://www.nasa.gov/image-article/a-view/",
    larger=larger,
    refine=refine,
)
