"""mars.nasa.gov: raw images with a size in their names."""

from __future__ import annotations

import re

from catalogue.sites.interface import SiteRule

_M2020 = re.compile(
    r"(?i)^(https?://mars\.nasa\.gov/mars2020-raw-images/.+?)_(?:320|800|1200)\.jpg$"
)
_MSL = re.compile(
    r"(?i)^(https?://mars(?:\.jpl)?\.nasa\.gov/msl-raw-images/.+?)-(?:thm|med|lrg)(\.jpg)$"
)
_MER = re.compile(
    r"(?i)^(https?://mars(?:rovers)?(?:\.jpl)?\.nasa\.gov/.+/\d[A-Z]\d{9}[A-Z0-9]{14})-(?:THM|BR)(\.JPG)$"
)


def larger(url: str) -> tuple[str, ...]:
    """The full picture behind a copy made to size.

    >>> larger("https://mars.nasa.gov/mars2020-raw-images/a/NAME_800.jpg")
    ('https://mars.nasa.gov/mars2020-raw-images/a/NAME.png',)
    """
    found = _M2020.match(url)
    if found:
        return (f"{found[1]}.png",)
    found = _MSL.match(url) or _MER.match(url)
    return (f"{found[1]}{found[2]}",) if found else ()


RULE = SiteRule(
    name="NASA Mars Exploration",
    hosts=("mars.nasa.gov", "mars.jpl.nasa.gov"),
    example="https://mars.nasa.gov/news/1/a-story/",
    larger=larger,
)
