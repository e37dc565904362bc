"""Opening and decoding, small, in bounded memory, whatever the bytes do to the decoder.

A picture is opened by the decoder of its sniffed format and no other; what a decoder raises becomes
:class:`~catalogue.errors.UnreadableImage`; all that decode at one time share :data:`MEMORY`.
"""

from __future__ import annotations

import contextlib
import io
import os
import struct
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from catalogue.errors import UnreadableImage
from catalogue.images.fingerprint import fingerprint
from catalogue.images.formats import ImageLimits
from catalogue.images.guard import check_worth, comes_in_scans

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

DECODE_BYTES = 256 << 20
"""Memory that all decoding at one time may take, by the sizes that the files declare."""
OPEN_BYTES = 160 << 20
"""Memory that all large files opened at one time may hold, by their lengths."""
LARGE = 2 << 20
"""Bytes of a file that is large: of smaller ones, what is held is not worth counting."""


@contextlib.contextmanager
def decoder(format: str) -> Iterator[None]:
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
    except (struct.error, IndexError, EOFError) as error:
        raise UnreadableImage(f"the {format} is damaged: it ends too soon") from error
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableImage(f"the {format} is damaged: {words}") from error


def get_ready() -> None:
    """Load the decoder of nearly all pictures."""
    import PIL.JpegImagePlugin  # noqa: F401


def open_as(stream: BinaryIO, format: str, limits: ImageLimits) -> ImageFile:
    """Open by the decoder of the sniffed format; only its header is read.

    The class is called by name, not through ``Image.open``: no other decoder is ever asked, and
    the limit on pixels is ours, a call's own, not a global of Pillow's.

    Args:
        stream: The file.
        format: As sniffed.
        limits: What is accepted; its pixels are counted as declared.

    Raises:
        UnreadableImage: It cannot be opened, or declares too many pixels.
    """
    check_worth(stream, format)
    stream.seek(0)
    with decoder(format):
        image = _opened(stream, format)
    # The most that has to be decoded at once: of a TIFF it may be a tile.
    tile = _tile_size(image) if format == "TIFF" else (0, 0)
    width, height = max(image.size, tile, key=lambda size: size[0] * size[1])
    if width * height > limits.max_pixels:
        raise UnreadableImage(
            f"it declares {width} by {height} pixels, more than {limits.max_pixels:,}",
            reason="decompression-bomb",
            verdict="refused",
        )
    return image


def _opened(stream: BinaryIO, format: str) -> ImageFile:
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

        return WebPImageFile(stream)
    if format == "TIFF":
        from PIL.TiffImagePlugin import TiffImageFile

        return TiffImageFile(stream)
    if format == "AVIF":
        from PIL.AvifImagePlugin import AvifImageFile

        return AvifImageFile(stream)
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    return Jpeg2KImageFile(stream)


_HELD = {"WEBP": 2, "AVIF": 2, "JPEG2000": 1}


def opening_cost(size: int, format: str) -> int:
    """Memory that a file may take once it is opened: some decoders read it whole, all its metadata.

    Args:
        size: Bytes of the file.
        format: As sniffed.
    """
    return min(size * _HELD.get(format, 3), OPEN_BYTES)


_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "LA": 4, "PA": 4}


def _tile_size(image: ImageFile) -> tuple[int, int]:
    """Width and height of one tile; 0 where there are rows."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    width, height = tags.get(322), tags.get(323)
    return (width, height) if isinstance(width, int) and isinstance(height, int) else (0, 0)


def decode_cost(stream: BinaryIO, image: ImageFile, format: str) -> int:
    """Memory that decoding takes, in bytes, as measured for each decoder and rounded up."""
    pixels = image.width * image.height
    each = _BYTES_A_PIXEL.get(image.mode, 4)
    if format == "JPEG":
        if comes_in_scans(stream):
            return pixels * 2 * len(image.getbands()) + pixels // 8  # all coefficients are held
        return pixels // 8 + (1 << 20)
    if format == "JPEG2000":
        return pixels // 2 + (8 << 20)
    if format in ("WEBP", "AVIF"):
        return pixels * 16
    if format == "TIFF":
        across, down = _tile_size(image)
        return (pixels + across * down) * each * 2
    if format == "GIF":
        return pixels * 5
    return pixels * each


class _Memory:
    """A share of memory that decoders take and give back; who finds too little left waits.

    Who holds some of :data:`OPENING` may take of :data:`MEMORY`, and never the other way round.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._changed = threading.Condition()
        # Decoding is work for a processor: more at once than there are only takes memory. Seats are
        # handed on one by one: all who wait, woken by each who leaves, would cost more than some
        # pictures.
        self._seats = threading.Semaphore(max(1, os.cpu_count() or 1))

    @contextlib.contextmanager
    def take(self, size: int) -> Iterator[None]:
        with self._seats:
            with self._changed:
                self._changed.wait_for(lambda: self._free >= size)
                self._free -= size
            try:
                yield
            finally:
                with self._changed:
                    self._free += size
                    self._changed.notify_all()


MEMORY = _Memory(DECODE_BYTES)
OPENING = _Memory(OPEN_BYTES)


@contextlib.contextmanager
def opening(size: int, format: str) -> Iterator[None]:
    """Wait until a file may be opened, and afterwards give back what it took."""
    if size <= LARGE:
        yield
        return
    with OPENING.take(opening_cost(size, format)):
        try:
            yield
        finally:
            _give_back()


def _give_back() -> None:
    """Have freed memory go back to the system: glibc keeps it, for each thread its own."""
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems have no such need
        ctypes.CDLL(None).malloc_trim(0)


_BLOCK = 2 << 20
"""Bytes that a decoder is given at one time: between two lots, a thread waits for its turn with the
interpreter, among many for longer than the decoding takes."""

_ENOUGH = 128
"""Pixels of the shorter side that fingerprint and colour need."""


def decode(stream: BinaryIO, image: ImageFile, format: str) -> tuple[Image, str | None]:
    """Decode, reduced where the format can; the small picture, and what is wrong but bearable."""
    image.decodermaxblock = _BLOCK
    try:
        with decoder(format):
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
            with decoder("JPEG"):
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
        return on_white(small)
    return small.convert("RGB")


def on_white(image: Image) -> Image:
    """A picture that may be transparent, as it looks on white; mode ``RGB``."""
    from PIL import Image as Images

    layered = image.convert("RGBA")
    ground = Images.new("RGBA", layered.size, "white")
    return Images.alpha_composite(ground, layered).convert("RGB")


def _to_eight_bits(image: Image) -> Image:
    """Scale 16-bit or wider greys by the range that they use; Pillow would clip them to white."""
    wide = image.convert("F")
    extremes = wide.getextrema()
    low, high = float(extremes[0]), float(extremes[1])  # type: ignore[arg-type]
    if not high > low:
        return wide.point(lambda _: 0).convert("L")
    scale = 255.0 / (high - low)
    return wide.point(lambda value: value * scale - low * scale).convert("L")


def upright(small: Image, orientation: int) -> Image:
    """A picture turned as its EXIF orientation asks."""
    from PIL.Image import Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)
    return small if turn is None else small.transpose(turn)


def look(small: Image, orientation: int) -> tuple[int | None, str]:
    """Fingerprint and average colour of a small picture, turned upright."""
    from PIL.Image import Resampling

    turned = upright(small, orientation)
    pixel = turned.resize((1, 1), Resampling.BOX).convert("RGB").tobytes()
    return fingerprint(turned.convert("L")), f"#{pixel.hex()}"
