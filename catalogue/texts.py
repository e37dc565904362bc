"""What everything that reads text needs, and no part of it owns."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set: a readable way to write one.

    >>> sorted(word_set("b a"))
    ['a', 'b']
    """
    return frozenset(text.split())
