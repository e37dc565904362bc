"""Who published an article: the name of the site or paper; its host where none is told."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from catalogue.sites.metadata.headline import SEPARATED, document_title
from catalogue.sites.structured import Told, article_things, plain, text_of, types
from catalogue.sites.tree import Tree


def find_publisher(tree: Tree, told: Told, url: str | None, heading: int | None) -> str | None:
    """The publisher's name; a host's name only where the page tells no better one."""
    for way in (
        _site_name,
        _periodical,
        _told,
        _application,
        _marked,
    ):
        name = way(tree, told)
        if name and len(name) <= 80 and not name.startswith("http") and not _HOST_NAME.match(name):
            return name
    for name in (
        _in_title(tree, told, url),
        _after_title(tree),
        _before_title(tree, heading),
        _meta(tree, told),
    ):
        if name and len(name) <= 80:
            return name
    host = urlsplit(url or "").hostname or ""
    return host.removeprefix("www.") or None


def _site_name(tree: Tree, told: Told) -> str | None:
    return told.first("og:site_name")


_HOST_NAME = re.compile(r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,6}$")
"""A site name that is only the site's host, in small letters: better ones may follow."""


def _periodical(tree: Tree, told: Told) -> str | None:
    return told.first("prism.publicationname", "citation_journal_title", "article:publisher_name")


def _application(tree: Tree, told: Told) -> str | None:
    return told.first("application-name", "apple-mobile-web-app-title")


def _told(tree: Tree, told: Told) -> str | None:
    for thing in article_things(told):
        name = text_of(thing.get("publisher"))
        if name:
            return name
    for thing in told.things:
        if types(thing) & {"WebSite", "NewsMediaOrganization", "Organization"}:
            name = text_of(thing.get("name"))
            if name:
                return name
    return None


def _meta(tree: Tree, told: Told) -> str | None:
    return told.first(
        "og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "citation_publisher"
    )


def _marked(tree: Tree, told: Told) -> str | None:
    for node in tree.having("itemprop"):
        if tree.get(node, "itemprop") == "publisher":
            for inner in tree.inside(node, "meta", "span", "div"):
                if tree.get(inner, "itemprop") == "name":
                    return tree.get(inner, "content") or tree.read(inner) or None
    return None


def _after_title(tree: Tree) -> str | None:
    """What the document's title adds after the headline that the page shows."""
    document = document_title(tree)
    for node in tree.all("h1"):
        shown = tree.read(node)
        head = SEPARATED.split(document, maxsplit=1)[0]
        told = document.casefold()
        if len(head) > 8 and shown.casefold().startswith(head.casefold()):
            shown = shown if told.startswith(shown.casefold()) else head  # which says more
        if len(shown) > 8 and told.startswith(shown.casefold()):
            rest = document[len(shown) :]
            if re.match(r"\s*(?:[|–—»·•:-]|::)\s*", rest):
                name = re.split(r"--|_", re.sub(r"^\W+", "", rest).strip())[-1]
                return name if 1 < len(name) <= 50 else None
    return None


def _before_title(tree: Tree, heading: int | None) -> str | None:
    """What the document's title has ahead of the headline: «Site: headline»."""
    shown = tree.read(heading).casefold() if heading is not None else ""
    document = document_title(tree)
    if len(shown) > 8 and document.casefold().endswith(shown):
        found = re.fullmatch(r"(\S.{1,49}?)\s*(?:[|–—»·•:-]|::)\s*", document[: -len(shown)])
        return found[1] if found else None
    return None


def _in_title(tree: Tree, told: Told, url: str | None) -> str | None:
    """The part of the document's title that is the site's name, where its host agrees."""
    document = document_title(tree)
    host = re.sub(r"[^a-z0-9]", "", (urlsplit(url or "").hostname or "").lower())
    parts = SEPARATED.split(document)
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        name = re.sub(r"[^a-z0-9]", "", plain(part).casefold())
        short = "".join(word[0] for word in re.findall(r"[a-z0-9]+", part.casefold()))
        if name and len(name) > 2 and (name in host or (len(short) > 2 and short in host)):
            return part.strip()
    return None
