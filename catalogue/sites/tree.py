"""A page as a flat tree, and what can be asked of it.

A node is a position in lists in document order. Whether one node lies inside another, how much text
lies between two, and what a subtree says are then comparisons and slices, however deep the page is
nested, and no rule can recurse.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from catalogue.sites.parsing import TEXT, parse
from catalogue.texts import word_set

__all__ = ["INLINE", "TEXT", "Tree", "fold", "words_in"]

INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark nobr "
    "noscript q rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
_UNSEEN = word_set("noscript template button input select option math iframe object textarea title")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SMALL_LETTERS = "".join(one if one.islower() else " " for one in map(chr, range(128)))
"""What stands for each character of ASCII where only small letters count."""
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u00b6"
"""Joints without a width; and the mark of a link to the heading that it stands in."""


def fold(text: str) -> str:
    """Text on one line, white space folded, what no reader reads removed."""
    if not text.isascii():
        for joint in _INVISIBLE:
            text = text.replace(joint, "")
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def words_in(name: str) -> frozenset[str]:
    """The words that a class name or identifier is made of, in lower case; numbers are none.

    >>> sorted(words_in("ArticleImage__captionText js-lazy"))
    ['article', 'caption', 'image', 'js', 'lazy', 'text']
    """
    if name.isascii() and name.islower():
        return frozenset(name.translate(_SMALL_LETTERS).split())
    return frozenset(map(str.lower, _WORD.findall(name)))


class Tree:
    """A page in document order; a node is an index into the lists.

    Args:
        page: The page, in UTF-8.
    """

    __slots__ = (
        "_by_attribute",
        "_by_tag",
        "_size",
        "_spaces",
        "_texts",
        "_words",
        "attributes",
        "end",
        "notes",
        "parent",
        "scripts",
        "tag",
        "text",
    )

    def __init__(self, page: bytes) -> None:
        copied = parse(page)
        self.tag = copied.tag
        """Element name in lower case, or :data:`TEXT`."""
        self.parent = copied.parent
        """The parent's index; -1 at the root."""
        self.end = copied.end
        """One past the last descendant."""
        self.attributes = copied.attributes
        self.text = copied.text
        """The run of text of a text node; empty for elements."""
        self.scripts = copied.scripts
        """Every script, in document order."""
        self.notes = copied.notes
        """What could not be read of the page, in words."""
        self._by_tag = copied.by_tag
        self._spaces = copied.spaces
        self._texts: dict[int, str] = {}
        """What was read already; several rules look at the same elements."""
        self._words: dict[int, frozenset[str]] = {}
        self._by_attribute: dict[str, list[int]] = {}
        self._size = [0, *accumulate(map(len, self.text))]

    def __len__(self) -> int:
        return len(self.tag)

    def all(self, *names: str) -> list[int]:
        """Every element of these names, in document order."""
        if len(names) == 1:
            return self._by_tag.get(names[0], [])
        return sorted(node for name in names for node in self._by_tag.get(name, []))

    def having(self, name: str) -> list[int]:
        """Every element that has an attribute, in document order."""
        known = self._by_attribute.get(name)
        if known is None:
            known = self._by_attribute[name] = [
                node for node, attributes in enumerate(self.attributes) if name in attributes
            ]
        return known

    def inside(self, node: int, *names: str) -> list[int]:
        """The elements of these names inside a node, in document order."""
        found: list[int] = []
        for name in names:
            listed = self._by_tag.get(name)
            if listed:
                start = bisect_left(listed, node + 1)
                stop = bisect_left(listed, self.end[node], start)
                found.extend(listed[start:stop])
        return sorted(found) if len(names) > 1 else found

    def count(self, node: int, name: str) -> int:
        """How many elements of this name are inside a node; cheap, however many."""
        listed = self._by_tag.get(name)
        if not listed:
            return 0
        start = bisect_left(listed, node + 1)
        return bisect_left(listed, self.end[node], start) - start

    def ancestors(self, node: int) -> Iterator[int]:
        """The parent, its parent, and so on to the root."""
        parents = self.parent
        node = parents[node]
        while node >= 0:
            yield node
            node = parents[node]

    def closest(self, node: int, *names: str) -> int | None:
        """The node itself or its nearest ancestor of one of these names."""
        tags, parents = self.tag, self.parent
        while node >= 0:
            if tags[node] in names:
                return node
            node = parents[node]
        return None

    def children(self, node: int) -> Iterator[int]:
        """The nodes directly inside, text included."""
        at, stop, ends = node + 1, self.end[node], self.end
        while at < stop:
            yield at
            at = ends[at]

    def following(self, node: int) -> Iterator[int]:
        """The siblings after a node, text included."""
        above = self.parent[node]
        at, stop, ends = self.end[node], self.end[above] if above >= 0 else len(self.tag), self.end
        while at < stop:
            yield at
            at = ends[at]

    def get(self, node: int, name: str) -> str:
        """An attribute, stripped; empty where it is absent."""
        return (self.attributes[node].get(name) or "").strip()

    def words(self, node: int) -> frozenset[str]:
        """The words of a node's class and id."""
        known = self._words.get(node)
        if known is None:
            attributes = self.attributes[node]
            if attributes:
                name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:1000]
                known = words_in(name)
            else:
                known = frozenset()
            self._words[node] = known
        return known

    def size(self, node: int) -> int:
        """Characters of text inside, white space included: cheap, for comparing."""
        return self._size[self.end[node]] - self._size[node]

    def between(self, start: int, stop: int) -> int:
        """Characters of text from one position up to another."""
        return self._size[stop] - self._size[start] if stop > start else 0

    def read(self, node: int, without: frozenset[int] | set[int] = frozenset()) -> str:
        """The text that a reader sees in a subtree, on one line.

        Args:
            node: Where.
            without: Subtrees to leave out.
        """
        if without:
            return fold(self.raw(node, without))
        known = self._texts.get(node)
        if known is None:
            known = self._texts[node] = fold(self.raw(node))
        return known

    def raw(self, node: int, without: frozenset[int] | set[int] = frozenset()) -> str:
        """The text of a subtree with a line break at every block and ``br``."""
        tags, ends, texts, spaces = self.tag, self.end, self.text, self._spaces
        if tags[node] == TEXT:
            return texts[node]
        out: list[str] = []
        breaks: list[int] = []
        at, stop = node, ends[node]
        while at < stop:
            while breaks and breaks[-1] <= at:
                breaks.pop()
                out.append("\n")
            name = tags[at]
            if at in spaces:
                out.append(" ")
            if name == TEXT:
                out.append(texts[at].replace("\n", " "))
                at += 1
            elif at in without or (at != node and name in _UNSEEN):
                at = ends[at]
            else:
                if name == "br":
                    out.append("\n")
                elif name not in INLINE and at != node:
                    out.append("\n")
                    breaks.append(ends[at])
                at += 1
        return "".join(out)
