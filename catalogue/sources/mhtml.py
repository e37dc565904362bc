"""MHTML: a page and its parts in one MIME message, as browsers save it (RFC 2557)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from catalogue.errors import UnreadableDocument
from catalogue.model import Document, Outcome
from catalogue.sources.interface import Bundle, Member, first_of

MAX_PARTS = 20_000
"""Parts of one message that are looked at."""

MAX_HEADERS = 20_000
"""Bytes of the headers of one part."""

_BOUNDARY = re.compile(rb"""(?i)boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""")
_FIELD = re.compile(rb"^([A-Za-z0-9-]{1,60}):[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class _Part:
    """Where one part's body is, and what its headers say."""

    start: int
    stop: int
    headers: dict[str, str]

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class Mhtml:
    """One saved message. Parts are unpacked when they are asked for.

    Raises:
        UnreadableDocument: It holds no page.
    """

    document: Document
    _parts: list[_Part] = field(default_factory=list)
    _named: dict[str, _Part] = field(default_factory=dict)
    _page: _Part | None = None
    _cut: bool = False

    def __post_init__(self) -> None:
        """Find the parts."""
        data = self.document.data
        stop = _end_of_headers(data, 0)
        headers = _headers(data[:stop])
        boundary = _BOUNDARY.search(data[:stop])
        if boundary is None:
            raise UnreadableDocument(f"'{self.document.address}' is no MHTML: it names no boundary")
        mark = b"--" + (boundary[1] or boundary[2])
        for part in _split(data, stop, mark):
            self._parts.append(part)
            for name in ("content-location", "content-id"):
                value = part.headers.get(name, "").strip()
                if value:
                    key = f"cid:{value.strip('<>')}" if name == "content-id" else value
                    self._named.setdefault(_key(key), part)
        self._cut = mark + b"--" not in data[stop:]
        wanted = headers.get("snapshot-content-location", "").strip()
        pages = [part for part in self._parts if part.media_type in _PAGES]
        self._page = next(
            (part for part in pages if part.headers.get("content-location", "") == wanted), None
        ) or next(iter(pages), None)
        if self._page is None:
            raise UnreadableDocument(f"'{self.document.address}' holds no page")

    def members(self) -> Iterator[Member]:
        """The page."""
        assert self._page is not None
        part = self._page
        location = part.headers.get("content-location", "").strip()
        charset = re.search(
            r'charset\s*=\s*"?([\w.:-]{1,40})', part.headers.get("content-type", "")
        )
        yield Document(
            address=self.document.address,
            data=self._body(part),
            url=location if location.startswith(("http://", "https://")) else self.document.url,
            media_type="text/html",
            charset=charset[1] if charset else None,
        )
        if self._cut:
            yield Outcome(
                kind="page",
                url=self.document.address,
                page=self.document.address,
                outcome="failed:truncated",
                detail=f"'{self.document.address}' breaks off: its last part is incomplete",
            )

    def find(self, url: str) -> Document | None:
        """The part that an address of the page means, by its Content-Location or Content-ID."""
        part = self._part_of(url)
        if part is None:
            return None
        return Document(address=url, data=self._body(part), url=url, media_type=part.media_type)

    def holds(self, url: str) -> bool:
        """Whether there is such a part."""
        return self._part_of(url) is not None

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """The first of some parts, unpacked."""
        return first_of(self, urls)

    def _part_of(self, url: str) -> _Part | None:
        part = self._named.get(_key(url))
        if part is None and self._page is not None and not url.startswith("cid:"):
            base = self._page.headers.get("content-location", "")
            try:
                part = self._named.get(_key(urljoin(base, url)))
            except ValueError:
                part = None
        return part

    def _body(self, part: _Part) -> bytes:
        raw = self.document.data[part.start : part.stop]
        encoding = part.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
            letters = (
                letters[: len(letters) - len(letters) % 4] if len(letters) % 4 == 1 else letters
            )
            try:
                return base64.b64decode(letters + b"=" * (-len(letters) % 4))
            except (binascii.Error, ValueError):
                return b""
        if encoding == "quoted-printable":
            return quopri.decodestring(raw)
        return raw


_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def _key(url: str) -> str:
    return unquote(url.partition("#")[0])


def _end_of_headers(data: bytes, start: int) -> int:
    limit = min(len(data), start + MAX_HEADERS)
    ends = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark, start, limit)) >= 0]
    return min(ends) if ends else limit


def _headers(data: bytes) -> dict[str, str]:
    """Header fields, lower-case names; continued lines joined."""
    out: dict[str, str] = {}
    name = ""
    for line in data.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and name:
            out[name] += " " + line.strip().decode("utf-8", "replace")
            continue
        found = _FIELD.match(line)
        if found:
            name = found[1].decode().lower()
            out.setdefault(name, found[2].strip().decode("utf-8", "replace"))
    return out


def _split(data: bytes, start: int, mark: bytes) -> Iterator[_Part]:
    at = data.find(mark, start)
    count = 0
    while at >= 0 and count < MAX_PARTS:
        count += 1
        line = data.find(b"\n", at)
        if line < 0 or data[at + len(mark) : at + len(mark) + 2] == b"--":
            return
        end = _end_of_headers(data, line)
        following = data.find(mark, end)
        stop = following if following >= 0 else len(data)  # cut short: what is there counts
        body = end + (4 if data[end : end + 4] == b"\r\n\r\n" else 2)
        while stop > body and data[stop - 1 : stop] in (b"\n", b"\r") and following >= 0:
            stop -= 1
            if data[stop : stop + 1] == b"\n" and data[stop - 1 : stop] != b"\r":
                break
            if data[stop : stop + 1] == b"\r":
                break
        yield _Part(min(body, stop), stop, _headers(data[line + 1 : end]))
        at = following
