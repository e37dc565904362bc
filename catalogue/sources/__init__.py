"""Sources: whatever holds pages. Each kind is one file; :func:`open_path` tells them apart."""

from __future__ import annotations

from pathlib import Path

from catalogue.errors import UnreadableDocument, UsageError
from catalogue.model import Document, Page
from catalogue.sources.interface import Bundle, Link, Member, Single
from catalogue.sources.kinds import Kind, kind_of

__all__ = ["Bundle", "Link", "Member", "open_document", "open_path", "read_article"]

MAX_FILE = 64_000_001
"""Bytes of one page, feed or JSON answer that are read from disk."""


def open_path(path: Path) -> Bundle:
    """Open a file or folder.

    Args:
        path: A saved page, archive, feed, JSON answer, text, picture, or a folder of these.

    Raises:
        UsageError: There is nothing there.
        UnreadableDocument: It is there and cannot be read, or is of no known kind.
    """
    if not path.exists():
        raise UsageError(f"there is no file or folder '{path}'")
    if path.is_dir():
        from catalogue.sources.folder import Folder

        return Folder(path)
    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except OSError as error:
        raise UnreadableDocument(f"'{path}' cannot be read: {error.strerror}") from error
    head, packed = _unpacked(head)
    kind = kind_of(head, name=path.name)
    if kind is Kind.WARC:
        from catalogue.sources.warc import Warc

        return Warc(path)
    if packed:
        data = _unpack_file(path)
    else:
        with path.open("rb") as file:
            data = file.read() if kind is Kind.IMAGE else file.read(MAX_FILE)
    media_type = "text/html" if kind is Kind.HTML else ""
    opened = _open(Document(address=str(path), data=data, media_type=media_type), kind)
    from catalogue.sources.saved import WithCompanion, companion

    folder = companion(path)
    return WithCompanion(opened, folder) if folder else opened


def open_document(document: Document) -> Bundle:
    """Open bytes that were fetched.

    Raises:
        UnreadableDocument: They are of no kind that can be read.
    """
    kind = kind_of(
        document.data[:8192],
        name=document.url or document.address,
        media_type=document.media_type,
    )
    return _open(document, kind)


def _open(document: Document, kind: Kind) -> Bundle:
    if not document.data.strip():
        raise UnreadableDocument(f"'{document.address}' is empty", reason="empty")
    if kind is Kind.FEED:
        from catalogue.sources.feed import read_feed

        return read_feed(document)
    if kind is Kind.JSON:
        from catalogue.sources.answers import read_json

        return read_json(document)
    if kind is Kind.MHTML:
        from catalogue.sources.mhtml import Mhtml

        return Mhtml(document)
    if kind is Kind.WARC:
        from catalogue.sources.warc import Warc

        return Warc(document)
    if kind is Kind.TEXT:
        from catalogue.sources.lists import read_list

        listed = read_list(document)
        if listed is not None:
            return listed
    if kind is Kind.UNKNOWN:
        raise UnreadableDocument(f"'{document.address}' is no kind of page or archive")
    return Single(document)


def read_article(document: Document) -> Page:
    """Read an article, whether it is HTML, Markdown or plain text.

    Args:
        document: A Document that a bundle gave, or that was fetched.
    """
    kind = kind_of(
        document.data[:8192],
        name=document.url or document.address,
        media_type=document.media_type,
    )
    if document.media_type == "text/html" or kind is Kind.HTML:
        from catalogue.sites import read_page

        return read_page(document)
    if kind in (Kind.MARKDOWN, Kind.TEXT):
        from catalogue.sources.text import read_text

        return read_text(document, markdown=kind is Kind.MARKDOWN)
    from catalogue.sites import read_page

    return read_page(document)


def _unpacked(head: bytes) -> tuple[bytes, bool]:
    """The beginning of a file, unpacked where it is a gzip file; and whether it was."""
    if not head.startswith(b"\x1f\x8b"):
        return head, False
    import zlib

    try:
        return zlib.decompressobj(31).decompress(head, 8192), True
    except zlib.error:
        return head, False


def _unpack_file(path: Path) -> bytes:
    """A gzip file's content, up to :data:`MAX_FILE` bytes however much it would unpack to."""
    import zlib

    unpacker = zlib.decompressobj(31)
    out: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while size < MAX_FILE and (chunk := file.read(65536)):
            try:
                piece = unpacker.decompress(chunk, MAX_FILE - size)
            except zlib.error:
                break
            out.append(piece)
            size += len(piece)
    return b"".join(out)
