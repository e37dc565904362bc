"""``catalogue stats``: how much there is, of what, from where."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import plain, print_json, print_rows

LISTED = 15
"""Lines of a list that people are shown, where no other number is asked for."""

_SUMS = {
    "pages": "pages",
    "pictures": "pictures",
    "other_files": "other files of these",
    "pictures_without_file": "without a file",
    "without_credit": "without a credit",
    "without_spacecraft": "without a spacecraft",
    "to_review": "to be looked at",
    "damaged": "damaged files",
    "appearances": "appearances",
    "corrections": "corrections by a person",
    "forgotten": "forgotten",
    "failed_addresses": "addresses that failed",
    "not_indexed": "waiting for the index",
}


def run(
    all_lines: Annotated[
        bool, typer.Option("--all", help=f"Whole lists, not the first {LISTED} lines.")
    ] = False,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Tell how many pictures there are, by spacecraft, instrument, credit, site, kind and format.

    Example:

        catalogue stats --json
    """
    with options.open_catalogue(folder) as catalogue:
        found = catalogue.stats()
    if json:
        print_json(found)
        return
    print_rows(
        [(words, f"{found[name]:,}") for name, words in _SUMS.items()]
        + [
            ("picture files", _size(found["image_bytes"])),
            ("copies of pages", _size(found["page_bytes"])),
            ("database", _size(found["database_bytes"])),
        ]
    )
    for name, counts in found["by"].items():
        if not counts:
            continue
        print(f"\n{name}")
        shown = list(counts.items())[: None if all_lines else LISTED]
        for value, number in shown:
            print(f"{number:8,}  {plain(value)}")
        if len(shown) < len(counts):
            print(f"          and {len(counts) - len(shown)} more (--all)")


def _size(number: int) -> str:
    """Bytes in words.

    >>> _size(0), _size(2_345_678)
    ('0 bytes', '2.3 MB (2,345,678 bytes)')
    """
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= step:
            return f"{number / step:.1f} {unit} ({number:,} bytes)"
    return f"{number} bytes"
