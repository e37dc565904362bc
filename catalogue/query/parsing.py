"""Text to tree: a lexer and a descent that are forgiving about what stands alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from catalogue.errors import UsageError
from catalogue.query.tree import All, Any, Node, Not, Within, Words, either, every, words
from catalogue.texts import nearest

if TYPE_CHECKING:
    from catalogue.registry import Registry

MAX_LENGTH = 4000
"""Characters of a query that are read; nobody types more, and a page's text may be pasted in."""

MAX_TERMS = 200
"""Terms of a query that are read; SQLite allows an expression tree a thousand deep."""

MAX_DEPTH = 40
"""Brackets within brackets that are read; deeper ones are ignored."""

MAX_SAVED = 50
"""Saved searches that one query may open: each may name others twice."""


def read(
    text: str, registry: Callable[[], Registry], saved: Callable[[], Mapping[str, str]]
) -> Node | None:
    """Read a query; None where everything matches.

    Args:
        text: What was typed.
        registry: Gives what resolves names.
        saved: Gives saved queries by name.

    Raises:
        UsageError: A field or a name is unknown, or a field cannot hold the value.
    """
    return _Reader(_lex(text), registry, saved).read()


_LEXER = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<minus>-(?=[\w"(]))
  | (?P<within>[A-Za-z][A-Za-z_-]*):(?=\()
  | (?P<field>[A-Za-z][A-Za-z_-]*):(?!//)(?P<value>"[^"]*"?|[^\s()"]+)
  | "(?P<phrase>[^"]*)"(?P<star>\*?)
  | (?P<word>[^\s()"]+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str = ""
    value: str = ""


_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        "\u2212": "-",
        "\u00ad": None,
    }
)
"""Quotes and the minus, as word processors and keyboards of telephones have them, and hyphens that
are there to break a line."""


def _lex(text: str) -> list[_Token]:
    # Accents that stand alone, as some keyboards and systems have them, would cut a word in two.
    text = unicodedata.normalize("NFC", text)
    clean = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    found: list[_Token] = []
    for match in _LEXER.finditer(clean[:MAX_LENGTH].translate(_TYPED)):
        kind = match.lastgroup or ""
        if kind in {"open", "close", "minus"}:
            found.append(_Token(kind))
        elif match["within"] is not None:
            found.append(_Token("within", match["within"]))
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


_DIGITS = 5
"""Digits that the name of a picture, or a date, has at the least."""


def _may_mean_more(word: str) -> bool:
    """Whether a word looks like a name, an address or a date: for others, nothing is loaded."""
    return "://" in word or (
        not word.isdecimal() and sum(character.isdecimal() for character in word) >= _DIGITS
    )


class _Reader:
    """Recursive descent over the tokens; forgiving about what stands alone."""

    def __init__(
        self,
        found: list[_Token],
        registry: Callable[[], Registry],
        saved: Callable[[], Mapping[str, str]],
        opened: frozenset[str] = frozenset(),
        left: Iterator[int] | None = None,
    ) -> None:
        self._tokens = found
        self._at = 0
        self._registry = registry
        self._saved = saved
        self._opened = opened
        self._left = iter(range(MAX_SAVED)) if left is None else left
        self._within = ""
        """The field before the brackets that are being read: ``spacecraft:(mro OR tgo)``."""

    def read(self) -> Node | None:
        parts = []
        while self._at < len(self._tokens):
            node = self._either(0)
            if node is not None:
                parts.append(node)
            else:
                self._at += 1  # a closing bracket that nothing opened
        return every(parts)

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _either(self, depth: int) -> Node | None:
        parts = [self._every(depth)]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._every(depth))
        known = either([part for part in parts if part is not None])
        if known is not None:
            return known
        # «OR» and nothing else is somebody looking for the word.
        return Words(("or",)) if len(parts) > 1 and len(self._tokens) == 1 else None

    def _every(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in {"", "OR", "close"}:
            if kind == "AND":
                self._at += 1
                if len(self._tokens) == 1:
                    parts.append(Words(("and",)))
                continue
            node = self._sol() or self._one(depth)
            if node is not None:
                parts.append(node)
        return every(parts)

    def _sol(self) -> Node | None:
        # «sol 46» is a day of a mission, whether or not the caption says so.
        pair = self._tokens[self._at : self._at + 2]
        if self._within or [token.kind for token in pair] != ["word", "word"]:
            return None
        number = pair[1].text.strip(".,;:")
        if pair[0].text.lower() != "sol" or not (number.isdecimal() and len(number) <= 5):
            return None
        self._at += 2
        day = int(number)
        said = All((Words((pair[0].text,)), Words((number,))))
        return Any((said, Within("sol", day, day)))

    def _one(self, depth: int) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind in {"minus", "NOT"}:
            if self._peek() in {"", "OR", "AND", "close"}:
                return Words(("not",)) if len(self._tokens) == 1 and token.kind == "NOT" else None
            node = self._one(depth)
            return Not(node) if node is not None else None
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
        if token.kind == "within":
            return self._in_field(token.text, depth)
        if self._within:
            return self._field(self._within, token.text)
        if token.kind == "phrase":
            return words(token.text, prefix=bool(token.value))
        return self._word(token.text)

    def _word(self, text: str) -> Node | None:
        node = words(text.rstrip("*"), prefix=text.endswith("*"))
        if node is None or text.endswith("*") or not _may_mean_more(text):
            return node
        from catalogue.query import meanings

        more = [other for other in meanings.others(text) if other != node]
        return Any((node, *more)) if more else node

    def _in_field(self, name: str, depth: int) -> Node | None:
        from catalogue.query import fields

        outside, self._within = self._within, fields.known(name)
        node = self._one(depth)
        self._within = outside
        return node

    def _field(self, name: str, value: str) -> Node | None:
        from catalogue.query import fields

        name = fields.known(name)
        if name == fields.SAVED:
            return self._saved_query(value)
        if not value.strip():
            return None
        try:
            return fields.read(name, value.strip(), self._registry)
        except UsageError:
            node = self._longer_name(name, value.strip()) if name in fields.NAMED else None
            node = node or fields.family(name, value, self._registry)
            if node is None:
                raise
            return node

    def _longer_name(self, name: str, value: str) -> Node | None:
        # A shell eats the quotes of spacecraft:"Mars Reconnaissance Orbiter". Where the first word
        # is no name by itself, the words behind it may complete it.
        from catalogue.query import fields

        for length in range(1, fields.LONGEST_NAME):
            following = self._tokens[self._at : self._at + length]
            if len(following) < length or any(token.kind != "word" for token in following):
                return None
            longer = " ".join([value, *(token.text for token in following)])
            try:
                node = fields.read(name, longer, self._registry)
            except UsageError:
                continue
            self._at += length
            return node
        return None

    def _saved_query(self, name: str) -> Node | None:
        saved = self._saved()
        if name not in saved:
            raise UsageError(f"no search is saved as {name!r}; {nearest(name, saved)}")
        if name in self._opened:
            raise UsageError(f"the saved search {name!r} refers to itself")
        if next(self._left, None) is None:
            raise UsageError(f"saved searches within saved searches: {MAX_SAVED} at the most")
        opened = self._opened | {name}
        return _Reader(_lex(saved[name]), self._registry, self._saved, opened, self._left).read()
