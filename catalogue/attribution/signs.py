"""Signs of who took a picture, gathered from everything that was seen of it.

Strongest first: product identifiers in addresses, file names and texts; what the file, a feed or a
page states in fields of their own; what sentences say; the credit line; what is merely named; the
page's title. What a text states of day, sol and place is noted beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from catalogue.attribution.dating import date_taken, sols_in
from catalogue.attribution.mentions import Lexicon, plain_text
from catalogue.attribution.naming import CreditMark, Sort
from catalogue.attribution.reading import Draft, Mention, Reading
from catalogue.attribution.sentences import TRUST, signs_of
from catalogue.attribution.weighing import Part, Sign
from catalogue.credit import read_credit
from catalogue.credit.lines import split_credit, strip_label
from catalogue.identify import find_identities, identify
from catalogue.model import Credit, Evidence, Identity, Sighting, Statement
from catalogue.texts import word_set

IDENTIFIED = 0.985
"""A product identifier in an address or file name."""
IDENTIFIED_IN_TEXT = 0.93
"""The same in a text, which may speak of another picture."""
STATED = {"spacecraft": 0.97, "instrument": 0.95, "mission": 0.7}
"""A field of its own, by its name."""
CREDITED_BY_NAME = 0.75
"""The credit line names the spacecraft or camera itself."""
CREDITED_RELIEF = 0.4
"""The credit line names an altimeter: the relief under another camera's picture is mostly its."""
CREDITED, CREDITED_ONE_OF = 0.8, 0.6
"""The credit line names a camera's team; that of several spacecraft."""

AERIAL = 0.85
"""The picture is called one from the air."""
_AERIAL = word_set("aerial luftbild luftaufnahme aérienne aérien aérea aéreo aerea aereo drone")

_FROM_ORBIT = re.compile(
    r"(?<=[,;:(])\s?from\sorbit\b|\b(?:seen|viewed?|imaged?|pictured|photographed|photo|vue?|vist[oa]|captad[oa]|fotografiert"
    r"|aufgenommen|ripres[oa]|снят[оаы]?|вид[аен]*),?\s(?:from\s(?:(?:mars|martian)\s)?orbit|from\sspace|aus\sder\s(?:mars)?umlaufbahn"
    r"|aus\sdem\s(?:mars)?(?:orbit|weltraum)|depuis\sl['’]espace|desde\sel\sespacio|dallo\sspazio"
    r"|do\sespaço|[сc]\sорбиты|из\sкосмоса"
    r"|depuis\sl['’]orbite|desde\sla\sórbita|dall['’]orbita|da\sórbita)\b",
    re.IGNORECASE,
)
_FAR = re.compile(r"\b[1-9]\d{0,2}[ \xa0\u202f,.]?\d{3}\s?(?:km|kilom|miles)")
_FAR_FROM = re.compile(
    r"\b(?:from|à|aus|desde|da)\s(?:(?:about|around|some|roughly|nearly|over|environ|etwa|rund|circa|unos"
    r"|an?\s(?:distance|altitude|height)\sof(?:\sabout)?|une\s(?:distance|altitude)\sd['’e](?:\s?environ)?"
    r"|(?:einer\s)?(?:entfernung|höhe)\svon(?:\setwa)?|una\sdistancia\sde)\s)?\Z",
    re.IGNORECASE,
)
"""So far away is nothing on the ground."""
_KM = word_set("km kilometers kilometres kilometer miles kilomètres kilometern")
_ORBITERS_ONLY = word_set("cydonia marsgesicht")
_CYDONIA = re.compile("cydonia|marsgesicht", re.IGNORECASE)
"""Places that nothing has seen from the ground."""
_CALTECH = ("caltech", "cal-tech", "cal tech")
_HAD = re.compile(r"\bhad\b[^.]{0,30}\Z")
"""What was seen from there before this picture."""
_ORBIT = word_set(
    "orbit space umlaufbahn marsumlaufbahn marsorbit weltraum orbite órbita orbita espace"
    " espacio spazio espaço орбиты космоса"
)


