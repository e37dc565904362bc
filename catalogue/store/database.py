"""One open catalogue folder: who may write, transactions, and errors said in words.

What is written and read stands in the modules beside this one: :mod:`~catalogue.store.seen`,
:mod:`~catalogue.store.derived`, :mod:`~catalogue.store.said`, :mod:`~catalogue.store.reading`.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from catalogue.errors import CatalogueUnusable, UsageError
from catalogue.model import (
    Correction,
    Dossier,
    Evidence,
    Finding,
    Harvested,
    HostNotes,
    Pair,
    Record,
    Sighting,
    Validators,
)
from catalogue.store import (
    check,
    connection,
    derived,
    groups,
    reading,
    said,
    schema,
    searching,
    seen,
)
from catalogue.store.check import Problem
from catalogue.store.derived import Waiting
from catalogue.store.files import Files
from catalogue.store.reader import Reader
from catalogue.store.seen import Failure, PageState
from catalogue.store.tables import Table

if TYPE_CHECKING:
    from catalogue.store.lines import Line
    from catalogue.store.load import Loading

_LINES_AT_ONCE = 500
"""Lines of a dump that are written together."""


class Store(Reader):
    """The folder of one catalogue, to be written and read in full.

    Not to be shared between threads (its ``files`` may be). Use :meth:`open`.
    """

    def __init__(
        self,
        folder: Path,
        db: sqlite3.Connection,
        *,
        read_only: bool,
        files: Files | None = None,
    ) -> None:
        super().__init__(folder, db, read_only=read_only)
        self.files = files or Files.of(folder)
        self._writing = False
        self._words: set[str] = set()

    @classmethod
    def of(cls, reader: Reader, files: Files | None = None) -> Self:
        """The store of a folder that is open for reading; the reader is not to be used further.

        Args:
            reader: The folder.
            files: Those of the folder, where they are in use already.
        """
        return cls(reader.folder, reader._db, read_only=reader.read_only, files=files)

    def close(self) -> None:
        """Close it; what was written is on the disk already."""
        super().close()
        self.files.end_writing()

    # --- how ----------------------------------------------------------------------------------

    def begin_writing(self) -> None:
        """Make sure that this process may write, and sweep what a killed one left unfinished.

        Raises:
            CatalogueUnusable: The folder is read-only.
        """
        if self._writing:
            return
        if self.read_only:
            raise CatalogueUnusable(
                f"{self.folder} is read-only: it can be searched, not changed; copy it to where it"
                " can be"
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
        """A transaction that is on the disk when the block ends, or has left no trace."""
        self.begin_writing()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # SQLite may have rolled back itself
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            if "disk is full" in str(error) or "disk I/O error" in str(error):
                words = "there is no room left on the disk"
                raise OSError(errno.ENOSPC, words, str(self.folder)) from error
            raise connection.unusable(self.folder, error) from error

    # --- seen: the harvest --------------------------------------------------------------------

    def keep(self, *pages: Harvested) -> None:
        """Write what pages gave, in one transaction; on return it is on the disk.

        May be called again for the same address with more that was gathered from it.

        Args:
            pages: Each page, its outcome, and what became of its pictures.

        Raises:
            OSError: The disk is full (ENOSPC); nothing was written.
            CatalogueUnusable: The catalogue is read-only, or locked for too long.
        """
        with self._transaction() as db:
            for page in pages:
                seen.keep(db, page)

    def page(self, address: str) -> PageState | None:
        """What is known of a page; None where it was never asked for."""
        with self._reading() as db:
            return seen.page(db, address)

    def images_at(self, urls: Iterable[str]) -> dict[str, tuple[str, Validators]]:
        """ID of the image that each address gave last, and validators; others are left out."""
        with self._reading() as db:
            return seen.images_at(db, urls)

    def images_on(self, address: str) -> list[tuple[str | None, str]]:
        """Address and ID of each picture that the catalogue has from a page, in its order."""
        with self._reading() as db:
            return seen.images_on(db, address)

    def hosts(self) -> list[HostNotes]:
        """What hosts asked of their guests in earlier harvests."""
        with self._reading() as db:
            return seen.hosts(db)

    def keep_hosts(self, notes: Iterable[HostNotes]) -> None:
        """Keep what hosts asked of their guests, in place of what was known of them."""
        with self._transaction() as db:
            seen.keep_hosts(db, notes)

    def failures(self) -> Iterator[Failure]:
        """Addresses of pictures that gave nothing when last asked, in alphabetical order."""
        with self._reading() as db:
            return seen.failures(db)

    def failed_pages(self) -> list[str]:
        """Addresses of pages that could not be had, or not with all their pictures."""
        with self._reading() as db:
            return seen.failed_pages(db)

    # --- derived: the index -------------------------------------------------------------------

    def sighting(self, key: str) -> Sighting:
        """All that was seen of one picture; without appearances where nothing was."""
        with self._reading() as db:
            return seen.sighting(db, key)

    def waiting(self, *, after: str = "", limit: int = 200) -> list[Waiting]:
        """Pictures of which something was seen or said since they were last looked at.

        Args:
            after: ID behind which to begin.
            limit: How many at the most.

        Returns:
            IDs in their order, each with a count to be given back to :meth:`write`.
        """
        with self._reading() as db:
            return derived.waiting(db, after=after, limit=limit)

    def count_waiting(self) -> int:
        """How many pictures wait to be looked at."""
        with self._reading() as db:
            (number,) = db.execute("SELECT count(*) FROM stale").fetchone()
            return int(number)

    def sightings(self, *, changed_only: bool = False) -> Iterator[Sighting]:
        """All that was seen, picture by picture, in the order of their IDs.

        Args:
            changed_only: Only those of which something was seen or said since the last index.
        """
        with self._reading() as db:
            some = "picture FROM stale" if changed_only else "key FROM identity"
            for (key,) in db.execute(f"SELECT {some} ORDER BY 1").fetchall():
                found = seen.sighting(db, key)
                if found.appearances:
                    yield found

    def look_anew(self) -> None:
        """Have the index look at every picture; what was found before is found until then.

        Where derived tables are not there or damaged, all that is derived is thrown away first.
        """
        with self._transaction() as db:
            if schema.lacking(db) or check.full_text_damage(db):
                schema.make_lacking(db)
                derived.make_anew(db)
            else:
                derived.mark_everything(db)
        self._words.clear()

    def drop_derived(self) -> None:
        """Throw away everything derived, damaged or not; the index has to look at everything.

        Tables of others that are not there are made, empty.
        """
        with self._transaction() as db:
            schema.make_lacking(db)
            derived.make_anew(db)
        self._words.clear()

    def hurry(self) -> None:
        """Wait no longer for the disk to have what is written: for who only writes what follows.

        Whatever a power cut takes of it is taken as a whole, and derived again.
        """
        connection.hurry(self._db)

    def write(self, findings: Sequence[Finding], settled: Iterable[Waiting] = ()) -> None:
        """Write what follows from what was seen, in one transaction.

        Args:
            findings: One a picture.
            settled: What :meth:`waiting` gave and was looked at; a picture of them without a
                finding is removed from what is found.
        """
        try:
            with self._transaction() as db:
                derived.write(db, findings, settled, self._words)
        except BaseException:
            self._words.clear()
            raise

    # --- derived: files of one picture --------------------------------------------------------

    def proposed(
        self, sighting: Sighting, marks: Sequence[int], *, near: int, limit: int
    ) -> tuple[list[str], list[str]]:
        """IDs of files that may show the same picture: to be looked at now, and when their turn is.

        Args:
            sighting: The picture.
            marks: What its names share with those of its renditions.
            near: Bits in which fingerprints may differ.
            limit: How many at the most that only look alike.
        """
        if sighting.image is None:
            return [], []
        key, mark = sighting.id, sighting.image.facts.fingerprint
        with self._reading() as db:
            close = groups.look_alike(db, mark, key, near=near, limit=limit)
            found = [*groups.named_alike(db, marks, key), *(other for _, other in close)]
            now = [other for other in dict.fromkeys(found) if groups.is_settled(db, other, key)]
        return now, [other for other in found if other not in now]

    def mark(self, marks: Mapping[str, Sequence[int]]) -> None:
        """Keep by what pictures are proposed to others: numbers by ID."""
        with self._transaction() as db:
            for key, numbers in marks.items():
                groups.mark(db, key, numbers)

    def pair_up(self, found: Mapping[str, tuple[Sequence[Pair], Sequence[str]]]) -> None:
        """Keep the pairs of pictures that were found.

        Args:
            found: By ID, its pairs, and IDs of pictures that have not been looked at: pairs with
                them stay.
        """
        with self._transaction() as db:
            for key, (pairs, untouched) in found.items():
                groups.pair_up(db, key, pairs, untouched)

    def pairs_of(self, key: str) -> list[Pair]:
        """The pairs of files that a picture is in."""
        with self._reading() as db:
            return groups.pairs_of(db, key)

    def said_of_files(self, key: str) -> tuple[set[str], set[str]]:
        """IDs of files that a person joined with a picture, and of those split from it.

        ``all`` among the latter splits it from every one.
        """
        with self._reading() as db:
            return groups.said_of(db, key)

    def shown_as_one(self, key: str) -> list[str]:
        """IDs of the other files of a picture, as it was last indexed."""
        with self._reading() as db:
            return groups.shown_as_one(db, key)

    def tidy(self) -> None:
        """Small upkeep after many findings were written."""
        with self._transaction() as db:
            derived.tidy(db)

    # --- said: a person -----------------------------------------------------------------------

    def correct(self, *corrections: Correction) -> None:
        """Write what a person said, all or nothing; a later word on a field replaces the former."""
        with self._transaction() as db:
            for correction in corrections:
                said.correct(db, correction, _now())

    def take_back(self, key: str, field: str) -> bool:
        """Forget what a person said of a field of a picture; whether there was anything."""
        with self._transaction() as db:
            return said.take_back(db, key, field)

    def corrections(self, key: str) -> tuple[Correction, ...]:
        """What a person said of a picture, in the order of the fields' names."""
        with self._reading() as db:
            return said.corrections(db, key)

    def forget(self, key: str, note: str = "") -> list[str]:
        """Remove a picture for good and remember not to take it again; the files removed."""
        with self._transaction() as db:
            files = said.forget(db, key, note, _now())
        for file in files:
            self.files.remove(file)
        return files

    def forgotten(self) -> frozenset[str]:
        """IDs of the pictures that a person does not want again."""
        with self._reading() as db:
            return said.forgotten(db)

    def save_search(self, name: str, query: str) -> None:
        """Keep a query under a name; a former one of that name is replaced."""
        with self._transaction() as db:
            said.save_search(db, name, query, _now())

    # --- reading in full ----------------------------------------------------------------------

    def drop_search(self, name: str) -> None:
        """Keep a query no longer."""
        with self._transaction() as db:
            said.drop_search(db, name)

    def dossier(self, prefix: str) -> Dossier:
        """Everything about one picture.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        with self._reading() as db:
            key = searching.key_of(db, prefix)
            record = searching.record(db, key)
            return Dossier(
                record=record,
                sighting=seen.sighting(db, key),
                evidence=reading.evidence(db, key),
                contradictions=reading.contradictions(db, key),
                corrections=said.corrections(db, key),
                renditions=reading.renditions(db, record),
                near=groups.near(db, key, bits=reading.NEAR),
            )

    def all_evidence(self) -> dict[str, tuple[Evidence, ...]]:
        """By ID, what the verdicts on every picture rest on, strongest first."""
        with self._reading() as db:
            return reading.all_evidence(db)

    def least_certain(self, limit: int | None = None) -> list[Record]:
        """Pictures that a person should look at: contradictory ones, then the least certain."""
        with self._reading() as db:
            return [searching.record(db, key) for key in reading.least_certain(db, limit)]

    # --- upkeep -------------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, and counts by spacecraft, instrument, credit, site, kind and format."""
        with self._reading() as db:
            found = reading.stats(db)
        database = self.folder / connection.DATABASE
        found["database_bytes"] = sum(
            path.stat().st_size
            for path in (database, database.with_name(f"{database.name}-wal"))
            if path.exists()
        )
        return found

    def dump(self, *, verdicts: bool = True) -> Iterator[dict[str, Any]]:
        """Everything, one value a line, in an order of their own.

        Args:
            verdicts: Whether to tell what was derived, too.
        """
        from catalogue.store import dump

        # Of one moment, and so by a connection of its own: this one may write meanwhile.
        with Reader.open(self.folder) as own, own._reading() as db:
            yield from dump.dump(db, verdicts=verdicts)

    def tables(self) -> Iterator[Table]:
        """What was seen and what follows from it, as wide tables, each to be read in turn."""
        from catalogue.store import tables

        with self._reading() as db:
            yield from tables.tables(db)

    def load(
        self, lines: Iterable[bytes | Mapping[str, Any]], *, files_of: Files | None = None
    ) -> Iterator[str]:
        """Take in what another catalogue dumped; what is newer here stays.

        Args:
            lines: As :meth:`dump` gave them, or as they were printed.
            files_of: Those of the other catalogue, from which to copy what lines name.

        Yields:
            Conflicts and files that could not be copied, in words.

        Raises:
            UsageError: A line is not what it must be. The lines before it were taken in.
        """
        from catalogue.store import load

        self.begin_writing()
        with self._as_a_whole() if load.is_empty(self._db) else contextlib.nullcontext():
            loading = load.Loading(self._db)
            loading.begin()
            wrong: UsageError | None = None
            try:
                yield from self._taken(loading, lines, files_of)
            except UsageError as error:
                wrong = error
            loading.finish()
        if wrong is not None:
            raise wrong

    @contextlib.contextmanager
    def _as_a_whole(self) -> Iterator[None]:
        """A transaction that writes much into a database that holds nothing.

        Its journal keeps what there was before, and so next to nothing; where the process is
        killed, whoever comes next finds the database empty.
        """
        connection.keep_journal(self._db, "DELETE")
        self._db.execute("PRAGMA foreign_keys = OFF")  # it refers to nothing but its own rows
        try:
            with self._transaction():
                yield
        finally:
            self._db.execute("PRAGMA foreign_keys = ON")
            connection.keep_journal(self._db, "WAL")

    def _taken(
        self, loading: Loading, lines: Iterable[bytes | Mapping[str, Any]], files_of: Files | None
    ) -> Iterator[str]:
        from catalogue.store import load

        unwanted = self.forgotten()
        for batch in _read(lines):
            for _, line in batch if files_of is not None else ():
                for file, sha256 in load.files_of(line):
                    if sha256 in unwanted or files_of is None:
                        continue
                    if not self.files.copy(files_of, file, sha256):
                        yield f"{file} is missing or damaged there"
            yield from self._take(loading, batch)

    def _take(self, loading: Loading, batch: Sequence[tuple[int, Line]]) -> list[str]:
        if not batch:
            return []
        try:
            with self._part(), _about_line(batch[0][0]):
                return loading.take([line for _, line in batch])
        except UsageError:
            # One of them is wrong, and nothing of the lot was taken in: now those before it are.
            told = []
            for number, line in batch:
                with self._part(), _about_line(number):
                    told += loading.take([line])
            return told

    @contextlib.contextmanager
    def _part(self) -> Iterator[None]:
        """A transaction, or a part of the one that has begun, that is whole or leaves no trace."""
        if not self._db.in_transaction:
            with self._transaction():
                yield
            return
        self._db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO part")
            raise
        finally:
            self._db.execute("RELEASE part")

    def check(self) -> Iterator[Problem]:
        """Read everything again and tell what is amiss."""
        with self._reading() as db:
            yield from check.check(db, self.files)

    def check_database(self) -> list[Problem]:
        """What is amiss in the database alone, without the files."""
        with self._reading() as db:
            return list(check.check_database(db))

    def known_files(self) -> list[tuple[str, str]]:
        """Relative path and SHA-256 of every file that the database names."""
        with self._reading() as db:
            return list(check.known_files(db).items())

    def addresses_of(self, relative: str) -> list[str]:
        """Addresses that gave the bytes of an image file."""
        with self._reading() as db:
            found = db.execute(
                "SELECT url FROM address JOIN identity ON identity.id = image_id WHERE key = ?"
                " ORDER BY url",
                (Path(relative).stem,),
            )
            return [url for (url,) in found.fetchall()]

    def give_up_snapshot(self, relative: str) -> list[str]:
        """Note that a page's own bytes are lost; the addresses of the pages that it was."""
        with self._transaction() as db:
            found = db.execute(
                "UPDATE page SET snapshot_file = NULL, snapshot_sha256 = NULL,"
                " snapshot_bytes = NULL WHERE snapshot_file = ? RETURNING address",
                (relative,),
            )
            return sorted(address for (address,) in found.fetchall())


def _read(lines: Iterable[bytes | Mapping[str, Any]]) -> Iterator[list[tuple[int, Line]]]:
    """The lines in lots, with their numbers, blank ones left out; before a wrong one, the others.

    Raises:
        UsageError: One is no line of a dump.
    """
    from catalogue.store.lines import read

    coming, first = iter(lines), 1
    while some := list(itertools.islice(coming, _LINES_AT_ONCE)):
        try:
            values = read(some)
        except ValueError:  # one is wrong, or blank: now they are read one by one
            for number, line in enumerate(some, start=first):
                if isinstance(line, bytes) and line.isspace():
                    continue
                with _about_line(number):
                    (value,) = read([line])
                yield [(number, value)]
        else:
            yield list(enumerate(values, start=first))
        first += len(some)


_WRONG_LINE = (KeyError, ValueError, OverflowError, sqlite3.IntegrityError)


@contextlib.contextmanager
def _about_line(number: int) -> Iterator[None]:
    """Say of which line an error is."""
    try:
        yield
    except _WRONG_LINE as error:
        words = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else error
        raise UsageError(f"line {number} is no line of a dump: {words}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
