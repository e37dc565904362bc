"""Taking names out of addresses, paths, logical identifiers and prose.

Articles show identifiers in every shape: WordPress lowers the case and turns ``_`` into ``-``,
image services append ``_1200`` or ``~orig``, data sets put ``SOL01343`` before the name. Names are
therefore compared *folded*, letter for letter as long as the text itself, so that what was read can
be shown to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FOLD = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"} | {
    ord("-"): "_",
    0x2010: "_",  # hyphens that text processing puts in place of the plain one
    0x2011: "_",
    0x2013: "_",
}
_ESCAPED = re.compile(r"%([0-7][0-9A-F])")
_DIGITS = re.compile(r"[0-9]{3}")
_SPACE = re.compile(r"\s")
_SPACES = " \n\t\r\xa0"
_STARTS = re.compile(r"(?<![A-Z0-9])(?:SOL_?[0-9]{4,5}(?=[A-Z]))?([A-Z0-9])")

_TAIL = re.compile(
    r"""(?: _+ (?: [0-9]{2,5}X[0-9]{2,5} | [0-9]{3,4} (?![A-Z0-9]) | BR | THM | HIRES | MODEST
                 | FULL | ORIG | LARGE | MEDIUM | SMALL | THUMB | SCALED | BROWSE
                 | ABROWSE | E[0-9]{9,13} )
        | ~ [A-Z]+ )""",
    re.ASCII | re.VERBOSE,
)
_ARCHIVE = re.compile(
    r"(?:\.(?:IMG|IMQ|IBG|LBL|XML|CUB|QUB|FITS?|VIC|TIFF?|JP2)(?:\.GZ)?)?(?:[?#].*)?",
    re.ASCII | re.DOTALL,
)
_SOL_FOLDER = re.compile(
    r"(?:/+|_|\b)SOLS?[/_=]{0,3}([0-9]{1,5})(?:/|$)|/+MSSS/+([0-9]{5})/", re.ASCII
)

REACH = 300
"""Characters round a name that are looked at for what they say of it."""


def fold(text: str) -> str:
    """Text as names are compared: upper case, ``_`` for hyphens, escapes of addresses undone.

    It stays as long as it was: an escaped character stands three times.

    >>> fold("zl0-0204%28a~orig")
    'ZL0_0204(((A~ORIG'
    """
    folded = text.translate(_FOLD)
    if "%" in folded:
        folded = _ESCAPED.sub(_unescape, folded)
    return folded


def _unescape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    if character.isalnum():
        return found[0]
    return ("_" if character == "-" else character) * 3


def holds_digits(text: str) -> bool:
    """Whether a name can hold an identifier at all."""
    return _DIGITS.search(text) is not None


def words(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word that holds three digits in a row, as every identifier does.

    A word is what white space bounds: an address or a path is one.
    """
    done = 0
    for digits in _DIGITS.finditer(text):
        if digits.start() < done:
            continue
        start = max(text.rfind(space, done, digits.start()) + 1 for space in _SPACES)
        space = _SPACE.search(text, digits.end())
        start, end = max(start, done), space.start() if space else len(text)
        yield start, end
        done = end


def starts(folded: str) -> Iterator[int]:
    """Where an identifier may begin: at a letter or digit that none stands before.

    A ``SOL01343`` that stands against a name is no part of it.
    """
    for found in _STARTS.finditer(folded):
        yield found.start(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands: the word round it, and the text round the word."""

    word: str
    """Folded."""
    start: int
    """Of the name in the word."""
    text: str
    """The whole text, as given."""
    offset: int
    """Of the word in the text."""

    def before(self) -> str:
        """What stands before the name in its word: the folders of a path."""
        return self.word[max(0, self.start - REACH) : self.start]

    def sol(self) -> int | None:
        """The sol that the folder or the prefix states, as ``/sol/02804/`` and ``SOL01343`` do."""
        stated = None
        for found in _SOL_FOLDER.finditer(self.before()):
            stated = int(found[1] or found[2])
        return stated

    def mentions(self, context: re.Pattern[str], end: int) -> bool:
        """Whether words stand near the name, which ends at a place in its word."""
        near = self.text[
            max(0, self.offset + self.start - REACH) : self.offset + end + REACH
        ].lower()
        return context.search(near) is not None

    def is_whole_name(self, end: int) -> bool:
        """Whether the name is all of an archive's file name but for its extension."""
        if self.start and self.word[self.start - 1] not in "/\\:=":
            return False
        return _ARCHIVE.fullmatch(self.word[end : end + REACH]) is not None

    def given(self, length: int) -> str:
        """The first letters of the name as they were given, not folded."""
        begin = self.offset + self.start
        return self.text[begin : begin + length]


def rendition(word: str, end: int) -> str | None:
    """The tail that a web page's rendition bears behind the name: ``1200``, ``br``, ``orig``.

    >>> rendition("PIA10101~THUMB.JPG", 8), rendition("PIA10101.JPG", 8)
    ('thumb', None)
    """
    found = _TAIL.match(word, end)
    return found[0].strip("_~").lower() if found else None
