"""JPEG 2000 in its file format (JP2, JPX): XMP in a box «uuid» behind the picture.

There is no agreed place for IIM. A bare codestream has no boxes, and so no room.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from catalogue.errors import UnreadableImage
from catalogue.images import xmp
from catalogue.images.embed.parts import Kept, Pieces, Range, views, with_others
from catalogue.images.fields import Metadata

SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
"""ISO/IEC 15444-1, annex I.5.1: the box that begins every file."""
_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""XMP specification, part 3: the box's kind."""


@dataclass(slots=True)
class _Parts:
    boxes: list[Range]
    xmp: bytes | None
    open_end: int | None
    """Start of a last box whose length says no more than «to the end of the file»."""


def _parts(data: bytes) -> _Parts:
    parts = _Parts([], None, None)
    at = 0
    seen = False
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        elif length == 0:
            length = len(data) - at
            parts.open_end = at
        if length < head or at + length > len(data):
            break
        content = at + head
        if kind == b"uuid" and data[content : content + 16] == _UUID:
            parts.xmp = parts.xmp or data[content + 16 : at + length]
            if parts.open_end == at:
                parts.open_end = None
        else:
            parts.boxes.append((at, at + length))
            seen = seen or kind == b"jp2c"
        at += length
    if not seen or at < len(data):
        raise UnreadableImage("the file's structure is broken: a JPEG 2000 box is cut short")
    return parts


def keep(data: bytes) -> Kept:
    """The metadata blocks of a JPEG 2000 file."""
    return Kept(xmp=_parts(data).xmp)


def write(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    """The parts of a JPEG 2000 file with the metadata in it."""
    parts = _parts(data)
    kept, stale = with_others(Kept(xmp=parts.xmp), also)
    packet = xmp.packet(metadata, kept.xmp, without=stale)
    box = struct.pack(">I4s", 24 + len(packet), b"uuid") + _UUID + packet
    if parts.open_end is None:
        return [*views(data, parts.boxes), box]
    # Something follows now, so the last box has to tell its length.
    start, end = parts.boxes[-1]
    if end - start > 0xFFFF_FFFF:
        raise UnreadableImage("no room in the JPEG 2000 file for a caption", reason="too-large")
    told = struct.pack(">I", end - start)
    return [*views(data, parts.boxes[:-1]), told, memoryview(data)[start + 4 : end], box]