@dataclass(slots=True)
class Gathered:
    """Everything that speaks for or against somebody, and what else was found on the way."""

    signs: list[Sign] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Where each text stands, and the text, its credit taken out."""
    readings: list[Reading] = field(default_factory=list)
    credit: str | None = None
    """As published."""
    credit_label: str = ""
    """What stands before it, where it was taken out of a text: «Illustration:»."""
    credited: Credit | None = None
    credit_reading: Reading | None = None
    """The credit line, its label before it, as a text."""
    facts: dict[str, str | int] = field(default_factory=dict)
    """What is stated of ``taken``, ``sol``, ``place`` and ``product_id``, best source first."""
    noted: list[Evidence] = field(default_factory=list)
    """Where the facts stand."""
    another_world: str | None = None
    """Another planet, moon or comet that the texts tell of, where they do not of Mars."""
    loose_date: bool = False
    """Nothing says that the day is the picture's but that no other is named."""
    from_orbit: tuple[str, str] | None = None
    """Where a text says that the picture shows something from orbit, and its words."""
    earth_camera: str | None = None
    """A camera that is sold on Earth, where the file names one."""

    def fact(self, name: str, value: str | int, where: str, words: str, rule: str) -> None:
        """Note what is stated, unless a better source stated it already, and as exactly."""
        known = self.facts.get(name)
        more_exact = name == "taken" and known != value and str(value).startswith(str(known))
        if known is None or more_exact:
            self.facts[name] = value
            self.noted.append(Evidence(field=where, text=words, says=f"{name}={value}", rule=rule))


def gather(sighting: Sighting, lexicon: Lexicon) -> Gathered:
    """All signs of one picture."""
    found = Gathered()
    statements = list(_statements(sighting))
    _identities_in_names(found, sighting)
    _read_statements(found, statements, lexicon)
    _find_texts(found, sighting, statements)
    for where, text in found.texts:
        if where != "page title":
            for identity in find_identities(text):
                _identity(found, identity, where, IDENTIFIED_IN_TEXT)
    if found.credit and any(map(str.isdigit, found.credit)):  # «Source: uahirise.org/PSP_...»
        for identity in find_identities(found.credit):
            _identity(found, identity, "credit", IDENTIFIED_IN_TEXT)
    _read_texts(found, lexicon)
    _credit_signs(found, lexicon)
    captioned = {
        slug
        for reading in found.readings
        if reading.where not in {"title", "page title"}
        for _, one in reading.crafts()
        for slug in one.slugs
    }
    has_caption = any(reading.where == "caption" for reading in found.readings)
    for reading in found.readings:
        heads_only = reading.where == "title" and has_caption
        found.signs.extend(
            sign
            for sign in signs_of(reading, lexicon)
            # What a title alone names is what its article is about.
            if not (heads_only and sign.part is Part.BESIDE and captioned.isdisjoint(sign.slugs))
        )
    found.signs.extend(_from_the_air(found, lexicon))
    _dates_and_places(found, lexicon)
    return found


def _from_the_air(found: Gathered, lexicon: Lexicon) -> Iterator[Sign]:
    """A picture that is called an aerial one: by what flies, and what brought it is named."""
    for reading in found.readings:
        word = next((word for word in reading.low if word in _AERIAL), None)
        if word is None or not ("P" in reading.code or "v" in reading.code):
            continue
        kin = {
            slug for _, one in reading.crafts() for slug in lexicon.referring.travellers(one.slugs)
        }
        flying = tuple(slug for slug in sorted(kin) if lexicon.kinds[slug] == "helicopter")
        if flying:
            yield Sign(Part.TOOK, flying, AERIAL, reading.where, word, "taken from the air")


# --- names, addresses, fields ---------------------------------------------------------------------


def _identities_in_names(found: Gathered, sighting: Sighting) -> None:
    for shown in sighting.appearances:
        said = shown.appearance
        addresses = (said.url, *said.alternatives[:3], shown.address if shown.alone else None)
        for address in dict.fromkeys(filter(None, addresses)):
            identity = identify(address)
            if identity is not None:
                where = "file name" if shown.alone else "address"
                _identity(found, identity, where, IDENTIFIED)


