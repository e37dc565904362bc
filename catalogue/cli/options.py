"""Options that several commands share, and the catalogue folder that they mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue

DEFAULT_FOLDER = "mars-catalogue"

CatalogueFolder = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        "-C",
        metavar="DIR",
        help="The catalogue folder; else CATALOGUE_DIR, else ./mars-catalogue.",
        show_default=False,
    ),
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]

_named: list[Path] = []


def remember(folder: Path | None) -> None:
    """Keep the folder that was named before the command (``catalogue -C DIR search``)."""
    _named[:] = [folder] if folder is not None else []


def folder(named: Path | None) -> Path:
    """The catalogue folder: named with the command, before it, by the environment, or the default.

    Args:
        named: What ``-C`` after the command gave.
    """
    for choice in (named, *_named):
        if choice is not None:
            return choice
    return Path(os.environ.get("CATALOGUE_DIR") or DEFAULT_FOLDER)


def open_catalogue(named: Path | None, *, create: bool = False) -> Catalogue:
    """Open the catalogue that the options mean.

    Args:
        named: What ``-C`` after the command gave.
        create: Whether an absent one is made (harvest) or refused (everything else).

    Raises:
        CatalogueUnusable: It is absent, locked, damaged, foreign or of a newer format.
    """
    from catalogue.catalogue import Catalogue

    return Catalogue.open(folder(named), create=create)
