"""Reading everything again: the database's own checks, and every file against its hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalogue.store import schema
from catalogue.store.connection import DATABASE
from catalogue.store.files import Files
from catalogue.store.places import DAMAGED, MISSING, SOUND, UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is amiss."""

    what: str
    """``damaged`` or ``missing`` (a file), ``unreachable`` (a store does not give it), ``orphan``
    (a file without a row, and not named by its content), ``leftover`` (a whole file that a stopped
    run did not get to record), ``unfinished`` (a part of one), ``database``, ``full-text`` (the
    search index), ``index`` (not up to date)."""
    where: str
    """Path relative to the catalogue folder, or table."""
    detail: str
    """In words."""
    mended: bool = False
    sha256: str | None = None
    """What the file's bytes should be."""

    @property
    def harmless(self) -> bool:
        """Whether it is what a run that was stopped leaves, and the next run takes up by itself."""
        return self.what in {"leftover", "unfinished", "index"}


def check(db: sqlite3.Connection, files: Files) -> Iterator[Problem]:
    """Everything that is amiss; nothing where all is sound."""
    yield from check_database(db)
    known = known_files(db)
    for relative, sha256, state in files.states(known.items()):
        if state == MISSING:
            yield Problem(
                what="missing", where=relative, detail="the file is not there", sha256=sha256
            )
        elif state == DAMAGED:
            yield Problem(
                what="damaged",
                where=relative,
                detail="its bytes are not those that were kept",
                sha256=sha256,
            )
        elif state == UNREACHABLE:
            yield Problem(what=UNREACHABLE, where=relative, detail=_UNREACHABLE)
    strangers = (name for name in files.all() if name not in known)
    named = ((name, PurePosixPath(name).stem) for name in strangers)
    for relative, _, state in files.states(named):
        if state != UNREACHABLE:
            yield _without_row(relative, sound=state == SOUND)
    for relative in files.unfinished():
        yield Problem(what="unfinished", where=relative, detail="a run was killed here")


_UNREACHABLE = "the object store does not give it just now; ask again later"


def _without_row(relative: str, *, sound: bool) -> Problem:
    if sound:
        detail = "a stopped run put it and did not get to record it; the next harvest does"
        return Problem(what="leftover", where=relative, detail=detail)
    return Problem(what="orphan", where=relative, detail="no row names this file")


def known_files(db: sqlite3.Connection) -> dict[str, str]:
    """Relative path and SHA-256 of every file that the database names."""
    found = db.execute(
        "SELECT 'images/' || substr(key, 1, 2) || '/' || key || suffix, key FROM image"
        " JOIN identity USING (id) UNION SELECT snapshot_file, snapshot_sha256 FROM page"
        " WHERE snapshot_file IS NOT NULL ORDER BY 1"
    )
    return dict(found.fetchall())


def check_database(db: sqlite3.Connection) -> Iterator[Problem]:
    """What is amiss in the database alone."""
    try:
        for (words,) in db.execute("PRAGMA integrity_check").fetchall():
            if words != "ok":
                yield Problem(what="database", where=DATABASE, detail=str(words))
        for row in db.execute("PRAGMA foreign_key_check").fetchall():
            detail = f"row {row[1]} refers to a row of {row[2]} that is not there"
            yield Problem(what="database", where=str(row[0]), detail=detail)
    except sqlite3.DatabaseError as error:
        yield Problem(what="database", where=DATABASE, detail=str(error))
    lacking = schema.lacking(db)
    for name in lacking:
        detail = "this table, view, trigger or index is not there"
        yield Problem(what="database", where=name, detail=detail)
    if words := full_text_damage(db):
        yield Problem(what="full-text", where="picture_fts", detail=words)
    if "stale" in lacking:
        return
    (waits,) = db.execute("SELECT count(*) FROM stale").fetchone()
    if waits:
        detail = f"{waits} pictures wait to be indexed ('catalogue index')"
        yield Problem(what="index", where="stale", detail=detail)


def full_text_damage(db: sqlite3.Connection) -> str:
    """What is wrong with the full-text index, in SQLite's words; empty where it fits its texts."""
    try:
        # Of an index with external content, the second value asks to compare it with the content.
        db.execute("INSERT INTO picture_fts(picture_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if "readonly" not in str(error):
            return str(error)
    return ""
