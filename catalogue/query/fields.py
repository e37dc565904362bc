"""What stands behind ``field:`` in a query: the table of fields, and advice on what is not in it.

A field's reader turns the value that was typed into a node. Names are forgiving: the registry
resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from catalogue.errors import UsageError
from catalogue.query import ranges, tree
from catalogue.query.tree import Node
from catalogue.query.words import fold, tokens
from catalogue.record import Kind
from catalogue.texts import nearest

if TYPE_CHECKING:
    from catalogue.registry import Registry

Names: TypeAlias = "Callable[[], Registry]"
"""Gives the registry, which is read when a name has to be resolved."""

Reader: TypeAlias = "Callable[[Names, str, str], Node | None]"
"""Registry, field, value; None where the value asks for nothing."""

SAVED = "saved"
"""The field that stands for another query."""


def known(name: str) -> str:
    """The field that a name means, in any case of letters.

    Raises:
        UsageError: None.
    """
    lower = name.lower()
    field = ALIASES.get(lower, lower)
    if field not in FIELDS and field != SAVED:
        raise UsageError(
            f"unknown field {lower!r}; {nearest(field, sorted(FIELDS), also=(*ALIASES, SAVED))}"
            " (in quotes it is searched for as words)"
        )
    return field


def read(field: str, value: str, registry: Names) -> Node | None:
    """What a field with a value asks for; None for nothing.

    Args:
        field: A key of :data:`FIELDS`.
        value: As typed, not empty.
        registry: Gives what resolves names.

    Raises:
        UsageError: The field cannot hold the value, or the name is unknown.
    """
    if value == ANY and field in tree.TEXTS:
        return tree.Present(field)
    if value == ANY and field in _ABSENT:
        return _known(field)
    if value.lower() in _NOT_KNOWN and field in _ABSENT:
        return tree.Not(_known(field))
    return FIELDS[field](registry, field, value)


ANY = "*"
"""A value that says: anything, as long as it is known."""

_NOT_KNOWN = {"none", "unknown", "null", "-"}


def _known(field: str) -> Node:
    return tree.Dated("date", None, None) if field == "date" else tree.Present(_ABSENT[field])


# --- names ------------------------------------------------------------------------------------


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()] or [value]


def _spacecraft(registry: Names, field: str, value: str) -> Node:
    found = [registry().spacecraft_named(part).slug for part in _listed(value)]
    return tree.Among("spacecraft", tuple(dict.fromkeys(found)))


LARGEST_FAMILY = 6
"""Spacecraft of one family at the most: so many «Mariner» or «Viking» mean, but not «Mars»."""


def family(field: str, value: str, registry: Names) -> Node | None:
    """What a field asks for where a value is the beginning of several spacecraft's names.

    Args:
        field: A key of :data:`FIELDS`.
        value: As typed.
        registry: Gives the names.

    Returns:
        None for a field whose values are no spacecraft.

    Raises:
        UsageError: A part of the value is neither a name nor such a beginning.
    """
    if field not in ("spacecraft", "subject"):
        return None
    found: dict[str, None] = {}
    for part in _listed(value):
        try:
            found[registry().spacecraft_named(part).slug] = None
        except UsageError:
            members = _members(part, registry)
            if not members:
                raise
            found |= dict.fromkeys(members)
    if field == "spacecraft":
        return tree.Among("spacecraft", tuple(found))
    return tree.HasAny("subjects", tuple(found))


def _members(start: str, registry: Names) -> list[str]:
    """Spacecraft of which a name begins so; none where they are too many for a family."""
    asked = tokens(fold(start))
    found = [
        craft.slug
        for craft in registry().spacecraft.values()
        if any(tokens(fold(name))[: len(asked)] == asked for name in (*craft.names, craft.slug))
    ]
    return found if asked and len(found) <= LARGEST_FAMILY else []


def _instrument(registry: Names, field: str, value: str) -> Node:
    found = [one.slug for part in _listed(value) for one in registry().instruments_named(part)]
    return tree.Among("instrument", tuple(dict.fromkeys(found)))


def _subject(registry: Names, field: str, value: str) -> Node:
    found = [registry().spacecraft_named(part).slug for part in _listed(value)]
    return tree.HasAny("subjects", tuple(dict.fromkeys(found)))


def _organisation(registry: Names, field: str, value: str) -> Node:
    # Names of organisations may hold a comma.
    parts = [value] if registry().organisation_named(value) else _listed(value)
    named = [(part, registry().organisation_named(part)) for part in parts]
    slugs = (found.id if found else "-".join(tokens(fold(part))) for part, found in named)
    return tree.HasAny("organisations", tuple(dict.fromkeys(slugs)))


def _credit(registry: Names, field: str, value: str) -> Node | None:
    text = _text(registry, field, value)
    found = registry().organisation_named(value)
    if found is None:
        return text
    by_id = tree.HasAny("organisations", (found.id,))
    return tree.Any((by_id, text)) if text is not None else by_id


def _kind(registry: Names, field: str, value: str) -> Node:
    kinds = []
    for part in _listed(value):
        slug = "-".join(part.lower().replace("_", "-").split())
        if slug not in set(Kind):
            raise UsageError(f"unknown kind {part!r}; {nearest(slug, Kind)}")
        kinds.append(slug)
    return tree.Among("kind", tuple(kinds))


_FORMATS = {"JPG": "JPEG", "TIF": "TIFF", "JP2": "JPEG2000", "JPEG 2000": "JPEG2000"}


def _format(registry: Names, field: str, value: str) -> Node:
    names = [part.upper() for part in _listed(value)]
    return tree.Among("format", tuple(_FORMATS.get(name, name) for name in names))


# --- texts ------------------------------------------------------------------------------------


def _text(registry: Names, field: str, value: str) -> Node | None:
    return tree.words(value.rstrip("*"), prefix=value.endswith("*"), column=field)


def _begins(registry: Names, field: str, value: str) -> Node:
    return tree.Begins(field, value.rstrip("*"))


def _word_begins(registry: Names, field: str, value: str) -> Node:
    return tree.WordBegins("people" if field == "person" else field, value.rstrip("*"))


def _product(registry: Names, field: str, value: str) -> Node:
    from catalogue.query.meanings import products

    known = products(value)
    begins = tree.Begins("product_id", known[0] if known else value.rstrip("*"))
    return tree.Any((begins, tree.Among("product_id", known[1:]))) if known[1:] else begins


def _site(registry: Names, field: str, value: str) -> Node:
    host = re.sub(r"^https?://", "", value.lower()).partition("/")[0]
    return tree.OnSite(host.removeprefix("*.").removeprefix("www.").strip("."))


def _address(registry: Names, field: str, value: str) -> Node:
    return tree.Address(value)


# --- what is stated at all --------------------------------------------------------------------

STATED: Mapping[str, str] = {
    **{
        field: field
        for field in (
            "alt", "caption", "credit", "file", "instrument", "kind", "licence", "place",
            "published", "sol", "spacecraft", "taken", "title",
        )
    },
    "organisation": "organisations",
    "page": "pages",
    "person": "people",
    "product": "product_id",
    "subject": "subjects",
}  # fmt: skip
"""What ``has:`` and ``needs:`` take, and the field of the record that it means."""

REVIEW = "review"
"""What ``needs:`` takes beside: a person should look at the picture."""

_STATED_ALIASES = {"date": "taken", "subjects": "subject", "people": "person", "image": "file"}

_ABSENT: Mapping[str, str] = {
    **{
        field: field
        for field in (
            "bytes", "credit", "format", "height", "instrument", "kind", "licence", "place",
            "published", "sol", "spacecraft", "taken", "width",
        )
    },
    "date": "date",
    "organisation": "organisations",
    "person": "people",
    "product": "product_id",
    "site": "pages",
    "subject": "subjects",
    "url": "pages",
}  # fmt: skip
"""Fields whose value may be that it is not known, or :data:`ANY`, and what that means of the
record. In a text, ``none`` is a word like any other."""


def _stated(field: str, value: str) -> tree.Present:
    word = value.lower()
    word = _STATED_ALIASES.get(word, word)
    if word == REVIEW:
        return tree.Present("review")
    if word not in STATED:
        raise UsageError(f"{field}:{value}; {nearest(word, sorted((*STATED, REVIEW)))}")
    return tree.Present(STATED[word])


def _has(registry: Names, field: str, value: str) -> Node:
    return _stated(field, value)


def _needs(registry: Names, field: str, value: str) -> Node:
    found = _stated(field, value)
    return found if found.field == "review" else tree.Not(found)


# --- the table --------------------------------------------------------------------------------

NAMED = {"spacecraft", "instrument", "subject"}
"""Fields whose values are names of several words."""

LONGEST_NAME = 8
"""Words of the longest name of a spacecraft or camera."""

FIELDS: Mapping[str, Reader] = {
    "alt": _text,
    "bytes": ranges.numbers,
    "caption": _text,
    "confidence": ranges.numbers,
    "credit": _credit,
    "date": ranges.dates,
    "format": _format,
    "has": _has,
    "height": ranges.numbers,
    "id": _begins,
    "instrument": _instrument,
    "kind": _kind,
    "licence": _begins,
    "needs": _needs,
    "organisation": _organisation,
    "person": _word_begins,
    "place": _word_begins,
    "product": _product,
    "published": ranges.dates,
    "since": ranges.since,
    "site": _site,
    "sol": ranges.numbers,
    "spacecraft": _spacecraft,
    "subject": _subject,
    "taken": ranges.dates,
    "title": _text,
    "until": ranges.until,
    "url": _address,
    "width": ranges.numbers,
}
"""Every field of the language with what reads its value."""

ALIASES: Mapping[str, str] = {
    "after": "since",
    "before": "until",
    "by": "spacecraft",
    "camera": "instrument",
    "craft": "spacecraft",
    "host": "site",
    "license": "licence",
    "mission": "spacecraft",
    "org": "organisation",
    "organisations": "organisation",
    "organization": "organisation",
    "organizations": "organisation",
    "page": "url",
    "pages": "url",
    "people": "person",
    "product_id": "product",
    "rover": "spacecraft",
    "shows": "subject",
    "size": "bytes",
    "source": "spacecraft",
    "subjects": "subject",
    "type": "kind",
    "year": "date",
}
"""Other words for fields."""


# --- what may stand behind a field ------------------------------------------------------------


def values(field: str, registry: Names) -> list[str]:
    """Values of a field, where these are names that are known beforehand; else none.

    Args:
        field: As typed.
        registry: Gives the names.
    """
    known_as = ALIASES.get(field.lower(), field.lower())
    if known_as in {"spacecraft", "subject"}:
        return sorted(registry().spacecraft)
    if known_as == "instrument":
        return _instruments(registry())
    if known_as == "organisation":
        return sorted(registry().organisations)
    return list(_VALUES.get(known_as, ()))


def _instruments(registry: Registry) -> list[str]:
    """Slugs, and what of them is a name by itself: ``mro-hirise`` and ``hirise``."""
    from catalogue.registry.facts import fold_name

    short = {
        name
        for camera in registry.instruments.values()
        if fold_name(name := camera.slug.partition("-")[2]) in map(fold_name, camera.names)
    }
    return sorted(short | set(registry.instruments))


_VALUES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "has": tuple(sorted(STATED)),
    "needs": tuple(sorted((*STATED, REVIEW))),
    "format": ("gif", "jpeg", "jpeg2000", "png", "tiff", "webp"),
}
