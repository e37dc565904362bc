"""What the bytes of a picture are: format, size, damage, fingerprint, and what they say inside.

The bytes are hostile until shown otherwise. The format is read from the first bytes and must be on
a short list; the declared size is checked before anything is decoded; what is decoded, is decoded
as small as the format allows; and pictures that could not be decoded in bounded memory are checked
by their structure alone. Decoding is what notices a file that was cut short: reading the header
notices nothing.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from catalogue.errors import UnreadableImage
from catalogue.images.fingerprint import fingerprint
from catalogue.images.metadata import Blocks, Embedded, gif_blocks, read_blocks, read_embedded
from catalogue.model import ImageFacts

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

FORMATS = frozenset({"JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF"})
"""What is accepted unless the limits say otherwise; ``JPEG2000`` can be added."""

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
}
SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
}
"""The suffix under which a file of the format is kept, whatever it was called before."""

MAX_PIXELS = 500_000_000
"""True mosaics of Mars have hundreds of megapixels; declared sizes beyond are taken for bombs."""
DECODE_BYTES = 256 << 20
"""Memory that all decoding at one time may take, by the sizes that the files declare."""
_FRAMES = 10_000
_NO_COLOUR = "#808080"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What is accepted as a picture."""

    max_pixels: int = MAX_PIXELS
    """Width times height, as declared."""
    formats: frozenset[str] = FORMATS
    """Names as in :class:`~catalogue.model.ImageFacts`."""


DEFAULT_IMAGE_LIMITS = ImageLimits()


def inspect(source: bytes | Path, limits: ImageLimits = DEFAULT_IMAGE_LIMITS) -> ImageFacts:
    """Read what a picture's bytes say, decoding it once, reduced, to see that it is whole.

    Args:
        source: The bytes, or the file that holds them.
        limits: What is accepted.

    Raises:
        UnreadableImage: The bytes are no picture (``not-an-image``), one made of shapes
            (``not-a-raster``), of a format that is not accepted (``unsupported-format``), empty
            (``empty``), larger than the limit (refused, ``decompression-bomb``), or damaged or cut
            short (``corrupt-image``).
    """
    opened = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with opened as stream:
        head = stream.read(4096)
        format = _accepted_format(head, limits)
        image = _open(stream, format)
        width, height = image.size
        if width < 1 or height < 1:
            raise UnreadableImage(f"the {format} declares {width} by {height} pixels")
        if width * height > limits.max_pixels:
            raise _bomb(width, height, limits)
        embedded = _embedded(stream, image, format)
        mode = image.mode
        frames, damage = _frames(stream, image, format)
        cost = _decode_cost(image, format)
        stream.seek(0)
        if cost > DECODE_BYTES:
            damage = _check_structure(stream, image, format) or damage
            mark, colour = None, _NO_COLOUR
        else:
            with _MEMORY.take(cost):
                small, cut = _decode(stream, image, format)
                mark, colour = _look(small, embedded.orientation)
            damage = cut or damage
    if embedded.orientation >= 5:  # the four that turn the picture on its side
        width, height = height, width
    return ImageFacts(
        format=format,
        media_type=MEDIA_TYPES[format],
        width=width,
        height=height,
        frames=frames,
        mode=mode,
        fingerprint=mark,
        colour=colour,
        damage=damage,
        embedded=embedded.statements,
    )


# --- what the first bytes say -------------------------------------------------------------------