def _identity(found: Gathered, identity: Identity, where: str, weight: float) -> None:
    rule = "product identifier"
    if identity.instrument:
        found.signs.append(
            Sign(Part.CAMERA, (identity.instrument,), weight, where, identity.text, rule)
        )
    if identity.spacecraft:
        found.signs.append(
            Sign(Part.TOOK, (identity.spacecraft,), weight, where, identity.text, rule)
        )
    for name in ("product_id", "sol", "taken"):
        value = getattr(identity, name)
        if value is not None:
            found.fact(name, value, where, identity.text, rule)


def _statements(sighting: Sighting) -> Iterator[Statement]:
    for shown in sighting.appearances:
        yield from shown.appearance.statements
    if sighting.image is not None:
        yield from sighting.image.facts.embedded


def _read_statements(found: Gathered, statements: list[Statement], lexicon: Lexicon) -> None:
    for one in statements:
        value = one.value.strip()
        if not value:
            continue
        rule = f"states {one.name}"
        if one.name in STATED:
            reading = lexicon.finish(lexicon.cut(value, one.where), about_space=True)
            for mention in reading.mentions.values():
                if mention.name.sort is Sort.SENSOR:
                    continue
                is_camera = mention.name.is_camera
                if is_camera == (one.name == "instrument"):
                    part = Part.CAMERA if is_camera else Part.TOOK
                    weight = STATED[one.name]
                    found.signs.append(Sign(part, mention.slugs, weight, one.where, value, rule))
        elif one.name == "sol" and value.isdecimal() and len(value) < 6:
            found.fact("sol", int(value), one.where, value, rule)
        elif one.name == "product_id":
            found.fact("product_id", value, one.where, value, rule)
            identity = identify(value)
            if identity is not None:
                _identity(found, identity, one.where, IDENTIFIED)
        elif one.name == "taken":
            _stated_day(found, one, value, rule)
        elif one.name == "place":
            found.fact(one.name, value, one.where, value, rule)
        elif one.name == "camera_make":
            found.earth_camera = value


def _stated_day(found: Gathered, one: Statement, value: str, rule: str) -> None:
    """A day that is stated; inside files of releases it is the day of the release."""
    embedded = one.where.startswith(("IPTC", "XMP", "EXIF"))
    if embedded and str(found.facts.get("product_id", "")).startswith("PIA"):
        return
    if "taken" not in found.facts:
        found.loose_date = embedded
    found.fact("taken", value, one.where, value, rule)


# --- texts ----------------------------------------------------------------------------------------


def _find_texts(found: Gathered, sighting: Sighting, statements: list[Statement]) -> None:
    """Every text about the picture, each once, its credit taken out."""
    seen: set[str] = set()
    for shown in sighting.appearances:
        said = shown.appearance
        found.credit = found.credit or said.credit or None
        for where, text in (
            ("title", said.title),
            ("caption", said.caption),
            ("alt", said.alt),
            ("page title", None if shown.alone else shown.page.title),
        ):
            _add_text(found, where, text, seen)
    for one in statements:
        if one.name in {"title", "description"}:
            _add_text(found, one.name, one.value, seen)
    for one in statements:
        if one.name == "credit":
            found.credit = found.credit or one.value.strip() or None


def _add_text(found: Gathered, where: str, text: str | None, seen: set[str]) -> None:
    if not text or text in seen:
        return
    seen.add(text)
    text = plain_text(text)
    if where not in {"title", "page title"}:
        parts = split_credit(text)
        if parts.credit:
            if not found.credit:
                found.credit = strip_label(parts.credit) or None
                found.credit_label = parts.label or ""
            text = parts.caption or ""
    if text:
        found.texts.append((where, text))


