r"""The search language: text in, a tree out, with two meanings that must agree.

A :class:`Query` can be asked of the database (:meth:`Query.clause`, SQL with bound values) and of
one :class:`~catalogue.model.Record` in Python (:meth:`Query.matches`). The tests hold the two
against each other.

The language, in short (the manual has the table of fields)::

    dust devil                    both words, anywhere in title, caption, credit, alt text, names
    "dust devil"                  the phrase
    rover*                        a word that begins so
    spacecraft:mro -subject:percy a field; not that
    (delta OR "river bed") sol:1..10
    since:2021-02-18 until:2021-03 width:>=2000 has:credit needs:review

Whatever a person types works: what cannot be searched for (a lone bracket, a percent sign) is
ignored. Only an unknown field, an unknown name, or a value that the field cannot hold is an error.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalogue.errors import UsageError
from catalogue.model import Kind, Record

if TYPE_CHECKING:
    from catalogue.registry import Registry

MAX_LENGTH = 4000
"""Characters of a query that are read; nobody types more, and a page's text may be pasted in."""

MAX_TERMS = 200
"""Terms of a query that are read; SQLite allows an expression tree a thousand deep."""

MAX_DEPTH = 40
"""Brackets within brackets that are read; deeper ones are ignored."""

Value = str | int | float
Expand = Callable[[str], Iterable[str]]
"""Gives the words of the catalogue that begin so; porter stems make that impossible to ask FTS5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A query as SQL over table ``picture`` (alias ``p``)."""

    where: str
    """A condition, ``1`` where everything matches; every value is a ``?``."""
    parameters: tuple[Value, ...] = ()
    match: str | None = None
    """FTS5 expression that rows must match and are ranked by; None where no word was asked."""


class Node:
    """One part of a query's tree."""

    __slots__ = ()

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        """The condition as SQL and its values. It is true or false, never NULL."""
        raise NotImplementedError

    def text(self, expand: Expand | None) -> str | None:
        """The condition as an FTS5 expression, or None where it cannot be one."""
        return None

    def matches(self, record: Record, probe: TextProbe) -> bool:
        """Whether a record fulfils it."""
        raise NotImplementedError


# --- the tree ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words(Node):
    """A word, phrase or prefix in the indexed text."""

    tokens: tuple[str, ...]
    prefix: bool = False
    column: str | None = None

    def text(self, expand: Expand | None) -> str | None:
        phrase = '"' + " ".join(self.tokens) + '"'
        if self.prefix:
            words = list(expand(self.tokens[-1])) if expand and len(self.tokens) == 1 else []
            # A word of the catalogue is asked by its whole form, so that stemming does no harm;
            # the bare prefix stays for what the list of words does not know yet.
            phrase += " *"
            if words:
                phrase = "(" + " OR ".join([phrase, *(_quoted(word) for word in words)]) + ")"
        return f"{{{self.column}}} : {phrase}" if self.column else phrase

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        expression = self.text(expand) or '""'
        return (
            "p.id IN (SELECT rowid FROM picture_fts WHERE picture_fts MATCH ?)",
            (expression,),
        )

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return probe.matches(self)


@dataclass(frozen=True, slots=True)
class _Contains(Node):
    """Letters that stand together, for scripts that write no spaces between words.

    FTS5's tokenizer takes a run of Chinese or Japanese characters as one word.
    """

    letters: str
    column: str | None = None

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        columns = (self.column,) if self.column else ("title", "caption", "credit", "alt")
        condition = " OR ".join(f"instr(coalesce(p.{column}, ''), ?) > 0" for column in columns)
        return f"({condition})", (self.letters,) * len(columns)

    def matches(self, record: Record, probe: TextProbe) -> bool:
        columns = (self.column,) if self.column else ("title", "caption", "credit", "alt")
        return any(self.letters in (getattr(record, column) or "") for column in columns)


