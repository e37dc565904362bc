"""From the signs of one picture to its verdict, with confidence and contradictions in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.attribution.earth import FromEarth, credited_on_earth
from catalogue.attribution.kinds import NO_SOURCE, KindSaid, kinds_of
from catalogue.attribution.mentions import Lexicon
from catalogue.attribution.naming import ELSEWHERE
from catalogue.attribution.reading import Reading
from catalogue.attribution.scene import TOLD, Scene
from catalogue.attribution.sentences import FOR_LATER, ON_GROUND
from catalogue.attribution.signs import Gathered, credited_names
from catalogue.attribution.weighing import (
    NAMED_ENOUGH,
    Balance,
    Part,
    Sign,
    calibrated,
    either,
    evidence_of,
    weigh,
)
from catalogue.credit import read_credit
from catalogue.model import Attribution, Kind
from catalogue.texts import word_set

ENOUGH = 0.33
"""What speaks for a spacecraft must weigh so much, or nothing is said."""
TIE = 0.015
"""A lead of less than this is none."""
UNTOLD = 0.72
"""How far a spacecraft is to be trusted of which no more is said than its name, or a team's: such
captions may go with drawings, portraits and plots as well."""
CONTRADICTS = 0.6
"""What speaks for a second spacecraft must weigh so much to be told as a contradiction."""

_INDIRECT = frozenset({"credit's organisations", "named", "it shows"})
"""Rules that a drawing or a portrait of people may fulfil as well."""
_AGAINST = {
    Kind.LAB: (0.8, 1.0),
    Kind.PEOPLE: (0.1, 0.6),
    Kind.EARTH_HARDWARE: (0.1, 0.6),
    Kind.PLOT: (0.1, 0.0),
}
"""How much it speaks against a kind that a spacecraft is named, and that a camera's team is."""
_AGAINST_OTHERS = (0.4, 0.0)
_ON_EARTH = frozenset({Kind.PEOPLE, Kind.EARTH_HARDWARE})
_PLACE_ON_MARS = 0.6
"""How much more is needed for those where a place is named in which spacecraft worked."""
_CAMERA_TOOK = 1.5
"""How much more where a camera at Mars is told to have taken the picture."""
_GREY = word_set("black-and-white greyscale grayscale monochrome grey gray")
_COLOURED = word_set("colour color coloured colored couleur couleurs farbe farbbild colori cores")
_LET_GO = word_set("thrown overboard ejected jettisoned dropped detached wireless wifi")
"""How a camera leaves its spacecraft."""
_LEFT = word_set("left links gauche izquierda sinistra")
_RIGHT = word_set("right rechts droite derecha destra")
"""How the parts of a picture made of several are told: before a colon, or in brackets."""
_PANELS, _SIDES = 2.2, 1.4
"""What such labels count before a colon; in brackets, where they may tell of one scene as well."""
_NOT_FLOWN, _FOR_LATER = 2.0, 1.9
"""What counts that a spacecraft was not launched yet: what is seen of it is on Earth; and that all
are named for what they will do, which drawings show."""
_TELLS_OF_PICTURE = re.compile("[PVvDZKUuBJICQH]")
"""A letter of words that tell of a picture, a camera, a part or a place."""
_TOLD_PARTS = frozenset({Part.TOOK, Part.CAMERA, Part.CAMERA_NAMED, Part.SEEN, Part.PART_SEEN})
_GENERAL = frozenset({"nasa", "jpl", "jpl-caltech", "caltech", "esa", "gsfc"})
"""Organisations whose name in a credit tells nothing of the camera."""


def decide(found: Gathered, lexicon: Lexicon) -> Attribution:
    """The verdict on everything that was gathered."""
    return _Case(found, lexicon).verdict()