def _read_texts(found: Gathered, lexicon: Lexicon) -> None:
    """Read each text, knowing what the others name."""
    drafts = [lexicon.cut(text, where) for where, text in found.texts]
    about = any(lexicon.is_about_space(draft) for draft in drafts)
    if found.credit and not about:
        credit = lexicon.cut(found.credit, "credit")
        about = lexicon.is_about_space(credit) or any(not one.name.common for one in credit.names)
    found.another_world = lexicon.another_world(drafts)
    known = frozenset(slug for draft in drafts for slug in _named_in(draft))
    found.readings = [
        lexicon.finish(draft, known=known if len(drafts) > 1 else frozenset(), about_space=about)
        for draft in drafts
    ]


def _named_in(draft: Draft) -> Iterator[str]:
    for mention in draft.names:
        if mention.name.sort is Sort.CRAFT and len(mention.slugs) == 1:
            yield mention.slugs[0]


# --- the credit line ------------------------------------------------------------------------------


def _credit_signs(found: Gathered, lexicon: Lexicon) -> None:
    if not found.credit:
        return
    found.credited = read_credit(found.credit, lexicon.registry)
    published = f"{found.credit_label} {found.credit}"
    found.credit_reading = lexicon.finish(lexicon.cut(published, "credit"), about_space=True)
    reading = found.credit_reading
    by_name: set[str] = set()
    for one in reading.mentions.values():
        words = reading.words_of(one)
        if one.name.sort in {Sort.PART, Sort.SENSOR}:
            continue
        if lexicon.registry.organisation_named(words) is not None:
            continue  # In a credit line it is its other meaning: SSI, an institute and a camera.
        part = Part.CAMERA if one.name.is_camera else Part.TOOK
        if part is Part.TOOK:
            by_name.update(lexicon.registry.spacecraft.keys() & set(one.slugs))
        weight = CREDITED_RELIEF if _measures_heights(one, lexicon) else CREDITED_BY_NAME
        found.signs.append(Sign(part, one.slugs, weight, "credit", words, "credited"))
    if found.another_world:
        return  # Teams with cameras at Mars have had others elsewhere.
    marked = _marked(credited_names(found.credited), lexicon)
    told = _told(found)
    if told and "jpl" in found.credited.organisations and not _any_of(marked, told, lexicon):
        # Who writes JPL for JPL-Caltech means the team of the one that the text names.
        looser = _marked(credited_names(found.credited) | {"jpl-caltech"}, lexicon)
        marked = looser if _any_of(looser, told, lexicon) else marked
    if by_name:  # a team has worked for others too
        marked = {
            slug: mark for slug, mark in marked.items() if _is_of(slug, by_name | told, lexicon)
        }
    for is_camera, choose in ((True, _likeliest), (False, _owners)):
        team = tuple(slug for slug, mark in marked.items() if mark.is_camera == is_camera)
        slugs = choose(team, told, found.credited, lexicon) if team else {}
        if slugs:
            found.signs.append(
                Sign(
                    Part.CAMERA if is_camera else Part.TOOK,
                    tuple(slugs),
                    CREDITED if len(slugs) == 1 else CREDITED_ONE_OF,
                    "credit",
                    found.credit,
                    "credit's organisations",
                )
            )


def _marked(named: frozenset[str], lexicon: Lexicon) -> dict[str, CreditMark]:
    """Cameras and spacecraft that a credit line with these names stands for."""
    return {
        mark.slug: mark
        for name in sorted(named & lexicon.credit_marks.keys())
        for mark in lexicon.credit_marks[name]
        if mark.needed <= named and not mark.absent & named
    }


def _any_of(slugs: Iterable[str], crafts: set[str], lexicon: Lexicon) -> bool:
    return any(_is_of(slug, crafts, lexicon) for slug in slugs)


def _told(found: Gathered) -> set[str]:
    """Spacecraft that the texts name, and those whose own cameras they name."""
    return {
        slug
        for reading in found.readings
        for one in reading.mentions.values()
        for slug in (one.carriers if one.name.is_camera else one.slugs)
        if one.name.sort is Sort.CRAFT or (one.name.is_camera and len(one.carriers) == 1)
    }


def _is_of(slug: str, crafts: set[str], lexicon: Lexicon) -> bool:
    """Whether it is one of some spacecraft, or a camera of one."""
    camera = lexicon.registry.instruments.get(slug)
    return slug in crafts if camera is None else not crafts.isdisjoint(camera.spacecraft)


