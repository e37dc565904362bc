"""What a person said: corrections, pictures to be forgotten, searches to be kept."""

from __future__ import annotations

import dataclasses
import sqlite3

from catalogue.model import Correction
from catalogue.store import derived, groups, rows
from catalogue.store.seen import mark_stale


def correct(db: sqlite3.Connection, correction: Correction, now: str) -> None:
    """Write a correction; a later word on the same field replaces the former.

    A word on two files adds to what was said of others, and ends what said the contrary of the two.
    """
    if correction.field in (groups.SAME, groups.NOT_SAME) and correction.value:
        correction = _on_files(db, correction)
    db.execute(
        "INSERT INTO correction (picture, field, value, note, made) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (picture, field) DO UPDATE SET value = excluded.value,"
        " note = excluded.note, made = excluded.made",
        (
            correction.image,
            correction.field,
            correction.value,
            correction.note,
            correction.made or now,
        ),
    )
    mark_stale(db, [correction.image, *groups.shown_as_one(db, correction.image)])


def _on_files(db: sqlite3.Connection, word: Correction) -> Correction:
    others = word.value.split(",") if word.value else []
    for picture, left in groups.contradicted(db, word.image, word.field, others):
        field = groups.NOT_SAME if word.field == groups.SAME else groups.SAME
        if left:
            db.execute(
                "UPDATE correction SET value = ? WHERE picture = ? AND field = ?",
                (left, picture, field),
            )
        else:
            take_back(db, picture, field)
    (former,) = db.execute(
        "SELECT max(value) FROM correction WHERE picture = ? AND field = ?",
        (word.image, word.field),
    ).fetchone()
    named = {*others, *(former.split(",") if former else ())}
    return dataclasses.replace(word, value=",".join(sorted(named)))


def take_back(db: sqlite3.Connection, key: str, field: str) -> bool:
    """Forget what a person said of a field; whether there was anything."""
    gone = db.execute(
        "DELETE FROM correction WHERE picture = ? AND field = ?", (key, field)
    ).rowcount
    mark_stale(db, [key, *groups.shown_as_one(db, key)])
    return gone > 0


def corrections(db: sqlite3.Connection, key: str) -> tuple[Correction, ...]:
    """What a person said of a picture, in the order of the fields' names."""
    found = db.execute(
        "SELECT picture, field, value, note, made FROM correction WHERE picture = ? ORDER BY field",
        (key,),
    )
    return tuple(
        Correction(
            image=row["picture"],
            field=row["field"],
            value=row["value"],
            note=row["note"],
            made=row["made"],
        )
        for row in found.fetchall()
    )


def forget(db: sqlite3.Connection, key: str, note: str, now: str) -> list[str]:
    """Remove a picture, remember not to take it again, and give the files that nobody needs now."""
    known = db.execute(
        "SELECT id, suffix FROM identity JOIN image USING (id) WHERE key = ?", (key,)
    ).fetchall()
    files = [rows.image_file(key, suffix) for _, suffix in known]
    db.execute(
        "INSERT INTO forgotten VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET"
        " note = excluded.note, made = excluded.made",
        (key, note, now),
    )
    mark_stale(db, groups.shown_as_one(db, key))
    db.execute("DELETE FROM rendition WHERE one = ? OR other = ?", (key, key))
    own = "(SELECT id FROM identity WHERE key = ?)"
    db.execute(f"DELETE FROM appearance WHERE picture_id = {own}", (key,))
    db.execute(f"UPDATE address SET image_id = NULL WHERE image_id = {own}", (key,))
    db.execute(f"DELETE FROM image WHERE id = {own}", (key,))
    derived.remove(db, [key])
    db.execute("DELETE FROM correction WHERE picture = ?", (key,))
    db.execute("DELETE FROM stale WHERE picture = ?", (key,))
    return files


def forgotten(db: sqlite3.Connection) -> frozenset[str]:
    """IDs of the pictures that a person does not want again."""
    return frozenset(key for (key,) in db.execute("SELECT sha256 FROM forgotten").fetchall())


def save_search(db: sqlite3.Connection, name: str, query: str, now: str) -> None:
    """Keep a query under a name; a former one of that name is replaced."""
    db.execute(
        "INSERT INTO saved_search VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " query = excluded.query, made = excluded.made",
        (name, query, now),
    )


def drop_search(db: sqlite3.Connection, name: str) -> None:
    """Keep a query no longer."""
    db.execute("DELETE FROM saved_search WHERE name = ?", (name,))
