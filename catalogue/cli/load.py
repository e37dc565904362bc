"""``catalogue load``: take in what ``catalogue dump`` printed."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, tell
from catalogue.errors import UsageError


def run(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A dump; - is standard input.")
    ] = "-",
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
            with sys.stdin if source == "-" else open(source, encoding="utf-8") as lines:  # noqa: PTH123
                for conflict in catalogue.load(_parsed(lines)):
                    conflicts += 1
                    complain(conflict)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise UsageError(f"there is no file {source!r}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{source}: it is not UTF-8 text, so no dump") from error
        finally:
            gc.enable()
        tell(f"{catalogue.count()} pictures in the catalogue")
    if conflicts:
        raise typer.Exit(1)


def _parsed(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"line {number} is no JSON: {error}") from error
        if not isinstance(value, dict):
            raise UsageError(f"line {number} is no line of a dump")
        yield value
