"""Pictures of the article that no element shows: galleries that a script draws from its data.

Three places hold them: attributes of elements in the article, the JSON-LD of the article, and the
state that an application keeps of it. Only what has a caption or credit of its own counts, and of
a state only what stands in the object that bears the article's title, apart from other stories.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from catalogue.credit.lines import split_credit
from catalogue.model import Appearance, Evidence
from catalogue.sites import addresses
from catalogue.sites.pictures import LARGE_NAME, MAX_RENDITIONS, is_placeholder
from catalogue.sites.ranking import Rendition, rank
from catalogue.sites.reading import Reading
from catalogue.sites.structured import (
    MAX_DEPTH,
    MAX_SCRIPT,
    Json,
    article_things,
    caption_and_credit,
    first_json,
    listed,
    plain,
)
from catalogue.sites.tree import words_in
from catalogue.texts import word_set

MAX_UNSHOWN = 200
"""Pictures that are taken from what no element shows."""

_MAX_DECODED = 12_000_000
"""Characters of one script that are looked at in decoding."""

_MAX_ARTICLE = 1_000_000
"""Characters of the object that is the article."""

_MAX_BEFORE, _MAX_TRIES = 50_000, 12
"""Characters before the title in which its object begins, and places that are tried."""

_MAX_VALUES = 100_000
"""Objects and lists that are looked at in one state."""

_DECODER = json.JSONDecoder(strict=False)
_TITLE_KEY = re.compile(r'"(?:title|headline|name|heading)"\s*:\s*$')
_TITLES = ("title", "headline", "name", "heading")
_WAYS = ("url", "href", "link", "slug", "path", "permalink")
_OF_OTHERS = word_set(
    "related recommended recommendations recirculation recirc more most popular trending latest "
    "teaser teasers promo promos promotion sidebar rail footer header nav navigation menu author "
    "authors byline contributors publisher organization logo logos icon avatar profile advert "
    "adverts ads sponsor sponsored newsletter breadcrumb breadcrumbs next previous prev video "
    "videos podcast comments seo social thumbnail poster"
)
"""Words in a key, or in an object's type, that tell of something beside the article's pictures."""


def unshown(reading: Reading, images: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
    """The article's pictures that only its data name, in their order.

    Args:
        reading: The page.
        images: Its pictures that elements show: none of them is given again.
    """
    seen = {addresses.asset(url) for one in images for url in (one.url, *one.alternatives) if url}
    seen |= {asset for place in reading.places for asset in place.assets}
    told = {one.caption.casefold() for one in images if one.caption}
    found: list[Appearance] = []
    for rule, group in _groups(reading, len(images)):
        for value in group:
            if len(found) >= MAX_UNSHOWN:
                reading.notes.append(f"only {MAX_UNSHOWN} of the pictures in its data were taken")
                return tuple(found)
            made = _appearance(reading.base, value, rule)
            if made is None or made.url is None:
                continue
            asset = addresses.asset(made.url)
            caption = (made.caption or "").casefold()
            if asset in seen or (caption and caption in told):
                continue
            seen.add(asset)
            told |= {caption} - {""}
            found.append(made)
    return tuple(found)


def _groups(reading: Reading, shown: int) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    """The objects that may be pictures of the article, by the rule that found them.

    One alone is no gallery: most likely it is another crop of what the page shows, where it shows
    any.
    """
    least = shown + 2 if shown else 1
    tree, article = reading.tree, reading.article
    body = range(article.body, tree.end[article.body])
    for script in tree.scripts:
        if script.kind == "attribute":
            if script.node not in body or not _tells_words(script.text):
                continue
            standing = article.surroundings.of(script.node)
            inside = script.node + 1 if tree.end[script.node] > script.node + 1 else script.node
            own = article.surroundings.of(inside)
            if standing.surely or own.surely or tree.words(script.node) & _OF_OTHERS:
                continue
            rule, roots = "data of an element", [first_json(script.text[:MAX_SCRIPT])]
        elif "ld+json" in script.kind or script.text.count('aption"') < least:
            continue
        else:
            rule, roots = "state of the article", _articles(script.text, reading.metadata.title)
        pictures = [one for root in roots for one in _pictures(root)]
        if len(pictures) > 1 or (pictures and not shown):
            yield rule, pictures
    for thing in article_things(reading.told):
        items = [
            item
            for name in ("image", "associatedMedia", "hasPart")
            for item in listed(thing.get(name))
            if isinstance(item, dict) and item.get("caption")
        ]
        if len({str(item["caption"]) for item in items}) > 1:
            yield "JSON-LD of the article", items


def _tells_words(text: str) -> bool:
    return 'aption"' in text or 'redit"' in text or "legend" in text


def _articles(text: str, title: str | None) -> list[Json]:
    """The objects of a state that bear the article's title, each with what it refers to.

    Only they are decoded, not the state as a whole, save where it is one of references.
    """
    found: list[Json] = []
    left = _MAX_DECODED
    after = 0
    for written in dict.fromkeys(json.dumps(title, ensure_ascii=one) for one in (False, True)):
        at = text.find(written)
        while at >= 0 and title and left > 0:
            if at >= after and _TITLE_KEY.search(text, max(0, at - 20), at):
                value, stop, cost = _object_round(text, at)
                left -= cost
                if value is not None:
                    found.append(value)
                    after = stop
            at = text.find(written, at + len(written))
    if found and '"__ref"' in text:
        state = first_json(text[:MAX_SCRIPT])
        found = [_Linked(value, _entities(state)) for value in found]
    return found


def _object_round(text: str, at: int) -> tuple[Json, int, int]:
    """The innermost object round a position, where it ends, and the characters looked at."""
    start, cost = at, 0
    for _ in range(_MAX_TRIES):
        start = text.rfind("{", max(0, at - _MAX_BEFORE), start)
        if start < 0:
            break
        head = text[start : start + _MAX_ARTICLE]
        cost += len(head)
        try:
            value, size = _DECODER.raw_decode(head)
        except (ValueError, RecursionError):
            continue
        if start + size > at:
            return value, start + size, cost
    return None, at, cost


def _entities(state: Json) -> dict[str, Json]:
    """What a state of references holds under their names: on its first levels."""
    entities: dict[str, Json] = {}
    queue = [(state, 0)]
    for value, depth in queue:
        if isinstance(value, dict) and depth < 3:
            entities.update(value)
            queue.extend((one, depth + 1) for one in value.values())
    return entities


class _Linked(dict[str, Json]):
    """An article's object, with the others that it can refer to by their names (``__ref``)."""

    def __init__(self, value: dict[str, Json], entities: dict[str, Json]) -> None:
        super().__init__(value)
        self.entities = entities


