"""Every place on a page where a picture stands, with all addresses that the page names for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from catalogue.sites import addresses
from catalogue.sites.ranking import Rendition
from catalogue.sites.tree import Tree

MAX_PICTURES = 10_500
"""Places that are looked at on one page; the rest is left unread, and said so."""

MAX_RENDITIONS = 60
"""Addresses that are kept of one picture."""

MAX_ADDRESSES = 40_000
"""Addresses that are kept of the pictures of one page; those of no others are looked at then."""

_PLACES = ("img", "amp-img", "amp-anim", "picture")
_STANDS_IN = (
    r"(?:blank|spacer|placeholder|transparent|1x1|1px|missing[-_]?image|default[-_]image"
    r"|no[-_]?im(?:g|age))"
)
_MAY_STAND_IN = r"(?:trans|loading|lazy(?:load)?|pixel|empty|dummy|grey|gray|preload(?:er)?)"
_PLACEHOLDER = re.compile(
    rf"[/_.-]{_STANDS_IN}(?:[-_.0-9x]|$)"
    rf"|/(?:(?:img|image|bg|photo|logo|\d+x\d+)[-_])?{_MAY_STAND_IN}"
    r"(?:[-_.](?:img|image|bg|photo|large|small|square|\d+(?:x\d+)?|[a-z]{3,4}$))*$"
)
"""In the name of a file, with the stroke before it; words that may name what is seen stand for a
picture only where there are no others."""
_LAZY_NAME = re.compile(
    r"(?i)src|original|lazy|full|large|hi-?res|zoom|image|img|url|media|bg|back"
)
_ADDRESSES = re.compile(r"https?:(?:\\?/){2}[^\s\"'<>\\)&|]+(?:(?:\\/|&amp;|&)[^\s\"'<>\\)&|]*)*")
_STYLE = re.compile(r"background(?:-image)?\s*:[^;]{0,40}?url\(\s*['\"]?([^'\")]{4,2000})", re.I)
_WRAPPED = re.compile(r"url\(\s*['\"]?([^'\")]{4,2000})")
"""An address as style sheets write it, in an attribute for a script."""
_PIXELS = re.compile(r"\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*$")
_TELLS_NO_ADDRESS = frozenset(
    ["alt", "class", "id", "style", "sizes", "title", "width", "height", "loading", "decoding"]
)
"""Attributes of an image that are read otherwise, or not at all."""
_NAMES = ("name", "key", "title", "label")
"""How an attribute's name ends that holds the name of a file, and no address."""
LARGE_NAME = re.compile(
    r"(?i)full|large|original|hi-?res|high-?res|zoom|super|raw|download|orig|max|big|href"
)
"""The name of an attribute, or of a field, for the largest form of a picture."""
_BACKGROUND = frozenset({"div", "span", "a", "figure", "section", "li", "header", "button", "i"})


_SHOWS_LARGE = frozenset({"data-sub-html", "data-thumb", "data-lightbox", "data-fancybox"})
"""Attributes of elements that a script opens: their ``data-src`` is the large picture."""


@dataclass(slots=True)
class Place:
    """One place in the page where a picture is shown."""

    node: int
    """The image element."""
    outer: int
    """The outermost element that is nothing but this picture: ``picture``, ``a``, ``noscript``."""
    renditions: list[Rendition] = field(default_factory=list)
    alt: str | None = None
    width: int | None = None
    """Declared, pixels."""
    height: int | None = None
    link: str | None = None
    """Where a click on the picture leads, where that is no picture."""
    empty: bool = False
    """Whether the element names no address that can be used (its ``src`` is empty)."""
    assets: set[str] = field(default_factory=set)
    """What the addresses share with others of the same picture."""
    joined: bool = False
    """Whether a copy of it was joined to it already."""
    holds_text: bool = False
    """Whether the element shows the picture behind its own words."""
    drawings: list[str] = field(default_factory=list)
    """Addresses of vector drawings that it names: none of them is a picture that is kept."""


@lru_cache(maxsize=4096)
def is_placeholder(address: str) -> bool:
    """Whether an address is that of a stand-in which scripts replace."""
    name = address.partition("?")[0].rpartition("/")[2].lower()
    return bool(_PLACEHOLDER.search(f"/{name}"))


