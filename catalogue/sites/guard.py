"""What would make the parser slow is taken out of a page before it is parsed.

The parser looks back over all open elements at every mark, and makes an unclosed ``b`` or ``font``
anew in every later paragraph: both grow with the square of the page. A page of ordinary size is
harmless however it is nested, unless it opens many elements of that second kind.
"""

from __future__ import annotations

import re
from itertools import islice

MAX_TAGS = 200_000
"""Marks of elements in one page that are parsed; the text after them is cut off, and said so."""

MAX_DEPTH = 256
"""Open elements at one place. Real pages stay below 100, browsers stop near 512."""

_HARMLESS = 12_000
"""Marks that are parsed in less than 0.3 s, whatever their nesting."""

_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dd dt td th "
    b"tr tbody thead tfoot option optgroup colgroup rp rt".split()
)
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())


def _in_any_case(name: bytes) -> str:
    first, rest = name[:1].decode(), name[1:].decode()
    return first + "".join(f"[{letter}{letter.upper()}]" for letter in rest)


_REMADE = re.compile(
    rf"<(?:(?:{'|'.join(map(_in_any_case, sorted(_FORMATTING - {b'a'})))})[\s>/]|[A-Z])".encode()
)
"""Formatting elements, save ``a``: an open one is closed by the next. Any name that begins with a
capital counts, which is much quicker than a pattern for both cases."""


def shortened(page: bytes) -> tuple[bytes, str]:
    """A page of more than :data:`MAX_TAGS` marks cut off after these, with a note that it was."""
    cut = next(islice(re.finditer(b"<", page), MAX_TAGS, None)).start()
    return page[:cut], f"only the first {MAX_TAGS} tags were read"


def is_harmless(page: bytes, marks: int) -> bool:
    """Whether a page of so many marks is parsed in little time, whatever its nesting."""
    if marks <= 2_500:
        return True
    return marks <= _HARMLESS and len(_REMADE.findall(page)) * marks <= 4_000_000


def flattened(page: bytes) -> tuple[bytes, str]:
    """A page without the marks that open an element too deep, or a formatting one too many.

    Returns:
        The page, and a note where any were left out.
    """
    most_formatting = max(8, min(64, 2_000_000 // max(1, page.count(b"<"))))
    open_by_name: dict[bytes, int] = {}
    depth = formatting = dropped = 0
    out: list[bytes] = []
    copied = 0
    for match in _TAG.finditer(page):
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
            stop = page.find(b">", match.end())
            out.append(page[copied : match.start()])
            copied = stop + 1 if stop >= 0 else len(page)
            dropped += 1
            if stop < 0:
                break
            continue
        open_by_name[name] = open_by_name.get(name, 0) + 1
        depth += 1
        formatting += name in _FORMATTING
    if not dropped:
        return page, ""
    out.append(page[copied:])
    return (
        b"".join(out),
        f"{dropped} elements were nested too deeply or left unclosed; they were read as if flat",
    )
