"""The tables, in SQL that a stranger can read, and how older catalogues are brought up to date.

``docs/reference/schema.md`` shows the same tables; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.query import TOKENIZER

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4D415253
"""Tells our files from other SQLite files: «MARS» in ASCII (``PRAGMA application_id``)."""

VERSION = 1
"""Number of the schema (``PRAGMA user_version``): how many migrations have been applied."""

SEEN = """
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    url TEXT,
    title TEXT,
    author TEXT,
    published TEXT,
    publisher TEXT,
    language TEXT,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    complete INTEGER NOT NULL DEFAULT 1,
    fetched TEXT NOT NULL DEFAULT '',
    etag TEXT,
    last_modified TEXT,
    snapshot_sha256 TEXT,
    snapshot_file TEXT,
    snapshot_bytes INTEGER,
    snapshot_media_type TEXT,
    snapshot_charset TEXT
);
CREATE TABLE page_note (
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (page_id, position)
) WITHOUT ROWID;
CREATE TABLE image (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    format TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    frames INTEGER NOT NULL DEFAULT 1,
    mode TEXT NOT NULL DEFAULT 'RGB',
    fingerprint INTEGER,
    colour TEXT NOT NULL DEFAULT '#808080',
    damage TEXT,
    added TEXT NOT NULL DEFAULT ''
);
CREATE TABLE image_statement (
    image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    stated_in TEXT NOT NULL,
    PRIMARY KEY (image_id, position)
) WITHOUT ROWID;
CREATE TABLE appearance (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    picture TEXT NOT NULL,
    image_id INTEGER REFERENCES image(id),
    url TEXT,
    asked TEXT,
    role TEXT NOT NULL,
    title TEXT,
    caption TEXT,
    credit TEXT,
    alt TEXT,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (page_id, place, picture)
);
CREATE INDEX appearance_picture ON appearance(picture);
CREATE INDEX appearance_image ON appearance(image_id);
CREATE TABLE appearance_address (
    appearance_id INTEGER NOT NULL REFERENCES appearance(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (appearance_id, position)
) WITHOUT ROWID;
CREATE TABLE appearance_statement (
    appearance_id INTEGER NOT NULL REFERENCES appearance(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    stated_in TEXT NOT NULL,
    PRIMARY KEY (appearance_id, position)
) WITHOUT ROWID;
CREATE TABLE appearance_evidence (
    appearance_id INTEGER NOT NULL REFERENCES appearance(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    says TEXT NOT NULL,
    rule TEXT NOT NULL,
    weight REAL NOT NULL,
    PRIMARY KEY (appearance_id, position)
) WITHOUT ROWID;
CREATE TABLE address (
    url TEXT PRIMARY KEY,
    page TEXT,
    image_id INTEGER REFERENCES image(id),
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    etag TEXT,
    last_modified TEXT,
    tried TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE INDEX address_image ON address(image_id);
CREATE TABLE stale (
    picture TEXT PRIMARY KEY
) WITHOUT ROWID;
"""

DERIVED = f"""
CREATE TABLE rights (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    statement TEXT NOT NULL,
    licence TEXT,
    url TEXT,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE picture (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    spacecraft TEXT,
    instrument TEXT,
    kind TEXT,
    title TEXT,
    caption TEXT,
    alt TEXT,
    credit TEXT,
    credit_normal TEXT,
    licence TEXT,
    rights TEXT REFERENCES rights(id),
    taken TEXT,
    sol INTEGER,
    place TEXT,
    product_id TEXT,
    confidence REAL NOT NULL DEFAULT 0,
    review TEXT,
    corrected TEXT,
    file TEXT,
    url TEXT,
    format TEXT,
    media_type TEXT,
    width INTEGER,
    height INTEGER,
    bytes INTEGER,
    colour TEXT,
    damage TEXT,
    fingerprint INTEGER,
    published TEXT,
    year INTEGER,
    names TEXT NOT NULL DEFAULT ''
);
CREATE INDEX picture_by_spacecraft ON picture(spacecraft, taken DESC, key);
CREATE INDEX picture_by_instrument ON picture(instrument, taken DESC, key);
CREATE INDEX picture_by_product ON picture(product_id);
CREATE INDEX picture_facets ON picture(spacecraft, instrument, credit_normal, year);
CREATE TABLE picture_subject (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    spacecraft TEXT NOT NULL,
    PRIMARY KEY (picture_id, spacecraft)
) WITHOUT ROWID;
CREATE INDEX picture_subject_by_spacecraft ON picture_subject(spacecraft);
CREATE TABLE picture_organisation (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE INDEX picture_organisation_by_id ON picture_organisation(organisation);
CREATE TABLE picture_person (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE TABLE picture_distributor (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    distributor TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE TABLE picture_page (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE INDEX picture_page_by_site ON picture_page(site);
CREATE TABLE evidence (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    says TEXT NOT NULL,
    rule TEXT NOT NULL,
    weight REAL NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE TABLE contradiction (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE TABLE word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE VIRTUAL TABLE picture_fts USING fts5(
    title, caption, credit, alt, names,
    content='picture', content_rowid='id', tokenize='{TOKENIZER}'
);
CREATE TRIGGER picture_added AFTER INSERT ON picture BEGIN
    INSERT INTO picture_fts(rowid, title, caption, credit, alt, names)
    VALUES (new.id, new.title, new.caption, new.credit, new.alt, new.names);
END;
CREATE TRIGGER picture_removed AFTER DELETE ON picture BEGIN
    INSERT INTO picture_fts(picture_fts, rowid, title, caption, credit, alt, names)
    VALUES ('delete', old.id, old.title, old.caption, old.credit, old.alt, old.names);
END;
CREATE TRIGGER picture_changed AFTER UPDATE OF title, caption, credit, alt, names ON picture BEGIN
    INSERT INTO picture_fts(picture_fts, rowid, title, caption, credit, alt, names)
    VALUES ('delete', old.id, old.title, old.caption, old.credit, old.alt, old.names);
    INSERT INTO picture_fts(rowid, title, caption, credit, alt, names)
    VALUES (new.id, new.title, new.caption, new.credit, new.alt, new.names);
END;
"""

DERIVED_TABLES = (
    "picture_fts", "word", "contradiction", "evidence", "picture_page", "picture_distributor",
    "picture_person", "picture_organisation", "picture_subject", "picture", "rights",
)  # fmt: skip
"""In the order in which they can be dropped."""

SAID = """
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    picture TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    note TEXT NOT NULL DEFAULT '',
    made TEXT NOT NULL,
    UNIQUE (picture, field)
);
"""

DESCRIPTIONS: dict[str, str] = {
    "page": "seen: an article as it was harvested; url is what it calls itself",
    "page_note": "seen: what of a page could not be read, and why",
    "image": "seen: the very bytes of a picture, by their SHA-256; file is relative to this folder",
    "image_statement": "seen: caption, credit, date ... embedded in the file (IPTC, XMP, EXIF)",
    "appearance": (
        "seen: one picture on one page with what that page says of it; picture is the SHA-256 of"
        " the bytes, or of page, place, caption and credit where no bytes could be had"
    ),
    "appearance_address": "seen: other addresses of the picture that the page names, best first",
    "appearance_statement": "seen: what the page states of the picture in fields of their own",
    "appearance_evidence": "seen: which rule found picture, caption and credit",
    "address": "seen: what each picture's address gave when it was last asked",
    "stale": "bookkeeping: pictures of which something was seen or said since the last index",
    "rights": "derived: terms of use, as the registry knows them",
    "picture": "derived: one row a picture, the verdicts with corrections applied; search this",
    "picture_subject": "derived: spacecraft that are seen in the picture",
    "picture_organisation": "derived: organisations that the credit names, in its order",
    "picture_person": "derived: people that the credit names",
    "picture_distributor": "derived: agencies that passed the picture on",
    "picture_page": "derived: pages that show the picture, first harvested first",
    "evidence": "derived: what each verdict rests on, strongest first",
    "contradiction": "derived: what speaks against a verdict, in words",
    "word": "derived: every word of the texts, unstemmed, for prefix searches",
    "picture_fts": "derived: full-text index (FTS5) over picture",
    "correction": "said: what a person corrected; outranks everything derived",
    "description": "this table",
}
"""What each table is, for whoever opens the file without this program."""


def apply_migrations(db: Database) -> None:
    """Bring a database up to date, each step in a transaction of its own.

    Args:
        db: An empty database, or one of an older version of ours.
    """
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("catalogue")

    @migrations(name="0001 first tables")
    def first_tables(db: Database) -> None:
        for statement in statements(SEEN + DERIVED + SAID):
            db.execute(statement)
        db.table("description").insert_all(
            ({"name": name, "what": what} for name, what in DESCRIPTIONS.items()), pk="name"
        )
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")

    migrations.apply(db)


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: ``executescript`` would commit the transaction."""
    import sqlite3

    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found
