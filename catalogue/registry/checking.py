"""Whether the entries of a registry fit each other: what one names, another must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue.errors import RegistryError
from catalogue.registry.entries import (
    INSTRUMENTS,
    ORGANISATIONS,
    RIGHTS,
    SPACECRAFT,
    Organisation,
    RightsStatement,
    Spacecraft,
)
from catalogue.registry.facts import Registry, fold_name

_KINDS = ("orbiter", "lander", "rover", "helicopter", "flyby", "telescope")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?( \(planned\))?$")


def check(registry: Registry) -> None:
    """Go through all entries.

    Raises:
        RegistryError: One does not fit; told with its file, its name and what to do.
    """
    for craft in registry.spacecraft.values():
        _check_spacecraft(craft, registry)
    for camera in registry.instruments.values():
        for slug in camera.spacecraft:
            if slug not in registry.spacecraft:
                raise RegistryError(
                    f"{INSTRUMENTS}, [{camera.slug}]: spacecraft {slug!r} is not in"
                    f" {SPACECRAFT}; add it, or mend the name"
                )
    for organisation in registry.organisations.values():
        _check_organisation(organisation, registry)
    for statement in registry.rights.values():
        _check_rights(statement, registry)
    _check_unique(SPACECRAFT, ((craft.slug, craft.names) for craft in registry.spacecraft.values()))
    _check_unique(
        ORGANISATIONS, ((entry.id, entry.names) for entry in registry.organisations.values())
    )


def _check_spacecraft(craft: Spacecraft, registry: Registry) -> None:
    where = f"{SPACECRAFT}, [{craft.slug}]"
    if craft.kind not in _KINDS:
        raise RegistryError(f"{where}: kind = {craft.kind!r} must be one of {', '.join(_KINDS)}")
    for name in ("launch", "arrival", "end"):
        day = getattr(craft, name)
        if day is not None and not _DATE.match(day):
            raise RegistryError(f"{where}: {name} = {day!r} must be a date such as 2021-02-18")
    for camera in craft.cameras:
        if camera not in registry.instruments:
            raise RegistryError(f"{where}: camera {camera!r} is not in {INSTRUMENTS}; add it there")
        if craft.slug not in registry.instruments[camera].spacecraft:
            raise RegistryError(
                f"{where}: {INSTRUMENTS}, [{camera}] does not list it; add it there"
            )
    if craft.main_camera is not None and craft.main_camera not in craft.cameras:
        raise RegistryError(
            f"{where}: main_camera = {craft.main_camera!r} is not among its cameras; add it there"
        )
    for name in ("carried_by", "usually_seen_by"):
        other = getattr(craft, name)
        if other is not None and other not in registry.spacecraft:
            raise RegistryError(f"{where}: {name} = {other!r} is no entry here")


def _check_organisation(organisation: Organisation, registry: Registry) -> None:
    if organisation.part_of is not None and organisation.part_of not in registry.organisations:
        raise RegistryError(
            f"{ORGANISATIONS}, [{organisation.id}]: part_of names {organisation.part_of!r}, which"
            " is not an entry there; add it, or mend the name"
        )


def _check_rights(statement: RightsStatement, registry: Registry) -> None:
    for organisation in statement.applies_to:
        if organisation not in registry.organisations:
            raise RegistryError(
                f"{RIGHTS}, [{statement.id}]: applies_to names {organisation!r}, which is not"
                f" in {ORGANISATIONS}; add it, or mend the name"
            )
    if statement.when not in {"always", "stated"}:
        raise RegistryError(f"{RIGHTS}, [{statement.id}]: when must be always or stated")


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
