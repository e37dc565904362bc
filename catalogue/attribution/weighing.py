"""From single signs to a verdict: everything that speaks for or against a spacecraft is weighed.

Signs that agree strengthen each other as independent chances do: two of 0.8 make 0.96. A spacecraft
that is seen in the picture is its source only where something says that it took it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from catalogue.model import Evidence
from catalogue.registry import Registry

NAMED_ENOUGH = 0.35
"""A spacecraft that is named with less is named for another reason than this picture."""


class Part(StrEnum):
    """What a sign says of the spacecraft or cameras that it is about."""

    TOOK = "took"
    """It took the picture."""
    NAMED = "named"
    """It is named, and may have taken it."""
    CAMERA = "camera"
    """The picture was taken with one of these cameras."""
    CAMERA_NAMED = "camera named"
    """One of these cameras is named, and may have been used."""
    SEEN = "seen"
    """It is in the picture."""
    PART_SEEN = "part seen"
    """A part of it, or its shadow, is in the picture: mostly its own."""
    PLACE = "place"
    """A place is named where it worked: chooses between those that are named."""
    BESIDE = "beside"
    """It is named near the start: seen, where another took the picture."""
    NOT = "not"
    """It cannot have taken it."""
    ASIDE = "aside"
    """It is named for another reason than this picture."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason for or against."""

    part: Part
    slugs: tuple[str, ...]
    """Spacecraft or cameras; several where the sign cannot choose between them."""
    weight: float
    field: str
    text: str
    rule: str

    def evidence(self) -> Evidence:
        """The sign as a person reads it."""
        what = {
            Part.TOOK: "spacecraft=",
            Part.NAMED: "spacecraft=",
            Part.PLACE: "spacecraft=",
            Part.CAMERA: "instrument=",
            Part.CAMERA_NAMED: "instrument=",
            Part.SEEN: "subject=",
            Part.PART_SEEN: "subject=",
            Part.BESIDE: "subject=",
            Part.NOT: "not ",
            Part.ASIDE: "not ",
        }[self.part]
        return Evidence(
            field=self.field,
            text=self.text,
            says=what + " or ".join(self.slugs),
            rule=self.rule,
            weight=round(self.weight, 3),
        )


@dataclass(slots=True)
class Balance:
    """How much speaks for each spacecraft."""

    took: dict[str, float] = field(default_factory=dict)
    named: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    part_seen: dict[str, float] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    cameras: dict[str, float] = field(default_factory=dict)
    sees_itself: frozenset[str] = frozenset()
    """Spacecraft with a camera that leaves them."""

    def score(self, slug: str) -> float:
        """How much speaks for a spacecraft as the source, 0 to 1."""
        if slug in self.excluded:
            return 0.0
        took = self.took.get(slug, 0.0)
        seen = 0.0 if slug in self.sees_itself else self.seen.get(slug, 0.0)
        named = self.named.get(slug, 0.0)
        if seen > took:
            took *= 1 - 0.5 * seen
        part = 0.0 if self.took else 0.6 * self.part_seen.get(slug, 0.0)
        return either(took, named * (1 - 0.75 * seen), part)

    def in_picture(self) -> dict[str, float]:
        """How much speaks for each spacecraft, or a part of it, being seen."""
        slugs = dict.fromkeys((*self.seen, *self.part_seen))
        return {
            slug: either(self.seen.get(slug, 0.0), self.part_seen.get(slug, 0.0)) for slug in slugs
        }

    def ranked(self) -> list[tuple[str, float]]:
        """Spacecraft for which anything speaks, the likeliest first."""
        slugs = dict.fromkeys((*self.took, *self.named, *(() if self.took else self.part_seen)))
        scored = [(slug, self.score(slug)) for slug in slugs]
        return sorted((one for one in scored if one[1] > 0), key=lambda one: (-one[1], one[0]))


def either(*chances: float) -> float:
    """The chance that one at least of several independent signs is right.

    >>> round(either(0.8, 0.8), 2)
    0.96
    """
    left = 1.0
    for chance in chances:
        left *= 1.0 - chance
    return 1.0 - left


