"""``catalogue dump``: everything, as JSON lines or as tables."""

from __future__ import annotations

import sys
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import completing, options
from catalogue.cli.output import tell
from catalogue.errors import UsageError

FORMATS = ("jsonl", "parquet")

_TABLES = Path("catalogue-parquet")


def run(
    verdicts: Annotated[
        bool,
        typer.Option(
            "--verdicts/--no-verdicts",
            help="Tell what the index derived, too; without, 'load' derives it anew.",
        ),
    ] = True,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="jsonl; or parquet, tables for DuckDB or Spark.",
            autocompletion=completing.known("catalogue.cli.dump", "FORMATS"),
        ),
    ] = "jsonl",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="DIR",
            help="Of parquet: the folder of its files; without, ./catalogue-parquet.",
            show_default=False,
        ),
    ] = None,
    json: options.JsonAnyway = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Print everything as JSON lines, in an order of their own; or write it as Parquet tables.

    Equal catalogues give equal lines, so that dumps can be compared and kept under version
    control. Files are named, not contained.

    Example:

        catalogue dump > catalogue.jsonl

        catalogue dump --format parquet --to tables/
    """
    if format not in FORMATS:
        raise UsageError(f"--format: {format!r} is not known; known: {', '.join(FORMATS)}")
    if format == "jsonl" and to is not None:
        raise UsageError("--to names the folder of --format parquet; JSON lines go to stdout")
    with options.open_catalogue(folder) as catalogue:
        if format == "parquet":
            for file in catalogue.dump_tables(to or _TABLES):
                tell(f"written: {file}")
            return
        for line in catalogue.dump(verdicts=verdicts):
            sys.stdout.write(dumps(line, ensure_ascii=False) + "\n")
