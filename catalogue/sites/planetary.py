"""planetary.org: sizes as folders of Craft CMS, or as ``_f840`` in the older names."""

from __future__ import annotations

import re

from catalogue.sites.interface import SiteRule

_CRAFT = re.compile(
    r"(?i)^(https?://planetary\.s3\.amazonaws\.com/web/assets/pictures)/_[0-9A-Zx]+_[^/]+/(?:\d+/)?([^/?]+)"
)


def larger(url: str) -> tuple[str, ...]:
    """The original of a copy made to size: a guess, since folders are not always kept.

    >>> larger("https://planetary.s3.amazonaws.com/web/assets/pictures/_768x768_crop_82/6/a.jpg")
    ('https://planetary.s3.amazonaws.com/web/assets/pictures/a.jpg',)
    """
    found = _CRAFT.match(url)
    if found:
        return (f"{found[1]}/{found[2]}",)
    return ()


RULE = SiteRule(
    name="The Planetary Society",
    hosts=("planetary.org",),
    example="https://www.planetary.org/articles/a-story",
    larger=larger,
)
