"""``catalogue dump``: everything, as JSON lines."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from catalogue.cli import options


def run(
    verdicts: Annotated[
        bool,
        typer.Option(
            "--verdicts/--no-verdicts",
            help="Tell what the index derived, too; without, 'load' derives it anew.",
        ),
    ] = True,
    folder: options.CatalogueFolder = None,
) -> None:
    """Print everything as JSON lines, in an order of their own.

    Equal catalogues give equal lines, so that dumps can be compared and kept under version
    control. Files are named, not contained.

    Example:

        catalogue dump > catalogue.jsonl
    """
    with options.open_catalogue(folder) as catalogue:
        for line in catalogue.dump(verdicts=verdicts):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
