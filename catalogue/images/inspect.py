"""What the bytes of a picture are: format, size, damage, fingerprint, and what they say inside.

The bytes are hostile until shown otherwise. The format is read from the first bytes and must be on
a short list; the declared size is checked before anything is decoded; what is decoded, is decoded
as small as the format allows; and pictures that could not be decoded in bounded memory are checked
by their structure alone. Decoding is what notices a file that was cut short: reading the header
notices nothing.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from catalogue.images.blocks import Blocks
from catalogue.images.decoding import (
    DECODE_BYTES,
    MEMORY,
    decode,
    decode_cost,
    look,
    open_as,
    opening,
)
from catalogue.images.formats import (
    DEFAULT_IMAGE_LIMITS,
    MEDIA_TYPES,
    ImageLimits,
    accepted_format,
)
from catalogue.images.metadata import Embedded, read_blocks, read_embedded
from catalogue.images.structure import check_structure, frames_of
from catalogue.model import ImageFacts

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_NO_COLOUR = "#808080"


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
        format = accepted_format(stream.read(4096), limits)
        size = stream.seek(0, io.SEEK_END)
        with opening(size, format):
            return _inspected(stream, format, limits)


def _inspected(stream: BinaryIO, format: str, limits: ImageLimits) -> ImageFacts:
    image = open_as(stream, format, limits)
    width, height = image.size
    embedded = embedded_in(stream, image, format)
    mode = image.mode
    frames, damage = frames_of(stream, image, format)
    cost = decode_cost(stream, image, format)
    stream.seek(0)
    if cost > DECODE_BYTES:
        check_structure(stream, image, format)
        mark, colour = None, _NO_COLOUR
    else:
        with MEMORY.take(cost):
            small, cut = decode(stream, image, format)
            del image  # and with it what was decoded: only now others may take that memory
        mark, colour = look(small, embedded.orientation)
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


def embedded_in(stream: BinaryIO, image: ImageFile, format: str) -> Embedded:
    """What an opened file says of itself; the stream is left where it was."""
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
