"""The headline of an article, on its page and as its title."""

from __future__ import annotations

import re
from itertools import pairwise

from catalogue.sites.structured import Told, article_things, text_of
from catalogue.sites.tree import Tree, fold

MAX_SMALLER = 50
"""Headings of lower levels among which the headline is looked for, by the title that is told."""


_TITLE_WORDS = frozenset(["headline", "title", "tit", "titel", "titolo", "titre", "titulo"])
_PLAIN_TAGS = ("font", "b", "strong", "big", "center", "p", "div", "span", "td")
"""In what older pages write their headline, since none of it is a heading."""
MAX_NAMES = 20
"""First-level headings that may be the name of a blog."""
MAX_PLAIN = 3_000
"""Elements of these that are looked at."""


def find_heading(tree: Tree, told: Told) -> int | None:
    """The headline: the first-level heading that the page's own title repeats, or the only one."""
    stated = [
        fold(text).casefold()
        for text in (
            told.first("og:title"),
            told.first("twitter:title"),
            *(text_of(thing.get("headline")) for thing in article_things(told)),
            *(tree.raw(node) for node in tree.all("title")[:1]),
        )
        if text
    ]
    first = [node for node in tree.all("h1") if 0 < tree.size(node) < 1000]
    headings = [
        node
        for at, node in enumerate(first)
        if not (_names_site(tree, node) or (at < MAX_NAMES and _is_blog_of(tree, node)))
    ]
    if not headings:
        smaller, parts = _smaller(tree), _parts_of_title(tree)
        headings = [
            node
            for node in smaller
            if tree.get(node, "itemprop") == "headline" or tree.words(node) & _TITLE_WORDS
        ][:3]
        for told_ones in (stated, parts):
            headings = headings or [
                node for node in smaller[:MAX_SMALLER] if tree.read(node).casefold() in told_ones
            ]
        headings = headings or first or _plain_headline(tree, parts)
    best: tuple[int, int] | None = None
    for node in headings:
        text = tree.read(node).casefold()
        if not text:
            continue
        score = 2 if any(text == other for other in stated) else 0
        if not score and len(text) > 8 and any(text in other or other in text for other in stated):
            score = 1
        if best is None or score > best[0]:
            best = (score, node)
    return best[1] if best else None


def _plain_headline(tree: Tree, parts: list[str]) -> list[int]:
    """On a page without headings: the first element that says the longest part of its title."""
    title = max(parts, key=len)
    for node in tree.all(*_PLAIN_TAGS)[:MAX_PLAIN] if len(title) > 8 else ():
        near = len(title) <= tree.size(node) <= len(title) + 6
        if near and tree.read(node).casefold() == title:
            return [node]
    return []


_SITE_WORDS = frozenset({"site", "logo", "brand", "branding", "masthead", "blogname"})


_FRONT = re.compile(r"(?:https?://[^/?#]+)?/?(?:(?:index|home|default)\.[a-z]{3,5})?")


def _links_of(tree: Tree, heading: int) -> list[int]:
    """The links in a heading, or the one that it stands in."""
    around = tree.closest(heading, "a")
    return [*tree.inside(heading, "a"), *([around] if around is not None else [])]


def _names_site(tree: Tree, heading: int) -> bool:
    """Whether a heading is the site's name: by its class, or since it leads to the front page."""
    if tree.words(heading) & _SITE_WORDS:
        return True
    return any(
        "home" in tree.get(a, "rel").split()
        or ((href := tree.get(a, "href")) and _FRONT.fullmatch(href))
        for a in _links_of(tree, heading)
    )


def _smaller(tree: Tree) -> list[int]:
    """The headings of lower levels."""
    return [node for node in tree.all("h2", "h3", "h4") if 0 < tree.size(node) < 1000]


def _parts_of_title(tree: Tree) -> list[str]:
    """The document's title, taken apart: headline, section, site."""
    document = document_title(tree).casefold()
    ahead, _, behind = document.rpartition(": ")
    return [*SEPARATED.split(document), *([behind] if ahead else [])]


def _is_blog_of(tree: Tree, heading: int) -> bool:
    """Whether a linked heading is one part of the document's title, and a smaller one another."""
    if not _links_of(tree, heading):
        return False
    name, *others = _parts_of_title(tree)
    if not others or tree.read(heading).casefold() != name:
        return False
    return any(tree.read(node).casefold() in others for node in _smaller(tree)[:MAX_SMALLER])


def find_title(tree: Tree, told: Told, heading: int | None, publisher: str | None) -> str | None:
    """The title as readers see it; where none is shown, as it is told to machines."""
    shown = _read_apart(tree, heading) if heading is not None else ""
    stated = [
        text
        for text in (
            *(text_of(thing.get("headline")) for thing in article_things(told)),
            told.first("og:title"),
            told.first("twitter:title", "dc.title", "citation_title", "headline"),
        )
        if text
    ]
    document = document_title(tree)
    if shown and len(shown) > 2:
        alike = any(_alike(shown, other) for other in [*stated, document])
        if alike or not stated or len(shown.split()) >= 5:
            return _told_part(tree, heading, stated) or shown
    if stated:
        # of several that differ, the one that a smaller heading or the document's title repeats
        shown_ones = " ".join(tree.read(node) for node in tree.all("h2")[:MAX_SMALLER]).casefold()
        twice = [text for text in stated if len(text) > 12 and text.casefold() in shown_ones]
        twice = twice or [text for text in stated if text.casefold() in document.casefold()]
        return _without_site((twice or stated)[0], publisher)
    if shown:
        return shown
    return _without_site(document, publisher) or None


def _read_apart(tree: Tree, heading: int) -> str:
    """A headline, its parts apart: a word before it may stand in its own line by style alone."""
    shown = tree.read(heading)
    parts = [text for child in tree.children(heading) if (text := fold(tree.raw(child)))]
    for one, other in pairwise(parts):
        if one[-1].isalnum() and other[0].isupper():
            shown = shown.replace(one + other, f"{one} {other}", 1)
    return shown


def _told_part(tree: Tree, heading: int | None, stated: list[str]) -> str | None:
    """The last part of a headline, where the page tells it as its title without the word before."""
    if heading is None:
        return None
    parts = tree.inside(heading, "span", "strong", "em", "div")
    last, whole = tree.read(parts[-1]) if parts else "", tree.read(heading)
    if last != whole and len(last) >= 0.4 * len(whole) and last in stated:
        return last
    return None


def document_title(tree: Tree) -> str:
    """The document's own title, on one line; empty where it has none."""
    return next((fold(tree.raw(node)) for node in tree.all("title")), "")


def _alike(one: str, other: str) -> bool:
    words = set(re.findall(r"\w+", one.casefold()))
    others = set(re.findall(r"\w+", other.casefold()))
    if not words or not others:
        return False
    return len(words & others) >= 0.6 * min(len(words), len(others))


SEPARATED = re.compile(r"\s+[|–—»·•:\-]+\s+|\s*\|\s*|\s+::\s+")


def _without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name that many put after or before it."""
    parts = SEPARATED.split(title)
    if len(parts) < 2:
        return title
    name = (publisher or "").casefold()
    if name:
        if parts[-1].casefold() in name or name in parts[-1].casefold():
            return title[: title.rfind(parts[-1])].rstrip(" |–—»·•:-")
        if parts[0].casefold() == name:
            return title[len(parts[0]) :].lstrip(" |–—»·•:-")
    return title
