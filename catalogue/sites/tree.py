"""A page as a flat tree: the one place that knows the HTML parser.

The parser's own tree is copied once into parallel lists in document order. A node is its position
in them. Whether one node lies inside another, how much text lies between two, and what a subtree
says are then comparisons and slices, however deep the page is nested, and no rule can recurse.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.sites.guard import MAX_DEPTH, MAX_TAGS, flattened, is_harmless, shortened
from catalogue.texts import word_set

TEXT = "-text"
"""What :attr:`Tree.tag` holds for a run of text."""

MAX_NODES = 400_000
"""Nodes that are copied from one page; the rest is left unread, and said so."""

_OPAQUE = frozenset({"script", "style", "svg", "math", "iframe", "object", "textarea", "title"})
_HOLDERS = frozenset({"div", "section", "figure", "main", "article"})
INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark nobr "
    "noscript q rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
_NO_ELEMENTS = frozenset({"-comment", "!doctype"})
_UNSEEN = frozenset({"noscript", "template", "button", "input", "select", "option"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LOWER_WORD = re.compile(r"[a-z]+|\d+")
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
    """The words that a class name or identifier is made of, in lower case.

    >>> sorted(words_in("ArticleImage__captionText js-lazy"))
    ['article', 'caption', 'image', 'js', 'lazy', 'text']
    """
    if name.islower():
        return frozenset(_LOWER_WORD.findall(name))
    return frozenset(word.lower() for word in _WORD.findall(name))


class Tree:
    """A page in document order; a node is an index into the lists.

    Args:
        text: The page, decoded.
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

    def __init__(self, text: str) -> None:
        self.notes: list[str] = []
        """What could not be read of the page, in words."""
        self.tag: list[str] = []
        """Element name in lower case, or :data:`TEXT`."""
        self.parent: list[int] = []
        """The parent's index; -1 at the root."""
        self.end: list[int] = []
        """One past the last descendant."""
        self.attributes: list[dict[str, str | None]] = []
        self.text: list[str] = []
        """The run of text of a text node; empty for elements."""
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        """Attributes and content of every script, in order."""
        self._spaces: set[int] = set()
        """Nodes with white space before them; runs of nothing else are no nodes."""
        self._texts: dict[int, str] = {}
        """What was read already; several rules look at the same elements."""
        self._words: dict[int, frozenset[str]] = {}
        self._by_tag: dict[str, list[int]] = {}
        self._by_attribute: dict[str, list[int]] = {}
        self._parse(text.replace("\0", "") if "\0" in text else text)
        self._size = [0, *accumulate(map(len, self.text))]

    def _parse(self, text: str) -> None:
        marks = text.count("<")
        cut_off = flat = ""
        if marks > MAX_TAGS:
            text, cut_off = shortened(text)
        if not is_harmless(text, min(marks, MAX_TAGS)):
            text, flat = flattened(text)
        self.notes.extend(filter(None, (cut_off, flat)))
        root = LexborHTMLParser(text).root
        if root is not None:
            self._copy(root)

    def _copy(self, root: LexborNode) -> None:
        """Copy the parser's tree; what is nested deeper than any page needs becomes flat."""
        tags, parents, ends = self.tag, self.parent, self.end
        attributes, texts, by_tag = self.attributes, self.text, self._by_tag
        spaces = self._spaces
        nothing: dict[str, str | None] = {}
        stack: list[tuple[LexborNode, int, int]] = []  # and the parent of its siblings
        too_deep = 0
        node: LexborNode | None = root
        current = -1
        while node is not None:
            here = len(tags)
            if here >= MAX_NODES:
                self.notes.append(f"only the first {MAX_NODES} elements were read")
                for _, position, _ in stack:
                    if position >= 0:
                        ends[position] = here
                return
            child: LexborNode | None = None
            run = node.text_content
            if run is not None:
                if not run or run.isspace():
                    spaces.add(here)
                else:
                    tags.append(TEXT)
                    parents.append(current)
                    ends.append(here + 1)
                    attributes.append(nothing)
                    texts.append(run)
            elif (name := node.tag or "") not in _NO_ELEMENTS:
                tags.append(name)
                parents.append(current)
                ends.append(here + 1)
                found = node.attributes or nothing
                attributes.append(found)
                texts.append("")
                if name in by_tag:
                    by_tag[name].append(here)
                else:
                    by_tag[name] = [here]
                if len(found) > 1 and (name in _HOLDERS or "-" in name):
                    # the state of a part of the page, kept in an attribute for its script
                    for key, value in found.items():
                        if value and len(value) > 60 and value[0] in "{[":
                            self.scripts.append(({"type": "attribute", "name": key}, value))
                if name == "script":
                    content = node.first_child
                    if content is not None:
                        self.scripts.append((found, content.text_content or ""))
                elif name == "nav":
                    # a menu is not looked at, save one that swallowed the article, for want of an
                    # end tag: nothing stands after it
                    if node.next is None and node.css_first("h1, article, main, figure"):
                        child = node.first_child
                elif name not in _OPAQUE or name == "title":
                    child = node.first_child
            if child is not None:
                if len(stack) < MAX_DEPTH:
                    stack.append((node, here, current))
                    current = here
                else:
                    stack.append((node, -1, current))
                    too_deep += 1
                node = child
                continue
            node = node.next
            while node is None and stack:
                above, position, current = stack.pop()
                if position >= 0:
                    ends[position] = len(tags)
                node = above.next
        if too_deep:
            self.notes.append(f"{too_deep} elements were nested too deeply and read as if flat")

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
            elif at in without or (at != node and (name in _UNSEEN or name in _OPAQUE)):
                at = ends[at]
            else:
                if name == "br":
                    out.append("\n")
                elif name not in INLINE and at != node:
                    out.append("\n")
                    breaks.append(ends[at])
                at += 1
        return "".join(out)
