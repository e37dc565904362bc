"""The tables, in SQL that a stranger can read, and how older catalogues are brought up to date.

The comments in the SQL are the one place where tables and columns are explained: SQLite keeps them
with the tables (``.schema`` shows them), table ``description`` and ``docs/reference/schema.md`` are
made from them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from catalogue.query.words import TOKENIZER
from catalogue.store.records import FOLDED

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4D415253
"""Tells our files from other SQLite files: «MARS» in ASCII (``PRAGMA application_id``)."""

VERSION = 1
"""Number of the format (``PRAGMA user_version``): how many migrations have been made."""

SEEN = """
-- Every picture under a number of ours, by which the other tables know it.
CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL                    -- the picture's ID: SHA-256 of its bytes, else of words
);
CREATE UNIQUE INDEX identity_by_key ON identity(key);
-- An article as it was harvested, or a picture that was named by itself.
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,        -- what it was asked for by, free of credentials
    alone INTEGER NOT NULL DEFAULT 0,    -- 1 for a picture that was named by itself
    url TEXT,                            -- what it calls itself (canonical address)
    site TEXT NOT NULL DEFAULT '',       -- host without www.; empty for a file
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
CREATE INDEX page_by_site ON page(site);
-- What of a page could not be read, and why.
CREATE TABLE page_note (
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (page_id, position)
) WITHOUT ROWID;
-- The very bytes of a picture.
CREATE TABLE image (
    id INTEGER PRIMARY KEY REFERENCES identity(id),
    suffix TEXT NOT NULL,                -- of the file's name, which is its SHA-256: .jpg
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
    picture_id INTEGER NOT NULL REFERENCES identity(id),
    place TEXT NOT NULL,                 -- tells it from the page's others: address, or the words
    url TEXT AS (iif(substr(place, 1, 5) = 'text:', NULL, place)), -- as the page gives it
    asked TEXT,                          -- address that was really asked; empty where it is place
    role TEXT NOT NULL,                  -- lead or content
    title TEXT,
    caption TEXT,                        -- without the credit
    credit TEXT,                         -- as published, to the letter
    alt TEXT,                            -- alternative text
    outcome TEXT NOT NULL,               -- stored, failed:timeout, ...
    detail TEXT NOT NULL DEFAULT ''      -- the same in words
);
CREATE INDEX appearance_page ON appearance(page_id);
CREATE INDEX appearance_picture ON appearance(picture_id);
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
-- Credit lines as published, each once, and what they say.
CREATE TABLE credit (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE,           -- as published, or as a person corrected it
    normal TEXT,                         -- its normal form: NASA/JPL-Caltech/MSSS
    licence TEXT,                        -- normal form of the licence that it names
    rights TEXT REFERENCES rights(id)
);
-- Organisations that a credit line names, in its order.
CREATE TABLE credit_organisation (
    credit_id INTEGER NOT NULL REFERENCES credit(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    organisation TEXT NOT NULL,          -- ID of the registry, else the name with hyphens
    PRIMARY KEY (credit_id, position)
) WITHOUT ROWID;
-- People that a credit line names.
CREATE TABLE credit_person (
    credit_id INTEGER NOT NULL REFERENCES credit(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (credit_id, position)
) WITHOUT ROWID;
-- Agencies that passed a picture on and did not make it, as a credit line names them.
CREATE TABLE credit_distributor (
    credit_id INTEGER NOT NULL REFERENCES credit(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    distributor TEXT NOT NULL,
    PRIMARY KEY (credit_id, position)
) WITHOUT ROWID;
-- Names of a spacecraft and its camera, by which their pictures are found beside their texts.
CREATE TABLE naming (
    id INTEGER PRIMARY KEY,
    names TEXT NOT NULL UNIQUE
);
-- What the rules made of a picture, corrections applied. View picture has all of it at once.
CREATE TABLE verdict (
    id INTEGER PRIMARY KEY REFERENCES identity(id),
    folded INTEGER NOT NULL DEFAULT 0,   -- 1 where another file, the best, stands for it
    spacecraft TEXT,                     -- who took it (slug)
    instrument TEXT,                     -- with which camera (slug)
    kind TEXT,                           -- photo, map, artwork, ...
    credit_id INTEGER REFERENCES credit(id),
    taken TEXT,                          -- ISO 8601 UTC, as precise as is known
    published TEXT,                      -- when the first of its pages was published
    year INTEGER,                        -- of taken, else of published
    sol INTEGER,                         -- Martian day of the mission
    place TEXT,
    product_id TEXT,                     -- identifier of the picture in its archive
    naming_id INTEGER REFERENCES naming(id),
    best_id INTEGER REFERENCES identity(id), -- best file of the same picture; null if alone
    words_of INTEGER,                    -- appearance of it that says what is null in the next four
    title TEXT,                          -- empty where there is none, though words_of has one
    caption TEXT,                        -- likewise
    alt TEXT,                            -- likewise
    url TEXT,                            -- likewise
    confidence REAL NOT NULL DEFAULT 0,  -- 0 to 1, of the spacecraft being right
    review TEXT,                         -- why a person should look at it, a line each
    corrected TEXT                       -- fields that a person has set, a line each
);
CREATE INDEX verdict_by_spacecraft
    ON verdict(folded, spacecraft, coalesce(taken, published) DESC);
CREATE INDEX verdict_by_instrument
    ON verdict(folded, instrument, coalesce(taken, published) DESC);
CREATE INDEX verdict_by_date ON verdict(folded, coalesce(taken, published) DESC);
CREATE INDEX verdict_by_sol ON verdict(folded, sol) WHERE sol IS NOT NULL;
CREATE INDEX verdict_to_review
    ON verdict(folded, coalesce(taken, published) DESC) WHERE review IS NOT NULL;
CREATE INDEX verdict_by_best ON verdict(best_id) WHERE best_id IS NOT NULL;
CREATE INDEX verdict_by_credit ON verdict(credit_id);
CREATE INDEX verdict_facets ON verdict(folded, spacecraft, instrument, credit_id, year);
-- When a page says something else of a picture, the verdict keeps its words until the next index.
CREATE TRIGGER appearance_says_otherwise BEFORE UPDATE OF title, caption, alt, place ON appearance
WHEN (old.title, old.caption, old.alt, old.place)
    IS NOT (new.title, new.caption, new.alt, new.place)
BEGIN
    UPDATE verdict SET words_of = NULL, title = coalesce(title, old.title),
        caption = coalesce(caption, old.caption), alt = coalesce(alt, old.alt),
        url = coalesce(url, old.url)
    WHERE id = old.picture_id AND words_of = old.id;
END;
CREATE TRIGGER appearance_says_nothing BEFORE DELETE ON appearance
BEGIN
    UPDATE verdict SET words_of = NULL, title = coalesce(title, old.title),
        caption = coalesce(caption, old.caption), alt = coalesce(alt, old.alt),
        url = coalesce(url, old.url)
    WHERE id = old.picture_id AND words_of = old.id;
END;
-- One row a picture, with all that is known of it. This is what to search.
CREATE VIEW picture AS SELECT
    v.id,                                -- as in table identity
    v.id AS rowid,                       -- the same, where tools look for a match of picture_fts
    i.key,                               -- the picture's ID
    v.spacecraft,                        -- who took it (slug)
    v.instrument,                        -- with which camera (slug)
    v.kind,                              -- photo, map, artwork, ...
    nullif(coalesce(v.title, a.title), '') AS title,
    nullif(coalesce(v.caption, a.caption), '') AS caption,
    nullif(coalesce(v.alt, a.alt), '') AS alt, -- alternative text
    c.text AS credit,                    -- as published, or as a person corrected it
    c.normal AS credit_normal,           -- its normal form: NASA/JPL-Caltech/MSSS
    c.licence,                           -- normal form of the licence that the credit names
    c.rights,                            -- ID of table rights
    v.taken,                             -- ISO 8601 UTC, as precise as is known
    v.sol,                               -- Martian day of the mission
    v.place,
    v.product_id,                        -- identifier of the picture in its archive
    v.confidence,                        -- 0 to 1, of the spacecraft being right
    v.review,                            -- why a person should look at it, a line each
    v.corrected,                         -- fields that a person has set, a line each
    m.suffix,                            -- of the file's name; null where no bytes were had
    'images/' || substr(i.key, 1, 2) || '/' || i.key || m.suffix AS file, -- relative path
    nullif(coalesce(v.url, a.url), '') AS url, -- where the bytes came from
    m.format,                            -- JPEG, PNG, TIFF, ...
    m.media_type,
    m.width,                             -- pixels
    m.height,                            -- pixels
    m.bytes,
    m.colour,                            -- average, #rrggbb
    m.damage,                            -- what is wrong with the file, if anything
    v.published,                         -- when the first of its pages was published
    v.year,                              -- of taken, else of published
    coalesce(n.names, '') || coalesce('; ' || v.place, '') || coalesce('; ' || v.product_id, '')
        || iif(v.folded, ' {FOLDED}', '') AS names, -- what it is found by beside its texts
    b.key AS best,                       -- ID of the best file of the same picture; null if alone
    v.folded,                            -- 1 where another file, the best, stands for it
    v.credit_id,                         -- of table credit
    v.best_id,                           -- best, as in table identity
    v.words_of                           -- of table appearance, where it says what this says
FROM verdict v
LEFT JOIN identity i ON i.id = v.id
LEFT JOIN image m ON m.id = v.id
LEFT JOIN appearance a ON a.id = v.words_of
LEFT JOIN credit c ON c.id = v.credit_id
LEFT JOIN naming n ON n.id = v.naming_id
LEFT JOIN identity b ON b.id = v.best_id;
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
    picture_id INTEGER NOT NULL REFERENCES verdict(id) ON DELETE CASCADE,
    spacecraft TEXT NOT NULL,            -- slug
    PRIMARY KEY (picture_id, spacecraft)
) WITHOUT ROWID;
CREATE INDEX picture_subject_by_spacecraft ON picture_subject(spacecraft);
-- Pages that show a picture, first harvested first.
CREATE TABLE shown_on (
    picture_id INTEGER NOT NULL REFERENCES verdict(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
CREATE INDEX shown_on_page ON shown_on(page_id);
-- The same, with what there is to know of the pages.
CREATE VIEW picture_page AS SELECT
    s.picture_id,                        -- of view picture
    s.position,
    coalesce(nullif(page.url, ''), page.address) AS url, -- its file where it gives no address
    page.site,                           -- host without www.; empty for a file
    coalesce(page.title, '') AS title,   -- empty where the page has none
    s.page_id                            -- of table page
FROM shown_on s JOIN page ON page.id = s.page_id;
-- Organisations that the credit of a picture names, in its order.
CREATE VIEW picture_organisation AS SELECT
    v.id AS picture_id,                  -- of view picture
    o.position,
    o.organisation                       -- ID of the registry, else the name with hyphens
FROM verdict v JOIN credit_organisation o ON o.credit_id = v.credit_id;
-- People that the credit of a picture names.
CREATE VIEW picture_person AS SELECT
    v.id AS picture_id,                  -- of view picture
    o.position,
    o.person
FROM verdict v JOIN credit_person o ON o.credit_id = v.credit_id;
-- Agencies that passed a picture on and did not make it.
CREATE VIEW picture_distributor AS SELECT
    v.id AS picture_id,                  -- of view picture
    o.position,
    o.distributor
FROM verdict v JOIN credit_distributor o ON o.credit_id = v.credit_id;
-- What each verdict rests on, strongest first.
CREATE TABLE evidence (
    picture_id INTEGER NOT NULL REFERENCES verdict(id) ON DELETE CASCADE,
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
    picture_id INTEGER NOT NULL REFERENCES verdict(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (picture_id, position)
) WITHOUT ROWID;
-- Every word of the texts, folded and unstemmed: what a search for a word's beginning looks up.
CREATE TABLE word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
-- Full-text index (FTS5) over view picture; its rowid is picture.id.
CREATE VIRTUAL TABLE picture_fts USING fts5(
    title, caption, credit, alt, names,
    content="picture", content_rowid="id", tokenize='{TOKENIZER}'
);
"""


def derived_names() -> list[tuple[str, str]]:
    """TABLE, VIEW or TRIGGER, and name, of what is derived, in the order in which it can go."""
    made = (re.search(r"CREATE (?:VIRTUAL )?(TABLE|VIEW|TRIGGER) (\w+)", one) for one in
            statements(DERIVED))  # fmt: skip
    return [(found[1], found[2]) for found in made if found][::-1]


def lacking(connection: sqlite3.Connection) -> list[str]:
    """Names of the tables, views, triggers and indices that should be there and are not."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema").fetchall()}
    return [name for name in _made(GROUPS) if name not in there]


def is_there(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there is a table, view, trigger or index of a name."""
    sql = "SELECT 1 FROM sqlite_schema WHERE name = ?"
    return connection.execute(sql, (name,)).fetchone() is not None


def make_lacking(connection: sqlite3.Connection) -> None:
    """Make what is lacking, but for tables of what was seen: empty, they would hide a loss."""
    lost = lacking(connection)
    for name, statement in _made(GROUPS).items():
        if name in lost and not (statement.startswith("CREATE TABLE") and statement in SEEN):
            connection.execute(statement)


def _made(groups: Mapping[str, str]) -> dict[str, str]:
    """Statements that make tables, views, triggers and indices, by name."""
    pattern = re.compile(r"CREATE (?:VIRTUAL |UNIQUE )?(?:TABLE|VIEW|TRIGGER|INDEX) (\w+)")
    made = (one for script in groups.values() for one in statements(script))
    return {found[1]: one[found.start() :] for one in made if (found := pattern.search(one))}


SAID = """
-- What a person corrected; outranks everything derived.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    picture TEXT NOT NULL,               -- ID, as in identity.key
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
    in_table = re.compile(
        r"(?:-- (?P<what>.+)\n)?CREATE (?:VIRTUAL )?(?P<kind>TABLE|VIEW) (?P<name>\w+)"
    )
    in_column = {
        "TABLE": re.compile(
            r"^ {4}(?P<name>[a-z]\w*) (?P<type>[A-Z]+)\b[^-\n]*(?:-- (?P<what>.+))?$", re.MULTILINE
        ),
        "VIEW": re.compile(
            r"^ +(?:\w+\.|.* AS )(?P<name>\w+)(?P<type>),?(?: *-- (?P<what>.+))?$", re.MULTILINE
        ),
    }
    for writer, script in GROUPS.items():
        for statement in statements(script):
            table = in_table.match(statement)
            if table is None:
                continue
            yield writer, table["name"], "", "", table["what"] or ""
            for column in in_column[table["kind"]].finditer(statement):
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
    for kind, name in derived_names():
        connection.execute(f"DROP {kind} IF EXISTS {name}")
    for statement in statements(DERIVED):
        connection.execute(statement)


def indices() -> dict[str, str]:
    """Statements that make the indices, by name."""
    made = _made(GROUPS).items()
    return {name: one for name, one in made if re.match(r"CREATE (UNIQUE )?INDEX", one)}


def drop_indices(connection: sqlite3.Connection) -> None:
    """Drop the indices: to make them of many rows at once is a fifth of the work."""
    for name in indices():
        connection.execute(f"DROP INDEX IF EXISTS {name}")


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