def _pictures(root: Json) -> Iterator[dict[str, Json]]:
    """The objects under a root that have words and an address, in document order."""
    entities = root.entities if isinstance(root, _Linked) else {}
    stack = [(root, 0)]
    looked = 0
    visited: set[str] = set()
    while stack and looked < _MAX_VALUES:
        value, depth = stack.pop()
        looked += 1
        if isinstance(value, list):
            stack.extend(
                (one, depth + 1) for one in reversed(value) if isinstance(one, dict | list)
            )
            continue
        name = value.get("__ref")
        if isinstance(name, str) and name in entities and name not in visited:
            visited.add(name)
            value = entities[name]
            if not isinstance(value, dict):
                continue
        kind = value.get("__typename") or value.get("@type") or value.get("type")
        if value is not root and (_is_story(value) or words_in(str(kind)[:60]) & _OF_OTHERS):
            continue
        if value is not root and caption_and_credit(value) != (None, None):
            yield value
        if depth < MAX_DEPTH:
            inner = [
                one
                for key, one in value.items()
                if isinstance(one, dict | list) and not words_in(key[:60]) & _OF_OTHERS
            ]
            stack.extend((one, depth + 1) for one in reversed(inner))


def _is_story(value: dict[str, Json]) -> bool:
    """Whether an object tells of another page: its title, and the way there."""
    if not any(isinstance(value.get(key), str) for key in _TITLES[:2]):
        return False
    ways = [way for key in _WAYS if isinstance(way := value.get(key), str)]
    return bool(ways) and not any(addresses.is_raster(way) for way in ways)


def _appearance(base: str, value: dict[str, Json], rule: str) -> Appearance | None:
    caption, credit = caption_and_credit(value)
    if credit is None:
        credit = _named(value.get("creditText") or value.get("author"))
    if caption and not credit:
        parts = split_credit(caption)
        caption, credit = parts.caption, parts.credit
    renditions = _renditions(base, value)
    if not renditions or not (caption or credit):
        return None
    urls = rank(renditions)
    return Appearance(
        url=urls[0],
        alternatives=tuple(urls[1:]),
        caption=caption,
        credit=credit,
        evidence=(
            Evidence(
                field="script",
                text=(caption or credit or "")[:200],
                says="picture of the article",
                rule=rule,
            ),
        ),
    )


def _named(value: Json) -> str | None:
    return plain(value) or None if isinstance(value, str) else None


def _renditions(base: str, value: dict[str, Json]) -> list[Rendition]:
    """The addresses of one picture in an object, save in inner ones with words of their own.

    What stands in a list may be other pictures: there the first, and what goes by its name.
    """
    own: list[Rendition] = []
    listed_ones: list[Rendition] = []
    queue: list[tuple[Json, bool]] = [(value, False)]
    for item, in_list in queue:
        if len(own) + len(listed_ones) >= MAX_RENDITIONS or len(queue) > 10 * MAX_RENDITIONS:
            break
        named = item.items() if isinstance(item, dict) else (("", one) for one in item)
        width = item.get("width") if isinstance(item, dict) else None
        told = width if isinstance(width, int) and 0 < width < 100_000 else None
        for key, one in named:
            if isinstance(one, str) and addresses.is_raster(one):
                url = addresses.absolute(one, base)
                if url and not is_placeholder(url):
                    rendition = Rendition(url, told, "script", bool(LARGE_NAME.search(key[:60])))
                    (listed_ones if in_list else own).append(rendition)
            elif isinstance(one, list):
                queue.append((one, True))
            elif isinstance(one, dict) and caption_and_credit(one) == (None, None):
                queue.append((one, in_list))
    known = {addresses.asset(one.url) for one in own or listed_ones[:1]}
    own += [one for one in listed_ones if addresses.asset(one.url) in known]
    return sorted(own, key=lambda one: not one.large)
