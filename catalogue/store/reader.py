"""A catalogue folder that is searched. Most commands need no more, and load no more."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from catalogue.query import Query
from catalogue.record import Record
from catalogue.store import connection, searching


class Reader:
    """The folder of one catalogue. Not to be shared between threads.

    Use :meth:`open`.
    """

    def __init__(self, folder: Path, db: sqlite3.Connection, *, read_only: bool) -> None:
        self.folder = folder
        self.read_only = read_only
        self._db = db

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open a catalogue.

        Args:
            folder: The catalogue folder.
            create: Make it where it is absent.

        Raises:
            CatalogueUnusable: It is absent, a file, locked, damaged, foreign or of a newer format.
        """
        db, read_only = connection.connect(folder, create=create)
        return cls(folder, db, read_only=read_only)

    def close(self) -> None:
        """Close it."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._db
        except sqlite3.Error as error:
            raise connection.unusable(self.folder, error) from error

    def search(
        self,
        query: Query | None = None,
        *,
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
        renditions: bool = False,
        after: str | None = None,
    ) -> Iterator[Record]:
        """Records that a query matches, one by one.

        Args:
            query: None for everything.
            sort: ``relevance`` (newest first where no word was asked), ``newest``, ``oldest``,
                ``largest``.
            limit: How many at the most; None for all.
            offset: How many are left out at the beginning.
            renditions: Every file of a picture, not the best of them alone.
            after: ID, or its beginning, of the picture behind which to begin: however far that is,
                it costs no more than the first page (save by relevance, which is ranked anew).

        Raises:
            UsageError: The order, or the picture, is unknown, or a number is below 0; at once, not
                when the first record is asked for.
        """
        searching.check_page(sort, limit, offset)
        behind = None if after is None else self.key_of(after)
        return self._found(
            query, sort=sort, limit=limit, offset=offset, renditions=renditions, after=behind
        )

    def _found(self, query: Query | None, **page: Any) -> Iterator[Record]:
        with self._reading() as db:
            yield from searching.search(db, query, **page)

    def count(self, query: Query | None = None, *, renditions: bool = False) -> int:
        """How many records a query matches."""
        with self._reading() as db:
            return searching.count(db, query, renditions=renditions)

    def facets(
        self, query: Query | None = None, *, renditions: bool = False
    ) -> dict[str, dict[str, int]]:
        """Counts by spacecraft, instrument, credit, site and year over all matches, most first."""
        with self._reading() as db:
            return searching.facets(db, query, renditions=renditions)

    def unknown_words(self, query: Query | None = None) -> dict[str, list[str]]:
        """Words of a query that no picture has, and those like them that some have."""
        with self._reading() as db:
            return searching.unknown_words(db, query)

    def key_of(self, prefix: str) -> str:
        """The whole ID of a picture by its beginning.

        Raises:
            UsageError: No picture, or several, begin so, or it is shorter than four characters.
        """
        with self._reading() as db:
            return searching.key_of(db, prefix)

    def record(self, prefix: str) -> Record:
        """One picture by the beginning of its ID.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        with self._reading() as db:
            return searching.record(db, searching.key_of(db, prefix))

    def saved_searches(self) -> dict[str, str]:
        """Queries that are kept, by name."""
        with self._reading() as db:
            return searching.saved_searches(db)
