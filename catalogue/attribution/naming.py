"""What the registry calls spacecraft, cameras, their parts and places, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalogue.attribution.words import CAMERA_WORDS, CLASS
from catalogue.registry import Instrument, Registry, Spacecraft
from catalogue.texts import word_set

_HYPHENED = sorted(word for word in CLASS if "-" in word)
_INITIALS = "".join(sorted({letter for word in _HYPHENED for letter in (word[0], word[0].upper())}))
TOKEN = re.compile(
    rf"(?=[{_INITIALS}])(?i:{'|'.join(map(re.escape, _HYPHENED))})\b"
    r"|[^\W_]+|['’][sS]?\b|[^\w\s]"
)
_KIND_WORDS = word_set("orbiter lander rover helicopter probe spacecraft")
_KINDS_ELSEWHERE = word_set(
    "轨道器 軌道器 軌道船 着陆器 著陸器 着陸機 궤도선 착륙선 орбитальный посадочный аппарат"
)
"""The same in other scripts, apart from the name within an alias."""


class Sort(StrEnum):
    """What sort of thing a name means: the letter that stands for it in a reading."""

    CRAFT = "S"
    CAMERA = "I"
    MOUNT = "M"
    """The part of a spacecraft that carries a camera: it means that camera."""
    PART = "J"
    """A part of a spacecraft that has a name: it means that spacecraft."""
    SENSOR = "1"
    """An instrument that takes no pictures."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a name in a text means."""

    slugs: tuple[str, ...]
    """Spacecraft, or cameras; several where the name alone does not choose."""
    sort: Sort = Sort.CRAFT
    exact: str | None = None
    """How it must be written to be sure; None where case does not matter."""
    carriers: tuple[str, ...] = ()
    """Of a camera: the spacecraft that have it."""
    common: bool = False
    """It is an ordinary word too, and needs support by the words round it."""
    noun: bool = False
    """That word is written small: a capital within a sentence makes it a name."""

    @property
    def is_camera(self) -> bool:
        """Whether it means a camera, by its own name or that of what carries it."""
        return self.sort in {Sort.CAMERA, Sort.MOUNT}


@dataclass(frozen=True, slots=True)
class CreditMark:
    """What names a camera or spacecraft in a credit line."""

    slug: str
    is_camera: bool
    needed: frozenset[str]
    absent: frozenset[str]


def fold(text: str) -> list[str]:
    """The words of a name as they are looked up: lower case, without marks."""
    if text.isascii():
        text = text.lower()
        if text.isalnum():
            return [text]
    else:
        text = unicodedata.normalize("NFC", text).lower()
    return [word for word in TOKEN.findall(text) if word[0].isalnum()]


def spellings(registry: Registry) -> Iterator[str]:
    """Every name of a spacecraft or camera as the registry writes it."""
    for craft in registry.spacecraft.values():
        yield from craft.names
    for camera in registry.instruments.values():
        yield from camera.names


def names_of(registry: Registry) -> Iterator[tuple[tuple[str, ...], Name]]:
    """Every name of a spacecraft or camera by its words, those that are written alike joined."""
    return _meanings(
        (
            *_craft_names(registry),
            *_camera_names(registry),
            *_mount_names(registry),
            *_part_names(registry),
            *_names_elsewhere(registry),
            *_sensor_names(registry),
        )
    )


def place_names(registry: Registry) -> Iterator[tuple[list[str], tuple[str, tuple[str, ...]]]]:
    """Places by their words: the name, and the spacecraft that worked there."""
    workers: dict[str, list[str]] = {}
    for craft in registry.spacecraft.values():
        for place in craft.places:
            workers.setdefault(place, []).append(craft.slug)
    return (
        (words, (place, tuple(slugs)))
        for place, slugs in workers.items()
        for words in _orders(fold(place))
    )


def _orders(place: list[str]) -> Iterator[list[str]]:
    """A crater's name as other languages write it: «cráter Jezero», «Jezero-Krater»."""
    yield place
    if place[-1] == "crater":
        yield from ([word, *place[:-1]] for word in _CRATER)
        yield [*place[:-1], "krater"]


def credit_marks(registry: Registry) -> Iterator[CreditMark]:
    """What names cameras and spacecraft in credit lines."""
    cameras = [(slug, True, one.credit_marks) for slug, one in registry.instruments.items()]
    crafts = [(slug, False, one.credit_marks) for slug, one in registry.spacecraft.items()]
    for slug, is_camera, marks in (*cameras, *crafts):
        for mark in marks:
            words = mark.split()
            yield CreditMark(
                slug,
                is_camera,
                frozenset(word for word in words if word[0] != "-"),
                frozenset(word[1:] for word in words if word[0] == "-"),
            )


def _craft_names(registry: Registry) -> Iterator[tuple[str, Name]]:
    missions: dict[str, list[Spacecraft]] = {}
    for craft in registry.spacecraft.values():
        for name in craft.names:
            exact, common = _writing(name, craft)
            noun = common and (craft.common_word or "").startswith("the noun")
            yield (
                name,
                Name((craft.slug,), exact=exact, common=common, noun=noun),
            )
        if craft.mission:
            missions.setdefault(craft.mission, []).append(craft)
    for mission, crafts in missions.items():
        if len(crafts) < 2:
            continue
        shared = tuple(craft.slug for craft in crafts)
        yield mission, Name(shared)
        if mission.lower().removesuffix("s").endswith(tuple(_KIND_WORDS)):
            yield mission.removesuffix("s"), Name(shared)
        shorter: dict[str, list[str]] = {}
        for craft in crafts:
            words = craft.name.split()
            for dropped in (
                [word for word in words if word.lower() not in _KIND_WORDS],
                [word for word in words if not word.isdigit()],
            ):
                if 1 < len(dropped) < len(words):
                    shorter.setdefault(" ".join(dropped), []).append(craft.slug)
            for alias in craft.aliases:
                if not alias.isascii() and not _KINDS_ELSEWHERE.isdisjoint(alias.split()):
                    kept = [word for word in alias.split() if word not in _KINDS_ELSEWHERE]
                    shorter.setdefault(" ".join(kept), []).append(craft.slug)
        for name, slugs in shorter.items():
            plural = (f"{name}s",) if name.isascii() and not name[-1].isdigit() else ()
            for form in (name, *plural):
                yield form, Name(tuple(dict.fromkeys(slugs)))


