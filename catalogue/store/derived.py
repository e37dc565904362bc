"""What follows from what was seen and said: written by the index alone, and rebuilt at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from catalogue.model import Finding, Record
from catalogue.query.words import UNSTEMMED, fold, tokens
from catalogue.record import Rights
from catalogue.store import rows, schema
from catalogue.store.seen import batched, identify, marks, put_beside

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
        "INSERT INTO stale (picture) SELECT key FROM identity WHERE true"
        " ON CONFLICT (picture) DO UPDATE SET times = times + 1"
    )
    db.execute("DELETE FROM word")


def make_anew(db: sqlite3.Connection) -> None:
    """Drop all derived tables, damaged ones too, and make them empty."""
    schema.make_derived_anew(db)
    mark_everything(db)


_TEXTS = ("title", "caption", "credit", "alt", "names")
"""Columns of the full-text index."""

Texts = tuple[Any, ...]
"""The key of a picture and its texts."""


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
    _put(db, findings, known_runs)
    found = {finding.record.id for finding in findings}
    settled = list(settled)
    remove(db, [key for key, _ in settled if key not in found])
    # Of what was seen anew meanwhile, the count has grown: it waits on.
    db.executemany("DELETE FROM stale WHERE picture = ? AND times = ?", settled)


def put_rights(db: sqlite3.Connection, terms: Iterable[Rights]) -> None:
    """Write terms of use, which pictures refer to."""
    db.executemany(
        "INSERT INTO rights VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " title = excluded.title, statement = excluded.statement, licence = excluded.licence,"
        " url = excluded.url, source = excluded.source",
        {(one.id, one.title, one.statement, one.licence, one.url, one.source) for one in terms},
    )


def _put(db: sqlite3.Connection, findings: Sequence[Finding], known_runs: set[str]) -> None:
    records = [finding.record for finding in findings]
    keys = {key for record in records for key in (record.id, *record.renditions)}
    numbers = _numbers(db, sorted(keys))
    ids = [numbers[record.id] for record in records]
    before = _indexed(db, ids)
    credits, namings = _put_credits(db, records), _put_namings(db, findings)
    said, pages = _words_seen(db, ids), _pages_seen(db, list(numbers.values()))
    for number, finding in zip(ids, findings, strict=True):
        record = finding.record
        words_of, words = rows.own_words(
            [getattr(record, name) for name in rows.WORDS], said.get(number, ())
        )
        row = rows.verdict_row(record) | {
            "id": number,
            "credit_id": credits.get(record.credit),
            "naming_id": namings.get(finding.names),
            "best_id": numbers[record.renditions[0]] if record.renditions else None,
            "words_of": words_of,
            **dict(zip(rows.WORDS, words, strict=True)),
        }
        kept = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
        db.execute(
            f"INSERT INTO verdict ({', '.join(row)}) VALUES ({marks(row)})"
            f" ON CONFLICT (id) DO UPDATE SET {kept}",
            tuple(row.values()),
        )
        shown = [page for url in record.pages if (page := pages.get(url)) is not None]
        sides = rows.verdict_side_rows(finding) | {"shown_on": list(enumerate(shown))}
        put_beside(db, "picture_id", number, sides)
    after = _indexed(db, ids)
    _remove_texts(db, [old for number, old in before.items() if after.get(number) != old])
    db.executemany(
        f"INSERT INTO picture_fts (rowid, {', '.join(_TEXTS)}) VALUES (?, {marks(_TEXTS)})",
        [new for number, new in after.items() if before.get(number) != new],
    )
    _put_words(db, (text for _, *texts in after.values() for text in texts), known_runs)


def _numbers(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of pictures, by ID."""
    found: dict[str, int] = {}
    for some in batched(keys, _BOUND):
        sql = f"SELECT key, id FROM identity WHERE key IN ({marks(some)})"
        found |= dict(db.execute(sql, some).fetchall())
    return found | {key: identify(db, key) for key in keys if key not in found}


