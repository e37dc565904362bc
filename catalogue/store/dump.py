"""Everything that was seen, said and derived, as values of JSON in an order of their own.

Equal catalogues give equal lines, so that dumps can be compared and kept under version control.
:mod:`~catalogue.store.load` reads them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from catalogue.store import lines, rows, seen

Line = dict[str, Any]


def dump(db: sqlite3.Connection, *, verdicts: bool) -> Iterator[Line]:
    """One value a line: what this is, images, pages, addresses, what was said, and the verdicts.

    It is one moment's state, whatever is written meanwhile, and is never held as a whole. What is
    null, false or empty is left out. Pages are told in the order of their addresses, images and
    verdicts in that in which these pages show them: so a load reads and writes one after the other
    what lies side by side.

    Args:
        db: The database.
        verdicts: Whether to tell what was derived, too.
    """
    db.execute("BEGIN")
    try:
        yield {"kind": "catalogue", "format": lines.FORMAT}
        for statement in _IN_ORDER:
            db.execute(statement)
        for row in db.execute(
            "SELECT image.*, key FROM temp.told CROSS JOIN image USING (id)"
            " JOIN identity USING (id) ORDER BY told.place"
        ):
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


_IN_ORDER = (
    "CREATE TEMP TABLE told (place INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE)",
    "INSERT OR IGNORE INTO told (id) SELECT picture_id FROM page"
    " CROSS JOIN appearance ON page_id = page.id JOIN identity ON identity.id = picture_id"
    " ORDER BY address, appearance.place, key",
    "INSERT OR IGNORE INTO told (id) SELECT id FROM identity ORDER BY key",
)
"""Statements that make the order of pictures: where they are shown first, then the others."""

_PLAIN = {
    "address": "SELECT url, page, (SELECT key FROM identity WHERE id = image_id) AS image, outcome,"
    " detail, etag, last_modified, tried, attempts FROM address ORDER BY url",
    "correction": "SELECT picture, field, value, note, made FROM correction ORDER BY 1, 2",
    "forgotten": "SELECT sha256, note, made FROM forgotten ORDER BY 1",
    "saved_search": "SELECT name, query, made FROM saved_search ORDER BY 1",
}


def _image_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    facts = {name: row[name] for name in FACTS}
    facts["fingerprint"] = rows.unsigned(row["fingerprint"])
    return _told(
        {"kind": "image", "id": row["key"], "suffix": row["suffix"], "bytes": row["bytes"]}
        | facts
        | {
            "embedded": _statements(seen.beside(db, "image_statement", "image_id", row["id"])),
            "added": row["added"],
        }
    )


FACTS = (
    "format", "media_type", "width", "height", "frames", "mode", "fingerprint", "colour", "damage",
)  # fmt: skip
"""Columns of ``image`` that are told as they are, but for ``fingerprint``, which has no sign."""

OF_PAGE = ("url", "title", "author", "published", "publisher", "language")
"""Columns of ``page`` for what it says of itself."""

SNAPSHOT = ("sha256", "file", "bytes", "media_type", "charset")
"""Columns of ``page`` for its own bytes, without ``snapshot_``."""


def _page_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    appearances = db.execute(
        "SELECT appearance.*, iif(image.id, key, NULL) AS image FROM appearance"
        " JOIN identity ON identity.id = picture_id LEFT JOIN image ON image.id = picture_id"
        " WHERE page_id = ? ORDER BY place, key",
        (row["id"],),
    ).fetchall()
    notes = seen.beside(db, "page_note", "page_id", row["id"])
    snapshot = {name: row[f"snapshot_{name}"] for name in SNAPSHOT}
    return _told(
        {"kind": "page", "address": row["address"], "alone": bool(row["alone"])}
        | {name: row[name] for name in OF_PAGE}
        | {"notes": [note["note"] for note in notes]}
        | {name: row[name] for name in ("outcome", "detail", "fetched", "etag", "last_modified")}
        | {
            "snapshot": _told(snapshot) if snapshot["file"] else None,
            "appearances": [_appearance_line(db, shown) for shown in appearances],
        }
    )


def _appearance_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    addresses = seen.beside(db, "appearance_address", "appearance_id", row["id"])
    stated = seen.beside(db, "appearance_statement", "appearance_id", row["id"])
    evidence = seen.beside(db, "appearance_evidence", "appearance_id", row["id"])
    told = _told(
        {name: row[name] for name in ("url", "image", "role", "title", "caption", "credit", "alt")}
        | {
            "alternatives": [one["url"] for one in addresses if not one["larger"]],
            "larger": [one["url"] for one in addresses if one["larger"]],
            "statements": _statements(stated),
            "evidence": [
                {name: one[name] for name in ("field", "text", "says", "rule", "weight")}
                for one in evidence
            ],
            "outcome": row["outcome"],
            "detail": row["detail"],
        }
    )
    # What has an address was asked for by it, as a rule; only otherwise there is something to tell.
    if row["asked"] or (row["asked"] is None and row["url"] is not None):
        told["asked"] = row["asked"]
    return told


def _statements(stated: Iterable[sqlite3.Row]) -> list[Line]:
    return [
        {"name": one["name"], "value": one["value"], "where": one["stated_in"]} for one in stated
    ]


def _told(line: Line) -> Line:
    return {
        name: value
        for name, value in line.items()
        if not (value is None or value is False or value == "" or value == [])
    }


# --- verdicts ---------------------------------------------------------------------------------

VERDICT = (
    "spacecraft", "instrument", "kind", "taken", "published", "sol", "place", "product_id",
    "confidence", "review", "corrected",
)  # fmt: skip
"""Columns of ``verdict`` that are told as they are."""

CREDIT = ("text", "normal", "licence", "rights")
"""Columns of ``credit``."""

OF_CREDIT = {
    "organisations": ("credit_organisation", "organisation"),
    "people": ("credit_person", "person"),
    "distributors": ("credit_distributor", "distributor"),
}
"""Lists of a credit's line, with their tables and columns."""


