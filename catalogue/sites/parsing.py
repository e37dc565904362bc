"""From the bytes of a page to flat lists in document order: the one place that knows the parser.

The parser's tree is walked once, without recursion. Scripts and drawings are no nodes, and what a
menu, a list of links or a page's footer holds is left out: a good part of most pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.sites.guard import MAX_DEPTH, MAX_TAGS, flattened, is_harmless, shortened

TEXT = "-text"
"""The name of a node that is a run of text."""

MAX_NODES = 400_000
"""Nodes that are copied from one page; the rest is left unread, and said so."""

_NO_NODES = frozenset({"-comment", "!doctype", "script", "style", "svg"})
_OPAQUE = frozenset({"math", "iframe", "object", "textarea"})
_MENUS = frozenset({"nav", "ul", "footer"})
_HOLDERS = frozenset({"div", "section", "figure", "main", "article"})
"""Elements, beside those of a page's own making, whose attributes can hold state for scripts."""
_HAVE_FEET = frozenset({"article", "figure", "figcaption", "blockquote"})
_IN_NO_MENU = "h1, article, main, figure"
_IN_NO_FOOT = f"{_IN_NO_MENU}, time"
_IN_NO_LIST_OF_LINKS = f"{_IN_NO_FOOT}, img, picture, p, h2, h3, h4, h5"
_LINKS_OF_MENU = 5
"""The least links of a list that is a menu."""
_LABEL = 40
"""The most characters that such a list has for each of its links."""
_MOST_LOOKED_AT = 10_000_000
"""Elements that are looked at in search of menus, each as often as it is."""

Attributes = dict[str, str | None]

# The C library of Linux returns the memory of each page's tree to the system, to have it anew for
# the next in thousands of page faults, until it has seen a large block come and go: this one. No
# byte of it is touched; at most twice its size is kept from one page to the next.
bytes(4_000_000)


class Script(NamedTuple):
    """What a page keeps for its scripts, or is one."""

    kind: str
    """The type of a script element, in lower case; ``attribute`` for state in an attribute."""
    text: str
    node: int
    """The node that has the attribute, or that follows the script."""


@dataclass(slots=True)
class Copied:
    """A page in document order; a node is a position in the lists."""

    tag: list[str] = field(default_factory=list)
    """Element name in lower case, or :data:`TEXT`."""
    parent: list[int] = field(default_factory=list)
    """The parent's position; -1 at the root."""
    end: list[int] = field(default_factory=list)
    """One past the last descendant."""
    attributes: list[Attributes] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    """The run of text of a text node; empty for elements."""
    by_tag: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The elements of each name."""
    spaces: set[int] = field(default_factory=set)
    """Nodes with white space before them; runs of nothing else are no nodes."""
    scripts: list[Script] = field(default_factory=list)
    """In document order."""
    notes: list[str] = field(default_factory=list)
    """What could not be read of the page, in words."""


def parse(page: bytes) -> Copied:
    """Parse a page.

    Args:
        page: The page, in UTF-8. Whatever it is, something comes back.
    """
    if b"\0" in page:
        page = page.replace(b"\0", b"")
    copied = Copied()
    marks = page.count(b"<")
    if marks > MAX_TAGS:
        page, note = shortened(page)
        copied.notes.append(note)
    if not is_harmless(page, min(marks, MAX_TAGS)):
        page, note = flattened(page)
        copied.notes.extend([note] if note else [])
    root = LexborHTMLParser(page).root
    if root is not None:
        _copy(root, copied, _MOST_LOOKED_AT // (marks + 1))
    return copied


_RUN, _NO_NODE, _CLOSED, _MENU, _HOLDER, _PLAIN = range(6)
"""The sorts of nodes, as they are copied."""

_Seen = tuple[str, int, Callable[[int], None]]


def _seen(name: str, copied: Copied) -> _Seen:
    """An element's name, its sort, and what takes the positions of all that bear it."""
    if name == TEXT:
        sort = _RUN
    elif name in _NO_NODES:
        sort = _NO_NODE
    elif name in _OPAQUE:
        sort = _CLOSED
    elif name in _MENUS:
        sort = _MENU
    else:
        sort = _HOLDER if name in _HOLDERS or "-" in name else _PLAIN
    return name, sort, copied.by_tag[name].append


