"""PNG: XMP as the chunk iTXt ``XML:com.adobe.xmp``, IIM as the raw profile of ImageMagick."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from catalogue.errors import UnreadableImage
from catalogue.images import iptc, xmp
from catalogue.images.embed.parts import Kept, Pieces, Range, views, with_others
from catalogue.images.fields import Metadata

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp\0"
_RAW = b"Raw profile type "
_UNPACK_LIMIT = 16 << 20
"""Bytes to which a compressed metadata chunk may unpack."""


@dataclass(slots=True)
class _Parts:
    front: list[Range]
    """Chunks before the first with picture data."""
    back: list[Range]
    xmp: bytes | None
    resources: iptc.Resources
    iim: bytes | None


def _parts(data: bytes) -> _Parts:
    parts = _Parts([], [], None, iptc.Resources(), None)
    at = 8
    seen = False
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        if kind in (b"iTXt", b"zTXt", b"tEXt") and _take_text(kind, data[at + 8 : end - 4], parts):
            at = end
            continue
        seen = seen or kind in (b"IDAT", b"fdAT")
        (parts.back if seen else parts.front).append((at, end))
        at = end
        if kind == b"IEND":
            break
    if not seen:
        raise UnreadableImage("the file's structure is broken: no picture in the PNG file")
    if at < len(data):  # a cut chunk, or what stands behind the end
        parts.back.append((at, len(data)))
    return parts


def _take_text(kind: bytes, content: bytes, parts: _Parts) -> bool:
    """Whether a text chunk is metadata that is written anew."""
    if content.startswith(_XMP_KEYWORD) and kind == b"iTXt":
        packed, rest = content[len(_XMP_KEYWORD)], content[len(_XMP_KEYWORD) + 2 :]
        _, _, text = rest.split(b"\0", 2)
        parts.xmp = parts.xmp or (_unpacked(text) if packed else text)
        return True
    if not content.startswith(_RAW) or kind == b"iTXt":
        return False
    keyword, _, rest = content.partition(b"\0")
    name = keyword[len(_RAW) :].strip()
    if name not in (b"iptc", b"8bim", b"xmp"):
        return False
    try:
        text = _unpacked(rest[1:]) if kind == b"zTXt" else rest
        raw = bytes.fromhex("".join(text.decode("ascii").split()[2:]))
    except (ValueError, zlib.error):
        return False  # not understood: left as it is
    if name == b"xmp":
        parts.xmp = parts.xmp or raw
    elif raw[:4] == b"8BIM":
        parts.resources = iptc.read_resources(raw)
        parts.iim = parts.iim or parts.resources.iptc
    else:
        parts.iim = parts.iim or raw
    return True


def _unpacked(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _UNPACK_LIMIT)


def keep(data: bytes) -> Kept:
    """The metadata blocks of a PNG file."""
    parts = _parts(data)
    return Kept(xmp=parts.xmp, iim=parts.iim)


def write(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    """The parts of a PNG file with the metadata in it."""
    parts = _parts(data)
    kept, stale = with_others(Kept(xmp=parts.xmp, iim=parts.iim), also)
    iim, replaced = iptc.merged(metadata, kept.iim)
    resources = iptc.write_resources(parts.resources, iim)
    packet = xmp.packet(metadata, kept.xmp, replaced=replaced, without=stale)
    new = [
        _chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0" + packet),
        _chunk(b"zTXt", _RAW + b"iptc\0\0" + zlib.compress(_raw_profile(b"iptc", resources))),
    ]
    return [SIGNATURE, *views(data, parts.front), *new, *views(data, parts.back)]


def _raw_profile(name: bytes, data: bytes) -> bytes:
    digits = data.hex().encode()
    lines = [digits[at : at + 72] for at in range(0, len(digits), 72)]
    return b"\n%s\n%8d\n%s\n" % (name, len(data), b"\n".join(lines))


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", crc)
