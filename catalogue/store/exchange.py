"""Everything that was seen and said, as values of JSON in an order of their own, and back.

What is derived is left out: the index derives it anew. Equal catalogues give equal lines, so that
dumps can be compared and kept under version control.
"""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.model import (
    Appearance,
    Evidence,
    Gathered,
    Harvested,
    ImageFacts,
    Outcome,
    Page,
    Role,
    Snapshot,
    Statement,
    StoredImage,
    Validators,
)
from catalogue.store import rows, said, searching, seen
from catalogue.store.files import IMAGES, PAGES

FORMAT = 1
"""Number of the form of these lines; a higher one is refused."""

Line = dict[str, Any]


# --- out --------------------------------------------------------------------------------------


def dump(db: sqlite3.Connection) -> Iterator[Line]:
    """One value a line: first what this is, then images, pages, addresses, and what was said."""
    yield {"kind": "catalogue", "format": FORMAT}
    for row in db.execute("SELECT * FROM image ORDER BY sha256").fetchall():
        yield _image_line(db, row)
    for row in db.execute("SELECT * FROM page ORDER BY address").fetchall():
        yield _page_line(db, row)
    for row in db.execute(
        "SELECT url, page, (SELECT sha256 FROM image WHERE id = image_id) AS image, outcome,"
        " detail, etag, last_modified, tried, attempts FROM address ORDER BY url"
    ).fetchall():
        yield {"kind": "address"} | dict(row)
    for kind, sql in _SAID.items():
        for row in db.execute(sql).fetchall():
            yield {"kind": kind} | dict(row)


_SAID = {
    "correction": "SELECT picture, field, value, note, made FROM correction ORDER BY 1, 2",
    "forgotten": "SELECT sha256, note, made FROM forgotten ORDER BY 1",
    "saved_search": "SELECT name, query, made FROM saved_search ORDER BY 1",
}


def _image_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    image = rows.image_from(row, seen.beside(db, "image_statement", "image_id", row["id"]))
    return {"kind": "image", "added": row["added"]} | dataclasses.asdict(image)


def _page_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    page = rows.page_from(row, seen.beside(db, "page_note", "page_id", row["id"]))
    told = dataclasses.asdict(page)
    del told["images"]
    snapshot = {
        name: row[f"snapshot_{name}"]
        for name in ("sha256", "file", "bytes", "media_type", "charset")
    }
    return {
        "kind": "page",
        "address": row["address"],
        "alone": bool(row["alone"]),
        "page": told,
        "outcome": row["outcome"],
        "detail": row["detail"],
        "fetched": row["fetched"],
        "etag": row["etag"],
        "last_modified": row["last_modified"],
        "snapshot": snapshot if snapshot["file"] else None,
        "appearances": [
            _appearance_line(db, appearance)
            for appearance in db.execute(
                "SELECT *, (SELECT sha256 FROM image WHERE id = image_id) AS image FROM appearance"
                " WHERE page_id = ? ORDER BY place, picture",
                (row["id"],),
            ).fetchall()
        ],
    }


def _appearance_line(db: sqlite3.Connection, row: sqlite3.Row) -> Line:
    return dataclasses.asdict(seen.appearance(db, row)) | {
        "image": row["image"],
        "asked": row["asked"],
        "outcome": row["outcome"],
        "detail": row["detail"],
    }


# --- in ---------------------------------------------------------------------------------------


