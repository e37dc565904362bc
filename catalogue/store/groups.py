"""Files of one picture: what proposes them to each other, and the pairs that were found."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from catalogue.model import Pair
from catalogue.store import rows

SAME, NOT_SAME = "same_as", "not_same_as"
"""Fields of corrections: a person's word on whether two files show one picture."""

ALL = "all"
"""Value of :data:`NOT_SAME` that takes a picture out of every group."""

_BANDS = (
    "fingerprint & 65535",
    "fingerprint >> 16 & 65535",
    "fingerprint >> 32 & 65535",
    "fingerprint >> 48 & 65535",
)
"""As the indices of table ``image`` have them. Two fingerprints that differ in three bits or fewer
have one of the four in common; of those that differ in more, most have."""

_BY_NAME = 50
"""Files with one name that are proposed; an identifier has a handful of renditions."""


_CROWD = 64
"""Pictures with one and the same fingerprint from which on it proposes nothing: no picture has as
many renditions, so it is that of a plate, a placeholder, or frames of one view."""


def mark(db: sqlite3.Connection, key: str, marks: Iterable[int]) -> None:
    """Keep by what a picture is proposed to others, instead of what was kept before."""
    found = db.execute(
        "SELECT id FROM identity JOIN image USING (id) WHERE key = ?", (key,)
    ).fetchone()
    if found is None:
        return
    db.execute("DELETE FROM rendition_mark WHERE image_id = ?", (found[0],))
    db.executemany("INSERT INTO rendition_mark VALUES (?, ?)", [(one, found[0]) for one in marks])


def named_alike(db: sqlite3.Connection, marks: Iterable[int], key: str) -> list[str]:
    """IDs of other pictures with a mark in common."""
    found: dict[str, None] = {}
    for one in marks:
        for (other,) in db.execute(
            "SELECT key FROM rendition_mark JOIN identity ON identity.id = image_id"
            " WHERE mark = ? AND key <> ? ORDER BY key LIMIT ?",
            (one, key, _BY_NAME),
        ):
            found[other] = None
    return list(found)


def look_alike(
    db: sqlite3.Connection, fingerprint: int | None, key: str, *, near: int, limit: int
) -> list[tuple[int, str]]:
    """Distance in bits and ID of pictures with a close fingerprint, nearest first; none of a crowd.

    Args:
        db: The database.
        fingerprint: 64 bits, not negative; None for a flat picture, which looks like no other.
        key: The picture's own ID.
        near: Bits in which they may differ.
        limit: How many at the most.
    """
    if fingerprint is None:
        return []
    close: dict[int, int] = {}
    same = 0
    for number, band in enumerate(_BANDS):
        value = fingerprint >> 16 * number & 65535
        for rowid, stored in db.execute(
            f"SELECT id, fingerprint FROM image WHERE {band} = ?", (value,)
        ):
            distance = (fingerprint ^ stored & _64).bit_count()
            if distance <= near and rowid not in close:
                close[rowid] = distance
                same += not distance
                if same > _CROWD:
                    return []
    nearest = sorted(close, key=lambda rowid: (close[rowid], rowid))[: limit + 1]
    found = []
    for rowid in nearest:
        (other,) = db.execute("SELECT key FROM identity WHERE id = ?", (rowid,)).fetchone()
        if other != key:
            found.append((close[rowid], other))
    return sorted(found)[:limit]


_64 = (1 << 64) - 1


def is_settled(db: sqlite3.Connection, other: str, key: str) -> bool:
    """Whether a pair is to be looked at from this side: the other does not wait for its turn."""
    waits = db.execute("SELECT 1 FROM stale WHERE picture = ? AND picture > ?", (other, key))
    return waits.fetchone() is None