class _Case:
    def __init__(self, found: Gathered, lexicon: Lexicon) -> None:
        self.found = found
        self.registry = lexicon.registry
        self.watched = lexicon.watched
        self.signs = [*found.signs, *self._excluded()]
        self.balance: Balance = weigh(self.signs, self.registry)
        self._seen_by_others()
        self.ranked = self.balance.ranked()
        self.scene = Scene(found, self.signs, self.balance, self.registry)

    def verdict(self) -> Attribution:
        said = self._kind()
        craft, confidence = None, 0.0
        filmed = said.kind is Kind.VIDEO and max(self.balance.took.values(), default=0.0) >= 0.8
        if said.kind in NO_SOURCE and not filmed:
            confidence = min(0.97, 0.5 + said.weight / 8)
        else:
            craft, confidence = self._source()
            if craft is not None and not self._is_told(craft):
                confidence = min(confidence, UNTOLD)
        if craft is not None and said.kind is Kind.MAP and not self._maps(craft):
            craft, confidence = None, 0.0
        instrument = self._instrument(craft) if craft else None
        facts = self.found.facts
        if craft is not None and self.found.loose_date and not self._worked_on(craft):
            del facts["taken"]
        sol = facts.get("sol")
        return Attribution(
            spacecraft=craft,
            instrument=instrument,
            subjects=self.scene.subjects(said.kind, craft, instrument),
            kind=said.kind,
            credit=self.found.credit,
            confidence=calibrated(confidence) if craft else confidence,
            evidence=(
                *evidence_of((*self.signs, *self._carried(craft)), craft),
                *said.evidence(),
                *self.found.noted,
            ),
            contradictions=tuple(self._contradictions(craft, said.kind)),
            product_id=_text(facts.get("product_id")),
            taken=_text(facts.get("taken")),
            sol=sol if isinstance(sol, int) else None,
            place=_text(facts.get("place")),
        )

    # --- the source -------------------------------------------------------------------------------

    def _source(self) -> tuple[str | None, float]:
        if not self.ranked or self.ranked[0][1] < ENOUGH:
            return None, 0.0
        craft, score = self.ranked[0]
        if craft.startswith(ELSEWHERE):
            return None, 0.0
        if len(self.ranked) == 1:
            return craft, score
        second, behind = self.ranked[1]
        if score - behind < TIE and not self._came_together(craft, second):
            return None, 0.0
        if self._came_together(craft, second):
            behind = self.ranked[2][1] if len(self.ranked) > 2 else 0.0
            if score - behind < TIE:
                return None, 0.0
            score = min(score, 0.85)
        return craft, score * (1 - 0.4 * behind)

    def _is_told(self, craft: str) -> bool:
        """Whether something says that it, or a camera of its own, took the picture."""
        own = {craft, *self.registry.spacecraft[craft].cameras}
        return any(
            not own.isdisjoint(sign.slugs)
            and (sign.part is Part.CAMERA_NAMED or sign.rule not in _INDIRECT)
            for sign in self.signs
            if sign.part in {Part.TOOK, Part.CAMERA, Part.CAMERA_NAMED}
        )

    def _maps(self, craft: str) -> bool:
        """Whether a map is a spacecraft's: one that is shown did not make it, nor did a rover."""
        above = self.registry.spacecraft[craft].kind not in ON_GROUND
        return above and self.balance.took.get(craft, 0.0) >= TOLD

    def _came_together(self, one: str, other: str) -> bool:
        """Whether two are orbiter and lander of one mission, that share its name."""
        crafts = self.registry.spacecraft
        if one not in crafts or other not in crafts or not crafts[one].mission:
            return False
        return crafts[one].mission == crafts[other].mission and (
            crafts[one].carried_by == other or crafts[other].carried_by == one
        )

    def _excluded(self) -> Iterator[Sign]:
        """Spacecraft that sent no pictures, or none at that time."""
        taken = self.found.facts.get("taken")
        day = taken if isinstance(taken, str) and not self.found.loose_date else None
        told = {
            sign.slugs[0]
            for sign in self.found.signs
            if sign.part is Part.TOOK and len(sign.slugs) == 1
        }
        for slug in sorted({slug for sign in self.found.signs for slug in sign.slugs}):
            craft = self.registry.spacecraft.get(slug)
            if craft is None:
                continue
            if self.found.from_orbit and craft.kind in ON_GROUND and slug not in told:
                yield Sign(Part.NOT, (slug,), 1.0, *self.found.from_orbit, "seen from orbit")
            elif not craft.returned_images:
                yield Sign(Part.NOT, (slug,), 1.0, "registry", craft.name, "sent no picture")
            elif day and craft.launch and day[:10] < craft.launch[: len(day)]:
                text = f"{day}; launched {craft.launch}"
                yield Sign(Part.NOT, (slug,), 1.0, "taken", text, "before its launch")
            elif day and craft.kind in ON_GROUND and _before_landing(day, craft.arrival or ""):
                text = f"{day}; landed {craft.arrival}"
                yield Sign(Part.NOT, (slug,), 1.0, "taken", text, "before its landing")
            elif day and craft.end and day[:10] > craft.end[: len(day)]:
                text = f"{day}; ended {craft.end}"
                yield Sign(Part.NOT, (slug,), 1.0, "taken", text, "after its end")

    def _worked_on(self, craft: str) -> bool:
        """Whether a spacecraft worked when the picture is said to be taken."""
        entry, date = self.registry.spacecraft[craft], str(self.found.facts.get("taken", ""))[:10]
        return not (
            (entry.launch and date < entry.launch[: len(date)])
            or (entry.end and date > entry.end[: len(date)])
        )

    def _seen_by_others(self) -> None:
        """A rover that was always watched by its lander is mostly seen where it is named."""
        balance = self.balance
        for craft in self.watched:
            slug, watcher = craft.slug, craft.usually_seen_by
            if watcher is None or slug in balance.took or slug in balance.part_seen:
                continue
            told = balance.seen.get(slug, 0.0)
            if craft.kind == "rover":
                told = max(told, balance.named.get(slug, 0.0))
            if told < 0.4:
                continue
            balance.took[watcher] = either(balance.took.get(watcher, 0.0), 0.55)
            balance.named[slug] = balance.named.get(slug, 0.0) * 0.3

    def _carried(self, craft: str | None) -> Iterator[Sign]:
        """The camera that told the spacecraft, said as such."""
        if craft is None or any(
            craft in sign.slugs and sign.part in {Part.TOOK, Part.NAMED} for sign in self.signs
        ):
            return
        for sign in self.signs:
            if sign.part in {Part.CAMERA, Part.CAMERA_NAMED} and any(
                craft in self.registry.instruments[slug].spacecraft for slug in sign.slugs
            ):
                yield Sign(Part.TOOK, (craft,), sign.weight, sign.field, sign.text, "its camera")
        for slug in self.balance.in_picture() | self.balance.named:
            seen = self.registry.spacecraft.get(slug)
            if seen is not None and seen.usually_seen_by == craft:
                yield Sign(Part.TOOK, (craft,), 0.55, "registry", seen.name, "mostly seen by it")

    def _contradictions(self, craft: str | None, kind: Kind) -> Iterator[str]:
        """What the verdict had to leave aside, in words."""
        if kind is Kind.COMPOSITE:
            return
        told: set[str] = set()
        for sign in sorted(self.signs, key=lambda sign: -sign.weight):
            if sign.part is not Part.TOOK or sign.weight < CONTRADICTS or len(sign.slugs) > 1:
                continue
            slug = sign.slugs[0]
            if slug == craft or slug in told or slug not in self.registry.spacecraft:
                continue
            told.add(slug)
            name = self.registry.spacecraft[slug].name
            where = f"the {sign.field} («{sign.text[:80]}») speaks for {name}"
            if craft is None and kind in NO_SOURCE:
                yield f"{where}, the words for {kind.value}"
            elif craft is not None:
                yield f"{where}, other evidence for {self.registry.spacecraft[craft].name}"
        for sign in self.signs:
            if sign.part is Part.NOT and sign.field == "taken":
                slug = sign.slugs[0]
                if self.balance.took.get(slug, 0.0) >= CONTRADICTS:
                    name = self.registry.spacecraft[slug].name
                    yield f"{name} cannot have taken it: {sign.rule} ({sign.text})"
        if craft is None and kind is Kind.PHOTO and len(self.ranked) > 1:
            (one, score), (other, behind) = self.ranked[:2]
            if score >= CONTRADICTS and score - behind < TIE:
                yield f"as much speaks for {one} as for {other}"

    # --- camera, kind, subjects -------------------------------------------------------------------

    def _instrument(self, craft: str) -> str | None:
        """The camera, where it is named, or follows from what is seen or from the mission."""
        own = [self.registry.instruments[slug] for slug in self.registry.spacecraft[craft].cameras]
        fitting = sorted(
            ((self.balance.cameras[one.slug], one.slug) for one in own
             if one.slug in self.balance.cameras),
            reverse=True,
        )  # fmt: skip
        fitting = self._narrower(fitting)
        ahead = fitting[0][0] - (fitting[1][0] if len(fitting) > 1 else 0.0) if fitting else 0.0
        if fitting and fitting[0][0] >= 0.8 and ahead >= 0.02:
            return fitting[0][1]
        if self.scene.is_selfie():
            takes_selfies = [one.slug for one in own if one.selfies]
            if takes_selfies:
                return takes_selfies[0]
        detached = [one.slug for one in own if one.detached and one.spacecraft[0] == craft]
        if detached and (
            self.scene.is_selfie()
            or self.balance.seen.get(craft, 0.0) > 0.7
            or self.scene.has(_LET_GO)
        ):
            return detached[0]
        if fitting:
            return fitting[0][1] if ahead >= 0.1 else None
        by_colour = [one.slug for one in own if one.colour == self._colour()]
        return by_colour[0] if len(by_colour) == 1 else self._main_camera(craft)

    def _narrower(self, fitting: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Cameras without those of which another that is named is a part: HRSC and its channel."""
        names = {slug: self.registry.instruments[slug].name.lower() for _, slug in fitting}
        return [
            (weight, slug)
            for weight, slug in fitting
            if not any(
                name != names[slug] and name.startswith(f"{names[slug]} ")
                for name in names.values()
            )
        ]

    def _colour(self) -> str:
        """What texts say of the picture's colour: ``colour``, ``grey``, or nothing."""
        if self.scene.has(_GREY):
            return "grey"
        return "colour" if self.scene.has(_COLOURED) else "unsaid"

    def _main_camera(self, craft: str) -> str | None:
        """The camera that a craft's pictures mostly come from, unless the credit says another's."""
        main = self.registry.spacecraft[craft].main_camera
        if main is None or self.found.credited is None:
            return main
        usual = self.registry.instruments[main].usual_credit
        if not usual:
            return main
        expected = credited_names(read_credit(usual, self.registry)) | _GENERAL
        return main if set(self.found.credited.organisations) <= expected else None

    def _kind(self) -> KindSaid:
        """What sort of picture it is; a source that is told plainly speaks for a photo."""
        ranked = self.ranked
        if ranked and ranked[0][0].startswith(ELSEWHERE) and ranked[0][0] in self.balance.took:
            name = ranked[0][0].removeprefix(ELSEWHERE)
            return KindSaid(Kind.OTHER_SPACECRAFT, 3.0, "caption", name)
        took = [
            sign for sign in self.signs if sign.part in {Part.TOOK, Part.CAMERA, Part.CAMERA_NAMED}
        ]
        credited = max((sign.weight for sign in took), default=0.0)
        plainly = [sign.weight for sign in took if sign.rule not in _INDIRECT]
        taken = max(plainly, default=0.0)
        by_camera = any(
            sign.part is Part.CAMERA and sign.field != "credit" and sign.weight >= 0.8
            for sign in took
        )
        on_mars = any(sign.part is Part.PLACE and sign.field == "caption" for sign in self.signs)
        credit = self.found.credit_reading
        texts = (*self.found.readings, *([credit] if credit is not None else ()))
        for said in kinds_of(texts, self._hints(), self._credited()):
            needed = 1.8
            if said.kind in NO_SOURCE:
                plain = said.told or said.kind is Kind.ARTWORK
                by_name, by_team = _AGAINST.get(said.kind, _AGAINST_OTHERS)
                against = max(taken, by_team * credited, by_name * self._named())
                needed += (0.6 if plain else 2.2) * against
                if said.kind in _ON_EARTH and by_camera:
                    needed += _CAMERA_TOOK
                if said.kind in _ON_EARTH and on_mars:
                    needed += _PLACE_ON_MARS
            if said.kind is Kind.PHOTO:
                return self._of_elsewhere() or said
            if said.weight >= needed:
                return said
        raise AssertionError("a photo is always among the kinds")

    def _of_elsewhere(self) -> KindSaid | None:
        """Of a photo: whether a spacecraft took it that is not at Mars."""
        name = self.found.another_world
        if name is None and len(self.ranked) == 1 and self.ranked[0][0].startswith(ELSEWHERE):
            name = self.ranked[0][0].removeprefix(ELSEWHERE)
        credit = self.found.credited
        if name is None or credit is None or not credit.organisations or self._credited():
            return None
        return KindSaid(Kind.OTHER_SPACECRAFT, 2.0, "caption", name)

    def _named(self) -> float:
        """How much speaks for a spacecraft by name alone."""
        return max(self.balance.named.values(), default=0.0)

    def _only_for_later(self) -> tuple[str, str] | None:
        """Where spacecraft are named for what they will do alone, and of no picture is told."""
        later = next((sign for sign in self.signs if sign.rule == FOR_LATER), None)
        if later is None or any(sign.part in _TOLD_PARTS for sign in self.signs):
            return None
        if any(_TELLS_OF_PICTURE.search(reading.code) for reading in self.found.readings):
            return None
        return later.field, later.text

    def _credited(self) -> tuple[FromEarth, ...]:
        credit = self.found.credited
        return tuple(credited_on_earth(credit, self.registry)) if credit is not None else ()

    def _hints(self) -> dict[Kind, tuple[float, str, str]]:
        """What parts of a text, the registry and the file say of the kind."""
        hints: dict[Kind, tuple[float, str, str]] = {}
        credit_reading = self.found.credit_reading
        for reading in (*self.found.readings, *([credit_reading] if credit_reading else ())):
            if (left := _labels(reading, _LEFT)) and (right := _labels(reading, _RIGHT)):
                weight = _PANELS if left[1] and right[1] else _SIDES
                hints[Kind.COMPOSITE] = (weight, reading.where, right[0])
        cameras = [self.registry.instruments[slug] for slug in self.balance.cameras]
        if cameras and all(camera.kind == "altimeter" for camera in cameras):
            hints[Kind.MAP] = (1.8, "registry", cameras[0].name)
        entries = self.registry.spacecraft
        named = [entries[slug] for slug in self.balance.named if slug in entries]
        launches = {craft.name: craft.launch or "" for craft in named}
        if later := self._only_for_later():
            hints[Kind.ARTWORK] = (_FOR_LATER, *later)
        month = str(self.found.facts.get("taken", ""))[:7]
        for craft in named:
            if "(planned)" in (craft.launch or ""):
                plainly = self.balance.named[craft.slug] >= NAMED_ENOUGH
                weight = _NOT_FLOWN if plainly else _NOT_FLOWN / 2
                hints[Kind.EARTH_HARDWARE] = (weight, "registry", f"{craft.name}: {craft.launch}")
        if month and launches and all(month <= launch[:7] for launch in launches.values()):
            hints[Kind.EARTH_HARDWARE] = (
                2.0,
                "taken",
                f"{month}; launched {min(launches.values())}",
            )
        if self.found.earth_camera:
            for kind in (Kind.PEOPLE, Kind.EARTH_HARDWARE, Kind.TELESCOPE):
                weight = hints.get(kind, (0.0, "", ""))[0] + 1.5
                hints[kind] = (weight, "EXIF", self.found.earth_camera)
        return hints


def _before_landing(day: str, landing: str) -> bool:
    """Whether a day or month is before that of a landing; by one day it may be, in another zone."""
    if len(day) >= 10 and day[:7] == landing[:7] and landing[8:10].isdecimal():
        return day[8:10] < f"{int(landing[8:10]) - 1:02}"
    return day[:7] < landing[:7]


def _labels(reading: Reading, words: frozenset[str]) -> tuple[str, bool] | None:
    """One of some words that labels a part of a picture, and whether it heads what is said of it.

    «Left:», «(Left)» do; «Deimos (left)» may tell of one scene.
    """
    low = reading.low
    if words.isdisjoint(low):
        return None
    for at, mark in enumerate(low[1:]):
        if mark in {":", ")"} and low[at] in words:
            word = reading.words[at]
            return word, mark == ":" or word[0].isupper()
    return None


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
