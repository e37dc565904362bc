"""What a site rule is: the conventions of one site, in one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalogue.model import Page
from catalogue.sites.reading import Reading


def nothing_larger(url: str) -> tuple[str, ...]:
    """No convention for addresses."""
    return ()


def as_read(page: Page, reading: Reading) -> Page:
    """No convention for pages."""
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """The documented conventions of one site."""

    name: str
    hosts: tuple[str, ...]
    """Hosts of its pages, without ``www.``; a host below one of them is the site's too."""
    example: str
    """An address of a page that is the site's."""
    larger: Callable[[str], tuple[str, ...]] = nothing_larger
    """From an address of a picture to those of larger renditions, best first; wherever it is shown,
    for other sites embed a service's pictures."""
    refine: Callable[[Page, Reading], Page] = as_read
    """From what the general reader found on a page of the site to what its convention adds."""
