"""What the sentences of a text say of spacecraft and cameras, as signs to be weighed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from catalogue.attribution.grammar import Cue, Role, cues
from catalogue.attribution.mentions import Lexicon
from catalogue.attribution.reading import Mention, Reading
from catalogue.attribution.weighing import Part, Sign

TRUST = {
    "caption": 1.0,
    "description": 0.95,
    "alt": 0.9,
    "title": 0.85,
    "page title": 0.45,
}
"""How far each text is to be trusted, as compared with a caption."""
ALONE, FIRST, FURTHER = 0.6, 0.45, 0.3
"""A spacecraft is named: alone, before others, behind another."""
OF_THE_CRAFT = 0.75
"""A camera is named as that of a spacecraft."""
NEAR_START = 45
"""Words within which a caption speaks of its picture."""
NEAR_PART = 60
"""Words behind which a part of a spacecraft is mostly told of for another reason."""
ON_GROUND = frozenset({"rover", "lander", "helicopter"})
"""Kinds of spacecraft that stand on Mars."""
_DOES = re.compile("g?[xXke]?[ar]")
"""Behind a name: «that InSight felt», where it is named for what it did."""
_PART_OF = {
    Role.AGENT: Part.TOOK,
    Role.OBJECT: Part.SEEN,
    Role.PART: Part.PART_SEEN,
    Role.ELSEWHERE: Part.ASIDE,
}


def signs_of(reading: Reading, lexicon: Lexicon) -> Iterator[Sign]:
    """All that the sentences of a text say, and who is merely named in it."""
    trust = TRUST.get(reading.where, 0.5)
    found = list(cues(reading))
    aside = {cue.at for cue in found if cue.role is Role.ELSEWHERE}
    past = {cue.at for cue in found if cue.role is Role.ELSEWHERE and cue.weight >= 0.8}
    bound = dict(_bound(reading, lexicon)) | dict(_misnamed(reading, found, lexicon))
    cameras_seen = set()
    for cue in found:
        part, slugs = _PART_OF[cue.role], cue.mention.slugs
        if (cue.at in aside and part is Part.SEEN) or (cue.at in past and part is Part.TOOK):
            continue
        if cue.mention.name.is_camera:
            if part in {Part.SEEN, Part.PART_SEEN}:
                cameras_seen.add(cue.at)
                part, slugs = Part.PART_SEEN, cue.mention.carriers
            else:
                part, slugs = Part.CAMERA, bound.get(cue.at, slugs)
        elif cue.rule == "picture of" and not _grounded(slugs, lexicon):
            part = Part.NAMED  # «images of the Viking orbiters» are by them
        elif cue.rule == "picture of an orbiter" and _grounded(slugs, lexicon):
            slugs = ()  # «Bild der Sonde» is by it, «Bild der Landesonde» of it
        elif cue.rule == "stands" and not _grounded(slugs, lexicon):
            slugs = ()
        words = reading.quote(cue.start, cue.stop)
        if slugs:
            far = part is Part.PART_SEEN and cue.weight <= 0.6 and cue.start > NEAR_PART
            weight = cue.weight * trust * (0.6 if far else 1.0)
            yield Sign(part, slugs, weight, reading.where, words, cue.rule)
        if cue.rule in {"camera of", "its camera"}:
            for at in range(cue.start, cue.stop):
                if at in reading.mentions and reading.mentions[at].name.is_camera:
                    slugs = bound.get(at, reading.mentions[at].slugs)
                    if slugs:
                        yield Sign(
                            Part.CAMERA, slugs, OF_THE_CRAFT * trust, reading.where, words, cue.rule
                        )
    yield from _named(reading, aside, trust)
    for at, one in reading.cameras():
        slugs = bound.get(at, one.slugs)
        if slugs and at not in cameras_seen:
            words = reading.words_of(one)
            yield Sign(Part.CAMERA_NAMED, slugs, 0.6 * trust, reading.where, words, "camera named")


def _grounded(slugs: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether one of some spacecraft, at least, stands on Mars."""
    return any(lexicon.kinds.get(slug) in ON_GROUND for slug in slugs)


def _named(reading: Reading, aside: set[int], trust: float) -> Iterator[Sign]:
    crafts = [(at, one) for at, one in reading.crafts() if not one.by_reference]
    several = len({one.slugs for at, one in crafts if at not in aside}) > 1
    lead: Counter[tuple[str, ...]] = Counter()
    for at, one in crafts:
        lead[one.slugs] += 1 if at in aside else -1
    for number, (at, one) in enumerate(crafts):
        weight = (ALONE if not several else FIRST if number == 0 else FURTHER) * trust
        words = reading.words_of(one)
        if at in aside or lead[one.slugs] >= 0:
            weight *= 0.5
        yield Sign(Part.NAMED, one.slugs, weight, reading.where, words, "named")
        does = _DOES.match(reading.code, at + 1)
        if at not in aside and not does and len(one.slugs) <= 2:
            near = reading.where in {"title", "alt"} or one.start < NEAR_START
            beside = 0.55 if near else 0.25
            yield Sign(Part.BESIDE, one.slugs, beside, reading.where, words, "named beside")


def _bound(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Cameras that several spacecraft carry: those of the one that is named nearest by."""
    instruments = lexicon.registry.instruments
    for at, camera in reading.cameras():
        if len(camera.carriers) < 2:
            continue
        start, stop = reading.sentence(at)
        near = [
            (abs(place - at), one.slugs[0])
            for place, one in reading.crafts()
            if start <= place < stop and len(one.slugs) == 1 and one.slugs[0] in camera.carriers
        ]
        if near:
            craft = min(near)[1]
            yield at, tuple(slug for slug in camera.slugs if craft in instruments[slug].spacecraft)


def _misnamed(
    reading: Reading, found: list[Cue], lexicon: Lexicon
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Cameras that are said to be a spacecraft's that has none of that name: its nearest ones.

    «The Mastcam of Perseverance» is its Mastcam-Z.
    """
    registry = lexicon.registry
    for cue in found:
        if cue.rule not in {"camera of", "its camera"} or len(cue.mention.slugs) != 1:
            continue
        craft = cue.mention.slugs[0]
        for at in range(cue.start, cue.stop):
            camera: Mention | None = reading.mentions.get(at)
            if camera is None or not camera.name.is_camera or craft in camera.carriers:
                continue
            names = [registry.instruments[slug].name.lower() for slug in camera.slugs]
            own = registry.spacecraft[craft].cameras if craft in registry.spacecraft else ()
            yield (
                at,
                tuple(
                    slug
                    for slug in own
                    if registry.instruments[slug].name.lower().startswith(tuple(names))
                ),
            )