@dataclass(frozen=True, slots=True)
class _Among(Node):
    """A column holds one of the values; none of them where the list is empty (not known)."""

    column: str
    values: tuple[str, ...]

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        if not self.values:
            return f"p.{self.column} IS NULL", ()
        marks = ", ".join("?" * len(self.values))
        return (
            # Never NULL, as ifnull(...) would not be either; but this can use an index.
            f"(p.{self.column} IS NOT NULL AND p.{self.column} IN ({marks}))",
            self.values,
        )

    def matches(self, record: Record, probe: TextProbe) -> bool:
        value = getattr(record, self.column)
        return value is None if not self.values else value in self.values


@dataclass(frozen=True, slots=True)
class _HasAny(Node):
    """One of the values stands in a side table (subjects, organisations, people)."""

    table: str
    column: str
    field: str
    values: tuple[str, ...]

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        inner = f"SELECT picture_id FROM {self.table}"
        if not self.values:
            return f"p.id NOT IN ({inner})", ()
        marks = ", ".join("?" * len(self.values))
        return f"p.id IN ({inner} WHERE {self.column} IN ({marks}))", self.values

    def matches(self, record: Record, probe: TextProbe) -> bool:
        held = getattr(record, self.field)
        return not held if not self.values else any(value in held for value in self.values)


@dataclass(frozen=True, slots=True)
class _Within(Node):
    """A number lies in a range, ends included; None leaves an end open."""

    column: str
    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        parts, values = [f"p.{self.column} IS NOT NULL"], []
        if self.low is not None:
            parts.append(f"p.{self.column} {'>' if self.low_open else '>='} ?")
            values.append(self.low)
        if self.high is not None:
            parts.append(f"p.{self.column} {'<' if self.high_open else '<='} ?")
            values.append(self.high)
        return f"({' AND '.join(parts)})", tuple(values)

    def matches(self, record: Record, probe: TextProbe) -> bool:
        value = getattr(record, self.column)
        if value is None:
            return False
        if self.low is not None and not (value > self.low if self.low_open else value >= self.low):
            return False
        return self.high is None or (value < self.high if self.high_open else value <= self.high)


_DATE_SQL = {
    "date": "coalesce(p.taken, p.published)",
    "taken": "p.taken",
    "published": "p.published",
}


@dataclass(frozen=True, slots=True)
class _Dated(Node):
    """A date lies in a range; both may be as vague as a year, then overlapping is enough.

    ``date`` is the day on which the picture was taken, or, where that is not known, published.
    """

    column: str
    since: str | None
    until: str | None

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        column = _DATE_SQL[self.column]
        parts, values = [f"{column} IS NOT NULL"], []
        if self.since is not None:
            # A record of «2021-02» overlaps «since 2021-02-18».
            parts.append(f"({column} >= ? OR substr(?, 1, length({column})) = {column})")
            values += [self.since, self.since]
        if self.until is not None:
            # «until 2021-03» includes all of March: everything that begins so, or sorts before.
            parts.append(f"({column} < ? OR substr({column}, 1, length(?)) = ?)")
            values += [self.until, self.until, self.until]
        return f"({' AND '.join(parts)})", tuple(values)

    def matches(self, record: Record, probe: TextProbe) -> bool:
        if self.column == "date":
            value = record.taken if record.taken is not None else record.published
        else:
            value = getattr(record, self.column)
        if value is None:
            return False
        if self.since is not None and not (value >= self.since or self.since.startswith(value)):
            return False
        return self.until is None or value < self.until or value.startswith(self.until)


@dataclass(frozen=True, slots=True)
class _Begins(Node):
    """A text column begins so, in any case of letters."""

    column: str
    start: str

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        column = "key" if self.column == "id" else self.column
        return (
            f"lower(substr(coalesce(p.{column}, ''), 1, ?)) = ?",
            (len(self.start), _ascii_lower(self.start)),
        )

    def matches(self, record: Record, probe: TextProbe) -> bool:
        value = getattr(record, self.column) or ""
        return _ascii_lower(value[: len(self.start)]) == _ascii_lower(self.start)


