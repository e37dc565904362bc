"""What a page says of a picture elsewhere than where it stands.

For machines, in links to its file, in scripts, and in other places that show it.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.credit.lines import split_credit
from catalogue.sites import addresses
from catalogue.sites.pictures import Place, places_naming
from catalogue.sites.ranking import Rendition
from catalogue.sites.reading import Reading
from catalogue.sites.structured import (
    ImageData,
    Json,
    caption_and_credit,
    occurrences,
    state_of,
    urls_like,
)
from catalogue.sites.words import Found, Words

MAX_LINKS = 5_000
"""Links that are looked at for larger files."""


MAX_TWINS = 20
"""Other places of the same picture whose addresses are gathered."""


MAX_SEARCHED = 200_000_000
"""Characters of scripts that are searched, all pictures together."""


class Elsewhere:
    """What a page says of its pictures in other places than where they stand.

    Args:
        reading: The page.
        kept: The places of the article's pictures.
        named: The pictures that the page names for machines.
    """

    def __init__(self, reading: Reading, kept: list[Place], named: list[ImageData]) -> None:
        self._base = reading.base
        self._named: dict[str, list[ImageData]] = {}
        for item in named:
            self._named.setdefault(addresses.asset(item.url), []).append(item)
        self._scripts = [one.text for one in reading.tree.scripts if "ld+json" not in one.kind]
        self._cost = sum(map(len, self._scripts)) + 100 * len(self._scripts)
        self._searched = 0
        self._links = _file_links(reading)
        self._shown: dict[str, list[Place]] = {}
        wanted = {asset for place in kept for asset in place.assets}
        others = places_naming(reading.tree, reading.elsewhere, wanted, reading.base)
        for place in (*reading.places, *others):
            for asset in place.assets:
                self._shown.setdefault(asset, []).append(place)

    @property
    def is_exhausted(self) -> bool:
        """Whether the scripts were not searched for every picture: there was too much of both."""
        return self._searched > MAX_SEARCHED

    def told(self, place: Place) -> list[ImageData]:
        """What the page tells machines of a picture."""
        return [item for asset in sorted(place.assets) for item in self._named.get(asset, ())]

    def renditions(self, place: Place) -> list[Rendition]:
        """Further addresses: of its other places, of links to it, and as machines are told."""
        found: list[Rendition] = []
        for asset in sorted(place.assets):
            found.extend(
                Rendition(item.url, item.width, item.via) for item in self._named.get(asset, ())
            )
            found.extend(self._links.get(asset, ()))
            for other in self._shown.get(asset, [])[:MAX_TWINS]:
                if other is not place:
                    found.extend(other.renditions)
        return found

    def state(self, place: Place, words: Words) -> tuple[list[Rendition], Words]:
        """Addresses in the page's scripts, and words where the picture has none yet."""
        self._searched += self._cost * len(place.assets)
        if self.is_exhausted:
            return [], words
        urls: list[str] = []
        for asset in sorted(place.assets):
            found = occurrences(self._scripts, asset.rpartition("/")[2])
            for url in urls_like(found, self._base):
                if addresses.asset(url) != asset or url in urls:
                    continue
                if addresses.is_raster(url) or not _are_files(place):
                    urls.append(url)
            if words.caption is None and words.credit is None:
                words = _words_in(state_of(found))
        return [Rendition(url, None, "script") for url in urls], words


def _are_files(place: Place) -> bool:
    """Whether all addresses of a picture end as picture files do: another is something else."""
    return all(addresses.is_raster(one.url) for one in place.renditions)


def _words_in(objects: Iterator[dict[str, Json]]) -> Words:
    """Caption and credit that the first object with either tells."""
    for value in objects:
        caption, credit = caption_and_credit(value)
        if caption and not credit:
            parts = split_credit(caption)
            caption, credit = parts.caption, parts.credit
        if caption or credit:
            return Words(
                Found(caption, "state of a script", "script") if caption else None,
                Found(credit, "state of a script", "script") if credit else None,
            )
    return Words()


def _file_links(reading: Reading) -> dict[str, list[Rendition]]:
    """Links to picture files inside the article, by asset."""
    out: dict[str, list[Rendition]] = {}
    for node in reading.tree.inside(reading.article.region, "a")[:MAX_LINKS]:
        href = reading.tree.get(node, "href")
        if href and addresses.is_raster(href):
            url = addresses.absolute(href, reading.base)
            if url:
                out.setdefault(addresses.asset(url), []).append(Rendition(url, None, "link", True))
    return out
