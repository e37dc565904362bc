"""A folder of sources: saved pages, archives, feeds, texts, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.errors import CatalogueError, ReasonedError
from catalogue.model import Document, Outcome
from catalogue.sources.interface import Bundle, Member
from catalogue.sources.saved import COMPANIONS

_SKIPPED = frozenset(
    {".xmp", ".db", ".css", ".js", ".svg", ".ico", ".woff", ".woff2", ".part"}
    | {".py", ".sh", ".toml", ".ini", ".cfg", ".csv", ".tsv", ".sql", ".log"}
)
"""Endings of what is no article, though it may be text."""


@dataclass(slots=True)
class Folder:
    """The sources in a folder and the folders in it, by name; companions of saved pages left out.

    Hidden files are left out, and so are catalogues: what they hold was harvested once. Links that
    lead out of the folder are not followed.
    """

    path: Path
    _open: dict[str, Bundle] = field(default_factory=dict)

    def members(self) -> Iterator[Member]:
        """The members of every source in it. One that cannot be read is told as an Outcome."""
        from catalogue.sources import open_path

        for file in self.files():
            if isinstance(file, Outcome):
                yield file
                continue
            try:
                bundle = open_path(file)
                self._open = {str(file): bundle}
                yield from bundle.members()
            except CatalogueError as error:
                reason = error.reason if isinstance(error, ReasonedError) else "unreadable-page"
                yield _failed(file, reason, str(error))

    def files(self) -> Iterator[Path | Outcome]:
        """The files that are sources, in the order of their names.

        A folder that cannot be looked into, one in which there is nothing, and a catalogue, is
        told as an Outcome.
        """
        if _is_catalogue(self.path):
            words = f"it is a catalogue: 'catalogue merge {self.path}' takes it in"
            yield _failed(self.path, "unreadable-page", words)
            return
        found = False
        for file in self._files():
            found = True
            yield file
        if not found:
            yield _failed(self.path, "unreadable-page", "there is no source in this folder")

    def _files(self) -> Iterator[Path | Outcome]:
        root = self.path.resolve()
        waiting = [self.path]
        while waiting:
            folder = waiting.pop()
            try:
                entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
            except OSError as error:
                yield _failed(folder, "unreadable-page", f"cannot be looked into: {error.strerror}")
                continue
            names = {entry.name for entry in entries}
            below = []
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    if not (
                        entry.is_symlink()
                        or _is_companion(entry.name, names)
                        or _is_catalogue(entry)
                    ):
                        below.append(entry)
                elif entry.is_file() and entry.suffix.lower() not in _SKIPPED:
                    if entry.is_symlink() and not entry.resolve().is_relative_to(root):
                        continue
                    if entry.suffix.lower() == ".json" and entry.name[:-5] in names:
                        continue  # what a downloader wrote beside a picture
                    yield entry
            waiting.extend(reversed(below))

    def find(self, url: str) -> Document | None:
        """A resource of the source whose members are being given."""
        for bundle in self._open.values():
            found = bundle.find(url)
            if found is not None:
                return found
        return None

    def holds(self, url: str) -> bool:
        """Whether the source whose members are being given holds it."""
        return any(bundle.holds(url) for bundle in self._open.values())

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """What is needed of the source whose members are being given."""
        parts = (bundle.part(urls) for bundle in self._open.values())
        return next((part for part in parts if part is not None), None)


def _is_catalogue(folder: Path) -> bool:
    """Whether a folder is a catalogue, of which the pages and pictures are no sources."""
    return (folder / "catalogue.db").is_file()


def _failed(path: Path, reason: str, detail: str) -> Outcome:
    return Outcome(
        kind="page", url=str(path), page=str(path), outcome=f"failed:{reason}", detail=detail
    )


_COMPANIONED = (".html", ".htm", ".xhtml", ".md", ".txt", ".xml", ".rss", ".atom")
"""Endings of articles and feeds that may have a folder of their pictures beside them."""


def _is_companion(name: str, names: set[str]) -> bool:
    for ending in COMPANIONS:
        stem = name.removesuffix(ending)
        if stem != name and any(f"{stem}{end}" in names for end in _COMPANIONED):
            return True
    return False
