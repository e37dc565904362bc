"""``catalogue review``: what a person should look at, the least certain first."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import is_terminal, plain, print_json, tell

DOUBTFUL = "needs:review"
"""What they are in the search language."""


def run(
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many.")
    ] = None,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """List the pictures that a person should look at: contradictory ones, then the least certain.

    'catalogue show ID' tells what a verdict rests on, 'catalogue set ID FIELD=VALUE' corrects it.

    Example:

        catalogue review --limit 10
    """
    from catalogue.cli import records

    with options.open_catalogue(folder) as catalogue:
        found = catalogue.review(limit)
        total = len(found) if limit is None or len(found) < limit else catalogue.count(DOUBTFUL)
    for record in found:
        if json:
            print_json(records.as_json(record))
            continue
        verdict = record.spacecraft or "-"
        words = records.words(record)
        line = f"{record.id[:12]}  {record.confidence:.2f}  {verdict}  {words}"
        print(records.fitted(line, get_terminal_size().columns).rstrip() if is_terminal() else line)
        for reason in record.review:
            print(f"    {plain(reason)}")
    if not json:
        first = f", the first {len(found)} told" if len(found) < total else ""
        tell(f"{total} to be looked at{first}")
