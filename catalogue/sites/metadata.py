"""Title, author, date, publisher, language and address of an article.

Each is found by a list of named ways in order, best witness first: what the page says for machines
of this very article, then its mark-up, then what a reader would take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from catalogue.sites import addresses
from catalogue.sites.dates import iso_date
from catalogue.sites.structured import Told, listed, plain, text_of, types
from catalogue.sites.tree import TEXT, Tree, fold
from catalogue.texts import word_set

ARTICLE_TYPES = word_set(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle "
    "BackgroundNewsArticle OpinionNewsArticle ReviewNewsArticle ScholarlyArticle "
    "TechArticle LiveBlogPosting Report SocialMediaPosting CreativeWork MediaArticle"
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "ImageGallery", "CollectionPage"})


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
    publisher = _publisher(tree, told, url)
    title = _title(tree, told, heading, publisher)
    return Metadata(
        url=url,
        title=title,
        author=_author(tree, told, heading),
        published=_published(tree, told, heading, url, language),
        publisher=publisher,
        language=language,
    )


def article_things(told: Told) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that are the article, the most telling first."""
    found = [thing for thing in told.things if types(thing) & ARTICLE_TYPES]
    with_headline = [thing for thing in found if thing.get("headline")]
    yield from with_headline[:1]
    yield from (thing for thing in found if thing not in with_headline[:1])
    yield from (thing for thing in told.things if types(thing) & _PAGE_TYPES)


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


# --- title --------------------------------------------------------------------------------------

_SEPARATED = re.compile(r"\s+[|–—»·•:\-]+\s+|\s*\|\s*|\s+::\s+")


def find_heading(tree: Tree, told: Told) -> int | None:
    """The headline: the first-level heading that the page's own title repeats, or the only one."""
    headings = [node for node in tree.all("h1") if 0 < tree.size(node) < 1000]
    if not headings:
        headings = [
            node
            for node in tree.all("h2", "h3")
            if tree.get(node, "itemprop") == "headline" or tree.words(node) & {"headline", "title"}
        ][:3]
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


def _title(tree: Tree, told: Told, heading: int | None, publisher: str | None) -> str | None:
    shown = tree.read(heading) if heading is not None else ""
    stated = [
        text
        for text in (
            *(text_of(thing.get("headline")) for thing in article_things(told)),
            told.first("og:title"),
            told.first("twitter:title", "dc.title", "citation_title", "headline"),
        )
        if text
    ]
    document = next((fold(tree.raw(node)) for node in tree.all("title")), "")
    if shown and len(shown) > 2:
        alike = any(_alike(shown, other) for other in [*stated, document])
        if alike or not stated or len(shown.split()) >= 5:
            return shown
    if stated:
        # of several that differ, the one that the document's title repeats
        twice = [text for text in stated if text.casefold() in document.casefold()]
        return _without_site((twice or stated)[0], publisher)
    if shown:
        return shown
    return _without_site(document, publisher) or None


def _alike(one: str, other: str) -> bool:
    words = set(re.findall(r"\w+", one.casefold()))
    others = set(re.findall(r"\w+", other.casefold()))
    if not words or not others:
        return False
    return len(words & others) >= 0.6 * min(len(words), len(others))


