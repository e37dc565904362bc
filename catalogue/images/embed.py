"""Writing caption, credit and rights into a picture file, its compressed picture data untouched.

Nothing is decoded. The container is taken apart at its own joints (segments, chunks, a directory),
the metadata blocks are merged with what is to be said, and the parts that hold the picture go over
as the bytes that they are::

    JPEG   APP1 XMP (with extension where it is long), APP13 with IPTC IIM
    PNG    iTXt XML:com.adobe.xmp, and IIM as the raw profile that ImageMagick began with
    WebP   chunk «XMP » (there is no place for IIM)
    TIFF   tags 700 and 33723 in a new first directory behind the file's end, BigTIFF too

Other formats get a file beside them: :func:`sidecar`.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from catalogue.errors import UnreadableImage
from catalogue.images import iptc, xmp
from catalogue.images.fields import Metadata

__all__ = ["FORMATS", "Kept", "Metadata", "embed", "format_of", "keep", "pieces", "sidecar"]

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
"""Formats that can carry what is said."""

Pieces: TypeAlias = list["bytes | memoryview"]
"""Parts of a file, to be written one behind the other; most of it is the original's memory."""

_BROKEN = (struct.error, zlib.error, IndexError, OverflowError, ValueError)
"""What walking a broken structure raises."""

_UNPACK_LIMIT = 16 << 20
"""Bytes to which a compressed metadata chunk may unpack."""

_STALE = (
    "tiff:Orientation",
    "tiff:ImageWidth",
    "tiff:ImageLength",
    "exif:PixelXDimension",
    "exif:PixelYDimension",
    "xmp:Thumbnails",
)
"""XMP properties that tell of the pixels, wrong for a smaller or turned copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The metadata blocks of a file, to be carried into a copy of it."""

    xmp: bytes | None = None
    """Packet, its extension joined."""
    iim: bytes | None = None
    """IPTC IIM records."""


def embed(data: bytes, metadata: Metadata, *, also: Kept | None = None) -> bytes:
    """The file with the metadata in it, beside what it said already.

    Args:
        data: A whole JPEG, PNG, WebP or TIFF file.
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
    writer = _WRITERS.get(format_of(data) or "")
    if writer is None:
        raise UnreadableImage(
            "no caption can be written into a file of this format", reason="unsupported-format"
        )
    try:
        return writer(data, metadata.cleaned(), also)
    except _BROKEN as error:
        raise UnreadableImage(f"the file's structure is broken: {error}") from error


def sidecar(metadata: Metadata, existing: bytes | None = None) -> bytes:
    """An XMP file to stand beside a picture that cannot carry it.

    Args:
        metadata: What is to be said.
        existing: The packet of the picture or of an earlier sidecar.
    """
    return xmp.packet(metadata.cleaned(), existing)


def keep(data: bytes) -> Kept:
    """The metadata blocks of a file; none where it has none, or where it cannot be read."""
    reader = _KEEPERS.get(format_of(data) or "")
    if reader is None:
        return Kept()
    try:
        return reader(data)
    except (UnreadableImage, *_BROKEN):
        return Kept()


def format_of(data: bytes) -> str | None:
    """Which of :data:`FORMATS` the bytes are; None for any other."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == _PNG:
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    return None


# The blocks of a copy are its own (few: what an encoder writes) with those of the original.
def _blocks(own: Kept, also: Kept | None) -> tuple[Kept, tuple[str, ...]]:
    if also is None:
        return own, ()
    return Kept(xmp=also.xmp or own.xmp, iim=also.iim or own.iim), _STALE


# --- JPEG -------------------------------------------------------------------------------------

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
class _JpegParts:
    head: list[tuple[int, int]]
    """Leading JFIF and EXIF segments."""
    body: list[tuple[int, int]]
    """All that follows and is kept, up to the end of the file."""
    xmp: bytes | None
    resources: bytes


def _jpeg_parts(data: bytes) -> _JpegParts:
    parts = _JpegParts([], [], None, b"")
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


def _keep_jpeg(data: bytes) -> Kept:
    parts = _jpeg_parts(data)
    return Kept(xmp=parts.xmp, iim=iptc.read_resources(parts.resources).iptc)


