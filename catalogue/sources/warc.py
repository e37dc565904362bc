"""WARC: what a web archiver recorded, read as a stream.

The first pass keeps only where each answer begins; a record is unpacked again when it is asked
for. So an archive of any size costs the memory of its index.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from catalogue.errors import UnreadableDocument
from catalogue.model import Document, Outcome
from catalogue.sources.interface import Member

MAX_RECORDS = 2_000_000
"""Records of one archive that are indexed."""

MAX_PAGE = 64_000_000
"""Bytes of one page, as unpacked."""

MAX_RESOURCE = 1_000_000_000
"""Bytes of one picture, as unpacked."""

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NO_PAGES = ("image/", "font/", "video/", "audio/", "application/javascript", "text/css")


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int
    media_type: str


@dataclass(slots=True)
class Warc:
    """One archive: its pages, and whatever else it recorded.

    Args:
        source: The file, or a document that was fetched.
    """

    source: Path | Document
    _index: dict[str, _Place] | None = field(default=None)
    _pages: list[str] = field(default_factory=list)
    _note: str = ""

    @property
    def name(self) -> str:
        """Path or address of the archive."""
        return str(self.source) if isinstance(self.source, Path) else self.source.address

    def members(self) -> Iterator[Member]:
        """The pages that were answered with success, in the order in which they were recorded.

        Raises:
            UnreadableDocument: There is no record in it.
        """
        index = self._read_index()
        for url in self._pages:
            found = self._record(url, MAX_PAGE)
            if found is None:
                yield Outcome(
                    kind="page",
                    url=url,
                    page=url,
                    outcome="failed:unreadable-page",
                    detail=f"the record is damaged, or unpacks to more than {MAX_PAGE} bytes",
                )
            elif found.data.strip():
                yield found
        if self._note:
            yield Outcome(
                kind="page",
                url=self.name,
                page=self.name,
                outcome="failed:truncated",
                detail=f"'{self.name}' was read in part, {len(index)} addresses: {self._note}",
            )

    def find(self, url: str) -> Document | None:
        """What the archive recorded for an address."""
        self._read_index()
        return self._record(url, MAX_RESOURCE)

    @contextmanager
    def _stream(self) -> Iterator[BinaryIO]:
        if isinstance(self.source, Path):
            with self.source.open("rb") as file:
                yield file
        else:
            yield io.BytesIO(self.source.data)

    def _read_index(self) -> dict[str, _Place]:
        if self._index is not None:
            return self._index
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        index: dict[str, _Place] = {}
        count = 0
        last = 0
        with self._stream() as stream:
            records = ArchiveIterator(stream, arc2warc=True)
            try:
                for record in records:
                    count += 1
                    last = records.get_record_offset()
                    if count > MAX_RECORDS:
                        self._note = f"only the first {MAX_RECORDS} records were looked at"
                        break
                    place = _place(record, records.get_record_offset())
                    if place is None:
                        continue
                    url, media_type, offset = place
                    if _key(url) in index:
                        continue
                    index[_key(url)] = _Place(offset, media_type)
                    if media_type in _PAGES:
                        self._pages.append(url)
            except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
                self._note = f"the archive breaks off or is damaged ({_words(error)})"
        if not index:
            raise UnreadableDocument(f"'{self.name}' holds no answer of a web archive")
        if not self._note and self._is_cut(last):
            self._note = "it breaks off inside a record"
        self._index = index
        return index

    def _is_cut(self, offset: int) -> bool:
        """Whether the last record is shorter than it says: the archive was cut off."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        try:
            with self._stream() as stream:
                size = stream.seek(0, io.SEEK_END)
                stream.seek(offset)
                records = ArchiveIterator(stream, no_record_parse=True)
                record = next(iter(records), None)
                if record is None:
                    return True
                stated = int(record.rec_headers.get_header("Content-Length") or 0)
                had = 0
                while chunk := record.raw_stream.read(65536):
                    had += len(chunk)
                if had < stated:
                    return True
                records.read_to_end(record)
                # what is left must be blank lines: else a record begins there that was lost
                return size - offset - int(records.get_record_length()) > 8
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError):
            return True

    def _record(self, url: str, limit: int) -> Document | None:
        place = (self._index or {}).get(_key(url))
        if place is None:
            return None
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        try:
            with self._stream() as stream:
                stream.seek(place.offset)
                record = next(iter(ArchiveIterator(stream, arc2warc=True)), None)
                if record is None:
                    return None
                data = _bounded(record.content_stream(), limit)
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError):
            return None
        if data is None:
            return None
        headers = record.http_headers
        declared = headers.get_header("Content-Type") or "" if headers else ""
        return Document(
            address=url,
            data=data,
            url=url,
            media_type=place.media_type,
            charset=_charset(declared),
        )


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _key(url: str) -> str:
    """An address as it is looked for: without fragment and scheme, unquoted."""
    return unquote(url.partition("#")[0].partition("//")[2] or url)


def _place(record: Any, offset: int) -> tuple[str, str, int] | None:
    """Address, media type and place of a record that answers with success."""
    if record.rec_type not in ("response", "resource"):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    if not url.startswith(("http://", "https://")):
        return None
    if record.rec_type == "resource":
        media_type = record.rec_headers.get_header("Content-Type") or ""
    elif record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return None
    else:
        media_type = record.http_headers.get_header("Content-Type") or ""
    return url, media_type.partition(";")[0].strip().lower(), offset


def _charset(declared: str) -> str | None:
    name = declared.lower().partition("charset=")[2].partition(";")[0].strip("\"' ")
    return name or None


def _bounded(stream: Any, limit: int) -> bytes | None:
    """What a stream holds; None where that is more than the limit, however well it was packed."""
    out = io.BytesIO()
    while chunk := stream.read(65536):
        if out.tell() + len(chunk) > limit:
            return None
        out.write(chunk)
    return out.getvalue()
