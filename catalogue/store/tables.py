"""What was seen, and what follows from it, as five wide tables for programs that read columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TEXT, INTEGER, REAL, BOOLEAN, TEXTS = "text", "integer", "real", "boolean", "texts"
"""Types of columns; the last is a list of texts."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their types, and its rows, read as they are asked for."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: Iterator[tuple[Any, ...]]


def tables(db: sqlite3.Connection) -> Iterator[Table]:
    """Images, pages, appearances, attributions, evidence, each in an order of its own."""
    for name, (columns, rest) in _TABLES.items():
        known = [line.split(maxsplit=2) for line in columns.strip().splitlines()]
        select = ", ".join(one[2] if len(one) > 2 else one[1] for one in known)
        kinds = [kind for kind, *_ in known]
        rows = _rows(db, f"SELECT {select} {rest}", kinds)
        yield Table(name, tuple((column, kind) for kind, column, *_ in known), rows)


def _rows(db: sqlite3.Connection, sql: str, kinds: list[str]) -> Iterator[tuple[Any, ...]]:
    for row in db.execute(sql):
        yield tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True))


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == BOOLEAN:
        return bool(value)
    return json.loads(value) if kind == TEXTS else value


def _listed(table: str, column: str, order: str) -> str:
    return (
        f"(SELECT json_group_array(one) FROM (SELECT {column} AS one FROM {table}"
        f" WHERE picture_id = p.id ORDER BY {order}))"
    )


_TABLES = {
    "images": (
        """
        text id key
        text file 'images/'||substr(key,1,2)||'/'||key||suffix
        integer bytes
        text format
        text media_type
        integer width
        integer height
        integer frames
        text mode
        integer fingerprint
        text colour
        text damage
        text added
        """,
        "FROM image JOIN identity USING (id) ORDER BY key",
    ),
    "pages": (
        """
        text address
        boolean alone
        text url
        text title
        text author
        text published
        text publisher
        text language
        text outcome
        text detail
        text fetched
        text snapshot_sha256
        text snapshot_file
        integer snapshot_bytes
        """,
        "FROM page ORDER BY address",
    ),
    "appearances": (
        """
        text page page.address
        text picture key
        text image iif(image.id,key,NULL)
        text url a.url
        text asked iif(asked='',place,asked)
        text role
        text title a.title
        text caption
        text credit
        text alt
        text outcome a.outcome
        text detail a.detail
        """,
        "FROM appearance a JOIN page ON page.id = a.page_id"
        " JOIN identity ON identity.id = a.picture_id LEFT JOIN image ON image.id = a.picture_id"
        " ORDER BY page.address, place, key",
    ),
    "attributions": (
        f"""
        text picture key
        text spacecraft
        text instrument
        texts subjects {_listed("picture_subject", "spacecraft", "spacecraft")}
        text kind
        text title
        text caption
        text alt
        text credit
        text credit_normal
        texts organisations {_listed("picture_organisation", "organisation", "position")}
        text licence
        text rights
        text taken
        integer sol
        text place
        text product_id
        real confidence
        text review
        text corrected
        text published
        text best
        """,
        "FROM picture p ORDER BY key",
    ),
    "evidence": (
        """
        text picture key
        integer position
        text field
        text text
        text says
        text rule
        real weight
        """,
        "FROM evidence JOIN identity ON identity.id = picture_id ORDER BY key, position",
    ),
}
"""Per table its columns (type, name, and what it is in the database, where that is another), and
where they are from."""