def _jpeg(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    parts = _jpeg_parts(data)
    resources = iptc.read_resources(parts.resources)
    kept, stale = _blocks(Kept(xmp=parts.xmp, iim=resources.iptc), also)
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

    view = memoryview(data)
    head = b"".join(data[start:end] for start, end in parts.head)
    added = b"".join(new)
    before = data[:2] + head + added
    body: Pieces = [view[start:end] for start, end in _runs(parts.body)]
    growth = len(before) + sum(map(len, body)) - len(data)
    body = _with_moved_pictures(data, parts.body, growth, body)
    return [before, *body]


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def _runs(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _with_moved_pictures(
    data: bytes, body: list[tuple[int, int]], growth: int, written: Pieces
) -> Pieces:
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
    view = memoryview(data)
    front = [view[begin:stop] for begin, stop in _runs([part for part in body if part[1] <= start])]
    back = [view[begin:stop] for begin, stop in _runs([part for part in body if part[0] >= end])]
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


# --- PNG --------------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp\0"
_RAW = b"Raw profile type "


@dataclass(slots=True)
class _PngParts:
    front: list[tuple[int, int]]
    """Chunks before the first with picture data."""
    back: list[tuple[int, int]]
    xmp: bytes | None
    resources: iptc.Resources
    iim: bytes | None


def _png_parts(data: bytes) -> _PngParts:
    parts = _PngParts([], [], None, iptc.Resources(), None)
    at = 8
    seen = False
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        if kind in (b"iTXt", b"zTXt", b"tEXt") and _take_png_text(
            kind, data[at + 8 : end - 4], parts
        ):
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


def _take_png_text(kind: bytes, content: bytes, parts: _PngParts) -> bool:
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


def _keep_png(data: bytes) -> Kept:
    parts = _png_parts(data)
    return Kept(xmp=parts.xmp, iim=parts.iim)


def _png(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    parts = _png_parts(data)
    kept, stale = _blocks(Kept(xmp=parts.xmp, iim=parts.iim), also)
    iim, replaced = iptc.merged(metadata, kept.iim)
    resources = iptc.write_resources(parts.resources, iim)
    packet = xmp.packet(metadata, kept.xmp, replaced=replaced, without=stale)
    new = [
        _chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0" + packet),
        _chunk(b"zTXt", _RAW + b"iptc\0\0" + zlib.compress(_raw_profile(b"iptc", resources))),
    ]
    view = memoryview(data)
    front: Pieces = [view[start:end] for start, end in _runs(parts.front)]
    back: Pieces = [view[start:end] for start, end in _runs(parts.back)]
    return [_PNG, *front, *new, *back]


def _raw_profile(name: bytes, data: bytes) -> bytes:
    digits = data.hex().encode()
    lines = [digits[at : at + 72] for at in range(0, len(digits), 72)]
    return b"\n%s\n%8d\n%s\n" % (name, len(data), b"\n".join(lines))


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", crc)


# --- WebP -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _WebpParts:
    chunks: list[tuple[bytes, int, int]]
    """Kind, start, end with padding."""
    xmp: bytes | None
    end: int


def _webp_parts(data: bytes) -> _WebpParts:
    end = min(8 + int.from_bytes(data[4:8], "little"), len(data))
    parts = _WebpParts([], None, end)
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


def _keep_webp(data: bytes) -> Kept:
    return Kept(xmp=_webp_parts(data).xmp)


_HAS_XMP = 0x04
_HAS_ALPHA = 0x10


def _webp(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    parts = _webp_parts(data)
    kept, stale = _blocks(Kept(xmp=parts.xmp), also)
    packet = xmp.packet(metadata, kept.xmp, without=stale)
    view = memoryview(data)
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
    body += [view[start:end] for start, end in _runs([part[1:] for part in rest])]
    if sum(map(len, body)) % 2:  # the file was cut at an odd byte
        body.append(b"\0")
    body.append(b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2))
    size = 4 + sum(map(len, body))
    return [b"RIFF" + struct.pack("<I", size) + b"WEBP", *body, view[parts.end :]]


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


# --- TIFF -------------------------------------------------------------------------------------

_TIFF_XMP, _TIFF_IPTC, _TIFF_PHOTOSHOP = 700, 33723, 34377
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}


@dataclass(slots=True)
class _TiffParts:
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


def _tiff_parts(data: bytes) -> _TiffParts:
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
    return _TiffParts(order, big, entries, following)


def _tiff_value(data: bytes, parts: _TiffParts, tag: int) -> bytes | None:
    entry = parts.entries.get(tag)
    if entry is None:
        return None
    kind, count, value = entry
    size = _SIZES.get(kind, 1) * count
    if size <= parts.field:
        return value[:size]
    (at,) = struct.unpack(parts.order + ("Q" if parts.big else "I"), value)
    raw = data[at : at + size]
    if tag == _TIFF_IPTC and kind == 4 and parts.order == "<" and raw[:1] != b"\x1c":
        # Declared as numbers of 32 bits, it was swapped with them by some writers.
        raw = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    return raw


def _keep_tiff(data: bytes) -> Kept:
    parts = _tiff_parts(data)
    return Kept(
        xmp=_tiff_value(data, parts, _TIFF_XMP),
        iim=_tiff_value(data, parts, _TIFF_IPTC)
        or iptc.read_resources(_tiff_value(data, parts, _TIFF_PHOTOSHOP) or b"").iptc,
    )


def _tiff(data: bytes, metadata: Metadata, also: Kept | None) -> Pieces:
    parts = _tiff_parts(data)
    kept, stale = _blocks(_keep_tiff(data), also)
    iim, replaced = iptc.merged(metadata, kept.iim)
    packet = xmp.packet(metadata, kept.xmp, replaced=replaced, without=stale)
    blocks = [(_TIFF_XMP, 1, packet), (_TIFF_IPTC, 7, iim)]
    photoshop = _tiff_value(data, parts, _TIFF_PHOTOSHOP)
    if photoshop is not None:
        resources = iptc.read_resources(photoshop)
        blocks.append((_TIFF_PHOTOSHOP, 1, iptc.write_resources(resources, iim)))

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


_Writer: TypeAlias = Callable[[bytes, Metadata, "Kept | None"], Pieces]

_WRITERS: dict[str, _Writer] = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "TIFF": _tiff}
_KEEPERS: dict[str, Callable[[bytes], Kept]] = {
    "JPEG": _keep_jpeg,
    "PNG": _keep_png,
    "WEBP": _keep_webp,
    "TIFF": _keep_tiff,
}
