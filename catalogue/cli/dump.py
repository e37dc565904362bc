"""``catalogue dump``: everything that was seen and said, as JSON lines."""

from __future__ import annotations

from catalogue.cli import options
from catalogue.cli.output import print_json


def run(folder: options.CatalogueFolder = None) -> None:
    """Print everything that was seen and said as JSON lines, in an order of their own.

    Equal catalogues give equal lines, so that dumps can be compared and kept under version
    control. What the index derives is left out; files are named, not contained.

    Example:

        catalogue dump > catalogue.jsonl
    """
    with options.open_catalogue(folder) as catalogue:
        for line in catalogue.dump():
            print_json(line)
