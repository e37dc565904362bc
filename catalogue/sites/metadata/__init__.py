"""What a page says of itself: title, author, date, publisher, language and address.

Each is found by a list of named ways in order, best witness first: what the page says for machines
of this very article, then its mark-up, then what a reader would take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalogue.sites import addresses
from catalogue.sites.metadata.author import find_author
from catalogue.sites.metadata.headline import find_heading, find_title
from catalogue.sites.metadata.published import find_published
from catalogue.sites.metadata.publisher import find_publisher
from catalogue.sites.structured import Told, article_things, listed, text_of
from catalogue.sites.tree import Tree

__all__ = ["Metadata", "find_heading", "read_metadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself."""

    url: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    publisher: str | None = None
    language: str | None = None


def read_metadata(tree: Tree, told: Told, address: str | None, heading: int | None) -> Metadata:
    """Read them all.

    Args:
        tree: The page.
        told: What it says for machines.
        address: Where it came from, where that is known.
        heading: The headline's node, where one was found.
    """
    url = _canonical(tree, told, address)
    language = _language(tree, told)
    publisher = find_publisher(tree, told, url, heading)
    title = find_title(tree, told, heading, publisher)
    return Metadata(
        url=url,
        title=title,
        author=find_author(tree, told, heading, publisher),
        published=find_published(tree, told, heading, url, language),
        publisher=publisher,
        language=language,
    )


def _canonical(tree: Tree, told: Told, address: str | None) -> str | None:
    base = address or ""
    for node in tree.all("link"):
        if "canonical" in tree.get(node, "rel").lower().split():
            url = addresses.absolute(tree.get(node, "href"), base)
            if url and url.startswith("http") and _deep(url, address):
                return url
    for value in (told.first("og:url"), told.first("twitter:url")):
        if value:
            url = addresses.absolute(value, base)
            if url and url.startswith("http") and _deep(url, address):
                return url
    for thing in article_things(told):
        for value in (thing.get("mainEntityOfPage"), thing.get("url")):
            for item in listed(value):
                if isinstance(item, dict):
                    item = item.get("@id")
                if isinstance(item, str):
                    url = addresses.absolute(item, base)
                    if url and url.startswith("http") and _deep(url, address):
                        return url
    return address


def _deep(url: str, address: str | None) -> bool:
    """Whether a stated address can be this page's: some name their home page on every page."""
    if not address or not address.startswith("http"):
        return True
    own = urlsplit(address).path.strip("/")
    return bool(urlsplit(url).path.strip("/")) or not own


def _language(tree: Tree, told: Told) -> str | None:
    for node in tree.all("html"):
        value = tree.get(node, "lang") or tree.get(node, "xml:lang")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", value):
            return value.replace("_", "-")
    for thing in article_things(told):
        value = text_of(thing.get("inLanguage")) or ""
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", value):
            return value
    value = told.first("content-language", "og:locale", "dc.language", "language") or ""
    if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", value):
        return value.replace("_", "-")
    return None
