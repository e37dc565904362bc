"""From what was seen to what follows: leads through the pictures that wait, group by group.

What follows for one is :mod:`catalogue.deriving`. Everything here can be done again at any time,
without the network.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalogue import renditions
from catalogue.corrections import CORRECTABLE, RENDITION_FIELDS
from catalogue.deriving import Attribute, ReadCredit, derive, is_picture, without_rules
from catalogue.images import fingerprint
from catalogue.model import Correction, Finding, Pair, Sighting
from catalogue.registry import Registry
from catalogue.store import Store
from catalogue.store.groups import ALL

if TYPE_CHECKING:
    from PIL.Image import Image

Look = Callable[[str], "Image | None"]
"""A stored file's small copy to compare by."""

Progress = Callable[[int, int], None]
"""Called with the number of pictures done and of all that are to be done."""

_AT_ONCE = 200
"""Pictures that are written together: others who write wait for one such lot, not for all."""
_LOOKED = 500
"""Small copies that are held to compare by, some 30 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What an index did."""

    looked_at: int
    """Pictures whose verdicts were derived anew."""
    total: int
    """Pictures in the catalogue."""
    failed: tuple[str, ...] = ()
    """Pictures at which a rule failed, with what happened: ID, colon, words."""


def index(
    store: Store,
    registry: Registry,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    attribute: Attribute | None = None,
    read_credit: ReadCredit | None = None,
) -> IndexReport:
    """Derive everything that can be derived, for what is new or for all.

    May be stopped at any time: what has not been looked at is looked at the next time. Searches go
    on meanwhile, and find what was found before.

    Args:
        store: The catalogue.
        registry: The facts that rules rest on.
        rebuild: Do all anew, as after the registry or the rules improved.
        progress: Is told how far it is.
        attribute: Another attribution than the program's own.
        read_credit: Another reader of credit lines.

    Raises:
        CatalogueUnusable: The catalogue is read-only, or locked for too long.
    """
    if rebuild:
        store.look_anew()
    looked_at, failed = 0, []
    total = store.count_waiting() if progress is not None else 0
    for number, wrong in lots(store, registry, attribute=attribute, read_credit=read_credit):
        looked_at += number
        failed += wrong
        if progress is not None:
            progress(min(looked_at, total), total)
    if looked_at:
        store.tidy()
    return IndexReport(looked_at=looked_at, total=store.count(), failed=tuple(failed))


def lots(
    store: Store,
    registry: Registry,
    *,
    attribute: Attribute | None = None,
    read_credit: ReadCredit | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Derive what waits, lot by lot, and no more than that: the upkeep is left to :func:`index`.

    Yields:
        When a lot was written, its number of pictures, and those at which a rule failed.
    """
    attribute = attribute or _attribute()
    read_credit = read_credit or _read_credit()
    after = ""
    while batch := store.waiting(after=after, limit=_AT_ONCE):
        findings, failed = [], []
        for sightings in _regrouped(store, [key for key, _ in batch]):
            group = tuple(sightings)
            said = _said_of(store, group)
            for key, sighting in sightings.items():
                others = (other for name, other in sightings.items() if name != key)
                whole = renditions.together(sighting, others)
                try:
                    finding = derive(whole, said, registry, attribute, read_credit)
                except Exception as error:  # one odd picture must not keep others from being found
                    words = f"{type(error).__name__}: {error}"
                    failed.append(f"{key}: {words}")
                    finding = without_rules(whole, said, registry, words)
                findings.append(_in_group(finding, group))
        store.write(findings, batch)
        after = batch[-1][0]
        yield len(findings), failed


# --- files of one picture ---------------------------------------------------------------------


def _regrouped(store: Store, keys: list[str]) -> list[dict[str, Sighting]]:
    """The pictures that have to be derived, as groups of their files by ID, the best first.

    These are the given ones, all that show the same picture as one of them, and all that did so
    until now.
    """
    known = {key: found for key in keys if is_picture(found := store.sighting(key))}
    names = {key: renditions.names_of(found) for key, found in known.items()}
    store.mark({key: names[key].marks for key in known})
    # Files of one picture are compared each with each: none is decoded anew for every pair.
    look = functools.lru_cache(_LOOKED)(functools.partial(_look, store))
    store.pair_up({key: _pairs(store, found, names, look) for key, found in known.items()})
    reached, pairs, joined, apart, alone = {}, {}, set(), set(), set()
    ahead = [other for key in keys for other in (key, *store.shown_as_one(key))]
    while ahead:
        key = ahead.pop()
        if key in reached:
            continue
        reached[key] = known.get(key) or store.sighting(key)
        for pair in store.pairs_of(key):
            pairs[pair.one, pair.other] = pair
            ahead += (pair.one, pair.other)
        same, not_same = store.said_of_files(key)
        joined |= {(min(key, other), max(key, other)) for other in same}
        apart |= {(key, other) for other in not_same}
        if ALL in not_same:
            alone.add(key)
        ahead += same
    pictures = [key for key, found in reached.items() if is_picture(found)]
    grouped = renditions.groups(pictures, pairs.values(), joined, apart, alone)
    return [
        {key: reached[key] for key in renditions.best_first({key: reached[key] for key in group})}
        for group in grouped
    ]


def _pairs(
    store: Store, sighting: Sighting, names: dict[str, renditions.Names], look: Look
) -> tuple[list[Pair], list[str]]:
    """The pairs that a picture is in, and the pictures at which their turn has not come."""
    own = names[sighting.id]
    now, later = store.proposed(
        sighting, own.marks, near=renditions.NEAR, limit=renditions.COMPARED
    )
    found = []
    for other in now:
        seen = store.sighting(other)
        if sighting.image is None or seen.image is None or not is_picture(seen):
            continue
        theirs = names.get(other) or renditions.names_of(seen)
        alike = functools.partial(_agree, look, sighting.image.file, seen.image.file)
        pair = renditions.verdict((sighting.id, own), (other, theirs), alike)
        if pair is not None:
            found.append(pair)
    return found, later


def _look(store: Store, file: str) -> Image | None:
    try:
        with store.files.local(file) as path:
            return fingerprint.look(path)
    except OSError:
        return None


def _agree(look: Look, one: str, other: str) -> bool:
    first, second = look(one), look(other)
    return first is not None and second is not None and fingerprint.agree(first, second)


def _said_of(store: Store, group: tuple[str, ...]) -> tuple[Correction, ...]:
    """What a person said of a picture in any of its files; of two words the later."""
    said: dict[str, Correction] = {}
    for key in group:
        for one in store.corrections(key):
            if one.field in RENDITION_FIELDS or one.field not in CORRECTABLE:
                continue  # the latter is a word that another version understands
            if one.field not in said or one.made > said[one.field].made:
                said[one.field] = one
    return tuple(said[field] for field in sorted(said))


def _in_group(finding: Finding, group: tuple[str, ...]) -> Finding:
    if len(group) == 1:
        return finding
    return dataclasses.replace(
        finding, record=dataclasses.replace(finding.record, renditions=group)
    )


# --- the rules, which are loaded when there is something to derive --------------------------------


def _attribute() -> Attribute:
    from catalogue.attribution import attribute

    return attribute


def _read_credit() -> ReadCredit:
    from catalogue.credit import read_credit

    return read_credit
