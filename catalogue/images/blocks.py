"""Where in a picture file the metadata lie: the raw blocks, taken out of its container.

Written for bytes that nobody vouches for: no offset is followed outside the file, a bounded number
of entries is read, and of a damaged file as many blocks are found as there are.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree

BLOCK_LIMIT = 2 << 20
"""Bytes of one metadata block that are read; what lies beyond is no caption."""
TEXT_LIMIT = 100_000
"""Bytes of one text or comment that are read."""
ENTRIES = 400
"""Entries of one directory or record that are looked at."""

BROKEN = (
    ArithmeticError,
    AttributeError,
    ElementTree.ParseError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,  # UnicodeError is one
    struct.error,
    zlib.error,
)
"""What reading a broken block raises, whatever is broken about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The raw metadata blocks of one file, None where it has none."""

    exif: bytes | None = None
    """A TIFF structure, without the ``Exif`` mark before it."""
    iptc: bytes | None = None
    """IIM records, or the Photoshop resources that hold them."""
    xmp: bytes | None = None
    texts: tuple[tuple[str, str], ...] = ()
    """PNG text chunks and comments: keyword and text."""


def find_blocks(source: BinaryIO, format: str) -> Blocks:
    """Take the metadata blocks out of a file's container; of a damaged one, as many as there are.

    Args:
        source: The file, at any position.
        format: As in :class:`~catalogue.model.ImageFacts`.
    """
    finder = _FINDERS.get(format)
    if finder is None:
        return Blocks()
    found: dict[str, bytes] = {}
    texts: list[tuple[str, str]] = []
    source.seek(0)
    with contextlib.suppress(*BROKEN):
        for name, data in finder(source):
            if name in ("exif", "iptc", "xmp"):
                found.setdefault(name, data[:BLOCK_LIMIT])
            elif len(texts) < 50:
                texts.append((name, text_of(_beginning(data))))
    return Blocks(
        exif=found.get("exif"), iptc=found.get("iptc"), xmp=found.get("xmp"), texts=tuple(texts)
    )


def _beginning(data: bytes) -> bytes:
    """As much of a text as is worth reading, without half a character at its end."""
    if len(data) <= TEXT_LIMIT:
        return data
    end = TEXT_LIMIT
    while end > TEXT_LIMIT - 4 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]


def _jpeg_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(2)
    for _ in range(ENTRIES):
        mark = source.read(2)
        while mark[:1] == b"\xff" and mark[1:] == b"\xff":  # fill bytes
            mark = mark[1:] + source.read(1)
        if len(mark) < 2 or mark[0] != 0xFF or mark[1] in (0xDA, 0xD9):
            return  # the pixels begin
        length = int.from_bytes(source.read(2), "big") - 2
        if length < 0:
            return
        data = source.read(length)
        if mark[1] == 0xE1 and data.startswith(b"Exif\0"):
            yield "exif", data[6:]
        elif mark[1] == 0xE1 and data.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield "xmp", data[29:]
        elif mark[1] == 0xED and data.startswith(b"Photoshop 3.0\0"):
            yield "iptc", data[14:]
        elif mark[1] == 0xFE:
            yield "JPEG comment", data


def _png_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(8)
    for _ in range(100_000):
        head = source.read(8)
        if len(head) < 8:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt") and length <= BLOCK_LIMIT:
            data = source.read(length)
            source.seek(4, io.SEEK_CUR)
            with contextlib.suppress(*BROKEN):
                if kind == b"eXIf":
                    yield "exif", data
                else:
                    yield from _png_text(kind, data)
        else:
            source.seek(length + 4, io.SEEK_CUR)


def _png_text(kind: bytes, data: bytes) -> Iterator[tuple[str, bytes]]:
    keyword, _, rest = data.partition(b"\0")
    if kind == b"zTXt":
        rest = _inflate(rest[1:])
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].split(b"\0", 2)[2]  # language tag and translated keyword go
        if packed:
            rest = _inflate(rest)
    name = keyword.decode("latin-1")
    if name == "XML:com.adobe.xmp":
        yield "xmp", rest
    elif name.startswith("Raw profile type "):
        # ImageMagick's way: name, length, then hexadecimal digits
        raw = bytes.fromhex("".join(rest.decode("ascii").split()[2:]))
        profile = name.removeprefix("Raw profile type ").strip()
        if profile in ("exif", "APP1"):
            yield "exif", raw.removeprefix(b"Exif\0\0")
        elif profile in ("iptc", "8bim"):
            yield "iptc", raw
        elif profile == "xmp":
            yield "xmp", raw
    else:
        yield f"PNG {name}", rest


def _webp_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(12)
    for _ in range(ENTRIES):
        head = source.read(8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], "little")
        if head[:4] in (b"EXIF", b"XMP ") and length <= BLOCK_LIMIT:
            data = source.read(length)
            yield (
                ("xmp", data) if head[:4] == b"XMP " else ("exif", data.removeprefix(b"Exif\0\0"))
            )
        else:
            source.seek(length, io.SEEK_CUR)
        if length % 2:
            source.seek(1, io.SEEK_CUR)


def _tiff_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    # The whole file is the EXIF structure; captions stand in its first directory, which may lie
    # behind the pixels, so it is read in place.
    tags = Directory(source)
    for tag, name in ((700, "xmp"), (33723, "iptc"), (34377, "iptc")):
        data = tags.raw(tag)
        if data:
            yield name, data


def _gif_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    for kind, data in gif_blocks(source):
        if kind == "comment":
            yield "GIF comment", data
        elif kind == "application" and data.startswith(b"XMP DataXMP"):
            yield "xmp", data[11:]


def gif_blocks(source: BinaryIO, limit: int = 20_000) -> Iterator[tuple[str, bytes]]:
    """The blocks of a GIF: ``image`` per frame, ``comment``, ``application``, ``end``.

    Nothing is decoded, so the time is that of walking the file. Data are bounded, and empty for
    frames.

    Args:
        source: The file.
        limit: How many blocks are looked at.
    """
    source.seek(0)
    head = source.read(13)
    if len(head) < 13:
        return
    if head[10] & 0x80:
        source.seek(3 << (head[10] & 7) + 1, io.SEEK_CUR)
    for _ in range(limit):
        mark = source.read(1)
        if mark == b"\x21":
            kind = source.read(1)
            name = {b"\xfe": "comment", b"\xff": "application"}.get(kind, "other")
            # XMP is written as if it were sub-blocks, so every length byte belongs to it
            data = _sub_blocks(source, keep=name != "other")
            yield name, data
        elif mark == b"\x2c":
            place = source.read(9)
            if len(place) < 9:
                return
            if place[8] & 0x80:
                source.seek(3 << (place[8] & 7) + 1, io.SEEK_CUR)
            source.read(1)
            _sub_blocks(source, keep=False)
            yield "image", b""
        elif mark == b"\x3b":
            yield "end", b""
            return
        else:
            return


def _sub_blocks(source: BinaryIO, *, keep: bool) -> bytes:
    kept = bytearray()
    first = True
    while True:
        size = source.read(1)
        if not size or size == b"\0":
            return bytes(kept)
        data = source.read(size[0])
        if len(data) < size[0]:
            raise EOFError("a GIF block is cut short")
        if keep and len(kept) < BLOCK_LIMIT:
            if not first and kept.startswith(b"XMP DataXMP"):
                kept += size
            kept += data
        first = False


def _jp2_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    for _ in range(ENTRIES):
        head = source.read(8)
        if len(head) < 8:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length == 1:
            length = int.from_bytes(source.read(8), "big") - 8
        if length < 8:
            return
        if kind == b"uuid" and length - 8 <= BLOCK_LIMIT:
            data = source.read(length - 8)
            if data[:16] == _XMP_UUID:
                yield "xmp", data[16:]
            elif data[:16] == b"JpgTiffExif->JP2":
                yield "exif", data[16:]
        else:
            source.seek(length - 8, io.SEEK_CUR)


_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")

_FINDERS: dict[str, Callable[[BinaryIO], Iterator[tuple[str, bytes]]]] = {
    "JPEG": _jpeg_blocks,
    "PNG": _png_blocks,
    "WEBP": _webp_blocks,
    "TIFF": _tiff_blocks,
    "GIF": _gif_blocks,
    "JPEG2000": _jp2_blocks,
}


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, BLOCK_LIMIT)


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


class Directory:
    """One directory of a TIFF structure, read where it lies.

    Args:
        source: Bytes of the structure, or a file that is one.
        offset: Where the directory begins; None for the first.
    """

    def __init__(self, source: bytes | BinaryIO, offset: int | None = None) -> None:
        self._source = io.BytesIO(source) if isinstance(source, bytes) else source
        self._source.seek(0)
        head = self._source.read(8)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None or len(head) < 8:
            raise ValueError("no TIFF structure")
        self._order = order
        start = struct.unpack(order + "I", head[4:])[0] if offset is None else offset
        self._source.seek(start)
        (count,) = struct.unpack(order + "H", self._source.read(2))
        entries = self._source.read(12 * min(count, ENTRIES))
        self._entries = {
            struct.unpack_from(order + "H", entries, at)[0]: entries[at + 2 : at + 12]
            for at in range(0, len(entries) - 11, 12)
        }

    def raw(self, tag: int) -> bytes:
        """The bytes of an entry; empty where there is none or it points outside."""
        entry = self._entries.get(tag)
        if entry is None:
            return b""
        kind, count = struct.unpack(self._order + "HI", entry[:6])
        size = _SIZES.get(kind, 1) * count
        if size <= 4:
            return entry[6 : 6 + size]
        if size > BLOCK_LIMIT:
            return b""
        self._source.seek(struct.unpack(self._order + "I", entry[6:])[0])
        return self._source.read(size)

    def number(self, tag: int) -> int | None:
        """The value of an entry that is one number; None where it is not."""
        data = self.raw(tag)
        if len(data) not in (1, 2, 4):
            return None
        return int.from_bytes(data, "little" if self._order == "<" else "big")


def text_of(data: bytes, *, fold: bool = True) -> str:
    """Bytes as text: UTF-8 where they are that, else Windows-1252, which old captions are in."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.rstrip("\0 ") if fold else text
