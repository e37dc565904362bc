"""Small pictures to look at, from whatever format is kept: upright, in sRGB, eight bits, JPEG.

A JPEG is decoded at an eighth, a quarter or half of its size where that is enough, so a thumbnail
costs a fraction of a full decode. The small picture is turned, converted and stretched, never the
large one. Nothing of the file but its pixels gets into a thumbnail: no comment, no EXIF.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from catalogue.errors import UnreadableImage
from catalogue.images.decoding import (
    DECODE_BYTES,
    MEMORY,
    decode_cost,
    decoder,
    on_white,
    open_as,
    upright,
)
from catalogue.images.formats import DEFAULT_IMAGE_LIMITS, ImageLimits, accepted_format
from catalogue.images.inspect import embedded_in, inspect

if TYPE_CHECKING:
    from PIL.Image import Image, Resampling
    from PIL.ImageFile import ImageFile

QUALITY = 80
"""JPEG quality: 34 dB against the same picture before compression, 15 KiB at 320 pixels."""

MEDIUM = 320
"""Pixels of the longer side, where nobody says otherwise."""

_GAP = 1.5
"""How many times larger than asked a picture is decoded before it is resampled."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture."""

    data: bytes
    """JPEG, without metadata."""
    width: int
    height: int


def thumbnail(
    source: bytes | Path, pixels: int = MEDIUM, limits: ImageLimits = DEFAULT_IMAGE_LIMITS
) -> bytes:
    """The picture so small that neither side is longer than asked; never made larger.

    Args:
        source: The picture's bytes, or the file that holds them.
        pixels: Longer side.
        limits: What is accepted as a picture.

    Returns:
        A JPEG.

    Raises:
        UnreadableImage: It is no picture, a damaged one, or one too large to decode.
    """
    return thumbnails(source, (pixels,), limits)[0].data


def thumbnails(
    source: bytes | Path, sizes: Sequence[int], limits: ImageLimits = DEFAULT_IMAGE_LIMITS
) -> tuple[Thumbnail, ...]:
    """Thumbnails of several sizes from one decode, in the order in which they were asked for.

    Args:
        source: The picture's bytes, or the file that holds them.
        sizes: Pixels of the longer side, each.
        limits: What is accepted as a picture.

    Raises:
        UnreadableImage: It is no picture, a damaged one, or one too large to decode.
    """
    # The larger of several is for dense screens: half a decibel there is worth less than half the
    # time. The smaller ones are resampled from it, and lose nothing.
    small = small_copy(source, max(sizes), limits, gap=1.0 if len(set(sizes)) > 1 else _GAP)
    made: dict[int, Thumbnail] = {}
    for size in sorted(set(sizes), reverse=True):
        with decoder("JPEG"):
            if max(small.size) > size:
                small = small.copy() if made else small
                small.thumbnail((size, size), _lanczos(), reducing_gap=None)
            out = io.BytesIO()
            small.save(out, "JPEG", quality=QUALITY)
        made[size] = Thumbnail(out.getvalue(), *small.size)
    return tuple(made[size] for size in sizes)


def pool(jobs: int | None = None) -> Executor:
    """Threads that make thumbnails side by side: decoders let go of Python's lock.

    Args:
        jobs: How many; None for as many as there are processors.
    """
    return ThreadPoolExecutor(jobs or os.cpu_count() or 1, thread_name_prefix="thumbnail")


# --- how a small picture is had -------------------------------------------------------------------


def small_copy(
    source: bytes | Path,
    pixels: int,
    limits: ImageLimits = DEFAULT_IMAGE_LIMITS,
    gap: float = _GAP,
) -> Image:
    """The picture upright, in ``L`` or ``RGB``, its longer side at most so many pixels."""
    opened = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with opened as stream:
        format = accepted_format(stream.read(4096), limits)
        image = open_as(stream, format, limits)
        width, height = image.size
        cost = decode_cost(stream, image, format)
        if image.mode in ("P", "PA", "1", "RGBA", "LA"):
            cost = max(cost, width * height * 5)  # a full-size copy is needed to average these
        if cost > DECODE_BYTES:
            raise UnreadableImage(
                f"the {format} of {width} by {height} pixels takes {cost >> 20} MiB to decode, "
                f"more than {DECODE_BYTES >> 20}",
                reason="too-large",
            )
        # The decoders of TIFF and AVIF turn the picture by themselves.
        turned = format in ("TIFF", "AVIF")
        orientation = 1 if turned else embedded_in(stream, image, format).orientation
        try:
            with MEMORY.take(cost), decoder(format):
                return _upright(_reduced(image, pixels, gap), orientation)
        except UnreadableImage:
            if format != "JPEG":
                raise
        # Its memory is given back before more is asked for, or two threads would wait for ever.
        mended = _with_its_end(stream, limits)
        with MEMORY.take(cost), decoder(format):
            return _upright(_reduced(mended, pixels, gap), orientation)


