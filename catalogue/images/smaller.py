"""A smaller copy of a picture in its own format, upright, with its colour profile.

EXIF goes along, without what it tells of the pixels. Caption and credit do not: that is the
business of :func:`catalogue.images.embed.embed`, which takes what :attr:`Copy.kept` holds.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalogue.images import embed
from catalogue.images.blocks import find_blocks
from catalogue.images.decoding import (
    DECODE_BYTES,
    MEMORY,
    decode_cost,
    decoder,
    on_white,
    open_as,
)
from catalogue.images.formats import DEFAULT_IMAGE_LIMITS, ImageLimits, accepted_format
from catalogue.images.inspect import embedded_in

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 90
"""Of JPEG and lossy WebP."""

LIMITS = dataclasses.replace(
    DEFAULT_IMAGE_LIMITS, formats=frozenset({*DEFAULT_IMAGE_LIMITS.formats, "JPEG2000"})
)
"""What is decoded: a picture in a catalogue was accepted once, JPEG 2000 by the user's choice."""

_KEPT = ("JPEG", "PNG", "WEBP", "TIFF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A smaller copy, encoded."""

    data: bytes
    width: int
    """Pixels, upright."""
    height: int
    kept: embed.Kept
    """What the original says of itself."""


def format_of_copy(format: str) -> str:
    """The format of a copy: its own where it can carry a caption, PNG for GIF, else JPEG."""
    if format in _KEPT:
        return format
    return "PNG" if format == "GIF" else "JPEG"


def smaller(data: bytes, pixels: int, limits: ImageLimits = LIMITS) -> Copy:
    """A copy whose longer side is ``pixels``; of an animation, its first frame.

    Args:
        data: The file.
        pixels: The longer side; a picture that is smaller keeps its size.
        limits: What is refused rather than decoded.

    Raises:
        UnreadableImage: It cannot be decoded, or not safely.
    """
    from PIL.Image import Resampling
    from PIL.ImageOps import exif_transpose

    format = accepted_format(data[:32], limits)
    stream = io.BytesIO(data)
    opened = open_as(stream, format, limits)
    profile = opened.info.get("icc_profile")
    # The decoders of TIFF and AVIF turn the picture by themselves.
    turned = format in ("TIFF", "AVIF")
    orientation = 1 if turned else embedded_in(stream, opened, format).orientation
    with decoder(format):
        if format == "JPEG":
            opened.draft(None, (2 * pixels, 2 * pixels))  # decoded at 1/2, 1/4 where that will do
        # a very large one is decoded alone
        cost = min(decode_cost(stream, opened, format), DECODE_BYTES)
        with MEMORY.take(cost):
            opened.load()
            small = _resized(opened, pixels, Resampling.LANCZOS)
            exif = _exif(opened, format)
            packet = opened.info.get("xmp")
            opened.close()
        small.getexif()[0x0112] = orientation
        small = exif_transpose(small)
        return Copy(
            data=_saved(small, format, profile, exif),
            width=small.width,
            height=small.height,
            kept=_kept(data, format, packet),
        )


def _kept(data: bytes, format: str, packet: object) -> embed.Kept:
    if format in embed.FORMATS:
        return embed.keep(data)
    if format == "GIF":
        packet = find_blocks(io.BytesIO(data), format).xmp
        if packet:  # without the run of bytes by which readers find their way out of it
            packet = packet.partition(b"\x01\xff\xfe\xfd")[0]
    return embed.Kept(xmp=packet if isinstance(packet, bytes) else None)


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


_TOLD_BY_TIFF = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
"""Description, maker, model, software, date, artist, copyright: the rest of a TIFF's directory
tells how its own pixels are stored, or lies elsewhere in the file."""


def _exif(image: Image, format: str) -> bytes | None:
    """The camera's data without what it tells of the pixels; None where there is none."""
    from PIL.Image import Exif

    with contextlib.suppress(Exception):  # whatever a broken block raises, it costs itself only
        exif = image.getexif()
        if format == "TIFF":
            told = Exif()
            told.update({tag: exif[tag] for tag in _TOLD_BY_TIFF if tag in exif})
            exif = told
        else:
            details = exif.get_ifd(0x8769)
            for tag in (0xA002, 0xA003):
                details.pop(tag, None)
        for tag in (0x0100, 0x0101, 0x0112):
            exif.pop(tag, None)
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
            transparent = "A" in image.mode or "a" in image.mode
            image = on_white(image) if transparent else image.convert("RGB")
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
