"""What a page says of itself for machines: meta elements, JSON-LD, and the state of its scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any, TypeAlias

from catalogue.sites import addresses
from catalogue.sites.tree import Tree, fold
from catalogue.texts import word_set

Json: TypeAlias = Any
"""Whatever ``json`` decodes to: the shape of foreign data is only known after looking."""

MAX_SCRIPT = 6_000_000
"""Characters of one script that are read."""

MAX_THINGS = 1_000
"""Objects of JSON-LD that are read."""

MAX_DEPTH = 60
"""Levels of JSON that are followed."""

_DECODER = json.JSONDecoder()


ARTICLE_TYPES = word_set(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle "
    "BackgroundNewsArticle OpinionNewsArticle ReviewNewsArticle ScholarlyArticle "
    "TechArticle LiveBlogPosting Report SocialMediaPosting CreativeWork MediaArticle"
)
PAGE_TYPES = frozenset({"WebPage", "ItemPage", "ImageGallery", "CollectionPage"})


@dataclass(slots=True)
class ImageData:
    """What JSON-LD or the state of a script says of one picture."""

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None
    width: int | None = None
    via: str = "JSON-LD"
    others: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What a page says of itself for machines."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    """Content of meta elements by ``property``, ``name`` or ``itemprop``, lower case."""
    things: list[dict[str, Json]] = field(default_factory=list)
    """Every object of the page's JSON-LD that has a type, outer ones first."""

    def first(self, *names: str) -> str | None:
        """The first non-empty meta content under these names, in their order."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None


def read_told(tree: Tree) -> Told:
    """Collect the meta elements and the JSON-LD of a page."""
    told = Told()
    for node in tree.all("meta"):
        attributes = tree.attributes[node]
        content = attributes.get("content")
        if not content:
            continue
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key)
            if name:
                told.meta.setdefault(name.strip().lower(), []).append(fold(content[:5000]))
    for script in tree.scripts:
        if "ld+json" in script.kind:
            value = first_json(script.text[:MAX_SCRIPT])
            if value is not None:
                told.things.extend(islice(_things(value), MAX_THINGS + 1 - len(told.things)))
    if len(told.things) > MAX_THINGS:
        told.things.pop()
        tree.notes.append(f"only the first {MAX_THINGS} objects of its JSON-LD were read")
    return told


def first_json(text: str) -> Json:
    """The first JSON value in a text, whatever stands round it; None where there is none.

    Pages wrap JSON in CDATA marks, comments and assignments, and end it with a semicolon.
    """
    at = min((found for found in (text.find("{"), text.find("[")) if found >= 0), default=-1)
    if at < 0:
        return None
    if text.startswith("[CDATA[", at):
        return first_json(text[at + 7 :])
    try:
        return _DECODER.raw_decode(text, at)[0]
    except RecursionError:
        return None
    except ValueError:
        # line breaks inside strings are common, and forbidden
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, at)[0]
        except (ValueError, RecursionError):
            return None


def _things(value: Json) -> Iterator[dict[str, Json]]:
    queue: list[tuple[Json, int]] = [(value, 0)]
    for item, depth in queue:
        if len(queue) > 100_000:
            return
        if isinstance(item, dict):
            if "@type" in item:
                yield item
            if depth < MAX_DEPTH:
                queue.extend((inner, depth + 1) for inner in item.values() if _nested(inner))
        elif isinstance(item, list) and depth < MAX_DEPTH:
            queue.extend((inner, depth + 1) for inner in item if _nested(inner))


def _nested(value: Json) -> bool:
    return isinstance(value, dict | list)


def listed(value: Json) -> list[Json]:
    """A value as a list: JSON-LD leaves the brackets out where there is one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(thing: dict[str, Json]) -> set[str]:
    """The types of an object, without the address of the vocabulary."""
    return {str(kind).rpartition("/")[2] for kind in listed(thing.get("@type"))}


def text_of(value: Json) -> str | None:
    """A text, or the name of a thing; None where it is neither or empty."""
    for item in listed(value):
        if isinstance(item, dict):
            item = item.get("name") or item.get("@value")
            if isinstance(item, list):
                item = item[0] if item else None
        if isinstance(item, str) and item.strip():
            return plain(item)
    return None


def article_things(told: Told) -> Iterator[dict[str, Json]]:
    """The JSON-LD objects that are the article, the most telling first."""
    found = [thing for thing in told.things if types(thing) & ARTICLE_TYPES]
    with_headline = [thing for thing in found if thing.get("headline")]
    yield from with_headline[:1]
    yield from (thing for thing in found if thing not in with_headline[:1])
    yield from (thing for thing in told.things if types(thing) & PAGE_TYPES)


_MARKUP = re.compile(r"<(?:br|/p|/div|p)\b[^<>]{0,200}>|</?[a-zA-Z][^<>]{0,2000}>")


def plain(text: str) -> str:
    """The text of a fragment of HTML, on one line."""
    if "<" in text:
        text = _MARKUP.sub(
            lambda found: " " if found[0][1:3] in ("br", "/p", "/d", "p ") else "", text
        )
    if "&" in text:
        text = unescape(text)
    return fold(text)


