"""JPEG: XMP in APP1, with an extension where it is long (ISO 16684-3); IIM in APP13.

What stands behind the picture, as the further pictures of a multi-picture file do, goes over as it
is; the index that tells where they lie is set right.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.errors import UnreadableImage
from catalogue.images import iptc, xmp
from catalogue.images.embed.parts import Kept, Pieces, Range, views, with_others
from catalogue.images.fields import Metadata

_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_MARK = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP_MARK = b"Photoshop 3.0\0"
_SEGMENT = 65533
"""Bytes of content that a segment can hold."""
_MORE_PIECE = 65400
"""Bytes of an extension that go into one segment."""


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the picture; then (0, start, end of file)."""
    at = 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise UnreadableImage("the file's structure is broken: no picture in the JPEG file")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in (0xDA, 0xD9) or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            yield 0, at, len(data)
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            yield marker, at, at + 2
            at += 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4])
        if size < 2 or at + 2 + size > len(data):
            raise UnreadableImage("the file's structure is broken: a JPEG segment is cut short")
        yield marker, at, at + 2 + size
        at += 2 + size


@dataclass(slots=True)
class _Parts:
    head: list[Range]
    """Leading JFIF and EXIF segments."""
    body: list[Range]
    """All that follows and is kept, up to the end of the file."""
    xmp: bytes | None
    resources: bytes


def _parts(data: bytes) -> _Parts:
    parts = _Parts([], [], None, b"")
    more: dict[str, list[tuple[int, bytes]]] = {}
    for marker, start, end in _segments(data):
        content = data[start + 4 : start + 4 + 40]
        if marker == 0xE1 and content.startswith(_XMP_MARK):
            if parts.xmp is None:
                parts.xmp = data[start + 4 + len(_XMP_MARK) : end]
        elif marker == 0xE1 and content.startswith(_MORE_MARK):
            begin = start + 4 + len(_MORE_MARK)
            name = data[begin : begin + 32].decode("latin-1").upper()
            offset = int.from_bytes(data[begin + 36 : begin + 40])
            more.setdefault(name, []).append((offset, data[begin + 40 : end]))
        elif marker == 0xED and content.startswith(_PHOTOSHOP_MARK):
            parts.resources += data[start + 4 + len(_PHOTOSHOP_MARK) : end]
        elif not parts.body and (marker == 0xE0 or (marker == 0xE1 and content[:5] == b"Exif\0")):
            parts.head.append((start, end))
        else:
            parts.body.append((start, end))
    if parts.xmp is not None and more:
        name_of_more = xmp.extension_of(parts.xmp)
        chunks = sorted(more.get(name_of_more or "", ()))
        if chunks:
            parts.xmp = xmp.joined(parts.xmp, b"".join(chunk for _, chunk in chunks))
    return parts


def keep(data: bytes) -> Kept:
    """The metadata blocks of a JPEG file."""
    parts = _parts(data)
    return Kept(xmp=parts.xmp, iim=iptc.read_resources(parts.resources).iptc)


def write(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    """The parts of a JPEG file with the metadata in it."""
    parts = _parts(data)
    resources = iptc.read_resources(parts.resources)
    kept, stale = with_others(Kept(xmp=parts.xmp, iim=resources.iptc), also)
    iim, replaced = iptc.merged(metadata, kept.iim)
    packed = iptc.write_resources(resources, iim)
    room = _SEGMENT - len(_PHOTOSHOP_MARK)
    new = [
        _segment(0xED, _PHOTOSHOP_MARK + packed[at : at + room])
        for at in range(0, len(packed), room)
    ]
    first, more = xmp.packets(
        metadata,
        kept.xmp,
        limit=_SEGMENT - len(_XMP_MARK),
        digest="0" * 32,
        replaced=replaced,
        without=stale,
    )
    if len(first) > _SEGMENT - len(_XMP_MARK):
        raise UnreadableImage("the caption is too long for a JPEG file", reason="too-large")
    extension = []
    if more is not None:
        digest = hashlib.md5(more, usedforsecurity=False).hexdigest().upper().encode()
        first = first.replace(b"HasExtendedXMP>" + b"0" * 32, b"HasExtendedXMP>" + digest)
        extension = [
            _segment(
                0xE1,
                _MORE_MARK
                + digest
                + struct.pack(">II", len(more), at)
                + more[at : at + _MORE_PIECE],
            )
            for at in range(0, len(more), _MORE_PIECE)
        ]
    new.append(_segment(0xE1, _XMP_MARK + first))
    new += extension

    head = b"".join(data[start:end] for start, end in parts.head)
    added = b"".join(new)
    before = data[:2] + head + added
    body = views(data, parts.body)
    growth = len(before) + sum(map(len, body)) - len(data)
    body = _with_moved_pictures(data, parts.body, growth, body)
    return [before, *body]


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def _with_moved_pictures(data: bytes, body: list[Range], growth: int, written: Pieces) -> Pieces:
    """Set right what a multi-picture file (CIPA DC-007) says of where its pictures lie.

    Offsets count from the index itself: what is written before it moves nothing, what is taken away
    behind it does. The first picture's length is that of the whole first image file.
    """
    indices = [
        part
        for part in body
        if data[part[0] : part[0] + 2] == b"\xff\xe2"
        and data[part[0] + 4 : part[0] + 8] == b"MPF\0"
    ]
    if not indices:
        return written
    start, end = indices[0]
    content = bytearray(data[start + 8 : end])
    kept_behind = sum(stop - max(begin, end) for begin, stop in body if stop > end)
    moved = kept_behind - (len(data) - end)
    _patch_index(content, growth, moved)
    patched = data[start : start + 8] + bytes(content)
    front = views(data, (part for part in body if part[1] <= start))
    back = views(data, (part for part in body if part[0] >= end))
    return [*front, patched, *back]


def _patch_index(content: bytearray, growth: int, moved: int) -> None:
    order = "<" if content[:4] == b"II*\0" else ">"
    (directory,) = struct.unpack_from(order + "I", content, 4)
    (count,) = struct.unpack_from(order + "H", content, directory)
    for number in range(count):
        tag, _, size, place = struct.unpack_from(
            order + "HHII", content, directory + 2 + 12 * number
        )
        if tag != 0xB002:  # the entries of the pictures, 16 bytes each
            continue
        for index in range(size // 16):
            at = place + 16 * index
            length, offset = struct.unpack_from(order + "II", content, at + 4)
            if offset == 0:
                struct.pack_into(order + "I", content, at + 4, length + growth)
            else:
                struct.pack_into(order + "I", content, at + 8, offset + moved)
