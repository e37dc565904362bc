"""What was seen: written by a harvest alone, read by the index and by the next harvest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from catalogue.model import (
    Appearance,
    Gathered,
    Harvested,
    HostNotes,
    OnPage,
    Outcome,
    Sighting,
    StoredImage,
    Validators,
)
from catalogue.store import rows

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the catalogue knows of a page's address."""

    outcome: str
    """Of the last time it was asked for."""
    complete: bool
    """Whether all its pictures have been dealt with, none with a failure that may have passed."""
    fetched: str
    validators: Validators
    snapshot_file: str | None = None
    snapshot_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A picture's address that gave nothing when it was last asked."""

    url: str
    page: str | None
    outcome: str
    detail: str
    tried: str


# --- writing ----------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, harvested: Harvested, *, addresses: bool = True) -> None:
    """Write what a page gave, inside the transaction that the caller has begun.

    Args:
        db: The database.
        harvested: The page, its outcome, and what became of its pictures.
        addresses: Whether to note what each asked address gave, too.
    """
    page_id = _keep_page(db, harvested)
    shown: list[str] = []
    for gathered in harvested.gathered:
        image_id = _keep_appearance(db, page_id, harvested, gathered, shown)
        if addresses and gathered.asked is not None:
            _keep_address(db, harvested, gathered, image_id)
    mark_stale(db, shown)
    _settle(db, page_id, harvested)


def mark_stale(db: sqlite3.Connection, pictures: Iterable[str]) -> None:
    """Note that something was seen or said of pictures, so that the index looks at them."""
    db.executemany(
        "INSERT INTO stale (picture) VALUES (?) ON CONFLICT (picture) DO UPDATE SET"
        " times = times + 1",
        [(picture,) for picture in pictures],
    )


def _keep_page(db: sqlite3.Connection, harvested: Harvested) -> int:
    row = rows.page_row(harvested)
    kept = [name for name in row if name != "address"]
    # A page that could not be had this time, or that has not changed, keeps what it said before.
    silent = harvested.outcome.failed or harvested.outcome.outcome == "unchanged"
    if silent:
        kept = ["outcome", "detail", "fetched"] if harvested.outcome.failed else ["fetched"]
    before = db.execute(
        f"SELECT {', '.join(_SAID_OF_PAGE)} FROM page WHERE address = ?", (harvested.address,)
    ).fetchone()
    (page_id,) = db.execute(
        f"INSERT INTO page ({', '.join(row)}) VALUES ({marks(row)}) ON CONFLICT (address)"
        f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in kept)} RETURNING id",
        tuple(row.values()),
    ).fetchone()
    if not silent:
        db.execute("DELETE FROM page_note WHERE page_id = ?", (page_id,))
        db.executemany(
            "INSERT INTO page_note VALUES (?, ?, ?)",
            [(page_id, position, note) for position, note in enumerate(harvested.page.notes)],
        )
        # A page is kept again with each lot of its pictures that is settled: where it says the same
        # of itself, nothing new follows for those that were kept before.
        if before is not None and tuple(before) != tuple(row[name] for name in _SAID_OF_PAGE):
            shown = db.execute(
                "SELECT key FROM appearance JOIN identity ON identity.id = picture_id"
                " WHERE page_id = ?",
                (page_id,),
            )
            mark_stale(db, [picture for (picture,) in shown.fetchall()])
    return int(page_id)


_SAID_OF_PAGE = ("url", "title", "author", "published", "publisher", "language")
"""Columns of ``page`` that verdicts about its pictures may rest on."""


