"""Temporary."""

import re
from dataclasses import dataclass


@dataclass
class SplitCredit:
    caption: str | None
    credit: str | None
    label: str | None = None


_L = re.compile(
    r"(?i)[(\[]?\s*\b(?:(?:image|photo|picture|foto|bild)s?\s*(?:credits?|by|courtesy|:)|credits?\s*:|(?:photo(?:graph)?|foto|bild|source|quelle|photograph)s?\s*:|©|courtesy)\s*\S.{1,160}$"
)
_B = re.compile(r"[(\[][^()\[\]]{2,90}[)\]]\s*$")


def split_credit(text: str) -> SplitCredit:
    m = _L.search(text) or _B.search(text)
    if m:
        return SplitCredit(text[: m.start()].strip() or None, m[0].strip())
    return SplitCredit(text or None, None)


def is_credit(text: str) -> bool:
    m = _L.match(text)
    return bool(m)


def strip_label(text: str) -> str:
    return text
