"""What follows from what was seen and said: written by the index alone, and rebuilt at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from catalogue.model import Finding
from catalogue.query.words import fold, tokens
from catalogue.store import rows, schema
from catalogue.store.seen import marks, put_beside

Waiting = tuple[str, int]
"""A picture that the index has to look at: its ID, and how often something was seen or said."""


def waiting(db: sqlite3.Connection, *, after: str, limit: int) -> list[Waiting]:
    """Pictures that the index has to look at, in the order of their IDs.

    Args:
        db: The database.
        after: ID behind which to begin; empty for the beginning.
        limit: How many at the most.
    """
    found = db.execute(
        "SELECT picture, times FROM stale WHERE picture > ? ORDER BY picture LIMIT ?",
        (after, limit),
    )
    return [(row[0], row[1]) for row in found.fetchall()]


def mark_everything(db: sqlite3.Connection) -> None:
    """Have the index look at everything anew; until it has, searches find what was found before."""
    db.execute(
        "INSERT INTO stale (picture) SELECT * FROM"
        " (SELECT picture FROM appearance UNION SELECT key FROM picture) WHERE true"
        " ON CONFLICT (picture) DO UPDATE SET times = times + 1"
    )
    db.execute("DELETE FROM word")


def make_anew(db: sqlite3.Connection) -> None:
    """Drop all derived tables, damaged ones too, and make them empty."""
    for table in schema.DERIVED_TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in schema.statements(schema.DERIVED):
        db.execute(statement)
    mark_everything(db)


def write(
    db: sqlite3.Connection,
    findings: Sequence[Finding],
    settled: Iterable[Waiting],
    known_words: set[str],
) -> None:
    """Write findings, inside the transaction that the caller has begun.

    Args:
        db: The database.
        findings: One a picture.
        settled: What was looked at; a picture without a finding is no longer one.
        known_words: Words that this process has written already; added to.
    """
    found = {finding.record.id for finding in findings}
    for finding in findings:
        _write(db, finding, known_words)
    settled = list(settled)
    db.executemany(
        "DELETE FROM picture WHERE key = ?", [(key,) for key, _ in settled if key not in found]
    )
    # Of what was seen anew meanwhile, the count has grown: it waits on.
    db.executemany("DELETE FROM stale WHERE picture = ? AND times = ?", settled)


def _write(db: sqlite3.Connection, finding: Finding, known_words: set[str]) -> None:
    record = finding.record
    if record.rights is not None:
        terms = record.rights
        db.execute(
            "INSERT INTO rights VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " title = excluded.title, statement = excluded.statement, licence = excluded.licence,"
            " url = excluded.url, source = excluded.source",
            (terms.id, terms.title, terms.statement, terms.licence, terms.url, terms.source),
        )
    (added,) = db.execute(
        "SELECT coalesce(min(fetched), '') FROM page"
        " WHERE id IN (SELECT page_id FROM appearance WHERE picture = ?)",
        (record.id,),
    ).fetchone()
    row = rows.picture_row(finding, added)
    kept = [name for name in row if name not in {"key", "added"}]
    (picture_id,) = db.execute(
        f"INSERT INTO picture ({', '.join(row)}) VALUES ({marks(row)}) ON CONFLICT (key)"
        f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in kept)} RETURNING id",
        tuple(row.values()),
    ).fetchone()
    put_beside(db, "picture_id", picture_id, rows.picture_side_rows(finding))
    texts = (record.title, record.caption, record.credit, record.alt, finding.names)
    words = {word for text in texts if text for word in tokens(fold(text))} - known_words
    db.executemany("INSERT OR IGNORE INTO word VALUES (?)", [(word,) for word in words])
    known_words |= words


def tidy(db: sqlite3.Connection) -> None:
    """Remove terms that no picture has, and let SQLite look at how its values are distributed."""
    db.execute("DELETE FROM rights WHERE id NOT IN (SELECT rights FROM picture WHERE rights <> '')")
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("PRAGMA optimize")
