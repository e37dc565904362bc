"""Writing caption, credit and rights into a picture file, its compressed picture data untouched.

Nothing is decoded. The container is taken apart at its own joints (segments, chunks, a directory),
the metadata blocks are merged with what is to be said, and the parts that hold the picture go over
as the bytes that they are::

    JPEG   APP1 XMP (with extension where it is long), APP13 with IPTC IIM
    PNG    iTXt XML:com.adobe.xmp, and IIM as the raw profile that ImageMagick began with
    WebP   chunk «XMP » (there is no place for IIM)
    TIFF   tags 700 and 33723 in a new first directory behind the file's end, BigTIFF too
    JP2    a box «uuid» (there is no place for IIM)

Other formats get a file beside them: :func:`sidecar`. To add one that can carry it: a module with
``keep`` and ``write``, a line in ``_FAMILY``, and its first bytes in :func:`format_of`.
"""

from __future__ import annotations

import struct
import zlib
from types import ModuleType

from catalogue.errors import UnreadableImage
from catalogue.images import xmp
from catalogue.images.embed import jp2, jpeg, png, tiff, webp
from catalogue.images.embed.parts import Kept, Pieces
from catalogue.images.fields import Metadata

__all__ = ["FORMATS", "Kept", "Metadata", "embed", "format_of", "keep", "pieces", "sidecar"]

_FAMILY: dict[str, ModuleType] = {
    "JPEG": jpeg,
    "PNG": png,
    "WEBP": webp,
    "TIFF": tiff,
    "JPEG2000": jp2,
}

FORMATS = tuple(_FAMILY)
"""Formats that can carry what is said."""

_BROKEN = (struct.error, zlib.error, IndexError, OverflowError, ValueError)
"""What walking a broken structure raises."""


def embed(data: bytes, metadata: Metadata, *, also: Kept | None = None) -> bytes:
    """The file with the metadata in it, beside what it said already.

    Args:
        data: A whole JPEG, PNG, WebP, TIFF or JP2 file.
        metadata: What is to be written.
        also: What another file said of which this one is a smaller copy; what it told of its
            pixels is left out.

    Raises:
        UnreadableImage: Another format (``unsupported-format``), or a file whose structure is
            broken before its picture (``corrupt-image``).
    """
    return b"".join(pieces(data, metadata, also=also))


def pieces(data: bytes, metadata: Metadata, *, also: Kept | None = None) -> Pieces:
    """What :func:`embed` joins: the parts of the new file, in order, without a copy being made."""
    family = _FAMILY.get(format_of(data) or "")
    if family is None:
        raise UnreadableImage(
            "no caption can be written into a file of this format", reason="unsupported-format"
        )
    try:
        made: Pieces = family.write(data, metadata.cleaned(), also)
    except _BROKEN as error:
        raise UnreadableImage(f"the file's structure is broken: {error}") from error
    return made


def sidecar(metadata: Metadata, existing: bytes | None = None) -> bytes:
    """An XMP file to stand beside a picture that cannot carry it.

    Args:
        metadata: What is to be said.
        existing: The packet of the picture or of an earlier sidecar.
    """
    return xmp.packet(metadata.cleaned(), existing)


def keep(data: bytes) -> Kept:
    """The metadata blocks of a file; none where it has none, or where it cannot be read."""
    family = _FAMILY.get(format_of(data) or "")
    if family is None:
        return Kept()
    try:
        kept: Kept = family.keep(data)
    except (UnreadableImage, *_BROKEN):
        return Kept()
    return kept


def format_of(data: bytes) -> str | None:
    """Which of :data:`FORMATS` the bytes are; None for any other."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == png.SIGNATURE:
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if data[:12] == jp2.SIGNATURE:
        return "JPEG2000"
    return None
