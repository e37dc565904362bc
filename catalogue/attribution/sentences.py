"""What the sentences of a text say of spacecraft and cameras, as signs to be weighed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from catalogue.attribution.grammar import SIMILAR, Cue, Role, cues
from catalogue.attribution.mentions import Lexicon
from catalogue.attribution.reading import Mention, Reading
from catalogue.attribution.weighing import Part, Sign
from catalogue.texts import word_set

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
BESIDE, BESIDE_IN_A_ROW = 0.55, 0.46
"""It is named where a caption tells of its picture; as one of three or more."""
_OF_SELFIES = frozenset({"its self-portrait", "self-portrait"})
FOR_LATER = "named for later"
"""The rule of what is named for what it will do: drawings show that."""
NEAR_START = 45
"""Words within which a caption speaks of its picture."""
NEAR_PART = 60
"""Words behind which a part of a spacecraft is mostly told of for another reason."""
LATER = 0.97
"""What is said behind those counts a little less: it may be of another picture."""
ON_GROUND = frozenset({"rover", "lander", "helicopter"})
"""Kinds of spacecraft that stand on Mars."""
_DOES = re.compile("g?(?:,W)?[xXke]{0,2}[arjs]")
"""Behind a name: «that InSight felt», «landed», where it is named for what it did."""
_MISSION = re.compile("g?(?:'[xX]?)?H")
"""Behind a name: «the InSight mission», «Curiosity's team»."""
_HAPPENED = re.compile("[^.I]{0,4}?[EsarjF]")
"""Behind a name: «and Opportunity were built»."""
_OF_PICTURE = re.compile("[PVvDKZUuBJ]")
_OF_TAKING = re.compile("[SRI][^.]{0,60}?[PVv]|[PVv][^.]{0,60}?[SRI]")
"""Letters of a sentence that tells of what is seen; of one that tells who took the picture."""
FAR = 600
"""Words behind which a text has long left its picture."""
_YEAR = re.compile("g?xd")
"""Behind a name: «in 2021»."""
_LISTED = re.compile(r"(?:[SR][gx]?[,k'tA]{1,3}){2,}[SR]")
"""Three or more in a row, which no picture shows that was taken on Mars."""
_JOINED = frozenset("SRgAtmk,")
"""Letters of a row of names, and of what belongs to them."""
_OTHER_TIME = word_set("""
    after before when which where since whereas although though until till than unlike once like
    nach bevor nachdem obwohl bis als après avant depuis quand después antes cuando
    dopo prima quando depois enquanto
    """)
"""What stands before those who are named for what they did at another time."""
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
    past.update(at for cue in found if cue.rule == SIMILAR for at in _cameras_behind(reading, cue))
    later = {cue.at for cue in found if cue.rule.startswith("future")}
    denied = {slug for cue in found if cue.rule == "it is not" for slug in cue.mention.slugs}
    bound = dict(_bound(reading, lexicon)) | dict(_misnamed(reading, found, lexicon))
    cameras_seen = set()
    takers = _takers_of_selfies(reading, lexicon) if "Z" in reading.code else frozenset()
    for cue in found:
        part, slugs = _PART_OF[cue.role], cue.mention.slugs
        if cue.rule in _OF_SELFIES and (cue.at in past or (takers and takers.isdisjoint(slugs))):
            continue  # «Perseverance and Ingenuity in a selfie»: who has a camera for it
        if part is Part.SEEN and (cue.at in aside or not denied.isdisjoint(slugs)):
            continue
        if part is Part.TOOK and not past.isdisjoint(range(cue.start, cue.stop)):
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
            weight = cue.weight * trust * (0.6 if far else LATER if cue.start > NEAR_PART else 1.0)
            yield Sign(part, slugs, weight, reading.where, words, cue.rule)
        if cue.rule in {"camera of", "its camera"}:
            for at in range(cue.start, cue.stop):
                if at in reading.mentions and reading.mentions[at].name.is_camera:
                    slugs = bound.get(at, reading.mentions[at].slugs)
                    if slugs:
                        yield Sign(
                            Part.CAMERA, slugs, OF_THE_CRAFT * trust, reading.where, words, cue.rule
                        )
    yield from _named(reading, aside, later, denied, trust)
    for at, one in reading.cameras():
        slugs = bound.get(at, one.slugs)
        if slugs and at not in cameras_seen and at not in past:
            words = reading.words_of(one)
            yield Sign(Part.CAMERA_NAMED, slugs, 0.6 * trust, reading.where, words, "camera named")


