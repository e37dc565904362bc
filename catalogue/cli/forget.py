"""``catalogue forget``: remove a picture, and remember not to take it again."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import tell
from catalogue.cli.show import ImageId


def run(
    image: ImageId,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")] = "",
    folder: options.CatalogueFolder = None,
) -> None:
    """Remove a picture for good, its file too, and remember not to take it again.

    Example:

        catalogue forget 3f9a --note "an advert"
    """
    with options.open_catalogue(folder) as catalogue:
        key = catalogue.get(image).id
        removed = catalogue.forget(key, note=note)
    tell(f"{key[:12]} is forgotten; removed: {', '.join(removed) or 'no file, it had none'}")