def images_told(told: Told) -> Iterator[ImageData]:
    """Every picture that the JSON-LD names as an article's own; logos and portraits left out."""
    by_id = {
        thing["@id"]: thing
        for thing in told.things
        if isinstance(thing.get("@id"), str) and "ImageObject" in types(thing)
    }
    for thing in told.things:
        kinds = types(thing)
        if "ImageObject" in kinds:
            continue
        if kinds & {"Organization", "NewsMediaOrganization", "Person", "WebSite", "BreadcrumbList"}:
            continue
        for name in ("image", "primaryImageOfPage", "associatedMedia", "thumbnailUrl"):
            for item in listed(thing.get(name)):
                if isinstance(item, dict) and isinstance(item.get("@id"), str):
                    item = by_id.get(item["@id"], item)
                data = image_of(item)
                if data is not None:
                    yield data
    for thing in told.things:
        if "ImageObject" in types(thing) and (thing.get("caption") or thing.get("creditText")):
            data = image_of(thing)
            if data is not None:
                yield data


def image_of(item: Json) -> ImageData | None:
    """What an ImageObject, or a bare address, tells; None where it names no picture."""
    if isinstance(item, str):
        return ImageData(item)
    if not isinstance(item, dict):
        return None
    urls = [
        url
        for name in ("contentUrl", "url", "@id")
        for url in listed(item.get(name))
        if isinstance(url, str) and url
    ]
    if not urls:
        return None
    width = item.get("width")
    if isinstance(width, dict):
        width = width.get("value")
    number = re.match(r"\d+", str(width or ""))
    credit = next(
        (
            text
            for name in ("creditText", "copyrightHolder", "creator", "author", "copyrightNotice")
            if (text := text_of(item.get(name)))
        ),
        None,
    )
    return ImageData(
        urls[0],
        caption=text_of(item.get("caption")),
        credit=credit,
        width=int(number[0][:6]) if number else None,
        others=urls[1:],
    )


# --- state of scripts ---------------------------------------------------------------------------

_CAPTION_KEYS = word_set(
    "caption captiontext imagecaption image_caption caption_text captionhtml legend "
    "bildunterschrift cutline"
)
_CREDIT_KEYS = word_set(
    "credit credits creditline credit_line credittext imagecredit image_credit photocredit "
    "photo_credit attribution copyright copyrightline photographer byline source"
)


Occurrence: TypeAlias = tuple[str, int]
"""A script's text, and a position in it."""

MAX_OCCURRENCES = 60
"""Places in one script where a picture is looked for."""


def occurrences(scripts: list[str], name: str) -> list[Occurrence]:
    """Where a picture's distinctive name stands in the page's scripts.

    Args:
        scripts: Contents of scripts.
        name: A distinctive part of the picture's address; one that is too short is nowhere.
    """
    found: list[Occurrence] = []
    if len(name) < 8:
        return found  # would be found everywhere
    for text in scripts:
        at = text.find(name)
        tries = 0
        while at >= 0 and tries < MAX_OCCURRENCES:
            tries += 1
            found.append((text, at))
            at = text.find(name, at + len(name))
    return found


def state_of(found: list[Occurrence]) -> Iterator[dict[str, Json]]:
    """The objects in the page's scripts that name a picture and tell its caption or credit.

    No script is decoded as a whole: the innermost objects round the places where the picture's
    name stands are tried, up to a bounded size.
    """
    last: Occurrence = ("", 0)
    tries = 0
    for text, at in found:
        if text is not last[0]:
            tries = 0
        elif at < last[1] + 2000 or tries >= 6:
            continue  # most likely the same object
        last = (text, at)
        tries += 1
        value = _object_round(text, at)
        if value is not None:
            yield value


def _object_round(text: str, at: int) -> dict[str, Json] | None:
    start, floor = at, max(0, at - 12_000)
    attempts = 0
    while attempts < 12:
        start = text.rfind("{", floor, start)
        if start < 0:
            return None
        attempts += 1
        head = text[start : start + 40_000]
        try:
            value, stop = _DECODER.raw_decode(head)
        except (ValueError, RecursionError):
            continue
        if (
            start + stop > at
            and isinstance(value, dict)
            and caption_and_credit(value) != (None, None)
        ):
            return value
    return None


def caption_and_credit(value: dict[str, Json]) -> tuple[str | None, str | None]:
    """Caption and credit that an object tells under one of their usual names."""
    caption = credit = None
    for key, item in value.items():
        name = key.lower().replace("-", "_")
        if name in _CAPTION_KEYS and caption is None:
            caption = _short(text_of(item))
        elif name in _CREDIT_KEYS and credit is None:
            credit = _short(text_of(item))
    return caption, credit


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text) <= 5000 else None


_DELIMITERS = "\"'<> \t\n\r"
_ENDS = re.compile(r"[\s\"'<>]|\\\"|&quot;")


def urls_like(found: list[Occurrence], base: str) -> Iterator[str]:
    """The addresses in the page's scripts that hold a picture's distinctive name.

    Args:
        found: Where the name stands.
        base: What relative addresses are relative to.
    """
    for text, at in found:
        before = text[max(0, at - 500) : at]
        before = before[1 + max(map(before.rfind, _DELIMITERS)) :].rpartition("&quot;")[2]
        after = text[at : at + 900]
        end = _ENDS.search(after)
        raw = before + (after[: end.start()] if end else after)
        raw = raw.replace("\\/", "/").replace("\\u002F", "/").replace("\\u0026", "&")
        raw = raw.rstrip("\\,")
        if raw.startswith(("http://", "https://", "//", "/")) and "\\" not in raw:
            url = addresses.absolute(unescape(raw), base)
            if url:
                yield url
