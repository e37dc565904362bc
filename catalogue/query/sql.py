"""A query asked of the database: conditions over view ``picture``, and one for the text index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

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
from catalogue.query.words import ascii_lower, tokens

Value: TypeAlias = str | int | float
Condition: TypeAlias = tuple[str, tuple[Value, ...]]
"""SQL that is true or false, never NULL, and the values of its ``?``."""
Expand: TypeAlias = Callable[[str], Iterable[str]]


class Clause(NamedTuple):
    """A query as SQL over view ``picture`` (alias ``p``)."""

    where: str
    """A condition, ``1`` where everything matches; every value is a ``?``."""
    parameters: tuple[Value, ...] = ()
    match: str | None = None
    """FTS5 expression that rows must match; None where there is none."""
    ranked: bool = False
    """Whether words were asked for, by which matches can be ranked."""


def clause(tree: Node | None, expand: Expand | None) -> Clause:
    """A query as SQL: what every match must hold in words goes to ``match``, the rest to ``where``.

    Args:
        tree: The query; None where everything matches.
        expand: Gives the catalogue's words with a prefix.
    """
    if tree is None:
        return Clause("1")
    parts = tree.parts if isinstance(tree, All) else (tree,)
    texts = [_text(part, expand) for part in parts]
    asked = [text for text in texts if text is not None]
    match = " AND ".join([*asked, *filter(None, map(_named, parts))])
    rest = tuple(part for part, text in zip(parts, texts, strict=True) if text is None)
    where, values = _joined(rest, " AND ", expand) if rest else ("1", ())
    return Clause(where, values, match or None, bool(asked))


def _named(node: Node) -> str | None:
    """What the index must hold where an identifier is asked for: there it is found at once.

    Porter leaves what ends in a digit as it is; a last word that does not, and may go on, is left
    out.
    """
    match node:
        case Any(parts):
            texts = [text for part in parts if (text := _named(part))]
            return f"({' OR '.join(texts)})" if len(texts) == len(parts) else None
        case Among("product_id", values):
            return _named(Any(tuple(Begins("product_id", value) for value in values)))
        case Begins("product_id", start) if start.isascii():
            found = tokens(start)
            whole = found if found[-1:] and found[-1][-1].isdecimal() else found[:-1]
            more = " *" if whole == found else ""
            return f"names : {_quoted(' '.join(whole))}{more}" if whole else None
    return None


def _text(node: Node, expand: Expand | None) -> str | None:
    """A condition as an FTS5 expression, or None where it cannot be one.

    «Not this» is SQL's affair: FTS5 knows only «this but not that».
    """
    match node:
        case Words():
            return words(node, expand)
        case All(parts) | Any(parts):
            texts = [_text(part, expand) for part in parts]
            known = [text for text in texts if text is not None]
            word = " AND " if isinstance(node, All) else " OR "
            return f"({word.join(known)})" if known and len(known) == len(texts) else None
    return None


def words(node: Words, expand: Expand | None) -> str:
    """Words as an FTS5 expression."""
    forms = [" ".join(node.tokens), *(["".join(node.tokens)] if node.joined else [])]
    asked = [_quoted(form) + (" *" if node.prefix else "") for form in forms]
    if node.prefix and expand:
        # A word of the catalogue is asked by its whole form, so that stemming does no harm;
        # the bare prefix stays for what the list of words does not know yet.
        asked += [_quoted(word) for form in forms if " " not in form for word in expand(form)]
    expression = asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})"
    return f"{{{node.column}}} : {expression}" if node.column else expression


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def condition(node: Node, expand: Expand | None) -> Condition:
    """A node as a condition."""
    match node:
        case All(parts):
            return _joined(parts, " AND ", expand)
        case Any(parts):
            return _joined(parts, " OR ", expand)
        case Not(Present(field)) if field not in _SEVERAL:
            return f"p.{_INDEXED.get(field, field)} IS NULL", ()  # which can use an index
        case Not(part):
            inner, values = condition(part, expand)
            return f"NOT ({inner})", values
        case Words():
            inner = "SELECT rowid FROM picture_fts WHERE picture_fts MATCH ?"
            return f"p.id IN ({inner})", (words(node, expand),)
        case Contains(letters, column):
            columns = (column,) if column else TEXTS
            each = " OR ".join(f"instr(coalesce(p.{one}, ''), ?) > 0" for one in columns)
            return f"({each})", (letters,) * len(columns)
        case Among(column, values):
            # Never NULL, as ifnull(...) would not be either; but this can use an index.
            return f"(p.{column} IS NOT NULL AND p.{column} IN ({_marks(values)}))", values
        case HasAny(field, values):
            table, column = _SEVERAL[field]
            inner = f"SELECT picture_id FROM {table} WHERE {column} IN ({_marks(values)})"
            return f"p.id IN ({inner})", values
        case Within():
            return _within(node)
        case Dated():
            return _dated(node)
        case Begins("id", start):
            start = ascii_lower(start)
            inner = "SELECT id FROM identity WHERE key >= ? AND key < ?"
            return f"p.id IN ({inner})", (start, start + "\U0010ffff")
        case Begins(column, start):
            text = f"coalesce(p.{column}, '')"
            return f"lower(substr({text}, 1, ?)) = ?", (len(start), ascii_lower(start))
        case WordBegins("people", start):
            inner = "SELECT picture_id FROM picture_person WHERE instr(' ' || lower(person), ?) > 0"
            return f"p.id IN ({inner})", (" " + ascii_lower(start),)
        case WordBegins(column, start):
            text = f"' ' || lower(coalesce(p.{column}, ''))"
            return f"instr({text}, ?) > 0", (" " + ascii_lower(start),)
        case OnSite(host) if "." not in host:
            return _ON_PAGES.format("instr('.' || site || '.', ?) > 0"), (f".{host}.",)
        case OnSite(host):
            tail = "." + host
            return _ON_PAGES.format("site = ? OR substr(site, ?) = ?"), (host, -len(tail), tail)
        case Address(letters):
            pages = _ON_PAGES.format("instr(coalesce(nullif(url, ''), address), ?) > 0")
            own = "instr(coalesce(p.url, ''), ?) > 0"
            return f"({own} OR {pages})", (letters, letters)
        case Present(field):
            if field in _SEVERAL:
                return _EXISTS.format(_SEVERAL[field][0]), ()
            return f"p.{_INDEXED.get(field, field)} IS NOT NULL", ()


_SEVERAL: Mapping[str, tuple[str, str]] = {
    "subjects": ("picture_subject", "spacecraft"),
    "organisations": ("picture_organisation", "organisation"),
    "people": ("picture_person", "person"),
    "pages": ("shown_on", "page_id"),
}
"""Fields of the record that hold several values: table and column."""

_INDEXED = {"credit": "credit_id"}
"""Columns that are stated where another is, and that an index has."""

_EXISTS = "EXISTS (SELECT 1 FROM {} WHERE picture_id = p.id)"


_ON_PAGES = (
    "p.id IN (SELECT picture_id FROM shown_on WHERE page_id IN (SELECT id FROM page WHERE {}))"
)
"""First the pages, which are fewer than the pictures on them."""


def _marks(values: tuple[Value, ...]) -> str:
    return ", ".join("?" * len(values))


def _joined(parts: tuple[Node, ...], word: str, expand: Expand | None) -> Condition:
    conditions: list[str] = []
    values: list[Value] = []
    for part in parts:
        inner, bound = condition(part, expand)
        conditions.append(inner)
        values += bound
    return f"({word.join(conditions)})", tuple(values)


def _within(node: Within) -> Condition:
    parts, values = [f"p.{node.column} IS NOT NULL"], []
    if node.low is not None:
        parts.append(f"p.{node.column} {'>' if node.low_open else '>='} ?")
        values.append(node.low)
    if node.high is not None:
        parts.append(f"p.{node.column} {'<' if node.high_open else '<='} ?")
        values.append(node.high)
    return f"({' AND '.join(parts)})", tuple(values)


def _dated(node: Dated) -> Condition:
    column = "coalesce(p.taken, p.published)" if node.column == "date" else f"p.{node.column}"
    parts, values = [f"{column} IS NOT NULL"], []
    # Each end has a bound that follows from it, and by which an index can be walked.
    if node.since is not None:
        # A record of «2021-02» overlaps «since 2021-02-18»; no date is vaguer than a year.
        vaguer = f"substr(?, 1, length({column})) = {column}"
        parts.append(f"{column} >= ? AND ({column} >= ? OR {vaguer})")
        values += [node.since[:4], node.since, node.since]
    if node.until is not None:
        # «until 2021-03» includes all of March: everything that begins so, or sorts before.
        parts.append(f"{column} < ? AND ({column} < ? OR substr({column}, 1, length(?)) = ?)")
        values += [node.until + "\U0010ffff", node.until, node.until, node.until]
    return f"({' AND '.join(parts)})", tuple(values)