_OTHERS = (
    (b"BM", "BMP"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\2\0", "CUR"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"DDS ", "DDS"),
    (b"BLP1", "BLP"),
    (b"BLP2", "BLP"),
    (b"\x01\xda\0", "SGI"),
    (b"\x01\xda\x01", "SGI"),
    (b"SIMPLE  =", "FITS"),
    (b"LBLSIZE=", "VICAR"),
    (b"PDS_VERSION_ID", "PDS image"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance"),
    (b"gimp xcf", "XCF"),
    (b"qoif", "QOI"),
    (b"icns", "ICNS"),
    (b"\x0a\x05\x01", "PCX"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def sniff(head: bytes) -> str | None:
    """The picture format that the first bytes show, accepted or not; None for anything else.

    Args:
        head: The first 32 bytes or more.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "TIFF"
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    if head[4:8] == b"ftyp":
        size = min(int.from_bytes(head[:4], "big"), len(head), 256)
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        return "HEIF" if brands & set(_HEIF_BRANDS) else None
    if head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3] in (b" ", b"\n", b"\r", b"\t"):
        return "Netpbm"
    return next((name for mark, name in _OTHERS if head.startswith(mark)), None)


def _accepted_format(head: bytes, limits: ImageLimits) -> str:
    if not head:
        raise UnreadableImage("the file is empty", reason="empty")
    format = sniff(head)
    if format in limits.formats:
        return format
    if format is not None:
        raise UnreadableImage(f"a {format} is not accepted", reason="unsupported-format")
    if head[1:4] == b"PNG":
        raise UnreadableImage("the PNG's first bytes are damaged")
    if _is_svg(head):
        raise UnreadableImage(
            "an SVG is a drawing, not a picture of pixels", reason="not-a-raster", verdict="skipped"
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    words = (
        "a web page, not a picture"
        if start.startswith((b"<!doctype", b"<html", b"<head", b"<"))
        else ""
    )
    raise UnreadableImage(
        f"the bytes are {words or f'no picture (they begin {head[:12]!r})'}",
        reason="not-an-image",
        verdict="skipped",
    )


def _is_svg(head: bytes) -> bool:
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 4096)
        except zlib.error:
            return False
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith(b"<") and b"<svg" in text and b"<html" not in text


# --- opening and decoding -----------------------------------------------------------------------


def _bomb(width: int, height: int, limits: ImageLimits) -> UnreadableImage:
    return UnreadableImage(
        f"it declares {width} by {height} pixels, more than {limits.max_pixels:,}",
        reason="decompression-bomb",
        verdict="refused",
    )


@contextlib.contextmanager
def _decoder(format: str) -> Iterator[None]:
    """Turn whatever a decoder raises into our error: for hostile bytes they raise anything."""
    from PIL.Image import DecompressionBombError

    try:
        yield
    except UnreadableImage:
        raise
    except DecompressionBombError as error:
        raise UnreadableImage(str(error), reason="decompression-bomb", verdict="refused") from error
    except MemoryError as error:
        raise UnreadableImage(f"the {format} needs too much memory") from error
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableImage(f"the {format} is damaged: {words}") from error


def _open(stream: BinaryIO, format: str) -> ImageFile:
    """Open by the decoder of the sniffed format; only its header is read.

    The class is called by name, not through ``Image.open``: no other decoder is ever asked, and
    the limit on pixels is ours, a call's own, not a global of Pillow's.
    """
    stream.seek(0)
    with _decoder(format):
        if format == "JPEG":
            from PIL.JpegImagePlugin import JpegImageFile

            return JpegImageFile(stream)
        if format == "PNG":
            from PIL.PngImagePlugin import PngImageFile

            return PngImageFile(stream)
        if format == "GIF":
            from PIL.GifImagePlugin import GifImageFile

            return GifImageFile(stream)
        if format == "WEBP":
            from PIL.WebPImagePlugin import WebPImageFile

            _riff_is_whole(stream)
            return WebPImageFile(stream)
        if format == "TIFF":
            from PIL.TiffImagePlugin import TiffImageFile

            return TiffImageFile(stream)
        if format == "AVIF":
            from PIL.AvifImagePlugin import AvifImageFile

            return AvifImageFile(stream)
        from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

        return Jpeg2KImageFile(stream)


def _riff_is_whole(stream: BinaryIO) -> None:
    """Refuse a WebP of impossible size or cut short before its decoder takes memory for it."""
    head = stream.read(12)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if int.from_bytes(head[4:8], "little") + 8 > size + 1:
        raise UnreadableImage("the WebP is cut short")


def _embedded(stream: BinaryIO, image: ImageFile, format: str) -> Embedded:
    if format == "AVIF":
        info = image.info
        exif, xmp = info.get("exif"), info.get("xmp")
        embedded = read_blocks(
            Blocks(
                exif=exif.removeprefix(b"Exif\0\0") if isinstance(exif, bytes) else None,
                xmp=xmp if isinstance(xmp, bytes) else None,
            )
        )
        # Its decoder turns the picture upright by itself.
        return Embedded(statements=embedded.statements)
    where = stream.tell()
    embedded = read_embedded(stream, format)
    stream.seek(where)
    return embedded


def _frames(stream: BinaryIO, image: ImageFile, format: str) -> tuple[int, str | None]:
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


_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "LA": 4, "PA": 4}


def _decode_cost(image: ImageFile, format: str) -> int:
    """Memory that decoding takes, in bytes, as measured for each decoder and rounded up."""
    pixels = image.width * image.height
    each = _BYTES_A_PIXEL.get(image.mode, 4)
    if format == "JPEG":
        if image.info.get("progressive") or image.info.get("progression"):
            return pixels * 2 * len(image.getbands()) + pixels // 8  # all coefficients are held
        return pixels // 8 + (1 << 20)
    if format == "JPEG2000":
        return pixels // 2 + (8 << 20)
    if format in ("WEBP", "AVIF"):
        return pixels * 16
    if format == "TIFF":
        return pixels * each * 2
    if format == "GIF":
        return pixels * 5
    return pixels * each


class _Memory:
    """A share of memory that decoders take and give back; who finds too little left waits."""

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._changed = threading.Condition()
        # Decoding is work for a processor: more at once than there are only takes memory.
        self._seats = max(1, os.cpu_count() or 1)

    @contextlib.contextmanager
    def take(self, size: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._free >= size and self._seats > 0)
            self._free -= size
            self._seats -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += size
                self._seats += 1
                self._changed.notify_all()


_MEMORY = _Memory(DECODE_BYTES)

_ENOUGH = 128
"""Pixels of the shorter side that fingerprint and colour need."""


def _decode(stream: BinaryIO, image: ImageFile, format: str) -> tuple[Image, str | None]:
    """Decode, reduced where the format can; the small picture, and what is wrong but bearable."""
    try:
        with _decoder(format):
            _reduce(image, format)
            image.load()
            return _shrink(image), None
    except UnreadableImage:
        if format != "JPEG" or image.info.get("progressive"):
            raise
        whole = _without_its_end(stream)
        if whole is None:
            raise
        return whole, "the end mark is missing; every pixel is there"


def _reduce(image: ImageFile, format: str) -> None:
    shorter = min(image.size)
    if format == "JPEG":
        steps = next((n for n in (8, 4, 2) if shorter // n >= _ENOUGH), 1)
        if steps > 1:
            image.draft(None, (image.width // steps, image.height // steps))
    elif format == "JPEG2000":
        image.reduce = next(  # type: ignore[method-assign, assignment]
            (n for n in (5, 4, 3, 2, 1) if shorter >> n >= _ENOUGH), 0
        )


def _without_its_end(stream: BinaryIO) -> Image | None:
    """A JPEG that lacks nothing but its end mark, decoded; None where pixels are missing.

    Bytes put behind the scan of a whole picture change nothing, since its decoder has all it
    needs; behind a scan that was cut they are taken for pixels.
    """
    from PIL.JpegImagePlugin import JpegImageFile

    stream.seek(0)
    data = stream.read()
    seen = []
    try:
        for tail in (b"\xff\xd9", bytes(range(1, 251)) * 40 + b"\xff\xd9"):
            with _decoder("JPEG"):
                image = JpegImageFile(io.BytesIO(data + tail))
                _reduce(image, "JPEG")
                image.load()
                seen.append(image)
    except UnreadableImage:
        return None
    if seen[0].tobytes() != seen[1].tobytes():
        return None
    return _shrink(seen[0])


def _shrink(image: Image) -> Image:
    """A small picture in 8 bits, ``L`` or ``RGB``, without a second large one on the way."""
    from PIL.Image import Resampling

    step = max(1, min(image.size) // _ENOUGH)
    small: Image
    if step == 1:
        small = image
    elif image.mode in ("L", "RGB", "CMYK", "YCbCr", "RGBX"):
        small = image.reduce(step)
    else:  # RGBA would be multiplied first, palettes and 16 bits cannot be averaged
        wanted = max(1, image.width // step), max(1, image.height // step)
        small = image.resize(wanted, Resampling.NEAREST)
    if small.mode.startswith(("I", "F")):
        return _to_eight_bits(small)
    if small.mode in ("L", "1", "LA"):
        return small.convert("L")
    if small.mode in ("P", "PA", "RGBA", "La", "RGBa"):
        from PIL import Image as Images

        layered = small.convert("RGBA")
        ground = Images.new("RGBA", layered.size, "white")
        return Images.alpha_composite(ground, layered).convert("RGB")
    return small.convert("RGB")


def _to_eight_bits(image: Image) -> Image:
    """Scale 16-bit or wider greys by the range that they use; Pillow would clip them to white."""
    wide = image.convert("F")
    extremes = wide.getextrema()
    low, high = float(extremes[0]), float(extremes[1])  # type: ignore[arg-type]
    if not high > low:
        return wide.point(lambda _: 0).convert("L")
    scale = 255.0 / (high - low)
    return wide.point(lambda value: value * scale - low * scale).convert("L")


def _look(small: Image, orientation: int) -> tuple[int | None, str]:
    """Fingerprint and average colour of a small picture, turned upright."""
    from PIL.Image import Resampling, Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)
    upright = small if turn is None else small.transpose(turn)
    pixel = upright.resize((1, 1), Resampling.BOX).convert("RGB").tobytes()
    return fingerprint(upright.convert("L")), f"#{pixel.hex()}"


# --- pictures too large to decode ---------------------------------------------------------------


def _check_structure(stream: BinaryIO, image: ImageFile, format: str) -> str | None:
    """See without decoding whether a very large picture is whole; what is bearable, in words.

    Raises:
        UnreadableImage: It is cut short or damaged.
    """
    size = stream.seek(0, io.SEEK_END)
    if format == "PNG":
        stream.seek(0)
        _unpack_png(stream)
    elif format == "JPEG":
        stream.seek(max(0, size - 65_536))
        if b"\xff\xd9" not in stream.read():
            raise UnreadableImage("the JPEG is cut short: it has no end mark")
    elif format == "TIFF":
        with _decoder(format):
            tags = image.tag_v2  # type: ignore[attr-defined]
            for starts, lengths in ((273, 279), (324, 325)):
                pieces = zip(_numbers(tags.get(starts)), _numbers(tags.get(lengths)), strict=False)
                if any(start + length > size for start, length in pieces):
                    raise UnreadableImage("the TIFF is cut short")
    elif format == "AVIF":
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
    return None


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