def pair_up(
    db: sqlite3.Connection, key: str, found: Iterable[Pair], untouched: Iterable[str]
) -> None:
    """Keep the pairs of a picture that were found, instead of those that were kept before.

    Args:
        db: The database.
        key: The picture.
        found: Its pairs.
        untouched: IDs of pictures that were not looked at: pairs with them stay.
    """
    stay = set(untouched)
    db.executemany(
        "DELETE FROM rendition WHERE one = ? AND other = ?",
        [
            (pair.one, pair.other)
            for pair in pairs_of(db, key)
            if pair.one not in stay and pair.other not in stay
        ],
    )
    db.executemany(
        "INSERT OR REPLACE INTO rendition VALUES (?, ?, ?, ?)",
        [(pair.one, pair.other, pair.why, pair.strength) for pair in found],
    )


def pairs_of(db: sqlite3.Connection, key: str) -> list[Pair]:
    """The pairs that a picture is in."""
    return [
        Pair(one=row["one"], other=row["other"], why=row["why"], strength=row["strength"])
        for row in db.execute(
            "SELECT * FROM rendition WHERE one = ? UNION ALL"
            " SELECT * FROM rendition WHERE other = ?",
            (key, key),
        )
    ]


def said_of(db: sqlite3.Connection, key: str) -> tuple[set[str], set[str]]:
    """IDs that a person joined with a picture, and those split from it, from either side.

    Of two words on the same two files, as two people may have said them, the later counts.
    """
    last: dict[str, tuple[str, bool]] = {}
    for picture, field, value, made in db.execute(
        "SELECT picture, field, coalesce(value, ''), made FROM correction"
        " WHERE field IN (?, ?) AND (picture = ? OR instr(value, ?) > 0)",
        (SAME, NOT_SAME, key, key),
    ):
        for other in value.split(",") if picture == key else [picture]:
            word = (made, field == NOT_SAME)
            last[other] = max(last.get(other, word), word)
    last.pop("", None)
    split = {other for other, (_, apart) in last.items() if apart}
    return set(last) - split, split


def contradicted(
    db: sqlite3.Connection, key: str, field: str, others: Collection[str]
) -> list[tuple[str, str]]:
    """What a person said before that a new word on two files ends: picture, and what stays said.

    Args:
        db: The database.
        key: The picture of which something is said.
        field: :data:`SAME` or :data:`NOT_SAME`.
        others: IDs that are named, or ``all``.
    """
    found = []
    for picture, value in db.execute(
        "SELECT picture, value FROM correction"
        " WHERE field = ? AND value <> '' AND (picture = ? OR instr(value, ?) > 0)",
        (NOT_SAME if field == SAME else SAME, key, key),
    ).fetchall():
        said = value.split(",")
        if picture == key:
            left = [one for one in said if one not in others and ALL not in others]
        else:
            named = picture in others or ALL in others
            left = [one for one in said if not (named and one == key)]
        if left != said:
            found.append((picture, ",".join(left)))
    return found


def shown_as_one(db: sqlite3.Connection, key: str) -> list[str]:
    """IDs of all files of the picture as it was last indexed, its own left out."""
    found = db.execute(
        "SELECT other.key FROM identity AS own JOIN verdict ON verdict.id = own.id"
        " JOIN verdict AS others ON others.best_id = verdict.best_id AND others.id <> own.id"
        " JOIN identity AS other ON other.id = others.id WHERE own.key = ?",
        (key,),
    )
    return [other for (other,) in found.fetchall()]


def reasons(db: sqlite3.Connection, key: str, others: Iterable[str]) -> dict[str, str]:
    """By ID, why another file shows the same picture, in words."""
    told = {pair.other if pair.one == key else pair.one: pair.why for pair in pairs_of(db, key)}
    told |= dict.fromkeys(said_of(db, key)[0], "a person says so")
    return {other: told.get(other, "through another file of it") for other in others}


def near(db: sqlite3.Connection, key: str, *, bits: int) -> tuple[str, ...]:
    """IDs of pictures that look alike and are not in the same group, nearest first."""
    own = db.execute(
        "SELECT fingerprint FROM identity JOIN image USING (id) WHERE key = ?", (key,)
    ).fetchone()
    if own is None:
        return ()
    same = set(shown_as_one(db, key))
    close = look_alike(db, rows.unsigned(own[0]), key, near=bits, limit=20 + len(same))
    return tuple(other for _, other in close if other not in same)