def _keep_appearance(
    db: sqlite3.Connection,
    page_id: int,
    harvested: Harvested,
    gathered: Gathered,
    shown: list[str],
) -> int | None:
    """Write an appearance, and add its picture to those shown; the key of its image, if any.

    Of thousands of new pictures each statement counts: nothing is looked for beside what is new.
    """
    row = rows.appearance_row(gathered)
    image_id: int | None = None
    new = False
    if gathered.image is not None:
        image_id, new = _keep_image(db, gathered.image, harvested.fetched)
    elif gathered.outcome.image is not None:
        image_id = _image_id(db, gathered.outcome.image)
    if image_id is None:
        had = db.execute(
            "SELECT 1 FROM appearance JOIN image ON image.id = picture_id"
            " WHERE page_id = ? AND place = ?",
            (page_id, row["place"]),
        ).fetchone()
        if had:
            return None  # its bytes could be had before: that stands
    key = rows.picture_of(harvested.address, gathered)
    picture_id = image_id or identify(db, key)
    _replace_words(db, page_id, str(row["place"]), picture_id, key)
    known = None
    if not new:
        known = db.execute(
            "SELECT id FROM appearance WHERE page_id = ? AND place = ? AND picture_id = ?",
            (page_id, row["place"], picture_id),
        ).fetchone()
    row = {"id": known[0] if known else None, "page_id": page_id, "picture_id": picture_id} | row
    (appearance_id,) = db.execute(
        f"INSERT INTO appearance ({', '.join(row)}) VALUES ({marks(row)})"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in row)}"
        " RETURNING id",
        tuple(row.values()),
    ).fetchone()
    said = gathered.appearance
    put_beside(
        db,
        "appearance_id",
        appearance_id,
        {
            "appearance_address": rows.address_values(said),
            "appearance_statement": rows.statement_values(said.statements),
            "appearance_evidence": rows.evidence_values(said.evidence),
        },
        new=known is None,
    )
    shown.append(key)
    return image_id


def _replace_words(
    db: sqlite3.Connection, page_id: int, place: str, picture_id: int, key: str
) -> None:
    """Where a picture was known by its words alone, put the one that is known now in its place."""
    former = db.execute(
        "SELECT picture_id, key FROM appearance JOIN identity ON identity.id = picture_id"
        " WHERE page_id = ? AND place = ? AND picture_id <> ?"
        " AND picture_id NOT IN (SELECT id FROM image)",
        (page_id, place, picture_id),
    ).fetchall()
    for number, gone in former:
        db.execute("DELETE FROM appearance WHERE page_id = ? AND picture_id = ?", (page_id, number))
        # What a person said of it goes with it.
        db.execute("UPDATE OR IGNORE correction SET picture = ? WHERE picture = ?", (key, gone))
        mark_stale(db, [gone])


def identify(db: sqlite3.Connection, key: str) -> int:
    """The number of a picture; a new one where it has none yet."""
    return _identified(db, key)[0]


def _identified(db: sqlite3.Connection, key: str) -> tuple[int, bool]:
    """The number of a picture, and whether it is new."""
    found = db.execute("SELECT id FROM identity WHERE key = ?", (key,)).fetchone()
    if found is not None:
        return int(found[0]), False
    given = db.execute("INSERT INTO identity (key) VALUES (?) RETURNING id", (key,)).fetchone()
    return int(given[0]), True


def _image_id(db: sqlite3.Connection, key: str) -> int | None:
    found = db.execute(
        "SELECT image.id FROM identity JOIN image USING (id) WHERE key = ?", (key,)
    ).fetchone()
    return int(found[0]) if found else None


def _keep_image(db: sqlite3.Connection, image: StoredImage, added: str) -> tuple[int, bool]:
    """Write an image; its key, and whether nothing was known of it."""
    number, new = _identified(db, image.id)
    row = {"id": number} | rows.image_row(image, added)
    kept = [name for name in row if name not in {"id", "added"}]
    db.execute(
        f"INSERT INTO image ({', '.join(row)}) VALUES ({marks(row)}) ON CONFLICT (id)"
        f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in kept)}",
        tuple(row.values()),
    )
    stated = rows.statement_values(image.facts.embedded)
    put_beside(db, "image_id", number, {"image_statement": stated}, new=new)
    return number, new


