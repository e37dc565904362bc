"""What follows from what was seen and said: written by the index alone, and rebuilt at any time."""

from __future__ import annotations

import itertools
import operator
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from catalogue.model import Finding
from catalogue.query.words import fold, tokens
from catalogue.record import Rights
from catalogue.store import rows, schema
from catalogue.store.seen import batched, marks

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
    schema.make_derived_anew(db)
    mark_everything(db)


PICTURE = (
    "key", "spacecraft", "instrument", "kind", "title", "caption", "alt", "credit",
    "credit_normal", "licence", "rights", "taken", "sol", "place", "product_id", "confidence",
    "review", "corrected", "suffix", "url", "format", "media_type", "width", "height", "bytes",
    "colour", "damage", "published", "year", "names", "best", "folded",
)  # fmt: skip
"""Columns of table ``picture``, but for its ``id``."""

BESIDE = {
    "picture_subject": ("spacecraft",),
    "picture_organisation": ("position", "organisation"),
    "picture_person": ("position", "person"),
    "picture_distributor": ("position", "distributor"),
    "picture_page": ("position", "url", "site", "title"),
    "evidence": ("position", "field", "text", "says", "rule", "weight"),
    "contradiction": ("position", "text"),
}
"""Tables whose rows belong to one of ``picture``, with their columns but for its key."""

_TEXTS = ("title", "caption", "credit", "alt", "names")
"""Columns of the full-text index."""

Cells = tuple[Any, ...]


class Rows(NamedTuple):
    """The rows of one picture."""

    picture: Cells
    """In the order of :data:`PICTURE`."""
    beside: Mapping[str, Sequence[Cells]]
    """By table of :data:`BESIDE`, where there are any."""


def write(
    db: sqlite3.Connection,
    findings: Sequence[Finding],
    settled: Iterable[Waiting],
    known_runs: set[str],
) -> None:
    """Write findings, inside the transaction that the caller has begun.

    Args:
        db: The database.
        findings: One a picture.
        settled: What was looked at; a picture without a finding is no longer one.
        known_runs: Runs of letters whose words this process has written; added to.
    """
    put_rights(db, [one.record.rights for one in findings if one.record.rights is not None])
    put(db, [_rows_of(finding) for finding in findings], known_runs)
    found = {finding.record.id for finding in findings}
    settled = list(settled)
    remove(db, [key for key, _ in settled if key not in found])
    # Of what was seen anew meanwhile, the count has grown: it waits on.
    db.executemany("DELETE FROM stale WHERE picture = ? AND times = ?", settled)


def _rows_of(finding: Finding) -> Rows:
    row = rows.picture_row(finding)
    return Rows(tuple(row[name] for name in PICTURE), rows.picture_side_rows(finding))


def put_rights(db: sqlite3.Connection, terms: Iterable[Rights]) -> None:
    """Write terms of use, which pictures refer to."""
    db.executemany(
        "INSERT INTO rights VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " title = excluded.title, statement = excluded.statement, licence = excluded.licence,"
        " url = excluded.url, source = excluded.source",
        {(one.id, one.title, one.statement, one.licence, one.url, one.source) for one in terms},
    )


def put(db: sqlite3.Connection, pictures: Sequence[Rows], known_runs: set[str]) -> None:
    """Write pictures in place of what was known of them, many at once.

    The full-text index is written here, and by no trigger: for many rows at once that takes a third
    of the time.

    Args:
        db: The database.
        pictures: Each once.
        known_runs: Runs of letters whose words this process has written; added to.
    """
    keys = [one.picture[0] for one in pictures]
    before = _indexed(db, keys)
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM picture").fetchone()
    fresh = itertools.count(last + 1)
    ids = [before[key][0] if key in before else next(fresh) for key in keys]
    texts = [_texts_of(one.picture) for one in pictures]
    old = [before[key] for key, text in zip(keys, texts, strict=True)
           if key in before and before[key][1:] != text]  # fmt: skip
    _remove_texts(db, old)
    kept = ", ".join(f"{name} = excluded.{name}" for name in PICTURE if name != "key")
    db.executemany(
        f"INSERT INTO picture (id, {', '.join(PICTURE)}) VALUES (?, {marks(PICTURE)})"
        f" ON CONFLICT (key) DO UPDATE SET {kept}",
        [(number, *one.picture) for number, one in zip(ids, pictures, strict=True)],
    )
    known = [(number,) for number in ids if number <= last]
    for table, columns in BESIDE.items():
        db.executemany(f"DELETE FROM {table} WHERE picture_id = ?", known)
        db.executemany(
            f"INSERT INTO {table} VALUES (?, {marks(columns)})",
            [
                (number, *cells)
                for number, one in zip(ids, pictures, strict=True)
                for cells in one.beside.get(table, ())
            ],
        )
    db.executemany(
        f"INSERT INTO picture_fts (rowid, {', '.join(_TEXTS)}) VALUES (?, {marks(_TEXTS)})",
        [
            (number, *text)
            for number, key, text in zip(ids, keys, texts, strict=True)
            if key not in before or before[key][1:] != text
        ],
    )
    _put_words(db, texts, known_runs)


_texts_of = operator.itemgetter(*(PICTURE.index(name) for name in _TEXTS))


def _indexed(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Cells]:
    """By key of the pictures that are known: their id and indexed texts."""
    found: dict[str, Cells] = {}
    for some in batched(keys, _BOUND):
        for key, *cells in db.execute(
            f"SELECT key, id, {', '.join(_TEXTS)} FROM picture WHERE key IN ({marks(some)})", some
        ):
            found[key] = tuple(cells)
    return found


_BOUND = 500
"""Values of one statement; SQLite takes 999 at least."""


def _remove_texts(db: sqlite3.Connection, indexed: Iterable[Cells]) -> None:
    # An index with external content is told the former texts, or it could not forget their words.
    db.executemany(
        f"INSERT INTO picture_fts (picture_fts, rowid, {', '.join(_TEXTS)})"
        f" VALUES ('delete', ?, {marks(_TEXTS)})",
        indexed,
    )


def _put_words(
    db: sqlite3.Connection, texts: Iterable[Sequence[str | None]], known: set[str]
) -> None:
    # Texts repeat each other, commas and all: only runs that are new are cut and folded.
    whole = " ".join(filter(None, itertools.chain.from_iterable(texts)))
    runs = set(whole.split()).difference(known)
    words = sorted(set(tokens(fold(" ".join(runs)))))
    db.executemany("INSERT OR IGNORE INTO word VALUES (?)", zip(words))
    if len(known) > _MOST_KNOWN:
        known.clear()
    known |= runs


_MOST_KNOWN = 1_000_000
"""Runs of letters that are remembered, some 100 MB of them."""


def remove(db: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Remove pictures from what is found."""
    _remove_texts(db, _indexed(db, keys).values())
    db.executemany("DELETE FROM picture WHERE key = ?", [(key,) for key in keys])


def tidy(db: sqlite3.Connection) -> None:
    """Remove terms that no picture has, and let SQLite look at how its values are distributed."""
    db.execute("DELETE FROM rights WHERE id NOT IN (SELECT rights FROM picture WHERE rights <> '')")
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("PRAGMA optimize")
