"""images.nasa.gov, NASA's image library: ``NAME~size.extension`` on images-assets.nasa.gov.

Sizes are ``~thumb``, ``~small``, ``~medium``, ``~large``, ``~orig``; the original may have another
extension than its copies, so the copy that a page names stays as a fallback.
"""

from __future__ import annotations

import re

from catalogue.sites.interface import SiteRule

_ASSET = re.compile(
    r"(?i)^(https?://images-assets\.nasa\.gov/image/[^?#]+)~(thumb|small|medium|large|orig)(\.[a-z]+)"
)


def larger(url: str) -> tuple[str, ...]:
    """The original, and the large copy.

    >>> larger("https://images-assets.nasa.gov/image/PIA1/PIA1~thumb.jpg?w=300")[0]
    'https://images-assets.nasa.gov/image/PIA1/PIA1~orig.jpg'
    """
    found = _ASSET.match(url)
    if not found:
        return ()
    stem, size, extension = found.groups()
    if size == "orig":
        made = [f"{stem}~orig{extension}"]
    else:
        made = [f"{stem}~orig{extension}", f"{stem}~large{extension}"]
    return tuple(one for one in made if one != url)


RULE = SiteRule(
    name="NASA Image and Video Library",
    hosts=("images.nasa.gov",),
    example="https://images.nasa.gov/details/PIA00001",
    larger=larger,
)