def _keep_address(
    db: sqlite3.Connection, harvested: Harvested, gathered: Gathered, image_id: int | None
) -> None:
    if gathered.shared:
        db.execute(
            "UPDATE address SET page = min(page, ?), attempts = attempts + ? WHERE url = ?",
            (harvested.address, gathered.attempts, gathered.asked),
        )
        return
    row = {
        "url": gathered.asked,
        "page": harvested.address,
        "image_id": image_id,
        "outcome": gathered.outcome.outcome,
        "detail": gathered.outcome.detail,
        "etag": gathered.validators.etag,
        "last_modified": gathered.validators.last_modified,
        "tried": harvested.fetched,
        "attempts": gathered.attempts,
    }
    summed = {"url", "page", "image_id", "attempts"}
    kept = [f"{name} = excluded.{name}" for name in row if name not in summed]
    db.execute(
        f"INSERT INTO address ({', '.join(row)}) VALUES ({marks(row)}) ON CONFLICT (url)"
        f" DO UPDATE SET {', '.join(kept)}, attempts = attempts + excluded.attempts,"
        " page = min(coalesce(page, excluded.page), excluded.page),"
        " image_id = coalesce(excluded.image_id, image_id)",
        tuple(row.values()),
    )


def _settle(db: sqlite3.Connection, page_id: int, harvested: Harvested) -> None:
    """Note whether every picture of the page has been dealt with for good."""
    if harvested.outcome.outcome == "unchanged":
        return
    if not harvested.whole:
        db.execute("UPDATE page SET complete = 0 WHERE id = ?", (page_id,))
        return
    settled = {
        place
        for place, outcome in db.execute(
            "SELECT place, outcome FROM appearance WHERE page_id = ?", (page_id,)
        )
        if not Outcome(kind="image", url=None, page=None, outcome=outcome).passing
    }
    complete = not harvested.outcome.failed and all(
        rows.place_of(said) in settled for said in harvested.page.images
    )
    db.execute("UPDATE page SET complete = ? WHERE id = ?", (complete, page_id))


def put_beside(
    db: sqlite3.Connection,
    key: str,
    owner: int,
    sides: dict[str, list[tuple[object, ...]]],
    *,
    new: bool = False,
) -> None:
    """Replace the rows of side tables that belong to one row.

    Args:
        db: The database.
        key: The side tables' column that names the owner.
        owner: Key of the row that they belong to.
        sides: New rows by table, each without ``key``.
        new: Whether the row is, so that nothing belongs to it yet.
    """
    for table, values in sides.items():
        if not new:
            db.execute(f"DELETE FROM {table} WHERE {key} = ?", (owner,))
        if values:
            db.executemany(
                f"INSERT INTO {table} VALUES (?, {marks(values[0])})",
                [(owner, *value) for value in values],
            )


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in lots of a size, the last one shorter."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def marks(values: Iterable[object]) -> str:
    """As many question marks as there are values."""
    return ", ".join("?" for _ in values)


def keep_hosts(db: sqlite3.Connection, notes: Iterable[HostNotes]) -> None:
    """Write what hosts asked of their guests, inside the transaction that the caller has begun."""
    db.executemany(
        "INSERT OR REPLACE INTO host (origin, robots, robots_read, rests_until)"
        " VALUES (?, ?, ?, ?)",
        [(one.origin, one.robots, one.robots_read, one.rests_until) for one in notes],
    )


# --- reading ----------------------------------------------------------------------------------


