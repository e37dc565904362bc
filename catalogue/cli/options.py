"""Options that several commands share, and the catalogue folder that they mean."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.cli import completing
from catalogue.errors import UsageError

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue

DEFAULT_FOLDER = "mars-catalogue"

CatalogueFolder = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        "-C",
        metavar="DIR",
        readable=False,  # whether it can be read is the catalogue's to tell
        help="The catalogue folder; else CATALOGUE_DIR, else ./mars-catalogue.",
        show_default=False,
    ),
]

KeptAt = Annotated[
    str | None,
    typer.Option(
        "--files",
        metavar="s3://BUCKET/PREFIX",
        help="Where a new catalogue keeps pictures and pages, for good; else in its folder.",
        show_default=False,
    ),
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]

AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST[:PORT]",
        help="A host that may have a private address; repeatable, or comma-separated.",
        show_default=False,
    ),
]

JsonAnyway = Annotated[
    bool, typer.Option("--json", help="As without it: what this command prints is JSON.")
]
"""So that what every command takes is taken everywhere."""

_named: list[Path] = []


def remember(folder: Path | None) -> None:
    """Keep the folder that was named before the command (``catalogue -C DIR search``)."""
    _named[:] = [folder] if folder is not None else []


def folder(named: Path | None) -> Path:
    """The catalogue folder: named with the command, before it, by the environment, or the default.

    Args:
        named: What ``-C`` after the command gave.
    """
    for choice in (named, *_named):
        if choice is not None:
            return choice
    return Path(os.environ.get("CATALOGUE_DIR") or DEFAULT_FOLDER)


def open_catalogue(named: Path | None, files: str | None = None) -> Catalogue:
    """Open the catalogue that the options mean; harvest, load and merge make an absent one.

    Args:
        named: What ``-C`` after the command gave.
        files: What ``--files`` gave.

    Raises:
        UsageError: It keeps its files elsewhere, or that place takes none.
        CatalogueUnusable: It is a file, locked, damaged, foreign or of a newer format.
    """
    from catalogue.catalogue import Catalogue

    return Catalogue.open(folder(named), files=files)


# --- what search, export and gallery share ----------------------------------------------------

QueryWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[QUERY]",
        help="Words and fields; all of the catalogue where left out.",
        show_default=False,
        autocompletion=completing.query,
    ),
]
Spacecraft = Annotated[
    str | None,
    typer.Option(
        "--spacecraft",
        metavar="NAME",
        help="Who took it.",
        autocompletion=completing.value_of("spacecraft"),
    ),
]
Instrument = Annotated[
    str | None,
    typer.Option(
        "--instrument",
        metavar="NAME",
        help="The camera.",
        autocompletion=completing.value_of("instrument"),
    ),
]
Subject = Annotated[
    str | None,
    typer.Option(
        "--subject",
        metavar="NAME",
        help="A spacecraft that is seen.",
        autocompletion=completing.value_of("subject"),
    ),
]
CreditWords = Annotated[
    str | None, typer.Option("--credit", metavar="WORDS", help="Words or organisation credited.")
]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Not older than.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Not newer than.")]
Sort = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="relevance, newest, oldest or largest.",
        autocompletion=completing.known("catalogue.store.searching", "ORDERS"),
    ),
]
Limit = Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="At most so many.")]
Offset = Annotated[int, typer.Option("--offset", min=0, metavar="N", help="Leave out the first N.")]


def query_text(words: list[str] | None, **fields: str | None) -> str:
    """One query of what was typed and the options that stand for fields.

    Args:
        words: The words of the command line; a shell may have split them.
        fields: Name of a field of the language, and its value or None.
    """
    words = [as_typed(word) for word in words or ()]
    parts = [f"({' '.join(words)})"] if words and any(fields.values()) else words
    for name, value in fields.items():
        if value is not None:
            quoted = as_typed(value).replace('"', " ").strip()
            if not quoted:
                raise UsageError(f"--{name}: the value is empty")
            parts.append(f'{name}:"{quoted}"')
    return " ".join(parts)


def as_typed(text: str) -> str:
    """An argument as it was typed, where the locale knows fewer letters than the terminal."""
    if text.isascii() or not any("\udc80" <= character <= "\udcff" for character in text):
        return text
    return os.fsencode(text).decode("utf-8", errors="replace")


def protect_exclusions(arguments: list[str]) -> list[str]:
    """The arguments, a query's ``-word`` and ``-field:value`` kept from being read as options.

    Brackets change nothing of a query's meaning, and no option begins with one.

    Args:
        arguments: Everything behind the program's name.
    """
    at = next((place for place, word in enumerate(arguments) if word in QUERYING), len(arguments))
    return arguments[: at + 1] + [
        f"({_exclusion(word)})" if _EXCLUSION.match(word) else word for word in arguments[at + 1 :]
    ]


QUERYING = ("search", "export", "gallery")
"""Commands that take a query."""

# Two letters, or a year: no option but -C and -h has one dash, and no number of years is negative.
_EXCLUSION = re.compile(r"-(?:[^\W\d_][^\W_]|\d{4}-\d\d)")


def _exclusion(word: str) -> str:
    # A shell eats the quotes of -"dust devil".
    if " " in word and '"' not in word and ":" not in word:
        return f'-"{word[1:]}"'
    return word
