"""Files named by their content: written aside, synced, renamed, and only then known to anybody."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from catalogue.errors import CatalogueUnusable

if sys.platform != "win32":
    import fcntl

INCOMING = "incoming"
"""Folder of files that are being written; what a killed run left in it is swept by the next."""

IMAGES = "images"
PAGES = "pages"

LOCK = "writing.lock"


class Files:
    """The files of one catalogue folder.

    Args:
        folder: The catalogue folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[bytes] | None = None

    @property
    def incoming(self) -> Path:
        """Where files are written before they have their name; on the same file system."""
        path = self.folder / INCOMING
        path.mkdir(exist_ok=True)
        return path

    def put(self, data: bytes | Path, sha256: str, suffix: str = "", *, kind: str = IMAGES) -> str:
        """Keep bytes under the name of their content; kept already, they are left as they are.

        When this returns, the bytes are on the disk, whatever happens next.

        Args:
            data: The bytes, or a file in :attr:`incoming`, which is moved.
            sha256: Their SHA-256, 64 hexadecimal digits.
            suffix: Ending of the name, ``.jpg``.
            kind: ``images`` or ``pages``.

        Returns:
            Path relative to the catalogue folder, POSIX.
        """
        relative = f"{kind}/{sha256[:2]}/{sha256}{suffix}"
        path = self.folder / relative
        size = len(data) if isinstance(data, bytes) else data.stat().st_size
        if path.exists() and path.stat().st_size == size:
            if isinstance(data, Path):
                data.unlink()
            return relative
        made = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
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
        _sync_folder(path.parent)
        if made:
            _sync_folder(path.parent.parent)
            _sync_folder(self.folder)
        return relative

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
                if path.is_file() or path.is_symlink():
                    yield path.relative_to(self.folder).as_posix()

    def begin_writing(self) -> None:
        """Mark this process as a writer; the only one sweeps what a killed one left."""
        if self._lock is not None:
            return
        lock = (self.folder / LOCK).open("ab")
        self._lock = lock
        if sys.platform != "win32":  # there, nothing is swept: it cannot be told whose it is
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pass  # somebody else is writing: what lies in incoming may be theirs
            else:
                self.sweep()
            fcntl.flock(lock, fcntl.LOCK_SH)

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
        """Files in :attr:`incoming`, relative."""
        folder = self.folder / INCOMING
        if not folder.is_dir():
            return []
        return sorted(path.relative_to(self.folder).as_posix() for path in folder.iterdir())

    def end_writing(self) -> None:
        """Give up the mark of :meth:`begin_writing`."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(path: Path) -> None:
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
