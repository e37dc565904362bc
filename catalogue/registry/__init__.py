"""Facts about spacecraft, cameras, organisations and rights, read from commented TOML files.

The files of this package are the facts that the program comes with. A folder of one's own, named by
the environment variable ``CATALOGUE_REGISTRY``, may add entries, and aliases to entries; it uses
the same file names and keys (see ``docs/reference/registry.md``).

Everything is checked once, when it is loaded: a wrong entry is told with its file, its name, and
what to do about it.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from catalogue.errors import RegistryError, UsageError
from catalogue.model import Rights
from catalogue.texts import instead, nearest

FOLDER_VARIABLE = "CATALOGUE_REGISTRY"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSite:
    """Where a spacecraft stands."""

    name: str
    lat: float | None = None
    """Degrees north."""
    lon_e: float | None = None
    """Degrees east, 0 to 360."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacecraft:
    """One spacecraft: who may have taken a picture, or be seen in it."""

    slug: str
    name: str
    kind: str
    """``orbiter``, ``lander``, ``rover``, ``helicopter``, ``flyby`` or ``telescope``."""
    source: str
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    designations: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    mission: str | None = None
    carried_by: str | None = None
    """Slug of the spacecraft that brought it."""
    launch: str | None = None
    """ISO 8601 UTC, as precise as it is known, with «(planned)» behind a date to come; so are
    ``arrival`` and ``end``."""
    arrival: str | None = None
    end: str | None = None
    status: str | None = None
    landing_site: LandingSite | None = None
    returned_images: bool = True
    cameras: tuple[str, ...] = ()
    main_camera: str | None = None
    """Slug of the camera that its published pictures come from unless another is named."""
    usually_seen_by: str | None = None
    """Slug of the spacecraft that took most pictures in which it is seen."""
    places: tuple[str, ...] = ()
    """Names of places on the ground where it worked."""
    parts: tuple[str, ...] = ()
    """Parts of it, and what it set down, that captions call by a name of their own. One in lower
    case is an ordinary word too: it counts where the spacecraft, or one that travelled with it, is
    named."""
    credit_marks: tuple[str, ...] = ()
    """What names it in a credit line (see :attr:`Instrument.credit_marks`)."""
    common_word: str | None = None
    """What else the name means; None where it means nothing but the spacecraft."""
    notes: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that means it."""
        return (self.name, *self.aliases, *self.nicknames, *self.designations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One camera or imaging instrument, on one or several spacecraft."""

    slug: str
    name: str
    spacecraft: tuple[str, ...]
    """Slugs; several where twins carried the same camera."""
    source: str
    aliases: tuple[str, ...] = ()
    provider: str | None = None
    units: tuple[str, ...] = ()
    kind: str = "camera"
    raw_feed_names: tuple[str, ...] = ()
    usual_credit: str | None = None
    credit_marks: tuple[str, ...] = ()
    """Combinations of organisations in a credit line that this camera's releases carry: ids with a
    space between, ``-id`` for one that must be absent."""
    colour: str | None = None
    """``colour`` or ``grey``, where that tells it from another camera of the same spacecraft."""
    selfies: bool = False
    """It is the camera that takes its own spacecraft's portrait."""
    detached: bool = False
    """It leaves its spacecraft, and can see all of it."""
    mounted_on: tuple[str, ...] = ()
    """The part that carries it, where captions tell it by that: ``descent stage``."""
    notes: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that means it, on the right spacecraft."""
        return (self.name, *self.aliases, *self.raw_feed_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Somebody who is named in credit lines."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Aliases that mean it only in a list with slashes that also names NASA or JPL."""
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Spellings that the normal form of a credit keeps beside ``name``, each with the aliases that
    become it."""
    part_of: str | None = None
    """Id of the organisation that it is a part of, as a NASA centre is of NASA."""
    role: str | None = None
    on_earth: bool = False
    """It builds, launches, shows or watches from afar, and has no camera at Mars."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling that means it anywhere."""
        spelled = (name for names in self.spellings.values() for name in names)
        return (self.name, *self.aliases, *self.spellings, *spelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributor:
    """A press agency or host: passes pictures on, did not make them."""

    name: str
    aliases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    forms_not_seen: tuple[str, ...] = ()
    seen: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualCredit:
    """The credit line that a camera's or team's releases usually carry."""

    topic: str
    credit: str
    source: str
    organisations: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    """What organisations say of the use of their pictures."""

    id: str
    title: str
    statement: str
    verified: str
    applies_to: tuple[str, ...] = ()
    """Ids of organisations; empty for a remark that no rule applies."""
    url: str | None = None
    licence: str | None = None
    spdx: str | None = None
    when: str = "always"
    """``always``, or ``stated``: only where the credit line itself names the licence."""
    together: bool = False
    """Holds for pictures that credit all of ``applies_to``, not any of them."""
    mission: str | None = None
    """The mission or instrument that the credit line must name for it to hold."""

    def as_rights(self) -> Rights:
        """The statement as it travels with a picture."""
        return Rights(
            id=self.id,
            title=self.title,
            statement=self.statement,
            licence=self.licence,
            url=self.url,
            source=self.verified,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Registry:
    """All facts, with forgiving look-ups by name.

    A registry equals itself alone, so that what is made of its facts can be kept by it.
    """

    spacecraft: dict[str, Spacecraft]
    instruments: dict[str, Instrument]
    organisations: dict[str, Organisation]
    distributors: tuple[Distributor, ...]
    usual_credits: tuple[UsualCredit, ...]
    labels: dict[str, tuple[str, ...]]
    """Language to the labels that stand before credit lines in it."""
    words: dict[str, tuple[str, ...]]
    """Words of credit lines that are no names: ``missions``, ``remarks``, ``places``,
    ``organisation_words``, ``titles``, ``panels``."""
    rights: dict[str, RightsStatement]
    bodies: tuple[str, ...] = ()
    """Planets, moons, asteroids and comets other than Mars and its moons."""
    elsewhere: tuple[str, ...] = ()
    """Names of spacecraft that photographed other worlds."""

    def spacecraft_named(self, text: str) -> Spacecraft:
        """The spacecraft that a person means.

        Args:
            text: A slug, name, nickname or designation, in any case and punctuation.

        Raises:
            UsageError: Nothing is called so; the nearest known names are told.
        """
        slug = self._spacecraft_names.get(fold_name(text))
        if slug is None:
            raise _unknown("spacecraft", text, self._spacecraft_names, self.spacecraft)
        return self.spacecraft[slug]

    def instruments_named(self, text: str) -> tuple[Instrument, ...]:
        """The instruments that a person means: «navcam» is on every rover.

        Args:
            text: A slug, name or alias, in any case and punctuation; a spacecraft's name may stand
                before it.

        Raises:
            UsageError: Nothing is called so; the nearest known names are told.
        """
        slugs = self._instrument_names.get(fold_name(text))
        if slugs is None:
            raise _unknown("instrument", text, self._instrument_names, self.instruments)
        return tuple(self.instruments[slug] for slug in slugs)

    def organisation_named(self, text: str) -> Organisation | None:
        """The organisation of that name or id, or None."""
        found = self._organisation_names.get(fold_name(text))
        return self.organisations[found] if found else None

    @cached_property
    def _spacecraft_names(self) -> dict[str, str]:
        names = {
            fold_name(name): craft.slug
            for craft in self.spacecraft.values()
            for name in craft.names
        }
        return names | {fold_name(slug): slug for slug in self.spacecraft}

    @cached_property
    def _instrument_names(self) -> dict[str, tuple[str, ...]]:
        gathered: dict[str, list[str]] = {}
        for camera in self.instruments.values():
            for name in (camera.slug, *camera.names):
                gathered.setdefault(fold_name(name), []).append(camera.slug)
                for craft in camera.spacecraft:
                    full = f"{self.spacecraft[craft].name} {name}"
                    gathered.setdefault(fold_name(full), []).append(camera.slug)
        return {name: tuple(dict.fromkeys(slugs)) for name, slugs in gathered.items()}

    @cached_property
    def _organisation_names(self) -> dict[str, str]:
        return {
            fold_name(name): organisation.id
            for organisation in self.organisations.values()
            for name in (organisation.id, *organisation.names)
        }


_NO_ASCII_MARKS = {code: None for code in range(128) if not chr(code).isalnum()}


def fold_name(text: str) -> str:
    """A name as it is compared: letters and digits alone, lower case, without diacritics.

    >>> fold_name("Mastcam-Z"), fold_name("Université de Grenoble")
    ('mastcamz', 'universitedegrenoble')
    """
    if text.isascii():
        return text.lower().translate(_NO_ASCII_MARKS)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _unknown(what: str, text: str, names: Iterable[str], entries: Mapping[str, Any]) -> UsageError:
    folded = fold_name(text)
    listed = list(names)
    near = difflib.get_close_matches(folded, listed, n=5, cutoff=0.6)
    near += [name for name in listed if folded and name.startswith(folded)][:3]
    by_fold: dict[str, str] = {}
    for entry in entries.values():
        for name in (*entry.names, entry.slug):
            by_fold.setdefault(fold_name(name), name)
    told = list(dict.fromkeys(by_fold[name] for name in near if name in by_fold))[:4]
    return UsageError(f"unknown {what} {text.strip()!r}; {instead(told, entries)}")


# --- loading ----------------------------------------------------------------------------------

SPACECRAFT, INSTRUMENTS = "spacecraft.toml", "instruments.toml"
ORGANISATIONS, RIGHTS = "organisations.toml", "rights.toml"
ELSEWHERE = "elsewhere.toml"
FILES = (SPACECRAFT, INSTRUMENTS, ORGANISATIONS, RIGHTS, ELSEWHERE)
_CREDIT_TABLES = ("organisations", "distributors", "usual_credits", "labels", "words")
_KINDS = ("orbiter", "lander", "rover", "helicopter", "flyby", "telescope")

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?( \(planned\))?$")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")

Entry = TypeVar("Entry")


def load_registry(folder: Path | None = None) -> Registry:
    """The facts of this package, with those of a user's own folder added.

    Args:
        folder: A folder with files of the same names; None for the one that the environment
            variable ``CATALOGUE_REGISTRY`` names, if it does.

    Raises:
        RegistryError: A file or entry is wrong.
    """
    named = folder or (
        Path(os.environ[FOLDER_VARIABLE]) if os.environ.get(FOLDER_VARIABLE) else None
    )
    return _load(named)


@cache
def _load(folder: Path | None) -> Registry:
    package = files("catalogue.registry")
    tables = {name: _toml(package.joinpath(name).read_bytes(), name) for name in FILES}
    if folder is None:
        return _registry(tables)
    _add_folder(tables, folder)
    try:
        return _registry(tables)
    except RegistryError as error:  # the package's own files are right: a test sees to it
        raise RegistryError(f"{folder}: {error}") from error


def _registry(tables: Mapping[str, dict[str, Any]]) -> Registry:
    credits_ = tables[ORGANISATIONS]
    for key in credits_:
        if key not in _CREDIT_TABLES:
            raise RegistryError(
                f"{ORGANISATIONS}, [{key}]: unknown table; known: {', '.join(_CREDIT_TABLES)}"
            )
    registry = Registry(
        spacecraft=_entries(Spacecraft, tables[SPACECRAFT], SPACECRAFT, "slug"),
        instruments=_entries(Instrument, tables[INSTRUMENTS], INSTRUMENTS, "slug"),
        organisations=_entries(
            Organisation, credits_.get("organisations", {}), ORGANISATIONS, "id"
        ),
        distributors=_listed(Distributor, credits_.get("distributors", []), "distributors"),
        usual_credits=_listed(UsualCredit, credits_.get("usual_credits", []), "usual_credits"),
        labels=_texts(credits_, "labels"),
        words=_texts(credits_, "words"),
        rights=_entries(RightsStatement, tables[RIGHTS], RIGHTS, "id"),
        bodies=tuple(tables[ELSEWHERE].get("bodies", ())),
        elsewhere=tuple(tables[ELSEWHERE].get("names", ())),
    )
    _check(registry)
    return registry


def _toml(data: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryError(f"{name}: {error}; mend the file, it must be TOML in UTF-8") from error


def _add_folder(tables: dict[str, dict[str, Any]], folder: Path) -> None:
    if not folder.is_dir():
        raise RegistryError(
            f"{folder} is not a folder: {FOLDER_VARIABLE} must name one, or be left out"
        )
    found = [name for name in FILES if (folder / name).is_file()]
    strange = sorted(path.name for path in folder.glob("*.toml") if path.name not in FILES)
    if strange or not found:
        what = f"holds {', '.join(strange)}" if strange else "holds no registry file"
        raise RegistryError(f"{folder} {what}: its files must be called {', '.join(FILES)}")
    for name in found:
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise RegistryError(
                f"{folder / name} cannot be read: {error.strerror}; mend its permissions"
            ) from error
        _merge(tables[name], _toml(data, str(folder / name)))


def _merge(known: dict[str, Any], added: dict[str, Any]) -> None:
    for key, value in added.items():
        if key not in known:
            known[key] = value
        elif isinstance(value, dict) and isinstance(known[key], dict):
            _merge(known[key], value)
        elif isinstance(value, list) and isinstance(known[key], list):
            known[key] = [*known[key], *(one for one in value if one not in known[key])]
        elif value != known[key]:
            known[key] = value  # the user's word is newer than ours


def _entries(make: type[Entry], tables: Mapping[str, Any], file: str, key: str) -> dict[str, Entry]:
    entries = {}
    if not isinstance(tables, dict):
        raise RegistryError(f"{file}: write a table for each entry, such as [name-of-the-entry]")
    for slug, table in tables.items():
        where = f"{file}, [{slug}]"
        if not isinstance(table, dict):
            raise RegistryError(f"{where}: must be a table, such as [{slug}] with name = ... in it")
        if not _SLUG.match(slug):
            raise RegistryError(f"{where}: write the key in lower case with hyphens")
        entries[slug] = _entry(make, {key: slug, **table}, where)
    return entries


def _listed(make: type[Entry], tables: Any, key: str) -> tuple[Entry, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RegistryError(f"{ORGANISATIONS}, {key}: write each entry below [[{key}]]")
    return tuple(
        _entry(make, table, f"{ORGANISATIONS}, [[{key}]] number {number}")
        for number, table in enumerate(tables, 1)
    )


def _texts(tables: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    """A table of lists of texts."""
    table = tables.get(key, {})
    return _text_lists(table, f"{ORGANISATIONS}, [{key}]")


def _text_lists(table: Any, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict) or not all(
        isinstance(listed, list) and all(isinstance(one, str) for one in listed)
        for listed in table.values()
    ):
        raise RegistryError(f'{where}: write each line as name = ["text", "text"]')
    return {name: tuple(listed) for name, listed in table.items()}


_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str,),
    "bool": (bool,),
    "tuple[str, ...]": (list, tuple),
    "dict[str, tuple[str, ...]]": (dict,),
    "LandingSite | None": (dict,),
    "float | None": (int, float),
}


_IN_WORDS = {
    "str": "a text in quotes",
    "str | None": "a text in quotes",
    "bool": "true or false",
    "tuple[str, ...]": 'a list of texts, such as ["one", "two"]',
    "dict[str, tuple[str, ...]]": "a table of lists of texts",
    "LandingSite | None": 'a table, such as {name = "...", lat = -4.6, lon_e = 137.4}',
    "float | None": "a number",
}


def _as_written(value: object) -> str:
    return str(value) if isinstance(value, date) else repr(value)


def _entry(make: type[Entry], table: Mapping[str, Any], where: str) -> Entry:
    known = {key.name: str(key.type) for key in fields(make)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            raise RegistryError(f"{where}: unknown key {name!r}; {nearest(name, known)}")
        if not isinstance(value, _TYPES[known[name]]):
            raise RegistryError(
                f"{where}: {name} must be {_IN_WORDS[known[name]]}, not {_as_written(value)}"
            )
        if known[name].startswith("dict"):
            value = _text_lists(value, f"{where} {name}")
        elif isinstance(value, dict):
            value = _entry(LandingSite, value, f"{where} {name}")
        elif isinstance(value, list):
            if not all(isinstance(one, str) for one in value):
                raise RegistryError(
                    f"{where}: {name} must be {_IN_WORDS[known[name]]}, not {_as_written(value)}"
                )
            value = tuple(value)
        values[name] = value
    try:
        return make(**values)
    except TypeError as error:
        missing = str(error).partition("argument")[2].lstrip("s: ").strip()
        raise RegistryError(f"{where}: {missing} is missing; add it") from error


def _check(registry: Registry) -> None:
    for craft in registry.spacecraft.values():
        where = f"{SPACECRAFT}, [{craft.slug}]"
        if craft.kind not in _KINDS:
            raise RegistryError(
                f"{where}: kind = {craft.kind!r} must be one of {', '.join(_KINDS)}"
            )
        for name in ("launch", "arrival", "end"):
            day = getattr(craft, name)
            if day is not None and not _DATE.match(day):
                raise RegistryError(f"{where}: {name} = {day!r} must be a date such as 2021-02-18")
        for camera in craft.cameras:
            if craft.slug not in _carriers(registry, camera, where):
                raise RegistryError(
                    f"{where}: {INSTRUMENTS}, [{camera}] does not list it; add it there"
                )
        if craft.carried_by is not None and craft.carried_by not in registry.spacecraft:
            raise RegistryError(f"{where}: carried_by = {craft.carried_by!r} is no entry here")
    for camera_entry in registry.instruments.values():
        for slug in camera_entry.spacecraft:
            if slug not in registry.spacecraft:
                raise RegistryError(
                    f"{INSTRUMENTS}, [{camera_entry.slug}]: spacecraft {slug!r} is not in"
                    f" {SPACECRAFT}; add it, or mend the name"
                )
    for craft in registry.spacecraft.values():
        if craft.main_camera is not None and craft.main_camera not in craft.cameras:
            raise RegistryError(
                f"{SPACECRAFT}, [{craft.slug}]: main_camera = {craft.main_camera!r} is not among"
                " its cameras; add it there"
            )
        if craft.usually_seen_by is not None and craft.usually_seen_by not in registry.spacecraft:
            raise RegistryError(
                f"{SPACECRAFT}, [{craft.slug}]: usually_seen_by = {craft.usually_seen_by!r} is no"
                " entry here"
            )
    _check_unique(SPACECRAFT, ((craft.slug, craft.names) for craft in registry.spacecraft.values()))
    _check_unique(
        ORGANISATIONS, ((entry.id, entry.names) for entry in registry.organisations.values())
    )
    for entry in registry.organisations.values():
        if entry.part_of is not None and entry.part_of not in registry.organisations:
            raise RegistryError(
                f"{ORGANISATIONS}, [{entry.id}]: part_of names {entry.part_of!r}, which is not an"
                " entry there; add it, or mend the name"
            )
    for statement in registry.rights.values():
        for organisation in statement.applies_to:
            if organisation not in registry.organisations:
                raise RegistryError(
                    f"{RIGHTS}, [{statement.id}]: applies_to names {organisation!r}, which is not"
                    f" in {ORGANISATIONS}; add it, or mend the name"
                )
        if statement.when not in {"always", "stated"}:
            raise RegistryError(f"{RIGHTS}, [{statement.id}]: when must be always or stated")


def _carriers(registry: Registry, camera: str, where: str) -> tuple[str, ...]:
    if camera not in registry.instruments:
        raise RegistryError(f"{where}: camera {camera!r} is not in {INSTRUMENTS}; add it there")
    return registry.instruments[camera].spacecraft


def _check_unique(file: str, entries: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    owners: dict[str, str] = {}
    for owner, names in entries:
        for name in names:
            other = owners.setdefault(fold_name(name), owner)
            if other != owner:
                raise RegistryError(
                    f"{file}, [{owner}]: the name {name!r} belongs to [{other}] already;"
                    " take it out of one of them"
                )
