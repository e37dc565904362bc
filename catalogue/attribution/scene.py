"""Which spacecraft are seen in a picture, of all that its texts name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from catalogue.attribution.grammar import tells_of_parts
from catalogue.attribution.sentences import BESIDE_IN_A_ROW, FOR_LATER, ON_GROUND
from catalogue.attribution.signs import Gathered
from catalogue.attribution.weighing import Balance, Part, Sign, either
from catalogue.model import Kind
from catalogue.registry import Instrument, Registry
from catalogue.texts import word_set

SEEN_ENOUGH = 0.45
"""What speaks for a spacecraft being in the picture must weigh so much."""
TOLD = 0.5
"""With less that says that a spacecraft took the picture, that it is seen counts as well."""
NEARBY = 1.0
"""Degrees within which one spacecraft on the ground can have seen another, or the way to it."""
_STAND_INS = word_set(
    "prototype prototypes model models replica replicas copy copies mockup twin sibling testbed"
    " duplicate modell backup nachbau nachbildung attrappe maquette réplique"
    " réplica maqueta modello"
)
"""What is called so is not the spacecraft itself."""
_LEFT_ON_GROUND = word_set(
    "parachute parachutes chute backshell heatshield shield wreckage debris airbags hardware"
    " fallschirm hitzeschild trümmer bouclier paracaídas paracadute paraquedas"
)
"""What orbiters see of a landing."""
_TELLING = frozenset({"title", "caption", "description", "alt"})


class Scene:
    """What the signs of one picture say of what is in it."""

    def __init__(
        self, found: Gathered, signs: list[Sign], balance: Balance, registry: Registry
    ) -> None:
        self.found = found
        self.signs = signs
        self.balance = balance
        self.registry = registry

    def subjects(self, kind: Kind, source: str | None, camera: str | None) -> tuple[str, ...]:
        """Spacecraft that are seen: told so, or named beside the one that took the picture."""
        if kind in {Kind.PEOPLE, Kind.LAB, Kind.TELESCOPE, Kind.PLOT}:
            return ()
        if kind is Kind.VIDEO:
            if source is None:
                return ()
            kind = Kind.PHOTO
        if kind is Kind.EARTH_HARDWARE and (self.has(_STAND_INS) or self._shows_a_test_model()):
            return ()
        balance, found = self.balance, set()
        sees_itself = camera is not None and _sees_itself(self.registry.instruments[camera])
        beside = self._beside(source, kind)
        for slug in dict.fromkeys((*balance.in_picture(), *beside)):
            seen, part = balance.seen.get(slug, 0.0), balance.part_seen.get(slug, 0.0)
            if slug == source:
                if self.is_selfie():
                    part = 1.0
                told = balance.took.get(slug, 0.0) >= TOLD and not sees_itself
                shown = part if told else either(seen, part)
            elif self._may_be_seen(slug, source, kind) and not (
                kind is Kind.PHOTO and beside.get(slug) == BESIDE_IN_A_ROW
            ):
                shown = either(seen, part, beside.get(slug, 0.0))
            else:
                shown = either(seen, part)
            if shown >= SEEN_ENOUGH and self._in_sight(slug, source):
                found.add(slug)
        if kind is Kind.PHOTO and not found and source is not None:
            found.update(self._left_below(source))
        if kind is Kind.EARTH_HARDWARE and not found:
            found.update(next((one.slugs for one in self.signs if one.rule == FOR_LATER), ()))
        alone = not found or (source and self.registry.spacecraft[source].kind == "lander")
        if source is not None and alone and self._tells_of_own_parts(source):
            found.add(source)
        if source is not None and (self.is_selfie() or (sees_itself and self._is_turned(camera))):
            found.add(source)
        return tuple(sorted(found))

    def _left_below(self, source: str) -> Iterator[str]:
        """Of what an orbiter sees: the one on the ground that is named, where parts are told."""
        kinds = {slug: self.registry.spacecraft[slug].kind for slug in self.balance.named
                 if slug in self.registry.spacecraft}  # fmt: skip
        below = [slug for slug, kind in kinds.items() if kind in ON_GROUND]
        above = self.registry.spacecraft[source].kind == "orbiter"
        if above and len(below) == 1 and self.has(_LEFT_ON_GROUND):
            yield below[0]

    def _beside(self, source: str | None, kind: Kind) -> dict[str, float]:
        """Spacecraft that are named beside the source, by a name that does not mean it as well."""
        named: dict[str, float] = {}
        for sign in self.signs:
            if sign.rule == FOR_LATER and kind is not Kind.ARTWORK:
                continue
            if sign.part is Part.BESIDE and source not in sign.slugs:
                for slug in sign.slugs:
                    named[slug] = max(named.get(slug, 0.0), sign.weight)
        return named

    def _may_be_seen(self, slug: str, source: str | None, kind: Kind) -> bool:
        """Whether a spacecraft that is named beside its source is likely to be in the picture."""
        if kind in {Kind.ARTWORK, Kind.EARTH_HARDWARE, Kind.COMPOSITE}:
            return True
        crafts = self.registry.spacecraft
        if kind is not Kind.PHOTO or source is None or slug not in crafts:
            return False
        # What orbits is hardly ever seen, and what passes by or looks from afar sees none.
        return crafts[slug].kind in ON_GROUND and crafts[source].kind not in {"telescope", "flyby"}

    def _in_sight(self, slug: str, source: str | None) -> bool:
        """Whether a spacecraft can be seen at all: what stands elsewhere on Mars cannot."""
        crafts = self.registry.spacecraft
        if slug not in crafts:
            return False
        here = crafts[source].landing_site if source else None
        there = crafts[slug].landing_site
        if here is None or there is None or here.lat is None or there.lat is None:
            return True
        return abs(here.lat - there.lat) < NEARBY and (
            here.lon_e is None or there.lon_e is None or abs(here.lon_e - there.lon_e) < NEARBY
        )

    def _tells_of_own_parts(self, source: str) -> bool:
        return self.registry.spacecraft[source].kind in ON_GROUND and any(
            tells_of_parts(reading) for reading in self.found.readings if reading.where in _TELLING
        )

    def _is_turned(self, camera: str | None) -> bool:
        """Whether a camera cannot but show its own spacecraft."""
        entry = self.registry.instruments[camera or ""]
        return entry.detached or bool(entry.mounted_on)

    def is_selfie(self) -> bool:
        """Whether a text tells of a self-portrait."""
        return any("Z" in reading.code for reading in self.found.readings)

    def _shows_a_test_model(self) -> bool:
        """Whether a text tells of a «test rover»."""
        return any(
            pair[0] == "test" and pair[1].rstrip("s") in ON_GROUND
            for reading in self.found.readings
            for pair in itertools.pairwise(reading.low)
        )

    def has(self, words: frozenset[str]) -> bool:
        """Whether a text has one of some words."""
        return any(not words.isdisjoint(reading.low) for reading in self.found.readings)


def _sees_itself(camera: Instrument) -> bool:
    return camera.selfies or camera.detached or bool(camera.mounted_on)
