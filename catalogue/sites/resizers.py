"""Resizing services of frameworks and content networks that run on the pages' own hosts.

Next.js, Vercel and Netlify are given the original's path in the query (``url=%2Fphoto.jpg``),
Cloudflare behind its options in the path (``/cdn-cgi/image/width=640/photo.jpg``), Wix before them
(``/media/photo.jpg/v1/fill/w_640,h_480/photo.jpg``), Thumbor behind its filters, host first
(``/640x0/filters:quality(80)/a.example/photo.jpg``). Any other original on another host shows as a
whole address and needs no rule.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin

from catalogue.sites.addresses import is_raster
from catalogue.sites.interface import SiteRule

_GIVEN = re.compile(
    r"^https?://[^/?#]+(?:/_next/image|/_vercel/image|/\.netlify/images)/?"
    r"\?(?:[^#]*&)?url=(%2F[^&#]+|/[^/&#][^&#]*)",
    re.I,
)
_OPTIONS = re.compile(r"^https?://[^/?#]+/cdn-cgi/image/[a-z]+=[^/?#]*(/[^?#]+)")
_FILTERED = re.compile(
    r"^(https?://)[^?#]+/filters:[^/?#]+/((?:[a-z0-9-]+\.)+[a-z]{2,12}/[^?#]+)$", re.I
)
_AHEAD_OF_OPTIONS = re.compile(
    r"^(https?://[^/?#]+/(?:[^/?#]+/){0,6}[^/?#]+\.(?:jpe?g|png|webp|avif))/v1/"
    r"(?:fill|fit|crop)/[^/?#]*w_\d+[^/?#]*/[^/?#]+$",
    re.I,
)


def larger(url: str) -> tuple[str, ...]:
    """The file that the service was given.

    >>> larger("https://a.example/_next/image?url=%2Fstatic%2Frover.jpg&w=640&q=75")
    ('https://a.example/static/rover.jpg',)
    >>> larger("https://a.example/media/a1_rover~mv2.jpg/v1/fill/w_147,h_98,al_c/rover.jpg")
    ('https://a.example/media/a1_rover~mv2.jpg',)
    """
    ahead = _AHEAD_OF_OPTIONS.match(url)
    if ahead:
        return (ahead[1],)
    filtered = _FILTERED.match(url)
    if filtered and is_raster(filtered[2]):
        return (filtered[1] + filtered[2],)
    found = _GIVEN.match(url) or _OPTIONS.match(url)
    path = unquote(found[1]) if found else ""
    return (urljoin(url, path),) if is_raster(path) and not path.startswith("//") else ()


RULE = SiteRule(
    name="Resizers",
    hosts=("vercel.app", "netlify.app"),
    example="https://example.vercel.app/blog/story",
    larger=larger,
)
