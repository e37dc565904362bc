"""The general reader: any article page, by rules that hold on every site."""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue.model import Appearance, Document, Evidence, Page, Role
from catalogue.sites import addresses
from catalogue.sites.belonging import Article, Verdict, belongs, find_article
from catalogue.sites.captions import Found, Words, find_words, look_around, scope_of
from catalogue.sites.decode import decode
from catalogue.sites.metadata import Metadata, find_heading, read_metadata
from catalogue.sites.pictures import Place, Rendition, find_places, is_placeholder, rank
from catalogue.sites.structured import (
    ImageData,
    Told,
    caption_and_credit,
    images_told,
    read_told,
    state_of,
    urls_like,
)
from catalogue.sites.tree import Tree

MAX_PAGE = 64_000_000
"""Bytes of a page that are read."""


@dataclass(slots=True)
class Reading:
    """One page while it is read."""

    tree: Tree
    told: Told
    base: str
    address: str | None
    metadata: Metadata
    article: Article
    places: list[Place]
    words: dict[int, Words]
    """By the place's node."""
    notes: list[str]


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
    tree = Tree(decode(data, document.charset))
    notes.extend(tree.notes)
    address = document.url
    told = read_told(tree)
    heading = find_heading(tree, told)
    metadata = read_metadata(tree, told, address, heading)
    base = _base(tree, address or metadata.url or "")
    article = find_article(tree, heading)
    named = list(images_told(told))
    for url in _meta_images(told):
        named.append(ImageData(url, via="og:image"))
    for item in named:
        item.url = addresses.absolute(item.url, base) or ""
    named = [item for item in named if item.url and not is_placeholder(item.url)]
    article.assets = frozenset(addresses.asset(item.url) for item in named)
    places = find_places(tree, base, notes)
    reading = Reading(tree, told, base, address, metadata, article, places, {}, notes)
    _find_all_words(reading)
    kept = [(place, verdict) for place in places if (verdict := belongs(tree, place, article)).keep]
    images = _appearances(reading, kept, named)
    page = Page(
        url=metadata.url,
        title=metadata.title,
        author=metadata.author,
        published=metadata.published,
        publisher=metadata.publisher,
        language=metadata.language,
        images=images,
        notes=tuple(notes),
    )
    return page, reading


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


def _find_all_words(reading: Reading) -> None:
    tree = reading.tree
    others = [place.node for place in reading.places if not _insignificant(place)]
    captioned = set()
    for place in reading.places:
        if _insignificant(place):
            continue
        own = [node for node in others if node != place.node] if len(others) < 400 else others
        scope = scope_of(tree, place, own, reading.article.paragraphs)
        if scope == place.outer:
            words = find_words(look_around(tree, place, scope))
        else:
            words = find_words(look_around(tree, place, scope))
        reading.words[place.node] = words
        if words.caption or words.credit:
            captioned.add(place.node)
    reading.article.captioned = frozenset(captioned)


def _insignificant(place: Place) -> bool:
    return bool(
        (place.width is not None and place.width <= 40)
        or (place.height is not None and place.height <= 40)
    )


def _appearances(
    reading: Reading, kept: list[tuple[Place, Verdict]], named: list[ImageData]
) -> tuple[Appearance, ...]:
    by_asset: dict[str, list[ImageData]] = {}
    for item in named:
        by_asset.setdefault(addresses.asset(item.url), []).append(item)
    scripts = [
        text
        for attributes, text in reading.tree.scripts
        if "ld+json" not in (attributes.get("type") or "")
    ]
    links = _file_links(reading)
    out: list[Appearance] = []
    seen: dict[str, int] = {}
    for place, verdict in kept:
        renditions = list(place.renditions)
        if not renditions:
            continue
        told: list[ImageData] = []
        for asset in sorted(place.assets):
            for item in by_asset.get(asset, ()):
                told.append(item)
                renditions.append(Rendition(item.url, item.width, item.via))
            renditions.extend(links.get(asset, ()))
        words = reading.words.get(place.node, Words())
        words = _from_data(words, told)
        state_urls, words = _from_state(scripts, place, words, reading.base)
        renditions.extend(Rendition(url, None, "script") for url in state_urls)
        urls = rank(renditions)
        evidence = [
            Evidence(
                field="page",
                text=verdict.why or verdict.rule,
                says="picture of the article",
                rule=verdict.rule,
            )
        ]
        for name, found in (("caption", words.caption), ("credit", words.credit)):
            if found:
                evidence.append(
                    Evidence(
                        field=found.where or name, text=found.text[:200], says=name, rule=found.rule
                    )
                )
        appearance = Appearance(
            url=urls[0],
            alternatives=tuple(urls[1:]),
            caption=words.caption.text if words.caption else None,
            credit=words.credit.text if words.credit else None,
            alt=place.alt,
            evidence=tuple(evidence),
        )
        twin = next((seen[asset] for asset in place.assets if asset in seen), None)
        if twin is not None:
            out[twin] = _merged(out[twin], appearance)
            continue
        for asset in place.assets:
            seen[asset] = len(out)
        out.append(appearance)
    return tuple(_with_roles(reading, out, kept))


def _merged(one: Appearance, other: Appearance) -> Appearance:
    urls = list(dict.fromkeys([one.url, *one.alternatives, other.url, *other.alternatives]))
    return replace(
        one,
        alternatives=tuple(url for url in urls[1:] if url),
        caption=one.caption or other.caption,
        credit=one.credit or other.credit,
        alt=one.alt or other.alt,
        evidence=one.evidence if one.caption or one.credit else other.evidence,
    )


def _with_roles(
    reading: Reading, images: list[Appearance], kept: list[tuple[Place, Verdict]]
) -> list[Appearance]:
    if not images:
        return images
    first = next((place for place, _ in kept if place.renditions), None)
    article = reading.article
    if first is not None and (first.node < article.start or first.assets & article.assets):
        images[0] = replace(images[0], role=Role.LEAD)
    return images


def _file_links(reading: Reading) -> dict[str, list[Rendition]]:
    """Links to picture files inside the article, by asset."""
    out: dict[str, list[Rendition]] = {}
    for node in reading.tree.inside(reading.article.region, "a"):
        href = reading.tree.get(node, "href")
        if href and addresses.is_raster(href):
            url = addresses.absolute(href, reading.base)
            if url:
                out.setdefault(addresses.asset(url), []).append(Rendition(url, None, "link", True))
    return out


def _from_data(words: Words, told: list[ImageData]) -> Words:
    caption, credit = words.caption, words.credit
    for item in told:
        if caption is None and item.caption:
            caption = Found(item.caption, "JSON-LD caption", item.via)
        if credit is None and item.credit:
            credit = Found(item.credit, "JSON-LD credit", item.via)
    return Words(caption, credit)


def _from_state(
    scripts: list[str], place: Place, words: Words, base: str
) -> tuple[list[str], Words]:
    urls: list[str] = []
    caption, credit = words.caption, words.credit
    for asset in sorted(place.assets):
        name = asset.rpartition("/")[2]
        for url in urls_like(scripts, name, base):
            if addresses.asset(url) == asset and url not in urls:
                urls.append(url)
        if caption is None and credit is None:
            for value in state_of(scripts, name):
                told_caption, told_credit = caption_and_credit(value)
                if told_caption or told_credit:
                    caption = (
                        Found(told_caption, "state of a script", "script") if told_caption else None
                    )
                    credit = (
                        Found(told_credit, "state of a script", "script") if told_credit else None
                    )
                    break
    return urls[:20], Words(caption, credit)
