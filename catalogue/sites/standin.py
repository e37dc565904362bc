"""Temporary: replaced by catalogue.creditline."""

import re
from dataclasses import dataclass


@dataclass
class SplitCredit:
    """Parts."""

    caption: str | None
    credit: str | None
    label: str | None = None


_WORDS = r"(?:images?|photos?|photographs?|pictures?|fotos?|fotografías?|bild(?:er)?|illustrations?|artwork|animation|graphic|visuals?|video)"
_LABEL = (
    r"(?:(?:all|lead|top|main|cover|header)\s+)?(?:"
    rf"{_WORDS}\s*(?:credits?|courtesy(?:\s+of)?|copyright|sources?)\s*(?:[:：©]|(?=\s))"
    rf"|{_WORDS}\s*[:：]|{_WORDS}\s+(?:by|courtesy(?:\s+of)?)\b"
    r"|(?:credits?|crédits?|créditos?|sources?|quellen?|fuentes?|copyright|bildnachweis|bildquelle|courtesy(?:\s+of)?|写真|撮影|提供)\s*[:：]"
    r"|courtesy(?:\s+of)?\s|©|\(c\)\s)"
)
_L = re.compile(rf"(?i)[(\[]?\s*(?<![\w-]){_LABEL}\s*\S.{{1,300}}$", re.S)
_START = re.compile(rf"(?i)^[(\[]?\s*{_LABEL}")
_BY = re.compile(
    rf"^[A-Z][\w.&'’/-]*(?:\s+[A-Z/][\w.&'’/-]*){{0,5}}\s+{_WORDS}\s+(?:(?:created|made|produced|processed|acquired)\s+)?(?:by|courtesy)\b"
)
_B = re.compile(r"[(\[][^()\[\]]{2,120}[)\]]\s*\.?\s*$")
_SLASH = re.compile(r"(?<=[.!?”\"’)])\s+(@?[A-Z][^.!?()\[\]]{0,80}/[^!?()\[\]]{2,80})$")


def split_credit(text: str) -> SplitCredit:
    """Split."""
    text = text.strip()
    if _BY.match(text) and len(text) < 400:
        return SplitCredit(None, text)
    m = _START.match(text)
    if m and len(text) < 400:
        return SplitCredit(None, text, m[0])
    m = _L.search(text)
    if m and len(m[0]) < 260:
        label = _START.match(m[0])
        return SplitCredit(
            text[: m.start()].strip() or None, m[0].strip(), label[0] if label else None
        )
    m = _B.search(text)
    if (
        m
        and re.search(r"[A-Z@]", m[0])
        and not re.search(r"\d{3,}|\b(?:left|right|above|below|pictured)\b", m[0])
    ):
        return SplitCredit(text[: m.start()].strip() or None, m[0].strip())
    m = _SLASH.search(text)
    if m:
        return SplitCredit(text[: m.start()].strip() or None, m[1].strip())
    return SplitCredit(text or None, None)


def is_credit(text: str) -> bool:
    """Whether it is one."""
    text = text.strip()
    return len(text) < 400 and bool(_START.match(text) or _BY.match(text))


def strip_label(text: str) -> str:
    """Without label."""
    return _START.sub("", text).strip()
