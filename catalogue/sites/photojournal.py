"""JPL Photojournal: a catalogue page shows a small copy and links the full ones.

The table beside the picture states target, mission, spacecraft, instrument and producer: who took
it, better than any word of the text. Title is the bold caption of the table; caption and credit
are terms of a definition list; figures of the text have a thumbnail linked to their file, a bold
label below, and a sentence that begins with that label.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Appearance, Evidence, Page, Role, Statement
from catalogue.sites import addresses
from catalogue.sites.dates import iso_date
from catalogue.sites.interface import SiteRule
from catalogue.sites.tree import Tree, fold

if TYPE_CHECKING:
    from catalogue.sites.reading import Reading

_NAME = re.compile(
    r"(?i)\b(PIA\d{5})(_[A-Za-z0-9]+?)?(?:_(?:thumb|modest|fullres|hires|full))*\.(?:jpe?g|tiff?|png|gif)$"
)
_ROWS = {
    "target name": "target",
    "mission": "mission",
    "spacecraft": "spacecraft",
    "instrument": "instrument",
    "produced by": "producer",
}
_ORDER = ("/jpeg/", "/tiff/", "/archive/", "/figures/", "/jpegmod/", "/browse/")


def larger(url: str) -> tuple[str, ...]:
    """The full-resolution JPEG behind a browse copy.

    >>> larger("https://photojournal.jpl.nasa.gov/browse/PIA00001.jpg")
    ('https://photojournal.jpl.nasa.gov/jpeg/PIA00001.jpg',)
    """
    found = re.match(
        r"(?i)^(https?://photojournal\.jpl\.nasa\.gov)/(?:browse|jpegMod|thumb)/(PIA\d{5})(?:_modest)?\.(?:jpe?g|gif)$",
        url,
    )
    return (f"{found[1]}/jpeg/{found[2]}.jpg",) if found else ()


def refine(page: Page, reading: Reading) -> Page:
    """Read a catalogue page."""
    tree = reading.tree
    number = re.search(r"(?i)PIA\d{5}", page.url or "") or _number_in(tree)
    if number is None:
        return page
    product = number[0].upper()
    terms = _terms(tree)
    credit_node = _term(terms, "image credit")
    caption_node = _term(terms, "original caption")
    credit = tree.read(credit_node) if credit_node is not None else None
    added = _term(terms, "addition date")
    title = next(
        (
            tree.read(bold)
            for node in tree.all("caption")
            for bold in tree.inside(node, "b")
            if product in tree.read(bold).upper()
        ),
        page.title,
    )
    statements = (*_statements(tree), Statement(name="product_id", value=product, where="page"))
    renditions = _renditions(reading, product)
    caption, figures = _caption(tree, caption_node)
    evidence = Evidence(
        field="dd", text=(caption or "")[:200], says="caption", rule="photojournal catalogue page"
    )
    images = []
    for key in sorted(renditions):
        urls = renditions[key]
        label = key.removeprefix("_fig").upper()
        images.append(
            Appearance(
                url=urls[0],
                alternatives=tuple(urls[1:]),
                role=Role.CONTENT if key else Role.LEAD,
                title=title if not key else None,
                caption=caption if not key else figures.get(label) or f"Figure {label}",
                credit=credit,
                alt=_alt(reading, urls),
                statements=statements if not key else statements[-1:],
                evidence=(evidence,),
            )
        )
    return replace(
        page,
        title=title,
        author=None,
        published=(iso_date(tree.read(added)) if added is not None else None) or page.published,
        publisher="Photojournal",
        images=tuple(images) or page.images,
    )


def _number_in(tree: Tree) -> re.Match[str] | None:
    for node in tree.all("title"):
        return re.search(r"(?i)PIA\d{5}", tree.raw(node))
    return None


def _terms(tree: Tree) -> list[tuple[str, int]]:
    out = []
    for node in tree.all("dt"):
        following = next((n for n in tree.following(node) if tree.tag[n] == "dd"), None)
        if following is not None:
            out.append((tree.read(node).lower(), following))
    return out


def _term(terms: list[tuple[str, int]], name: str) -> int | None:
    return next((node for label, node in terms if name in label), None)


def _statements(tree: Tree) -> tuple[Statement, ...]:
    out = []
    for row in tree.all("tr"):
        cells = [cell for cell in tree.children(row) if tree.tag[cell] == "td"]
        if len(cells) != 2 or tree.size(cells[0]) > 100:
            continue
        label = fold(tree.raw(cells[0])).strip(" :\u2002\u2009")
        name = _ROWS.get(label.lower())
        value = tree.read(cells[1])
        if name and value and len(value) < 400:
            out.append(Statement(name=name, value=value, where=f"table row {label}"))
    return tuple(out)


def _renditions(reading: Reading, product: str) -> dict[str, list[str]]:
    """The addresses of each picture of the page, best first; the main one under ``""``."""
    tree = reading.tree
    found: dict[str, list[tuple[int, str]]] = {}
    nodes = [(node, "href") for node in tree.all("a")] + [(node, "src") for node in tree.all("img")]
    for node, name in nodes:
        url = addresses.absolute(tree.get(node, name), reading.base)
        named = _NAME.search(url.partition("?")[0]) if url else None
        if url is None or named is None or named[1].upper() != product:
            continue
        key = (named[2] or "").lower()
        if not key.startswith("_fig"):
            key = ""
        path = url.lower()
        rank = next((place for place, folder in enumerate(_ORDER) if folder in path), len(_ORDER))
        if "_thumb" in path:
            rank += 10
        found.setdefault(key, []).append((rank, url))
    return {
        key: list(dict.fromkeys(url for _, url in sorted(ranked, key=lambda one: one[0])))
        for key, ranked in found.items()
    }


def _caption(tree: Tree, node: int | None) -> tuple[str | None, dict[str, str]]:
    """The caption's paragraphs, and the sentences about its figures by their letter."""
    if node is None:
        return None, {}
    left_out = {
        block
        for block in tree.inside(node, "p", "center")
        if not tree.inside(block, "p")
        and (
            tree.inside(block, "img")
            or any(addresses.is_raster(tree.get(a, "href")) for a in tree.inside(block, "a"))
        )
    }
    left_out |= set(tree.inside(node, "center"))
    text = tree.read(node, left_out)
    figures: dict[str, str] = {}
    for sentence in re.findall(r"(?<![\w.])(Fig(?:ure|\.) ?[A-Z0-9]{1,2}\b[^.]{5,600}\.)", text):
        label = re.match(r"Fig(?:ure|\.) ?([A-Z0-9]{1,2})", sentence)
        if label and label[1] not in figures:
            figures[label[1]] = sentence
    return text or None, figures


def _alt(reading: Reading, urls: list[str]) -> str | None:
    for place in reading.places:
        if place.alt and any(rendition.url in urls for rendition in place.renditions):
            return place.alt
    return None


RULE = SiteRule(
    name="Photojournal",
    hosts=("photojournal.jpl.nasa.gov",),
    example="https://photojournal.jpl.nasa.gov/catalog/PIA00001",
    larger=larger,
    refine=refine,
)
