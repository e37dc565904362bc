"""``catalogue cite``: a ready credit sentence."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue.cli import completing, options
from catalogue.cli.output import plain, print_json


def run(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="The picture; any unique prefix.")
    ],
    style: Annotated[
        str,
        typer.Option(
            "--style",
            metavar="STYLE",
            help="text, html, markdown or bibtex.",
            autocompletion=completing.known("catalogue.cite", "STYLES"),
        ),
    ] = "text",
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Print a ready credit sentence: title, who took it, credit, licence, where it comes from.

        catalogue cite 0af3c2d1 --style markdown

    What is not known is said to be not known.
    """
    from catalogue.cite import cite

    with options.open_catalogue(folder) as catalogue:
        for image in ids:
            record = catalogue.get(image)
            sentence = cite(record, catalogue.registry, style)
            if json:
                print_json({"id": record.id, "style": style, "citation": sentence})
                continue
            for line in sentence.splitlines():
                print(line[: len(line) - len(line.lstrip())] + plain(line))
