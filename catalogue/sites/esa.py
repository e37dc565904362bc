"""esa.int: an image page names its files in a download menu, and credit and licence in a list.

Copies made to size end in ``_pillars``, ``_card_medium``, ``_article``; the page shows one of them
or, in a zoom viewer, none at all. The menu's HI-RES and LOW-RES files may have one name in two
folders.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Appearance, Evidence, Page, Role, Statement
from catalogue.sites import addresses
from catalogue.sites.dates import iso_date
from catalogue.sites.interface import SiteRule
from catalogue.sites.tree import Tree

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_COPY = re.compile(
    r"(?i)^(https?://www\.esa\.int/var/esa/storage/images/.+?)_(?:pillars|card_(?:small|medium|large|full)|article|large)(\.[a-z]{3,4})$"
)


def larger(url: str) -> tuple[str, ...]:
    """The file that a copy was made from, in the copy's folder.

    >>> larger("https://www.esa.int/var/esa/storage/images/a/1-1-eng-GB/Mars_pillars.jpg")
    ('https://www.esa.int/var/esa/storage/images/a/1-1-eng-GB/Mars.jpg',)
    """
    found = _COPY.match(url)
    return (f"{found[1]}{found[2]}",) if found else ()


def refine(page: Page, reading: Reading) -> Page:
    """Read an image page."""
    tree = reading.tree
    page = replace(page, publisher="ESA")
    if "/ESA_Multimedia/Images/" not in (page.url or "") and not tree.all("micr-io"):
        return page
    description = _first(tree, {"modal", "tab", "description"})
    licences = _first(tree, {"modal", "meta", "licence"}, "ul")
    downloads = _downloads(reading)
    credit, statements = _terms(tree, licences)
    if description is None and not downloads:
        return page
    shown = next((image for image in page.images if image.role is Role.LEAD), None)
    urls = [*downloads]
    for image in [shown] if shown else [*page.images[:1]]:
        urls.extend(url for url in (image.url, *image.alternatives) if url)
    named = reading.told.first("og:image")
    if named and (url := addresses.absolute(named, reading.base)):
        urls.append(url)
    urls = list(dict.fromkeys(urls))
    if not urls:
        return page
    caption = _description(tree, description) if description is not None else None
    date = next(
        (
            date
            for node in tree.all("div")
            if tree.words(node) == {"meta"}
            and tree.size(node) < 400
            and (date := iso_date(tree.read(node)))
        ),
        None,
    )
    image = Appearance(
        url=urls[0],
        alternatives=tuple(urls[1:]),
        role=Role.LEAD,
        title=page.title,
        caption=caption or (shown.caption if shown else None),
        credit=credit or (shown.credit if shown else None),
        alt=shown.alt if shown else None,
        statements=statements,
        evidence=(
            Evidence(field="page", text=urls[0], says="picture of the page", rule="esa image page"),
        ),
    )
    return replace(
        page,
        author=None,
        published=page.published if page.published and not date else date or page.published,
        images=(image,),
    )


def _first(tree: Tree, words: set[str], *names: str) -> int | None:
    for node in tree.all(*(names or ("div",))):
        if words <= tree.words(node):
            return node
    return None


def _downloads(reading: Reading) -> list[str]:
    """The files of the download menu, the largest first."""
    tree = reading.tree
    found: list[tuple[int, str]] = []
    for node in tree.all("a"):
        if "download" not in tree.attributes[node]:
            continue
        url = addresses.absolute(tree.get(node, "href"), reading.base)
        if url is None or not addresses.is_raster(url):
            continue
        label = f"{tree.get(node, 'title')} {tree.read(node)}".upper()
        rank = 0 if "HI-RES" in label else 2 if "LOW-RES" in label else 1
        if addresses.extension(url).startswith("tif"):
            rank += 1
        found.append((rank, url))
    return [url for _, url in sorted(found, key=lambda one: one[0])]


def _terms(tree: Tree, node: int | None) -> tuple[str | None, tuple[Statement, ...]]:
    credit = None
    statements = []
    for item in tree.inside(node, "li") if node is not None else []:
        bold = next(iter(tree.inside(item, "b", "strong")), None)
        if bold is None:
            continue
        label = tree.read(bold).upper().strip(" :")
        value = tree.read(item, {bold})
        if label == "CREDIT" and value:
            credit = value
        elif label in ("LICENCE", "LICENSE") and value:
            statements.append(Statement(name="licence", value=value[:300], where="LICENCE"))
    return credit, tuple(statements)


def _description(tree: Tree, node: int) -> str | None:
    """The description without what follows the text: links, notes, the image description."""
    texts = []
    for child in tree.children(node):
        text = tree.read(child)
        if not text:
            continue
        if re.match(r"(?i)\[\s*image description", text):
            break
        texts.append(text)
    return " ".join(texts) or None


RULE = SiteRule(
    name="ESA",
    hosts=("esa.int",),
    example="https://www.esa.int/ESA_Multimedia/Images/2024/08/A_view",
    larger=larger,
    refine=refine,
)
