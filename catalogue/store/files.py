"""Files named by their content: written aside, synced, renamed, and only then known to anybody."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from catalogue.errors import CatalogueUnusable

if sys.platform != "win32":
    import fcntl

INCOMING = "incoming"
"""Folder of files that are being written; what a killed run left in it is swept by the next."""

ORPHANS = "orphans"
"""Folder to which a repair moves files that no row names, or that are damaged."""

IMAGES = "images"
PAGES = "pages"

LOCK = "writing.lock"


class Files:
    """The files of one catalogue folder. Threads may share it.

    Args:
        folder: The catalogue folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[bytes] | None = None
        self._beginning = threading.Lock()
        self._durable: set[Path] = set()

    def __reduce__(self) -> tuple[type[Files], tuple[Path]]:
        """To another process go the files of the same folder; whether it writes is its affair."""
        return Files, (self.folder.resolve(),)

    @property
    def incoming(self) -> Path:
        """Where files are written before they have their name; on the same file system."""
        self.begin_writing()  # from now on nobody takes what lies here for a killed run's
        path = self.folder / INCOMING
        path.mkdir(exist_ok=True)
        return path

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
        path = self.folder / relative
        self._make_durable(path.parent)
        if _is_sound(path, sha256):
            if isinstance(data, Path):
                data.unlink()
        else:
            self._put_anew(data, path)
        _sync_folder(path.parent)
        return relative

    def _put_anew(self, data: bytes | Path, path: Path) -> None:
        aside = data if isinstance(data, Path) else self.incoming / f"{secrets.token_hex(12)}.part"
        try:
            with aside.open("r+b" if isinstance(data, Path) else "xb") as file:
                if isinstance(data, bytes):
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise

    def _make_durable(self, folder: Path) -> None:
        """Make a folder within the catalogue's that is still there after a power cut."""
        if folder == self.folder or folder in self._durable:
            return
        self._make_durable(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
        self._durable.add(folder)

    def copy(self, folder: Path, relative: str, sha256: str) -> bool:
        """Keep a copy of another catalogue's file; whether it is there and sound."""
        source = folder / relative
        if not _is_sound(source, sha256):
            return False
        if not _is_sound(self.folder / relative, sha256):
            spooled = self.incoming / f"{secrets.token_hex(12)}.part"
            try:
                shutil.copyfile(source, spooled)
                kind, _, name = relative.split("/")
                self.put(spooled, sha256, Path(name).suffix, kind=kind)
            finally:
                spooled.unlink(missing_ok=True)
        return True

    def path(self, relative: str) -> Path:
        """The file of a relative path, which never leads out of the folder.

        Raises:
            CatalogueUnusable: It would.
        """
        path = (self.folder / relative).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise CatalogueUnusable(
                f"{self.folder}: the database names a file outside of the folder ({relative});"
                " it was tampered with"
            )
        return path

    def all(self) -> Iterator[str]:
        """Every kept file, relative, sorted."""
        for kind in (IMAGES, PAGES):
            for path in sorted((self.folder / kind).rglob("*")):
                if path.is_symlink() or not path.is_dir():
                    yield path.relative_to(self.folder).as_posix()

    def set_aside(self, relative: str) -> str:
        """Move a file to where it is kept and harms nothing; its new relative path."""
        aside = self.folder / ORPHANS
        aside.mkdir(exist_ok=True)
        source = self.folder / relative
        target = aside / source.name
        for number in range(1, 1000):
            if not target.exists() and not target.is_symlink():
                break
            target = aside / f"{source.stem}-{number}{source.suffix}"
        source.rename(target)
        _sync_folder(aside)
        return target.relative_to(self.folder).as_posix()

    def remove(self, relative: str) -> None:
        """Remove a kept file."""
        self.path(relative).unlink(missing_ok=True)

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


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_sound(path: Path, sha256: str) -> bool:
    return path.is_file() and not path.is_symlink() and sha256_of(path) == sha256


def _sync_folder(path: Path) -> None:
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
