"""A short fingerprint of what a picture shows, for finding it again in other sizes.

The difference hash: the picture is made grey and shrunk to nine by eight cells, and each of the 64
bits tells whether a cell is brighter than its right neighbour. Recompressing and resizing change a
bit or two, another picture about 32. Cropping changes too many for any hash of this size, so a
small distance may propose that two pictures are one, and a large one proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BITS = 64
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
