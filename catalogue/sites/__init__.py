"""Reading an article page: the general reader, and what single sites do their own way.

A new site is one file with a ``RULE``, and one line in :data:`RULES`.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Appearance, Document, Page
from catalogue.sites import (
    addresses,
    apod,
    commons,
    esa,
    hirise,
    jpl,
    mars_nasa,
    nasa,
    nasa_images,
    photojournal,
    planetary,
    resizers,
    wayback,
    wordpress,
)
from catalogue.sites.general import read_general
from catalogue.sites.interface import SiteRule

RULES: tuple[SiteRule, ...] = (
    photojournal.RULE,
    mars_nasa.RULE,
    jpl.RULE,
    nasa_images.RULE,
    apod.RULE,
    nasa.RULE,
    esa.RULE,
    hirise.RULE,
    planetary.RULE,
    commons.RULE,
    wayback.RULE,
    wordpress.RULE,
    resizers.RULE,
)
"""Of an address the first that knows a larger one gives it."""

_BY_HOST = {host: rule for rule in RULES for host in rule.hosts}


def rule_for(url: str | None) -> SiteRule | None:
    """The rule of the site that a page is of; of a site below another's host it is its own."""
    host = addresses.host_of(url) or ""
    while host:
        if host in _BY_HOST:
            return _BY_HOST[host]
        host = host.partition(".")[2]
    return None


def read_page(document: Document) -> Page:
    """Read an article from its HTML.

    Whatever the bytes are, a page comes back; what could not be read is told in its notes.

    Args:
        document: The page. ``url`` makes relative addresses whole.
    """
    page, reading = read_general(document)
    rule = rule_for(page.url) or rule_for(document.url)
    if rule is not None:
        page = rule.refine(page, reading)
    return replace(page, images=tuple(_with_larger(image) for image in page.images))


def larger_than(url: str) -> tuple[str, ...]:
    """The larger renditions of a picture that the conventions of its service yield, best first.

    An address that was given to a resizing service is the original of what that service makes.
    """
    for rule in RULES:
        made = rule.larger(url)
        if made:
            return made
    inner = addresses.inner(url)
    return tuple(dict.fromkeys((*larger_than(inner), inner))) if inner else ()


def _with_larger(image: Appearance) -> Appearance:
    """The picture with the addresses that conventions yield for a larger one."""
    if image.url is None:
        return image
    named = {image.url, *image.alternatives}
    made = [larger for larger in larger_than(image.url) if larger not in named]
    return replace(image, larger=tuple(made)) if made else image
