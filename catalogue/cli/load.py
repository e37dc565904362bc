"""``catalogue load``: take in what ``catalogue dump`` printed."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, print_json, tell
from catalogue.errors import UsageError


def run(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A dump; - is standard input.")
    ] = "-",
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Take in what 'catalogue dump' printed, and index it. What is newer here stays.

    An empty catalogue takes the verdicts of the dump as they are.

    Files are not in a dump: copy images and pages beside it, then 'catalogue verify'.
    Exit status 1 where the two disagreed; each conflict is told.

    Example:

        catalogue load catalogue.jsonl -C rebuilt
    """
    conflicts = 0
    gc.disable()  # lines are values without cycles; to look for some takes a fifth of the time
    with options.open_catalogue(folder) as catalogue:
        try:
            with sys.stdin.buffer if source == "-" else Path(source).open("rb") as lines:
                for conflict in catalogue.load(lines):
                    conflicts += 1
                    if json:
                        print_json({"kind": "conflict", "detail": conflict})
                    else:
                        complain(conflict)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise UsageError(f"there is no file {source!r}") from error
        finally:
            gc.enable()
        pictures = catalogue.count()
    if json:
        print_json({"kind": "summary", "pictures": pictures, "conflicts": conflicts})
    else:
        tell(f"{pictures} pictures in the catalogue")
    if conflicts:
        raise typer.Exit(1)
