"""What the commands print: data on stdout, everything else on stderr, nothing that can hurt.

Text that came from a page may hold control characters; a terminal would obey them. Everything
printed for people therefore goes through :func:`plain`.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any


def plain(text: object) -> str:
    r"""Text on one line, with every control, format and surrogate character made visible.

    >>> plain("a\nb\x1b[2J")
    'a b\\x1b[2J'
    """
    out = []
    for character in " ".join(str(text).split()):
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            out.append(character.encode("unicode_escape").decode("ascii"))
        else:
            out.append(character)
    return "".join(out)


def complain(message: str) -> None:
    """One line on stderr, headed by the program's name."""
    print(f"catalogue: {plain(message)}", file=sys.stderr)


def tell(message: str) -> None:
    """One line of progress or summary on stderr."""
    print(plain(message), file=sys.stderr)


def print_json(value: Any) -> None:
    """One JSON object on a line of its own, and written out at once: a reader may be waiting."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def print_csv(cells: Iterable[object]) -> None:
    """One row of a table for other programs."""
    csv.writer(sys.stdout, lineterminator="\n").writerow(cells)


def print_rows(rows: Iterable[tuple[str, str]]) -> None:
    """Name and value, aligned, for people."""
    listed = [(plain(name), plain(value)) for name, value in rows]
    width = max((len(name) for name, _ in listed), default=0)
    for name, value in listed:
        print(f"{name:<{width}}  {value}".rstrip())


def is_terminal() -> bool:
    """Whether stdout is a terminal (then tables fit its width; else nothing is cut)."""
    return sys.stdout.isatty()
