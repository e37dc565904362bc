"""When an article was published, as ISO 8601 and as precise as the page tells."""

from __future__ import annotations

import re

from catalogue.sites.dates import iso_date
from catalogue.sites.metadata.foot import is_beside
from catalogue.sites.structured import Told, article_things, text_of
from catalogue.sites.tree import TEXT, Tree, fold

_DATE_META = (
    "article:published_time",
    "article.published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_online_date",
    "prism.publicationdate",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "date",
    "article:published",
    "displaydate",
    "ptime",
)
_DATE_WORDS = frozenset({"date", "published", "pubdate", "timestamp", "dateline", "datum", "time"})
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")


def find_published(
    tree: Tree, told: Told, heading: int | None, url: str | None, language: str | None
) -> str | None:
    """The date, with time and offset where the page gives them."""
    for thing in article_things(told):
        for name in ("datePublished", "dateCreated", "uploadDate"):
            date = iso_date(text_of(thing.get(name)), language=language)
            if date:
                return date
    for name in _DATE_META:
        date = iso_date(told.first(name), language=language)
        if date:
            return date
    for node in sorted({*tree.all("time"), *_published_props(tree), *_abbreviated(tree)}):
        if is_beside(tree, node, heading) and not (
            heading is not None and 0 < tree.between(heading, node) < 400
        ):
            continue  # save in what stands right below the headline, whatever it is called
        if heading is not None and tree.between(heading, node) > 20_000:
            break
        for value in (
            *(tree.get(node, name) for name in ("datetime", "content", "title")),
            tree.read(node)[:100],
        ):
            date = iso_date(value, language=language)
            if date:
                return date
    return _date_near(tree, heading, language) or _date_in_url(url)


_PUBLISHED_PROPS = frozenset(
    ["datePublished", "dateCreated", "schema:datePublished", "dc:date", "dc:created", "dc:issued",
     "dcterms:issued", "dcterms:created"]
)  # fmt: skip


def _published_props(tree: Tree) -> list[int]:
    """Elements that microdata or RDFa mark as the date of publication."""
    return [
        node
        for name in ("itemprop", "property")
        for node in tree.having(name)
        if tree.tag[node] != "meta" or name == "itemprop"
        if _PUBLISHED_PROPS.intersection((tree.attributes[node][name] or "").split())
    ]


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}")


def _abbreviated(tree: Tree) -> list[int]:
    """Abbreviations whose title is the whole time: «<abbr title=2011-08-25T01:40Z>an hour ago»."""
    return [node for node in tree.all("abbr") if _INSTANT.match(tree.get(node, "title"))]


def _date_near(tree: Tree, heading: int | None, language: str | None) -> str | None:
    """A date beside the headline: in an element named for it, or one that says nothing else."""
    start = heading if heading is not None else 0
    low = start
    while low > 0 and tree.between(low, start) < 300:
        low -= 1
    plain_date: str | None = None
    seen = -1
    for at in range(low, min(len(tree), start + 4000)):
        if at > start and tree.between(start, at) > 3000:
            break
        if tree.tag[at] != TEXT or not _DIGIT.search(tree.text[at]):
            continue
        node = tree.parent[at]
        if node == seen or tree.tag[node] in ("title", "option", "script"):
            continue
        seen = node
        above = tree.parent[node]
        named = bool(tree.words(node) & _DATE_WORDS) or (
            tree.size(above) <= 160 and bool(tree.words(above) & _DATE_WORDS)
        )
        if tree.size(node) > 160:
            text = fold(tree.text[at])  # a line of its own in a larger block
        else:
            text = tree.read(node)
        if len(text) > (160 if named else 60):
            text = fold(tree.text[at])
        if not 4 <= len(text) <= (160 if named else 60):
            continue
        date = iso_date(text, language=language)
        if not date or len(date) < 10:
            continue
        if named:
            return date
        if plain_date is None and at > start and len(text) < 60:
            plain_date = date
    return plain_date


_DIGIT = re.compile(r"\d")


def _date_in_url(url: str | None) -> str | None:
    found = _URL_DATE.search(url or "")
    return iso_date("-".join(found.groups())) if found else None
