"""One catalogue: opening it, writing what was seen, found and said, reading it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from catalogue.errors import CatalogueUnusable, UsageError
from catalogue.model import (
    Correction,
    Dossier,
    Finding,
    Gathered,
    Harvested,
    OnPage,
    Outcome,
    Record,
    Rights,
    Sighting,
    StoredImage,
    Validators,
)
from catalogue.query import Query, fold, tokens
from catalogue.store import rows, schema
from catalogue.store.files import Files, sha256_of

DATABASE = "catalogue.db"

PATIENCE = 60.0
"""Seconds that a writer waits for another one to finish its transaction."""

NEAR = 4
"""Bits in which the fingerprints of two files of one picture may differ (64 in all)."""

SHORTEST_ID = 4

ORDERS = {
    "newest": "coalesce(p.taken, p.published) IS NULL, coalesce(p.taken, p.published) DESC, p.key",
    "oldest": "coalesce(p.taken, p.published) IS NULL, coalesce(p.taken, p.published), p.key",
    "largest": "p.width IS NULL, p.width * p.height DESC, p.key",
    # Title and names count most, then credit and alternative text; a caption is long.
    "relevance": "bm25(picture_fts, 6.0, 1.0, 2.0, 1.5, 8.0), p.key",
}
"""Orders of a search; every one is total, so that pages of results do not overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the catalogue knows of a page's address."""

    outcome: str
    complete: bool
    """Whether everything on it had been dealt with when it was last read."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that ``verify`` found amiss."""

    what: str
    """``damaged``, ``missing``, ``orphan``, ``unfinished``, ``database``, ``index``."""
    where: str
    """Path, table or ID."""
    detail: str
    mended: bool = False