def _verdict_lines(db: sqlite3.Connection) -> Iterator[Line]:
    for row in db.execute("SELECT * FROM rights ORDER BY id"):
        yield {"kind": "rights"} | dict(row)
    lists = ", ".join(
        f"(SELECT json_group_array({column}) FROM"
        f" (SELECT {column} FROM {table} WHERE credit_id = credit.id ORDER BY position)) AS {name}"
        for name, (table, column) in OF_CREDIT.items()
    )
    for row in db.execute(f"SELECT *, {lists} FROM credit ORDER BY text"):
        told = {name: row[name] for name in CREDIT}
        yield _told({"kind": "credit"} | told | {one: json.loads(row[one]) for one in OF_CREDIT})
    lists = ", ".join(f"({sql}) AS {name}" for name, sql in _LISTS.items())
    words = ", ".join(f"seen.{name} AS seen_{name}" for name in rows.WORDS)
    for row in db.execute(
        f"SELECT p.*, n.names AS naming, {lists}, {words}, page.address AS page,"
        " (SELECT count(*) FROM appearance WHERE picture_id = p.id) AS times"
        " FROM temp.told CROSS JOIN picture p USING (id) JOIN verdict USING (id)"
        " LEFT JOIN naming n ON n.id = naming_id LEFT JOIN appearance seen"
        " ON seen.id = (SELECT min(id) FROM appearance WHERE picture_id = p.id)"
        " LEFT JOIN page ON page.id = seen.page_id ORDER BY told.place"
    ):
        yield _picture_line(row)


def _picture_line(row: sqlite3.Row) -> Line:
    lists = {name: json.loads(row[name]) for name in _LISTS}
    pages = lists.pop("pages")
    told = _told(
        {"kind": "picture", "id": row["key"]}
        | {"verdict": _told({name: row[name] for name in VERDICT})}
        | {"credit": row["credit"], "names": row["naming"], "best": row["best"]}
        | lists
    )
    once = row["times"] == 1
    for name in rows.WORDS:  # told elsewhere, where the one appearance says the same
        if not once or row[name] != row[f"seen_{name}"]:
            told[name] = row[name]
    if not once or pages != [row["page"]]:
        told["pages"] = pages
    return told


_LISTS = {
    "subjects": "SELECT json_group_array(spacecraft) FROM"
    " (SELECT spacecraft FROM picture_subject WHERE picture_id = p.id ORDER BY 1)",
    "pages": "SELECT json_group_array(address) FROM (SELECT address FROM shown_on"
    " JOIN page ON page.id = page_id WHERE picture_id = p.id ORDER BY position)",
    "evidence": "SELECT json_group_array(json_array(field, text, says, rule, weight)) FROM"
    " (SELECT * FROM evidence WHERE picture_id = p.id ORDER BY position)",
    "contradictions": "SELECT json_group_array(text) FROM"
    " (SELECT text FROM contradiction WHERE picture_id = p.id ORDER BY position)",
    "marks": "SELECT json_group_array(mark) FROM"
    " (SELECT mark FROM rendition_mark WHERE image_id = p.id ORDER BY 1)",
    "pairs": "SELECT json_group_array(json_array(other, why, strength)) FROM"
    " (SELECT * FROM rendition WHERE one = p.key ORDER BY other)",
}
"""Lists of a picture's line."""
