"""Ranges of numbers and dates behind a field, however people write them.

Each reader takes what all readers of :mod:`~catalogue.query.fields` take; none needs the registry.
"""

from __future__ import annotations

import re

from catalogue.errors import UsageError
from catalogue.query import tree
from catalogue.query.tree import Node

_NUMBER = re.compile(r"([\d.,_]+)\s*([kmg]?)(b|bytes|px|pixels?|%)?$", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_MEASURES = {
    "bytes": {"b", "bytes"},
    "width": {"px", "pixel", "pixels"},
    "height": {"px", "pixel", "pixels"},
    "confidence": {"%"},
}
"""What may stand behind a number of each field."""


def _number(field: str, text: str) -> float | None:
    if not text:
        return None
    match = _NUMBER.match(text.strip())
    measure = (match[3] or "").lower() if match else ""
    try:
        if match is None or (measure and measure not in _MEASURES.get(field, ())):
            raise ValueError
        number = float(match[1].replace(",", "").replace("_", "")) * _UNITS[match[2].lower()]
    except ValueError:
        raise UsageError(
            f"{field}: takes a number or a range such as {_EXAMPLES[field]}, not {text!r}"
        ) from None
    number = number / 100 if measure == "%" else number
    return int(number) if number < _MOST and number == int(number) else number


_MOST = 2**53
"""From here on, a number stays one with a point: SQLite's whole numbers end, as no picture's do."""

_EXAMPLES = {
    "bytes": "bytes:>2M or bytes:100k..2M",
    "confidence": "confidence:<0.9",
    "height": "height:>=2000 or height:800..1200",
    "sol": "sol:100, sol:1..10 or sol:>=3000",
    "width": "width:>=2000 or width:800..1200",
}

_SIGNS = (">=", "<=", ">", "<", "=")
_FROM_TO = re.compile(r"^(\d[^-–—]*)[-–—](?=\d)")


def _ends(value: str) -> tuple[str, str]:
    """The sign in front of a value and the rest of it, or an empty text and the value."""
    sign = next((sign for sign in _SIGNS if value.startswith(sign)), "")
    return sign, value[len(sign) :].strip() or value


def numbers(_: object, field: str, value: str) -> Node:
    """A number, or a range of numbers, with units: ``>=2000``, ``1..10``, ``1-10``, ``5M``."""
    sign, rest = _ends(value)
    if sign:
        bound = _number(field, rest)
        if sign == "=":
            return tree.Within(field, bound, bound)
        if sign[0] == ">":
            return tree.Within(field, bound, None, low_open=sign == ">")
        return tree.Within(field, None, bound, high_open=sign == "<")
    low, dots, high = _FROM_TO.sub(r"\1..", value, count=1).partition("..")
    least, most = _number(field, low), _number(field, high if dots else low)
    if least is not None and most is not None and least > most:
        least, most = most, least
    return tree.Within(field, least, most)


_DATE = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d(:\d\d(:\d\d)?)?)?)?)?Z?$",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"(\d{4})([-/.]?)(\d\d?)(?:\2(\d\d?))?$")
_YEARS = re.compile(r"(\d{4})[-–—](\d{4})$")


def _date(field: str, text: str) -> str | None:
    if not text:
        return None
    text = text.strip()
    # 2021/2/18, 2021.02, 20210218: year, month and day in this order, which alone is clear.
    if (loose := _LOOSE.match(text)) and (loose[2] or len(text) == 8):
        text = "-".join(part.zfill(2) for part in (loose[1], loose[3], loose[4]) if part)
    if not _DATE.match(text):
        raise UsageError(
            f"{field}: takes a date such as 2021, 2021-02 or 2021-02-18, or a range such as "
            f"2021-02..2021-05, not {text!r}"
        )
    return text.upper().removesuffix("Z")


def dates(_: object, field: str, value: str) -> Node:
    """A date as vague as a year, or a range of dates: ``2021-02..2021-05``, ``>=2018``."""
    sign, rest = _ends(value)
    if sign:
        bound = _date(field, rest)
        if sign == "=":
            return tree.Dated(field, bound, bound)
        if sign == ">=":
            return tree.Dated(field, bound, None)
        if sign == "<=":
            return tree.Dated(field, None, bound)
        # Behind, or before, the whole of a day, month or year.
        within = (None, bound) if sign == ">" else (bound, None)
        dated = tree.Dated(field, None, None)
        return tree.All((dated, tree.Not(tree.Dated(field, *within))))
    low, dots, high = _YEARS.sub(r"\1..\2", value).partition("..")
    since, until = _date(field, low), _date(field, high if dots else low)
    if since and until and since > until and not since.startswith(until):
        since, until = until, since
    return tree.Dated(field, since, until)


def since(_: object, field: str, value: str) -> Node:
    """The first day, month or year that is meant."""
    return tree.Dated("date", _date(field, value), None)


def until(_: object, field: str, value: str) -> Node:
    """The last day, month or year that is meant."""
    return tree.Dated("date", None, _date(field, value))
