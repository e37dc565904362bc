"""The general reader: any article page, by rules that hold on every site."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue.model import Document, Page
from catalogue.sites import addresses
from catalogue.sites.appearances import appearances_of
from catalogue.sites.article import Article, find_article
from catalogue.sites.belonging import Verdict, belongs
from catalogue.sites.decode import in_utf8
from catalogue.sites.metadata import find_heading, read_metadata
from catalogue.sites.page_words import with_words_of_the_page
from catalogue.sites.pictures import (
    Place,
    find_places,
    is_placeholder,
    places_naming,
)
from catalogue.sites.reading import Reading
from catalogue.sites.structured import (
    ImageData,
    Told,
    images_told,
    read_told,
)
from catalogue.sites.templates import fill_templates
from catalogue.sites.tree import Tree
from catalogue.sites.unshown import unshown
from catalogue.sites.words import (
    find_words,
    group_words,
    look_around,
    scope_of,
)

MAX_PAGE = 32_000_000
"""Bytes of a page that are read."""


def read_general(document: Document) -> tuple[Page, Reading]:
    """Read an article page.

    Returns:
        The page, and what was gathered on the way, for the rules of single sites.
    """
    notes: list[str] = []
    data = document.data
    if len(data) > MAX_PAGE:
        notes.append(f"only the first {MAX_PAGE} bytes were read")
        data = data[:MAX_PAGE]
    data = in_utf8(data, document.charset)
    tree = Tree(data)
    address = document.url or _saved_from(data)
    told = read_told(tree)
    notes.extend(tree.notes)
    heading = find_heading(tree, told)
    metadata = read_metadata(tree, told, address, heading)
    base = _base(tree, address or metadata.url or "")
    article = find_article(tree, heading)
    article.host = addresses.host_of(base)
    named = list(images_told(told))
    named.extend(ImageData(url, via="og:image") for url in _meta_images(told))
    own = len(named)
    named.extend(ImageData(url, via="meta") for url in _further_meta_images(told))
    for item in named:
        item.url = addresses.absolute(item.url, base) or ""
    article.assets = frozenset(
        addresses.asset(item.url)
        for item in named[:own]
        if item.url and not is_placeholder(item.url)
    )
    named = [item for item in named if item.url and not is_placeholder(item.url)]
    places, elsewhere = find_places(
        tree,
        base,
        notes,
        article.region,
        lambda node: bool(article.surroundings.of(node).surely),
    )
    places, elsewhere = _with_lead_beside(tree, article, places, elsewhere, base)
    fill_templates(tree, places, base)
    reading = Reading(tree, told, base, address, metadata, article, places, elsewhere, {}, notes)
    kept = _belonging(reading)
    images = appearances_of(reading, kept, named)
    shown = [place for place, _ in kept if place.renditions]
    drawn = [place.drawings[0] for place, _ in kept if place.drawings and not place.assets]
    images = with_words_of_the_page(tree, article, shown, images)
    images = (*images, *unshown(reading, images))
    page = Page(
        url=metadata.url,
        title=metadata.title,
        author=metadata.author,
        published=metadata.published,
        publisher=metadata.publisher,
        language=metadata.language,
        images=images,
        drawings=tuple(dict.fromkeys(drawn)),
        notes=tuple(notes),
    )
    return page, reading


def _with_lead_beside(
    tree: Tree, article: Article, places: list[Place], elsewhere: list[int], base: str
) -> tuple[list[Place], list[int]]:
    """Add the picture that the page names for machines, where it stands beside the article.

    Some pages put the lead picture above the element that is the article, or right below it.
    """
    missing = article.assets - {asset for place in places for asset in place.assets}
    stop = tree.end[article.region]
    beside = [
        node for node in elsewhere if node < article.region or article.is_right_behind(tree, node)
    ]
    if not missing or not beside:
        return places, elsewhere
    for place in places_naming(tree, beside, set(missing), base):
        if not article.surroundings.of(place.node).surely:
            place.empty = not place.renditions
            ordered = [place, *places] if place.node < stop else [*places, place]
            return ordered, [node for node in elsewhere if node != place.node]
    return places, elsewhere


_SAVED_FROM = re.compile(rb"saved from url=\(\d{1,6}\)(https?://[^\s<>\"]{4,2000})")


def _saved_from(page: bytes) -> str | None:
    """The address that browsers write into a page when they save it."""
    found = _SAVED_FROM.search(page, 0, 4000)
    return found[1].decode("utf-8", "replace") if found else None


def _base(tree: Tree, address: str) -> str:
    for node in tree.all("base"):
        href = tree.get(node, "href")
        if href:
            return addresses.absolute(href, address) or address
    return address


def _meta_images(told: Told) -> list[str]:
    out: list[str] = []
    for name in (
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    ):
        out.extend(told.meta.get(name, ()))
    return list(dict.fromkeys(out))[:20]


def _further_meta_images(told: Told) -> list[str]:
    """Addresses in meta elements of other names: further renditions, or a site's tile."""
    return [
        value
        for name, values in told.meta.items()
        if ("image" in name or "thumbnail" in name or name == "contenturl")
        and not name.startswith(("og:", "twitter:", "msapplication"))
        for value in values
        if addresses.is_raster(value)
    ][:40]


def _belonging(reading: Reading) -> list[tuple[Place, Verdict]]:
    """The pictures of the article, each with why it is one; finds their captions and credits."""
    tree = reading.tree
    others = [place.node for place in reading.places if not _insignificant(place)]
    captioned = set()
    # what would be left out even with a caption needs no search for one
    reading.article.captioned = frozenset(others)
    judged = [(place, belongs(tree, place, reading.article)) for place in reading.places]
    hopeful = [(place, verdict) for place, verdict in judged if verdict.keep]
    for place, _ in hopeful:
        if _insignificant(place):
            continue
        scope = scope_of(tree, place, others, reading.article.paragraphs)
        words = find_words(look_around(tree, place, scope))
        if words.caption is None:
            of_group = group_words(tree, place)
            words = replace(of_group, credit=words.credit or of_group.credit)
        reading.words[place.node] = words
        if words.caption or words.credit:
            captioned.add(place.node)
    reading.article.captioned = frozenset(captioned)
    uncaptioned = {
        place.node: belongs(tree, place, reading.article)
        for place, _ in hopeful
        if place.node not in captioned
    }
    final = ((place, uncaptioned.get(place.node, verdict)) for place, verdict in hopeful)
    return [(place, verdict) for place, verdict in final if verdict.keep]


def _insignificant(place: Place) -> bool:
    return bool(
        (place.width is not None and place.width <= 40)
        or (place.height is not None and place.height <= 40)
    )