def _writing(name: str, craft: Spacecraft) -> tuple[str | None, bool]:
    """How a name must be written, and whether it is an ordinary word as well."""
    words = fold(name)
    if len(name) <= 3 and name.isascii():
        return name, False
    # InSight; and «Blue and Gold», the twins, which are colours as well
    inner_capitals = (len(words) == 1 or "and" in words) and any(map(str.isupper, name[1:]))
    numbered = len(words) == 2 and words[1].isdigit()  # «Mars 2» in «Mars 2 years later»
    usual = set(fold(craft.name)) | {word for nick in craft.nicknames for word in fold(nick)}
    common = craft.common_word is not None and (numbered or (len(words) == 1 and words[0] in usual))
    return ("".join(TOKEN.findall(name)) if inner_capitals else None), common


_CRATER = ("crater", "krater", "cratère", "cráter", "cratere", "cratera")

ELSEWHERE = "elsewhere: "
"""Heads what stands for a slug where a spacecraft is none of the registry's."""


def _part_names(registry: Registry) -> Iterator[tuple[str, Name]]:
    for craft in registry.spacecraft.values():
        for part in craft.parts:
            exact = part if part.isupper() and part.isalpha() else None  # «seis» is six in Spanish
            yield part, Name((craft.slug,), Sort.PART, exact=exact, common=part.islower())


def _names_elsewhere(registry: Registry) -> Iterator[tuple[str, Name]]:
    for name in registry.elsewhere:
        yield (
            name,
            Name((ELSEWHERE + name,), exact=name if name.isupper() else None),
        )


def _sensor_names(registry: Registry) -> Iterator[tuple[str, Name]]:
    for name in registry.sensors:
        yield name, Name((name,), Sort.SENSOR, exact=name if name.isupper() else None)


def _camera_names(registry: Registry) -> Iterator[tuple[str, Name]]:
    for camera in registry.instruments.values():
        for name in camera.names:
            for form in _forms(name, camera, registry):
                capitals = form.isupper() and len(fold(form)) == 1 and form.isalpha()
                yield (
                    form,
                    Name(
                        (camera.slug,),
                        Sort.CAMERA,
                        exact=form if capitals else None,
                        carriers=camera.spacecraft,
                    ),
                )


def _mount_names(registry: Registry) -> Iterator[tuple[str, Name]]:
    for camera in registry.instruments.values():
        for part in camera.mounted_on:
            yield (
                part,
                Name((camera.slug,), Sort.MOUNT, carriers=camera.spacecraft),
            )


def _forms(name: str, camera: Instrument, registry: Registry) -> set[str]:
    """A name and its shorter forms: without brackets, without the spacecraft's own name."""
    bare = re.sub(r"\s*\([^)]*\)", "", name).strip()
    forms = {name, bare}
    for slug in camera.spacecraft:
        craft = registry.spacecraft.get(slug)
        for own in craft.names if craft else ():
            if bare.lower().startswith(f"{own.lower()} "):
                forms.add(bare[len(own) + 1 :])
    forms = {form for form in forms if len(form) > 1 and form.lower() not in CLASS}
    for form in list(forms):
        forms.update(CAMERA_WORDS.get(form.lower(), ()))
        if form.lower().endswith(("camera", "imager", "hazcam", "navcam")):
            forms.add(f"{form}s")
    return forms


def _meanings(names: Iterable[tuple[str, Name]]) -> Iterator[tuple[tuple[str, ...], Name]]:
    gathered: dict[tuple[str, ...], list[Name]] = {}
    for name, meaning in names:
        folded = tuple(fold(name))
        gathered.setdefault(folded, []).append(meaning)
        if len(folded) == 1 and len(folded[0]) > 4:
            # German genitive, plural of cameras, or an apostrophe that got lost
            gathered.setdefault((f"{folded[0]}s",), []).append(meaning)
    return ((folded, _joined(listed)) for folded, listed in gathered.items())


_FIRST = (Sort.CRAFT, Sort.CAMERA, Sort.MOUNT, Sort.PART, Sort.SENSOR)
"""Of names that are written alike, those of one sort count: the first of these."""


def _joined(meanings: list[Name]) -> Name:
    sort = next(sort for sort in _FIRST if any(one.sort is sort for one in meanings))
    chosen = [one for one in meanings if one.sort is sort]
    return Name(
        tuple(dict.fromkeys(slug for one in chosen for slug in one.slugs)),
        sort,
        exact=next((one.exact for one in chosen if one.exact), None)
        if all(one.exact for one in chosen)
        else None,
        carriers=tuple(dict.fromkeys(slug for one in chosen for slug in one.carriers)),
        common=any(one.common for one in chosen),
        noun=all(one.noun for one in chosen),
    )
