"""Everything that was seen, said and derived, as values of JSON in an order of their own.

Equal catalogues give equal lines, so that dumps can be compared and kept under version control.
:mod:`~catalogue.store.load` reads them.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from catalogue.store import derived, rows, seen

FORMAT = 1
"""Number of the form of these lines; a higher one is refused."""

Line = dict[str, Any]


def dump(db: sqlite3.Connection, *, verdicts: bool) -> Iterator[Line]:
    """One value a line: what this is, images, pages, addresses, what was said, and the verdicts.

    It is one moment's state, whatever is written meanwhile, and is never held as a whole.

    Args:
        db: The database.
        verdicts: Whether to tell what was derived, too.
    """
    db.execute("BEGIN")
    try:
        yield {"kind": "catalogue", "format": FORMAT}
        for row in db.execute("SELECT * FROM image ORDER BY sha256"):
            yield _image_line(db, row)
        for row in db.execute("SELECT * FROM page ORDER BY address"):
            yield _page_line(db, row)
        for kind, sql in _PLAIN.items():
            for row in db.execute(sql):
                yield {"kind": kind} | dict(row)
        if verdicts:
            yield from _verdict_lines(db)
    finally:
        db.execute("ROLLBACK")


_PLAIN = {
    "address": "SELECT url, page, (SELECT sha256 FROM image WHERE id = image_id) AS image, outcome,"
    " detail, etag, last_modified, tried, attempts FROM address ORDER BY url",
    "correction": "SELECT picture, field, value, note, made FROM correction ORDER BY 1, 2",
    "forgotten": "SELECT sha256, note, made FROM forgotten ORDER BY 1",
    "saved_search": "SELECT name, query, made FROM saved_search ORDER BY 1",
}


def _image_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    image = rows.image_from(row, seen.beside(db, "image_statement", "image_id", row["id"]))
    return {"kind": "image", "added": row["added"]} | dataclasses.asdict(image)


def _page_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    page = rows.page_from(row, seen.beside(db, "page_note", "page_id", row["id"]))
    told = dataclasses.asdict(page)
    del told["images"]
    snapshot = {
        name: row[f"snapshot_{name}"]
        for name in ("sha256", "file", "bytes", "media_type", "charset")
    }
    return {
        "kind": "page",
        "address": row["address"],
        "alone": bool(row["alone"]),
        "page": told,
        "outcome": row["outcome"],
        "detail": row["detail"],
        "fetched": row["fetched"],
        "etag": row["etag"],
        "last_modified": row["last_modified"],
        "snapshot": snapshot if snapshot["file"] else None,
        "appearances": [
            _appearance_line(db, appearance)
            for appearance in db.execute(
                "SELECT *, (SELECT sha256 FROM image WHERE id = image_id) AS image FROM appearance"
                " WHERE page_id = ? ORDER BY place, picture",
                (row["id"],),
            ).fetchall()
        ],
    }


def _appearance_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    return dataclasses.asdict(seen.appearance(db, row)) | {
        "image": row["image"],
        "asked": row["asked"],
        "outcome": row["outcome"],
        "detail": row["detail"],
    }


def _verdict_lines(db: sqlite3.Connection) -> Iterator[Line]:
    for row in db.execute("SELECT * FROM rights ORDER BY id"):
        yield {"kind": "rights"} | dict(row)
    columns = ", ".join(derived.PICTURE)
    beside = ", ".join(_beside(name, table) for name, table in BESIDE.items())
    for row in db.execute(
        f"SELECT {columns}, {beside}, {_MARKS}, {_PAIRS} FROM picture p ORDER BY key"
    ):
        told = {name: row[name] for name in derived.PICTURE if row[name] is not None}
        lists = {name: json.loads(row[name]) for name in (*BESIDE, "marks", "pairs")}
        yield {"kind": "picture", "row": told} | {name: one for name, one in lists.items() if one}


BESIDE = {
    "subjects": "picture_subject",
    "organisations": "picture_organisation",
    "people": "picture_person",
    "distributors": "picture_distributor",
    "pages": "picture_page",
    "evidence": "evidence",
    "contradictions": "contradiction",
}
"""Lists of a picture's line, and the tables of their rows; one cell stands for itself."""


def told_of(table: str) -> tuple[str, ...]:
    """Columns of a table beside ``picture`` that are told; rows stand in the order of the first."""
    return tuple(column for column in derived.BESIDE[table] if column != "position")


def _beside(name: str, table: str) -> str:
    columns = told_of(table)
    listed = ", ".join(columns)
    cells = listed if len(columns) == 1 else f"json_array({listed})"
    return (
        f"(SELECT json_group_array({cells}) FROM (SELECT {listed} FROM {table}"
        f" WHERE picture_id = p.id ORDER BY {derived.BESIDE[table][0]})) AS {name}"
    )


_MARKS = """(SELECT json_group_array(mark) FROM
    (SELECT mark FROM rendition_mark JOIN image ON image.id = image_id
     WHERE sha256 = p.key ORDER BY mark)) AS marks"""
_PAIRS = """(SELECT json_group_array(json_array(other, why, strength)) FROM
    (SELECT other, why, strength FROM rendition WHERE one = p.key ORDER BY other)) AS pairs"""
