"""WARC: what a web archiver recorded, read as a stream.

The first pass keeps only where each answer begins; a record is unpacked again when it is asked
for. So an archive of any size costs the memory of its index, and what was noted can be sent to
wherever the file is seen.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeAlias
from urllib.parse import unquote

from catalogue.errors import UnreadableDocument
from catalogue.model import Document, Outcome
from catalogue.sources.interface import Bundle, Member, Stored, first_of

MAX_RECORDS = 2_000_000
"""Records of one archive that are indexed."""

MAX_PAGE = 64_000_000
"""Bytes of one page, as unpacked."""

MAX_RESOURCE = 1_000_000_000
"""Bytes of one picture, as unpacked."""

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ENDS = 65536
"""Bytes at the beginning and at the end of a file that tell it from others of its size."""


_AHEAD = 8 << 20
"""Bytes of a file elsewhere that are asked for at one time, at the most."""

Place: TypeAlias = Path | Document | Stored
"""Where an archive is: a file, bytes that were fetched, or a file elsewhere."""


@dataclass(frozen=True, slots=True)
class Record:
    """One answer of an archive: where it is, not what it is."""

    source: Place
    url: str
    offset: int
    """Where it begins in the archive, in bytes."""
    length: int
    """Bytes that it takes there."""
    media_type: str

    def read(self, limit: int = MAX_PAGE) -> Document | None:
        """What was recorded; None where it is damaged, or unpacks to more bytes than the limit.

        Raises:
            ReasonedError: It lies elsewhere, and cannot be had.
        """
        from catalogue.sources.warc_records import ArchiveLoadFailed, read_records

        try:
            with _stream(self.source, ahead=self.length) as stream:
                stream.seek(self.offset)
                record = next(iter(read_records(stream)), None)
                if record is None or _address(record) != self.url:
                    return None  # the archive was replaced since
                data = _bounded(record.content_stream(), limit)
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError):
            return None
        if data is None:
            return None
        headers = record.http_headers
        declared = headers.get_header("Content-Type") or "" if headers else ""
        return Document(
            address=self.url,
            data=data,
            url=self.url,
            media_type=self.media_type,
            charset=_charset(declared),
        )


@dataclass(slots=True)
class Warc:
    """One archive: its pages, and whatever else it recorded.

    Args:
        source: The file, a document that was fetched, or a file elsewhere.
    """

    source: Place
    _index: dict[str, Record] | None = field(default=None)
    _pages: list[Record] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Addresses of pages that the survey was not to take."""
    damage: str = ""
    """Why not all of it could be read, in words; empty where all could."""

    @property
    def name(self) -> str:
        """Path or address of the archive."""
        return str(self.source) if isinstance(self.source, Path) else self.source.address

    def members(self) -> Iterator[Member]:
        """The pages that were answered with success, in the order in which they were recorded.

        Raises:
            UnreadableDocument: There is no record in it.
        """
        for record in self.pages():
            found = record.read()
            if found is None:
                yield Outcome(
                    kind="page",
                    url=record.url,
                    page=record.url,
                    outcome="failed:unreadable-page",
                    detail=UNREADABLE,
                )
            elif found.data.strip():
                yield found
        if self.damage:
            yield Outcome(
                kind="page",
                url=self.name,
                page=self.name,
                outcome="failed:truncated",
                detail=self.damage,
            )

    def pages(self) -> list[Record]:
        """Where the pages are that were answered with success, in the order of the archive.

        Raises:
            UnreadableDocument: There is no record in it.
        """
        self.survey()
        return self._pages

    def find(self, url: str) -> Document | None:
        """What the archive recorded for an address."""
        record = self._record(url)
        return record.read(MAX_RESOURCE) if record is not None else None

    def holds(self, url: str) -> bool:
        """Whether it recorded an answer for an address."""
        return self._record(url) is not None

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """Where the answers are; the first one's bytes where the archive is not a file."""
        if isinstance(self.source, Document):
            return first_of(self, urls)
        kept = {_key(url): record for url in urls if (record := self._record(url)) is not None}
        return replace(self, _index=kept, _pages=[], passed_over=[]) if kept else None

    def mark(self) -> str:
        """What tells the file from another of its name, without reading all of it.

        Raises:
            UnreadableDocument: It cannot be read.
        """
        if not isinstance(self.source, Path | Document):
            return self.source.mark()
        try:
            with _stream(self.source) as stream:
                size = stream.seek(0, io.SEEK_END)
                digest = hashlib.sha256()
                for start in (0, max(0, size - _ENDS)):
                    stream.seek(start)
                    digest.update(stream.read(_ENDS))
        except OSError as error:
            raise _unreadable(self.name, error) from error
        return f"ends:{size}:{digest.hexdigest()[:32]}"

    def survey(self, takes: Callable[[bytes], bool] | None = None) -> Self:
        """The first pass: note where each answer begins; once done, nothing is done again.

        Args:
            takes: Tells by the bytes of a page whether it is taken; None takes all.

        Raises:
            UnreadableDocument: There is no record in it.
            ReasonedError: It lies elsewhere, and cannot be had.
        """
        if self._index is not None:
            return self
        from catalogue.sources.warc_records import ArchiveLoadFailed, read_records

        index: dict[str, Record] = {}
        last, note = 0, ""
        try:
            with _stream(self.source) as stream:
                records = read_records(stream)
                for count, record in enumerate(records, start=1):
                    answer = _answer(record)
                    is_page = answer is not None and answer[1] in _PAGES
                    taken = not is_page or takes is None or _takes(takes, record)
                    last = records.get_record_offset()  # reads what is left of the record
                    if count > MAX_RECORDS:
                        note = f"only the first {MAX_RECORDS} records were looked at"
                        break
                    if answer is None or _key(answer[0]) in index:
                        continue
                    length = records.get_record_length()
                    place = Record(self.source, answer[0], last, length, answer[1])
                    index[_key(place.url)] = place
                    if is_page and taken:
                        self._pages.append(place)
                    elif is_page:
                        self.passed_over.append(place.url)
        except (FileNotFoundError, PermissionError) as error:
            raise _unreadable(self.name, error) from error
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
            note = f"the archive breaks off or is damaged ({_words(error)})"
        if not index:
            raise UnreadableDocument(f"'{self.name}' holds no answer of a web archive")
        if not note and self._is_cut(last):
            note = "it breaks off inside a record"
        if note:
            self.damage = f"'{self.name}' was read in part, {len(index)} addresses: {note}"
        self._index = index
        return self

    def _record(self, url: str) -> Record | None:
        self.survey()
        return (self._index or {}).get(_key(url))

    def _is_cut(self, offset: int) -> bool:
        """Whether the last record is shorter than it says: the archive was cut off."""
        from catalogue.sources.warc_records import ArchiveLoadFailed, read_records

        try:
            with _stream(self.source) as stream:
                size = stream.seek(0, io.SEEK_END)
                stream.seek(offset)
                records = read_records(stream, parse=False)
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


