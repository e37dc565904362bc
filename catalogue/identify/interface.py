"""What a scheme of identifiers is: how one mission or archive names its pictures, in one file.

A scheme's patterns are written for *folded* text (see :mod:`catalogue.identify.names`): upper case,
``_`` for every hyphen. They are tried only where a word begins, each is of bounded length, and each
ends with ``(?![A-Z0-9])``, so that reading takes linear time whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from catalogue.identify.names import Place
from catalogue.model import Identity

END = r"(?![A-Z0-9])"
"""Where an identifier ends: no letter or digit follows."""

Reader = Callable[[re.Match[str], Place], Identity | None]
"""Makes the identity from a match; None where the values cannot be: no such day, wrong clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """One form of name."""

    first: str
    """The characters that it may begin with, folded."""
    pattern: re.Pattern[str]
    """For folded text, matched where a word begins."""
    read: Reader
    context: re.Pattern[str] | None = None
    """For a form that names of other things share: the words one of which must stand near it,
    unless the form is all that there is of a name. None for a form that nothing else has."""


def grammar(
    first: str,
    pattern: str,
    read: Reader,
    *,
    context: tuple[str, ...] = (),
) -> Grammar:
    """A form of name; the pattern gets its end, and knows no digit but those of ASCII.

    Args:
        first: The characters that it may begin with, folded.
        pattern: For folded text; spaces in it do not count.
        read: Makes the identity.
        context: For a form that names of other things share: words in lower case, one of which
            must stand near it.
    """
    return Grammar(
        first=first,
        pattern=re.compile(f"(?:{pattern}){END}", re.ASCII | re.VERBOSE),
        read=read,
        context=re.compile(rf"(?<![a-z])(?:{'|'.join(context)})(?![a-z])") if context else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How one mission or archive names its pictures."""

    name: str
    examples: tuple[str, ...]
    """Identifiers of every form; the tests read each with this scheme and with no other."""
    grammars: tuple[Grammar, ...]
    source: str
    """Where the grammar is documented, and how far it was checked."""