@dataclass(frozen=True, slots=True)
class _OnSite(Node):
    """It stands on a page of that host, or of a host below it."""

    host: str

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        tail = "." + self.host
        return (
            "p.id IN (SELECT picture_id FROM picture_page WHERE site = ? OR substr(site, ?) = ?)",
            (self.host, -len(tail), tail),
        )

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return any(site == self.host or site.endswith("." + self.host) for site in record.sites)


@dataclass(frozen=True, slots=True)
class _Address(Node):
    """Letters stand in the address of a page that shows it, or of the picture itself."""

    letters: str

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        return (
            "(instr(coalesce(p.url, ''), ?) > 0"
            " OR p.id IN (SELECT picture_id FROM picture_page WHERE instr(url, ?) > 0))",
            (self.letters, self.letters),
        )

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return self.letters in (record.url or "") or any(
            self.letters in page for page in record.pages
        )


_PRESENCE: Mapping[str, tuple[str, str]] = {
    # word: (condition in SQL, name of the record's field)
    **{
        word: (f"p.{column} IS NOT NULL", column)
        for word, column in {
            "alt": "alt",
            "caption": "caption",
            "credit": "credit",
            "file": "file",
            "instrument": "instrument",
            "kind": "kind",
            "licence": "licence",
            "place": "place",
            "product": "product_id",
            "published": "published",
            "review": "review",
            "sol": "sol",
            "spacecraft": "spacecraft",
            "taken": "taken",
            "title": "title",
        }.items()
    },
    "subject": ("p.id IN (SELECT picture_id FROM picture_subject)", "subjects"),
    "person": ("p.id IN (SELECT picture_id FROM picture_person)", "people"),
    "organisation": ("p.id IN (SELECT picture_id FROM picture_organisation)", "organisations"),
    "page": ("p.id IN (SELECT picture_id FROM picture_page)", "pages"),
}


@dataclass(frozen=True, slots=True)
class _Present(Node):
    """Something is stated of the picture at all."""

    what: str

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        return _PRESENCE[self.what][0], ()

    def matches(self, record: Record, probe: TextProbe) -> bool:
        value = getattr(record, _PRESENCE[self.what][1])
        return value is not None and value != ()


