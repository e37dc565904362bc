"""jpl.nasa.gov: renditions of Wagtail, and the names that its older pages gave to sizes."""

from __future__ import annotations

import re

from catalogue.sites.interface import SiteRule

_OLD = re.compile(
    r"(?i)^(https?://(?:www\.)?jpl\.nasa\.gov/spaceimages/images)/(?:mediumsize|wallpaper|smallsize)/(PIA\d{5})[^/]*\.jpg$"
)
_WAGTAIL = re.compile(
    r"(?i)^(https?://d2pn8kiwq2w21t\.cloudfront\.net)/images/([^/]+?)\.(?:width|max|height)-\d+[^/]*\.(jpe?g|png|webp)$"
)


def larger(url: str) -> tuple[str, ...]:
    """The original of a rendition; its extension may be another, so it is a guess.

    >>> larger("https://d2pn8kiwq2w21t.cloudfront.net/images/rover.width-1024.jpg")
    ('https://d2pn8kiwq2w21t.cloudfront.net/original_images/rover.jpg',)
    """
    found = _WAGTAIL.match(url)
    if found:
        extension = "jpg" if found[3].lower() == "webp" else found[3]
        return (f"{found[1]}/original_images/{found[2]}.{extension}",)
    found = _OLD.match(url)
    return (f"{found[1]}/largesize/{found[2]}_hires.jpg",) if found else ()


RULE = SiteRule(
    name="JPL",
    hosts=("jpl.nasa.gov",),
    example="https://www.jpl.nasa.gov/news/a-story",
    larger=larger,
)
