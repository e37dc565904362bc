"""What a query says: a tree of conditions on one picture.

A node says what is asked and nothing of how; the meanings are :mod:`~catalogue.query.sql` and
:mod:`~catalogue.query.matching`. Columns have the names of view ``picture``, which are those of
:class:`~catalogue.record.Record`, but for its ``id``, the table's ``key``.

Named tuples: every start of the program makes these classes, and frozen dataclasses take eight
times as long to be made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from catalogue.query.words import is_spaceless, tokens


class Words(NamedTuple):
    """A word, phrase or prefix in the indexed text."""

    tokens: tuple[str, ...]
    prefix: bool = False
    """Whether the last word may go on."""
    column: str | None = None
    """One of the indexed columns, or None for all."""
    joined: bool = False
    """Whether it may as well be written as one word: «self-portrait», «selfportrait»."""


class Contains(NamedTuple):
    """Letters that stand together, for scripts that write no spaces between words.

    FTS5's tokenizer takes a run of Chinese or Japanese characters as one word.
    """

    letters: str
    column: str | None = None
    """One of the text columns, or None for all."""


class Among(NamedTuple):
    """A column holds one of the values."""

    column: str
    values: tuple[str, ...]


class HasAny(NamedTuple):
    """One of the values is among several that a picture has."""

    field: str
    """``subjects`` or ``organisations``."""
    values: tuple[str, ...]


class Within(NamedTuple):
    """A number lies in a range; None leaves an end open."""

    column: str
    low: float | None
    high: float | None
    low_open: bool = False
    """Whether the low end itself is outside."""
    high_open: bool = False


class Dated(NamedTuple):
    """A date lies in a range; both may be as vague as a year, then overlapping is enough."""

    column: str
    """``taken``, ``published``, or ``date``: the day on which the picture was taken, or, where that
    is not known, published."""
    since: str | None
    until: str | None


class Begins(NamedTuple):
    """A text column begins so, in any case of letters."""

    column: str
    start: str


class WordBegins(NamedTuple):
    """A name begins so, or one of the words in it, in any case of letters."""

    field: str
    """``place`` or ``people``."""
    start: str


class OnSite(NamedTuple):
    """It stands on a page of that host, or of a host below it; a name without a dot is part of one:
    ``cnet`` means ``cnet.com``, too.
    """

    host: str


class Address(NamedTuple):
    """Letters stand in the address of a page that shows it, or of the picture itself."""

    letters: str


class Present(NamedTuple):
    """Something is stated of the picture at all."""

    field: str
    """Of the record; a column, or one that holds several values."""


class All(NamedTuple):
    """Every part is fulfilled."""

    parts: tuple[Node, ...]


class Any(NamedTuple):
    """At least one part is fulfilled."""

    parts: tuple[Node, ...]


class Not(NamedTuple):
    """The part is not fulfilled."""

    part: Node


Node: TypeAlias = (
    Words
    | Contains
    | Among
    | HasAny
    | Within
    | Dated
    | Begins
    | WordBegins
    | OnSite
    | Address
    | Present
    | All
    | Any
    | Not
)

TEXTS = ("title", "caption", "credit", "alt")
"""Columns that hold texts of pages and people."""


def every(parts: list[Node]) -> Node | None:
    """One node that says all of them, without brackets in brackets; None where there are none."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else (part,)
    if len(flat) > 1:
        return All(tuple(flat))
    return flat[0] if flat else None


def either(parts: list[Node]) -> Node | None:
    """One node that says at least one of them; None where there are none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    columns = {part.column if isinstance(part, Among) else None for part in parts}
    if len(columns) == 1 and None not in columns:
        values = [value for part in parts if isinstance(part, Among) for value in part.values]
        return Among(str(columns.pop()), tuple(dict.fromkeys(values)))
    return Any(tuple(parts))


def apart(node: Node, columns: tuple[str, ...]) -> tuple[Node, ...]:
    """Nodes that together say the same, where it asks for several values of one of the columns.

    Nothing fulfils two of them.
    """
    parts = node.parts if isinstance(node, All) else (node,)
    for at, part in enumerate(parts):
        if isinstance(part, Among) and part.column in columns:
            each = [Among(part.column, (value,)) for value in part.values]
            return tuple(All((*parts[:at], one, *parts[at + 1 :])) for one in each)
    return (node,)


def words(text: str, *, prefix: bool = False, column: str | None = None) -> Node | None:
    """A word or phrase to look for; None where the text holds nothing that can be found.

    Args:
        text: As typed.
        prefix: Whether the last word may go on.
        column: One of the indexed columns, or None for all.
    """
    if whose := _WHOSE.fullmatch(text):
        text = whose[1]
    found = tokens(text)
    if not found:
        return None
    if is_spaceless(text):
        return every([Contains(token, column) for token in found])
    return Words(found, prefix, column, joined=_COMPOUND.fullmatch(text) is not None)


_WHOSE = re.compile(r"(\S*[^\W_])['\u2019\u02bc][sS][\W_]*")
"""«Perseverance's»: a caption need not say whose it is to be found by that word."""

_COMPOUND = re.compile(r"[\W_]*[^\W_]+([-\u2010\u2011][^\W_]+)+[\W_]*")


def asked(node: Node | None) -> Iterator[str]:
    """Words that a match may be expected to hold, as typed; not beginnings of words.

    Args:
        node: The query; None where everything matches.
    """
    match node:
        case Words(found, prefix):
            yield from found[:-1] if prefix else found
        case All(parts) | Any(parts):
            for part in parts:
                yield from asked(part)
