"""Credits that are known by their elements: by name, by property, by their place.

A bare name has no word that tells it from a caption; only its element does.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise

from catalogue.credit.lines import is_credit, is_name_like, split_credit, strip_label
from catalogue.sites.addresses import is_raster
from catalogue.sites.tree import TEXT, Tree, fold
from catalogue.sites.words.found import Found
from catalogue.sites.words.naming import (
    CREDIT_WORDS,
    PICTURE_WORDS,
    is_caption_name,
    is_credit_name,
    label_of,
)
from catalogue.sites.words.scope import Around, outermost
from catalogue.texts import word_set

_CREDIT_WORDS_INSIDE = CREDIT_WORDS | word_set(
    "source sources author byline agency provider rights quelle autor fotocredit creator firma "
    "auteur autore signature"
)
"""Further ones that mark a credit inside a caption or figure only."""
_SOURCE_WORDS = word_set(
    "source sources quelle agency bron fonte forras fuente kilde lahde zdroj zrodlo"
)
"""Those that mark one in any box that is named for its picture, too."""
_CREDIT_PROPS = frozenset(
    [
        "credittext",
        "copyrightholder",
        "copyrightnotice",
        "creditline",
        "author",
        "creator",
        "contributor",
    ]
)


def credit_elements(around: Around, caption: int | None) -> list[int]:
    """Elements that are credits by their name, in document order, outermost only."""
    tree = around.tree
    out: list[int] = []
    for node in range(around.scope, tree.end[around.scope]):
        if out and node < tree.end[out[-1]]:
            continue
        attributes = tree.attributes[node]
        if not attributes and tree.tag[node] not in ("small", "cite"):
            continue
        if node <= around.place.outer < tree.end[node] or node in around.hidden:
            continue
        if tree.tag[node] in ("meta", "img", "source", "picture", "button", "a") and (
            tree.tag[node] != "a" or tree.size(node) == 0
        ):
            continue
        if not 0 < tree.size(node) <= 600:
            continue
        inside = (caption is not None and caption <= node < tree.end[caption]) or (
            around.figure is not None and around.figure <= node < tree.end[around.figure]
        )
        names_source = tree.tag[node] == "cite" or not _SOURCE_WORDS.isdisjoint(tree.words(node))
        in_box = names_source and _in_picture_box(around, node)
        if not _names_credit(tree, node, inside or in_box):
            continue
        if tree.tag[node] in ("small", "cite"):
            text = tree.read(node, around.hidden)
            whole = caption is not None and tree.size(node) == tree.size(caption)
            if not (is_credit(text) if whole else _may_be_credit(text)):
                continue
        if node == caption and _has_other_text(tree, node):
            continue
        if caption is not None and node < caption < tree.end[node]:
            continue
        if is_caption_name(tree, node) and (
            _holds_credit_child(tree, node) or _credit_beside(around, node)
        ):
            continue
        if not _visible(tree, node, around.hidden):
            continue
        out.append(node)
    return out


def credit_of(around: Around, credits: list[int]) -> Found | None:
    """The credit that elements named as credits say together; None where there are none."""
    if not credits:
        return None
    tree = around.tree
    text = _joined(tree, credits, around.hidden).lstrip(" :：")  # behind a label that is hidden
    return Found(text, "credit element", label_of(tree, credits[0]))


def _may_be_credit(text: str) -> bool:
    """Whether a text is a credit and no more, by its words: no sentence, no caption before it."""
    return is_credit(text) or is_name_like(text.strip("()[] "))


def _visible(tree: Tree, node: int, hidden: set[int]) -> bool:
    return says_something(tree.read(node, hidden))


def says_something(credit: str) -> bool:
    """Whether a credit is more than its label and marks."""
    return len(strip_label(credit).strip(" .:,;()[]")) > 1


def _names_credit(tree: Tree, node: int, inside: bool) -> bool:
    attributes = tree.attributes[node]
    prop = {part.lower() for part in (attributes.get("itemprop") or "").split()}
    if prop & _CREDIT_PROPS and (inside or prop & {"credittext", "copyrightholder"}):
        return True
    if attributes and is_credit_name(tree, node):
        return True
    if inside and tree.words(node) & (_CREDIT_WORDS_INSIDE | _SOURCE_WORDS):
        return True
    for name in (
        "data-testid",
        "data-test",
        "data-component",
        "data-type",
        "data-role",
        "aria-label",
    ):
        value = attributes.get(name)
        if value and re.search(r"(?i)credit|copyright|photographer|byline", value[:100]):
            return inside or "credit" in value.lower()
    return inside and tree.tag[node] in ("small", "cite") and tree.size(node) <= 160


def _in_picture_box(around: Around, node: int) -> bool:
    """Whether an element stands with the picture in a box that is named for it."""
    tree, start = around.tree, around.scope
    boxes = islice(tree.ancestors(node), 4)
    return any(
        start <= box <= around.place.node and tree.words(box) & PICTURE_WORDS for box in boxes
    )


def _has_other_text(tree: Tree, node: int) -> bool:
    return tree.size(node) > 200


def _holds_credit_child(tree: Tree, node: int) -> bool:
    return any(
        tree.attributes[child] and is_credit_name(tree, child)
        for child in range(node + 1, tree.end[node])
    )


def _credit_beside(around: Around, node: int) -> bool:
    """Whether another element of the scope is named as nothing but the credit."""
    tree = around.tree
    return any(
        tree.attributes[other]
        and is_credit_name(tree, other)
        and not is_caption_name(tree, other)
        and tree.size(other) > 0
        and not (node <= other < tree.end[node] or other <= node < tree.end[other])
        for other in range(around.scope, tree.end[around.scope])
    )


def _joined(tree: Tree, credits: list[int], hidden: set[int]) -> str:
    first = tree.read(credits[0], hidden)
    texts = [first]
    for before, node in pairwise(credits):
        text = tree.read(node, hidden)
        gap = tree.between(tree.end[before], node)
        if text.casefold() in " ".join(texts).casefold():
            continue
        if gap > 4 or tree.parent[before] != tree.parent[node]:
            break
        glue = fold("".join(tree.text[tree.end[before] : node]))
        texts.append(f"{glue} {text}" if glue else text)
    return " ".join(texts)


def by_place(around: Around, caption: int) -> tuple[list[int], Found | None]:
    """A credit that only its place tells: a second caption, the last element of the caption."""
    tree, hidden = around.tree, around.hidden
    for other in outermost(around.captions, tree):
        if other == caption or caption < other < tree.end[caption] or other < caption:
            continue
        text = tree.read(other, hidden)
        if is_credit(text) or is_name_like(text):
            return [other], Found(text, "second caption", label_of(tree, other))
    last = last_element(tree, caption, hidden)
    if last is not None and not is_credit(fold(tree.raw(caption, hidden | {last}))):
        text = tree.read(last, hidden)
        whole = split_credit(tree.read(caption, hidden))
        if not (whole.label and whole.credit and text in whole.credit):
            return [last], Found(text, "last element of the caption", label_of(tree, last))
    return [], None


def beside_caption(around: Around, caption: int) -> Found | None:
    """A bare name in a figure, beside its caption; without a figure, a labelled one behind it."""
    tree = around.tree
    if around.figure is None:
        behind = next((one for one in tree.following(caption) if tree.size(one) > 0), None)
        text = tree.read(behind) if behind is not None and tree.size(behind) <= 200 else ""
        if behind is None or behind >= tree.end[around.scope] or not is_credit(text):
            return None
        return Found(text, "behind the caption", label_of(tree, behind))
    left_out = around.hidden | set(outermost(around.captions, tree)) | {around.place.outer}
    text = tree.read(around.figure, left_out)
    if text and len(text) <= 200 and (is_credit(text) or is_name_like(text)):
        return Found(text, "beside the caption", "figure")
    return None


def last_element(tree: Tree, caption: int, hidden: set[int]) -> int | None:
    """A bare name in the last element of a caption, after other text: a credit by its place."""
    node = caption
    for _ in range(4):
        children = [
            child
            for child in tree.children(node)
            if child not in hidden
            and (tree.text[child].strip() or tree.size(child) > 0)
            and fold(tree.raw(child, hidden))
        ]
        if len(children) == 1 and tree.tag[children[0]] != TEXT:
            node = children[0]
            continue
        break
    if len(children) < 2:
        return None
    last = children[-1]
    if tree.tag[last] == TEXT or tree.tag[last] in ("b", "strong"):
        return None
    if tree.tag[last] == "a" and is_raster(tree.get(last, "href")):
        return None
    text = tree.read(last, hidden).strip("()[] ")
    if not is_name_like(text):
        return None
    before = children[-2]
    text_before = fold(tree.raw(before, hidden))
    in_a_line = tree.tag[before] == TEXT or tree.tag[last] in ("a", "em", "i")
    if in_a_line and not re.search(r"[.!?…”\"»)\]|:–—-]$", text_before):
        return None
    return last


def is_bare_name(text: str) -> bool:
    """Whether a line alone in a figure is rather a name than a caption."""
    if ". " in text or not is_name_like(text):
        return False
    parts = split_credit(text)
    if parts.caption and parts.credit:
        return False
    return len(text.split()) <= 4 or "/" in text or "©" in text
