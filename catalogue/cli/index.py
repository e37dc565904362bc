"""``catalogue index``: derive everything that can be derived from what was harvested."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, print_json, tell
from catalogue.cli.progress import Line


def run(
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Anew for all, as after registry or rules improved."),
    ] = False,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Derive attributions, credits and the search index from what was harvested.

    A harvest does this for what it added, so it is needed only after the program or its registry
    improved. No page is fetched again, and what a person corrected is kept.

    Example:

        catalogue index --rebuild
    """
    with Line() as line, options.open_catalogue(folder) as catalogue:
        report = catalogue.index(
            rebuild=rebuild, progress=lambda done, total: line.show(f"{done} of {total}")
        )
    for failed in report.failed:
        complain(f"a rule failed at {failed}")
    if json:
        print_json(
            {
                "looked_at": report.looked_at,
                "pictures": report.total,
                "failed": len(report.failed),
            }
        )
    else:
        tell(f"{report.looked_at} looked at, {report.total} in the catalogue")
    if report.failed:
        raise typer.Exit(1)
