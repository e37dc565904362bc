"""The tables, in SQL that a stranger can read, and how older catalogues are brought up to date.

The comments in the SQL are the one place where tables and columns are explained: SQLite keeps them
with the tables (``.schema`` shows them), table ``description`` and ``docs/reference/schema.md`` are
made from them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalogue.query.words import TOKENIZER

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4D415253
"""Tells our files from other SQLite files: «MARS» in ASCII (``PRAGMA application_id``)."""

VERSION = 1
"""Number of the format (``PRAGMA user_version``): how many migrations have been made."""

SEEN = """
-- An article as it was harvested, or a picture that was named by itself.
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,        -- what it was asked for by, free of credentials
    alone INTEGER NOT NULL DEFAULT 0,    -- 1 for a picture that was named by itself
    url TEXT,                            -- what it calls itself (canonical address)
    title TEXT,
    author TEXT,
    published TEXT,                      -- ISO 8601, as precise as the page is
    publisher TEXT,
    language TEXT,                       -- BCP 47 tag that the page declares
    outcome TEXT NOT NULL,               -- of the last harvest: ok, failed:http-404, ...
    detail TEXT NOT NULL DEFAULT '',     -- the same in words
    complete INTEGER NOT NULL DEFAULT 1, -- 0 while pictures of it are still to be had
    fetched TEXT NOT NULL DEFAULT '',    -- when it was last asked for, ISO 8601 UTC
    etag TEXT,                           -- to ask conditionally; of a file, a mark of its content
    last_modified TEXT,                  -- to ask conditionally
    snapshot_sha256 TEXT,                -- of the page's own bytes
    snapshot_file TEXT,                  -- where they are kept, relative to this folder
    snapshot_bytes INTEGER,
    snapshot_media_type TEXT,            -- as declared
    snapshot_charset TEXT                -- as declared
);
-- What of a page could not be read, and why.
CREATE TABLE page_note (
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (page_id, position)
) WITHOUT ROWID;
-- The very bytes of a picture.
CREATE TABLE image (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,         -- of the bytes; the picture's ID
    suffix TEXT NOT NULL,                -- of the file's name: .jpg
    file TEXT AS ('images/' || substr(sha256, 1, 2) || '/' || sha256 || suffix), -- relative path
    bytes INTEGER NOT NULL,
    format TEXT NOT NULL,                -- JPEG, PNG, TIFF, ...
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,              -- pixels, as shown upright
    height INTEGER NOT NULL,             -- pixels, as shown upright
    frames INTEGER NOT NULL DEFAULT 1,
    mode TEXT NOT NULL DEFAULT 'RGB',    -- layout of a pixel: RGB, L, I;16
    fingerprint INTEGER,                 -- 64-bit difference hash; null for a flat picture
    colour TEXT NOT NULL DEFAULT '#808080', -- average
    damage TEXT,                         -- what is wrong with it, if anything
    added TEXT NOT NULL DEFAULT ''       -- when it was first had, ISO 8601 UTC
);
CREATE INDEX image_band_1 ON image((fingerprint & 65535), fingerprint);
CREATE INDEX image_band_2 ON image((fingerprint >> 16 & 65535), fingerprint);
CREATE INDEX image_band_3 ON image((fingerprint >> 32 & 65535), fingerprint);
CREATE INDEX image_band_4 ON image((fingerprint >> 48 & 65535), fingerprint);
-- Caption, credit, date ... embedded in the file (IPTC, XMP, EXIF).
CREATE TABLE image_statement (
    image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,                  -- credit, description, taken, ...
    value TEXT NOT NULL,                 -- as stated
    stated_in TEXT NOT NULL,             -- the field: IPTC 2:110, XMP photoshop:Credit
    PRIMARY KEY (image_id, position)
) WITHOUT ROWID;
-- One picture on one page, with what that page says of it.
CREATE TABLE appearance (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    place TEXT NOT NULL,                 -- tells it from the page's others: address, or the words
    picture TEXT NOT NULL,               -- ID: SHA-256 of the bytes, else of page, place and words
    image_id INTEGER REFERENCES image(id), -- null where no bytes could be had
    url TEXT AS (iif(substr(place, 1, 5) = 'text:', NULL, place)), -- as the page gives it
    asked TEXT,                          -- address that was really asked
    role TEXT NOT NULL,                  -- lead or content
    title TEXT,
    caption TEXT,                        -- without the credit
    credit TEXT,                         -- as published, to the letter
    alt TEXT,                            -- alternative text
    outcome TEXT NOT NULL,               -- stored, failed:timeout, ...
    detail TEXT NOT NULL DEFAULT ''      -- the same in words
);
CREATE INDEX appearance_page ON appearance(page_id);
CREATE INDEX appearance_picture ON appearance(picture);
CREATE INDEX appearance_image ON appearance(image_id);
-- Further addresses of a picture, best first.
CREATE TABLE appearance_address (
    appearance_id INTEGER NOT NULL REFERENCES appearance(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    larger INTEGER NOT NULL DEFAULT 0,   -- 1 where convention yields it, 0 where the page names it
    url TEXT NOT NULL,
    PRIMARY KEY (appearance_id, position)
) WITHOUT ROWID;
-- What a page states of a picture in fields of their own.
CREATE TABLE appearance_statement (
    appearance_id INTEGER NOT NULL REFERENCES appearance(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,                  -- spacecraft, taken, credit, ...
    value TEXT NOT NULL,                 -- as stated
    stated_in TEXT NOT NULL,             -- the field as the page calls it
    PRIMARY KEY (appearance_id, position)
) WITHOUT ROWID;
-- Which rule found picture, caption and credit on the page.
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
-- What a picture's address gave when it was last asked.
CREATE TABLE address (
    url TEXT PRIMARY KEY,
    page TEXT,                           -- first by its address of the pages that show it
    image_id INTEGER REFERENCES image(id), -- the last image that it gave
    outcome TEXT NOT NULL,               -- stored, unchanged, failed:http-404, ...
    detail TEXT NOT NULL DEFAULT '',     -- the same in words
    etag TEXT,                           -- to ask conditionally
    last_modified TEXT,                  -- to ask conditionally
    tried TEXT NOT NULL DEFAULT '',      -- when, ISO 8601 UTC
    attempts INTEGER NOT NULL DEFAULT 1  -- how often it was asked
) WITHOUT ROWID;
CREATE INDEX address_image ON address(image_id);
-- What a host asks of its guests.
CREATE TABLE host (
    origin TEXT PRIMARY KEY,             -- scheme, host and port
    robots TEXT,                         -- its robots.txt; empty where it has none
    robots_read TEXT,                    -- when that was had, ISO 8601 UTC; asked for daily
    rests_until TEXT                     -- until when it wants to be asked nothing, ISO 8601 UTC
) WITHOUT ROWID;
-- Bookkeeping: pictures of which something was seen or said since the last index.
CREATE TABLE stale (
    picture TEXT PRIMARY KEY,            -- ID
    times INTEGER NOT NULL DEFAULT 1     -- counts up, so that nothing new is taken for done
) WITHOUT ROWID;
"""

DERIVED = f"""
-- Terms of use, as the registry knows them.
CREATE TABLE rights (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    statement TEXT NOT NULL,             -- what the terms say, in our words
    licence TEXT,                        -- CC BY-SA 3.0 IGO; null for terms that are no licence
    url TEXT,                            -- page of the terms
    source TEXT NOT NULL                 -- how far this was verified
) WITHOUT ROWID;
-- One row a picture: the verdicts, corrections applied. This is the table to search.
CREATE TABLE picture (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,            -- the picture's ID, as in appearance.picture
    spacecraft TEXT,                     -- who took it (slug)
    instrument TEXT,                     -- with which camera (slug)
    kind TEXT,                           -- photo, map, artwork, ...
    title TEXT,
    caption TEXT,
    alt TEXT,                            -- alternative text
    credit TEXT,                         -- as published, or as a person corrected it
    credit_normal TEXT,                  -- its normal form: NASA/JPL-Caltech/MSSS
    licence TEXT,                        -- normal form of the licence that the credit names
    rights TEXT REFERENCES rights(id),
    taken TEXT,                          -- ISO 8601 UTC, as precise as is known
    sol INTEGER,                         -- Martian day of the mission
    place TEXT,
    product_id TEXT,                     -- identifier of the picture in its archive
    confidence REAL NOT NULL DEFAULT 0,  -- 0 to 1, of the spacecraft being right
    review TEXT,                         -- why a person should look at it, a line each
    corrected TEXT,                      -- fields that a person has set, a line each
    suffix TEXT,                         -- of the file's name; null where no bytes were had
    file TEXT AS ('images/' || substr(key, 1, 2) || '/' || key || suffix), -- relative path
    url TEXT,                            -- where the bytes came from
    format TEXT,
    media_type TEXT,
    width INTEGER,                       -- pixels
    height INTEGER,                      -- pixels
    bytes INTEGER,
    colour TEXT,                         -- average, #rrggbb
    damage TEXT,                         -- what is wrong with the file, if anything
    published TEXT,                      -- when the first of its pages was published
    year INTEGER,                        -- of taken, else of published
    names TEXT NOT NULL DEFAULT '',      -- what it is found by beside its texts: names, place, id
    best TEXT,                           -- key of the best file of the same picture; null if alone
    folded INTEGER NOT NULL DEFAULT 0    -- 1 where another file, the best, stands for it
);
CREATE INDEX picture_by_spacecraft
    ON picture(folded, spacecraft, coalesce(taken, published) DESC);
CREATE INDEX picture_by_instrument
    ON picture(folded, instrument, coalesce(taken, published) DESC);
CREATE INDEX picture_by_date ON picture(folded, coalesce(taken, published) DESC);
CREATE INDEX picture_by_best ON picture(best) WHERE best IS NOT NULL;
CREATE INDEX picture_facets ON picture(folded, spacecraft, instrument, credit_normal, year);
-- Two files that show one picture, by the rules: its renditions.
CREATE TABLE rendition (
    one TEXT NOT NULL,                   -- ID, the lesser of the two
    other TEXT NOT NULL,                 -- ID
    why TEXT NOT NULL,                   -- in words
    strength REAL NOT NULL,              -- 0 to 1; stronger pairs are joined first
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX rendition_by_other ON rendition(other);
-- By what files of one picture are proposed to each other.
CREATE TABLE rendition_mark (
    mark INTEGER NOT NULL,               -- hash of an identifier, or of what addresses share
    image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
    PRIMARY KEY (mark, image_id)
) WITHOUT ROWID;
CREATE INDEX rendition_mark_by_image ON rendition_mark(image_id);
-- Spacecraft that are seen in a picture.
CREATE TABLE picture_subject (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    spacecraft TEXT NOT NULL,            -- slug
    PRIMARY KEY (picture_id, spacecraft)
) WITHOUT ROWID;
CREATE INDEX picture_subject_by_spacecraft ON picture_subject(spacecraft);
-- Organisations that the credit names, in its order.
CREATE TABLE picture_organisation (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    organisation TEXT NOT NULL,          -- ID of the registry, else the name with hyphens
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE INDEX picture_organisation_by_id ON picture_organisation(organisation);
-- People that the credit names.
CREATE TABLE picture_person (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
-- Agencies that passed a picture on and did not make it.
CREATE TABLE picture_distributor (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    distributor TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
-- Pages that show a picture, first harvested first.
CREATE TABLE picture_page (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,                   -- of the page; its file where it gives no address
    site TEXT NOT NULL,                  -- host without www.; empty for a file
    title TEXT NOT NULL,                 -- empty where the page has none
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE INDEX picture_page_by_site ON picture_page(site);
-- What each verdict rests on, strongest first.
CREATE TABLE evidence (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,                 -- where the words stand: caption, file name, XMP ...
    text TEXT NOT NULL,                  -- the words, to the letter
    says TEXT NOT NULL,                  -- what follows: spacecraft=mro
    rule TEXT NOT NULL,                  -- name of the rule that read them
    weight REAL NOT NULL,                -- how much it counted, 0 to 1
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
-- What speaks against a verdict, in words.
CREATE TABLE contradiction (
    picture_id INTEGER NOT NULL REFERENCES picture(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
-- Every word of the texts, folded and unstemmed: what a search for a word's beginning looks up.
CREATE TABLE word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
-- Full-text index (FTS5) over table picture; its rowid is picture.id.
CREATE VIRTUAL TABLE picture_fts USING fts5(
    title, caption, credit, alt, names,
    content="picture", content_rowid="id", tokenize='{TOKENIZER}'
);
"""

DERIVED_TABLES = (
    "picture_fts", "word", "contradiction", "evidence", "picture_page", "picture_distributor",
    "picture_person", "picture_organisation", "picture_subject", "rendition", "rendition_mark",
    "picture", "rights",
)  # fmt: skip
"""In the order in which they can be dropped."""

SAID = """
-- What a person corrected; outranks everything derived.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    picture TEXT NOT NULL,               -- ID, as in appearance.picture
    field TEXT NOT NULL,                 -- spacecraft, instrument, subject, credit, caption, ...
    value TEXT,                          -- null says that there is nothing
    note TEXT NOT NULL DEFAULT '',       -- why
    made TEXT NOT NULL,                  -- when, ISO 8601 UTC
    UNIQUE (picture, field)
);
-- Pictures that a person removed and does not want again.
CREATE TABLE forgotten (
    sha256 TEXT PRIMARY KEY,             -- ID
    note TEXT NOT NULL DEFAULT '',       -- why
    made TEXT NOT NULL                   -- when, ISO 8601 UTC
) WITHOUT ROWID;
-- Queries that a person keeps under a name.
CREATE TABLE saved_search (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,                 -- in the search language
    made TEXT NOT NULL                   -- when, ISO 8601 UTC
) WITHOUT ROWID;
"""

DESCRIPTION = """
-- This table: what the others, and their columns, mean.
CREATE TABLE description (
    table_name TEXT NOT NULL,
    column_name TEXT NOT NULL,           -- empty for the table as a whole
    written_by TEXT NOT NULL,            -- seen (harvest), derived (index), said (a person), ours
    what TEXT NOT NULL,
    PRIMARY KEY (table_name, column_name)
) WITHOUT ROWID;
"""

GROUPS = {"seen": SEEN, "derived": DERIVED, "said": SAID, "ours": DESCRIPTION}
"""Who writes them, and the tables."""


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: ``executescript`` would commit the transaction."""
    rest = ""
    for line in script.strip().splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            yield rest.strip()
            rest = ""


def described() -> Iterator[tuple[str, str, str, str, str]]:
    """Who writes it, table, column (empty for the table itself), type, and what it means."""
    in_table = re.compile(r"(?:-- (?P<what>.+)\n)?CREATE (?:VIRTUAL )?TABLE (?P<name>\w+)")
    in_column = re.compile(
        r"^ {4}(?P<name>[a-z]\w*) (?P<type>[A-Z]+)\b[^-\n]*(?:-- (?P<what>.+))?$", re.MULTILINE
    )
    for writer, script in GROUPS.items():
        for statement in statements(script):
            table = in_table.match(statement)
            if table is None:
                continue
            yield writer, table["name"], "", "", table["what"] or ""
            for column in in_column.finditer(statement):
                yield writer, table["name"], column["name"], column["type"], column["what"] or ""


def manual() -> str:
    """The tables in Markdown, for the manual."""
    lines: list[str] = []
    for writer, table, column, kind, what in described():
        if not column:
            lines += ["", f"### `{table}`", "", f"{what} Written by: {_WRITERS[writer]}.", ""]
            if table != "picture_fts":
                lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        else:
            lines.append(f"| `{column}` | {kind.lower()} | {what} |".replace("|  |", "| |"))
    return "\n".join(lines).strip() + "\n"


_WRITERS = {
    "seen": "a harvest",
    "derived": "the index",
    "said": "a person",
    "ours": "the program, when it makes or upgrades the database",
}


def make_derived_anew(connection: sqlite3.Connection) -> None:
    """Drop all derived tables, damaged ones too, and make them empty."""
    for table in DERIVED_TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(DERIVED):
        connection.execute(statement)


def indices() -> dict[str, str]:
    """Statements that make the indices, by name: all but those that keep a column unique."""
    made = (one for script in GROUPS.values() for one in statements(script))
    return {
        found[1]: found[0]
        for one in made
        if (found := re.search(r"CREATE INDEX (\w+).*", one, re.S))
    }


def drop_indices(connection: sqlite3.Connection) -> None:
    """Drop the indices: to make them of many rows at once is a fifth of the work."""
    for name in indices():
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def missing_indices(connection: sqlite3.Connection) -> list[str]:
    """Statements that make the indices that are not there."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")
    there = {name for (name,) in found.fetchall()}
    return [statement for name, statement in indices().items() if name not in there]


# --- migrations -------------------------------------------------------------------------------


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database up to date, inside the transaction that the caller has begun.

    A migration that was published is never changed: a change of the tables is one more of them,
    and whoever changes what is derived marks all pictures as stale.

    Args:
        connection: To an empty database, or one of an older format of ours.
    """
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("catalogue")

    @migrations(name="0001 first tables")
    def first_tables(db: Database) -> None:
        for script in GROUPS.values():
            for statement in statements(script):
                db.execute(statement)

    db = Database(connection)
    migrations.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.table("description").upsert_all(
        {"table_name": table, "column_name": column, "written_by": writer, "what": what}
        for writer, table, column, _, what in described()
    )
