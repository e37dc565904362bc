"""Addresses that leave a part open for a script to fill: ``{width}``."""

from __future__ import annotations

import re

from catalogue.sites import addresses
from catalogue.sites.pictures import Place
from catalogue.sites.ranking import Rendition
from catalogue.sites.tree import Tree

_OPEN = re.compile(r"\$?\{+\s*([A-Za-z_.]{1,30})\s*\}+")
_WIDTH_NAME = re.compile(r"(?i)^(?:w|width|size|imgw|image_?width)$")
TEMPLATE_WIDTH = 1600
"""Pixels asked for where an address leaves the width open."""


def fill_templates(tree: Tree, places: list[Place], base: str) -> None:
    """Make addresses of those that leave a part open, for places that have no other.

    A width is filled with :data:`TEMPLATE_WIDTH`. Any other part is filled as in the widest address
    of the page that is the same but for that part and its numbers.
    """
    waiting = [place for place in places if place.empty]
    if not waiting:
        return
    known = [
        (rendition.width or addresses.width_in(rendition.url) or 0, rendition.url)
        for place in places
        for rendition in place.renditions
    ]
    for place in waiting:
        for value in tree.attributes[place.node].values():
            if not value or len(value) > 2000 or "{" not in value or " " in value.strip():
                continue
            made = _filled(value, known, base)
            if made:
                place.renditions.append(Rendition(made, None, "template"))
                place.assets.add(addresses.asset(made))
                place.empty = False
                break


def _filled(value: str, known: list[tuple[int, str]], base: str) -> str | None:
    parts = _OPEN.split(value)
    if len(parts) < 3:
        return None
    names = parts[1::2]
    if all(_WIDTH_NAME.match(name) for name in names):
        return addresses.absolute(_OPEN.sub(str(TEMPLATE_WIDTH), value), base)
    if len(names) != 1:
        return None
    before = re.sub(r"\d+", r"\\d+", re.escape(parts[0]))
    pattern = re.compile(before + r"([\w-]{1,40})" + re.escape(parts[2]) + "$")
    fitting = [(width, found[1]) for width, url in known if (found := pattern.match(url))]
    if not fitting:
        return None
    return addresses.absolute(parts[0] + max(fitting)[1] + parts[2], base)
