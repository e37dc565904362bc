"""A short fingerprint of what a picture shows, for finding it again in other sizes.

The difference hash: the picture is made grey and shrunk to nine by eight cells, and each of the 64
bits tells whether a cell is brighter than its right neighbour. Recompressing and resizing change a
bit or two, another picture about 32. Cropping changes too many for any hash of this size, so a
small distance may propose that two pictures are one, and a large one proves nothing.
"""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

_COLUMNS, _ROWS = 9, 8


def fingerprint(picture: Image) -> int | None:
    """The 64-bit difference hash of an upright, decoded picture of mode ``L``.

    Args:
        picture: Grey, of any size; a reduced decode gives the same hash but for a bit or two.

    Returns:
        None for a flat picture, whose bits would only tell of noise.
    """
    from PIL.Image import Resampling

    cells = picture.resize((_COLUMNS, _ROWS), Resampling.BOX).tobytes()
    if max(cells) - min(cells) < 4:
        return None
    bits = 0
    for row in range(_ROWS):
        start = row * _COLUMNS
        for column in range(start, start + _COLUMNS - 1):
            bits = bits << 1 | (cells[column] > cells[column + 1])
    return bits


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two fingerprints differ.

    >>> distance(0b1100, 0b1010)
    2
    """
    return (one ^ other).bit_count()


# --- where the fingerprint leaves doubt -------------------------------------------------------

_SIDE = 32
_AGREE = 0.993
"""Least correlation of the grey cells of one picture's renditions. Of real ones, however small or
recompressed, it is 0.997 and more, of a crop by a tenth 0.995; of frames of one descent, a second
apart, 0.91 at most; two different discs of a planet on black reach 0.981."""
_LOOKED_AT = 192
"""Pixels of the longer side that are decoded for a comparison."""
_CROPS = (1.0, 0.95, 0.9, 0.85, 0.8)
_LEAST = 24
"""Pixels of the shorter side below which a picture cannot be told from another."""


def look(file: Path) -> Image | None:
    """A small grey copy to compare by; None where the file cannot be decoded, or is too small."""
    from catalogue.errors import UnreadableImage
    from catalogue.images.thumbnail import small_copy

    try:
        small = small_copy(file, _LOOKED_AT).convert("L")
    except (UnreadableImage, OSError):
        return None
    return small if min(small.size) >= _LEAST else None


def agree(one: Image, other: Image) -> bool:
    """Whether two looks show one picture, whole or as a centred crop of each other.

    Pages crop about the centre, to another shape or closer by up to a fifth; other crops are not
    looked for.
    """
    ratio = _ratio(one) / _ratio(other)
    if 0.97 < ratio < 1.03 and _correlation(_cells(one), _cells(other)) >= _AGREE:
        return True
    for whole, part in ((one, other), (other, one)):
        cells = _cells(part)
        if any(
            _correlation(_cells(whole, _centred(whole, _ratio(part), crop)), cells) >= _AGREE
            for crop in _CROPS
        ):
            return True
    return False


def _ratio(picture: Image) -> float:
    return picture.width / picture.height


def _centred(picture: Image, ratio: float, share: float) -> tuple[float, float, float, float]:
    """The largest centred box of a shape, taken closer."""
    width, height = picture.size
    wide = min(width, height * ratio) * share / 2
    high = min(height, width / ratio) * share / 2
    return (width / 2 - wide, height / 2 - high, width / 2 + wide, height / 2 + high)


def _cells(picture: Image, box: tuple[float, float, float, float] | None = None) -> bytes:
    from PIL.Image import Resampling

    return picture.resize((_SIDE, _SIDE), Resampling.BOX, box=box).tobytes()


def _correlation(one: bytes, other: bytes) -> float:
    """Pearson's coefficient; 0 where one of the two is flat."""
    number = len(one)
    sum_one, sum_other = sum(one), sum(other)
    covariance = number * sum(map(mul, one, other)) - sum_one * sum_other
    spread_one = number * sum(map(mul, one, one)) - sum_one**2
    spread_other = number * sum(map(mul, other, other)) - sum_other**2
    product = spread_one * spread_other
    return covariance / product**0.5 if product > 0 else 0.0
