"""Looking up phrases word by word: the time grows with the text, not with the number of phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

JOINERS = frozenset((*"-–‐/'’・·", "'s", "’s"))
"""What may stand inside a name without changing it: Tianwen-1, SHERLOC/WATSON, Mars '98."""


def listed(text: str) -> list[str]:
    """Phrases that stand in one text, with commas between.

    TOML reads one long text many times faster than a long list.
    """
    return " ".join(text.split()).split(", ")


class Phrases(Generic[Value]):
    """Phrases with a value each, as a tree from word to word."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], Value]]) -> None:
        self._tree: dict[str, Any] = {}
        for words, value in entries:
            node = self._tree
            for word in words:
                node = node.setdefault(word, {})
            if words:
                node[""] = value

    def find(self, words: Sequence[str]) -> list[tuple[int, int, Value]]:
        """The longest phrase at each place, none inside another: start, stop, value.

        Args:
            words: Lower case.
        """
        found: list[tuple[int, int, Value]] = []
        tree, count, free = self._tree, len(words), 0
        if tree.keys().isdisjoint(words):
            return found
        for at in compress(range(count), map(tree.__contains__, words)):
            if at < free:
                continue
            node = tree[words[at]]
            here = at + 1
            if "" not in node and (
                here == count or (words[here] not in node and words[here] not in JOINERS)
            ):
                continue  # most often by far: «the», and nothing that goes on from there
            best, stop = node.get(""), here
            while here < count:
                word = words[here]
                if word in JOINERS and here + 1 < count:
                    here += 1
                    word = words[here]
                node = node.get(word)
                if node is None:
                    break
                here += 1
                if "" in node:
                    best, stop = node[""], here
            if best is not None:
                found.append((at, stop, best))
                free = stop
        return found