def _with_its_end(stream: BinaryIO, limits: ImageLimits) -> ImageFile:
    """A JPEG that lacks nothing but its end mark; anything worse is refused, as a harvest does."""
    stream.seek(0)
    data = stream.read()
    if data.rstrip(b"\0").endswith(b"\xff\xd9") or inspect(data, limits).damage is None:
        raise UnreadableImage("the JPEG is damaged")
    return open_as(io.BytesIO(data + b"\xff\xd9"), "JPEG", limits)


def _lanczos() -> Resampling:
    from PIL.Image import Resampling as Filter

    return Filter.LANCZOS


def _reduced(image: ImageFile, pixels: int, gap: float) -> Image:
    """Decode and shrink; colours as they will be shown."""
    profile = image.info.get("icc_profile")
    small: Image = image
    if image.mode in ("P", "PA", "1"):  # indices cannot be averaged
        image.load()
        small = image.convert(
            "L"
            if image.mode == "1"
            else "RGBA"
            if image.mode == "PA" or "transparency" in image.info
            else "RGB"
        )
    elif image.mode.startswith(("I", "F")):
        return _stretched(image, pixels)
    # On the freshly opened file: only then is a JPEG decoded reduced.
    small.thumbnail((pixels, pixels), _lanczos(), reducing_gap=gap)
    small.load()
    small = _on_paper(small)
    if isinstance(profile, bytes) and profile:
        small = _in_srgb(small, profile)
    return small if small.mode in ("L", "RGB") else small.convert("RGB")


def _on_paper(small: Image) -> Image:
    """A transparent picture on white, which plots and maps are drawn for."""
    transparent = small.mode in ("RGBA", "LA", "RGBa", "La") or "transparency" in small.info
    return on_white(small) if transparent else small


def _in_srgb(small: Image, profile: bytes) -> Image:
    """Colours as the picture's own profile means them; a profile that is broken is passed over."""
    if b"sRGB" in profile[:4096] or b"s\0R\0G\0B" in profile[:4096]:
        return small
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = given.profile.xcolor_space.strip()
        wanted = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}.get(space)
        if wanted != small.mode:
            return small
        out = "L" if wanted == "L" else "RGB"
        target = ImageCms.createProfile("sRGB")
        if out == "L":
            converted = ImageCms.profileToProfile(small, given, target, outputMode="RGB")
            return converted.convert("L") if converted is not None else small
        converted = ImageCms.profileToProfile(small, given, target, outputMode=out)
        return converted if converted is not None else small
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return small


def _stretched(image: ImageFile, pixels: int) -> Image:
    """16 bits and more brought to eight.

    A frame of twelve bits in sixteen would come out black. Where the brightest pixels are in the
    upper half of 16 bits the whole range is kept, else the range that the picture uses, without
    the two thousandths at either end (dead and hot pixels), fills the eight bits.
    """
    from PIL.Image import Resampling

    image.load()
    step = max(1, max(image.size) // (pixels * 4))
    small: Image = image
    if step > 1:  # a large frame is thinned first: as floats it would take twice the memory
        small = image.resize(
            (max(1, image.width // step), max(1, image.height // step)), Resampling.NEAREST
        )
    wide = small.convert("F")
    scale = min(1.0, pixels / max(image.size))
    wanted = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if wanted != wide.size:
        wide = wide.resize(wanted, _lanczos(), reducing_gap=_GAP)
    values = sorted(
        value for value in memoryview(wide.tobytes()).cast("f") if not math.isnan(value)
    )
    if not values:
        return wide.point(lambda _: 0).convert("L")
    cut = len(values) // 500
    low, high = float(values[cut]), float(values[-1 - cut])
    if image.mode.startswith("I;16") and high >= 32768:
        low, high = 0.0, 65535.0
    if not high > low:
        return wide.point(lambda _: 0).convert("L")
    gain = 255.0 / (high - low)
    return wide.point(lambda value: value * gain - low * gain).convert("L")


def _upright(small: Image, orientation: int) -> Image:
    turned = upright(small, orientation)
    turned.info = {}  # what Pillow would copy into the thumbnail: comments, profiles, EXIF
    return turned
