r"""The search language: text in, a tree out, with two meanings that must agree.

A :class:`Query` can be asked of the database (:meth:`Query.clause`, SQL with bound values) and of
one :class:`~catalogue.record.Record` in Python (:meth:`Query.matches`). The tests hold the two
against each other.

The language, in short (the manual has the table of fields)::

    dust devil                    both words, anywhere in title, caption, credit, alt text, names
    "dust devil"                  the phrase
    rover*                        a word that begins so
    spacecraft:mro -subject:percy a field; not that
    caption:(dune OR ripple)      one field for all that stands in brackets
    (delta OR "river bed") sol:1..10
    since:2021-02-18 until:2021-03 width:>=2000 has:credit needs:review

Whatever a person types works: what cannot be searched for (a lone bracket, a percent sign) is
ignored. Only an unknown field, an unknown name, or a value that the field cannot hold is an error.

========================================  ==========================================================
:mod:`~catalogue.query.words`             how a text is cut into words, and how these are compared
:mod:`~catalogue.query.tree`              what a query says
:mod:`~catalogue.query.parsing`           text to tree
:mod:`~catalogue.query.fields`            what stands behind ``field:``, and advice on what does not
:mod:`~catalogue.query.ranges`            numbers and dates, however they are written
:mod:`~catalogue.query.meanings`          what a pasted name, address or date means beside its words
:mod:`~catalogue.query.sql`               the first meaning
:mod:`~catalogue.query.matching`          the second
========================================  ==========================================================

A search of plain words needs neither fields nor the second meaning, and does not import them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from catalogue.query.tree import Node

if TYPE_CHECKING:
    from catalogue.query.sql import Clause
    from catalogue.record import Record
    from catalogue.registry import Registry

Expand = Callable[[str], Iterable[str]]
"""Gives the words of the catalogue that begin so; porter stems make that impossible to ask FTS5."""


class Query(NamedTuple):
    """A parsed query."""

    source: str
    """As typed."""
    tree: Node | None = None
    """None where everything matches."""

    def clause(self, expand: Expand | None = None) -> Clause:
        """The query as SQL.

        Args:
            expand: Gives the catalogue's words with a prefix, for ``prefix*``.
        """
        from catalogue.query.sql import clause

        return clause(self.tree, expand)

    def matches(self, record: Record, names: str = "") -> bool:
        """Whether one record fulfils the query, without a database.

        Args:
            record: The record.
            names: The names that the index holds for it beside its own text (spacecraft, camera,
                place, product).
        """
        from catalogue.query.matching import matches

        return matches(self.tree, record, names)


def parse(
    text: str, registry: Callable[[], Registry], saved: Callable[[], Mapping[str, str]] = dict
) -> Query:
    """Read a query.

    Args:
        text: What was typed; empty for everything.
        registry: Gives what resolves the names of spacecraft, instruments and organisations; asked
            when the query has such a name.
        saved: Gives saved queries by name, for ``saved:NAME``; asked when there is one.

    Raises:
        UsageError: A field or a name is unknown (the nearest known ones are told), or a field
            cannot hold the value.
    """
    from catalogue.query.parsing import read

    return Query(text, read(text, registry, saved))
