"""The registry of this package's files, with those of a user's own folder laid over them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from catalogue.errors import RegistryError
from catalogue.registry.checking import check
from catalogue.registry.entries import (
    ELSEWHERE,
    FILES,
    INSTRUMENTS,
    ORGANISATIONS,
    RIGHTS,
    SPACECRAFT,
    Distributor,
    Instrument,
    Organisation,
    RightsStatement,
    Spacecraft,
    UsualCredit,
)
from catalogue.registry.facts import Registry
from catalogue.registry.reading import read_entries, read_list, read_texts, read_toml

FOLDER_VARIABLE = "CATALOGUE_REGISTRY"

_CREDIT_TABLES = ("organisations", "distributors", "usual_credits", "labels", "words")


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
    tables = {name: read_toml(package.joinpath(name).read_bytes(), name) for name in FILES}
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
        spacecraft=read_entries(Spacecraft, tables[SPACECRAFT], SPACECRAFT, "slug"),
        instruments=read_entries(Instrument, tables[INSTRUMENTS], INSTRUMENTS, "slug"),
        organisations=read_entries(
            Organisation, credits_.get("organisations", {}), ORGANISATIONS, "id"
        ),
        distributors=read_list(Distributor, credits_, ORGANISATIONS, "distributors"),
        usual_credits=read_list(UsualCredit, credits_, ORGANISATIONS, "usual_credits"),
        labels=read_texts(credits_, ORGANISATIONS, "labels"),
        words=read_texts(credits_, ORGANISATIONS, "words"),
        rights=read_entries(RightsStatement, tables[RIGHTS], RIGHTS, "id"),
        bodies=tuple(tables[ELSEWHERE].get("bodies", ())),
        elsewhere=tuple(tables[ELSEWHERE].get("names", ())),
        features=tuple(tables[ELSEWHERE].get("features", ())),
        sensors=tuple(tables[ELSEWHERE].get("sensors", ())),
    )
    check(registry)
    return registry


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
        _merge(tables[name], read_toml(data, str(folder / name)))


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
