"""Captions and credits as they are found, with the rule and the place as evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue.credit.lines import split_credit, strip_label

MAX_CAPTION = 6_000
"""Characters of a caption that are kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """A caption or credit, with the rule that found it and where it stood."""

    text: str
    rule: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Caption and credit of one picture."""

    caption: Found | None = None
    credit: Found | None = None


COUNTER = re.compile(
    r"^\s*(?:[\[(]?\d{1,3}\s*(?:/|of|von|de|sur)\s*\d{1,3}[\])]?\s*[:.–-]?\s*"
    r"|\d{1,2}(?=[A-Z][a-z]{2}))"
)
"""A slide's number before its caption: ``[1/5]``, ``3 of 12``, or one with no space behind it."""
_NAMED = re.compile(
    r"(?i)^(?:(?:image|photo|picture)\s+)?(?:caption|bildunterschrift|legende|légende|leyenda|didascalia"
    r"|pie de foto)\s?[:：]\s*"
)
"""A caption's own name, ahead of it."""
_KIND = re.compile(r"(?i)^(?:image|photo|picture)\s?[:：]\s+(?=\S+\s)")
"""What is shown, ahead of a caption whose credit stands elsewhere."""
_INVITED = re.compile(
    r"(?i)[\s(\[–-]{0,4}\b(?:click|tap)\b(?: on)?(?: the| this)?"
    r"(?: image| picture| photo)?(?: here)?"
    r" (?:to (?:enlarge|expand|view|zoom|see)|for)\b[^.]{0,40}[.)\]]*$"
)
"""What a caption asks its reader to do, behind it."""
TAIL = " \t\n,，、|–—-·•/"
_FILE_FACTS = re.compile(
    r"\s*(?:\b(?:download )?large image )?\(\s*\d[\d.,]*\s*[KMG]i?B\b[^()]{0,60}\)"
    r"|^(?:[\w.-]{1,120}\.(?:jpe?g|png|gif|webp|tiff?))?"
    r"\s*(?:\d{2,5}\s?[×x]\s?\d{2,5}\s*(?:px|pixels)?)?\W{0,3}(?:\d[\d.,]*\s?[KMG]i?B)?$",
    re.I,
)
"""What is said of a file: its size, and where nothing else is said its name and pixels."""


def split_words(text: str, credit: Found | None, rule: str, where: str) -> Words:
    """Take from a caption the credit that stands in its words, where none was found yet."""
    text = COUNTER.sub("", _FILE_FACTS.sub("", text[:MAX_CAPTION])).strip(TAIL)
    text = _INVITED.sub("", _NAMED.sub("", text))
    text = _KIND.sub("", text).removesuffix(" :") if credit is not None else text
    parts = split_credit(text) if text else None
    if credit is None and parts is not None and parts.credit:
        credit = Found(parts.credit, "credit in the caption", where)
        text = (parts.caption or "").strip(TAIL)
    elif credit is not None and parts is not None and parts.credit:
        same = _bare(parts.credit) == _bare(credit.text) or _bare(parts.credit) in _bare(
            credit.text
        )
        if same:
            text = (parts.caption or "").strip(TAIL)
    elif credit is not None and text and _bare(text) == _bare(credit.text):
        text = ""
    text = _INVITED.sub("", text)  # it may have stood ahead of the credit
    return Words(Found(text, rule, where) if text else None, credit)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", strip_label(text).casefold())