def page(db: sqlite3.Connection, address: str) -> PageState | None:
    """What is known of a page; None where it was never asked for."""
    row = db.execute("SELECT * FROM page WHERE address = ?", (address,)).fetchone()
    if row is None:
        return None
    return PageState(
        outcome=row["outcome"],
        complete=bool(row["complete"]),
        fetched=row["fetched"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        snapshot_file=row["snapshot_file"],
        snapshot_sha256=row["snapshot_sha256"],
    )


def images_at(db: sqlite3.Connection, urls: Iterable[str]) -> dict[str, tuple[str, Validators]]:
    """ID of the image that each address gave last, and validators; others are left out."""
    found = {}
    for url in dict.fromkeys(urls):
        row = db.execute(
            "SELECT key, etag, last_modified FROM address"
            " JOIN identity ON identity.id = image_id WHERE url = ?",
            (url,),
        ).fetchone()
        if row is not None:
            found[url] = (row[0], Validators(etag=row[1], last_modified=row[2]))
    return found


def images_on(db: sqlite3.Connection, address: str) -> list[tuple[str | None, str]]:
    """Address and ID of each picture that was had from a page; of a changed one, what it is now."""
    found = db.execute(
        "SELECT url, key FROM ("
        "  SELECT a.url, key, min(a.id) OVER one AS first, row_number() OVER ("
        "    PARTITION BY a.place ORDER BY address.image_id IS image.id DESC, a.id DESC) AS newest"
        "  FROM appearance a JOIN image ON image.id = picture_id"
        "  JOIN identity n ON n.id = image.id"
        "  LEFT JOIN address ON address.url = iif(a.asked = '', a.place, a.asked)"
        "  WHERE a.page_id = (SELECT id FROM page WHERE address = ?)"
        "  WINDOW one AS (PARTITION BY a.place)"
        ") WHERE newest = 1 ORDER BY first",
        (address,),
    )
    return [(url, key) for url, key in found.fetchall()]


def hosts(db: sqlite3.Connection) -> list[HostNotes]:
    """What hosts asked of their guests in earlier harvests."""
    return [HostNotes(**dict(row)) for row in db.execute("SELECT * FROM host ORDER BY origin")]


def failures(db: sqlite3.Connection) -> Iterator[Failure]:
    """Addresses of pictures that gave nothing when last asked, in the order of the alphabet."""
    for row in db.execute(
        "SELECT url, page, outcome, detail, tried FROM address"
        " WHERE outcome LIKE 'failed:%' OR outcome LIKE 'refused:%' ORDER BY url"
    ).fetchall():
        yield Failure(
            url=row["url"],
            page=row["page"],
            outcome=row["outcome"],
            detail=row["detail"],
            tried=row["tried"],
        )


def failed_pages(db: sqlite3.Connection) -> list[str]:
    """Addresses of pages that could not be had, or not with all their pictures."""
    found = db.execute(
        "SELECT address FROM page WHERE outcome LIKE 'failed:%' OR outcome LIKE 'refused:%'"
        " OR complete = 0 OR id IN (SELECT page_id FROM appearance"
        "   WHERE outcome LIKE 'failed:%' OR outcome LIKE 'refused:%')"
        " ORDER BY address"
    )
    return [address for (address,) in found.fetchall()]


def sighting(db: sqlite3.Connection, key: str) -> Sighting:
    """All that was seen of one picture; without appearances where nothing was."""
    appearances = db.execute(
        "SELECT appearance.* FROM appearance JOIN page ON page.id = page_id"
        " WHERE picture_id = (SELECT id FROM identity WHERE key = ?)"
        " AND appearance.outcome <> 'skipped:forgotten'"
        # Not by when they were had: a harvest that was stopped and completed, or two at once, must
        # give the same verdicts as one.
        " ORDER BY page.published IS NULL, page.published, page.address, appearance.place",
        (key,),
    ).fetchall()
    image = None
    if appearances:
        found = db.execute("SELECT * FROM image WHERE id = ?", (appearances[0]["picture_id"],))
        image = next((_image(db, key, row) for row in found.fetchall()), None)
    return Sighting(
        id=key, appearances=tuple(_on_page(db, row) for row in appearances), image=image
    )


def _image(db: sqlite3.Connection, key: str, row: sqlite3.Row) -> StoredImage:
    return rows.image_from(key, row, beside(db, "image_statement", "image_id", row["id"]))


def _on_page(db: sqlite3.Connection, row: sqlite3.Row) -> OnPage:
    shown = db.execute("SELECT * FROM page WHERE id = ?", (row["page_id"],)).fetchone()
    return OnPage(
        appearance=appearance(db, row),
        page=rows.page_from(shown, beside(db, "page_note", "page_id", row["page_id"])),
        address=shown["address"],
        alone=bool(shown["alone"]),
    )


def appearance(db: sqlite3.Connection, row: sqlite3.Row) -> Appearance:
    """The appearance of its row, with what stands beside it in other tables."""
    return rows.appearance_from(
        row,
        beside(db, "appearance_address", "appearance_id", row["id"]),
        beside(db, "appearance_statement", "appearance_id", row["id"]),
        beside(db, "appearance_evidence", "appearance_id", row["id"]),
    )


def beside(db: sqlite3.Connection, table: str, key: str, owner: int) -> list[sqlite3.Row]:
    """Rows of a side table that belong to one row, in order."""
    found = db.execute(f"SELECT * FROM {table} WHERE {key} = ? ORDER BY position", (owner,))
    return found.fetchall()
