"""The front for users of the library: one class, each method a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from catalogue.model import Correction, Dossier, Outcome, Record
from catalogue.registry import Registry, load_registry
from catalogue.store import Problem, Store

if TYPE_CHECKING:
    from catalogue.index import IndexReport


class Catalogue:
    """A catalogue of pictures: a folder that holds a database, image files and page snapshots.

    >>> import tempfile
    >>> with Catalogue.open(tempfile.mkdtemp(), create=True) as catalogue:
    ...     catalogue.count()
    0
    """

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self.registry = registry

    @classmethod
    def open(
        cls, path: str | Path, *, create: bool = False, registry: Registry | None = None
    ) -> Self:
        """Open the catalogue in a folder.

        Args:
            path: The folder.
            create: Make the catalogue where there is none.
            registry: Other facts than the program's own.

        Raises:
            CatalogueUnusable: It is absent, locked, damaged, foreign or of a newer format.
            RegistryError: The registry's files are wrong.
        """
        return cls(Store.open(Path(path), create=create), registry or load_registry())

    @property
    def folder(self) -> Path:
        """The catalogue folder; files of records are relative to it."""
        return self._store.folder

    def close(self) -> None:
        """Close it. Everything that was reported is on the disk already."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def index(self, *, rebuild: bool = False) -> IndexReport:
        """Derive attributions, credits and the search index from what was harvested.

        Args:
            rebuild: Anew for every picture, as after the registry or the rules improved.
        """
        from catalogue.index import index

        return index(self._store, self.registry, rebuild=rebuild)

    def search(
        self,
        query: str = "",
        *,
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Record]:
        """Pictures that a query finds, best first.

        Args:
            query: In the search language; empty for everything.
            sort: ``relevance``, ``newest``, ``oldest`` or ``largest``.
            limit: How many at the most.
            offset: How many are left out at the beginning.

        Raises:
            UsageError: The query names an unknown field, spacecraft ..., or the order is unknown.
        """
        from catalogue.query import parse

        parsed = parse(query, self.registry)
        return self._store.search(parsed, sort=sort, limit=limit, offset=offset)

    def count(self, query: str = "") -> int:
        """How many pictures a query finds."""
        from catalogue.query import parse

        return self._store.count(parse(query, self.registry))

    def facets(self, query: str = "") -> dict[str, dict[str, int]]:
        """Counts by spacecraft, instrument, credit, site and year over all that a query finds."""
        from catalogue.query import parse

        return self._store.facets(parse(query, self.registry))

    def get(self, image: str) -> Record:
        """One picture by its ID, or by the beginning of it (four characters or more).

        Raises:
            UsageError: No picture, or several, begin so.
        """
        return self._store.record(image)

    def dossier(self, image: str) -> Dossier:
        """Everything about one picture: appearances, evidence, corrections, near-duplicates."""
        return self._store.dossier(image)

    def set(self, image: str, *, note: str = "", **fields: str | None) -> Record:
        """Correct what the rules say of a picture; a person's word outranks every rule.

        Args:
            image: ID or the beginning of it.
            note: Why, or where it says so.
            fields: ``spacecraft``, ``instrument``, ``subject``, ``credit``, ``caption``, ``title``,
                ``kind``; ``None`` takes a correction back, ``"none"`` says that there is nothing.

        Returns:
            The picture as it is now.

        Raises:
            UsageError: The picture, a field or a name is unknown; nothing has been changed then.
        """
        from catalogue.index import checked_correction

        key = self._store.key_of(image)
        checked = {
            field: None if value is None else checked_correction(field, value, self.registry)
            for field, value in fields.items()
        }
        for field, correction in checked.items():
            if correction is None:
                self._store.take_back(key, field)
            else:
                name, value = correction
                self._store.correct(Correction(image=key, field=name, value=value, note=note))
        self.index()
        return self._store.record(key)

    def review(self, limit: int | None = None) -> list[Record]:
        """Pictures that a person should look at: contradictory first, then the least certain."""
        records = list(self.search("needs:review"))
        records.sort(key=lambda record: (record.confidence, record.id))
        records.sort(key=lambda record: not self._store.dossier(record.id).contradictions)
        return records[:limit]

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, and counts by spacecraft, instrument, credit, site, kind, format."""
        return self._store.stats()

    def verify(self, *, repair: bool = False) -> Iterator[Problem]:
        """Read everything again and tell what is amiss; nothing where all is sound.

        Args:
            repair: Mend what can be mended.
        """
        from catalogue.upkeep import verify

        return verify(self._store, self.registry, repair=repair)
