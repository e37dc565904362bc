"""The records of a web archive, read by warcio with bounds on lines and headers.

warcio joins a line from blocks, and parses headers line by line, whatever their number: an archive
of one endless line, or of millions of headers, would take it minutes.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

__all__ = ["ArchiveLoadFailed", "read_records"]

MAX_LINE = 65_536
"""Bytes of a line; what is longer is taken for several."""

MAX_HEADERS = 1_000
"""Lines of the headers of one record; what follows is taken for its content."""

MAX_BLANK = 1_000
"""Blank lines after a record; where more stand, the archive ends."""


def read_records(stream: BinaryIO, *, parse: bool = True) -> ArchiveIterator:
    """The records of an archive, from where the stream stands.

    Args:
        stream: The archive, packed or not.
        parse: Whether the headers inside the records are read as well.
    """
    records = ArchiveIterator(stream, no_record_parse=not parse, arc2warc=parse)
    records.reader = _Lines(records.fh)
    loader = records.loader
    loader.warc_parser = _Headers(loader.WARC_TYPES)
    loader.http_parser = _Headers(loader.HTTP_TYPES, verify=False)
    loader.http_req_parser = _Headers(loader.HTTP_VERBS, verify=False)
    return records


class _Lines(DecompressingBufferedReader):  # type: ignore[misc]
    """An archive whose lines have an end, and which ends with its records."""

    _blank = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        self._blank = self._blank + 1 if line in (b"\r\n", b"\n") else 0
        return line if self._blank <= MAX_BLANK else b""


class _Headers(StatusAndHeadersParser):  # type: ignore[misc]
    """Reads the first headers of a record."""

    def parse(self, stream: Any, full_statusline: str | None = None) -> StatusAndHeaders:
        return super().parse(_First(stream), full_statusline)


class _First:
    """The first lines of a stream."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = MAX_HEADERS

    def readline(self) -> bytes:
        self._left -= 1
        line: bytes = self._stream.readline() if self._left > 0 else b""
        return line
