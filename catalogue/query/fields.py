"""What stands behind ``field:`` in a query: the table of fields, and advice on what is not in it.

A field's reader turns the value that was typed into a node. Names are forgiving: the registry
resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from catalogue.errors import UsageError
from catalogue.query import tree
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
    return FIELDS[field](registry, field, value)


# --- names ------------------------------------------------------------------------------------

_UNKNOWN = {"none", "unknown", "null", "-"}


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()] or [value]


def _spacecraft(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.Among("spacecraft", ())
    found = [registry().spacecraft_named(part).slug for part in _listed(value)]
    return tree.Among("spacecraft", tuple(found))


def _instrument(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.Among("instrument", ())
    found = [one.slug for part in _listed(value) for one in registry().instruments_named(part)]
    return tree.Among("instrument", tuple(found))


def _subject(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.HasAny("subjects", ())
    found = [registry().spacecraft_named(part).slug for part in _listed(value)]
    return tree.HasAny("subjects", tuple(found))


def _organisation(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.HasAny("organisations", ())
    found = registry().organisation_named(value)
    slug = found.id if found else "-".join(tokens(fold(value)))
    return tree.HasAny("organisations", (slug,))


def _credit(registry: Names, field: str, value: str) -> Node | None:
    if value.lower() in _UNKNOWN:
        return tree.Not(tree.Present("credit"))
    text = _text(registry, field, value)
    found = registry().organisation_named(value)
    if found is None:
        return text
    by_id = tree.HasAny("organisations", (found.id,))
    return tree.Any((by_id, text)) if text is not None else by_id


def _person(registry: Names, field: str, value: str) -> Node:
    return tree.HasAny("people", () if value.lower() in _UNKNOWN else (value,))


def _kind(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.Among("kind", ())
    kinds = []
    for part in _listed(value):
        slug = "-".join(part.lower().replace("_", "-").split())
        if slug not in set(Kind):
            raise UsageError(f"unknown kind {part!r}; {nearest(slug, Kind)}")
        kinds.append(slug)
    return tree.Among("kind", tuple(kinds))


_FORMATS = {"JPG": "JPEG", "TIF": "TIFF", "JP2": "JPEG2000", "JPEG 2000": "JPEG2000"}


def _format(registry: Names, field: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return tree.Among("format", ())
    names = [part.upper() for part in _listed(value)]
    return tree.Among("format", tuple(_FORMATS.get(name, name) for name in names))


# --- texts ------------------------------------------------------------------------------------


def _text(registry: Names, field: str, value: str) -> Node | None:
    return tree.words(value.rstrip("*"), prefix=value.endswith("*"), column=field)


def _begins(registry: Names, field: str, value: str) -> Node:
    return tree.Begins(field, value)


def _product(registry: Names, field: str, value: str) -> Node:
    from catalogue.identify import identify

    identity = identify(value)
    return tree.Begins("product_id", (identity.product_id if identity else None) or value)


def _site(registry: Names, field: str, value: str) -> Node:
    host = re.sub(r"^https?://", "", value.lower()).partition("/")[0]
    return tree.OnSite(host.removeprefix("www.").strip("."))


def _address(registry: Names, field: str, value: str) -> Node:
    return tree.Address(value)


# --- numbers and dates ------------------------------------------------------------------------

_NUMBER = re.compile(r"([\d.,_]+)\s*([kKmMgG]?)[bB]?$")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def _number(field: str, text: str) -> float | None:
    if not text:
        return None
    match = _NUMBER.match(text.strip())
    try:
        if match is None:
            raise ValueError
        number = float(match[1].replace(",", "").replace("_", "")) * _UNITS[match[2].lower()]
    except ValueError:
        raise UsageError(
            f"{field}: takes a number or a range such as {field}:100, {field}:1..10, "
            f"{field}:>=2000, not {text!r}"
        ) from None
    return int(number) if number == int(number) else number


def _range(registry: Names, field: str, value: str) -> Node:
    for sign in (">=", "<=", ">", "<", "="):
        if value.startswith(sign):
            bound = _number(field, value[len(sign) :] or value)
            if sign == "=":
                return tree.Within(field, bound, bound)
            if sign[0] == ">":
                return tree.Within(field, bound, None, low_open=sign == ">")
            return tree.Within(field, None, bound, high_open=sign == "<")
    low, dots, high = value.partition("..")
    least, most = _number(field, low), _number(field, high if dots else low)
    if least is not None and most is not None and least > most:
        least, most = most, least
    return tree.Within(field, least, most)


_DATE = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d(:\d\d(:\d\d)?)?)?)?)?Z?$",
    re.IGNORECASE,
)


def _date(field: str, text: str) -> str | None:
    if not text:
        return None
    if not _DATE.match(text):
        raise UsageError(f"{field}: takes a date such as 2021, 2021-02 or 2021-02-18, not {text!r}")
    return text.upper().removesuffix("Z")


def _dates(registry: Names, field: str, value: str) -> Node:
    low, dots, high = value.partition("..")
    since, until = _date(field, low), _date(field, high if dots else low)
    if since and until and since > until and not since.startswith(until):
        since, until = until, since
    return tree.Dated(field, since, until)


def _since(registry: Names, field: str, value: str) -> Node:
    return tree.Dated("date", _date(field, value), None)


def _until(registry: Names, field: str, value: str) -> Node:
    return tree.Dated("date", None, _date(field, value))


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
    "bytes": _range,
    "caption": _text,
    "confidence": _range,
    "credit": _credit,
    "date": _dates,
    "format": _format,
    "has": _has,
    "height": _range,
    "id": _begins,
    "instrument": _instrument,
    "kind": _kind,
    "licence": _begins,
    "needs": _needs,
    "organisation": _organisation,
    "person": _person,
    "place": _begins,
    "product": _product,
    "published": _dates,
    "since": _since,
    "site": _site,
    "sol": _range,
    "spacecraft": _spacecraft,
    "subject": _subject,
    "taken": _dates,
    "title": _text,
    "until": _until,
    "url": _address,
    "width": _range,
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
    "org": "organisation",
    "organization": "organisation",
    "page": "url",
    "people": "person",
    "product_id": "product",
    "shows": "subject",
    "size": "bytes",
    "source": "spacecraft",
    "subjects": "subject",
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
        return sorted(registry().instruments)
    if known_as == "organisation":
        return sorted(registry().organisations)
    return list(_VALUES.get(known_as, ()))


_VALUES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "has": tuple(sorted(STATED)),
    "needs": tuple(sorted((*STATED, REVIEW))),
    "format": ("gif", "jpeg", "jpeg2000", "png", "tiff", "webp"),
}
