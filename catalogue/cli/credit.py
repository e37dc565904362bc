"""``catalogue credit``: credit lines, read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.cli import options
from catalogue.cli.output import print_json

if TYPE_CHECKING:
    from catalogue.model import Credit


def run(
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT...|-]",
            help="Credit lines; standard input, one a line, without any.",
            show_default=False,
        ),
    ] = None,
    json: options.JsonAnyway = False,
) -> None:
    """Read credit lines: normal form, organisations, people, licence, rights.

    One JSON line for each:

        catalogue credit "Image credit: NASA/JPL-Caltech/Univ. of Arizona"

    Many, one a line:

        catalogue credit < credits.txt
    """
    from catalogue.credit import read_credit
    from catalogue.registry import load_registry

    registry = load_registry()
    for text in texts or ("-",):
        for line in _lines() if text == "-" else (text,):
            print_json(as_json(read_credit(line, registry)))


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text.strip():
            yield text


def as_json(credit: Credit) -> dict[str, Any]:
    """A credit as the interface prints it."""
    rights = credit.rights
    return {
        "text": credit.text,
        "credit": credit.credit,
        "organisations": list(credit.organisations),
        "people": list(credit.people),
        "distributors": list(credit.distributors),
        "licence": credit.licence,
        "rights": None
        if rights is None
        else {
            "id": rights.id,
            "title": rights.title,
            "statement": rights.statement,
            "licence": rights.licence,
            "url": rights.url,
            "source": rights.source,
        },
    }
