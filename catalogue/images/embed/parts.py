"""What the writers of all formats share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Pieces: TypeAlias = list["bytes | memoryview"]
"""Parts of a file, to be written one behind the other; most of it is the original's memory."""

Range = tuple[int, int]
"""Start and end within a file's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The metadata blocks of a file, to be carried into a copy of it."""

    xmp: bytes | None = None
    """Packet, its extension joined."""
    iim: bytes | None = None
    """IPTC IIM records."""


_STALE = (
    "tiff:Orientation",
    "tiff:ImageWidth",
    "tiff:ImageLength",
    "exif:PixelXDimension",
    "exif:PixelYDimension",
    "xmp:Thumbnails",
)
"""XMP properties that tell of the pixels, wrong for a smaller or turned copy."""


def with_others(own: Kept, also: Kept | None) -> tuple[Kept, tuple[str, ...]]:
    """The blocks to be written over, and the XMP properties of them that no longer hold.

    Args:
        own: Of the file itself; of a copy few, as its encoder writes them.
        also: Of the original that the file is a smaller copy of.
    """
    if also is None:
        return own, ()
    return Kept(xmp=also.xmp or own.xmp, iim=also.iim or own.iim), _STALE


def views(data: bytes, ranges: Iterable[Range]) -> Pieces:
    """Parts of a file without a copy of them being made; neighbours as one."""
    joined: list[Range] = []
    for start, end in ranges:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    view = memoryview(data)
    return [view[start:end] for start, end in joined]
