"""Reading what was derived: searches, counts, one picture in full, the sums of all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from catalogue.errors import UsageError
from catalogue.model import Evidence, Record, Rights
from catalogue.query import Query, fold
from catalogue.store import rows

NEAR = 4
"""Bits in which the fingerprints of two files of one picture may differ (of 64)."""

SHORTEST_ID = 4
"""Characters of an ID that must be given."""

WORDS_OF_A_PREFIX = 100

_DATE = "coalesce(p.taken, p.published)"
ORDERS = {
    # In SQLite nothing is the least value: pictures without a date come last.
    "newest": f"{_DATE} DESC, p.id",
    "oldest": f"{_DATE} ASC NULLS LAST, p.id",
    "largest": "p.width * p.height DESC, p.id",
    # A word of a name or an identifier counts most, then of a title; a caption is long.
    "relevance": "bm25(picture_fts, 6.0, 1.0, 2.0, 1.5, 8.0), p.id",
}
"""Orders of a search; every one is total, so that pages of results do not overlap."""

_AT_ONCE = 200
"""Records that are read together."""


def search(
    db: sqlite3.Connection, query: Query | None, *, sort: str, limit: int | None, offset: int
) -> Iterator[Record]:
    """Records that a query matches, in order, one by one."""
    if sort not in ORDERS:
        raise UsageError(f"unknown order {sort!r}; known: {', '.join(ORDERS)}")
    source, values, ranked = _source(db, query)
    order = ORDERS["newest" if sort == "relevance" and not ranked else sort]
    # First the keys in order, then the records of each batch: what is not shown is not read.
    keys = db.execute(
        f"SELECT p.id {source} ORDER BY {order} LIMIT ? OFFSET ?",
        (*values, -1 if limit is None else limit, offset),
    )
    rights = known_rights(db)
    while batch := [row[0] for row in keys.fetchmany(_AT_ONCE)]:
        marks = ", ".join("?" * len(batch))
        found = {
            row["id"]: rows.record_from(row, rights)
            for row in db.execute(f"{rows.RECORD_SQL} WHERE p.id IN ({marks})", batch)
        }
        yield from (found[key] for key in batch if key in found)


def count(db: sqlite3.Connection, query: Query | None) -> int:
    """How many records a query matches."""
    source, values, _ = _source(db, query)
    (number,) = db.execute(f"SELECT count(*) {source}", values).fetchone()
    return int(number)


def facets(db: sqlite3.Connection, query: Query | None) -> dict[str, dict[str, int]]:
    """Counts by spacecraft, instrument, credit, site and year over all matches, most first."""
    source, values, _ = _source(db, query)
    hits = f"WITH hit AS MATERIALIZED (SELECT p.id {source})"
    in_picture = "picture JOIN hit USING (id)"
    in_page = "picture_page JOIN hit ON hit.id = picture_page.picture_id"
    if query is None or query.tree is None:
        hits, values, in_picture, in_page = "", (), "picture", "picture_page"
    counted = {
        "spacecraft": (in_picture, "spacecraft", "count(*)"),
        "instrument": (in_picture, "instrument", "count(*)"),
        "credit": (in_picture, "coalesce(credit_normal, credit)", "count(*)"),
        "site": (in_page, "site", "count(DISTINCT picture_id)"),
        "year": (in_picture, "year", "count(*)"),
    }
    return {
        name: _counts(
            db,
            f"{hits} SELECT {column} AS value, {number} AS number FROM {table}"
            " WHERE value IS NOT NULL AND value <> '' GROUP BY value ORDER BY number DESC, value",
            values,
        )
        for name, (table, column, number) in counted.items()
    }


def _counts(db: sqlite3.Connection, sql: str, values: tuple[object, ...] = ()) -> dict[str, int]:
    return {str(value): number for value, number in db.execute(sql, values).fetchall()}


def _source(db: sqlite3.Connection, query: Query | None) -> tuple[str, tuple[object, ...], bool]:
    """FROM and WHERE of a query, their values, and whether its matches can be ranked."""
    if query is None:
        return "FROM picture p", (), False
    clause = query.clause(lambda prefix: words_with(db, prefix))
    if clause.match is None:
        return f"FROM picture p WHERE {clause.where}", clause.parameters, False
    # CROSS JOIN: the full-text index is asked first, and pictures only for what it finds.
    return (
        "FROM picture_fts CROSS JOIN picture p ON p.id = picture_fts.rowid"
        f" WHERE picture_fts MATCH ? AND {clause.where}",
        (clause.match, *clause.parameters),
        True,
    )


def words_with(db: sqlite3.Connection, prefix: str) -> list[str]:
    """Words of the catalogue's texts that begin so, folded; a hundred at the most."""
    start = fold(prefix)
    found = db.execute(
        "SELECT word FROM word WHERE word >= ? AND word < ? LIMIT ?",
        (start, start + "\U0010ffff", WORDS_OF_A_PREFIX),
    )
    return [word for (word,) in found.fetchall()]


