"""RSS, Atom and RDF feeds: entries with their full text become pages, others addresses to fetch."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from html.entities import html5
from itertools import islice
from xml.parsers import expat

from catalogue.errors import UnreadableDocument
from catalogue.model import Appearance, Document, Evidence, Page, Role
from catalogue.sites import addresses
from catalogue.sites.dates import iso_date
from catalogue.sites.general import read_general
from catalogue.sites.structured import plain
from catalogue.sites.tree import fold
from catalogue.sources.interface import Link, Member, Several

MAX_ENTRIES = 10_000
"""Entries of one feed that are read."""

MAX_DEPTH = 200
"""Nested elements of a feed; deeper ones are an attack."""

FULL_TEXT = 600
"""Characters from which the content of an entry is taken to be the article and not a summary."""

MAX_PREFIXES = 100
"""Prefixes of vocabularies that one element, or those round it, can declare."""

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_KNOWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(slots=True)
class Picture:
    """A picture that a feed names for an entry."""

    url: str
    width: int | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(slots=True)
class Entry:
    """One entry of a feed, as written."""

    title: str = ""
    link: str = ""
    guid: str = ""
    published: str = ""
    author: str = ""
    content: str = ""
    summary: str = ""
    pictures: list[Picture] = field(default_factory=list)


_NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
}
"""The vocabularies that are read, each with the prefix that it has in this module."""


class _Names:
    """The names of elements, whatever prefixes a feed gives its vocabularies.

    A prefix that a feed does not declare is taken for the usual one.
    """

    def __init__(self) -> None:
        self._declared: list[dict[str, str]] = [{}]

    def begin(self, name: str, attributes: dict[str, str]) -> str:
        """The name of an element that begins, with the prefix that its vocabulary has here."""
        known = self._declared[-1]
        declared = {
            key[6:]: uri.strip()
            for key, uri in islice(attributes.items(), MAX_PREFIXES)
            if key == "xmlns" or key.startswith("xmlns:")
        }
        if declared and len(known) < MAX_PREFIXES:
            known = {**known, **declared}
        self._declared.append(known)
        prefix, _, local = name.rpartition(":")
        uri = known.get(prefix)
        if uri in _NAMESPACES:
            prefix = _NAMESPACES[uri]
        elif uri and prefix:
            prefix = f"{{{uri}}}"  # another vocabulary, whatever it calls itself
        return f"{prefix}:{local}" if prefix else local

    def end(self) -> None:
        """An element ends, and with it what it declared."""
        self._declared.pop()


class _TooMuch(Exception):
    """The feed asks for more than it may: entities of its own, nesting, entries."""


def read_feed(document: Document) -> Several:
    """Read a feed, as far as it is well-formed.

    Raises:
        UnreadableDocument: Nothing in it is an entry of a feed.
    """
    reader = _Reader()
    note = reader.read(document.data)
    base = reader.base or reader.home or reader.itself or document.url or ""
    members: list[Member] = []
    notes = (note,) if note else ()
    for entry in reader.entries:
        member = member_of(entry, reader.title, reader.language, base, document.address, notes)
        if member is not None:
            members.append(member)
    if not members and note:
        raise UnreadableDocument(f"the feed '{document.address}' cannot be read: {note}")
    if not members and not reader.is_feed:
        raise UnreadableDocument(f"'{document.address}' is XML, but no feed")
    return Several(tuple(members))


def member_of(
    entry: Entry, feed: str, language: str, base: str, source: str, notes: tuple[str, ...]
) -> Member | None:
    """An entry as a Page where it holds its article, as a Link where it only names it."""
    url = addresses.absolute(entry.link or entry.guid, base)
    if url is not None and not url.startswith("http"):
        url = None
    title = plain(entry.title) or None
    published = iso_date(entry.published)
    content = entry.content if len(entry.content) >= len(entry.summary) else entry.summary
    if not _is_full(content):
        if url is None:
            return None
        return Link(url=url, title=title, published=published, source=source)
    html = (
        f"<html><body><article><h1>{escape(title or '')}</h1>{content}</article></body></html>"
    ).encode("utf-8", "replace")
    page, _ = read_general(Document(address=source, data=html, url=url, charset="utf-8"))
    return replace(
        page,
        url=url,
        title=title or page.title,
        author=plain(entry.author) or page.author,
        published=published or page.published,
        publisher=feed or None,
        language=language or None,
        images=_with_media(page, entry, base),
        notes=(*page.notes, *notes),
    )


def _is_full(content: str) -> bool:
    text = len(fold(re.sub(r"<[^<>]{0,5000}>", " ", content[:200_000])))
    return text >= FULL_TEXT or (text >= 200 and "<img" in content)


def _with_media(page: Page, entry: Entry, base: str) -> tuple[Appearance, ...]:
    """The pictures of the text, with what the feed itself says of them, and its own picture."""
    images = list(page.images)
    for picture in entry.pictures[:50]:
        url = addresses.absolute(picture.url, base)
        if url is None:
            continue
        asset = addresses.asset(url)
        for position, image in enumerate(images):
            if any(
                addresses.asset(known) == asset
                for known in (image.url, *image.alternatives)
                if known
            ):
                images[position] = replace(
                    image,
                    caption=image.caption or picture.caption,
                    credit=image.credit or picture.credit,
                )
                break
        else:
            evidence = Evidence(field="feed", text=url, says="picture of the entry", rule="media")
            images.insert(
                0,
                Appearance(
                    url=url,
                    role=Role.LEAD,
                    caption=picture.caption,
                    credit=picture.credit,
                    evidence=(evidence,),
                ),
            )
    return tuple(images)


class _Reader:
    """Collects the entries of a feed from expat's events; a broken end costs only what follows."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.title = ""
        self.language = ""
        self.home = ""
        self.base = self.itself = ""
        """What its addresses are relative to, and its own, as it says."""
        self.is_feed = False
        self._names = _Names()
        self._path: list[str] = []
        """Names of the open elements."""
        self._text: list[str] = []
        self._entry: Entry | None = None
        self._xhtml: list[str] | None = None
        self._xhtml_depth = 0
        self._media: Picture | None = None

    def read(self, data: bytes) -> str:
        """Read it; returns why it was not read to its end, or nothing."""
        encoding = _ENCODING.search(data[:400])
        if encoding and encoding[1].lower() not in (
            b"utf-8",
            b"utf8",
            b"us-ascii",
            b"iso-8859-1",
            b"utf-16",
        ):
            with contextlib.suppress(LookupError):
                data = data.decode(encoding[1].decode(), "replace").encode()
        data = _ENTITY.sub(_character, data.lstrip(b"\xef\xbb\xbf \t\r\n"))
        parser = expat.ParserCreate(
            "utf-8"
            if not encoding or encoding[1].lower() not in (b"iso-8859-1", b"utf-16")
            else None
        )
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = lambda *_: 1
        parser.UseForeignDTD(False)
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            return f"not well-formed after line {error.lineno}: {expat.ErrorString(error.code)}"
        except _TooMuch as error:
            return str(error)
        except (ValueError, UnicodeError) as error:
            return str(error)
        return ""

    def _entity(self, *_: object) -> None:
        raise _TooMuch("it declares entities of its own, which feeds have no use for")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= MAX_DEPTH:
            raise _TooMuch(f"elements nested deeper than {MAX_DEPTH}")
        name = self._names.begin(name, attributes)
        self._path.append(name)
        if self._xhtml is not None:
            given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
            self._xhtml.append(f"<{name.rpartition(':')[2]}{given}>")
            return
        self._text = []
        if name in ("rss", "feed", "rdf:RDF", "channel"):
            self.is_feed = True
            self.language = self.language or attributes.get("xml:lang", "")
            self.base = self.base or attributes.get("xml:base", "")
        if name in ("item", "entry") and self._entry is None:
            if len(self.entries) >= MAX_ENTRIES:
                raise _TooMuch(f"only the first {MAX_ENTRIES} entries were read")
            self._entry = Entry()
        entry = self._entry
        if name == "link" and attributes.get("href"):
            relation = attributes.get("rel", "alternate")
            if entry is not None and relation == "alternate" and not entry.link:
                entry.link = attributes["href"]
            elif entry is not None and relation == "enclosure":
                self._enclosed(entry, attributes["href"], attributes)
            elif entry is None and relation == "alternate":
                self.home = self.home or attributes["href"]
            elif entry is None and relation == "self":
                self.itself = self.itself or attributes["href"]
        if entry is None:
            return
        if name == "enclosure":
            self._enclosed(entry, attributes.get("url", ""), attributes)
        elif name in ("media:content", "media:thumbnail", "itunes:image"):
            url = attributes.get("url") or attributes.get("href") or ""
            kind = attributes.get("type", "") or attributes.get("medium", "")
            if url and not kind.startswith(("video", "audio")):
                width = attributes.get("width", "")
                self._media = Picture(
                    url, int(width) if width.isdigit() and len(width) < 7 else None
                )
                if name != "media:thumbnail" or not entry.pictures:
                    entry.pictures.append(self._media)
        elif name in ("content", "summary") and attributes.get("type") == "xhtml":
            self._xhtml = []
            self._xhtml_depth = len(self._path)

    @staticmethod
    def _enclosed(entry: Entry, url: str, attributes: dict[str, str]) -> None:
        if url and (attributes.get("type", "").startswith("image") or addresses.is_raster(url)):
            entry.pictures.append(Picture(url))

    def _characters(self, text: str) -> None:
        if self._xhtml is not None:
            self._xhtml.append(escape(text, quote=False))
        else:
            self._text.append(text)

    def _end(self, _: str) -> None:
        depth = len(self._path)
        name = self._path.pop()
        self._names.end()
        if self._xhtml is not None:
            if depth > self._xhtml_depth:
                self._xhtml.append(f"</{name.rpartition(':')[2]}>")
                return
            self._text = ["".join(self._xhtml)]
            self._xhtml = None
        text = "".join(self._text).strip()
        self._text = []
        entry = self._entry
        if entry is None:
            self._end_outside(name, text)
            return
        parent = self._path[-1] if self._path else ""
        match name:
            case "item" | "entry":
                self.entries.append(entry)
                self._entry = None
            case "title" if parent in ("item", "entry"):
                entry.title = text
            case "link" if text and not entry.link:
                entry.link = text
            case "guid" | "id" if not entry.guid and text.startswith("http"):
                entry.guid = text
            case "pubDate" | "published" | "dc:date" if text:
                entry.published = text
            case "updated" if not entry.published:
                entry.published = text
            case "dc:creator" | "creator" if text:
                entry.author = f"{entry.author}, {text}" if entry.author else text
            case "author" if text and "@" not in text:
                entry.author = entry.author or text
            case "name" if parent == "author":
                entry.author = f"{entry.author}, {text}" if entry.author else text
            case "content:encoded" | "content" | "content:content":
                entry.content = text if len(text) > len(entry.content) else entry.content
            case "description" | "summary" if parent in ("item", "entry"):
                entry.summary = text if len(text) > len(entry.summary) else entry.summary
            case "media:credit" if self._media is not None:
                self._media.credit = fold(plain(text)) or None
            case "media:description" | "media:title" | "media:text" if self._media is not None:
                if name != "media:title" or not self._media.caption:
                    self._media.caption = fold(plain(text)) or None
            case _:
                pass

    def _end_outside(self, name: str, text: str) -> None:
        parent = self._path[-1] if self._path else ""
        if parent not in ("channel", "feed", "rdf:RDF"):
            return
        if name == "title":
            self.title = self.title or plain(text)
        elif name in ("language", "dc:language"):
            self.language = self.language or text
        elif name == "link" and text.startswith("http"):
            self.home = self.home or text


def _character(found: re.Match[bytes]) -> bytes:
    """A named character of HTML, which XML does not know, as a number."""
    return _as_number(found[1])


@lru_cache(maxsize=4096)
def _as_number(name: bytes) -> bytes:
    if name in _KNOWN:
        return b"&" + name + b";"
    text = html5.get(f"{name.decode()};")
    if not text:
        return b"&amp;" + name + b";"
    return "".join(f"&#{ord(character)};" for character in text).encode()
