"""WebP: XMP as the chunk «XMP »; there is no place for IIM."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from catalogue.errors import UnreadableImage
from catalogue.images import xmp
from catalogue.images.embed.parts import Kept, Pieces, views, with_others
from catalogue.images.fields import Metadata


@dataclass(slots=True)
class _Parts:
    chunks: list[tuple[bytes, int, int]]
    """Kind, start, end with padding."""
    xmp: bytes | None
    end: int


def _parts(data: bytes) -> _Parts:
    end = min(8 + int.from_bytes(data[4:8], "little"), len(data))
    parts = _Parts([], None, end)
    at = 12
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        stop = min(at + 8 + size + size % 2, len(data))
        if kind == b"XMP ":
            parts.xmp = parts.xmp or data[at + 8 : at + 8 + size]
        else:
            parts.chunks.append((kind, at, stop))
        at = stop
    if not any(kind in (b"VP8 ", b"VP8L", b"ANMF") for kind, _, _ in parts.chunks):
        raise UnreadableImage("the file's structure is broken: no picture in the WebP file")
    parts.end = max(end, at)
    return parts


def keep(data: bytes) -> Kept:
    """The metadata blocks of a WebP file."""
    return Kept(xmp=_parts(data).xmp)


_HAS_XMP = 0x04
_HAS_ALPHA = 0x10


def write(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    """The parts of a WebP file with the metadata in it."""
    parts = _parts(data)
    kept, stale = with_others(Kept(xmp=parts.xmp), also)
    packet = xmp.packet(metadata, kept.xmp, without=stale)
    body: Pieces = []
    first = parts.chunks[0]
    if first[0] == b"VP8X":
        head = bytearray(data[first[1] : first[2]])
        head[8] |= _HAS_XMP
        body.append(bytes(head))
        rest = parts.chunks[1:]
    else:
        body.append(_extended_head(data, first))
        rest = parts.chunks
    body += views(data, (part[1:] for part in rest))
    if sum(map(len, body)) % 2:  # the file was cut at an odd byte
        body.append(b"\0")
    body.append(b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2))
    size = 4 + sum(map(len, body))
    return [b"RIFF" + struct.pack("<I", size) + b"WEBP", *body, memoryview(data)[parts.end :]]


def _extended_head(data: bytes, chunk: tuple[bytes, int, int]) -> bytes:
    """The VP8X chunk that a file needs before it may hold more than a picture."""
    kind, start, _ = chunk
    if kind == b"VP8 ":  # RFC 6386, section 9.1: three bytes of tag, three of start code, sizes
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, start + 8 + 6))
        flags = 0
    elif kind == b"VP8L":  # a signature byte, then 14 + 14 bits of size less one, then alpha
        (bits,) = struct.unpack_from("<I", data, start + 9)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = _HAS_ALPHA if bits >> 28 & 1 else 0
    else:
        raise UnreadableImage("the file's structure is broken: WebP without its first chunk")
    return b"VP8X" + struct.pack(
        "<IB3x3s3s",
        10,
        flags | _HAS_XMP,
        (width - 1).to_bytes(3, "little"),
        (height - 1).to_bytes(3, "little"),
    )
