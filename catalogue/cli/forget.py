"""``catalogue forget``: remove a picture, and remember not to take it again."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import print_json, tell
from catalogue.cli.show import ImageId


def run(
    image: ImageId,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")] = "",
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Remove a picture for good, its file too, and remember not to take it again.

    Example:

        catalogue forget 3f9a --note "an advert"
    """
    from catalogue.cli.records import SHORT_ID

    with options.open_catalogue(folder) as catalogue:
        record = catalogue.get(image)
        removed = catalogue.forget(record.id, note=note)
    others = [other for other in record.renditions if other != record.id]
    if json:
        print_json({"id": record.id, "removed": removed, "renditions": others})
        return
    tell(f"{record.id[:SHORT_ID]} is forgotten; removed: {', '.join(removed) or 'no file'}")
    if others:
        named = ", ".join(other[:SHORT_ID] for other in others)
        tell(f"other files of the same picture stay until they are forgotten: {named}")
