"""``catalogue merge``: take other catalogues in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, print_json, tell
from catalogue.errors import CatalogueUnusable, UsageError


def run(
    others: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Catalogue folders, left as they are.")
    ],
    files: options.KeptAt = None,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Take other catalogues in: pictures, pages, evidence, corrections, files.

    Of two corrections of one field the later stays. Exit status 1 where the two disagreed or a
    file was missing there; each is told.

    Example:

        catalogue merge ../from-the-laptop
    """
    from catalogue.store.connection import is_absent

    told = 0
    into = options.folder(folder)
    for other in others:
        if is_absent(other):
            raise CatalogueUnusable(f"no catalogue in {other}: nothing was merged")
        if into.exists() and other.samefile(into):
            raise UsageError(f"{other} is the catalogue itself")
    with options.open_catalogue(folder, files) as catalogue:
        for other in others:
            for conflict in catalogue.merge(other):
                told += 1
                if json:
                    print_json({"kind": "conflict", "with": str(other), "detail": conflict})
                else:
                    complain(f"{other}: {conflict}")
        pictures = catalogue.count()
    if json:
        print_json({"kind": "summary", "pictures": pictures, "conflicts": told})
    else:
        tell(f"{pictures} pictures in the catalogue")
    if told:
        raise typer.Exit(1)