def _put_credits(db: sqlite3.Connection, records: Iterable[Record]) -> dict[str | None, int]:
    """Keys of the credit lines, by what was published."""
    found: dict[str | None, int] = {}
    for text, record in {one.credit: one for one in records if one.credit}.items():
        row = {
            "text": text,
            "normal": record.credit_normal,
            "licence": record.licence,
            "rights": record.rights.id if record.rights else None,
        }
        (found[text],) = db.execute(
            f"INSERT INTO credit ({', '.join(row)}) VALUES ({marks(row)}) ON CONFLICT (text) DO"
            " UPDATE SET normal = excluded.normal, licence = excluded.licence,"
            " rights = excluded.rights RETURNING id",
            tuple(row.values()),
        ).fetchone()
        put_beside(db, "credit_id", found[text], rows.credit_side_rows(record))
    return found


def _put_namings(db: sqlite3.Connection, findings: Iterable[Finding]) -> dict[str, int]:
    """Keys of the names, by these."""
    names = {finding.names for finding in findings if finding.names}
    db.executemany("INSERT OR IGNORE INTO naming (names) VALUES (?)", [(one,) for one in names])
    return {
        one: db.execute("SELECT id FROM naming WHERE names = ?", (one,)).fetchone()[0]
        for one in names
    }


