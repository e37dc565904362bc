"""What would cost a decoder more than a picture can be worth, found before it is asked.

A file of some kilobytes can declare work for hours: a JPEG by scans that refine each other without
end, a PNG by texts that are packed. None of that is needed to say more than an honest file says.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from catalogue.errors import UnreadableImage

SCANS = 100
"""Scans of a JPEG; encoders write ten or so."""
PIXELS_SCANNED = 2_500_000_000
"""Pixels times scans, where there are more than encoders write."""
EXIF_PARTS = 64
"""Segments of EXIF in one JPEG, which its decoder copies together again with each."""
PACKED_TEXTS = 4 << 20
"""Bytes of a PNG's packed texts, as unpacked."""

_USUAL_SCANS = 20
_SEGMENTS = 100_000


def check_worth(stream: BinaryIO, format: str) -> None:
    """See that opening and decoding costs no more than is bearable.

    Args:
        stream: The file, at any position; it is left at another.
        format: As sniffed.

    Raises:
        UnreadableImage: It is made to cost more.
    """
    if format == "JPEG":
        _check_jpeg(stream)
    elif format == "PNG":
        _check_png(stream)
    elif format == "WEBP":
        _check_riff(stream)


def comes_in_scans(stream: BinaryIO) -> bool:
    """Whether a JPEG's decoder has to hold the whole picture before it gives the first row.

    The stream is left where it was.
    """
    where = stream.tell()
    try:
        return any(
            mark == _SCAN and _in_scans(frame, data) for mark, frame, data in _segments(stream)
        )
    finally:
        stream.seek(where)


def _check_jpeg(stream: BinaryIO) -> None:
    exif = 0
    for mark, frame, data in _segments(stream):
        exif += mark == 0xE1 and data.startswith(b"Exif\0")
        if exif > EXIF_PARTS:
            raise UnreadableImage(f"the JPEG holds more than {EXIF_PARTS} parts of EXIF")
        if mark == _SCAN and _in_scans(frame, data):
            pixels = int.from_bytes(frame[1:3], "big") * int.from_bytes(frame[3:5], "big")
            most = max(_USUAL_SCANS, min(SCANS, PIXELS_SCANNED // max(1, pixels)))
            if _more_scans_than(most, stream.read()):
                raise UnreadableImage(
                    f"the JPEG has more than {most} scans",
                    reason="decompression-bomb",
                    verdict="refused",
                )


_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_NEXT_MARK = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")


def _segments(stream: BinaryIO) -> Iterator[tuple[int, bytes, bytes]]:
    """The segments before the pixels, and the first scan's: mark, the frame's data, its own.

    The frame's data have its mark in front in place of the precision.
    """
    stream.seek(2)
    frame = b""
    for _ in range(_SEGMENTS):
        head = stream.read(4)
        while head[:2] == b"\xff\xff":  # fill bytes
            head = head[1:] + stream.read(1)
        length = int.from_bytes(head[2:], "big") - 2
        if len(head) < 4 or head[0] != 0xFF or head[1] == 0xD9 or length < 0:
            return
        data = stream.read(length)
        if head[1] in _FRAMES:
            frame = head[1:2] + data[1:]
        yield head[1], frame, data
        if head[1] == _SCAN:
            return
    raise UnreadableImage(f"the JPEG has more than {_SEGMENTS:,} segments before its pixels")


def _in_scans(frame: bytes, scan: bytes) -> bool:
    return len(frame) > 5 and (frame[0] in _PROGRESSIVE or scan[:1] < frame[5:6])


def _more_scans_than(most: int, data: bytes) -> bool:
    """Whether more scans follow the first, whose pixels the data begin with."""
    seen, at = 1, 0
    while seen <= most:
        found = _NEXT_MARK.search(data, at)
        if found is None or found[1] == b"\xd9":
            return False
        seen += found[1] == b"\xda"
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return True


def _check_png(stream: BinaryIO) -> None:
    stream.seek(8)
    unpacked = 0
    while len(head := stream.read(8)) == 8:
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind not in (b"zTXt", b"iTXt"):
            stream.seek(length + 4, io.SEEK_CUR)
            continue
        _, _, rest = stream.read(length).partition(b"\0")
        stream.seek(4, io.SEEK_CUR)
        if kind == b"iTXt":
            rest = b"\0" + rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""
        unpacked += _unpacked_size(rest[1:], PACKED_TEXTS - unpacked)
        if unpacked > PACKED_TEXTS:
            raise UnreadableImage(
                f"the texts of the PNG unpack to more than {PACKED_TEXTS:,} bytes",
                reason="decompression-bomb",
                verdict="refused",
            )


def _unpacked_size(packed: bytes, most: int) -> int:
    """Bytes that something unpacks to, or any number above the most."""
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed and size <= most:
            size += len(unpacker.decompress(packed, 1 << 16))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        pass  # damage is found by who reads it
    return size


def _check_riff(stream: BinaryIO) -> None:
    """For a WebP of impossible size, or cut short, memory would be taken for what is not there."""
    stream.seek(0)
    head = stream.read(12)
    size = stream.seek(0, io.SEEK_END)
    if int.from_bytes(head[4:8], "little") + 8 > size + 1:
        raise UnreadableImage("the WebP is cut short")
