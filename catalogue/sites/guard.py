"""What would make the parser slow is taken out of a page before it is parsed.

The parser looks back over all open elements at every mark, and makes an unclosed ``b`` or ``font``
anew in every later paragraph: both grow with the square of the page. A page of ordinary size is
harmless however it is nested, unless it opens many elements of that second kind.
"""

from __future__ import annotations

import re
from itertools import islice

from catalogue.texts import word_set

MAX_TAGS = 200_000
"""Marks of elements in one page that are parsed; the text after them is cut off, and said so."""

MAX_DEPTH = 256
"""Open elements at one place. Real pages stay below 100, browsers stop near 512."""

_HARMLESS = 12_000
"""Marks that are parsed in less than 0.3 s, whatever their nesting."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = word_set(
    "area base br col embed hr img input link meta param source track wbr p li dd dt td th "
    "tr tbody thead tfoot option optgroup colgroup rp rt"
)
_FORMATTING = word_set("a b big code em font i nobr s small strike strong tt u")


def _in_any_case(name: str) -> str:
    return name[0] + "".join(f"[{letter}{letter.upper()}]" for letter in name[1:])


_REMADE = re.compile(
    rf"<(?:(?:{'|'.join(map(_in_any_case, sorted(_FORMATTING - {'a'})))})[\s>/]|[A-Z])"
)
"""Formatting elements, save ``a``: an open one is closed by the next. Any name that begins with a
capital counts, which is much quicker than a pattern for both cases."""


def shortened(text: str) -> tuple[str, str]:
    """A page of more than :data:`MAX_TAGS` marks cut off after these, with a note that it was."""
    cut = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
    return text[:cut], f"only the first {MAX_TAGS} tags were read"


def is_harmless(text: str, marks: int) -> bool:
    """Whether a page of so many marks is parsed in little time, whatever its nesting."""
    if marks <= 2_500:
        return True
    return marks <= _HARMLESS and len(_REMADE.findall(text)) * marks <= 4_000_000


def flattened(text: str) -> tuple[str, str]:
    """A page without the marks that open an element too deep, or a formatting one too many.

    Returns:
        The page, and a note where any were left out.
    """
    most_formatting = max(8, min(64, 2_000_000 // max(1, text.count("<"))))
    open_by_name: dict[str, int] = {}
    depth = formatting = dropped = 0
    out: list[str] = []
    copied = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        if match[1]:
            if open_by_name.get(name, 0) > 0:
                open_by_name[name] -= 1
                depth -= 1
                formatting -= name in _FORMATTING
            continue
        if depth >= MAX_DEPTH or (name in _FORMATTING and formatting >= most_formatting):
            stop = text.find(">", match.end())
            out.append(text[copied : match.start()])
            copied = stop + 1 if stop >= 0 else len(text)
            dropped += 1
            if stop < 0:
                break
            continue
        open_by_name[name] = open_by_name.get(name, 0) + 1
        depth += 1
        formatting += name in _FORMATTING
    if not dropped:
        return text, ""
    out.append(text[copied:])
    return (
        "".join(out),
        f"{dropped} elements were nested too deeply or left unclosed; they were read as if flat",
    )
