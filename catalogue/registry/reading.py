"""Tables of TOML as entries: whatever is wrong is told with its file, its table and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from catalogue.errors import RegistryError
from catalogue.registry.entries import LandingSite
from catalogue.texts import nearest

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")

Entry = TypeVar("Entry")


def read_toml(data: bytes, name: str) -> dict[str, Any]:
    """The tables of a file.

    Raises:
        RegistryError: It is no TOML, or not in UTF-8.
    """
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryError(f"{name}: {error}; mend the file, it must be TOML in UTF-8") from error


def read_entries(make: type[Entry], tables: Any, file: str, key: str) -> dict[str, Entry]:
    """Entries by the names of their tables.

    Args:
        make: Class of the entries.
        tables: Tables by name.
        file: Where they stand, for the one who has to mend them.
        key: The field that a table's name goes into.

    Raises:
        RegistryError: A table is not what it must be.
    """
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


def read_list(
    make: type[Entry], tables: Mapping[str, Any], file: str, key: str
) -> tuple[Entry, ...]:
    """Entries that have no names: the tables that are written below ``[[key]]``.

    Raises:
        RegistryError: A table is not what it must be.
    """
    listed = tables.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(table, dict) for table in listed):
        raise RegistryError(f"{file}, {key}: write each entry below [[{key}]]")
    return tuple(
        _entry(make, table, f"{file}, [[{key}]] number {number}")
        for number, table in enumerate(listed, 1)
    )


def read_texts(tables: Mapping[str, Any], file: str, key: str) -> dict[str, tuple[str, ...]]:
    """The lists of texts that are written below ``[key]``, by their names.

    Raises:
        RegistryError: Something else stands there.
    """
    return _text_lists(tables.get(key, {}), f"{file}, [{key}]")


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
