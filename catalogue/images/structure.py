"""What the structure of a file shows without decoding it: its frames, and what is damaged.

A decoder passes over some damage in silence, and a picture may be too large to be decoded at all:
then walking over its parts tells whether it is whole.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO

from catalogue.errors import UnreadableImage
from catalogue.images.blocks import gif_blocks
from catalogue.images.decoding import decoder

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_FRAMES = 10_000


def frames_of(stream: BinaryIO, image: ImageFile, format: str) -> tuple[int, str | None]:
    """How many frames, counted without decoding them, and what is wrong with their chain."""
    where = stream.tell()
    try:
        if format == "GIF":
            frames, ended = 0, False
            try:
                for kind, _ in gif_blocks(stream, 2 * _FRAMES):
                    frames += kind == "image"
                    ended = ended or kind == "end"
            except EOFError:
                pass
            cut = frames < _FRAMES and not ended and frames > 1
            return max(1, frames), "the animation is cut short" if cut else None
        if format == "PNG":
            return _count(image), _png_damage(stream)
        if format == "JPEG":
            return 1, _jpeg_damage(stream)
        if format in ("WEBP", "AVIF"):
            return _count(image), None
        return 1, None
    finally:
        stream.seek(where)


def _count(image: ImageFile) -> int:
    frames = getattr(image, "n_frames", 1)  # these formats name the number in their header
    return max(1, min(int(frames), _FRAMES))


def _png_damage(stream: BinaryIO) -> str | None:
    """What a walk over the chunks finds wrong that a decoder would pass over in silence."""
    stream.seek(8)
    declared, frames = None, 0
    for _ in range(200_000):
        head = stream.read(8)
        if len(head) < 8:
            return "the file lacks its end"
        left, kind = int.from_bytes(head[:4], "big"), head[4:]
        check = zlib.crc32(kind)
        start = b""
        while left:
            data = stream.read(min(left, 1 << 18))
            if not data:
                return "the file lacks its end"
            start = start or data[:8]
            left -= len(data)
            check = zlib.crc32(data, check)
        if stream.read(4) != check.to_bytes(4, "big") and kind[:1].isupper():
            return f"the checksum of a part ({kind.decode('latin-1')}) is wrong"
        if kind == b"acTL":
            declared = int.from_bytes(start[:4], "big")
        frames += kind == b"fcTL"
        if kind == b"IEND":
            break
    if declared is not None and declared != frames:
        return f"it declares {declared} frames and holds {frames}"
    return None


def _jpeg_damage(stream: BinaryIO) -> str | None:
    """What the segments before the pixels show to be wrong though a decoder copes."""
    stream.seek(2)
    for _ in range(1000):
        mark = stream.read(2)
        if len(mark) < 2 or mark[0] != 0xFF or mark[1] in (0xDA, 0xD9):
            return None
        length = int.from_bytes(stream.read(2), "big")
        following = stream.tell() + max(0, length - 2)
        if mark[1] == 0xEE and length < 14 and stream.read(5) == b"Adobe":
            return "the Adobe segment, which tells how colours are coded, is cut short"
        stream.seek(following)
    return None


# --- pictures too large to decode ---------------------------------------------------------------


def check_structure(stream: BinaryIO, image: ImageFile, format: str) -> None:
    """See without decoding whether a very large picture is whole.

    Raises:
        UnreadableImage: It is cut short or damaged.
    """
    size = stream.seek(0, io.SEEK_END)
    if format == "PNG":
        _unpack_png(stream)
    elif format == "JPEG":
        _find_jpeg_end(stream, size)
    elif format == "TIFF":
        _find_tiff_pieces(image, size)
    elif format == "AVIF":
        _follow_avif_boxes(stream, size)


def _find_jpeg_end(stream: BinaryIO, size: int) -> None:
    stream.seek(max(0, size - 65_536))
    if b"\xff\xd9" not in stream.read():
        raise UnreadableImage("the JPEG is cut short: it has no end mark")


def _find_tiff_pieces(image: ImageFile, size: int) -> None:
    """See that no strip or tile lies beyond the file's end."""
    with decoder("TIFF"):
        tags = image.tag_v2  # type: ignore[attr-defined]
        for starts, lengths in ((273, 279), (324, 325)):
            pieces = zip(_numbers(tags.get(starts)), _numbers(tags.get(lengths)), strict=False)
            if any(start + length > size for start, length in pieces):
                raise UnreadableImage("the TIFF is cut short")


def _follow_avif_boxes(stream: BinaryIO, size: int) -> None:
    """Go from box to box of the outer level: none may end beyond the file's end."""
    at = 0
    for _ in range(1000):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            break
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            break
        at += max(8, length)
    if at > size:
        raise UnreadableImage("the AVIF is cut short")


def _numbers(value: object) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, int) else ()


def _unpack_png(stream: BinaryIO) -> None:
    """Unpack a PNG's pixels piece by piece, keeping none, and count them."""
    stream.seek(8)
    wanted, seen = 0, 0
    packed = zlib.decompressobj()
    while True:
        head = stream.read(8)
        if len(head) < 8:
            raise UnreadableImage("the PNG is cut short")
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        check = zlib.crc32(kind)
        left = length
        if kind == b"IHDR":
            data = stream.read(left)
            check, left = zlib.crc32(data, check), 0
            wanted = _png_bytes(data)
        while left:
            data = stream.read(min(left, 1 << 16))
            if not data:
                raise UnreadableImage("the PNG is cut short")
            left -= len(data)
            check = zlib.crc32(data, check)
            while kind == b"IDAT" and data and not packed.eof and seen <= wanted:
                try:
                    seen += len(packed.decompress(data, 1 << 18))
                except zlib.error as error:
                    raise UnreadableImage(f"the PNG is damaged: {error}") from error
                data = packed.unconsumed_tail
        if stream.read(4) != check.to_bytes(4, "big"):
            raise UnreadableImage(f"the PNG is damaged: wrong checksum of its {kind!r}")
        if kind == b"IEND":
            break
    if seen < wanted:
        raise UnreadableImage("the PNG is cut short: pixels are missing")


def _png_bytes(header: bytes) -> int:
    """How many bytes the pixels of a PNG unpack to."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = header[8] * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(header[9], 1)
    passes = [(0, 0, 1, 1)]
    if header[12]:  # Adam7
        passes = [
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ]
    total = 0
    for x, y, across, down in passes:
        columns, rows = -(-(width - x) // across), -(-(height - y) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