def _measures_heights(mention: Mention, lexicon: Lexicon) -> bool:
    return mention.name.is_camera and all(
        lexicon.registry.instruments[slug].kind == "altimeter" for slug in mention.slugs
    )


def _likeliest(
    cameras: tuple[str, ...], told: set[str], _: Credit, lexicon: Lexicon
) -> dict[str, None]:
    """Of cameras of one team: that of a spacecraft that is named, or of one that travelled with it.

    Where there is none, a main camera.
    """
    entries, crafts = lexicon.registry.instruments, lexicon.registry.spacecraft
    fitting: list[str] = []
    for near in (told, lexicon.referring.travellers(told)):
        fitting = fitting or [
            slug for slug in cameras if not near.isdisjoint(entries[slug].spacecraft)
        ]
    if not fitting:
        fitting = [
            slug
            for slug in cameras
            if any(crafts[craft].main_camera == slug for craft in entries[slug].spacecraft)
        ]
    return dict.fromkeys(fitting or cameras)


def _owners(
    crafts: tuple[str, ...], told: set[str], credit: Credit, lexicon: Lexicon
) -> dict[str, None]:
    """Spacecraft that a team stands for: one that is named, where its camera is credited so too.

    Else one that travelled with it: the rover that photographs its helicopter.
    """
    registry = lexicon.registry
    if not told.isdisjoint(crafts):
        return dict.fromkeys(crafts)
    named = lexicon.referring.travellers(told)
    if near := [craft for craft in crafts if craft in named]:
        return dict.fromkeys(near)
    usual = {
        slug: read_credit(entry.usual_credit, registry).organisations
        for slug, entry in registry.instruments.items()
        if entry.usual_credit and not named.isdisjoint(entry.spacecraft)
    }
    fitting = [
        craft
        for camera, organisations in usual.items()
        if set(organisations) == set(credit.organisations)
        for craft in registry.instruments[camera].spacecraft
        if craft in named
    ]
    return dict.fromkeys(fitting or crafts)


def credited_names(credit: Credit) -> frozenset[str]:
    """Ids of the organisations of a credit, its mission words in lower case, and ``jpl-caltech``
    where the laboratory is named in that form, which releases have used since 2004.
    """
    names = {*credit.organisations, *(token.lower() for token in credit.mission_tokens)}
    text = credit.text.lower()
    if "jpl" in names and any(form in text for form in _CALTECH):
        names.add("jpl-caltech")
    return frozenset(names)


# --- day, sol, place ------------------------------------------------------------------------------


def _far_away(text: str) -> re.Match[str] | None:
    """The distance of thousands of kilometres from which something is seen."""
    for far in _FAR.finditer(text):
        if _FAR_FROM.search(text, max(0, far.start() - 45), far.start()):
            return far
    return None


def _dates_and_places(found: Gathered, lexicon: Lexicon) -> None:
    for (where, text), reading in zip(found.texts, found.readings, strict=True):
        for place, slugs, words in lexicon.places_in(reading):
            found.fact("place", place, where, words, "place in the text")
            found.signs.append(
                Sign(Part.PLACE, slugs, 0.25 * TRUST.get(where, 0.5), where, words, "works there")
            )
        seen_from = None if _ORBIT.isdisjoint(reading.low) else _FROM_ORBIT.search(text)
        if seen_from is None and not _KM.isdisjoint(reading.low):
            seen_from = _far_away(text)
        if seen_from is None and not _ORBITERS_ONLY.isdisjoint(reading.low):
            seen_from = _CYDONIA.search(text)
        if seen_from and where != "page title" and not _HAD.search(text, 0, seen_from.start()):
            found.from_orbit = found.from_orbit or (where, seen_from[0])
        if where in {"page title", "alt"}:
            continue
        date = date_taken(text)
        if date is not None:
            found.loose_date = found.loose_date or ("taken" not in found.facts and not date.taken)
            found.fact("taken", date.date, where, date.words, "date in the text")
        for sol, words in sols_in(text):
            found.fact("sol", sol, where, words, "sol in the text")
            break
