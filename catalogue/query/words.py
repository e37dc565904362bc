"""How a text is cut into words, and how these are compared: as the full-text index does it."""

from __future__ import annotations

import re
import unicodedata

UNSTEMMED = "unicode61 remove_diacritics 2"
"""How FTS5 cuts words: «Meridiani» finds «Méridiani»."""

TOKENIZER = f"porter {UNSTEMMED}"
"""How it stems them besides: «dunes» finds «dune»."""

_TOKEN = re.compile(r"[^\W_]+")


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as FTS5's unicode61 cuts them: runs of letters, digits and marks."""
    return tuple(_TOKEN.findall(text))


def fold(text: str) -> str:
    """Lower case without diacritics, as the index compares words."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def ascii_lower(text: str) -> str:
    """Lower case as SQLite's ``lower()`` has it, which knows ASCII letters alone."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def is_spaceless(text: str) -> bool:
    """Whether it holds letters of scripts that write no spaces between words.

    >>> is_spaceless("火星"), is_spaceless("Mars")
    (True, False)
    """
    return not text.isascii() and any(
        first <= c <= last for c in text for first, last in _SPACELESS
    )


_SPACELESS = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\uac00", "\ud7af"),
)
"""Thai and Lao, Burmese, Khmer; kana, Han characters, and Hangul."""