UNREADABLE = f"the record is damaged, or unpacks to more than {MAX_PAGE} bytes"


@contextmanager
def _stream(source: Place, ahead: int = _AHEAD) -> Iterator[BinaryIO]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    elif isinstance(source, Document):
        yield io.BytesIO(source.data)
    else:
        with source.open(min(ahead, _AHEAD)) as stream:
            yield stream


def _unreadable(name: str, error: OSError) -> UnreadableDocument:
    return UnreadableDocument(f"'{name}' cannot be read: {error.strerror or error}")


def _takes(takes: Callable[[bytes], bool], record: Any) -> bool:
    """Whether a page is taken; one that is too long to tell is told of where it is read."""
    data = _bounded(record.content_stream(), MAX_PAGE)
    return data is None or takes(data)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _key(url: str) -> str:
    """An address as it is looked for: without fragment and scheme, unquoted."""
    return unquote(url.partition("#")[0].partition("//")[2] or url)


def _address(record: Any) -> str:
    return (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")


def _answer(record: Any) -> tuple[str, str] | None:
    """Address and media type of a record that answers with success."""
    if record.rec_type not in ("response", "resource"):
        return None
    url = _address(record)
    if not url.startswith(("http://", "https://")):
        return None
    if record.rec_type == "resource":
        declared = record.rec_headers.get_header("Content-Type") or ""
    elif record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return None
    else:
        declared = record.http_headers.get_header("Content-Type") or ""
    return url, declared.partition(";")[0].strip().lower()


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
