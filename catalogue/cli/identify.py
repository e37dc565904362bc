"""``catalogue identify``: what product identifiers, file names and addresses tell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.cli import options
from catalogue.cli.output import print_json

if TYPE_CHECKING:
    from catalogue.model import Identity


def run(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Identifiers, file names, addresses; - for stdin."),
    ],
    json: options.JsonAnyway = False,
) -> None:
    """Decode product identifiers, file names and addresses: who took it, with what, on which sol.

    One JSON line a name. A name that is no identifier gives nulls.

        catalogue identify ESP_060000_2005_RED.JP2

    Names from a file, one a line:

        catalogue identify - < names.txt
    """
    from catalogue.identify import identify

    for name in names:
        for one in _listed() if name == "-" else (name,):
            print_json(as_json(one, identify(one)))


def _listed() -> Iterator[str]:
    """The names on stdin, one a line; empty lines are none."""
    for line in sys.stdin.buffer:
        name = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if name:
            yield name


def as_json(name: str, identity: Identity | None) -> dict[str, Any]:
    """A name and what it tells, as the command prints it."""
    return {
        "name": name,
        "product_id": identity.product_id if identity else None,
        "spacecraft": identity.spacecraft if identity else None,
        "instrument": identity.instrument if identity else None,
        "sol": identity.sol if identity else None,
        "taken": identity.taken if identity else None,
        "fields": identity.fields if identity else {},
    }
