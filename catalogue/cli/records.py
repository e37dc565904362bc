"""How a found picture is printed: as JSON for programs, as a line of a table for people."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from catalogue.cli.output import plain
from catalogue.record import Record, Rights

SHORT_ID = 12
"""Digits of an ID that people are shown; any unique prefix of four or more is understood."""


def as_json(record: Record) -> dict[str, Any]:
    """The row that ``search --json`` prints, in the order of the interface."""
    row = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    row["rights"] = rights_json(record.rights)
    return row


def rights_json(rights: Rights | None) -> dict[str, Any] | None:
    """The terms as a JSON object; None where they are not known."""
    return dataclasses.asdict(rights) if rights is not None else None


CSV_COLUMNS = (
    "id", "spacecraft", "instrument", "subjects", "kind", "title", "caption", "credit",
    "credit_normal", "organisations", "people", "licence", "rights", "rights_url", "taken", "sol",
    "place", "product_id", "confidence", "file", "format", "width", "height", "pages", "published",
)  # fmt: skip
"""Columns of ``search --csv``."""


def as_csv(record: Record) -> list[str]:
    """The cells of ``search --csv``, lists joined by «; », formulas made inert."""
    from catalogue.spreadsheet import cell

    row = as_json(record)
    row["rights"] = record.rights.title if record.rights else None
    row["rights_url"] = record.rights.url if record.rights else None
    return [cell(row[name]) for name in CSV_COLUMNS]


COLUMNS = ("ID", "DATE", "SPACECRAFT", "INSTRUMENT", "CREDIT", "CAPTION")


def as_line(record: Record) -> tuple[str, ...]:
    """The cells of one line of the table for people."""
    date = (record.taken or record.published or "")[:10]
    return (
        record.id[:SHORT_ID],
        date,
        record.spacecraft or "-",
        record.instrument or "-",
        plain(record.credit_normal or record.credit or "-"),
        ("" if record.file else "[no file] ") + words(record),  # where no terminal cuts it off
    )


def words(record: Record) -> str:
    """What a picture is told by in one line: in words, else by its file, in brackets."""
    said = record.caption or record.title or record.alt or record.product_id
    if said:
        return plain(said)
    name = unquote(urlsplit(record.url or "").path).rpartition("/")[2]
    size = f"{record.format} {record.width} x {record.height}" if record.file else ""
    return f"[{plain(name or size)}]" if name or size else ""


_NARROW = ("INSTRUMENT", "CREDIT", "SPACECRAFT", "DATE")
"""Columns that are left out one by one where a terminal has no room for them."""

_LEAST = 20
"""Letters of a caption for which the others make room."""


def table(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """Lines of a table that fits a terminal: the last column takes what is left, and is cut.

    Args:
        rows: Cells in the order of :data:`COLUMNS`.
        width: Columns of the terminal.
    """
    limits = [SHORT_ID, 10, 20, 26, max(16, width // 5)]
    widths = {
        name: min(max(_width(row[at]) for row in (COLUMNS, *rows)), limits[at])
        for at, name in enumerate(COLUMNS[:-1])
    }
    for name in _NARROW:
        if width - sum(size + 2 for size in widths.values()) >= _LEAST:
            break
        del widths[name]
    widths[COLUMNS[-1]] = max(1, width - sum(size + 2 for size in widths.values()))
    return [
        "  ".join(fitted(row[COLUMNS.index(name)], size) for name, size in widths.items()).rstrip()
        for row in (COLUMNS, *rows)
    ]


def _width(text: str) -> int:
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:  # stands on the one before
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """A text cut or filled up to a width, in columns of a terminal."""
    if _width(text) <= width:
        return text + " " * (width - _width(text))
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > width - 1:
            break
        kept.append(character)
    cut = re.sub(r"\s+$", "", "".join(kept)) + "…"
    return cut + " " * (width - _width(cut))
