"""The files of a catalogue, named by their content, and who is writing them just now.

They lie in the catalogue folder, or in a place that a line of text in it names
(``files-at.txt``); see :mod:`catalogue.store.places`. Files that are not whole yet are always on
this machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import shutil
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from catalogue.errors import CatalogueUnusable, UsageError
from catalogue.store.places import IMAGES, INCOMING, ORPHANS, PAGES, SOUND, Bucket, Folder, Place

if sys.platform != "win32":
    import fcntl

__all__ = ["IMAGES", "PAGES", "Files", "keep_at"]

PLACE = "files-at.txt"
"""File of the folder that names another place for pictures and pages, where they have one."""

LOCK = "writing.lock"


class Files:
    """The files of one catalogue. Threads may share it.

    Args:
        folder: The catalogue folder.
        place: Where the bytes lie; None for the folder.
    """

    def __init__(self, folder: Path, place: Place | None = None) -> None:
        self.folder = folder
        self.place: Place = place or Folder(folder)
        self._lock: IO[bytes] | None = None
        self._incoming: Path | None = None
        self._beginning = threading.Lock()

    @classmethod
    def of(cls, folder: Path) -> Files:
        """The files of a catalogue, wherever it says that they lie.

        Raises:
            CatalogueUnusable: What it says cannot be read.
        """
        address = _named(folder)
        return cls(folder, Bucket(address) if address else None)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """To another process go the files of the same place; whether it writes is its affair."""
        if isinstance(self.place, Bucket):
            return _elsewhere, (self.place.address,)
        return Files, (self.folder.resolve(),)

    @property
    def incoming(self) -> Path:
        """Where files are written before they have their name; on the same file system."""
        if self._incoming is None:
            self.begin_writing()  # from now on nobody takes what lies here for a killed run's
            path = self.folder / INCOMING
            path.mkdir(exist_ok=True)
            self._incoming = path
        return self._incoming

    def put(self, data: bytes | Path, sha256: str, suffix: str = "", *, kind: str = IMAGES) -> str:
        """Keep bytes under the name of their content.

        When this returns, the bytes are on the disk, whatever happens next. Where they were kept
        before they are left as they are, unless they were damaged since.

        Args:
            data: The bytes, or a file in :attr:`incoming`, which is moved.
            sha256: Their SHA-256, 64 hexadecimal digits.
            suffix: Ending of the name, ``.jpg``.
            kind: ``images`` or ``pages``.

        Returns:
            Path relative to the catalogue folder, POSIX.

        Raises:
            OSError: They could not be written; nothing of them is left.
        """
        relative = f"{kind}/{sha256[:2]}/{sha256}{suffix}"
        spool = data.parent if isinstance(data, Path) else self.incoming
        self.place.put(data, relative, sha256, spool)
        return relative

    def copy(self, theirs: Files, relative: str, sha256: str) -> bool:
        """Keep a copy of another catalogue's file; whether it is there and sound.

        Raises:
            OSError: The copy could not be written.
        """
        if self.place.state(relative, sha256) == SOUND:
            return True
        try:
            with theirs.local(relative) as path:
                data = path.read_bytes()
        except (OSError, CatalogueUnusable):
            return False
        if hashlib.sha256(data).hexdigest() != sha256:
            return False
        kind, _, name = relative.split("/")
        self.put(data, sha256, Path(name).suffix, kind=kind)
        return True

    def local(self, relative: str) -> contextlib.AbstractContextManager[Path]:
        """The bytes as a file of this machine, for as long as the context lasts.

        Raises:
            OSError: They could not be had.
            CatalogueUnusable: The path leads out of the place.
        """
        return self.place.local(relative)

    def states(self, known: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
        """Of relative paths and what their SHA-256 should be: both, and the state, in order."""
        from concurrent.futures import ThreadPoolExecutor

        waiting = iter(known)
        with ThreadPoolExecutor(self.place.at_once) as pool:
            while some := list(itertools.islice(waiting, 8 * self.place.at_once)):
                found = pool.map(lambda one: self.place.state(*one), some)
                yield from ((*one, state) for one, state in zip(some, found, strict=True))

    def all(self) -> Iterator[str]:
        """Every kept file, relative, sorted."""
        return self.place.all()

    def keep_out(self, place: Path) -> None:
        """Make sure that what a user has written somewhere lies beside the catalogue's own files.

        Args:
            place: Where it shall go.

        Raises:
            UsageError: That is the catalogue's folder, or one of those in it that hold its files.
        """
        home, there = self.folder.resolve(), place.resolve()
        ours = [home / name for name in (IMAGES, PAGES, INCOMING, ORPHANS)]
        if there == home or any(there.is_relative_to(folder) for folder in ours):
            raise UsageError(f"--to {place}: that is the catalogue's own folder; choose another")

    def set_aside(self, relative: str) -> str:
        """Move a file to where it is kept and harms nothing; its new relative path."""
        return self.place.set_aside(relative)

    def remove(self, relative: str) -> None:
        """Remove a kept file."""
        self.place.remove(relative)

    def sign(self) -> contextlib.AbstractContextManager[str]:
        """Put up a sign, for as long as the context lasts, by which workers know the place."""
        return self.place.sign(self.incoming)

    def sees(self, sign: str) -> str:
        """Why the sign cannot be seen from here, in words; empty where it can."""
        return self.place.sees(sign)

    def check(self) -> None:
        """Make sure, before any work, that a place in object storage takes bytes.

        Raises:
            CatalogueUnusable: It does not.
        """
        if isinstance(self.place, Bucket):
            try:
                _try_out(self.place)
            except UsageError as error:
                raise CatalogueUnusable(str(error)) from error

    # --- writers ------------------------------------------------------------------------------

    def begin_writing(self) -> None:
        """Mark this process as a writer; one that is alone sweeps what a killed one left."""
        with self._beginning:
            if self._lock is not None:
                return
            lock = (self.folder / LOCK).open("ab")
            self._lock = lock
            if sys.platform == "win32":
                return  # nothing is swept: it cannot be told whose it is
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pass  # somebody else is writing: what lies in incoming may be theirs
            else:
                self.sweep()
            with contextlib.suppress(OSError):  # a file system without locks: nothing is swept
                fcntl.flock(lock, fcntl.LOCK_SH)

    def end_writing(self) -> None:
        """Give up the mark of :meth:`begin_writing`."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            self._incoming = None

    def __del__(self) -> None:
        self.end_writing()

    def sweep(self) -> list[str]:
        """Remove unfinished files; nobody else may be writing. Returns what was removed."""
        swept = []
        with contextlib.suppress(FileNotFoundError):
            for path in sorted((self.folder / INCOMING).iterdir()):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
                swept.append(path.relative_to(self.folder).as_posix())
        return swept

    def unfinished(self) -> list[str]:
        """Files that a killed run left unfinished; none while somebody is writing."""
        folder = self.folder / INCOMING
        if not folder.is_dir() or self._somebody_writes():
            return []
        return sorted(path.relative_to(self.folder).as_posix() for path in folder.iterdir())

    def _somebody_writes(self) -> bool:
        path = self.folder / LOCK
        if sys.platform == "win32" or not path.exists():
            return False
        with path.open("rb") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