def _without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name that many put after or before it."""
    parts = _SEPARATED.split(title)
    if len(parts) < 2:
        return title
    name = (publisher or "").casefold()
    if name:
        if parts[-1].casefold() in name or name in parts[-1].casefold():
            return title[: title.rfind(parts[-1])].rstrip(" |–—»·•:-")
        if parts[0].casefold() == name:
            return title[len(parts[0]) :].lstrip(" |–—»·•:-")
    return title


# --- author -------------------------------------------------------------------------------------

_BY = re.compile(
    r"^\s*(?:(?:written|posted|story|reported|edited|words|text|article)\s+)?"
    r"(?:by|von|par|por|di|av|af|door|text|texto|texte)\s*:?\s+",
    re.I,
)
_AUTHOR_WORDS = frozenset(
    {"author", "authors", "byline", "writer", "autor", "auteur", "contributor"}
)
_NOT_NAME = re.compile(r"https?:|@|\d{4}|\bupdated\b|\bpublished\b|\bminutes?\b", re.I)


_GENERIC_AUTHOR = re.compile(
    r"(?i)\b(?:staff|newsroom|editorial|editors|admin|webmaster|redaktion|redacción|rédaction|team)\b"
)
"""What systems fill in where they have no name: a byline on the page is better."""


def _author(tree: Tree, told: Told, heading: int | None) -> str | None:
    generic: str | None = None
    for way in (
        _author_told,
        _author_meta,
        _author_marked,
        _author_byline,
        _author_plain,
        _author_signed,
    ):
        cleaned: list[str] = []
        for name in way(tree, told, heading):
            name = _BY.sub("", fold(name)).strip(" ,;|·•-–—")
            if 1 < len(name) <= 120 and name.casefold() not in {n.casefold() for n in cleaned}:
                cleaned.append(name)
        if not cleaned:
            continue
        names = ", ".join(cleaned[:12])
        if not _GENERIC_AUTHOR.search(names):
            return names
        generic = generic or names
    return generic


def _author_told(tree: Tree, told: Told, heading: int | None) -> list[str]:
    for thing in article_things(told):
        names = [name for item in listed(thing.get("author")) if (name := text_of(item))]
        if not names:
            names = [name for item in listed(thing.get("creator")) if (name := text_of(item))]
        if names and not (types(thing) & _PAGE_TYPES):
            return names
    return []


def _author_meta(tree: Tree, told: Told, heading: int | None) -> list[str]:
    for name in (
        "author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "citation_author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "byline",
        "article:author",
        "cxenseparse:author",
    ):
        values = [value for value in told.meta.get(name, []) if not _NOT_NAME.search(value)]
        if values:
            return values
    return []


def _author_marked(tree: Tree, told: Told, heading: int | None) -> list[str]:
    names = []
    for node in sorted({*tree.having("itemprop"), *tree.having("rel")}):
        attributes = tree.attributes[node]
        prop = (attributes.get("itemprop") or "").split()
        rel = (attributes.get("rel") or "").lower().split()
        if tree.tag[node] in ("meta", "link") or "author" not in (*prop, *rel):
            continue
        if tree.closest(node, "figure", "footer", "aside", "nav") is not None:
            continue
        inner = [
            child
            for child in tree.inside(node, "span", "a", "meta", "p", "h4", "h3")
            if tree.get(child, "itemprop") == "name"
        ]
        text = ""
        if inner:
            text = tree.get(inner[0], "content") or tree.read(inner[0])
        text = text or tree.read(node)
        if text and len(text) < 80 and not _NOT_NAME.search(text):
            names.append((node, text))
    if not names:
        return []
    # bylines stand together; the names of other articles' authors further down do not count
    first = names[0][0]
    return [text for node, text in names if tree.between(first, node) < 400][:6]


def _author_byline(tree: Tree, told: Told, heading: int | None) -> list[str]:
    start = heading if heading is not None else 0
    for node in range(start, min(len(tree), start + 1500)):
        if not tree.attributes[node] or tree.size(node) > 200 or tree.size(node) < 3:
            continue
        if tree.tag[node] in ("meta", "script", "figure", "figcaption"):
            continue
        words = tree.words(node)
        if tree.get(node, "typeof").endswith("Person"):
            return [tree.read(node)]
        if not words & _AUTHOR_WORDS or tree.closest(node, "figure", "nav", "footer", "aside"):
            continue
        anchors = [a for a in tree.inside(node, "a") if 2 < len(tree.read(a)) < 60]
        texts = [tree.read(a) for a in anchors] or [tree.read(node)]
        texts = [text for text in texts if not _NOT_NAME.search(text)]
        if texts:
            return texts[:4]
    return []


_BARE_BY = re.compile(r"(?i)\W{0,3}(?:(?:posted|written|story|text|words)\s+)?by\W{0,3}")
_PLAIN_BY = re.compile(r"^\W{0,3}(?:[Bb]y|BY|Von|Par|Por|Door)\s+([^\W\d_][^\d\n|,•·]{2,60})")


def _author_plain(tree: Tree, told: Told, heading: int | None) -> list[str]:
    """«By Name» as plain text right below the headline."""
    if heading is None:
        return []
    for node in range(tree.end[heading], len(tree)):
        if tree.between(heading, node) > 900:
            break
        if tree.tag[node] == TEXT and (found := _PLAIN_BY.match(fold(tree.text[node]))):
            name = re.split(r"\s+(?:on|for|in|at|updated|published)\b|[.(–—]", found[1])[0].strip()
            words = name.split()
            if 1 < len(words) <= 6 and all(w[0].isupper() or len(w) <= 3 for w in words):
                return [name]
        if tree.tag[node] == TEXT and _BARE_BY.fullmatch(fold(tree.text[node])):
            for anchor in tree.inside(tree.parent[node], "a"):
                if anchor > node and 2 < tree.size(anchor) < 60:
                    return [tree.read(anchor)]
    return []


_SIGNED = re.compile(
    r"(?:^|[.\s])(?:[Ww]ritten|[Tt]ext|[Ss]tory|[Cc]aption|[Ww]ords|[Rr]eported|[Pp]osted) by:?\s+"
    r"([A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|[A-Z][\w'’-]+|de|van|von)){1,3})"
)


def _author_signed(tree: Tree, told: Told, heading: int | None) -> list[str]:
    """«Written by Name» anywhere in the text, as a signature."""
    for node in range(heading or 0, len(tree)):
        if tree.tag[node] == TEXT and " by" in tree.text[node]:
            found = _SIGNED.search(fold(tree.text[node]))
            if found and tree.closest(node, "figure", "figcaption", "footer", "nav") is None:
                return [found[1]]
    return []


# --- date ---------------------------------------------------------------------------------------

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


def _published(
    tree: Tree, told: Told, heading: int | None, url: str | None, language: str | None
) -> str | None:
    for thing in article_things(told):
        for name in ("datePublished", "dateCreated", "uploadDate"):
            date = iso_date(text_of(thing.get(name)), language=language)
            if date:
                return date
    for name in _DATE_META:
        date = iso_date(told.first(name), language=language)
        if date:
            return date
    for node in sorted({*tree.all("time"), *_published_props(tree)}):
        if tree.closest(node, "aside", "nav", "footer") is not None and not (
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


def _published_props(tree: Tree) -> list[int]:
    return [
        node
        for node in tree.having("itemprop")
        if tree.attributes[node]["itemprop"] in ("datePublished", "dateCreated")
    ]


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
        if not 4 <= len(text) <= (160 if named else 60):
            continue
        date = iso_date(text, language=language)
        if not date or len(date) < 10:
            continue
        if named:
            return date
        if plain_date is None and at > start and len(text) < 45:
            plain_date = date
    return plain_date


_DIGIT = re.compile(r"\d")


def _date_in_url(url: str | None) -> str | None:
    found = _URL_DATE.search(url or "")
    return iso_date("-".join(found.groups())) if found else None


# --- publisher ----------------------------------------------------------------------------------


def _publisher(tree: Tree, told: Told, url: str | None) -> str | None:
    for way in (
        _publisher_site_name,
        _publisher_periodical,
        _publisher_told,
        _publisher_application,
        _publisher_marked,
    ):
        name = way(tree, told)
        if name and len(name) <= 80 and not name.startswith("http") and not _HOST_NAME.match(name):
            return name
    for name in (
        _publisher_in_title(tree, told, url),
        _publisher_after_title(tree),
        _publisher_meta(tree, told),
    ):
        if name and len(name) <= 80:
            return name
    host = urlsplit(url or "").hostname or ""
    return host.removeprefix("www.") or None


def _publisher_site_name(tree: Tree, told: Told) -> str | None:
    return told.first("og:site_name")


_HOST_NAME = re.compile(r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,6}$")
"""A site name that is only the site's host, in small letters: better ones may follow."""


