"""One picture's case: signs from everything that was seen of it, and the verdict.

Strongest first: product identifiers in names, addresses and texts; what the file, a feed or a page
states in fields of their own; what sentences say; the credit line; what is merely named; the page's
title. Dates of operation exclude.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue.attribution.dating import date_taken, sols_in
from catalogue.attribution.grammar import Role, cues
from catalogue.attribution.kinds import NO_SOURCE, KindSaid, kinds_of
from catalogue.attribution.mentions import ELSEWHERE, Lexicon, Reading, plain_text
from catalogue.attribution.weighing import (
    Balance,
    Part,
    Sign,
    credit_marks,
    either,
    evidence_of,
    weigh,
)
from catalogue.credit.lines import split_credit, strip_label, word_set
from catalogue.identify import find_identities, identify
from catalogue.model import Attribution, Evidence, Identity, Kind, Sighting, Statement

WEIGHT_OF = {
    "caption": 1.0,
    "description": 0.95,
    "alt": 0.9,
    "title": 0.85,
    "page title": 0.45,
}
"""How far each text is to be trusted, as compared with a caption."""

ENOUGH = 0.33
"""What speaks for a spacecraft must weigh so much, or nothing is said."""
SEEN_ENOUGH = 0.45
GREY = word_set("black-and-white greyscale grayscale monochrome grey gray")
COLOURED = word_set(
    "colour color coloured colored couleur couleurs farbe farbig farbbild colori cores"
)
GENERAL = frozenset({"nasa", "jpl", "jpl-caltech", "caltech", "esa", "gsfc"})
"""Organisations whose name in a credit tells nothing of the camera."""
SURFACE = frozenset({"rover", "lander", "helicopter"})
STAND_INS = word_set(
    "prototype prototypes model models replica mockup twin sibling testbed maquette modell"
)
"""What is called so is not the spacecraft itself."""
PART_OF = {
    Role.AGENT: Part.TOOK,
    Role.OBJECT: Part.SEEN,
    Role.PART: Part.PART_SEEN,
    Role.ELSEWHERE: Part.ASIDE,
}
WEAK_FOR_KIND = frozenset({"credit's organisations", "named", "camera named", "it shows"})


@dataclass(slots=True)
class Text:
    """A text about the picture, its credit taken out."""

    where: str
    text: str


@dataclass(slots=True)
class Case:
    """All signs of one picture."""

    sighting: Sighting
    lexicon: Lexicon
    signs: list[Sign] = field(default_factory=list)
    credit: str | None = None
    readings: list[Reading] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    facts: dict[str, str | int] = field(default_factory=dict)
    """What is stated of ``taken``, ``sol``, ``place`` and ``product_id``, best source first."""
    noted: list[Evidence] = field(default_factory=list)

    def verdict(self) -> Attribution:
        """Gather, weigh, decide."""
        registry = self.lexicon.registry
        self._statement_signs()
        self.texts = list(self._texts())
        self._read(self.texts)
        self._identity_signs()
        self._credit_signs()
        for reading in self.readings:
            self.signs.extend(self._grammar_signs(reading))
        self._dates_and_sols()
        self.signs.extend(self._excluded())
        balance = weigh(self.signs, registry)
        ranked = balance.ranked()
        said = self._kind(balance, ranked)
        craft, confidence, instrument = None, 0.0, None
        if said.kind in NO_SOURCE:
            confidence = min(0.97, 0.5 + said.weight / 8)
        elif ranked and ranked[0][1] >= ENOUGH:
            craft, confidence = ranked[0]
            if len(ranked) > 1:
                confidence *= 1 - 0.4 * ranked[1][1]
            instrument = self._instrument(craft, balance)
        return Attribution(
            spacecraft=craft,
            instrument=instrument,
            subjects=self._subjects(balance, said.kind, craft),
            kind=said.kind,
            credit=self.credit,
            confidence=confidence,
            evidence=(*evidence_of(self.signs), *said.evidence(), *self.noted),
            product_id=_text(self.facts.get("product_id")),
            taken=_text(self.facts.get("taken")),
            sol=_number(self.facts.get("sol")),
            place=_text(self.facts.get("place")),
        )

    def _kind(self, balance: Balance, ranked: list[tuple[str, float]]) -> KindSaid:
        """What sort of picture it is; a source that is told plainly speaks for a photo."""
        if ranked and ranked[0][0].startswith(ELSEWHERE) and ranked[0][1] >= 0.6:
            return KindSaid(Kind.OTHER_SPACECRAFT, 3.0)
        taken = max(
            (
                sign.weight
                for sign in self.signs
                if sign.part in {Part.TOOK, Part.CAMERA} and sign.rule not in WEAK_FOR_KIND
            ),
            default=0.0,
        )
        for said in kinds_of(self.readings):
            needed = 1.8 + (
                0.0 if said.kind not in NO_SOURCE else (0.6 if said.told else 2.2) * taken
            )
            if said.weight >= needed or said.kind is Kind.PHOTO:
                return said
        raise AssertionError("a photo is always among the kinds")

    def _subjects(self, balance: Balance, kind: Kind, source: str | None) -> tuple[str, ...]:
        """Spacecraft that are seen: told so, or named beside the one that took the picture."""
        if kind in {Kind.PEOPLE, Kind.LAB, Kind.TELESCOPE, Kind.PLOT}:
            return ()
        if kind is Kind.EARTH_HARDWARE and any(
            word in STAND_INS for reading in self.readings for word in reading.low
        ):
            return ()
        named = balance.beside
        found = set()
        for slug in dict.fromkeys((*balance.in_picture(), *named)):
            seen, part = balance.seen.get(slug, 0.0), balance.part_seen.get(slug, 0.0)
            if slug == source:
                shown = part if balance.took.get(slug) else either(seen, part)
            elif self._may_be_seen(slug, source, kind):
                shown = either(seen, part, named.get(slug, 0.0))
            else:
                shown = either(seen, part)
            if shown >= SEEN_ENOUGH and not slug.startswith(ELSEWHERE):
                found.add(slug)
        return tuple(sorted(found))

    def _may_be_seen(self, slug: str, source: str | None, kind: Kind) -> bool:
        """Whether a spacecraft that is named beside its source is likely to be in the picture."""
        if kind in {Kind.ARTWORK, Kind.EARTH_HARDWARE, Kind.COMPOSITE}:
            return True
        crafts = self.lexicon.registry.spacecraft
        if kind is not Kind.PHOTO or source is None or slug not in crafts:
            return False
        # What orbits is hardly ever seen, and a telescope sees nothing on the ground.
        return crafts[slug].kind in SURFACE and crafts[source].kind != "telescope"

    def _excluded(self) -> Iterator[Sign]:
        """Spacecraft that sent no picture of Mars."""
        named = {slug for sign in self.signs for slug in sign.slugs}
        for slug in sorted(named):
            craft = self.lexicon.registry.spacecraft.get(slug)
            if craft is not None and not craft.returned_images:
                yield Sign(Part.NOT, (slug,), 1.0, "registry", craft.name, "sent no picture")

    def _fact(self, name: str, value: str | int, where: str, words: str, rule: str) -> None:
        if name not in self.facts:
            self.facts[name] = value
            self.noted.append(Evidence(field=where, text=words, says=f"{name}={value}", rule=rule))

    # --- names, addresses, fields -----------------------------------------------------------------

    def _identity_signs(self) -> None:
        """Product identifiers in addresses and texts."""
        seen: set[str] = set()
        for shown in self.sighting.appearances:
            said = shown.appearance
            for address in dict.fromkeys(filter(None, (said.url, *said.alternatives[:3]))):
                found = identify(address)
                if found is not None:
                    self._identity(found, "address", seen)
        if self.sighting.image is None or not seen:
            for shown in self.sighting.appearances:
                if shown.alone:
                    found = identify(shown.address)
                    if found is not None:
                        self._identity(found, "file name", seen)
        for text in self.texts:
            if text.where != "page title":
                for found in find_identities(text.text):
                    self._identity(found, text.where, seen)

    def _identity(self, found: Identity, where: str, seen: set[str]) -> None:
        key = found.product_id or found.text
        if key in seen:
            return
        seen.add(key)
        in_text = where not in {"address", "file name"}
        rule = "product identifier"
        if found.instrument:
            weight = 0.93 if in_text else 0.985
            self.signs.append(
                Sign(Part.CAMERA, (found.instrument,), weight, where, found.text, rule)
            )
        if found.spacecraft:
            weight = 0.93 if in_text else 0.985
            self.signs.append(Sign(Part.TOOK, (found.spacecraft,), weight, where, found.text, rule))
        for name in ("product_id", "sol", "taken"):
            value = getattr(found, name)
            if value is not None:
                self._fact(name, value, where, found.text, rule)

    def _statements(self) -> Iterator[Statement]:
        for shown in self.sighting.appearances:
            yield from shown.appearance.statements
        if self.sighting.image is not None:
            yield from self.sighting.image.facts.embedded

    def _statement_signs(self) -> None:
        """What a feed, a page or the file states in fields of their own."""
        for one in self._statements():
            value = one.value.strip()
            if one.name in {"spacecraft", "mission", "instrument"}:
                reading = self.lexicon.read(value, one.where, about_space=True)
                weight = {"spacecraft": 0.97, "mission": 0.7, "instrument": 0.95}[one.name]
                for mention in reading.mentions.values():
                    is_camera = mention.name.is_camera
                    if is_camera == (one.name == "instrument"):
                        part = Part.CAMERA if is_camera else Part.TOOK
                        self.signs.append(
                            Sign(
                                part, mention.slugs, weight, one.where, value, f"states {one.name}"
                            )
                        )
            elif one.name == "sol" and value.isdecimal() and len(value) < 6:
                self._fact("sol", int(value), one.where, value, "states sol")
            elif one.name == "product_id":
                self._fact("product_id", value, one.where, value, "states product_id")
            elif one.name in {"taken", "place"} and value:
                self._fact(one.name, value, one.where, value, f"states {one.name}")

    def _dates_and_sols(self) -> None:
        for text in self.texts:
            if text.where in {"page title", "alt"}:
                continue
            date = date_taken(text.text)
            if date is not None:
                self._fact("taken", date.date, text.where, date.words, "date in the text")
            for sol, words in sols_in(text.text):
                self._fact("sol", sol, text.where, words, "sol in the text")
                break

    # --- texts ------------------------------------------------------------------------------------

    def _texts(self) -> Iterator[Text]:
        """Every text about the picture, each once, its credit taken out."""
        seen: set[str] = set()
        for shown in self.sighting.appearances:
            said = shown.appearance
            if said.credit:
                self.credit = self.credit or said.credit
            for where, text in (
                ("title", said.title),
                ("caption", said.caption),
                ("alt", said.alt),
                ("page title", None if shown.alone else shown.page.title),
            ):
                yield from self._text(where, text, seen)
        for one in self._statements():
            if one.name == "credit":
                self.credit = self.credit or one.value.strip() or None
            elif one.name in {"title", "description"}:
                yield from self._text(one.name, one.value, seen)

    def _text(self, where: str, text: str | None, seen: set[str]) -> Iterator[Text]:
        if not text or text in seen:
            return
        seen.add(text)
        text = plain_text(text)
        if where not in {"title", "page title"}:
            parts = split_credit(text)
            if parts.credit:
                self.credit = self.credit or strip_label(parts.credit) or None
                text = parts.caption or ""
        if text:
            yield Text(where, text)

    def _read(self, texts: list[Text]) -> None:
        everything = [*(one.text for one in texts), self.credit or ""]
        about = any(self.lexicon.is_about_space(text) for text in everything)
        first = [self.lexicon.read(one.text, one.where, about_space=about) for one in texts]
        named = frozenset(
            slug for reading in first for _, one in reading.crafts() for slug in one.slugs
        )
        if len(texts) == 1:
            self.readings = first
            return
        self.readings = [
            self.lexicon.read(one.text, one.where, known=named, about_space=about or bool(named))
            for one in texts
        ]

    # --- signs ------------------------------------------------------------------------------------

    def _credit_signs(self) -> None:
        if not self.credit:
            return
        named = self.lexicon.organisations(self.credit)
        found: dict[tuple[Part, float], list[str]] = {}
        for slug, is_camera, needed, absent in credit_marks(self.lexicon.registry):
            if needed <= named and not absent & named:
                part = Part.CAMERA if is_camera else Part.TOOK
                found.setdefault((part, 0.8), []).append(slug)
        for (part, weight), slugs in found.items():
            weight = weight if len(slugs) == 1 else 0.6
            self.signs.append(
                Sign(part, tuple(slugs), weight, "credit", self.credit, "credit's organisations")
            )

    def _grammar_signs(self, reading: Reading) -> Iterator[Sign]:
        trust = WEIGHT_OF.get(reading.where, 0.5)
        found = list(cues(reading))
        aside = {cue.at for cue in found if cue.role is Role.ELSEWHERE}
        past = {cue.at for cue in found if cue.role is Role.ELSEWHERE and cue.weight >= 0.8}
        seen_cameras = set()
        for cue in found:
            part = PART_OF[cue.role]
            mention = cue.mention
            slugs = mention.slugs
            if (cue.at in aside and part is Part.SEEN) or (cue.at in past and part is Part.TOOK):
                continue
            if mention.name.is_camera:
                if part in {Part.SEEN, Part.PART_SEEN}:
                    seen_cameras.add(cue.at)
                    part, slugs = Part.PART_SEEN, mention.carriers
                else:
                    part = Part.CAMERA
            yield Sign(
                part,
                slugs,
                cue.weight * trust,
                reading.where,
                reading.quote(cue.start, cue.stop),
                cue.rule,
            )
        crafts = [(at, one) for at, one in reading.crafts() if not one.by_reference]
        several = len({one.slugs for at, one in crafts if at not in aside}) > 1
        for number, (at, one) in enumerate(crafts):
            weight = (0.6 if not several else 0.45 if number == 0 else 0.3) * trust
            words = " ".join(reading.words[one.start : one.stop])
            if at in aside:
                weight *= 0.5
            yield Sign(Part.NAMED, one.slugs, weight, reading.where, words, "named")
            if at not in aside and len(one.slugs) <= 2:
                beside = 0.55 if reading.where in {"title", "alt"} or one.start < 30 else 0.25
                yield Sign(Part.BESIDE, one.slugs, beside, reading.where, words, "named beside")
        for at, one in reading.cameras():
            if at in seen_cameras:
                continue
            yield Sign(
                Part.CAMERA_NAMED,
                one.slugs,
                0.6 * trust,
                reading.where,
                " ".join(reading.words[one.start : one.stop]),
                "camera named",
            )

    # --- verdict ----------------------------------------------------------------------------------

    def _instrument(self, craft: str, balance: Balance) -> str | None:
        """The camera, where it is named, or follows from what is seen or from the mission."""
        registry = self.lexicon.registry
        own = [registry.instruments[slug] for slug in registry.spacecraft[craft].cameras]
        fitting = sorted(
            (
                (weight, slug)
                for slug, weight in balance.cameras.items()
                if craft in registry.instruments[slug].spacecraft
            ),
            reverse=True,
        )
        ahead = fitting[0][0] - (fitting[1][0] if len(fitting) > 1 else 0.0) if fitting else 0.0
        if fitting and fitting[0][0] >= 0.8 and ahead >= 0.02:
            return fitting[0][1]
        selfie = any("Z" in reading.code for reading in self.readings)
        takes_selfies = [one.slug for one in own if one.selfies]
        if selfie and takes_selfies:
            return takes_selfies[0]
        if selfie or balance.seen.get(craft, 0.0) > 0.7:
            detached = [one.slug for one in own if one.detached and one.spacecraft[0] == craft]
            if detached:
                return detached[0]
        if fitting:
            return fitting[0][1] if ahead >= 0.1 else None
        by_colour = [one.slug for one in own if one.colour == self._colour()]
        if len(by_colour) == 1:
            return by_colour[0]
        return self._main_camera(craft)

    def _colour(self) -> str:
        """What texts say of the picture's colour: ``colour``, ``grey``, or nothing."""
        words = {word for reading in self.readings for word in reading.low}
        if words & GREY:
            return "grey"
        return "colour" if words & COLOURED else "unsaid"

    def _main_camera(self, craft: str) -> str | None:
        """The camera that a craft's pictures mostly come from, unless the credit says another's."""
        registry = self.lexicon.registry
        main = registry.spacecraft[craft].main_camera
        if main is None or not self.credit:
            return main
        usual = self.lexicon.organisations(registry.instruments[main].usual_credit or "")
        others = self.lexicon.organisations(self.credit) - usual - GENERAL
        return None if others and usual else main


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | int | None) -> int | None:
    return value if isinstance(value, int) else None
