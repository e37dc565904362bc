"""Under what terms a picture may be used, by those who are credited and the licence stated."""

from __future__ import annotations

from dataclasses import replace

from catalogue.credit.licences import licence_url
from catalogue.model import Rights
from catalogue.registry import Registry, RightsStatement


def terms_of(
    organisations: tuple[str, ...],
    licence: str | None,
    missions: tuple[str, ...],
    registry: Registry,
) -> Rights | None:
    """What the registry knows of the use of a picture; None where it is not known.

    A licence that the line states comes before everything. Else the terms of those who are
    credited hold: a part's before the whole's (JPL's before NASA's), a statement about several
    together before that about one of them. Where the terms of several owners are left, none is
    chosen, since it is not known which of them hold.

    Args:
        organisations: Ids, in the order of the credit line.
        licence: As the line states it, in normal form.
        missions: Missions and instruments that the line names.
        registry: The facts.
    """
    credited = set(organisations)
    for one in organisations:
        entry = registry.organisations.get(one)
        if entry is not None and entry.part_of:
            credited.add(entry.part_of)
    about = [
        statement
        for statement in registry.rights.values()
        if statement.applies_to and _holds(statement, credited, missions)
    ]
    if licence is not None:
        return _licensed(licence, about, registry)
    about = [statement for statement in about if statement.when == "always"]
    left = [one for one in about if not any(_outranks(other, one, registry) for other in about)]
    return left[0].as_rights() if len(left) == 1 else None


def _holds(statement: RightsStatement, credited: set[str], missions: tuple[str, ...]) -> bool:
    if statement.mission is not None and statement.mission not in missions:
        return False
    test = all if statement.together else any
    return test(one in credited for one in statement.applies_to)


def _licensed(licence: str, about: list[RightsStatement], registry: Registry) -> Rights | None:
    """The statement on a licence: that of the owners before the licence's own."""
    own = (one for one in registry.rights.values() if not one.applies_to and one.when == "stated")
    ranked = sorted(about, key=lambda one: -len(one.applies_to) if one.together else 0)
    for statement in (*ranked, *own):
        if statement.licence and f"{licence} ".startswith(f"{statement.licence} "):
            rights = replace(statement.as_rights(), licence=licence)
            return rights if rights.url else replace(rights, url=licence_url(licence))
    return None


def _outranks(one: RightsStatement, other: RightsStatement, registry: Registry) -> bool:
    if one is other:
        return False
    if one.mission and not other.mission:
        return True
    if one.together and set(other.applies_to) <= set(one.applies_to):
        return True
    wholes = {registry.organisations[part].part_of for part in one.applies_to}
    return set(other.applies_to) <= wholes
