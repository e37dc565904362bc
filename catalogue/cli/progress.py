"""How far something is, as one line at the foot of a terminal."""

from __future__ import annotations

import os
import sys
from typing import Self

from catalogue.cli.output import plain


class Line:
    """The line: on stderr where that is a terminal which can draw over itself, else nowhere.

    Whatever else is printed while it stands there wants it cleared first. At the end of a ``with``
    it is gone, whatever ended it.
    """

    def __init__(self) -> None:
        self.wanted = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        """Whether anybody sees it."""
        self._drawn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.clear()

    def show(self, text: str) -> None:
        """Draw it, in the place of what it said before."""
        if self.wanted:
            width = _columns() - 1
            sys.stderr.write(f"\r{plain(text)[:width]:<{width}}")
            sys.stderr.flush()
            self._drawn = width

    def clear(self) -> None:
        """Take it away: with blanks, which any terminal understands."""
        if self._drawn:
            sys.stderr.write(f"\r{'':<{self._drawn}}\r")
            sys.stderr.flush()
            self._drawn = 0


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80  # some do not know
    except OSError:
        return 80