def key_of(db: sqlite3.Connection, prefix: str) -> str:
    """The whole ID of a picture.

    Args:
        db: The database.
        prefix: Its beginning, four characters or more.

    Raises:
        UsageError: No picture, or several, begin so.
    """
    wanted = prefix.strip().lower()
    if len(wanted) < SHORTEST_ID:
        raise UsageError(f"ID {prefix!r} is too short: give {SHORTEST_ID} characters or more")
    found = [
        key
        for (key,) in db.execute(
            "SELECT key FROM picture WHERE key >= ? AND key < ? ORDER BY key LIMIT 4",
            (wanted, wanted + "\U0010ffff"),
        ).fetchall()
    ]
    if not found:
        raise UsageError(f"no picture's ID begins with {prefix!r}: 'catalogue search' shows IDs")
    if len(found) > 1:
        several = ", ".join(key[:16] for key in found)
        raise UsageError(f"several IDs begin with {prefix!r} ({several}): give more of it")
    return str(found[0])


def record(db: sqlite3.Connection, key: str) -> Record:
    """One picture by its whole ID."""
    row = db.execute(f"{rows.RECORD_SQL} WHERE p.key = ?", (key,)).fetchone()
    if row is None:
        raise UsageError(f"no picture has the ID {key!r}")
    return rows.record_from(row, known_rights(db))


def evidence(db: sqlite3.Connection, key: str) -> tuple[Evidence, ...]:
    """What the verdicts on a picture rest on, strongest first."""
    found = db.execute(
        "SELECT evidence.* FROM evidence JOIN picture ON picture.id = picture_id"
        " WHERE key = ? ORDER BY position",
        (key,),
    )
    return rows.evidence_from(found.fetchall())


def all_evidence(db: sqlite3.Connection) -> dict[str, tuple[Evidence, ...]]:
    """What the verdicts on each picture rest on, by the picture's key, strongest first."""
    found = db.execute(
        "SELECT picture.key AS picture_key, evidence.* FROM evidence"
        " JOIN picture ON picture.id = picture_id ORDER BY picture_id, position"
    )
    return {
        key: rows.evidence_from(list(group))
        for key, group in groupby(found, key=lambda row: row["picture_key"])
    }


def contradictions(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """What speaks against the verdicts on a picture."""
    found = db.execute(
        "SELECT text FROM contradiction JOIN picture ON picture.id = picture_id"
        " WHERE key = ? ORDER BY position",
        (key,),
    )
    return tuple(text for (text,) in found.fetchall())


def near(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """IDs of pictures that look alike by their fingerprints, nearest first: a proposal, no more."""
    own = db.execute("SELECT fingerprint FROM picture WHERE key = ?", (key,)).fetchone()
    if own is None or own[0] is None:
        return ()
    mine = rows.unsigned(own[0]) or 0
    found = []
    for other, fingerprint in db.execute(
        "SELECT key, fingerprint FROM picture WHERE fingerprint IS NOT NULL AND key <> ?", (key,)
    ):
        distance = (mine ^ (rows.unsigned(fingerprint) or 0)).bit_count()
        if distance <= NEAR:
            found.append((distance, other))
    return tuple(other for _, other in sorted(found))


def least_certain(db: sqlite3.Connection, limit: int | None) -> list[str]:
    """IDs of the pictures that a person should look at: contradictory ones, then least certain."""
    found = db.execute(
        "SELECT key FROM picture p WHERE review IS NOT NULL ORDER BY"
        " NOT EXISTS (SELECT 1 FROM contradiction WHERE picture_id = p.id), confidence, key"
        " LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return [key for (key,) in found.fetchall()]


def known_rights(db: sqlite3.Connection) -> dict[str, Rights]:
    """Terms of use by their IDs."""
    return {
        row["id"]: Rights(
            id=row["id"],
            title=row["title"],
            statement=row["statement"],
            licence=row["licence"],
            url=row["url"],
            source=row["source"],
        )
        for row in db.execute("SELECT * FROM rights").fetchall()
    }


def stats(db: sqlite3.Connection) -> dict[str, Any]:
    """Counts and sizes (bytes), and counts by spacecraft, instrument, credit, site, kind ..."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM page WHERE NOT alone) AS pages,"
        " (SELECT count(*) FROM picture) AS pictures,"
        " (SELECT count(*) FROM picture WHERE file IS NULL) AS pictures_without_file,"
        " (SELECT count(*) FROM appearance) AS appearances,"
        " (SELECT count(*) FROM picture WHERE credit IS NULL) AS without_credit,"
        " (SELECT count(*) FROM picture WHERE spacecraft IS NULL) AS without_spacecraft,"
        " (SELECT count(*) FROM picture WHERE review IS NOT NULL) AS to_review,"
        " (SELECT count(*) FROM picture WHERE damage IS NOT NULL) AS damaged,"
        " (SELECT count(*) FROM correction) AS corrections,"
        " (SELECT count(*) FROM forgotten) AS forgotten,"
        " (SELECT count(*) FROM address WHERE outcome LIKE 'failed:%'"
        "   OR outcome LIKE 'refused:%') AS failed_addresses,"
        " (SELECT count(*) FROM stale) AS not_indexed,"
        " (SELECT coalesce(sum(bytes), 0) FROM image) AS image_bytes,"
        " (SELECT coalesce(sum(bytes), 0) FROM (SELECT snapshot_bytes AS bytes FROM page"
        "   GROUP BY snapshot_sha256)) AS page_bytes"
    ).fetchone()
    by = facets(db, None)
    for column in ("kind", "format"):
        by[column] = _counts(
            db,
            f"SELECT {column}, count(*) AS number FROM picture WHERE {column} IS NOT NULL"
            f" GROUP BY {column} ORDER BY number DESC, {column}",
        )
    return dict(row) | {"by": by}
