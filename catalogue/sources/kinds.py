"""What kind of source some bytes are: by their first bytes, then by name, then by declared type."""

from __future__ import annotations

import re
from enum import StrEnum

from catalogue.texts import word_set


class Kind(StrEnum):
    """The kinds of source that can be opened."""

    HTML = "html"
    MHTML = "mhtml"
    WARC = "warc"
    FEED = "feed"
    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"
    IMAGE = "image"
    UNKNOWN = "unknown"


_BY_EXTENSION = {
    "html": Kind.HTML,
    "htm": Kind.HTML,
    "xhtml": Kind.HTML,
    "xht": Kind.HTML,
    "shtml": Kind.HTML,
    "php": Kind.HTML,
    "asp": Kind.HTML,
    "aspx": Kind.HTML,
    "mhtml": Kind.MHTML,
    "mht": Kind.MHTML,
    "warc": Kind.WARC,
    "rss": Kind.FEED,
    "atom": Kind.FEED,
    "rdf": Kind.FEED,
    "xml": Kind.FEED,
    "json": Kind.JSON,
    "md": Kind.MARKDOWN,
    "markdown": Kind.MARKDOWN,
    "txt": Kind.TEXT,
    "text": Kind.TEXT,
}
IMAGE_EXTENSIONS = word_set("jpg jpeg jpe jfif png gif webp avif tif tiff bmp jp2 j2k jpx jpf")
_BY_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "multipart/related": Kind.MHTML,
    "message/rfc822": Kind.MHTML,
    "application/warc": Kind.WARC,
    "application/rss+xml": Kind.FEED,
    "application/atom+xml": Kind.FEED,
    "application/rdf+xml": Kind.FEED,
    "application/feed+json": Kind.JSON,
    "application/json": Kind.JSON,
    "application/vnd.api+json": Kind.JSON,
    "text/markdown": Kind.MARKDOWN,
    "text/plain": Kind.TEXT,
}
_MAGIC = (
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"GIF87a", Kind.IMAGE),
    (b"GIF89a", Kind.IMAGE),
    (b"II*\x00", Kind.IMAGE),
    (b"MM\x00*", Kind.IMAGE),
    (b"\x00\x00\x00\x0cjP  ", Kind.IMAGE),
    (b"\xff\x4f\xff\x51", Kind.IMAGE),
    (b"WARC/", Kind.WARC),
)
_FEED = re.compile(rb"<(?:[a-z][\w.-]{0,20}:)?(?:rss|feed|RDF|channel)[\s>]", re.I)
_HTML = re.compile(
    rb"<(?:!doctype html|html|head|body|meta|title|article|div|p|h1|figure)[\s>]", re.I
)
_CONTROLS = bytes({*range(1, 32), 127} - {*b"\t\n\r\f\x1b"})
_MHTML = re.compile(
    rb"(?im)^(?:mime-version|content-type:\s*multipart/related|snapshot-content-location)"
)


def kind_of(head: bytes, *, name: str = "", media_type: str = "") -> Kind:
    """What kind of source it is.

    Args:
        head: The first bytes, some thousands; unpacked where they were compressed.
        name: File name or address.
        media_type: As declared; believed only where neither bytes nor name tell.
    """
    kind = _kind_of(head, name, media_type)
    return Kind.UNKNOWN if kind in _WRITTEN and _is_binary(head) else kind


_WRITTEN = (Kind.HTML, Kind.FEED, Kind.JSON, Kind.MARKDOWN, Kind.TEXT)


def _is_binary(head: bytes) -> bool:
    """Whether some bytes are no text in any encoding, whatever their name says.

    Text has next to no control characters: some stray ones, the zeros of UTF-16, the escapes of
    ISO-2022. In packed data and programs every tenth byte is one, or most are zero.
    """
    zeros = head.count(0)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 0.07 * len(head) or zeros > 0.7 * len(head)


def _kind_of(head: bytes, name: str, media_type: str) -> Kind:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"heic", b"mif1"):
        return Kind.IMAGE
    path = name.partition("?")[0].partition("#")[0].lower().removesuffix(".gz")
    by_name = _BY_EXTENSION.get(path.rpartition(".")[2]) if "." in path.rpartition("/")[2] else None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if by_name in (Kind.WARC, Kind.MHTML, Kind.MARKDOWN):
        return by_name
    if b"multipart/related" in head[:4096].lower() and _MHTML.search(start[:2000]):
        return Kind.MHTML
    if start[:1] in (b"{", b"[") and by_name in (None, Kind.JSON):
        return Kind.JSON
    if start[:1] == b"<":
        if _FEED.search(start):
            return Kind.FEED
        if _HTML.search(start):
            return Kind.HTML
    if by_name is not None:
        return by_name
    if path.rpartition(".")[2] in IMAGE_EXTENSIONS:
        return Kind.IMAGE
    if media_type in _BY_TYPE:
        return _BY_TYPE[media_type]
    if media_type.startswith("image/") and "svg" not in media_type:
        return Kind.IMAGE
    if media_type.endswith("+json"):
        return Kind.JSON
    if media_type.endswith("xml"):
        return Kind.FEED
    if _HTML.search(start):
        return Kind.HTML
    return Kind.TEXT if b"\0" not in head[:1000] else Kind.UNKNOWN
