"""A query asked of one record, without a database of pictures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from catalogue.query import sql
from catalogue.query.tree import (
    TEXTS,
    Address,
    All,
    Among,
    Any,
    Begins,
    Contains,
    Dated,
    HasAny,
    Node,
    Not,
    OnSite,
    Present,
    Within,
    WordBegins,
    Words,
)
from catalogue.query.words import TOKENIZER, ascii_lower, fold, tokens
from catalogue.record import Record


def matches(tree: Node | None, record: Record, names: str) -> bool:
    """Whether a record fulfils a query.

    Args:
        tree: The query; None where everything matches.
        record: The record.
        names: What the index holds for it beside its own texts.
    """
    return tree is None or _matches(tree, record, _Text(record, names))


def _matches(node: Node, record: Record, text: _Text) -> bool:
    match node:
        case All(parts):
            return all(_matches(part, record, text) for part in parts)
        case Any(parts):
            return any(_matches(part, record, text) for part in parts)
        case Not(part):
            return not _matches(part, record, text)
        case Words():
            return text.holds(node)
        case Contains(letters, column):
            columns = (column,) if column else TEXTS
            return any(letters in (getattr(record, one) or "") for one in columns)
        case Among(column, values):
            value = getattr(record, column)
            return value in values
        case HasAny(field, values):
            held = getattr(record, field)
            return any(value in held for value in values)
        case Within():
            return _within(node, getattr(record, node.column))
        case Dated():
            return _dated(node, record)
        case Begins(column, start):
            value = getattr(record, column) or ""
            return ascii_lower(value[: len(start)]) == ascii_lower(start)
        case WordBegins("people", start):
            return any(_word_begins(person, start) for person in record.people)
        case WordBegins(column, start):
            return _word_begins(getattr(record, column) or "", start)
        case OnSite(host) if "." not in host:
            return any(f".{host}." in f".{site}." for site in record.sites)
        case OnSite(host):
            return any(site == host or site.endswith("." + host) for site in record.sites)
        case Address(letters):
            return any(letters in address for address in (record.url or "", *record.pages))
        case Present(field):
            return getattr(record, field) not in {None, ()}


def _word_begins(name: str, start: str) -> bool:
    return " " + ascii_lower(start) in " " + ascii_lower(name)


def _within(node: Within, value: float | None) -> bool:
    if value is None:
        return False
    if node.low is not None and not (value > node.low if node.low_open else value >= node.low):
        return False
    return node.high is None or (value < node.high if node.high_open else value <= node.high)


def _dated(node: Dated, record: Record) -> bool:
    if node.column == "date":
        value = record.taken if record.taken is not None else record.published
    else:
        value = getattr(record, node.column)
    if value is None:
        return False
    if node.since is not None and not (value >= node.since or node.since.startswith(value)):
        return False
    return node.until is None or value < node.until or value.startswith(node.until)


class _Text:
    """One record's text, asked as the database asks it: SQLite's own tokenizer decides."""

    def __init__(self, record: Record, names: str) -> None:
        self._texts = (record.title, record.caption, record.credit, record.alt, names)
        self._index: sqlite3.Connection | None = None

    def holds(self, words: Words) -> bool:
        """Whether the words stand in it."""
        if self._index is None:
            self._index = sqlite3.connect(":memory:")
            self._index.execute(
                "CREATE VIRTUAL TABLE t USING fts5(title, caption, credit, alt, names,"
                f" tokenize='{TOKENIZER}')"
            )
            self._index.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", self._texts)
        expression = sql.words(words, self._words_with)
        found = self._index.execute("SELECT 1 FROM t WHERE t MATCH ?", (expression,)).fetchone()
        return found is not None

    def _words_with(self, prefix: str) -> Iterable[str]:
        folded = fold(prefix)
        return {
            token
            for text in self._texts
            for token in tokens(fold(text or ""))
            if token.startswith(folded)
        }
