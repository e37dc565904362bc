"""``catalogue merge``: take other catalogues in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, tell
from catalogue.errors import UsageError


def run(
    others: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Catalogue folders, left as they are.")
    ],
    folder: options.CatalogueFolder = None,
    files: options.KeptAt = None,
) -> None:
    """Take other catalogues in: pictures, pages, evidence, corrections, files.

    Of two corrections of one field the later stays. Exit status 1 where the two disagreed or a
    file was missing there; each is told.

    Example:

        catalogue merge ../from-the-laptop
    """
    told = 0
    into = options.folder(folder)
    for other in others:
        if other.exists() and into.exists() and other.samefile(into):
            raise UsageError(f"{other} is the catalogue itself")
    with options.open_catalogue(folder, files) as catalogue:
        for other in others:
            for conflict in catalogue.merge(other):
                told += 1
                complain(f"{other}: {conflict}")
        tell(f"{catalogue.count()} pictures in the catalogue")
    if told:
        raise typer.Exit(1)
