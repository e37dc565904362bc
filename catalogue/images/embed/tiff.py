"""TIFF and BigTIFF: XMP in tag 700, IIM in tag 33723, of a new first directory at the file's end.

The old directory stays where it was, unused; nothing else in the file moves, so every offset holds.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from catalogue.errors import UnreadableImage
from catalogue.images import iptc, xmp
from catalogue.images.embed.parts import Kept, Pieces, with_others
from catalogue.images.fields import Metadata

_XMP, _IPTC, _PHOTOSHOP = 700, 33723, 34377
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}


@dataclass(slots=True)
class _Parts:
    order: str
    big: bool
    entries: dict[int, tuple[int, int, bytes]]
    """Tag -> type, count, the value field as it stands (a value or an offset)."""
    following: int
    """Offset of the next directory."""

    @property
    def field(self) -> int:
        """Bytes of an entry's value field."""
        return 8 if self.big else 4


def _parts(data: bytes) -> _Parts:
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    if big:
        (at,) = struct.unpack_from(order + "Q", data, 8)
        (count,) = struct.unpack_from(order + "Q", data, at)
        at += 8
    else:
        (at,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, at)
        at += 2
    if count > 4096:
        raise UnreadableImage("the file's structure is broken: a TIFF directory without end")
    entries = {}
    for _ in range(count):
        tag, kind = struct.unpack_from(order + "HH", data, at)
        (values,) = struct.unpack_from(order + ("Q" if big else "I"), data, at + 4)
        start = at + (12 if big else 8)
        entries[tag] = (kind, values, data[start : start + (8 if big else 4)])
        at += 20 if big else 12
    (following,) = struct.unpack_from(order + ("Q" if big else "I"), data, at)
    return _Parts(order, big, entries, following)


def _value(data: bytes, parts: _Parts, tag: int) -> bytes | None:
    entry = parts.entries.get(tag)
    if entry is None:
        return None
    kind, count, value = entry
    size = _SIZES.get(kind, 1) * count
    if size <= parts.field:
        return value[:size]
    (at,) = struct.unpack(parts.order + ("Q" if parts.big else "I"), value)
    raw = data[at : at + size]
    if tag == _IPTC and kind == 4 and parts.order == "<" and raw[:1] != b"\x1c":
        # Declared as numbers of 32 bits, it was swapped with them by some writers.
        raw = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    return raw


def keep(data: bytes) -> Kept:
    """The metadata blocks of a TIFF file."""
    parts = _parts(data)
    return Kept(
        xmp=_value(data, parts, _XMP),
        iim=_value(data, parts, _IPTC)
        or iptc.read_resources(_value(data, parts, _PHOTOSHOP) or b"").iptc,
    )


def write(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    """The parts of a TIFF file with the metadata in it."""
    parts = _parts(data)
    kept, stale = with_others(keep(data), also)
    iim, replaced = iptc.merged(metadata, kept.iim)
    packet = xmp.packet(metadata, kept.xmp, replaced=replaced, without=stale)
    blocks = [(_XMP, 1, packet), (_IPTC, 7, iim)]
    photoshop = _value(data, parts, _PHOTOSHOP)
    if photoshop is not None:
        resources = iptc.read_resources(photoshop)
        blocks.append((_PHOTOSHOP, 1, iptc.write_resources(resources, iim)))

    offset = parts.order + ("Q" if parts.big else "I")
    entries = dict(parts.entries)
    behind: list[bytes] = [b"\0" * (-len(data) % 8)]
    at = len(data) + len(behind[0])
    for tag, kind, content in blocks:
        padded = content + b"\0" * (-len(content) % 8)
        entries[tag] = (kind, len(content), struct.pack(offset, at))
        behind.append(padded)
        at += len(padded)
    if not parts.big and at + 2 + 12 * len(entries) + 4 > 0xFFFF_FFFF:
        raise UnreadableImage("no room in the TIFF file for a caption", reason="too-large")
    directory = b"".join(
        struct.pack(parts.order + ("HHQ" if parts.big else "HHI"), tag, kind, count) + value
        for tag, (kind, count, value) in sorted(entries.items())
    )
    behind.append(
        struct.pack(parts.order + ("Q" if parts.big else "H"), len(entries))
        + directory
        + struct.pack(offset, parts.following)
    )
    head = data[:8] + struct.pack(offset, at) if parts.big else data[:4] + struct.pack(offset, at)
    return [head, memoryview(data)[len(head) :], b"".join(behind)]
