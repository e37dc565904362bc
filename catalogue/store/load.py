"""Taking in what :mod:`~catalogue.store.dump` told, many lines at once.

What the catalogue has and knows better, because it is newer, stays. An empty catalogue takes the
verdicts as they are, and is written as a whole: what can be made of all rows at once is made last.
In any other the verdicts are left to the index: what is new may be another file of a picture that
is here already, or be spoken of by pages on both sides.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from catalogue.record import Rights
from catalogue.store import derived, groups, lines, rows, said, schema, searching, seen
from catalogue.store.filling import (
    Numbers,
    References,
    Tables,
    Unjudged,
    add_credit,
    add_image,
    add_page,
    add_picture,
    first_free,
    known,
    numbered,
    placed,
)
from catalogue.store.merging import merge_page


def is_empty(db: sqlite3.Connection) -> bool:
    """Whether nothing was seen and said yet."""
    return not any(
        db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        for table in ("identity", "page", "correction", "forgotten")
    )


class Loading:
    """One load.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.into_empty = is_empty(db)
        """Whether the catalogue was empty when the load began; then all of it is one transaction
        of the caller, between :meth:`begin` and :meth:`finish`. Foreign keys need not be looked at
        meanwhile: every row refers to what this load has written."""
        self._shown, self._judged = Numbers(db), Numbers(db)
        self._merged = False
        self._unjudged = Unjudged() if self.into_empty else None
        self._takers: Mapping[type[lines.Line], Callable[[Sequence[Any]], Iterable[str]]] = {
            lines.Head: _check_format,
            lines.Image: self._images,
            lines.Page: self._pages,
            lines.Address: self._addresses,
            lines.Correction: self._corrections,
            lines.Forgotten: self._forgotten,
            lines.SavedSearch: self._saved_searches,
            lines.Terms: self._rights,
            lines.Credit: self._credits,
            lines.Picture: self._pictures,
        }

    def begin(self) -> None:
        """Do without indices from here to the end."""
        if self.into_empty:
            schema.drop_indices(self._db)

    def take(self, some: Iterable[lines.Line]) -> list[str]:
        """Take lines in, inside the transaction or savepoint that the caller has begun.

        Args:
            some: As they were dumped.

        Returns:
            Conflicts in words, where a line says otherwise than the catalogue.

        Raises:
            ValueError, KeyError, sqlite3.Error: One refers to what is not there.
        """
        told: list[str] = []
        try:
            for kind, alike in itertools.groupby(some, key=type):
                if kind not in (lines.Head, lines.Image):  # all others ask by ID
                    self._index_keys()
                told += self._takers[kind](list(alike))
        except BaseException:
            self._unjudged = None  # none of them has been written: it must be asked for
            raise
        return told

    def finish(self) -> None:
        """Make of all rows what is cheaper made at once: the indices, that of words among them."""
        if self.into_empty:
            for table in _BESIDE_APPEARANCE if self._merged else ():
                self._db.execute(
                    f"DELETE FROM {table} WHERE appearance_id NOT IN (SELECT id FROM appearance)"
                )
            # What was seen, and has no verdict yet, waits for the index.
            self._db.execute(
                "INSERT OR IGNORE INTO stale (picture) SELECT key FROM identity"
                " WHERE id NOT IN (SELECT id FROM verdict)"
            )
            derived.fill_text_index(self._db)
            schema.make_lacking(self._db)
            self._db.execute("ANALYZE")  # how values spread, by which SQLite chooses an index

    def _index_keys(self) -> None:
        """Make the index of IDs, if it is not there: at once, for they come in no order."""
        if schema.is_there(self._db, _KEYS):
            return
        try:
            self._db.execute(schema.indices()[_KEYS])
        except sqlite3.IntegrityError:  # an image was told twice: the first line stays
            for statement in _TOLD_TWICE:
                self._db.execute(statement)
            self._db.execute(schema.indices()[_KEYS])

    # --- what was seen ------------------------------------------------------------------------

    def _images(self, some: Sequence[lines.Image]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        wanted = _had_first(line for line in some if line.id not in unwanted)
        yield from (
            f"picture {line.id[:12]} is there, and was forgotten here: it is left out"
            for line in some
            if line.id in unwanted
        )
        fresh = next(first_free(self._db, "identity"))
        numbers = numbered(self._db, (line.id for line in wanted))
        former = [number for number in numbers.values() if number < fresh]
        added = known(self._db, "id, added", "image", former)
        new = Tables()
        for line in wanted:
            number = numbers[line.id]
            if number in added:
                self._db.execute(
                    "UPDATE image SET added = ? WHERE id = ? AND added > ?",
                    (line.added, number, line.added),
                )
            else:
                add_image(new, number, line)
        new.write(self._db)

    def _pages(self, some: Sequence[lines.Page]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        there = known(self._db, "address, id", "page", [line.address for line in some])
        added: list[tuple[lines.Page, list[tuple[lines.Shown, str, str]]]] = []
        for line in some:
            wanted = [shown for shown in line.appearances if shown.image not in unwanted]
            if line.address in there:
                merge_page(self._db, line, wanted)
                self._merged, self._unjudged = True, None
            else:
                added.append((line, [placed(line, shown) for shown in wanted]))
        keys = list(dict.fromkeys(key for _, shown in added for *_, key in shown))
        numbers = self._shown.known(keys)
        numbers |= numbered(self._db, (key for key in keys if key not in numbers))
        new = Tables()
        fresh = first_free(self._db, "page"), first_free(self._db, "appearance")
        for line, shown in added:
            add_page(new, fresh, line, shown, numbers)
        new.write(self._db)
        if self._unjudged is not None:
            self._unjudged.add(new["appearance"])
        if not self.into_empty:
            seen.mark_stale(self._db, keys)
        return ()

    def _addresses(self, some: Sequence[lines.Address]) -> Iterable[str]:
        self._db.executemany(
            "INSERT INTO address (url, page, image_id, outcome, detail, etag, last_modified, tried,"
            " attempts) VALUES (:url, :page, (SELECT id FROM identity JOIN image USING (id)"
            " WHERE key = :image), :outcome, :detail, :etag, :last_modified, :tried, :attempts)"
            " ON CONFLICT (url)"
            " DO UPDATE SET page = excluded.page, image_id = coalesce(excluded.image_id, image_id),"
            " outcome = excluded.outcome, detail = excluded.detail, etag = excluded.etag,"
            " last_modified = excluded.last_modified, tried = excluded.tried,"
            " attempts = excluded.attempts WHERE excluded.tried > tried",
            map(msgspec.structs.asdict, some),
        )
        return ()

    # --- what a person said -------------------------------------------------------------------

    def _corrections(self, some: Sequence[lines.Correction]) -> Iterable[str]:
        for line in some:
            former = self._db.execute(
                "SELECT value, made FROM correction WHERE picture = ? AND field = ?",
                (line.picture, line.field),
            ).fetchone()
            newer = former is None or line.made > former["made"]
            if newer:
                self._db.execute(
                    "INSERT INTO correction (picture, field, value, note, made)"
                    " VALUES (:picture, :field, :value, :note, :made) ON CONFLICT (picture, field)"
                    " DO UPDATE SET value = excluded.value, note = excluded.note,"
                    " made = excluded.made",
                    msgspec.structs.asdict(line),
                )
                # What was seen waits for its verdict as it is; what was not seen has none.
                if not self.into_empty or self._is_judged(line.picture):
                    seen.mark_stale(self._db, [line.picture])
            if former is not None and former["value"] != line.value:
                kept = line.value if newer else former["value"]
                yield (
                    f"picture {line.picture[:12]}: {line.field} is"
                    f" {line.value or 'none'} there and {former['value'] or 'none'} here;"
                    f" the later word stays, {kept or 'none'}"
                )
            if line.field in (groups.SAME, groups.NOT_SAME) and line.value and not self.into_empty:
                others = line.value.split(",")
                for picture, _ in groups.contradicted(self._db, line.picture, line.field, others):
                    yield (
                        f"picture {line.picture[:12]}: {line.field} there, and {picture[:12]} says"
                        " the contrary here; the later word on two files counts"
                    )

    def _forgotten(self, some: Sequence[lines.Forgotten]) -> Iterable[str]:
        for line in some:
            key = line.sha256
            if self._db.execute("SELECT 1 FROM identity WHERE key = ?", (key,)).fetchone():
                yield f"picture {key[:12]} is here, and was forgotten there: it stays"
            else:
                self._db.execute(
                    "INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?)",
                    (line.sha256, line.note, line.made),
                )

    def _saved_searches(self, some: Sequence[lines.SavedSearch]) -> Iterable[str]:
        for line in some:
            former = searching.saved_searches(self._db).get(line.name)
            if former is None:
                said.save_search(self._db, line.name, line.query, line.made)
            elif former != line.query:
                yield f"the saved search {line.name!r} is another one there: ours stays"

    # --- what follows -------------------------------------------------------------------------

    def _rights(self, some: Sequence[lines.Terms]) -> Iterable[str]:
        if self.into_empty:
            derived.put_rights(self._db, [Rights(**msgspec.structs.asdict(line)) for line in some])
        return ()

    def _credits(self, some: Sequence[lines.Credit]) -> Iterable[str]:
        if not self.into_empty:
            return ()
        there = known(self._db, "text, id", "credit", [line.text for line in some])
        terms = known(self._db, "id, id", "rights", {line.rights for line in some})
        new = Tables()
        for number, line in zip(first_free(self._db, "credit"), some, strict=False):
            if line.rights is not None and line.rights not in terms:
                raise KeyError(line.rights)
            if line.text not in there:
                there[line.text] = number
                add_credit(new, number, line)
        new.write(self._db)
        return ()

    def _pictures(self, some: Sequence[lines.Picture]) -> Iterable[str]:
        if not self.into_empty:
            return ()
        if self._unjudged is None:
            self._unjudged = Unjudged()
            waiting = "picture_id NOT IN (SELECT id FROM verdict)"
            sql = f"SELECT id, page_id, picture_id FROM appearance WHERE {waiting}"
            found = self._db.execute(sql)
            while some_rows := found.fetchmany(10_000):
                self._unjudged.add(some_rows)
        numbers = self._judged.known([line.id for line in some])
        names = {line.names for line in some if line.names is not None}
        self._db.executemany("INSERT OR IGNORE INTO naming (names) VALUES (?)", zip(sorted(names)))
        pages = {one for line in some if line.pages for one in line.pages}
        refers = References(
            credits=known(self._db, "text, id", "credit", {line.credit for line in some}),
            namings=known(self._db, "names, id", "naming", names),
            best=known(self._db, "key, id", "identity", {line.best for line in some}),
            pages=known(self._db, "address, id", "page", pages),
        )
        new = Tables()
        for line in some:
            number = numbers.get(line.id)
            if number is not None and number in self._unjudged:
                add_picture(new, number, line, self._unjudged.where(number), refers)
                self._unjudged.remove(number)
        new.write(self._db)
        return ()

    def _is_judged(self, key: str) -> bool:
        sql = "SELECT 1 FROM identity JOIN verdict USING (id) WHERE key = ?"
        return self._db.execute(sql, (key,)).fetchone() is not None


_KEYS = "identity_by_key"

_TOLD_TWICE = (
    "CREATE TEMP TABLE twice AS SELECT id, first FROM"
    " (SELECT id, min(id) OVER (PARTITION BY key) AS first FROM identity) WHERE id <> first",
    "UPDATE image SET added = min(added, (SELECT min(other.added) FROM temp.twice"
    " JOIN image other USING (id) WHERE first = image.id))"
    " WHERE id IN (SELECT first FROM temp.twice)",
    "DELETE FROM image_statement WHERE image_id IN (SELECT id FROM temp.twice)",
    "DELETE FROM image WHERE id IN (SELECT id FROM temp.twice)",
    "DELETE FROM identity WHERE id IN (SELECT id FROM temp.twice)",
    "DROP TABLE temp.twice",
)
"""Statements that put images with one ID together: the first is kept, with the time of the one
that was had first."""

_BESIDE_APPEARANCE = ("appearance_address", "appearance_statement", "appearance_evidence")
"""Tables whose rows go with those of ``appearance``: of itself, where foreign keys are held."""


def _had_first(some: Iterable[lines.Image]) -> Collection[lines.Image]:
    """One line an image: that of the time when it was first had."""
    found: dict[str, lines.Image] = {}
    for line in some:
        if found.setdefault(line.id, line).added > line.added:
            found[line.id] = line
    return found.values()


def _check_format(some: Sequence[lines.Head]) -> Iterable[str]:
    if any(line.format > lines.FORMAT for line in some):
        raise ValueError("it was made by a newer version: update mars-image-catalogue")
    return ()


def files_of(line: lines.Line) -> list[tuple[str, str]]:
    """Relative path and SHA-256 of the files that a line names."""
    if isinstance(line, lines.Image):
        return [(rows.image_file(line.id, line.suffix), line.id)]
    if isinstance(line, lines.Page) and line.snapshot is not None:
        return [(line.snapshot.file, line.snapshot.sha256)]
    return []