def load(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    """Take one line in, inside the transaction that the caller has begun.

    What the catalogue has and knows better, because it is newer, stays.

    Args:
        db: The database.
        line: As :func:`dump` gave it.

    Returns:
        A conflict in words, where the line says otherwise than the catalogue; None elsewhere.

    Raises:
        ValueError, KeyError, TypeError: It is no such line.
    """
    kind = line["kind"]
    if kind == "catalogue":
        if line["format"] > FORMAT:
            raise ValueError("it was made by a newer version: update mars-image-catalogue")
        return None
    if kind == "image":
        return _load_image(db, line)
    if kind == "page":
        return _load_page(db, line)
    if kind == "address":
        return _load_address(db, line)
    if kind == "correction":
        return _load_correction(db, line)
    if kind == "forgotten":
        return _load_forgotten(db, line)
    if kind == "saved_search":
        return _load_saved_search(db, line)
    raise ValueError(f"unknown kind {kind!r}")


def files_of(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Relative path and SHA-256 of the files that a line names.

    Raises:
        ValueError: A path is not that of a file named by its content.
    """
    if line["kind"] == "image":
        return [_named(line["file"], line["id"], IMAGES)]
    if line["kind"] == "page" and line["snapshot"]:
        return [_named(line["snapshot"]["file"], line["snapshot"]["sha256"], PAGES)]
    return []


def _named(file: str, sha256: str, kind: str) -> tuple[str, str]:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is no SHA-256")
    if not re.fullmatch(rf"{kind}/{sha256[:2]}/{sha256}(\.[a-z0-9]{{1,8}})?", file):
        raise ValueError(f"{file!r} is not named by its content")
    return file, sha256


def _load_image(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    if line["id"] in said.forgotten(db):
        return f"picture {line['id'][:12]} is there, and was forgotten here: it is left out"
    known = db.execute("SELECT added FROM image WHERE sha256 = ?", (line["id"],)).fetchone()
    if known:
        if line["added"] < known["added"]:
            db.execute("UPDATE image SET added = ? WHERE sha256 = ?", (line["added"], line["id"]))
        return None
    facts = dict(line["facts"])
    facts["embedded"] = _statements(facts["embedded"])
    image = StoredImage(
        id=line["id"], file=line["file"], bytes=line["bytes"], facts=ImageFacts(**facts)
    )
    seen.keep_image(db, image, line["added"])
    return None


def _load_page(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    known = seen.page(db, line["address"])
    ours_is_newer = known is not None and known.fetched >= line["fetched"]
    gathered = []
    unwanted = said.forgotten(db)
    for shown in line["appearances"]:
        one = _gathered(shown, line)
        if one.outcome.image in unwanted:
            continue
        if ours_is_newer and _have_appearance(db, line["address"], one):
            continue
        gathered.append(one)
    told = dict(line["page"])
    told["notes"] = tuple(told["notes"])
    snapshot = line["snapshot"]
    harvested = Harvested(
        address=line["address"],
        page=Page(**told, images=tuple(one.appearance for one in gathered)),
        outcome=Outcome(
            kind="image" if line["alone"] else "page",
            url=line["address"],
            page=line["address"],
            outcome=line["outcome"],
            detail=line["detail"],
        ),
        gathered=tuple(gathered),
        snapshot=Snapshot(**snapshot) if snapshot else None,
        validators=Validators(etag=line["etag"], last_modified=line["last_modified"]),
        fetched=line["fetched"],
    )
    if known is not None and ours_is_newer:
        same = dataclasses.replace(harvested.outcome, outcome="unchanged")
        harvested = dataclasses.replace(harvested, outcome=same, fetched=known.fetched)
    seen.keep(db, harvested, addresses=False)
    return None


def _gathered(shown: Mapping[str, Any], line: Mapping[str, Any]) -> Gathered:
    fields = {
        name: shown[name]
        for name in ("url", "title", "caption", "credit", "alt")
    }  # fmt: skip
    appearance = Appearance(
        **fields,
        alternatives=tuple(shown["alternatives"]),
        larger=tuple(shown["larger"]),
        role=Role(shown["role"]),
        statements=_statements(shown["statements"]),
        evidence=tuple(Evidence(**one) for one in shown["evidence"]),
    )
    return Gathered(
        appearance=appearance,
        outcome=Outcome(
            kind="image",
            url=appearance.url,
            page=line["address"],
            outcome=shown["outcome"],
            image=shown["image"],
            detail=shown["detail"],
        ),
        asked=shown["asked"],
    )


def _have_appearance(db: sqlite3.Connection, address: str, gathered: Gathered) -> bool:
    found = db.execute(
        "SELECT 1 FROM appearance WHERE place = ? AND picture = ?"
        " AND page_id = (SELECT id FROM page WHERE address = ?)",
        (rows.place_of(gathered.appearance), rows.picture_of(address, gathered), address),
    )
    return found.fetchone() is not None


def _statements(stated: list[Mapping[str, Any]]) -> tuple[Statement, ...]:
    return tuple(Statement(**one) for one in stated)


def _load_address(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    db.execute(
        "INSERT INTO address (url, page, image_id, outcome, detail, etag, last_modified, tried,"
        " attempts) VALUES (:url, :page, (SELECT id FROM image WHERE sha256 = :image), :outcome,"
        " :detail, :etag, :last_modified, :tried, :attempts) ON CONFLICT (url) DO UPDATE SET"
        " page = excluded.page, image_id = coalesce(excluded.image_id, image_id),"
        " outcome = excluded.outcome, detail = excluded.detail, etag = excluded.etag,"
        " last_modified = excluded.last_modified, tried = excluded.tried,"
        " attempts = excluded.attempts WHERE excluded.tried > tried",
        dict(line),
    )
    return None


def _load_correction(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    known = db.execute(
        "SELECT value, made FROM correction WHERE picture = ? AND field = ?",
        (line["picture"], line["field"]),
    ).fetchone()
    newer = known is None or line["made"] > known["made"]
    if newer:
        db.execute(
            "INSERT INTO correction (picture, field, value, note, made)"
            " VALUES (:picture, :field, :value, :note, :made) ON CONFLICT (picture, field)"
            " DO UPDATE SET value = excluded.value, note = excluded.note, made = excluded.made",
            dict(line),
        )
        seen.mark_stale(db, [line["picture"]])
    if known is None or known["value"] == line["value"]:
        return None
    kept = line["value"] if newer else known["value"]
    return (
        f"picture {line['picture'][:12]}: {line['field']} is {line['value'] or 'none'} there and"
        f" {known['value'] or 'none'} here; the later word stays, {kept or 'none'}"
    )


def _load_forgotten(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    key = line["sha256"]
    if db.execute("SELECT 1 FROM appearance WHERE picture = ?", (key,)).fetchone():
        return f"picture {key[:12]} is here, and was forgotten there: it stays"
    db.execute(
        "INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?)", (key, line["note"], line["made"])
    )
    return None


def _load_saved_search(db: sqlite3.Connection, line: Mapping[str, Any]) -> str | None:
    known = searching.saved_searches(db).get(line["name"])
    if known is None:
        said.save_search(db, line["name"], line["query"], line["made"])
    elif known != line["query"]:
        return f"the saved search {line['name']!r} is another one there: ours stays"
    return None
