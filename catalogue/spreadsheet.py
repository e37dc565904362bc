"""Cells of CSV files that no spreadsheet takes for formulas.

Captions come from anywhere, and a spreadsheet runs what looks like a formula. Where a system
separates lists with semicolons, a file of commas falls apart at the semicolons and lines within
its texts, quoted or not: what stands behind one of those is the beginning of a cell as well.
"""

from __future__ import annotations

import re

_BEGINS = re.compile(
    r"(?P<start>^|[;\t\r\n])"
    r"(?=[\s\"']*[=+\-@|\uff1d\uff0b\uff0d\uff20])"  # some take full width for the other
    r"|^(?=[\t\r\n])"
)


def cell(value: object) -> str:
    """One cell; an apostrophe makes inert whatever in it could begin a formula. None is empty.

    >>> cell("=HYPERLINK(1)"), cell("Dunes;=1+1"), cell("a self-portrait"), cell(-2.5)
    ("'=HYPERLINK(1)", "Dunes;'=1+1", 'a self-portrait', '-2.5')
    """
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(part) for part in value)
    if isinstance(value, str):
        return _BEGINS.sub(lambda found: f"{found['start'] or ''}'", value)
    return str(value)
