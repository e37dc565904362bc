"""Reading what was derived in full: the reasons of verdicts, the sums of all."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any

from catalogue.model import Evidence, Record
from catalogue.store import groups, rows, searching

NEAR = 4
"""Bits of 64 in which fingerprints may differ for a picture to be shown as one that looks alike."""


def evidence(db: sqlite3.Connection, key: str) -> tuple[Evidence, ...]:
    """What the verdicts on a picture rest on, strongest first."""
    found = db.execute(
        "SELECT evidence.* FROM evidence JOIN identity ON identity.id = picture_id"
        " WHERE key = ? ORDER BY position",
        (key,),
    )
    return rows.evidence_from(found.fetchall())


def all_evidence(db: sqlite3.Connection) -> dict[str, tuple[Evidence, ...]]:
    """What the verdicts on each picture rest on, by the picture's key, strongest first."""
    found = db.execute(
        "SELECT key AS picture_key, evidence.* FROM evidence"
        " JOIN identity ON identity.id = picture_id ORDER BY picture_id, position"
    )
    return {
        key: rows.evidence_from(list(group))
        for key, group in groupby(found, key=lambda row: row["picture_key"])
    }


def contradictions(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """What speaks against the verdicts on a picture."""
    found = db.execute(
        "SELECT text FROM contradiction JOIN identity ON identity.id = picture_id"
        " WHERE key = ? ORDER BY position",
        (key,),
    )
    return tuple(text for (text,) in found.fetchall())


def renditions(db: sqlite3.Connection, own: Record) -> tuple[tuple[Record, str], ...]:
    """The other files of a picture, best first, each with why it is one."""
    others = [key for key in own.renditions if key != own.id]
    why = groups.reasons(db, own.id, others)
    return tuple((searching.record(db, key), why[key]) for key in others)


def least_certain(db: sqlite3.Connection, limit: int | None) -> list[str]:
    """IDs of the pictures that a person should look at: contradictory ones, then least certain."""
    found = db.execute(
        "SELECT key FROM picture p WHERE review IS NOT NULL AND NOT folded ORDER BY"
        " NOT EXISTS (SELECT 1 FROM contradiction WHERE picture_id = p.id), confidence, key"
        " LIMIT ?",
        (-1 if limit is None else min(limit, searching.MOST),),
    )
    return [key for (key,) in found.fetchall()]


def stats(db: sqlite3.Connection) -> dict[str, Any]:
    """Counts and sizes (bytes), and counts by spacecraft, instrument, credit, site, kind ...

    Files of one picture count as one, but for ``other_files``.
    """
    # NOT INDEXED: in the order of any index, files would be looked for at random.
    row = db.execute(
        "SELECT (SELECT count(*) FROM page WHERE NOT alone) AS pages,"
        " (SELECT count(*) FROM verdict WHERE NOT folded) AS pictures,"
        " (SELECT count(*) FROM verdict WHERE folded) AS other_files,"
        " (SELECT count(*) FROM verdict NOT INDEXED WHERE NOT folded"
        "   AND id NOT IN (SELECT id FROM image)) AS pictures_without_file,"
        " (SELECT count(*) FROM appearance) AS appearances,"
        " (SELECT count(*) FROM verdict WHERE NOT folded AND credit_id IS NULL) AS without_credit,"
        " (SELECT count(*) FROM verdict WHERE NOT folded AND spacecraft IS NULL)"
        "   AS without_spacecraft,"
        " (SELECT count(*) FROM verdict WHERE NOT folded AND review IS NOT NULL) AS to_review,"
        " (SELECT count(*) FROM image WHERE damage IS NOT NULL) AS damaged,"
        " (SELECT count(*) FROM correction) AS corrections,"
        " (SELECT count(*) FROM forgotten) AS forgotten,"
        " (SELECT count(*) FROM address WHERE outcome LIKE 'failed:%'"
        "   OR outcome LIKE 'refused:%') AS failed_addresses,"
        " (SELECT count(*) FROM stale) AS not_indexed,"
        " (SELECT coalesce(sum(bytes), 0) FROM image) AS image_bytes,"
        " (SELECT coalesce(sum(bytes), 0) FROM (SELECT snapshot_bytes AS bytes FROM page"
        "   GROUP BY snapshot_sha256)) AS page_bytes"
    ).fetchone()
    by = searching.facets(db, None)
    for column in ("kind", "format"):
        by[column] = _counts(
            db,
            f"SELECT {column}, count(*) AS number FROM picture WHERE NOT folded"
            f" AND {column} IS NOT NULL GROUP BY {column} ORDER BY number DESC, {column}",
        )
    return dict(row) | {"by": by}


def _counts(db: sqlite3.Connection, sql: str, values: tuple[object, ...] = ()) -> dict[str, int]:
    return {str(value): number for value, number in db.execute(sql, values).fetchall()}