def _copy(root: LexborNode, copied: Copied, looks: int) -> None:
    """Copy the parser's tree; what is nested deeper than any page needs becomes flat.

    Args:
        root: The parser's tree.
        copied: What takes it.
        looks: How many elements may be searched for what would make them worth copying.
    """
    tags, parents, ends = copied.tag, copied.parent, copied.end
    attributes, texts, spaces = copied.attributes, copied.text, copied.spaces
    nothing: Attributes = {}
    known: dict[int, _Seen] = {}  # the parser's numbers are quicker to have than its names
    stack: list[tuple[LexborNode, int, int]] = []  # and the parent of its siblings
    here = too_deep = 0
    node: LexborNode | None = root
    current = -1
    while node is not None:
        if here >= MAX_NODES:
            copied.notes.append(f"only the first {MAX_NODES} elements were read")
            for _, position, _ in stack:
                if position >= 0:
                    ends[position] = here
            return
        try:
            name, sort, listed = known[node.tag_id]
        except KeyError:
            name, sort, listed = known[node.tag_id] = _seen(node.tag or "", copied)
        if sort == _RUN:
            run = "" if node.is_empty_text_node else node.text_content
            if not run or run.isspace():
                spaces.add(here)
            else:
                tags.append(TEXT)
                parents.append(current)
                attributes.append(nothing)
                texts.append(run)
                here += 1
                ends.append(here)
        elif sort == _NO_NODE:
            if name == "script" and (content := node.first_child) is not None:
                kind = (node.attributes.get("type") or "").lower()
                copied.scripts.append(Script(kind, content.text_content or "", here))
        else:
            found = node.attributes or nothing
            tags.append(name)
            parents.append(current)
            attributes.append(found)
            texts.append("")
            listed(here)
            if sort == _HOLDER and len(found) > 1:
                copied.scripts.extend(_state_in(found, here))
            child = None
            if sort == _MENU:
                looks -= 1
                above = tags[current] if current >= 0 else ""
                if looks < 0 or not _is_menu(node, name, above):
                    child = node.first_child
            elif sort != _CLOSED:
                child = node.first_child
            if child is not None:
                if len(stack) < MAX_DEPTH:
                    stack.append((node, here, current))
                    current = here
                else:
                    stack.append((node, -1, current))
                    too_deep += 1
            here += 1
            ends.append(here)
            if child is not None:
                node = child
                continue
        node = node.next
        while node is None and stack:
            opened, position, current = stack.pop()
            if position >= 0:
                ends[position] = here
            node = opened.next
    if too_deep:
        copied.notes.append(f"{too_deep} elements were nested too deeply and read as if flat")


def _state_in(attributes: Attributes, node: int) -> list[Script]:
    """The state of a part of the page that is kept in attributes for its script."""
    return [
        Script("attribute", value, node)
        for value in attributes.values()
        if value and len(value) > 60 and value[0] in "{["
    ]


def _is_menu(node: LexborNode, name: str, above: str) -> bool:
    """Whether a menu, a list of links or a page's footer holds nothing of an article.

    One that swallowed the article, for want of an end tag, holds it.
    """
    if name == "nav":
        return node.next is not None or node.css_first(_IN_NO_MENU) is None
    if name == "footer":
        return above not in _HAVE_FEET and node.css_first(_IN_NO_FOOT) is None
    links = len(node.css("a"))
    return (
        links >= _LINKS_OF_MENU
        and len(node.text()) <= _LABEL * links
        and node.css_first(_IN_NO_LIST_OF_LINKS) is None
    )
