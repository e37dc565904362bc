"""The general reader: any article page, by rules that hold on every site."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from catalogue.credit.lines import split_credit
from catalogue.model import Appearance, Document, Evidence, Page, Role
from catalogue.sites import addresses
from catalogue.sites.article import Article, find_article
from catalogue.sites.belonging import Verdict, belongs
from catalogue.sites.decode import decode
from catalogue.sites.metadata import Metadata, find_heading, read_metadata
from catalogue.sites.page_words import with_words_of_the_page
from catalogue.sites.pictures import (
    MAX_RENDITIONS,
    Place,
    find_places,
    is_placeholder,
    places_naming,
)
from catalogue.sites.ranking import Rendition, rank
from catalogue.sites.structured import (
    ImageData,
    Told,
    caption_and_credit,
    images_told,
    occurrences,
    read_told,
    state_of,
    urls_like,
)
from catalogue.sites.surroundings import standing_of
from catalogue.sites.templates import fill_templates
from catalogue.sites.tree import Tree
from catalogue.sites.words import (
    Found,
    Words,
    find_words,
    group_words,
    look_around,
    scope_of,
)

MAX_PAGE = 32_000_000
"""Bytes of a page that are read."""

MAX_LINKS = 5_000
"""Links that are looked at for larger files."""

MAX_TWINS = 20
"""Other places of the same picture whose addresses are gathered."""

MAX_SEARCHED = 200_000_000
"""Characters of scripts that are searched, all pictures together."""


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
    """The places inside the article's region."""
    elsewhere: list[int]
    """Nodes of pictures outside of it: they may name further renditions."""
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
    text = decode(data, document.charset)
    tree = Tree(text)
    address = document.url or _saved_from(text)
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
        lambda node: bool(standing_of(tree, node, article).surely),
    )
    places, elsewhere = _with_lead_before(tree, article, places, elsewhere, base)
    fill_templates(tree, places, base)
    reading = Reading(tree, told, base, address, metadata, article, places, elsewhere, {}, notes)
    kept = _belonging(reading)
    images = _appearances(reading, kept, named)
    shown = [place for place, _ in kept if place.renditions]
    drawn = [place.drawings[0] for place, _ in kept if place.drawings and not place.assets]
    images = with_words_of_the_page(tree, article, shown, images)
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


def _with_lead_before(
    tree: Tree, article: Article, places: list[Place], elsewhere: list[int], base: str
) -> tuple[list[Place], list[int]]:
    """Add the picture that the page names for machines, where it stands before the article.

    Some pages put the lead picture above the element that is the article.
    """
    missing = article.assets - {asset for place in places for asset in place.assets}
    before = [node for node in elsewhere if node < article.region]
    if not missing or not before:
        return places, elsewhere
    for place in places_naming(tree, before, set(missing), base):
        if not standing_of(tree, place.node, article).surely:
            place.empty = not place.renditions
            return [place, *places], [node for node in elsewhere if node != place.node]
    return places, elsewhere


_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(https?://[^\s<>\"]{4,2000})")


def _saved_from(text: str) -> str | None:
    """The address that browsers write into a page when they save it."""
    found = _SAVED_FROM.search(text, 0, 4000)
    return found[1] if found else None


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
        if words.caption is None and words.credit is None:
            words = group_words(tree, place)
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
    shown: dict[str, list[Place]] = {}
    for place in reading.places:
        for asset in place.assets:
            shown.setdefault(asset, []).append(place)
    wanted = {asset for place, _ in kept for asset in place.assets}
    for place in places_naming(reading.tree, reading.elsewhere, wanted, reading.base):
        for asset in place.assets:
            shown.setdefault(asset, []).append(place)
    out: list[Appearance] = []
    seen: dict[str, int] = {}
    unshown_taken = False
    sizes, searched = sum(map(len, scripts)) + 100 * len(scripts), 0
    for place, verdict in kept:
        renditions = list(place.renditions)
        if not renditions:
            # the page shows it by a script, and names it for machines only
            lead = _unshown_lead(reading, named) if not out and not unshown_taken else None
            if lead is None or place.node not in reading.words:
                continue
            unshown_taken = True
            renditions = [Rendition(lead.url, lead.width, lead.via)]
            place.assets = {addresses.asset(lead.url)}
        told: list[ImageData] = []
        for asset in sorted(place.assets):
            for item in by_asset.get(asset, ()):
                told.append(item)
                renditions.append(Rendition(item.url, item.width, item.via))
            renditions.extend(links.get(asset, ()))
            for other in shown.get(asset, [])[:MAX_TWINS]:
                if other is not place:
                    renditions.extend(other.renditions)
        words = reading.words.get(place.node, Words())
        words = _from_data(words, told, place.alt)
        searched += sizes * len(place.assets)
        if searched <= MAX_SEARCHED:
            state_urls, words = _from_state(scripts, place, words, reading.base)
            renditions.extend(Rendition(url, None, "script") for url in state_urls)
        urls = rank(renditions[: 2 * MAX_RENDITIONS])
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
    if searched > MAX_SEARCHED:
        reading.notes.append("the scripts were searched for the first pictures only")
    return tuple(_with_roles(reading, out, kept))


def _unshown_lead(reading: Reading, named: list[ImageData]) -> ImageData | None:
    """The picture that the page names for machines, where no place on the page shows it."""
    shown = set[str]().union(*(place.assets for place in reading.places))
    for item in named:
        if addresses.asset(item.url) not in shown and item.via != "meta":
            return item
    return None


def _merged(one: Appearance, other: Appearance) -> Appearance:
    if len(one.alternatives) >= MAX_RENDITIONS:
        return one
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
    for node in reading.tree.inside(reading.article.region, "a")[:MAX_LINKS]:
        href = reading.tree.get(node, "href")
        if href and addresses.is_raster(href):
            url = addresses.absolute(href, reading.base)
            if url:
                out.setdefault(addresses.asset(url), []).append(Rendition(url, None, "link", True))
    return out


def _from_data(words: Words, told: list[ImageData], alt: str | None) -> Words:
    caption, credit = words.caption, words.credit
    for item in told:
        if caption is None and item.caption and not _is_filled_in(item, alt):
            caption = Found(item.caption, "JSON-LD caption", item.via)
        if credit is None and item.credit:
            credit = Found(item.credit, "JSON-LD credit", item.via)
    return Words(caption, credit)


def _is_filled_in(item: ImageData, alt: str | None) -> bool:
    """Whether a system filled in a caption that nobody wrote: the alt text, the file's name."""
    caption = (item.caption or "").casefold()
    return caption == (alt or "").casefold() or (" " not in caption and caption in item.url.lower())


def _from_state(
    scripts: list[str], place: Place, words: Words, base: str
) -> tuple[list[str], Words]:
    urls: list[str] = []
    caption, credit = words.caption, words.credit
    for asset in sorted(place.assets):
        found = occurrences(scripts, asset.rpartition("/")[2])
        for url in urls_like(found, base):
            if addresses.asset(url) == asset and url not in urls:
                urls.append(url)
        if caption is None and credit is None:
            for value in state_of(found):
                told_caption, told_credit = caption_and_credit(value)
                if told_caption and not told_credit:
                    parts = split_credit(told_caption)
                    told_caption, told_credit = parts.caption, parts.credit
                if told_caption or told_credit:
                    caption = (
                        Found(told_caption, "state of a script", "script") if told_caption else None
                    )
                    credit = (
                        Found(told_credit, "state of a script", "script") if told_credit else None
                    )
                    break
    return urls, Words(caption, credit)
