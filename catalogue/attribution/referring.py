"""What nouns and names mean by what stands round them: «the rover», «Perseverance Valley»."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from catalogue.attribution.naming import Name
from catalogue.attribution.reading import Mention, Reading
from catalogue.attribution.words import CLASS, CRAFT_NOUNS
from catalogue.registry import Registry
from catalogue.texts import word_set

EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A sign of a script without spaces."""


class Referring:
    """What nouns and shared names mean beside the names of a registry."""

    def __init__(self, registry: Registry) -> None:
        self.kinds = {slug: craft.kind for slug, craft in registry.spacecraft.items()}
        self._kin = _kin(registry)

    def travellers(self, slugs: Iterable[str]) -> frozenset[str]:
        """Spacecraft, what brought them, and what they brought."""
        return frozenset(kin for slug in slugs for kin in self._kin.get(slug, ()))

    def refine(
        self, reading: Reading, known: frozenset[str], workers: Callable[[], frozenset[str]]
    ) -> None:
        """Tell places named after spacecraft, nouns that belong to a name or refer to one.

        Args:
            reading: It gets the letters and mentions that follow.
            known: Spacecraft that other texts of the picture name.
            workers: Those that worked at the places that the text names.
        """
        code, low = reading.code, reading.low
        if "S" not in code and "G" not in code:
            return
        codes = list(code)
        for at, mention in list(reading.crafts()):
            if len(mention.slugs) > 1 and (told := self._told_kind(code, reading, at)):
                name = replace(mention.name, slugs=self._of_kind(mention.name, told).slugs)
                reading.mentions[at] = replace(mention, name=name)
        named = list(reading.crafts())
        for at, mention in list(named):
            if self._is_place(mention, low):
                codes[at] = "Q"
                del reading.mentions[at]
                if low[mention.stop] not in _POSSESSIVES:
                    named.remove((at, mention))  # «Perseverance Valley» is no rover's
        for at in [place for place, letter in enumerate(codes) if letter == "G"]:
            if self._belongs(codes, at):
                codes[at] = "g"
                continue
            noun = low[reading.starts[at]]
            kinds = CRAFT_NOUNS.get(noun)
            if kinds is None or not self._definite(codes, reading, at):
                continue
            meant = self._referent(kinds, at, named, reading, known)
            if meant is None and not named and not known:
                meant = self._only_one(workers(), kinds)  # «the rover's view of Jezero Crater»
            if meant is not None:
                codes[at] = "R"
                start = reading.starts[at]
                reading.mentions[at] = Mention(meant, start, start + 1, by_reference=True)
        reading.code = "".join(codes)

    def _told_kind(self, code: str, reading: Reading, at: int) -> frozenset[str]:
        """What kind is told of a name that several share: «the orbiter of Viking 1»."""
        found = _KIND_OF.search(code, max(0, at - 4), at) or _ITS_KIND.match(code, at + 1)
        if found is None:
            return frozenset()
        return CRAFT_NOUNS.get(reading.low[reading.starts[found.start("noun")]], frozenset())

    def _belongs(self, codes: list[str], at: int) -> bool:
        """Whether a noun stands beside a name, as part of it."""
        for step in (1, -1):
            near = at + step
            while 0 <= near < len(codes) and codes[near] in "mgA":
                near += step
            if 0 <= near < len(codes) and codes[near] in "SQ":
                return True
        return False

    def _definite(self, codes: list[str], reading: Reading, at: int) -> bool:
        """Whether a noun means one that is known: «the rover», «the lander's», 火星车.

        Titles leave articles out.
        """
        low, starts = reading.low, reading.starts
        noun = low[starts[at]]
        if EAST.match(noun):
            return True
        for near in range(at - 1, max(-1, at - 6), -1):
            if codes[near] in "ty":
                return low[starts[near]] not in _INDEFINITE
            if low[starts[near]] in _WITH_ARTICLE:
                return True
            if codes[near] not in 'xXmA-"':
                break
        return reading.where == "title" and noun[-1] != "s"

    def _is_place(self, mention: Mention, low: list[str]) -> bool:
        here, places = mention.stop, _PLACES
        if mention.name.common and mention.start and low[mention.start - 1] in _LANDFORMS:
            return True
        if here < len(low) and low[here] in _POSSESSIVES:
            here, places = here + 1, _LEFT_BEHIND
        while here < len(low) and low[here] in _BEFORE_PLACE:
            here += 1
        return here < len(low) and low[here] in places

    def _referent(
        self,
        kinds: frozenset[str],
        at: int,
        named: list[tuple[int, Mention]],
        reading: Reading,
        known: frozenset[str],
    ) -> Name | None:
        """The spacecraft that a noun refers to: the last named, else the only one that fits.

        What another is compared with (*its twin Mariner 6*) is meant where no other is.
        """
        candidates = [
            (place, one)
            for place, one in named
            if any(self.kinds.get(slug) in kinds for slug in one.slugs)
        ]
        told = [(place, one) for place, one in candidates if not _is_compared(one, reading.low)]
        candidates = told or candidates
        before = [one for place, one in candidates if place < at]
        if before:
            return self._of_kind(before[-1].name, kinds)
        behind = {one.slugs: one for _, one in candidates}
        if len(behind) == 1:
            return self._of_kind(next(iter(behind.values())).name, kinds)
        # «the helicopter», where only the rover that brought it is named
        telling = {slug for _, one in named for slug in one.slugs}
        telling.update(one.carriers[0] for _, one in reading.cameras() if len(one.carriers) == 1)
        return self._only_one(self.travellers(telling | known), kinds)

    def _only_one(self, slugs: frozenset[str], kinds: frozenset[str]) -> Name | None:
        fitting = [slug for slug in sorted(slugs) if self.kinds.get(slug) in kinds]
        return Name((fitting[0],)) if len(fitting) == 1 else None

    def _of_kind(self, name: Name, kinds: frozenset[str]) -> Name:
        slugs = tuple(slug for slug in name.slugs if self.kinds.get(slug) in kinds)
        return Name(slugs or name.slugs)


