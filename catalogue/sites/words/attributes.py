"""Words that are kept in attributes, for a script to show with the picture."""

from __future__ import annotations

import re

from catalogue.credit.lines import split_credit
from catalogue.sites.structured import plain
from catalogue.sites.tree import Tree, words_in
from catalogue.sites.words.credits import says_something
from catalogue.sites.words.found import MAX_CAPTION, Found, Words, split_words
from catalogue.sites.words.naming import is_caption_name
from catalogue.sites.words.scope import Around

_CAPTION_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:caption|sub-html|description|legend)")
_CREDIT_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:credits?|copyright|attribution|photographer)")
_SHOWN_LARGE = frozenset({"lightbox", "fancybox", "popup", "colorbox", "gallery", "modal"})
"""Words in an element's attributes that tell that a script shows the picture, and its title,
large."""


def words_in_attributes(around: Around, credit: Found | None) -> Words:
    """What is kept in attributes for a script to show; a title that names the credit."""
    tree, place = around.tree, around.place
    words = Words(None, credit)
    for node in (place.node, *tree.ancestors(place.node)):
        if node < around.scope or words.caption:
            break
        for name, value in tree.attributes[node].items():
            text = plain(value[:MAX_CAPTION]) if value else ""
            if not text:
                continue
            if _CREDIT_ATTRIBUTE.fullmatch(name) and words.credit is None and says_something(text):
                words = Words(words.caption, Found(text, "attribute", name))
            elif words.caption is None and (
                _CAPTION_ATTRIBUTE.fullmatch(name)
                or (name in ("title", "data-title") and _is_shown_title(tree, node, text))
            ):
                words = split_words(text, words.credit, "attribute", name)
    return words


def _tells_credit(title: str) -> bool:
    """Whether a title has a credit behind its words, by a label or in brackets."""
    parts = split_credit(title)
    return parts.label is not None or bool(parts.caption and (parts.credit or "").endswith(")"))


def _is_shown_title(tree: Tree, node: int, title: str) -> bool:
    if " " not in title:
        return False
    told = f"{tree.get(node, 'class')} {tree.get(node, 'rel')} {' '.join(tree.attributes[node])}"
    return (
        is_caption_name(tree, node)
        or bool(words_in(told[:400]) & _SHOWN_LARGE)
        or _tells_credit(title)
    )
