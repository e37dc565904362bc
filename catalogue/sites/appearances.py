"""From the places of an article to its pictures: one each, with addresses, words and evidence."""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Appearance, Evidence, Role
from catalogue.sites import addresses
from catalogue.sites.belonging import Verdict, furniture_named
from catalogue.sites.elsewhere import Elsewhere
from catalogue.sites.pictures import MAX_RENDITIONS, Place
from catalogue.sites.ranking import Rendition, rank
from catalogue.sites.reading import Reading
from catalogue.sites.structured import ImageData
from catalogue.sites.words import Found, Words


def appearances_of(
    reading: Reading, kept: list[tuple[Place, Verdict]], named: list[ImageData]
) -> tuple[Appearance, ...]:
    """The pictures of an article, in document order, each once.

    Args:
        reading: The page.
        kept: The places of its pictures, each with why it is the article's.
        named: The pictures that the page names for machines.
    """
    elsewhere = Elsewhere(reading, [place for place, _ in kept], named)
    out: list[Appearance] = []
    seen: dict[str, int] = {}
    unshown = _unshown_lead(reading, named)
    for place, verdict in kept:
        renditions = list(place.renditions)
        if not renditions:
            # the page shows it by a script, and names it for machines only
            if out or unshown is None or place.node not in reading.words:
                continue
            renditions = [Rendition(unshown.url, unshown.width, unshown.via)]
            place.assets = {addresses.asset(unshown.url)}
            unshown = None
        words = reading.words.get(place.node, Words())
        words = _with_told(words, elsewhere.told(place), place.alt)
        in_state, words = elsewhere.state(place, words)
        renditions += [*elsewhere.renditions(place), *in_state]
        appearance = _appearance(place, verdict, rank(renditions[: 2 * MAX_RENDITIONS]), words)
        twin = next((seen[asset] for asset in place.assets if asset in seen), None)
        if twin is not None:
            out[twin] = _merged(out[twin], appearance)
            continue
        for asset in place.assets:
            seen[asset] = len(out)
        out.append(appearance)
    if elsewhere.is_exhausted:
        reading.notes.append("the scripts were searched for the first pictures only")
    return tuple(_with_roles(reading, out, kept))


def _appearance(place: Place, verdict: Verdict, urls: list[str], words: Words) -> Appearance:
    """A picture with its addresses, best first, and its words, each with its evidence."""
    why = verdict.why or verdict.rule
    evidence = [Evidence(field="page", text=why, says="picture of the article", rule=verdict.rule)]
    for says, found in (("caption", words.caption), ("credit", words.credit)):
        if found:
            text = found.text[:200]
            evidence.append(
                Evidence(field=found.where or says, text=text, says=says, rule=found.rule)
            )
    return Appearance(
        url=urls[0],
        alternatives=tuple(urls[1:]),
        caption=words.caption.text if words.caption else None,
        credit=words.credit.text if words.credit else None,
        alt=place.alt,
        evidence=tuple(evidence),
    )


def _unshown_lead(reading: Reading, named: list[ImageData]) -> ImageData | None:
    """The picture that the page names for machines, where no place on the page shows it."""
    shown = set[str]().union(*(place.assets for place in reading.places))
    for item in named:
        if item.via == "meta" or "logo" in furniture_named(item.url):
            continue
        if addresses.asset(item.url) not in shown:
            return item
    return None


def _with_told(words: Words, told: list[ImageData], alt: str | None) -> Words:
    caption, credit = words.caption, words.credit
    for item in told:
        if caption is None and item.caption and not _is_filled_in(item, alt):
            caption = Found(item.caption, "JSON-LD caption", item.via)
        if credit is None and item.credit:
            credit = Found(item.credit, "JSON-LD credit", item.via)
    return Words(caption, credit)


def _is_filled_in(item: ImageData, alt: str | None) -> bool:
    """Whether a system filled in a caption that nobody wrote: the alt text, the file's name."""
    caption = (item.caption or "").casefold()
    return caption == (alt or "").casefold() or (" " not in caption and caption in item.url.lower())


def _merged(one: Appearance, other: Appearance) -> Appearance:
    if len(one.alternatives) >= MAX_RENDITIONS:
        return one
    urls = list(dict.fromkeys([one.url, *one.alternatives, other.url, *other.alternatives]))
    return replace(
        one,
        alternatives=tuple(url for url in urls[1:] if url),
        caption=one.caption or other.caption,
        credit=one.credit or other.credit,
        alt=one.alt or other.alt,
        evidence=one.evidence if one.caption or one.credit else other.evidence,
    )


def _with_roles(
    reading: Reading, images: list[Appearance], kept: list[tuple[Place, Verdict]]
) -> list[Appearance]:
    if not images:
        return images
    first = next((place for place, _ in kept if place.renditions), None)
    article = reading.article
    if first is not None and (first.node < article.start or first.assets & article.assets):
        images[0] = replace(images[0], role=Role.LEAD)
    return images
