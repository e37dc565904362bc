"""The addresses of one picture, and which of them is the best."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from catalogue.sites import addresses


@dataclass(slots=True)
class Rendition:
    """One address of a picture."""

    url: str
    width: int | None = None
    """Pixels, where the page or the address tells."""
    via: str = "src"
    """Where it stood: ``src``, ``srcset``, ``link``, ``og:image``, ``JSON-LD``."""
    large: bool = False
    """Whether its place says that it is the large or original one."""


_ENLARGED = re.compile(
    r"(?i)[-_.~](?:large|lrg|lg|xl|xlarge|xxl|big|full|fullsize|full-?res|hi-?res|orig|original|master)$|_l$"
)
_WHOLE_FOLDER = re.compile(r"/(?:originals?|orig|full-?size|full-?res|hi-?res|full)/", re.I)
_SMALL_FOLDER = re.compile(r"/(?:small|thumbs?|thumbnails?|preview|medium)/", re.I)
_WHOLE_QUERY = re.compile(r"(?i)[?&][a-z_]{1,12}=(?:original|orig|full|raw|source)(?=&|$)")
_SIZE_FOLDER = re.compile(r"(?i)(?:re)?sizes?|[wh][=_-]?\d{2,4}|\d{2,4}(?:x\d{2,4}|w|px)|\d{3}")
"""A folder that is a size: ``/size/w600/``, ``/800x600/``."""


def rank(renditions: list[Rendition]) -> list[str]:
    """The addresses of one picture, best first, each once.

    An original beats every sized rendition: an address that another one holds inside itself, or
    that is another one without its size. Then the width that is told counts, then the place.
    """
    urls = list(dict.fromkeys(rendition.url for rendition in renditions))
    if len(urls) < 2:
        return urls
    bare = {url: _bare(url) for url in urls}
    width: dict[str, int] = {}
    large: set[str] = set()
    for rendition in renditions:
        if rendition.width:
            width[rendition.url] = max(width.get(rendition.url, 0), rendition.width)
        if rendition.large:
            large.add(rendition.url)
    shown = {rendition.url for rendition in renditions if rendition.via == "src"}
    large = large - shown or large  # a link to what is shown already leads to nothing larger
    named = {url: told for url in urls if (told := addresses.width_in(url))}
    if len(named) < len(urls) <= MAX_IN_FOLDERS:
        named = _folder_sizes(urls) | named
    width = named | width
    first = {url: position for position, url in enumerate(urls)}
    sized = {url for url in urls if url in named or _sized_name(bare[url])}
    originals = {inner for url in urls if (inner := addresses.inner(url)) in first}
    originals |= {
        url for url in urls if "=" in url and url not in sized and _WHOLE_QUERY.search(url)
    }
    if len(sized | originals) < len(urls):
        originals |= _unsized_ones(bare, sized, originals)

    def goodness(url: str) -> tuple[int, int, bool, int]:
        known = width.get(url, 0)
        if url in originals:
            return (3, known, url in large, -first[url])
        if url in large and not known:
            return (2, 0, True, -first[url])
        if not known and (
            _ENLARGED.search(bare[url].rpartition("/")[2].rpartition(".")[0])
            or _WHOLE_FOLDER.search(bare[url])
        ):
            return (2, 0, False, -first[url])
        small = url in sized or _SMALL_FOLDER.search(bare[url])
        return (1, known or (1 if small else 700), url in large, -first[url])

    return sorted(urls, key=goodness, reverse=True)


MAX_IN_FOLDERS = 8
"""Addresses of one picture among which folders are compared."""
_NUMBERS = re.compile(r"(?<=/)\d{2,4}(?=/)")


def _folder_sizes(urls: list[str]) -> dict[str, int]:
    """Widths of addresses of one file that differ in a number that is a folder, and no further.

    ``/60/60/rover.jpg`` beside ``/396/223/rover.jpg``: only together they tell that it is a size.
    """
    if len({url.rpartition("/")[2] for url in urls}) > 1:
        return {}
    alike: dict[str, dict[str, list[str]]] = {}
    for url in urls:
        numbers = _NUMBERS.findall(url)
        if numbers:
            alike.setdefault(_NUMBERS.sub("#", url), {})[url] = numbers
    widths: dict[str, int] = {}
    for family in alike.values():
        apart = [
            at for at, told in enumerate(zip(*family.values(), strict=True)) if len(set(told)) > 1
        ]
        if apart:
            widths |= {url: int(numbers[apart[0]]) for url, numbers in family.items()}
    return widths


def _unsized_ones(bare: dict[str, str], sized: set[str], originals: set[str]) -> set[str]:
    """Addresses that name no size, and are others without theirs or stand inside others.

    Args:
        bare: All addresses of the picture, without host's scheme and query.
        sized: Those that name a size.
        originals: Those that are known for originals already.
    """
    without_size = {_unsized(one) for one in {bare[url] for url in sized}}
    found: set[str] = set()
    for url, whole in bare.items():
        if url in sized or url in originals or ("?" in url and _is_preset(url, bare, sized)):
            continue
        tail = whole.partition("/")[2]
        inside = len(tail) > 12 and any(
            other != whole and other.endswith(tail) for other in bare.values()
        )
        folder = f"{whole}/"
        if (
            inside
            or _unsized(whole) in without_size
            or any(bare[other].startswith(folder) for other in sized)
        ):
            found.add(url)
    return found


def _is_preset(url: str, bare: dict[str, str], sized: set[str]) -> bool:
    """Whether an address asks for something that those with a size in their queries do not.

    ``?policy=card`` beside ``?width=1280`` is another rendition, by a name; ``?v=2`` beside
    ``?v=2&width=1280`` is the whole.
    """
    asked = set(url.partition("?")[2].split("&"))
    others = [one for one in sized if one != url and bare[one] == bare[url]]
    return bool(others) and not any(
        asked <= set(one.partition("?")[2].split("&")) for one in others
    )


def _bare(url: str) -> str:
    return unquote(url.partition("//")[2].partition("?")[0].partition("#")[0])


def _sized_name(bare: str) -> bool:
    name = bare.rpartition("/")[2].rpartition(".")[0]
    return addresses.size_free(name) != name.lower() and not _ENLARGED.search(name)


def _unsized(bare: str) -> str:
    folder, _, name = bare.rpartition("/")
    kept = [part for part in folder.split("/") if not _SIZE_FOLDER.fullmatch(part)]
    return f"{'/'.join(kept)}/{addresses.size_free(name.partition('.')[0])}"
