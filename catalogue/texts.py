"""What everything that reads text needs, and no part of it owns."""

from __future__ import annotations

from collections.abc import Iterable


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set: a readable way to write one.

    >>> sorted(word_set("b a"))
    ['a', 'b']
    """
    return frozenset(text.split())


def nearest(name: str, known: Iterable[str], *, also: Iterable[str] = ()) -> str:
    """What somebody is told who wrote an unknown name: the known ones that are like it, or all.

    Args:
        name: As written.
        known: What it might have been.
        also: Further names, told where they are like it, and not told as known ones.

    >>> nearest("sapcecraft", ["spacecraft", "credit"])
    'did you mean spacecraft?'
    >>> nearest("x", ["spacecraft", "credit"])
    'known: spacecraft, credit'
    """
    import difflib  # Only where something is wrong, and it takes its time to load.

    names = list(known)
    return instead(difflib.get_close_matches(name, [*names, *also], n=3, cutoff=0.6), names)


def instead(near: Iterable[str], known: Iterable[str]) -> str:
    """The same, where the near ones are found already."""
    told = " or ".join(near)
    return f"did you mean {told}?" if told else f"known: {', '.join(known) or 'none'}"
