"""The front for users of the library: one class, each method a few lines."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from catalogue.errors import UsageError
from catalogue.query import Query, parse
from catalogue.store.connection import is_absent
from catalogue.store.reader import Reader
from catalogue.texts import nearest

if TYPE_CHECKING:
    from catalogue.export import Exported
    from catalogue.fetch.interface import Fetcher
    from catalogue.fetch.policy import Manners
    from catalogue.gallery import GalleryReport
    from catalogue.harvest import Coming, Options, Progress
    from catalogue.index import IndexReport
    from catalogue.model import Dossier, HostNotes, Outcome
    from catalogue.record import Record
    from catalogue.registry import Registry
    from catalogue.store import Problem, Store
    from catalogue.store.files import Files


class Catalogue:
    """A catalogue of pictures: a folder that holds a database, image files and page snapshots.

    >>> import tempfile
    >>> with Catalogue.open(tempfile.mkdtemp(), create=True) as catalogue:
    ...     catalogue.count()
    0
    """

    def __init__(self, folder: Path, registry: Registry | None = None) -> None:
        self.folder = folder
        """Files of records are relative to it."""
        self._opened: Reader | None = None
        self._registry = registry

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = False,
        registry: Registry | None = None,
        files: str | None = None,
    ) -> Self:
        """Open the catalogue in a folder.

        Where there is none yet, the first harvest, load or merge makes it, and everything else
        raises CatalogueUnusable.

        Args:
            path: The folder.
            create: Make the catalogue at once where there is none.
            registry: Other facts than the program's own.
            files: Place in object storage, ``s3://BUCKET/PREFIX``, where a catalogue that is made
                keeps pictures and pages, as long as it is there; None for what it has.

        Raises:
            UsageError: It keeps its files elsewhere, or that place takes none.
            CatalogueUnusable: It is a file, locked, damaged, foreign or of a newer format.
        """
        opened = cls(Path(path), registry)
        absent = is_absent(opened.folder)
        if files is not None:
            from catalogue.store.files import keep_at

            keep_at(opened.folder, files, new=absent)
        if create or not absent:
            opened._opened = Reader.open(opened.folder, create=create)
        return opened

    @property
    def registry(self) -> Registry:
        """The facts that names and rules rest on, read when they are first needed.

        Raises:
            RegistryError: The registry's files are wrong.
        """
        if self._registry is None:
            from catalogue.registry import load_registry

            self._registry = load_registry()
        return self._registry

    @property
    def _reader(self) -> Reader:
        """What a search needs."""
        if self._opened is None:
            self._opened = Reader.open(self.folder, create=False)
        return self._opened

    @property
    def _store(self) -> Store:
        """All that can be done to a catalogue that is there."""
        from catalogue.store.database import Store

        if not isinstance(self._reader, Store):
            self._opened = Store.of(self._reader)
        assert isinstance(self._opened, Store)
        return self._opened

    def _made(self, files: Files | None = None) -> Store:
        """The same, made where there is none; with the files that are in use already."""
        if self._opened is None:
            from catalogue.store.database import Store

            self._opened = Store.of(Reader.open(self.folder, create=True), files)
        return self._store

    def _coming(self) -> Coming:
        """A catalogue that is not there yet, of which the tables are made while others work."""
        from catalogue.harvest import Coming
        from catalogue.meanwhile import Meanwhile
        from catalogue.store.connection import begin
        from catalogue.store.files import Files

        begin(self.folder)
        files = Files.of(self.folder)
        files.check()
        return Coming(files, Meanwhile(lambda: self._made(files)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.folder)!r})"

    def close(self) -> None:
        """Close it. Everything that was reported is on the disk already."""
        if self._opened is not None:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def harvest(
        self,
        sources: str | Path | Iterable[str | Path] | None = None,
        *,
        manners: Manners | None = None,
        options: Options | None = None,
        fetcher: Fetcher | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> list[Outcome]:
        """Take pages and pictures in, and index what was added.

        Whatever ends it, all that is kept stays, and the next harvest completes it.

        Args:
            sources: Addresses, files, folders, or one of these; None for what could not be had
                before.
            manners: How servers are treated; ignored where a fetcher is given.
            options: How to go about it.
            fetcher: Gets the bytes; the web's, unless it is another.
            progress: Called now and then.

        Returns:
            What became of each page and picture; :meth:`harvesting` tells it as it happens.

        Raises:
            UsageError: A source of a list or tuple is not there, and nothing has begun; of other
                iterables, which may have no end, it is told as an outcome.
            CatalogueUnusable: The catalogue cannot be written.
        """
        return list(
            self.harvesting(
                sources, manners=manners, options=options, fetcher=fetcher, progress=progress
            )
        )

    def harvesting(
        self,
        sources: str | Path | Iterable[str | Path] | None = None,
        *,
        manners: Manners | None = None,
        options: Options | None = None,
        fetcher: Fetcher | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Iterator[Outcome]:
        """The same, step by step: works while it is iterated, and yields each outcome.

        What it told as stored is kept, whatever ends it; left early, it ends what it began.
        """
        from catalogue.beside import Beside
        from catalogue.fetch.policy import DEFAULT_MANNERS
        from catalogue.fetch.web import WebFetcher
        from catalogue.harvest import DEFAULT_OPTIONS, check_sources, harvest

        if isinstance(sources, str | Path):
            sources = [sources]
        if isinstance(sources, list | tuple):
            sources = check_sources(sources)
        how = options or DEFAULT_OPTIONS
        store: Store | Coming | None = None
        known: list[HostNotes] = []
        if self._opened is None and is_absent(self.folder) and sources is not None:
            store = None if how.dry_run else self._coming()
        else:
            store = self._made() if sources is not None else self._store
            known = store.hosts() if fetcher is None else []
            if not how.dry_run:
                store.files.check()
        if sources is None:
            sources, _ = self._failed_pages()
        if fetcher is None:
            if how.refresh:  # what is asked for again includes the rules
                known = [dataclasses.replace(one, robots=None) for one in known]
            fetcher = WebFetcher(manners or DEFAULT_MANNERS, connections=how.workers, known=known)
        beside = Beside(self.folder, lambda: self.registry)
        outcomes = cast(
            "Generator[Outcome]",
            harvest(sources, store=store, fetcher=fetcher, options=how, progress=progress),
        )
        try:
            with contextlib.closing(outcomes):
                for outcome in outcomes:
                    if outcome.outcome == "stored":
                        beside.tell()
                    yield outcome
        finally:
            if not how.dry_run and self._opened is not None:  # else it could not be made
                beside.finish(self._store)

    def failed_files(self) -> list[str]:
        """Files and objects in storage that could not be had, or not with all their pictures.

        A harvest without sources leaves them alone: what a catalogue says must not lead into a
        disk or bucket, so a person names them.
        """
        return self._failed_pages()[1]

    def _failed_pages(self) -> tuple[list[str], list[str]]:
        """Pages of the web that could not be had, or not with all their pictures; and files."""
        from catalogue.fetch.objects import is_stored

        failed = self._store.failed_pages()
        web = [page for page in failed if "://" in page and not is_stored(page)]
        return web, [page for page in failed if page not in web]

    def index(
        self, *, rebuild: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> IndexReport:
        """Derive attributions, credits and the search index from what was harvested.

        A harvest does this for what it added; nobody has to call it in daily use.

        Args:
            rebuild: Anew for every picture, as after the registry or the rules improved.
            progress: Is told how many pictures are done, and how many there are.
        """
        from catalogue.index import index

        return index(self._store, self.registry, rebuild=rebuild, progress=progress)

    def search(
        self,
        query: str = "",
        *,
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
        renditions: bool = False,
        after: str | None = None,
    ) -> Iterator[Record]:
        """Pictures that a query finds, best first.

        Args:
            query: In the search language; empty for everything.
            sort: ``relevance``, ``newest``, ``oldest`` or ``largest``.
            limit: How many at the most.
            offset: How many are left out at the beginning.
            renditions: Every file of a picture, not the best of them alone.
            after: ID of the picture behind which to begin; pages far behind cost no more so.

        Raises:
            UsageError: The query names an unknown field, spacecraft ..., or the order is unknown.
        """
        return self._reader.search(
            self._parsed(query),
            sort=sort,
            limit=limit,
            offset=offset,
            renditions=renditions,
            after=after,
        )

    def count(self, query: str = "", *, renditions: bool = False) -> int:
        """How many pictures a query finds."""
        return self._reader.count(self._parsed(query), renditions=renditions)

    def facets(self, query: str = "", *, renditions: bool = False) -> dict[str, dict[str, int]]:
        """Counts by spacecraft, instrument, credit, site and year over all that a query finds."""
        return self._reader.facets(self._parsed(query), renditions=renditions)

    def unknown_words(self, query: str) -> dict[str, list[str]]:
        """Words of a query that no picture has, each with those like it that some have.

        What to tell somebody whose search found nothing.
        """
        return self._reader.unknown_words(self._parsed(query))

    def _parsed(self, query: str) -> Query:
        return parse(query, lambda: self.registry, self._reader.saved_searches)

    def get(self, image: str) -> Record:
        """One picture by its ID, or by the beginning of it (four characters or more).

        Raises:
            UsageError: No picture, or several, begin so.
        """
        return self._reader.record(image)

    def dossier(self, image: str) -> Dossier:
        """Everything about one picture: appearances, evidence, corrections, near-duplicates."""
        return self._store.dossier(image)

    def set(self, image: str, *, note: str = "", **fields: str | None) -> Record:
        """Correct what the rules say of a picture; a person's word outranks every rule.

        Args:
            image: ID or the beginning of it.
            note: Why, or where it says so.
            fields: ``spacecraft``, ``instrument``, ``subject``, ``kind``, ``credit``, ``caption``,
                ``title``, ``alt``; ``same_as`` and ``not_same_as`` join or split files of one
                picture (IDs, or ``all`` for the latter), add to what was said of others, and end
                what said the contrary; names are forgiving; ``"none"``
                says that there is nothing, and
                ``None`` takes a correction back.

        Returns:
            The picture as it is now.

        Raises:
            UsageError: The picture, a field or a name is unknown; nothing has been changed then.
        """
        from catalogue.corrections import RENDITION_FIELDS, checked_value, field_named
        from catalogue.model import Correction

        key = self._store.key_of(image)
        said, taken_back = [], []
        for name, typed in fields.items():
            field = field_named(name)
            if typed is None:
                taken_back.append(field)
                continue
            if field in RENDITION_FIELDS:
                value: str | None = self._other_files(key, field, typed)
            else:
                value = checked_value(field, typed, self.registry)
            said.append(Correction(image=key, field=field, value=value, note=note))
        self._store.correct(*said)
        for field in taken_back:
            self._store.take_back(key, field)
        self.index()
        return self._store.record(key)

    def _other_files(self, key: str, field: str, typed: str) -> str:
        from catalogue.store.groups import ALL, NOT_SAME

        parts = [part.strip() for part in typed.split(",") if part.strip()]
        if field == NOT_SAME and parts == [ALL]:
            return ALL
        others = sorted({self._store.key_of(part) for part in parts})
        if key in others:
            raise UsageError(f"{field}: {key[:12]} is the picture itself; name another")
        return ",".join(others)

    def review(self, limit: int | None = None) -> list[Record]:
        """Pictures that a person should look at: contradictory ones, then the least certain."""
        return self._store.least_certain(limit)

    def forget(self, image: str, *, note: str = "") -> list[str]:
        """Remove a picture for good, its file too, and remember not to take it again.

        Args:
            image: ID or the beginning of it.
            note: Why.

        Returns:
            The files that were removed, relative to the folder.

        Raises:
            UsageError: No picture, or several, begin so.
        """
        return self._store.forget(self._store.key_of(image), note)

    def save_search(self, name: str, query: str) -> str | None:
        """Keep a query under a name; ``saved:NAME`` stands for it wherever a query is taken.

        Returns:
            The other query that was kept under that name until now; None where there was none.

        Raises:
            UsageError: It is no query, or opens itself.
        """
        if not re.fullmatch(r"[\w.-]{1,60}", name):
            raise UsageError(f"{name!r} is no name for a search: use letters, digits, '-' and '.'")
        if not query.strip():
            raise UsageError("there is no query to be kept: give words or fields")
        kept = self._reader.saved_searches()
        parse(f"saved:{name}", lambda: self.registry, lambda: {**kept, name: query})
        self._store.save_search(name, query)
        former = kept.get(name)
        return None if former == query else former

    def drop_search(self, name: str) -> str:
        """Keep a search no longer.

        Returns:
            The query that it was.

        Raises:
            UsageError: None is kept under that name; the nearest known ones are told.
        """
        kept = self._reader.saved_searches()
        if name not in kept:
            raise UsageError(f"no search is saved as {name!r}; {nearest(name, kept)}")
        self._store.drop_search(name)
        return kept[name]

    def saved_searches(self) -> dict[str, str]:
        """Queries that are kept, by name."""
        return self._reader.saved_searches()

    def export(
        self,
        query: str = "",
        *,
        to: str | Path,
        format: str = "folder",
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
        name: str | None = None,
        max_size: int | None = None,
        allow_uncredited: bool = False,
        split_by_licence: bool = False,
    ) -> list[Exported]:
        """Write what a query finds as a set in which every file carries its credit.

        Args:
            query: In the search language; empty for everything.
            to: Folder, which may hold an earlier export; for ``zip`` the file.
            format: ``folder``, ``zip``, ``bagit`` or ``ro-crate``.
            sort: Order of the lists, as in :meth:`search`; so are ``limit`` and ``offset``.
            limit: How many at the most.
            offset: How many are left out at the beginning.
            name: Template of file names, ``{date}_{spacecraft}_{title}_{id}``.
            max_size: Pixels of the longer side; larger pictures go in as smaller copies.
            allow_uncredited: Take pictures without a credit too, marked as such.
            split_by_licence: A folder for each licence or terms of use.

        Returns:
            What became of each picture, in order; :meth:`exporting` tells it as it happens.

        Raises:
            UsageError: The query, format, template or place cannot be used.
            ExportError: The set could not be written.
        """
        return list(
            self.exporting(
                query,
                to=to,
                format=format,
                sort=sort,
                limit=limit,
                offset=offset,
                name=name,
                max_size=max_size,
                allow_uncredited=allow_uncredited,
                split_by_licence=split_by_licence,
            )
        )

    def exporting(
        self,
        query: str = "",
        *,
        to: str | Path,
        format: str = "folder",
        sort: str = "relevance",
        limit: int | None = None,
        offset: int = 0,
        name: str | None = None,
        max_size: int | None = None,
        allow_uncredited: bool = False,
        split_by_licence: bool = False,
    ) -> Iterator[Exported]:
        """The same, step by step: works while it is iterated, and yields what became of each.

        The set is there when the iteration has ended; until then, and if it ends early, everything
        is as it was.
        """
        from catalogue.export import export, names
        from catalogue.store.files import Files

        return export(
            self.search(query, sort=sort, limit=limit, offset=offset),
            files=Files.of(self.folder),
            to=Path(to),
            format=format,
            name=names.DEFAULT if name is None else name,
            max_size=max_size,
            allow_uncredited=allow_uncredited,
            split_by_licence=split_by_licence,
            registry=self.registry,
        )

    def dump(self, *, verdicts: bool = True) -> Iterator[dict[str, Any]]:
        """Everything, one value a line, in an order of their own.

        Equal catalogues give equal lines. Files are named, not contained.

        Args:
            verdicts: Tell what the index derived, too.
        """
        return self._store.dump(verdicts=verdicts)

    def dump_tables(self, to: str | Path) -> list[Path]:
        """Write images, appearances, pages, attributions and evidence as Parquet files.

        Args:
            to: The folder; files of these names in it are replaced.

        Returns:
            The files, one a table.

        Raises:
            UsageError: PyArrow is not installed, or ``to`` is no folder.
            CatalogueError: A file cannot be written.
        """
        from catalogue.columns import write

        return list(write(self._store.tables(), Path(to)))

    def load(self, lines: Iterable[bytes | Mapping[str, Any]]) -> list[str]:
        """Take in what :meth:`dump` gave, and index it; what is newer here stays.

        A line may be bytes, as 'catalogue dump' prints it.

        An empty catalogue takes the verdicts as they are; others derive what is new to them.

        Files that the lines name are not copied: they belong into the same places of this folder.

        Returns:
            Conflicts, in words.

        Raises:
            UsageError: A line is not what it must be; those before it were taken in.
        """
        conflicts = list(self._made().load(lines))
        if self._store.count_waiting():  # else the rules need not be loaded
            self.index()
        return conflicts

    def merge(self, other: str | Path) -> list[str]:
        """Take another catalogue in: pictures, pages, corrections, files. It is left as it is.

        Returns:
            Conflicts, and files that are missing or damaged there, in words.

        Raises:
            CatalogueUnusable: The other one is absent, damaged, foreign or of a newer format.
        """
        from catalogue.store.database import Store

        with Store.open(Path(other)) as theirs:
            conflicts = list(self._made().load(theirs.dump(), files_of=theirs.files))
        self.index()
        return conflicts

    def gallery(
        self,
        query: str = "",
        *,
        to: str | Path,
        sort: str = "newest",
        limit: int | None = None,
        offset: int = 0,
        renditions: bool = False,
        progress: Callable[[int, int], None] | None = None,
        **settings: Any,
    ) -> GalleryReport:
        """Build a gallery of static pages of what a query finds, or bring it up to date.

        Args:
            query: In the search language; empty for everything.
            to: The gallery's folder.
            sort: As in :meth:`search`.
            limit: How many pictures at the most.
            offset: How many are left out at the beginning.
            renditions: Every file of a picture, each leading to the others in the viewer; else
                the best alone.
            progress: Called with thumbnails made and to be made.
            settings: Fields of :class:`catalogue.gallery.GalleryOptions`: ``title``,
                ``thumb_size``, ``originals`` ...

        Raises:
            UsageError: A setting is wrong, or a foreign file stands in the way.
        """
        from catalogue.gallery import GalleryOptions, build_gallery
        from catalogue.store.files import Files

        if isinstance(settings.get("template"), str):
            settings["template"] = Path(settings["template"])
        return build_gallery(
            self.search(query, sort=sort, limit=limit, offset=offset, renditions=renditions),
            files=Files.of(self.folder),
            to=Path(to),
            options=GalleryOptions(**settings),
            registry=self.registry,
            evidence=self._store.all_evidence(),
            progress=progress,
        )

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, and counts by spacecraft, instrument, credit, site, kind, format."""
        return self._store.stats()

    def verify(self, *, repair: bool = False, fetcher: Fetcher | None = None) -> list[Problem]:
        """Read everything again.

        Args:
            repair: Mend what can be mended; what was is told with ``mended`` set.
            fetcher: Has damaged and missing pictures again; without one, they stay as they are.

        Returns:
            What is amiss: nothing where all is sound. :meth:`verifying` tells it as it is found.
        """
        return list(self.verifying(repair=repair, fetcher=fetcher))

    def verifying(
        self, *, repair: bool = False, fetcher: Fetcher | None = None
    ) -> Iterator[Problem]:
        """The same, step by step: works while it is iterated, and yields what it finds."""
        from catalogue.upkeep import verify

        return verify(self._store, self.registry, repair=repair, fetcher=fetcher)