def _publisher_periodical(tree: Tree, told: Told) -> str | None:
    return told.first("prism.publicationname", "citation_journal_title", "article:publisher_name")


def _publisher_application(tree: Tree, told: Told) -> str | None:
    return told.first("application-name", "apple-mobile-web-app-title")


def _publisher_told(tree: Tree, told: Told) -> str | None:
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


def _publisher_meta(tree: Tree, told: Told) -> str | None:
    return told.first(
        "og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "citation_publisher"
    )


def _publisher_marked(tree: Tree, told: Told) -> str | None:
    for node in tree.having("itemprop"):
        if tree.get(node, "itemprop") == "publisher":
            for inner in tree.inside(node, "meta", "span", "div"):
                if tree.get(inner, "itemprop") == "name":
                    return tree.get(inner, "content") or tree.read(inner) or None
    return None


def _publisher_after_title(tree: Tree) -> str | None:
    """What the document's title adds after the headline that the page shows."""
    document = next((fold(tree.raw(node)) for node in tree.all("title")), "")
    for node in tree.all("h1"):
        shown = tree.read(node)
        if len(shown) > 8 and document.casefold().startswith(shown.casefold()):
            rest = document[len(shown) :]
            if re.match(r"\s*(?:[|–—»·•:-]|::)\s*", rest):
                name = re.sub(r"^\W+", "", rest).strip()
                return name if 1 < len(name) <= 50 else None
    return None


def _publisher_in_title(tree: Tree, told: Told, url: str | None) -> str | None:
    """The part of the document's title that is the site's name, where its host agrees."""
    document = next((fold(tree.raw(node)) for node in tree.all("title")), "")
    host = re.sub(r"[^a-z0-9]", "", (urlsplit(url or "").hostname or "").lower())
    parts = _SEPARATED.split(document)
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        name = re.sub(r"[^a-z0-9]", "", plain(part).casefold())
        short = "".join(word[0] for word in re.findall(r"[a-z0-9]+", part.casefold()))
        if name and len(name) > 2 and (name in host or (len(short) > 2 and short in host)):
            return part.strip()
    return None
