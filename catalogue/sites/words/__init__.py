"""Caption and credit of a picture, found in what stands round it.

First the scope of the picture: the largest element round it that holds no other picture and none
of the article's prose. Then the ways of :data:`CAPTION_RULES` in order, then the ways of ``beside``
for words that no name marks; the first that finds something counts, and its name is kept as
evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TypeAlias

from catalogue.sites.pictures import Place
from catalogue.sites.tree import TEXT, Tree
from catalogue.sites.words.beside import words_beside
from catalogue.sites.words.credits import credit_elements, credit_of
from catalogue.sites.words.element import words_in_element
from catalogue.sites.words.found import Found, Words
from catalogue.sites.words.naming import is_caption_name, is_credit_name
from catalogue.sites.words.scope import (
    BREAKERS,
    MAX_BESIDE,
    PICTURES,
    Around,
    look_around,
    outermost,
    scope_of,
)

__all__ = ["Found", "Words", "find_words", "group_words", "look_around", "scope_of"]
MAX_IN_GROUP = 120
"""Characters beside its caption in a group of pictures: labels of buttons, numbers of slides."""
MAX_ABOVE = 8
"""Elements round a picture that may hold a caption for several."""
CaptionRule: TypeAlias = Callable[[Around], int | None]


def figcaption(around: Around) -> int | None:
    """A ``figcaption``, in the figure or beside it."""
    tree = around.tree
    for node in around.captions:
        if tree.tag[node] != "figcaption" or not tree.read(node, around.hidden):
            continue
        named = [other for other in around.captions if is_caption_name(tree, other)]
        if is_credit_name(tree, node) and not is_caption_name(tree, node) and named:
            continue  # the credit alone stands in it; the caption is beside
        return node
    return None


def caption_class(around: Around) -> int | None:
    """An element named as a caption by its class or id."""
    tree = around.tree
    for node in outermost(around.captions, tree):
        if is_credit_name(tree, node) and not is_caption_name(tree, node):
            continue
        if tree.read(node, around.hidden):
            return node
    return None


def caption_property(around: Around) -> int | None:
    """An element marked as ``caption`` or ``description`` of an ImageObject."""
    tree = around.tree
    if "ImageObject" not in tree.get(around.scope, "itemtype") and around.figure is None:
        return None
    for node in range(around.scope + 1, tree.end[around.scope]):
        if tree.attributes[node]:
            prop = (tree.attributes[node].get("itemprop") or "").split()
            if {"caption", "description"} & set(prop) and tree.read(node, around.hidden):
                return node
    return None


CAPTION_RULES: tuple[CaptionRule, ...] = (figcaption, caption_class, caption_property)
"""Ways to find the element that is the caption, in order."""


def find_words(around: Around) -> Words:
    """Caption and credit of a picture from the elements round it."""
    for way in CAPTION_RULES:
        caption = way(around)
        if caption is not None:
            return words_in_element(around, caption, way.__name__)
    credits = credit_elements(around, None)
    return words_beside(around, credit_of(around, credits), credits)


def _is_caption_of_row(tree: Tree, node: int) -> bool:
    """Whether what follows pictures side by side is a caption by its name, and no more."""
    return (
        tree.tag[node] != TEXT
        and tree.size(node) < 1000
        and not tree.inside(node, *PICTURES)
        and (tree.tag[node] == "figcaption" or is_caption_name(tree, node))
    )


def group_words(tree: Tree, place: Place) -> Words:
    """The one caption of a figure, or a slider, that holds several pictures: it speaks of each."""
    for above in islice(tree.ancestors(place.node), MAX_ABOVE):
        if tree.size(above) > 3000 or tree.tag[above] in BREAKERS:
            break
        if tree.count(above, "img") > 1 and tree.size(above) <= MAX_IN_GROUP:
            following = islice(tree.following(above), MAX_BESIDE)
            behind = next((one for one in following if tree.size(one) and tree.read(one)), None)
            cells = tree.inside(behind, "td") if behind and tree.tag[behind] == "tr" else []
            behind = cells[0] if len(cells) == 1 else behind
            if behind is not None and _is_caption_of_row(tree, behind):
                return words_in_element(
                    Around(tree, place, behind, None, [behind], set()), behind, "caption of the row"
                )
        captions = [
            node
            for node in islice(tree.children(above), 2 * MAX_BESIDE)
            if tree.tag[node] == "figcaption"
            or (tree.attributes[node] and is_caption_name(tree, node))
        ]
        if len(captions) != 1 or tree.inside(captions[0], *PICTURES):
            continue
        node = captions[0]
        if not tree.read(node):
            continue
        if tree.tag[above] != "figure" and tree.size(above) - tree.size(node) > MAX_IN_GROUP:
            break  # not a row of pictures with a caption, but a text with pictures in it
        return words_in_element(
            Around(tree, place, node, above, [node], set()), node, "caption of the group"
        )
    return Words()
