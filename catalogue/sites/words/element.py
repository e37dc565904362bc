"""The words of a picture whose caption is an element that was found."""

from __future__ import annotations

import re

from catalogue.credit.lines import is_credit, is_name_like
from catalogue.sites.tree import Tree, fold
from catalogue.sites.words.credits import (
    beside_caption,
    by_place,
    credit_elements,
    credit_of,
    is_bare_name,
)
from catalogue.sites.words.found import COUNTER, MAX_CAPTION, TAIL, Found, Words, split_words
from catalogue.sites.words.naming import label_of
from catalogue.sites.words.scope import Around

_DOWNLOAD = re.compile(r"(?i)downloads?\W*")
"""What is left of a line of links to files."""
_NAMES_ONLY = re.compile(r"(?:[^\W\d_a-z][^\s/]*(?:\s[^\W\d_a-z][^\s/]*){0,3}\s?/\s?)+[^/]{2,60}")
"""Words with capitals alone, at each stroke."""


def words_in_element(around: Around, caption: int, rule: str) -> Words:
    """Caption and credit of a picture whose caption is an element that was found.

    Args:
        around: The picture with what stands round it.
        caption: The element.
        rule: What found it, as evidence.
    """
    tree, hidden = around.tree, around.hidden
    credits = credit_elements(around, caption)
    credit = credit_of(around, credits)
    where = label_of(tree, caption)
    if caption in credits:
        return Words(None, credit)
    if credit is None:
        credits, credit = by_place(around, caption)
    left_out = hidden | set(credits)
    if credit is None and (lines := words_by_lines(tree, caption, left_out, rule, where)):
        return lines
    text = tree.read(caption, left_out)
    if credit is None and "/" in text and is_bare_name(text) and _NAMES_ONLY.fullmatch(text):
        return Words(None, Found(text, "names in the caption's place", where))
    words = split_words(text, credit, rule, where)
    if words.credit is None:
        return Words(words.caption, beside_caption(around, caption))
    return words


def words_by_lines(
    tree: Tree, node: int, left_out: frozenset[int] | set[int], rule: str, where: str
) -> Words | None:
    """A caption and a credit on lines of their own, the credit first or last.

    The last may be names alone, where strokes join them.
    """
    lines = [line for part in tree.raw(node, left_out).split("\n") if (line := fold(part))]
    lines = [line for line in lines if not _DOWNLOAD.fullmatch(line)]
    if len(lines) < 2:
        return None
    labelled = [is_credit(line) for line in lines]
    if not any(labelled) and "/" in lines[-1]:
        labelled[-1] = is_name_like(lines[-1])
    if sum(labelled) != 1 or not (labelled[0] or labelled[-1]):
        return None
    credit = lines.pop(0 if labelled[0] else -1)
    return Words(
        Found(COUNTER.sub("", " ".join(lines))[:MAX_CAPTION].strip(TAIL), rule, where),
        Found(credit, "line of its own", where),
    )