def _words_seen(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """By key of a picture, for each appearance of it: its key, and its words."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for some in batched(ids, _BOUND):
        for number, *said in db.execute(
            f"SELECT picture_id, id, {', '.join(rows.WORDS)} FROM appearance"
            f" WHERE picture_id IN ({marks(some)}) ORDER BY id",
            some,
        ):
            found.setdefault(number, []).append(tuple(said))
    return found


def _pages_seen(db: sqlite3.Connection, ids: Sequence[int]) -> dict[str, int]:
    """By address as records have it, the keys of pages that show one of the pictures."""
    found: dict[str, int] = {}
    for some in batched(ids, _BOUND):
        found |= dict(
            db.execute(
                "SELECT coalesce(nullif(page.url, ''), page.address), page.id FROM appearance"
                f" JOIN page ON page.id = page_id WHERE picture_id IN ({marks(some)})"
                " ORDER BY page.published IS NULL, page.published, page.address",
                some,
            ).fetchall()
        )
    return found


def _indexed(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Texts]:
    """By key of the pictures that have a verdict: that key and the indexed texts."""
    found: dict[int, Texts] = {}
    for some in batched(ids, _BOUND):
        for row in db.execute(
            f"SELECT id, {', '.join(_TEXTS)} FROM picture WHERE id IN ({marks(some)})", some
        ):
            found[row[0]] = tuple(row)
    return found


_BOUND = 500
"""Values of one statement; SQLite takes 999 at least."""


def _remove_texts(db: sqlite3.Connection, indexed: Iterable[Texts]) -> None:
    # An index with external content is told the former texts, or it could not forget their words.
    db.executemany(
        f"INSERT INTO picture_fts (picture_fts, rowid, {', '.join(_TEXTS)})"
        f" VALUES ('delete', ?, {marks(_TEXTS)})",
        indexed,
    )


def fill_text_index(db: sqlite3.Connection) -> None:
    """Make the full-text index and the list of words, which are empty, of all pictures at once."""

    def tell(table: str, what: str, number: int | None = None) -> None:
        columns, values = ("", "") if number is None else (", rank", f", {number}")
        db.execute(f"INSERT INTO {table} ({table}{columns}) VALUES ('{what}'{values})")

    # Much is held in memory and parts are joined once, instead of little and again and again.
    tell("picture_fts", "hashsize", _HELD)
    tell("picture_fts", "automerge", 0)
    tell("picture_fts", "rebuild")
    (parts,) = db.execute("SELECT count(DISTINCT segid) FROM picture_fts_idx").fetchone()
    if parts > 1:
        tell("picture_fts", "optimize")
    tell("picture_fts", "automerge", 4)  # SQLite's own values again
    tell("picture_fts", "hashsize", 1 << 20)
    # The words themselves, which stemming has changed there, are those of an index without it.
    db.execute(
        "CREATE VIRTUAL TABLE temp.unstemmed USING fts5(text, content='', detail=none,"
        f" columnsize=0, tokenize='{UNSTEMMED}')"
    )
    tell("unstemmed", "hashsize", _HELD)
    before = 0
    for table, columns in _HOLD_TEXTS.items():
        (last,) = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
        text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        # Many texts are told as one: where else a word stands need not be known.
        db.execute(
            "WITH RECURSIVE lot (first) AS"
            " (SELECT 0 UNION ALL SELECT first + :size FROM lot WHERE first + :size < :last)"
            " INSERT INTO unstemmed (rowid, text) SELECT :before + first,"
            f" (SELECT group_concat({text}, ' ') FROM {table}"
            " WHERE id > first AND id <= first + :size) FROM lot",
            {"size": _TEXTS_AT_ONCE, "before": before, "last": last},
        )
        before += last + 1
    db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(unstemmed, row)")
    db.execute("INSERT INTO word SELECT term FROM vocabulary")
    db.execute("DROP TABLE vocabulary")
    db.execute("DROP TABLE unstemmed")


_HOLD_TEXTS = {
    "appearance": ("title", "caption", "credit", "alt"),
    "verdict": ("title", "caption", "alt", "place", "product_id"),
    "credit": ("text",),
    "naming": ("names",),
}
"""Where view ``picture`` has its texts from."""

_TEXTS_AT_ONCE = 100

_HELD = 128 << 20
"""Bytes of an index that are held before they are written."""


def _put_words(db: sqlite3.Connection, texts: Iterable[str | None], known: set[str]) -> None:
    """Note the words of texts, so that a search for a word's beginning finds them.

    Args:
        db: The database.
        texts: What was written.
        known: Runs of letters whose words this process has written; added to.
    """
    # Texts repeat each other, commas and all: only runs that are new are cut and folded.
    runs: set[str] = set()
    for text in texts:
        if text:
            runs.update(text.split())
    runs -= known
    words = sorted(set(tokens(fold(" ".join(runs)))))
    db.executemany("INSERT OR IGNORE INTO word VALUES (?)", zip(words))
    if len(known) > _MOST_KNOWN:
        known.clear()
    known |= runs


_MOST_KNOWN = 1_000_000
"""Runs of letters that are remembered, some 100 MB of them."""


def remove(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Remove pictures from what is found; those of which nothing is seen lose their number."""
    for key in keys:
        for (number,) in db.execute("SELECT id FROM identity WHERE key = ?", (key,)).fetchall():
            _remove_texts(db, _indexed(db, [number]).values())
            db.execute("DELETE FROM verdict WHERE id = ?", (number,))
            db.execute(
                "DELETE FROM identity WHERE id = ? AND id NOT IN (SELECT id FROM image)"
                " AND NOT EXISTS (SELECT 1 FROM appearance WHERE picture_id = identity.id)"
                " AND NOT EXISTS (SELECT 1 FROM verdict WHERE best_id = identity.id)",
                (number,),
            )


def tidy(db: sqlite3.Connection) -> None:
    """Remove credits and terms that no picture has, and let SQLite look at how values spread."""
    db.execute(
        "DELETE FROM credit WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE credit_id = credit.id)"
    )
    db.execute("DELETE FROM rights WHERE id NOT IN (SELECT rights FROM credit WHERE rights <> '')")
    # Of tables without figures, or that have grown 25 times since, and of these all rows: the first
    # thousand of an index, of one spacecraft as a rule, say that its name tells nothing apart.
    db.execute("PRAGMA optimize(2)")
