"""What stands round a picture, as far as it can speak of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from catalogue.sites.pictures import Place
from catalogue.sites.tree import TEXT, Tree
from catalogue.sites.words.naming import (
    is_byline,
    is_caption_name,
    is_credit_name,
    is_hidden,
    is_lone_label,
    is_part_of,
)

MAX_BESIDE = 40
"""Elements after a picture that are looked at for its caption."""
PICTURES = ("img", "amp-img", "picture", "iframe", "video")
BREAKERS = frozenset({"body", "main", "html"})


@dataclass(slots=True)
class Around:
    """A picture with what stands round it."""

    tree: Tree
    place: Place
    scope: int
    figure: int | None
    """The nearest ``figure`` inside the scope."""
    captions: list[int]
    """Elements that are captions by their name, in document order."""
    hidden: set[int]
    """Elements in the scope that are meant for screen readers, or are buttons."""


def scope_of(tree: Tree, place: Place, others: list[int], prose: list[int]) -> int:
    """The largest element round a picture with no other picture and none of the article's text.

    Args:
        tree: The page.
        place: The picture.
        others: Nodes of all pictures that count, in document order.
        prose: The article's paragraphs, in document order.
    """
    scope = place.outer
    first = bisect_left(others, place.outer)
    own = bisect_left(others, tree.end[place.outer], first) - first
    for above in tree.ancestors(place.outer):
        name = tree.tag[above]
        if name in BREAKERS:
            break
        stop = tree.end[above]
        first = bisect_left(others, above)
        if bisect_left(others, stop, first) - first > own:
            break
        if name != "figure":
            if tree.size(above) > 4000:
                break
            if tree.inside(above, "h1", "h2") or name in ("ul", "ol"):
                break
            within = prose[bisect_left(prose, above) : bisect_left(prose, stop)]
            if any(not _caption_like(tree, paragraph, above) for paragraph in within) and not (
                len(within) == 1 and _is_small_block(tree, within[0], above)
            ):
                break
        scope = above
    return scope


def _caption_like(tree: Tree, paragraph: int, top: int) -> bool:
    node = paragraph
    while node > top:
        if tree.tag[node] in ("figcaption", "figure", "caption"):
            return True
        if tree.attributes[node] and (is_caption_name(tree, node) or is_credit_name(tree, node)):
            return True
        node = tree.parent[node]
    return is_caption_name(tree, top) and tree.size(top) < 2000


def _is_small_block(tree: Tree, paragraph: int, block: int) -> bool:
    """Whether an element is a block by its class, of a picture and hardly more than its words."""
    return tree.size(block) < 400 and is_part_of(tree, paragraph, block)


def look_around(tree: Tree, place: Place, scope: int) -> Around:
    """Gather what the rules need to know of a picture's scope."""
    figure = None
    for above in tree.ancestors(place.node):
        if above < scope:
            break
        if tree.tag[above] == "figure":
            figure = above
            break
    captions: list[int] = []
    hidden: set[int] = set()
    node, stop = scope, tree.end[scope]
    tags, attributes = tree.tag, tree.attributes
    while node < stop:
        if node == place.outer and place.holds_text:
            node += 1
            continue
        if not place.holds_text and place.outer <= node < tree.end[place.outer]:
            node = tree.end[place.outer]
            continue
        name = tags[node]
        if name == TEXT:
            node += 1
            continue
        if (
            is_lone_label(tree, node)
            or (figure is None and is_byline(tree, node))
            or (
                is_hidden(tree, node)
                and not (name == "h2" and captions and node < tree.end[captions[-1]])
            )
        ):
            hidden.add(node)
            node = tree.end[node]
            continue
        if (
            name == "figcaption"
            or (name == "caption" and _of_picture_table(tree, node))
            or (attributes[node] and is_caption_name(tree, node) and name not in ("figure", "img"))
        ):
            holds = node <= place.outer < tree.end[node]  # a caption beside, not round it
            if not holds and tree.size(node) > 0:
                captions.append(node)
        node += 1
    return Around(tree, place, scope, figure, captions, hidden)


def _of_picture_table(tree: Tree, caption: int) -> bool:
    """Whether a table is there for its picture: it has hardly any text but the caption."""
    table = tree.parent[caption]
    return tree.count(table, "tr") <= 3 and tree.size(table) - tree.size(caption) < 200


def outermost(nodes: list[int], tree: Tree) -> list[int]:
    """Those of the elements, in document order, that lie in no other of them."""
    out: list[int] = []
    for node in nodes:
        if not out or node >= tree.end[out[-1]]:
            out.append(node)
    return out