@dataclass(frozen=True, slots=True)
class _All(Node):
    """Every part is fulfilled."""

    parts: tuple[Node, ...]

    def text(self, expand: Expand | None) -> str | None:
        return _joined(self.parts, " AND ", expand)

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        return _conditions(self.parts, " AND ", expand)

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return all(part.matches(record, probe) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Any(Node):
    """At least one part is fulfilled."""

    parts: tuple[Node, ...]

    def text(self, expand: Expand | None) -> str | None:
        return _joined(self.parts, " OR ", expand)

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        return _conditions(self.parts, " OR ", expand)

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return any(part.matches(record, probe) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Not(Node):
    """The part is not fulfilled. SQL's affair: FTS5 knows only «this but not that»."""

    part: Node

    def sql(self, expand: Expand | None) -> tuple[str, tuple[Value, ...]]:
        condition, values = self.part.sql(expand)
        return f"NOT ({condition})", values

    def matches(self, record: Record, probe: TextProbe) -> bool:
        return not self.part.matches(record, probe)


def _joined(parts: tuple[Node, ...], word: str, expand: Expand | None) -> str | None:
    texts = [part.text(expand) for part in parts]
    known = [text for text in texts if text is not None]
    return "(" + word.join(known) + ")" if known and len(known) == len(texts) else None


def _conditions(
    parts: tuple[Node, ...], word: str, expand: Expand | None
) -> tuple[str, tuple[Value, ...]]:
    conditions: list[str] = []
    values: list[Value] = []
    for part in parts:
        condition, bound = part.sql(expand)
        conditions.append(condition)
        values += bound
    return f"({word.join(conditions)})", tuple(values)


# --- the query --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed query."""

    source: str
    """As typed."""
    tree: Node | None = None
    """None where everything matches."""

    def clause(self, expand: Expand | None = None) -> Clause:
        """The query as SQL.

        Args:
            expand: Gives the catalogue's words with a prefix, for ``prefix*``.

        Returns:
            What every match must hold in words goes to ``match``; the rest is ``where``.
        """
        if self.tree is None:
            return Clause(where="1")
        parts = self.tree.parts if isinstance(self.tree, _All) else (self.tree,)
        texts = [part.text(expand) for part in parts]
        match = " AND ".join(text for text in texts if text is not None)
        rest = tuple(part for part, text in zip(parts, texts, strict=True) if text is None)
        where, values = _conditions(rest, " AND ", expand) if rest else ("1", ())
        return Clause(where=where, parameters=values, match=match or None)

    def matches(self, record: Record, names: str = "") -> bool:
        """Whether one record fulfils the query, without a database.

        Args:
            record: The record.
            names: The names that the index holds for it beside its own text (spacecraft, camera,
                place, product).
        """
        return self.tree is None or self.tree.matches(record, TextProbe(record, names))


TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 cuts and stems words: «dunes» finds «dune», «Meridiani» finds «Méridiani»."""


class TextProbe:
    """One record's text, asked as the database asks it: SQLite's own tokenizer decides."""

    def __init__(self, record: Record, names: str) -> None:
        self._texts = (record.title, record.caption, record.credit, record.alt, names)
        self._index: sqlite3.Connection | None = None

    def matches(self, words: _Words) -> bool:
        """Whether the words stand in the record's text."""
        if self._index is None:
            self._index = sqlite3.connect(":memory:")
            self._index.execute(
                "CREATE VIRTUAL TABLE t USING fts5(title, caption, credit, alt, names,"
                f" tokenize='{TOKENIZER}')"
            )
            self._index.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", self._texts)
        expression = words.text(self._words_with) or '""'
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


def fold(text: str) -> str:
    """Lower case without diacritics, as the index compares words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as FTS5's unicode61 cuts them: runs of letters, digits and marks."""
    return tuple(_TOKEN.findall(text))


_TOKEN = re.compile(r"[^\W_]+")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _ascii_lower(text: str) -> str:
    # SQLite's lower() knows ASCII letters only; Python's must not know more.
    return "".join(c.lower() if c.isascii() else c for c in text)


# --- reading ----------------------------------------------------------------------------------

_LEXER = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<minus>-(?=[\w"(]))
  | (?P<field>[A-Za-z][A-Za-z_-]*):(?!//)(?P<value>"[^"]*"?|[^\s()"]+)
  | "(?P<phrase>[^"]*)"(?P<star>\*?)
  | (?P<word>[^\s()"]+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str = ""
    value: str = ""


def _lex(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _LEXER.finditer(text):
        kind = match.lastgroup or ""
        if kind in {"open", "close", "minus"}:
            found.append(_Token(kind))
        elif match["field"] is not None:
            found.append(_Token("field", match["field"], match["value"].strip('"')))
        elif match["phrase"] is not None:
            found.append(_Token("phrase", match["phrase"], match["star"]))
        elif match["word"] is not None:
            word = match["word"]
            found.append(_Token(word if word in {"OR", "AND", "NOT"} else "word", word))
        if len(found) >= MAX_TERMS:
            break
    return found


def parse(text: str, registry: Registry, saved: Mapping[str, str] | None = None) -> Query:
    """Read a query.

    Args:
        text: What was typed; empty for everything.
        registry: Resolves the names of spacecraft, instruments and organisations.
        saved: Saved queries by name, for ``saved:NAME``.

    Raises:
        UsageError: A field or a name is unknown (the nearest known ones are told), or a field
            cannot hold the value.
    """
    clean = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    reader = _Reader(_lex(clean[:MAX_LENGTH]), registry, saved or {})
    return Query(source=text, tree=reader.read())


class _Reader:
    """Recursive descent over the tokens; forgiving about what stands alone."""

    def __init__(
        self,
        found: list[_Token],
        registry: Registry,
        saved: Mapping[str, str],
        opened: frozenset[str] = frozenset(),
    ) -> None:
        self._tokens = found
        self._at = 0
        self._registry = registry
        self._saved = saved
        self._opened = opened

    def read(self) -> Node | None:
        parts = []
        while self._at < len(self._tokens):
            node = self._either(0)
            if node is not None:
                parts.append(node)
            else:
                self._at += 1  # a closing bracket that nothing opened
        return _all(parts)

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _either(self, depth: int) -> Node | None:
        parts = [self._every(depth)]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._every(depth))
        known = tuple(part for part in parts if part is not None)
        if len(known) > 1:
            return _Any(known)
        if known:
            return known[0]
        # «OR» and nothing else is somebody looking for the word.
        return _Words(("or",)) if len(parts) > 1 and len(self._tokens) == 1 else None

    def _every(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in {"", "OR", "close"}:
            if kind == "AND":
                self._at += 1
                if len(self._tokens) == 1:
                    parts.append(_Words(("and",)))
                continue
            node = self._one(depth)
            if node is not None:
                parts.append(node)
        return _all(parts)

    def _one(self, depth: int) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind in {"minus", "NOT"}:
            if self._peek() in {"", "OR", "AND", "close"}:
                return _Words(("not",)) if len(self._tokens) == 1 and token.kind == "NOT" else None
            node = self._one(depth)
            return _Not(node) if node is not None else None
        if token.kind == "open":
            if depth >= MAX_DEPTH:
                return None
            node = self._either(depth + 1)
            if self._peek() == "close":
                self._at += 1
            return node
        if token.kind == "close":
            return None
        if token.kind == "field":
            return self._field(token.text.lower(), token.value)
        if token.kind == "phrase":
            return words(token.text, prefix=bool(token.value))
        return words(token.text.rstrip("*"), prefix=token.text.endswith("*"))

    def _field(self, name: str, value: str) -> Node | None:
        name = ALIASES.get(name, name)
        if name == "saved":
            return self._saved_query(value)
        reader = FIELDS.get(name)
        if reader is None:
            near = difflib.get_close_matches(name, [*FIELDS, *ALIASES, "saved"], n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise UsageError(
                f"unknown field {name!r} in the query: {hint}"
                f"(known: {', '.join(sorted(FIELDS))}; put the word in quotes to search for it)"
            )
        if not value.strip():
            return None
        try:
            return reader(self._registry, name, value.strip())
        except UsageError:
            node = self._longer_name(reader, name, value.strip())
            if node is None:
                raise
            return node

    def _longer_name(self, reader: FieldReader, name: str, value: str) -> Node | None:
        # A shell eats the quotes of spacecraft:"Mars Reconnaissance Orbiter". Where the first word
        # is no name by itself, the words behind it may complete it.
        if name not in _NAMED:
            return None
        for length in range(1, _LONGEST_NAME):
            following = self._tokens[self._at : self._at + length]
            if len(following) < length or any(token.kind != "word" for token in following):
                return None
            try:
                node = reader(
                    self._registry, name, " ".join([value, *(token.text for token in following)])
                )
            except UsageError:
                continue
            self._at += length
            return node
        return None

    def _saved_query(self, name: str) -> Node | None:
        if name not in self._saved:
            near = difflib.get_close_matches(name, self._saved, n=3, cutoff=0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UsageError(f"no search is saved as {name!r}{hint}")
        if name in self._opened:
            raise UsageError(f"the saved search {name!r} refers to itself")
        inner = _Reader(
            _lex(self._saved[name][:MAX_LENGTH]), self._registry, self._saved, self._opened | {name}
        )
        return inner.read()


def _all(parts: list[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, _All) else (part,)
    if len(flat) > 1:
        return _All(tuple(flat))
    return flat[0] if flat else None


def words(text: str, *, prefix: bool = False, column: str | None = None) -> Node | None:
    """A word or phrase to look for; None where the text holds nothing that can be found.

    Args:
        text: As typed.
        prefix: Whether the last word may go on.
        column: One of the indexed columns, or None for all.
    """
    found = tokens(text)
    if not found:
        return None
    if _SPACELESS.search(text):
        parts: list[Node] = [_Contains(token, column) for token in found]
        return _all(parts)
    return _Words(found, prefix, column)


# --- fields -----------------------------------------------------------------------------------

FieldReader = Callable[["Registry", str, str], "Node | None"]

_UNKNOWN = {"none", "unknown", "null", "-"}


def _spacecraft(registry: Registry, name: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return _Among("spacecraft", ())
    return _Among(
        "spacecraft", tuple(registry.spacecraft_named(part).slug for part in _listed(value))
    )


def _instrument(registry: Registry, name: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return _Among("instrument", ())
    return _Among(
        "instrument",
        tuple(
            instrument.slug
            for part in _listed(value)
            for instrument in registry.instruments_named(part)
        ),
    )


def _subject(registry: Registry, name: str, value: str) -> Node:
    slugs: tuple[str, ...] = ()
    if value.lower() not in _UNKNOWN:
        slugs = tuple(registry.spacecraft_named(part).slug for part in _listed(value))
    return _HasAny("picture_subject", "spacecraft", "subjects", slugs)


def _organisation(registry: Registry, name: str, value: str) -> Node:
    found = registry.organisation_named(value)
    slug = found.id if found else "-".join(tokens(fold(value)))
    return _HasAny("picture_organisation", "organisation", "organisations", (slug,))


def _credit(registry: Registry, name: str, value: str) -> Node | None:
    if value.lower() in _UNKNOWN:
        return _Not(_Present("credit"))
    text = words(value.rstrip("*"), prefix=value.endswith("*"), column="credit")
    found = registry.organisation_named(value)
    if found is None:
        return text
    by_id = _HasAny("picture_organisation", "organisation", "organisations", (found.id,))
    return _Any((by_id, text)) if text is not None else by_id


def _person(registry: Registry, name: str, value: str) -> Node:
    return _HasAny("picture_person", "person", "people", (value,))


def _text(registry: Registry, name: str, value: str) -> Node | None:
    return words(value.rstrip("*"), prefix=value.endswith("*"), column=name)


def _site(registry: Registry, name: str, value: str) -> Node:
    host = re.sub(r"^https?://", "", value.lower()).partition("/")[0]
    return _OnSite(host.removeprefix("www.").strip("."))


def _address(registry: Registry, name: str, value: str) -> Node:
    return _Address(value)


def _kind(registry: Registry, name: str, value: str) -> Node:
    if value.lower() in _UNKNOWN:
        return _Among("kind", ())
    kinds = []
    for part in _listed(value):
        slug = "-".join(part.lower().replace("_", "-").split())
        if slug not in set(Kind):
            raise UsageError(f"unknown kind {part!r}; known: {', '.join(Kind)}")
        kinds.append(slug)
    return _Among("kind", tuple(kinds))


def _format(registry: Registry, name: str, value: str) -> Node:
    names = {"JPG": "JPEG", "TIF": "TIFF", "JP2": "JPEG2000", "JPEG 2000": "JPEG2000"}
    return _Among("format", tuple(names.get(part.upper(), part.upper()) for part in _listed(value)))


def _licence(registry: Registry, name: str, value: str) -> Node:
    return _Begins("licence", value)


def _place(registry: Registry, name: str, value: str) -> Node:
    return _Begins("place", value)


def _product(registry: Registry, name: str, value: str) -> Node:
    from catalogue.identify import identify

    identity = identify(value)
    return _Begins("product_id", (identity.product_id if identity else None) or value)


def _id(registry: Registry, name: str, value: str) -> Node:
    return _Begins("id", value)


_NUMBER = re.compile(r"([\d.,_]+)\s*([kKmMgG]?)[bB]?$")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    match = _NUMBER.match(text.strip())
    try:
        if match is None:
            raise ValueError
        number = float(match[1].replace(",", "").replace("_", "")) * _UNITS[match[2].lower()]
    except ValueError:
        raise UsageError(
            f"{name}: takes a number or a range such as {name}:100, {name}:1..10, "
            f"{name}:>=2000, not {text!r}"
        ) from None
    return int(number) if number == int(number) else number


def _range(registry: Registry, name: str, value: str) -> Node:
    for sign in (">=", "<=", ">", "<", "="):
        if value.startswith(sign):
            bound = _number(name, value[len(sign) :] or "?")
            if sign == "=":
                return _Within(name, bound, bound)
            if sign[0] == ">":
                return _Within(name, bound, None, low_open=sign == ">")
            return _Within(name, None, bound, high_open=sign == "<")
    low, dots, high = value.partition("..")
    if not dots:
        exact = _number(name, value)
        return _Within(name, exact, exact)
    return _Within(name, _number(name, low), _number(name, high))


_DATE = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d(:\d\d(:\d\d)?)?)?)?)?Z?$",
    re.IGNORECASE,
)


def _date_text(name: str, text: str) -> str | None:
    if not text:
        return None
    if not _DATE.match(text):
        raise UsageError(f"{name}: takes a date such as 2021, 2021-02 or 2021-02-18, not {text!r}")
    return text.upper().removesuffix("Z")


def _dates(registry: Registry, name: str, value: str) -> Node:
    column = name if name in _DATE_SQL else "date"
    low, dots, high = value.partition("..")
    if not dots:
        high = low
    return _Dated(column, _date_text(name, low), _date_text(name, high))


def _since(registry: Registry, name: str, value: str) -> Node:
    return _Dated("date", _date_text(name, value), None)


def _until(registry: Registry, name: str, value: str) -> Node:
    return _Dated("date", None, _date_text(name, value))


def _present(name: str, value: str) -> str:
    word = {"date": "taken", "subjects": "subject", "people": "person", "image": "file"}.get(
        value.lower(), value.lower()
    )
    if word not in _PRESENCE:
        near = difflib.get_close_matches(word, _PRESENCE, n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise UsageError(f"{name}:{value}: {hint}(known: {', '.join(sorted(_PRESENCE))})")
    return word


def _has(registry: Registry, name: str, value: str) -> Node:
    return _Present(_present(name, value))


def _needs(registry: Registry, name: str, value: str) -> Node:
    word = _present(name, value)
    return _Present("review") if word == "review" else _Not(_Present(word))


_NAMED = {"spacecraft", "instrument", "subject"}
_LONGEST_NAME = 8
"""Words of the longest spacecraft or camera name."""


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()] or [value]


FIELDS: Mapping[str, FieldReader] = {
    "alt": _text,
    "bytes": _range,
    "caption": _text,
    "confidence": _range,
    "credit": _credit,
    "date": _dates,
    "format": _format,
    "has": _has,
    "height": _range,
    "id": _id,
    "instrument": _instrument,
    "kind": _kind,
    "licence": _licence,
    "needs": _needs,
    "organisation": _organisation,
    "person": _person,
    "place": _place,
    "product": _product,
    "published": _dates,
    "since": _since,
    "site": _site,
    "sol": _range,
    "spacecraft": _spacecraft,
    "subject": _subject,
    "taken": _dates,
    "title": _text,
    "until": _until,
    "url": _address,
    "width": _range,
}
"""Every field of the language with what reads its value."""

ALIASES: Mapping[str, str] = {
    "after": "since",
    "before": "until",
    "by": "spacecraft",
    "camera": "instrument",
    "craft": "spacecraft",
    "host": "site",
    "license": "licence",
    "org": "organisation",
    "organization": "organisation",
    "page": "url",
    "people": "person",
    "product_id": "product",
    "shows": "subject",
    "size": "bytes",
    "source": "spacecraft",
    "subjects": "subject",
    "year": "date",
}
"""Other words for fields."""