def keep_at(folder: Path, address: str, *, new: bool) -> None:
    """Have a catalogue keep its files in object storage.

    Args:
        folder: The catalogue folder.
        address: ``s3://BUCKET/PREFIX``.
        new: Whether there is no catalogue yet; one that is there stays with what it has.

    Raises:
        UsageError: It keeps them elsewhere, or the place is none that takes bytes.
    """
    from catalogue.fetch import objects

    address = objects.place(address)
    if not new:
        there = _named(folder)
        if there != address:
            raise UsageError(
                f"--files: {folder} keeps its files {'in ' + there if there else 'in itself'};"
                f" 'catalogue -C NEW merge {folder} --files {address}' makes one that keeps them"
                " there"
            )
        return
    _try_out(Bucket(address))
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{PLACE}.part"
    aside.write_text(f"{address}\n", encoding="utf-8")
    aside.replace(folder / PLACE)


def _named(folder: Path) -> str:
    """The place that a catalogue names; empty for itself."""
    try:
        address = (folder / PLACE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else error
        raise CatalogueUnusable(f"{folder / PLACE}: {words}") from error
    from catalogue.fetch import objects

    try:
        return objects.place(address)
    except UsageError as error:
        raise CatalogueUnusable(f"{folder / PLACE}: {error}") from error


def _try_out(place: Bucket) -> None:
    """Put something there.

    Raises:
        UsageError: That cannot be done.
    """
    try:
        with place.sign(Path()):
            pass
    except OSError as error:
        raise UsageError(f"--files {place.address}: {error.strerror or error}") from error


def _elsewhere(address: str) -> Files:
    """The files of a place in object storage, for a process that does not see the folder."""
    folder = tempfile.mkdtemp(prefix="catalogue-")
    files = Files(Path(folder), Bucket(address))
    weakref.finalize(files, shutil.rmtree, folder, ignore_errors=True)
    return files