def _kin(registry: Registry) -> dict[str, tuple[str, ...]]:
    """For each spacecraft: itself, what brought it, and what it brought."""
    kin = {slug: [slug] for slug in registry.spacecraft}
    for slug, craft in registry.spacecraft.items():
        if craft.carried_by:
            kin[slug].append(craft.carried_by)
            kin[craft.carried_by].append(slug)
    return {slug: tuple(slugs) for slug, slugs in kin.items()}


def _is_compared(mention: Mention, low: list[str]) -> bool:
    return mention.start > 0 and CLASS.get(low[mention.start - 1]) in {"N", "Y"}


_KIND_OF = re.compile("(?P<noun>G)d?ot?\\Z")
_ITS_KIND = re.compile("'(?P<noun>G)")
"""«The orbiter of» before a name; «'s lander» behind it."""
_POSSESSIVES = word_set("'s ’s ' ’")
_INDEFINITE = word_set("a an eine ein einer einem une un una uno um uma een that these")
_WITH_ARTICLE = word_set(
    "del du dello della dell do da dal dallo dalla vom am beim zum zur pelo pela"
)
"""Prepositions that hold an article."""
_LEFT_BEHIND = word_set(
    "landing ellipse site sites tracks track trail spuren landestelle landeplatz anniversary"
    " journey route traverse"
)
"""What a spacecraft has that is no part of it."""
_LANDFORMS = word_set(
    "crater krater cratère cráter cratere cratera mount valley asteroid astronomer"
)
"""What stands before the name of a place or a person: «the crater Schiaparelli»."""
_PLACES = _LEFT_BEHIND | word_set("""
    valley crater craters krater kraters einschlagskrater einschlagskraters hills hill rock ridge
    plateau memorial heritage museum airport arizona az
    """)
_BEFORE_PLACE = word_set("""
    - rover lander landing touchdown wheel mars future proposed planned first second third fifth
    tenth
    """)
