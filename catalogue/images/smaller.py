"""A smaller copy of a picture in its own format, upright, with its colour profile.

What the file says of itself (caption, credit) is not carried over here; that is the business of
:func:`catalogue.images.embed.embed`, which takes the original's blocks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
from typing import TYPE_CHECKING, Any

from catalogue.images.inspect import (
    _MEMORY,
    DECODE_BYTES,
    DEFAULT_IMAGE_LIMITS,
    ImageLimits,
    _accepted_format,
    _bomb,
    _decode_cost,
    _decoder,
    _embedded,
    _open,
)

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 90
"""Of JPEG and lossy WebP."""

LIMITS = dataclasses.replace(
    DEFAULT_IMAGE_LIMITS, formats=frozenset({*DEFAULT_IMAGE_LIMITS.formats, "JPEG2000"})
)
"""What is decoded: a picture in a catalogue was accepted once, JPEG 2000 by the user's choice."""

_KEPT = ("JPEG", "PNG", "WEBP", "TIFF")


def format_of_copy(format: str) -> str:
    """The format of a copy: its own where it can carry a caption, PNG for GIF, else JPEG."""
    if format in _KEPT:
        return format
    return "PNG" if format == "GIF" else "JPEG"


def smaller(data: bytes, pixels: int, limits: ImageLimits = LIMITS) -> tuple[bytes, int, int]:
    """A copy whose longer side is ``pixels``; of an animation, its first frame.

    Args:
        data: The file.
        pixels: The longer side; a picture that is smaller keeps its size.
        limits: What is refused rather than decoded.

    Returns:
        The file's bytes, its width and its height.

    Raises:
        UnreadableImage: It cannot be decoded, or not safely.
    """
    from PIL.Image import Resampling
    from PIL.ImageOps import exif_transpose

    format = _accepted_format(data[:32], limits)
    stream = io.BytesIO(data)
    opened = _open(stream, format)
    if opened.width * opened.height > limits.max_pixels:
        raise _bomb(opened.width, opened.height, limits)
    profile = opened.info.get("icc_profile")
    # The decoders of TIFF and AVIF turn the picture by themselves.
    turned = format in ("TIFF", "AVIF")
    orientation = 1 if turned else _embedded(stream, opened, format).orientation
    with _decoder(format):
        if format == "JPEG":
            opened.draft(None, (2 * pixels, 2 * pixels))  # decoded at 1/2, 1/4 where that will do
        cost = min(_decode_cost(opened, format), DECODE_BYTES)  # a very large one is decoded alone
        with _MEMORY.take(cost):
            opened.load()
            small = _resized(opened, pixels, Resampling.LANCZOS)
            exif = _exif(opened, format)
            opened.close()
        small.getexif()[0x0112] = orientation
        small = exif_transpose(small)
        return _saved(small, format, profile, exif), small.width, small.height


def _resized(image: Image, pixels: int, filter: Any) -> Image:
    scale = pixels / max(image.size)
    if scale >= 1:
        return image.copy()
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if image.mode.startswith("I;16"):  # resampled as 32 bits, then put back
        return image.convert("I").resize(size, filter).convert("I;16")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    return image.resize(size, filter, reducing_gap=2.0)


def _exif(image: Image, format: str) -> bytes | None:
    """The camera's data without what it tells of the pixels; of a TIFF, none: they are its own."""
    if format == "TIFF":
        return None
    with contextlib.suppress(Exception):  # whatever a broken block raises, it costs itself only
        exif = image.getexif()
        for tag in (0x0100, 0x0101, 0x0112):
            exif.pop(tag, None)
        details = exif.get_ifd(0x8769)
        for tag in (0xA002, 0xA003):
            details.pop(tag, None)
        return exif.tobytes() if len(exif) else None
    return None


def _saved(image: Image, format: str, profile: bytes | None, exif: bytes | None) -> bytes:
    target = format_of_copy(format)
    out = io.BytesIO()
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if exif:
        options["exif"] = exif
    if target == "JPEG":
        if image.mode not in ("L", "RGB", "CMYK"):
            image = _on_white(image)
        options |= {"quality": QUALITY, "progressive": True, "optimize": True, "subsampling": 0}
    elif target == "WEBP":
        options |= {"quality": QUALITY, "method": 4}
    elif target == "TIFF":
        options |= {"compression": "tiff_adobe_deflate"}
    else:
        options |= {"optimize": False}
    image.info = {}
    image.save(out, target, **options)
    return out.getvalue()


def _on_white(image: Image) -> Image:
    from PIL import Image as Images

    if "A" not in image.mode and "a" not in image.mode:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Images.new("RGBA", layered.size, "white")
    return Images.alpha_composite(ground, layered).convert("RGB")