def weigh(signs: Iterable[Sign], registry: Registry) -> Balance:
    """Put every sign on the scales.

    Signs of the same rule from the same text count once.
    """
    balance = Balance(sees_itself=_with_cameras_to_leave(registry))
    strongest: dict[tuple[Part, tuple[str, ...], str, str], float] = {}
    for sign in signs:
        key = (sign.part, sign.slugs, sign.rule, sign.field)
        strongest[key] = max(strongest.get(key, 0.0), sign.weight)
    scales = {
        Part.TOOK: balance.took,
        Part.NAMED: balance.named,
        Part.SEEN: balance.seen,
        Part.PART_SEEN: balance.part_seen,
    }
    for (part, slugs, _, _), weight in strongest.items():
        if part in scales:
            scale = scales[part]
            share = (
                weight if len(slugs) == 1 or part in {Part.SEEN, Part.PART_SEEN} else weight * 0.9
            )
            for slug in slugs:
                before = scale.get(slug, 0.0)
                # That it is named twice tells no more than that it is named.
                scale[slug] = max(before, share) if part is Part.NAMED else either(before, share)
        elif part is Part.NOT:
            balance.excluded.update(slugs)
    for (part, slugs, _, _), weight in strongest.items():
        if part in {Part.CAMERA, Part.CAMERA_NAMED}:
            _weigh_camera(balance, part, slugs, weight, registry)
    for (part, slugs, _, _), weight in strongest.items():
        if part is Part.PLACE:
            for slug in slugs:
                if slug in balance.took or balance.named.get(slug, 0.0) > NAMED_ENOUGH:
                    balance.took[slug] = either(balance.took.get(slug, 0.0), weight)
    return balance


@lru_cache(maxsize=4)
def _with_cameras_to_leave(registry: Registry) -> frozenset[str]:
    return frozenset(one.spacecraft[0] for one in registry.instruments.values() if one.detached)


def _weigh_camera(
    balance: Balance, part: Part, cameras: tuple[str, ...], weight: float, registry: Registry
) -> None:
    """A camera speaks for its carrier; one that several carry, for those that are named."""
    entries = [registry.instruments[camera] for camera in cameras]
    carriers = dict.fromkeys(
        craft
        for entry in entries
        # What one lets go is its own; the other only brought it to Mars.
        for craft in (entry.spacecraft[:1] if entry.detached else entry.spacecraft)
    )
    for camera in cameras:
        balance.cameras[camera] = either(balance.cameras.get(camera, 0.0), weight)
    known = [
        craft
        for craft in carriers
        if craft in balance.took or craft in balance.named or craft in balance.seen
    ]
    likely = known if known and len(carriers) > 1 else list(carriers)
    if len(carriers) > 1 and not known:
        weight *= 0.9 / len(carriers)
    elif len(likely) > 1:
        weight *= 0.6
    for craft in likely:
        balance.took[craft] = either(balance.took.get(craft, 0.0), weight)


def evidence_of(signs: Iterable[Sign], verdict: str | None = None) -> tuple[Evidence, ...]:
    """What was weighed, strongest first, each thing said once.

    Args:
        signs: Everything that was gathered.
        verdict: The spacecraft that was decided on; a place speaks for nobody else.
    """
    found: dict[tuple[str, str, str], Evidence] = {}
    for sign in signs:
        if sign.part is Part.BESIDE or (sign.part is Part.PLACE and verdict not in sign.slugs):
            continue
        one = sign.evidence()
        key = (one.field, one.text, one.says)
        if key not in found or found[key].weight < one.weight:
            found[key] = one
    return tuple(sorted(found.values(), key=lambda one: -one.weight))


_MEASURED = (
    (0.0, 0.0),
    (0.33, 0.6),
    (0.6, 0.84),
    (0.7, 0.88),
    (0.8, 0.92),
    (0.9, 0.97),
    (1.0, 0.995),
)
"""Weight of the spacecraft that was decided on, and how often that was right
(``scripts/confusion.py``), held a little lower."""


def calibrated(weight: float) -> float:
    """The chance that a verdict of that weight is right.

    >>> calibrated(0.8)
    0.92
    """
    for (low, below), (high, above) in itertools.pairwise(_MEASURED):
        if weight <= high:
            return below + (above - below) * (weight - low) / (high - low)
    return _MEASURED[-1][1]
