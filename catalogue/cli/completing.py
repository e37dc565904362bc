"""What a shell is told when somebody presses the tabulator key.

A shell begins the program with a variable set (``_CATALOGUE_COMPLETE``), and Click does the
talking; here is what of ours may stand at a place: fields of a query and their values.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import click

from catalogue.errors import CatalogueError

if TYPE_CHECKING:
    from catalogue.registry import Registry

VARIABLE = "_CATALOGUE_COMPLETE"


def asked() -> str | None:
    """What a shell asks for: ``bash_source``, ``zsh_complete`` ...; None where it is no shell."""
    return os.environ.get(VARIABLE)


def answer(command: click.Command, question: str) -> int:
    """Tell a shell what it asked for.

    Args:
        command: The whole program.
        question: What :func:`asked` gave.

    Returns:
        The exit status.
    """
    from click.shell_completion import shell_complete

    # Bash takes a colon for a word of its own, and the value behind it for another.
    words, at = os.environ.get("COMP_WORDS", "").split(), os.environ.get("COMP_CWORD", "")
    if at.isdecimal() and words[int(at) : int(at) + 1] == [":"]:
        os.environ["COMP_CWORD"] = str(int(at) + 1)
    return shell_complete(command, {}, "catalogue", VARIABLE, question)


def query(ctx: click.Context, incomplete: str) -> list[str]:
    """Fields that begin so, or values of the field that was begun."""
    from catalogue.query.fields import FIELDS, SAVED

    typed = list(ctx.params.get("words") or ())
    if typed[-1:] == [":"] and len(typed) > 1:
        return _values(ctx, typed[-2], incomplete)
    field, colon, start = incomplete.partition(":")
    if colon:
        return [f"{field}:{value}" for value in _values(ctx, field, start)]
    found = [name for name in (*FIELDS, SAVED) if name.startswith(incomplete.lower())]
    if len(found) == 1:  # a shell would put a space behind the colon
        return [f"{found[0]}:{value}" for value in _values(ctx, found[0], "")] or [f"{found[0]}:"]
    return [f"{name}:" for name in sorted(found)]


def value_of(field: str) -> Callable[[click.Context, str], list[str]]:
    """Completes the option that has the name of a field."""

    def value(ctx: click.Context, incomplete: str) -> list[str]:
        return _values(ctx, field, incomplete)

    return value


def known(module: str, name: str) -> Callable[[str], list[str]]:
    """Completes a value of an option, of which a module knows all."""

    def value(incomplete: str) -> list[str]:
        return [one for one in getattr(import_module(module), name) if one.startswith(incomplete)]

    return value


def _values(ctx: click.Context, field: str, start: str) -> list[str]:
    from catalogue.query import fields

    try:
        found = fields.values(field, _registry) or _held(ctx, field)
    except CatalogueError:  # there is no catalogue yet: nothing of it can be told
        return []
    return [one for one in found if one.startswith(start.lower())]


def _registry() -> Registry:
    from catalogue.registry import load_registry

    return load_registry()


def _held(ctx: click.Context, field: str) -> list[str]:
    """Values that the catalogue holds."""
    if field not in {"saved", "site"}:
        return []
    from catalogue.cli import options

    named = ctx.params.get("folder") or ctx.find_root().params.get("folder")
    with options.open_catalogue(named) as catalogue:
        if field == "saved":
            return list(catalogue.saved_searches())
        return sorted(catalogue.facets()["site"])