def _cameras_behind(reading: Reading, cue: Cue) -> Iterator[int]:
    """Cameras that are named behind a spacecraft in its sentence."""
    _, stop = reading.sentence(cue.at)
    return (at for at, _ in reading.cameras() if cue.at < at < stop)


def _takers_of_selfies(reading: Reading, lexicon: Lexicon) -> frozenset[str]:
    """Of the spacecraft that a text names, those with a camera that takes their portrait."""
    instruments, crafts = lexicon.registry.instruments, lexicon.registry.spacecraft
    return frozenset(
        slug
        for _, one in reading.crafts()
        for slug in one.slugs
        if slug in crafts and any(instruments[camera].selfies for camera in crafts[slug].cameras)
    )


def _grounded(slugs: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether one of some spacecraft, at least, stands on Mars."""
    return any(lexicon.kinds.get(slug) in ON_GROUND for slug in slugs)


def _named(
    reading: Reading, aside: set[int], later: set[int], denied: set[str], trust: float
) -> Iterator[Sign]:
    told = list(reading.crafts())
    crafts = [(at, one) for at, one in told if not one.by_reference] or told
    several = len({one.slugs for at, one in crafts if at not in aside}) > 1
    several |= any(_of_another(camera, crafts) for _, camera in reading.cameras())
    rows = tuple(_LISTED.finditer(reading.code)) if len(crafts) > 2 else ()
    taking = bool(crafts) and _OF_TAKING.search(reading.code, 0, FAR) is not None
    lead: Counter[tuple[str, ...]] = Counter()
    for at, one in crafts:
        lead[one.slugs] += 1 if at in aside else -1
    for number, (at, one) in enumerate(crafts):
        weight = (ALONE if not several else FIRST if number == 0 else FURTHER) * trust
        words = reading.words_of(one)
        if at in aside or lead[one.slugs] >= 0:
            weight *= 0.5
        yield Sign(Part.NAMED, one.slugs, weight, reading.where, words, "named")
        if at in later and len(one.slugs) <= 2:
            yield Sign(Part.BESIDE, one.slugs, BESIDE, reading.where, words, FOR_LATER)
        if (
            at not in aside
            and len(one.slugs) <= 2
            and denied.isdisjoint(one.slugs)
            and _is_of_the_scene(reading, at, taking)
        ):
            near = reading.where in {"title", "alt"} or one.start < NEAR_START
            listed = any(row.start() <= at < row.end() for row in rows)
            beside = BESIDE if near and not listed else BESIDE_IN_A_ROW if near else 0.25
            yield Sign(Part.BESIDE, one.slugs, beside, reading.where, words, "named beside")


def _of_another(camera: Mention, crafts: list[tuple[int, Mention]]) -> bool:
    """Whether a camera belongs to none of the spacecraft that are named."""
    return all(set(camera.carriers).isdisjoint(one.slugs) for _, one in crafts)


def _is_of_the_scene(reading: Reading, at: int, elsewhere: bool) -> bool:
    """Whether a spacecraft is named where a text tells of the picture, and not of what was.

    Args:
        reading: The text.
        at: The element of its name.
        elsewhere: Whether a sentence of the text tells who took the picture.
    """
    code, low, starts = reading.code, reading.low, reading.starts
    if _DOES.match(code, at + 1):
        return False
    if _MISSION.match(code, at + 1) and (elsewhere or "co" in code[max(0, at - 4) : at]):
        return False
    start, stop = reading.sentence(at)
    if (
        _HAPPENED.match(code, at + 1)
        and not _OF_PICTURE.search(code, start, min(stop, at + FAR))
        and elsewhere
    ):
        return False  # another sentence tells of the picture
    year = _YEAR.match(code, at + 1)
    if year and low[starts[year.end() - 2]] in {"in", "im", "en", "nel", "em"}:
        return False
    near = at - 1
    while near >= 0 and code[near] in _JOINED:
        near -= 1
    return near < 0 or low[starts[near]] not in _OTHER_TIME


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