class Store:
    """The folder of one catalogue. Not to be shared between threads.

    Use :meth:`open`.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, read_only: bool) -> None:
        self.folder = folder
        self.files = Files(folder)
        self.read_only = read_only
        self._db = connection
        self._writing = False
        self._rights: dict[str, Rights] | None = None

    # --- opening ------------------------------------------------------------------------------

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open a catalogue.

        Args:
            folder: The catalogue folder.
            create: Make it where it is absent.

        Raises:
            CatalogueUnusable: It is absent, a file, locked, damaged, foreign or of a newer format.
        """
        path = folder / DATABASE
        if folder.exists() and not folder.is_dir():
            raise CatalogueUnusable(f"{folder} is a file; a catalogue is a folder, name another")
        if not path.exists():
            if not create:
                raise CatalogueUnusable(
                    f"no catalogue in {folder}: 'catalogue harvest' makes one, -C names another"
                )
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CatalogueUnusable(
                    f"{folder} cannot be made: {error.strerror}; name another folder with -C"
                ) from error
        try:
            connection, read_only = _connect(path, create)
        except sqlite3.Error as error:
            raise _unusable(folder, error) from error
        try:
            _check_format(folder, connection, read_only, create)
        except sqlite3.Error as error:
            connection.close()
            raise _unusable(folder, error) from error
        except BaseException:
            connection.close()
            raise
        return cls(folder, connection, read_only=read_only)

    def close(self) -> None:
        """Close it; what was written is on the disk already."""
        self._db.close()
        self.files.end_writing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def begin_writing(self) -> None:
        """Make sure that this process may write, and sweep what a killed one left unfinished.

        Raises:
            CatalogueUnusable: The folder is read-only.
        """
        if self._writing:
            return
        if self.read_only:
            raise CatalogueUnusable(
                f"{self.folder} is read-only: it can be searched, not changed; copy it elsewhere"
            )
        try:
            self.files.begin_writing()
        except OSError as error:
            raise CatalogueUnusable(
                f"{self.folder} cannot be written to: {error.strerror}"
            ) from error
        self._writing = True

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self.begin_writing()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.rollback()
                raise
            self._db.commit()
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._db.rollback()
            if "full" in str(error) or "disk I/O" in str(error):
                raise OSError(28, "the disk is full", str(self.folder)) from error
            raise _unusable(self.folder, error) from error

    def _all(self, sql: str, values: Iterable[object] = ()) -> list[sqlite3.Row]:
        try:
            return self._db.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.folder, error) from error

    # --- seen ---------------------------------------------------------------------------------

    def keep(self, harvested: Harvested, *, complete: bool = True) -> None:
        """Write what a page gave, in one transaction; on return it is on the disk.

        May be called again for the same address with more that was gathered from it.

        Args:
            harvested: The page, its outcome, and what became of its pictures.
            complete: Whether all pictures of the page have now been dealt with.
        """
        with self._transaction() as db:
            page_id = self._keep_page(db, harvested, complete)
            for gathered in harvested.gathered:
                self._keep_appearance(db, page_id, harvested, gathered)

    def _keep_page(self, db: sqlite3.Connection, harvested: Harvested, complete: bool) -> int:
        row = rows.page_row(harvested, complete)
        # A page that could not be had this time keeps what it said when it could.
        failed = harvested.outcome.failed
        kept = ("outcome", "detail", "complete", "fetched") if failed else tuple(row)
        (page_id,) = db.execute(
            f"INSERT INTO page ({', '.join(row)}) VALUES ({_marks(row)})"
            f" ON CONFLICT (address) DO UPDATE SET"
            f" {', '.join(f'{name} = excluded.{name}' for name in kept)} RETURNING id",
            tuple(row.values()),
        ).fetchone()
        if not failed:
            db.execute("DELETE FROM page_note WHERE page_id = ?", (page_id,))
            db.executemany(
                "INSERT INTO page_note VALUES (?, ?, ?)",
                [(page_id, at, note) for at, note in enumerate(harvested.page.notes)],
            )
            db.execute(
                "INSERT OR IGNORE INTO stale SELECT picture FROM appearance WHERE page_id = ?",
                (page_id,),
            )
        return int(page_id)

    def _keep_appearance(
        self, db: sqlite3.Connection, page_id: int, harvested: Harvested, gathered: Gathered
    ) -> None:
        said, outcome = gathered.appearance, gathered.outcome
        image_id = None
        if gathered.image is not None:
            image_id = self._keep_image(db, gathered.image, harvested.fetched)
        if gathered.asked is not None:
            self._keep_address(db, harvested, gathered, image_id)
        place = rows.place_of(said)
        picture = rows.picture_of(harvested.address, gathered)
        if gathered.image is None:
            have = db.execute(
                "SELECT 1 FROM appearance WHERE page_id = ? AND place = ? AND image_id IS NOT NULL",
                (page_id, place),
            ).fetchone()
            if have:
                return  # it could be had before: that stands
        else:
            # What was known by its words alone now has its bytes.
            lost = db.execute(
                "SELECT picture FROM appearance"
                " WHERE page_id = ? AND place = ? AND image_id IS NULL",
                (page_id, place),
            ).fetchall()
            for (former,) in lost:
                db.execute(
                    "DELETE FROM appearance WHERE page_id = ? AND picture = ?", (page_id, former)
                )
                db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (former,))
        row = {
            "page_id": page_id,
            "place": place,
            "picture": picture,
            "image_id": image_id,
            "url": said.url,
            "asked": gathered.asked,
            "role": str(said.role),
            "title": said.title,
            "caption": said.caption,
            "credit": said.credit,
            "alt": said.alt,
            "outcome": outcome.outcome,
            "detail": outcome.detail,
        }
        (appearance_id,) = db.execute(
            f"INSERT INTO appearance ({', '.join(row)}) VALUES ({_marks(row)})"
            " ON CONFLICT (page_id, place, picture) DO UPDATE SET"
            f" {', '.join(f'{name} = excluded.{name}' for name in row)} RETURNING id",
            tuple(row.values()),
        ).fetchone()
        for table in ("appearance_address", "appearance_statement", "appearance_evidence"):
            db.execute(f"DELETE FROM {table} WHERE appearance_id = ?", (appearance_id,))
        db.executemany(
            "INSERT INTO appearance_address VALUES (?, ?, ?)",
            [(appearance_id, at, url) for at, url in enumerate(said.alternatives)],
        )
        db.executemany(
            "INSERT INTO appearance_statement VALUES (?, ?, ?, ?, ?)",
            [
                (appearance_id, at, one.name, one.value, one.where)
                for at, one in enumerate(said.statements)
            ],
        )
        db.executemany(
            "INSERT INTO appearance_evidence VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(appearance_id, *values) for values in rows.evidence_values(said.evidence)],
        )
        db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (picture,))

    def _keep_image(self, db: sqlite3.Connection, image: StoredImage, added: str) -> int:
        row = rows.image_row(image, added)
        kept = [name for name in row if name not in {"sha256", "added"}]
        (image_id,) = db.execute(
            f"INSERT INTO image ({', '.join(row)}) VALUES ({_marks(row)})"
            " ON CONFLICT (sha256) DO UPDATE SET"
            f" {', '.join(f'{name} = excluded.{name}' for name in kept)} RETURNING id",
            tuple(row.values()),
        ).fetchone()
        db.execute("DELETE FROM image_statement WHERE image_id = ?", (image_id,))
        db.executemany(
            "INSERT INTO image_statement VALUES (?, ?, ?, ?, ?)",
            [
                (image_id, at, one.name, one.value, one.where)
                for at, one in enumerate(image.facts.embedded)
            ],
        )
        return int(image_id)

    def _keep_address(
        self,
        db: sqlite3.Connection,
        harvested: Harvested,
        gathered: Gathered,
        image_id: int | None,
    ) -> None:
        db.execute(
            "INSERT INTO address (url, page, image_id, outcome, detail, etag, last_modified, tried)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET"
            " page = excluded.page, image_id = coalesce(excluded.image_id, image_id),"
            " outcome = excluded.outcome, detail = excluded.detail, etag = excluded.etag,"
            " last_modified = excluded.last_modified, tried = excluded.tried,"
            " attempts = attempts + 1",
            (
                gathered.asked,
                harvested.address,
                image_id,
                gathered.outcome.outcome,
                gathered.outcome.detail,
                gathered.validators.etag,
                gathered.validators.last_modified,
                harvested.fetched,
            ),
        )

    def page(self, address: str) -> PageState | None:
        """What is known of a page; None where it was never asked for."""
        found = self._all("SELECT * FROM page WHERE address = ?", (address,))
        if not found:
            return None
        row = found[0]
        return PageState(
            outcome=row["outcome"],
            complete=bool(row["complete"]),
            fetched=row["fetched"],
            validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
            snapshot_file=row["snapshot_file"],
            snapshot_sha256=row["snapshot_sha256"],
        )

    def images_at(self, urls: Iterable[str]) -> dict[str, tuple[StoredImage, Validators]]:
        """Images that addresses gave when they were last asked; others are left out."""
        found = {}
        for url in dict.fromkeys(urls):
            for row in self._all(
                "SELECT i.*, a.etag, a.last_modified FROM address a"
                " JOIN image i ON i.id = a.image_id WHERE a.url = ?",
                (url,),
            ):
                validators = Validators(etag=row["etag"], last_modified=row["last_modified"])
                found[url] = (self._image(row), validators)
        return found

    def outcomes_at(self, urls: Iterable[str]) -> dict[str, Outcome]:
        """What addresses gave when they were last asked, as far as they were."""
        found = {}
        for url in dict.fromkeys(urls):
            for row in self._all("SELECT * FROM address WHERE url = ?", (url,)):
                found[url] = Outcome(
                    kind="image",
                    url=url,
                    page=row["page"],
                    outcome=row["outcome"],
                    detail=row["detail"],
                )
        return found

    def failures(self) -> Iterator[Failure]:
        """Addresses of pictures that gave nothing, in the order of the alphabet."""
        for row in self._all(
            "SELECT * FROM address WHERE outcome LIKE 'failed:%' OR outcome LIKE 'refused:%'"
            " ORDER BY url"
        ):
            yield Failure(
                url=row["url"],
                page=row["page"],
                outcome=row["outcome"],
                detail=row["detail"],
                tried=row["tried"],
            )

    def failed_pages(self) -> list[str]:
        """Addresses of pages that could not be had, or not in full."""
        return [
            row["address"]
            for row in self._all(
                "SELECT address FROM page WHERE outcome LIKE 'failed:%' OR complete = 0"
                " ORDER BY address"
            )
        ]

    # --- derived ------------------------------------------------------------------------------

    def sightings(self, *, changed_only: bool = False) -> Iterator[Sighting]:
        """All that was seen, picture by picture, in the order in which they were first seen.

        Args:
            changed_only: Only those of which something was seen or said since the last index.
        """
        chosen = "WHERE picture IN (SELECT picture FROM stale)" if changed_only else ""
        keys = self._all(
            f"SELECT picture, min(id) AS first FROM appearance {chosen}"
            " GROUP BY picture ORDER BY first"
        )
        for row in keys:
            yield self.sighting(row["picture"])

    def sighting(self, key: str) -> Sighting:
        """All that was seen of one picture."""
        appearances = self._all("SELECT * FROM appearance WHERE picture = ? ORDER BY id", (key,))
        image = None
        if appearances and appearances[0]["image_id"] is not None:
            (row,) = self._all("SELECT * FROM image WHERE id = ?", (appearances[0]["image_id"],))
            image = self._image(row)
        return Sighting(
            id=key, appearances=tuple(self._on_page(row) for row in appearances), image=image
        )

    def _image(self, row: sqlite3.Row) -> StoredImage:
        statements = self._all(
            "SELECT * FROM image_statement WHERE image_id = ? ORDER BY position", (row["id"],)
        )
        return rows.image_from(row, statements)

    def _on_page(self, row: sqlite3.Row) -> OnPage:
        side = [
            self._all(
                f"SELECT * FROM {table} WHERE appearance_id = ? ORDER BY position", (row["id"],)
            )
            for table in ("appearance_address", "appearance_statement", "appearance_evidence")
        ]
        (page,) = self._all("SELECT * FROM page WHERE id = ?", (row["page_id"],))
        notes = self._all(
            "SELECT * FROM page_note WHERE page_id = ? ORDER BY position", (row["page_id"],)
        )
        return OnPage(
            appearance=rows.appearance_from(row, *side),
            page=rows.page_from(page, notes),
            address=page["address"],
        )

    def write(self, findings: Iterable[Finding], *, rebuild: bool = False) -> int:
        """Write what follows from what was seen, in one transaction.

        Args:
            findings: One a picture.
            rebuild: Drop everything derived first.

        Returns:
            How many pictures were written.
        """
        written = 0
        with self._transaction() as db:
            if rebuild:
                for table in schema.DERIVED_TABLES:
                    db.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in schema.statements(schema.DERIVED):
                    db.execute(statement)
            for finding in findings:
                self._write(db, finding)
                written += 1
            # What is no longer seen anywhere, such as words whose picture was found since.
            db.execute("DELETE FROM picture WHERE key NOT IN (SELECT picture FROM appearance)")
            db.execute("DELETE FROM stale")
        self._rights = None
        return written

    def _write(self, db: sqlite3.Connection, finding: Finding) -> None:
        record = finding.record
        if record.rights is not None:
            terms = record.rights
            db.execute(
                "INSERT OR REPLACE INTO rights VALUES (?, ?, ?, ?, ?, ?)",
                (terms.id, terms.title, terms.statement, terms.licence, terms.url, terms.source),
            )
        prints = db.execute(
            "SELECT fingerprint FROM image WHERE sha256 = ?", (record.id,)
        ).fetchone()
        row = rows.picture_row(finding, rows.unsigned(prints[0]) if prints else None)
        (picture_id,) = db.execute(
            f"INSERT INTO picture ({', '.join(row)}) VALUES ({_marks(row)})"
            " ON CONFLICT (key) DO UPDATE SET"
            f" {', '.join(f'{name} = excluded.{name}' for name in row)} RETURNING id",
            tuple(row.values()),
        ).fetchone()
        sides: dict[str, list[tuple[object, ...]]] = {
            "picture_subject": [(slug,) for slug in record.subjects],
            "picture_organisation": list(enumerate(record.organisations)),
            "picture_person": list(enumerate(record.people)),
            "picture_distributor": list(enumerate(record.distributors)),
            "picture_page": [
                (at, url, rows.site_of(url), title)
                for at, (url, title) in enumerate(
                    zip(record.pages, record.page_titles, strict=True)
                )
            ],
            "evidence": rows.evidence_values(finding.evidence),
            "contradiction": list(enumerate(finding.contradictions)),
        }
        for table, values in sides.items():
            db.execute(f"DELETE FROM {table} WHERE picture_id = ?", (picture_id,))
            if values:
                db.executemany(
                    f"INSERT INTO {table} VALUES (?, {_marks(values[0])})",
                    [(picture_id, *value) for value in values],
                )
        texts = (record.title, record.caption, record.credit, record.alt, finding.names)
        db.executemany(
            "INSERT OR IGNORE INTO word VALUES (?)",
            {(word,) for text in texts if text for word in tokens(fold(text))},
        )

    def words_with(self, prefix: str) -> list[str]:
        """Words of the catalogue's texts that begin so, folded; a hundred at the most."""
        start = fold(prefix)
        return [
            row["word"]
            for row in self._all(
                "SELECT word FROM word WHERE word >= ? AND word < ? LIMIT 100",
                (start, start + "\U0010ffff"),
            )
        ]

    # --- said ---------------------------------------------------------------------------------

    def correct(self, correction: Correction) -> None:
        """Write what a person said; a later word on the same field replaces the former."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO correction (picture, field, value, note, made)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (picture, field) DO UPDATE SET"
                " value = excluded.value, note = excluded.note, made = excluded.made",
                (
                    correction.image,
                    correction.field,
                    correction.value,
                    correction.note,
                    correction.made or _now(),
                ),
            )
            db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (correction.image,))

    def take_back(self, key: str, field: str) -> bool:
        """Forget what a person said of a field; whether there was anything."""
        with self._transaction() as db:
            gone = db.execute(
                "DELETE FROM correction WHERE picture = ? AND field = ?", (key, field)
            ).rowcount
            db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (key,))
        return gone > 0

    def corrections(self, key: str) -> tuple[Correction, ...]:
        """What a person said of a picture, in the order of the fields' names."""
        return tuple(
            Correction(
                image=row["picture"],
                field=row["field"],
                value=row["value"],
                note=row["note"],
                made=row["made"],
            )
            for row in self._all(
                "SELECT * FROM correction WHERE picture = ? ORDER BY field", (key,)
            )
        )

    # --- reading ------------------------------------------------------------------------------

    def search(
        self,
        query: Query | None = None,
        *,
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Record]:
        """Records that a query matches, one by one.

        Args:
            query: None for everything.
            sort: ``relevance`` (newest first where no word was asked), ``newest``, ``oldest``,
                ``largest``.
            limit: How many at the most; None for all.
            offset: How many are left out at the beginning.

        Raises:
            UsageError: The order is unknown.
        """
        if sort not in ORDERS:
            raise UsageError(f"unknown order {sort!r}; known: {', '.join(ORDERS)}")
        source, values, ranked = self._source(query)
        order = ORDERS["newest" if sort == "relevance" and not ranked else sort]
        sql = (
            f"{rows.RECORD_SQL} {source} ORDER BY {order}"
            f" LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
        )
        rights = self._known_rights()
        try:
            for row in self._db.execute(sql, values):
                yield rows.record_from(row, rights)
        except sqlite3.Error as error:
            raise _unusable(self.folder, error) from error

    def _source(self, query: Query | None) -> tuple[str, tuple[object, ...], bool]:
        if query is None:
            return "", (), False
        clause = query.clause(self.words_with)
        if clause.match is None:
            return f"WHERE {clause.where}", clause.parameters, False
        return (
            "JOIN picture_fts ON picture_fts.rowid = p.id"
            f" WHERE picture_fts MATCH ? AND {clause.where}",
            (clause.match, *clause.parameters),
            True,
        )

    def count(self, query: Query | None = None) -> int:
        """How many records a query matches."""
        source, values, _ = self._source(query)
        ((number,),) = self._all(f"SELECT count(*) FROM picture p {source}", values)
        return int(number)

    def facets(self, query: Query | None = None) -> dict[str, dict[str, int]]:
        """Counts by spacecraft, instrument, credit, site and year over all matches, most first."""
        source, values, _ = self._source(query)
        hits = f"WITH hit AS MATERIALIZED (SELECT p.id FROM picture p {source})"
        columns = {
            "spacecraft": "picture JOIN hit USING (id)|spacecraft",
            "instrument": "picture JOIN hit USING (id)|instrument",
            "credit": "picture JOIN hit USING (id)|coalesce(credit_normal, credit)",
            "site": "picture_page JOIN hit ON hit.id = picture_page.picture_id|site",
            "year": "picture JOIN hit USING (id)|year",
        }
        found = {}
        for name, described in columns.items():
            table, column = described.split("|")
            number = "count(DISTINCT picture_id)" if name == "site" else "count(*)"
            found[name] = {
                str(row["value"]): row["number"]
                for row in self._all(
                    f"{hits} SELECT {column} AS value, {number} AS number FROM {table}"
                    " WHERE value IS NOT NULL AND value <> '' GROUP BY value"
                    " ORDER BY number DESC, value",
                    values,
                )
            }
        return found

    def key_of(self, prefix: str) -> str:
        """The whole ID of a picture.

        Args:
            prefix: Its beginning, four characters or more.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        wanted = prefix.strip().lower()
        if len(wanted) < SHORTEST_ID:
            raise UsageError(f"ID {prefix!r} is too short: give {SHORTEST_ID} characters or more")
        found = self._all(
            "SELECT key FROM picture WHERE key >= ? AND key < ? ORDER BY key LIMIT 4",
            (wanted, wanted + "\U0010ffff"),
        )
        if not found:
            raise UsageError(
                f"no picture's ID begins with {prefix!r}; 'catalogue search' shows IDs"
            )
        if len(found) > 1:
            several = ", ".join(row["key"][:16] for row in found[:3])
            raise UsageError(f"several IDs begin with {prefix!r}: {several} ...; give more of it")
        return str(found[0]["key"])

    def record(self, prefix: str) -> Record:
        """One picture by the beginning of its ID.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        (row,) = self._all(f"{rows.RECORD_SQL} WHERE p.key = ?", (self.key_of(prefix),))
        return rows.record_from(row, self._known_rights())

    def dossier(self, prefix: str) -> Dossier:
        """Everything about one picture.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        record = self.record(prefix)
        ((picture_id,),) = self._all("SELECT id FROM picture WHERE key = ?", (record.id,))
        return Dossier(
            record=record,
            sighting=self.sighting(record.id),
            evidence=rows.evidence_from(
                self._all(
                    "SELECT * FROM evidence WHERE picture_id = ? ORDER BY position", (picture_id,)
                )
            ),
            contradictions=tuple(
                row["text"]
                for row in self._all(
                    "SELECT text FROM contradiction WHERE picture_id = ? ORDER BY position",
                    (picture_id,),
                )
            ),
            corrections=self.corrections(record.id),
            near=self._near(record.id),
        )

    def _near(self, key: str) -> tuple[str, ...]:
        own = self._all(
            "SELECT fingerprint FROM picture WHERE key = ? AND fingerprint IS NOT NULL", (key,)
        )
        if not own:
            return ()
        mine = rows.unsigned(own[0]["fingerprint"]) or 0
        found = []
        for row in self._all(
            "SELECT key, fingerprint FROM picture WHERE fingerprint IS NOT NULL AND key <> ?",
            (key,),
        ):
            distance = (mine ^ (rows.unsigned(row["fingerprint"]) or 0)).bit_count()
            if distance <= NEAR:
                found.append((distance, row["key"]))
        return tuple(near for _, near in sorted(found))

    def _known_rights(self) -> dict[str, Rights]:
        if self._rights is None:
            self._rights = {
                row["id"]: Rights(
                    id=row["id"],
                    title=row["title"],
                    statement=row["statement"],
                    licence=row["licence"],
                    url=row["url"],
                    source=row["source"],
                )
                for row in self._all("SELECT * FROM rights")
            }
        return self._rights

    # --- upkeep -------------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, and counts by spacecraft, instrument, credit, site, kind and format."""
        (row,) = self._all(
            "SELECT (SELECT count(*) FROM page) AS pages,"
            " (SELECT count(*) FROM picture) AS pictures,"
            " (SELECT count(*) FROM picture WHERE file IS NULL) AS pictures_without_file,"
            " (SELECT count(*) FROM appearance) AS appearances,"
            " (SELECT count(*) FROM picture WHERE credit IS NULL) AS without_credit,"
            " (SELECT count(*) FROM picture WHERE spacecraft IS NULL) AS without_spacecraft,"
            " (SELECT count(*) FROM picture WHERE review IS NOT NULL) AS to_review,"
            " (SELECT count(*) FROM correction) AS corrections,"
            " (SELECT count(*) FROM address WHERE outcome LIKE 'failed:%'"
            "   OR outcome LIKE 'refused:%') AS failed_addresses,"
            " (SELECT coalesce(sum(bytes), 0) FROM image) AS image_bytes,"
            " (SELECT coalesce(sum(snapshot_bytes), 0) FROM page) AS page_bytes"
        )
        found: dict[str, Any] = {name: row[name] for name in row.keys()}  # noqa: SIM118
        found["database_bytes"] = (self.folder / DATABASE).stat().st_size
        by = self.facets()
        for name, column in (("kind", "kind"), ("format", "format")):
            by[name] = {
                counted["value"]: counted["number"]
                for counted in self._all(
                    f"SELECT {column} AS value, count(*) AS number FROM picture"
                    f" WHERE {column} IS NOT NULL GROUP BY value ORDER BY number DESC, value"
                )
            }
        return found | {"by": by}

    def check(self) -> Iterator[Problem]:
        """Read everything again: the database, and every file against its hash."""
        try:
            for row in self._db.execute("PRAGMA integrity_check"):
                if row[0] != "ok":
                    yield Problem(what="database", where=DATABASE, detail=str(row[0]))
            for row in self._db.execute("PRAGMA foreign_key_check"):
                yield Problem(
                    what="database", where=str(row[0]), detail=f"row {row[1]} refers to nothing"
                )
        except sqlite3.Error as error:
            yield Problem(what="database", where=DATABASE, detail=str(error))
            return
        known = self.known_files()
        for relative, sha256 in known.items():
            path = self.files.path(relative)
            if not path.is_file():
                yield Problem(what="missing", where=relative, detail="the file is not there")
            elif sha256_of(path) != sha256:
                yield Problem(
                    what="damaged", where=relative, detail="its bytes are not what they were"
                )
        for relative in self.files.all():
            if relative not in known:
                yield Problem(what="orphan", where=relative, detail="no row names this file")
        for relative in self.files.unfinished():
            yield Problem(what="unfinished", where=relative, detail="left by a run that was killed")
        counts = Counter(
            {
                "seen": len(self._all("SELECT DISTINCT picture FROM appearance")),
                "indexed": len(self._all("SELECT key FROM picture")),
            }
        )
        waiting = len(self._all("SELECT picture FROM stale"))
        if waiting or counts["seen"] != counts["indexed"]:
            yield Problem(
                what="index",
                where=DATABASE,
                detail=f"{counts['seen']} pictures were seen, {counts['indexed']} are indexed,"
                f" {waiting} wait: run 'catalogue index'",
            )

    def known_files(self) -> dict[str, str]:
        """Relative path and SHA-256 of every file that the database names."""
        found = {row["file"]: row["sha256"] for row in self._all("SELECT file, sha256 FROM image")}
        found |= {
            row["snapshot_file"]: row["snapshot_sha256"]
            for row in self._all(
                "SELECT snapshot_file, snapshot_sha256 FROM page WHERE snapshot_file IS NOT NULL"
            )
        }
        return dict(sorted(found.items()))

    def addresses_of(self, relative: str) -> list[str]:
        """Addresses that gave the bytes of an image file."""
        return [
            row["url"]
            for row in self._all(
                "SELECT a.url FROM address a JOIN image i ON i.id = a.image_id WHERE i.file = ?"
                " ORDER BY a.url",
                (relative,),
            )
        ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _marks(values: Any) -> str:
    return ", ".join("?" * len(values))


def _connect(path: Path, create: bool) -> tuple[sqlite3.Connection, bool]:
    address = f"file:{quote(str(path.resolve()))}"
    attempts = [
        ("rwc" if create else "rw", "", False),
        ("ro", "", True),
        ("ro", "&immutable=1", True),
    ]
    failure: sqlite3.Error | None = None
    for mode, more, read_only in attempts:
        connection = sqlite3.connect(
            f"{address}?mode={mode}{more}",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            if not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                # What was reported as stored must survive a power cut, not only a crash.
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            failure = error
            if create and read_only is False:
                raise
            if "locked" in str(error):
                raise
            continue
        except BaseException:
            connection.close()
            raise
        return connection, read_only
    raise failure or sqlite3.OperationalError("unable to open database file")


def _check_format(
    folder: Path, connection: sqlite3.Connection, read_only: bool, create: bool
) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != schema.APPLICATION_ID and tables:
        raise CatalogueUnusable(
            f"{folder / DATABASE} is an SQLite file of another program; name another folder"
        )
    if version > schema.VERSION:
        raise CatalogueUnusable(
            f"{folder} was made by a newer version (format {version}, this one knows"
            f" {schema.VERSION}): update mars-image-catalogue"
        )
    if version < schema.VERSION:
        if read_only:
            raise CatalogueUnusable(
                f"{folder} is of an older format and read-only: copy it to where it can be changed"
            )
        if not tables and not create:
            raise CatalogueUnusable(
                f"{folder / DATABASE} is empty: remove it, then 'catalogue harvest' makes a new one"
            )
        _upgrade(connection)


def _upgrade(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    # Two runs may find the folder new at the same moment: one makes the tables, the other waits.
    connection.execute("BEGIN EXCLUSIVE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < schema.VERSION:
            schema.apply_migrations(Database(connection))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _unusable(folder: Path, error: sqlite3.Error) -> CatalogueUnusable:
    words = str(error)
    if "locked" in words or "busy" in words:
        advice = "is in use by another run that does not finish; wait for it, or stop it"
    elif "readonly" in words or "read-only" in words:
        advice = "is read-only: it can be searched, not changed; copy it elsewhere"
    elif "not a database" in words or "malformed" in words:
        advice = f"is damaged ({words}): restore {DATABASE} from a copy"
    elif "unable to open" in words:
        advice = f"cannot be opened ({words}): look at its permissions"
    else:
        advice = f"cannot be used: {words}"
    return CatalogueUnusable(f"{folder} {advice}")