def find_places(
    tree: Tree,
    base: str,
    notes: list[str],
    region: int,
    hopeless: Callable[[int], bool] = lambda node: False,
) -> tuple[list[Place], list[int]]:
    """Every place with a picture in the article's region; copies in ``noscript`` joined to theirs.

    Args:
        tree: The page.
        base: What its relative addresses are relative to.
        notes: Takes what was left unread.
        region: The element that holds the whole article.
        hopeless: Tells of a node that its picture cannot be the article's, whatever it shows.

    Returns:
        The places, in document order; and the picture nodes that were not looked at.
    """
    places: list[Place] = []
    nodes = tree.all(*_PLACES)
    backgrounds = _background_nodes(tree, region)
    if backgrounds:
        nodes = sorted({*nodes, *backgrounds})
    elsewhere: list[int] = []
    kept = 0
    for node in nodes:
        if not region <= node < tree.end[region] or hopeless(node):
            elsewhere.append(node)
            continue
        if len(places) >= MAX_PICTURES:
            notes.append(f"only the first {MAX_PICTURES} pictures were looked at")
            break
        if kept >= MAX_ADDRESSES:
            notes.append(
                f"only the first {len(places)} pictures were looked at, which have many files"
            )
            break
        place = _place(tree, node, base)
        if place is not None:
            _surroundings(tree, place, base)
            place.empty = not place.renditions
            places.append(place)
            kept += len(place.renditions)
    return _joined(tree, places), elsewhere


def _place(tree: Tree, node: int, base: str) -> Place | None:
    name = tree.tag[node]
    if name == "picture":
        if tree.inside(node, "img", "amp-img"):
            return None
        place = Place(node=node, outer=node)
    elif name in ("img", "amp-img", "amp-anim"):
        place = _image(tree, node, base)
    else:
        place = _background(tree, node, base)
        if not place.renditions:
            return None
    picture = tree.closest(node, "picture")
    if picture is not None:
        if tree.size(picture) == 0 or not tree.read(picture):
            place.outer = picture  # a caption inside it is an error that is made
        for source in tree.inside(picture, "source")[:MAX_RENDITIONS]:
            _source(tree, source, base, place)
    return place


def places_naming(tree: Tree, nodes: list[int], assets: set[str], base: str) -> list[Place]:
    """The places among these nodes that name one of these assets: a lightbox, a slider.

    Args:
        tree: The page.
        nodes: Picture nodes that were not looked at yet.
        assets: What is looked for.
        base: What relative addresses are relative to.
    """
    names = [name for asset in assets if len(name := asset.rpartition("/")[2]) >= 4]
    if not names or not nodes:
        return []
    out = []
    for node in nodes[:MAX_PICTURES]:
        said = " ".join(value for value in tree.attributes[node].values() if value).lower()
        if any(name in said for name in names):
            place = _place(tree, node, base)
            if place is not None:
                out.append(place)
    return out


def _add(
    place: Place,
    address: str,
    base: str,
    via: str,
    *,
    width: int | None = None,
    large: bool = False,
) -> None:
    url = addresses.absolute(address, base)
    if url is None or url == base or len(place.renditions) >= MAX_RENDITIONS:
        return
    if is_placeholder(url) or addresses.extension(url) in ("svg", "ico"):
        if addresses.extension(url) == "svg":
            place.drawings.append(url)
        return
    if url.endswith("/") and url.count("/") == 3:
        return  # an empty address made whole is the site's own
    place.renditions.append(Rendition(url, width or None, via, large))
    place.assets.add(addresses.asset(url))


def _number(value: str) -> int | None:
    if not value:
        return None
    found = _PIXELS.match(value[:20])
    return int(found[1]) or None if found else None


def _image(tree: Tree, node: int, base: str) -> Place:
    place = Place(node=node, outer=node)
    attributes = tree.attributes[node]
    place.width = _number(attributes.get("width") or attributes.get("data-width") or "")
    place.height = _number(attributes.get("height") or attributes.get("data-height") or "")
    alt = attributes.get("alt") or attributes.get("data-alt")
    place.alt = " ".join(alt.split())[:2000] or None if alt else None
    for name, value in attributes.items():
        if not value or name in _TELLS_NO_ADDRESS:
            continue
        _attribute(place, name, value, base)
    widest = max((r.width or 0 for r in place.renditions), default=0)
    if max(place.width or 0, place.height or 0) <= 32 and widest >= 200:
        place.width = place.height = None  # a ratio: ``width=16 height=9``
    return place


