"""Which files show one picture: sizes, crops, recompressions and other formats of it.

Names and the fingerprint only *propose* that two files are one picture; what decides is told by
:func:`verdict`, in this order:

1. a person's word, ``same_as`` or ``not_same_as``;
2. the identifier in the names of the files: one identifier is one picture, and two identifiers of
   one archive are two pictures, however alike they look (frames of one descent, a stereo pair);
3. a comparison of pixels, where names or the fingerprint propose.

Everything here is pure. The pairs that were found are kept by the store with their reason, and
:func:`groups` makes groups of them, in which a person's «not this» is never overruled.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from catalogue.identify import identify
from catalogue.model import Identity, Pair, Sighting
from catalogue.sites.addresses import asset, size_free

NEAR = 12
"""Bits of 64 in which fingerprints may differ for a pair to be proposed. Renditions of one picture
are up to 3 apart, crops of it by a tenth 10 to 12, and frames a second apart begin at 7: so a
proposal it is, and pixels decide."""

COMPARED = 8
"""Pictures at the most with whose pixels those of a new one are compared: the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the names of a picture's file tell."""

    identities: tuple[Identity, ...] = ()
    """Of product identifiers, with ``text`` extended by the figure's number, where there is one."""
    families: tuple[str, ...] = ()
    """What all addresses of renditions by one service share."""

    @property
    def marks(self) -> tuple[int, ...]:
        """Numbers by which files with a name in common find each other: signed, of 64 bits."""
        said = [f"product {one.product_id}" for one in self.identities]
        said += [f"family {family}" for family in self.families]
        return tuple(sorted({_number(one) for one in said}))


def names_of(sighting: Sighting) -> Names:
    """What the names of a picture tell: addresses that it had, or the path of its file.

    Args:
        sighting: All that was seen of it.
    """
    addresses: dict[str, None] = {}
    for shown in sighting.appearances:
        said = shown.appearance
        for address in (said.url, *said.alternatives, *((shown.address,) if shown.alone else ())):
            if address:
                addresses[address] = None
    identities: dict[str, Identity] = {}
    families: dict[str, None] = {}
    for address in addresses:
        name = re.split(r"[?#]", address.rstrip("/"))[0].rpartition("/")[2]
        identity = identify(name) or identify(address)
        if identity is not None and identity.product_id:
            product = identity.product_id + _figure(name)
            identities.setdefault(product, dataclasses.replace(identity, product_id=product))
        # A file's family is its name: the folder that somebody keeps it in tells nothing.
        family = asset(address) if "://" in address else size_free(name.rpartition(".")[0])
        family = _CONTENT_HASH.sub("", family.lower())
        if len(family) >= 5:
            families[family] = None
    return Names(identities=tuple(identities.values()), families=tuple(families))


_FIGURE = re.compile(r"[_-]?(fig(?:ure)?[_-]?[0-9a-z]{1,2})(?![a-z])", re.IGNORECASE)
_CONTENT_HASH = re.compile(r"[-_.](?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,40}$")
"""Savers of pages and builders of sites put a hash of the content behind a name."""


def _figure(name: str) -> str:
    """A release's figures are pictures of their own: ``PIA17936_fig1``."""
    found = _FIGURE.search(name)
    return f"_{re.sub(r'[_-]', '', found[1]).lower()}" if found else ""


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def verdict(
    one: tuple[str, Names], other: tuple[str, Names], alike: Callable[[], bool]
) -> Pair | None:
    """Whether two proposed files show one picture, and why.

    Args:
        one: ID and names.
        other: ID and names.
        alike: Compares their pixels; false where they cannot be compared.
    """
    first, second = sorted((one[0], other[0]))
    ours = {identity.product_id for identity in one[1].identities}
    theirs = {identity.product_id for identity in other[1].identities}
    if shared := sorted(str(product) for product in ours & theirs):
        why = f"both are named {shared[0]}"
        return Pair(one=first, other=second, why=why, strength=1.0)
    if _two_of_one_archive(one[1], other[1]):
        return None
    if not alike():
        return None
    if common := sorted(set(one[1].families) & set(other[1].families)):
        why, strength = f"their names share {common[0]!r}, and their pixels agree", 0.95
    else:
        why, strength = "their pixels agree", 0.9
    return Pair(one=first, other=second, why=why, strength=strength)


def _two_of_one_archive(one: Names, other: Names) -> bool:
    archives = {(identity.spacecraft, identity.instrument) for identity in one.identities}
    return any(
        (identity.spacecraft, identity.instrument) in archives for identity in other.identities
    )


def groups(
    members: Iterable[str],
    pairs: Iterable[Pair],
    joined: Collection[tuple[str, str]] = (),
    apart: Collection[tuple[str, str]] = (),
    alone: Collection[str] = (),
) -> list[tuple[str, ...]]:
    """The groups that pairs make, each sorted; a picture without any is a group of its own.

    The same for the same pairs, in whatever order they were found.

    Args:
        members: IDs.
        pairs: What the rules found.
        joined: Pairs that a person joined.
        apart: Pairs that a person split; they are never in one group, whatever joins others.
        alone: IDs that a person took out of every group.
    """
    group = {key: {key} for key in sorted(set(members))}
    cut = {frozenset(pair) for pair in apart}

    def join(one: str, other: str) -> None:
        ours, theirs = group.get(one), group.get(other)
        if ours is None or theirs is None or ours is theirs:
            return
        if any(frozenset((a, b)) in cut for a in ours for b in theirs):
            return
        ours |= theirs
        for key in theirs:
            group[key] = ours

    for one, other in sorted(joined):
        join(one, other)
    for pair in sorted(pairs, key=lambda pair: (-pair.strength, pair.one, pair.other)):
        if pair.one not in alone and pair.other not in alone:
            join(pair.one, pair.other)
    found = {id(keys): tuple(sorted(keys)) for keys in group.values()}
    return sorted(found.values())


def best_first(sightings: Mapping[str, Sighting]) -> tuple[str, ...]:
    """IDs of one picture's files, the best first: sound, then large, then little compressed."""

    def worth(key: str) -> tuple[object, ...]:
        image = sightings[key].image
        if image is None:
            return (2, 0, 0, key)
        facts = image.facts
        return (int(facts.damage is not None), -facts.width * facts.height, -image.bytes, key)

    return tuple(sorted(sightings, key=worth))


def together(own: Sighting, others: Iterable[Sighting]) -> Sighting:
    """What was seen of a picture in any of its files, seen from one: its own comes first.

    Args:
        own: What was seen of the file itself.
        others: Of the other files of the same picture, best first.
    """
    image, appearances = own.image, list(own.appearances)
    for other in others:
        appearances += other.appearances
        if image is not None and other.image is not None:
            known = {(one.name, one.value) for one in image.facts.embedded}
            more = [one for one in other.image.facts.embedded if (one.name, one.value) not in known]
            facts = dataclasses.replace(image.facts, embedded=(*image.facts.embedded, *more))
            image = dataclasses.replace(image, facts=facts)
    return Sighting(id=own.id, appearances=tuple(appearances), image=image)