def _attribute(place: Place, name: str, value: str, base: str) -> None:
    """Read one attribute of an image element, whatever it may be called."""
    if name == "src":
        _add(place, value, base, "src")
        return
    if name.endswith("srcset") or name in ("data-sizes-src", "data-lazy-set"):
        _candidates(place, value, base, name)
        return
    if value.startswith("url(") and (wrapped := _WRAPPED.match(value)):
        value = wrapped[1]
    if len(value) < 8 or name in ("data-caption", "data-credit", "data-sub-html"):
        return
    if "/" not in value and name.endswith(_NAMES):
        return
    if value[0] == "[" and "://" not in value:
        # Foundation's way: ``[/a.jpg, small], [/b.jpg, large]``
        for address in re.findall(r"\[\s*([^\s,\[\]]{4,500})\s*,", value[:20_000])[:20]:
            _add(place, address, base, name)
        return
    if value[0] in "{[" or (" " in value and "://" in value):
        if "://" in value[:20_000] or ":\\/\\/" in value[:20_000]:
            if re.search(r"\s\d+(?:\.\d+)?[wx](?:\s*,|\s*$)", value[:20_000]):
                _candidates(place, value, base, name)
                return
            for found in list(_ADDRESSES.finditer(unescape(value[:20_000])))[:20]:
                address = found[0].replace("\\/", "/")
                if addresses.is_raster(address) or name.endswith(("srcs", "src")):
                    _add(place, address, base, name)
        return
    if (
        addresses.is_raster(value)
        or (name.startswith("data-") and name.endswith("src"))
        or (
            "://" in value[:10]
            and _LAZY_NAME.search(name)
            and name.startswith("data-")
            and addresses.asset(value) in place.assets
        )
    ):
        _add(place, value, base, name, large=bool(LARGE_NAME.search(name)))


def _candidates(place: Place, value: str, base: str, via: str) -> None:
    if len(place.renditions) >= MAX_RENDITIONS:
        return
    candidates = addresses.srcset(value[:100_000])
    written = {addresses.width_in(address) for address, _, _ in candidates}
    by_density = (
        len(candidates) > 1 and len(written) == 1
    )  # what they write tells none from another
    for address, width, density in candidates:
        if width is None and not by_density:
            width = addresses.width_in(address)
        if width is None and density and place.width:
            width = int(place.width * min(density, 10))
        _add(place, address, base, "srcset" if "srcset" in via else via, width=width)
        if place.renditions and density and density > 1 and width is None:
            place.renditions[-1].large = True


def _source(tree: Tree, node: int, base: str, place: Place) -> None:
    attributes = tree.attributes[node]
    kind = attributes.get("type") or ""
    if kind.startswith(("video", "audio")):
        return
    for name, value in attributes.items():
        if value and (name.endswith("srcset") or name in ("src", "data-src")):
            _candidates(place, value, base, "srcset")


def _background_nodes(tree: Tree, region: int) -> list[int]:
    found = []
    for name in _BACKGROUND:
        for node in tree.inside(region, name):
            attributes = tree.attributes[node]
            if not attributes or (len(attributes) == 1 and "class" in attributes):
                continue
            for key, value in attributes.items():
                if not value:
                    continue
                if (key == "style" and "url(" in value) or (
                    "." in value
                    and key.startswith("data-")
                    and (addresses.is_raster(value) or value.startswith("url("))
                    and _LAZY_NAME.search(key)
                ):
                    found.append(node)
                    break
    # a holder round an image tells of that image: it is no place of its own
    return [node for node in found if not tree.inside(node, "img", "amp-img", "picture", "video")]


def _background(tree: Tree, node: int, base: str) -> Place:
    place = Place(node=node, outer=node, holds_text=tree.size(node) > 0)
    attributes = tree.attributes[node]
    alt = attributes.get("data-alt") or attributes.get("aria-label")
    place.alt = " ".join(alt.split())[:2000] or None if alt else None
    place.width = _number(attributes.get("data-width") or "")
    place.height = _number(attributes.get("data-height") or "")
    for name, value in attributes.items():
        if not value:
            continue
        if name == "style":
            found = _STYLE.search(value[:5000])
            if found:
                _add(place, unescape(found[1]), base, "style")
        elif name.startswith("data-") and (
            addresses.is_raster(value) or name.endswith("srcset") or value.startswith("url(")
        ):
            _attribute(place, name, value, base)
    return place


def _surroundings(tree: Tree, place: Place, base: str) -> None:
    """What the elements round the picture name: links to the file, data of lazy holders."""
    known = set(place.assets)
    node = place.outer
    for _ in range(6):
        above = tree.parent[node]
        if above < 0 or tree.tag[above] in ("body", "article", "main", "section", "html", "ul"):
            break
        own = tree.count(place.outer, "img") + (tree.tag[place.outer] == "img")
        alone = tree.count(above, "img") <= own
        if not (alone or tree.tag[above] == "figure" or _only_copies(tree, above, place)):
            break
        attributes = tree.attributes[above]
        name = tree.tag[above]
        if name == "a":
            href = addresses.absolute(attributes.get("href") or "", base)
            if href and _leads_to_file(href, known):
                _add(place, href, base, "link", large=True)
            elif href:
                place.link = href
        shown_large = bool(_SHOWS_LARGE & attributes.keys())
        for key, value in attributes.items():
            if not value or key in ("class", "id", "style", "href"):
                continue
            if key.startswith("data-") and addresses.is_raster(value):
                whole = addresses.absolute(value, base) or ""
                if not known or addresses.asset(whole) in known:
                    large = bool(LARGE_NAME.search(key)) or (shown_large and key == "data-src")
                    _add(place, value, base, key, large=large)
            elif key == "itemid" and addresses.is_raster(value):
                _add(place, value, base, "itemid")
        if alone and (
            tree.size(above) == 0
            or (name in ("a", "picture", "noscript", "amp-img") and not tree.read(above))
        ):
            place.outer = above
        if name == "figure" or (alone and "ImageObject" in (attributes.get("itemtype") or "")):
            for meta in tree.inside(above, "meta", "link"):
                prop = tree.get(meta, "itemprop")
                if prop in ("contentUrl", "url", "image", "embedUrl"):
                    _add(place, tree.get(meta, "content") or tree.get(meta, "href"), base, prop)
            if not alone:
                break
        node = above


def _only_copies(tree: Tree, node: int, place: Place) -> bool:
    """Whether the images in a node are this one and its copies in ``noscript``."""
    return tree.count(node, "img") < 12 and all(
        place.outer <= other < tree.end[place.outer] or tree.closest(other, "noscript") is not None
        for other in tree.inside(node, "img")
    )


_FILE_PAGE = re.compile(r"(?i)/(?:wiki/)?(?:File|Datei|Fichier|Image|Archivo):|\.php$|\.html?$")


def _leads_to_file(href: str, known: set[str]) -> bool:
    if _FILE_PAGE.search(href.partition("?")[0]):
        return False
    return addresses.is_raster(href) or (
        addresses.is_made_of_file(href) and addresses.asset(href) in known
    )


def _joined(tree: Tree, places: list[Place]) -> list[Place]:
    """Join the copies of one place: a placeholder and its ``noscript``, twice the same file."""
    out: list[Place] = []
    for place in places:
        if out:
            before = out[-1]
            if _is_copy(tree, before, place):
                if before.empty:
                    before.node, before.outer = place.node, place.outer
                before.renditions.extend(place.renditions)
                before.assets |= place.assets
                before.alt = before.alt or place.alt
                before.empty = not before.renditions
                before.link = before.link or place.link
                before.joined = True
                continue
        out.append(place)
    return out


def _is_copy(tree: Tree, before: Place, place: Place) -> bool:
    """Whether a place is only another form of the one before it."""
    same = bool(before.assets & place.assets)
    gap = tree.between(tree.end[before.outer], place.outer)
    if same:
        return gap < 40
    hidden = tree.closest(place.node, "noscript")
    if hidden is None and tree.tag[before.outer] == "noscript" and not before.joined:
        hidden = place.outer  # the copy stands first
    if gap >= 3 or not (before.empty or place.empty or hidden is not None):
        return False
    # another picture right behind is none: a copy stands beside its placeholder
    around = tree.parent[before.outer]
    beside = tree.parent[hidden if hidden is not None else place.outer]
    if around == beside:
        return True
    return before.empty and hidden is not None and tree.parent[around] == beside
