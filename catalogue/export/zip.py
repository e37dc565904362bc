"""A set as one ZIP file: the same set gives the same bytes, whenever and wherever it is made."""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from catalogue.errors import ExportError, UsageError
from catalogue.export.interface import Made, Piece, locked

COMMENT = b"A credited set of pictures, made by mars-image-catalogue"
"""By which an archive of ours is known; no other file is replaced."""

_TEXTS = (".md", ".html", ".txt", ".csv", ".json", ".xmp")


class ZipContainer:
    """A set as a ZIP file.

    Args:
        path: The file; one that an export made is replaced, any other is not.

    Raises:
        UsageError: It is a folder, or somebody else's file, or its folder is none.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            raise UsageError(f"--to {path}: that is a folder; --format zip needs a file's name")
        if os.path.lexists(path) and not _is_ours(path):
            raise UsageError(
                f"--to {path}: that file was not made by an export, and is not replaced"
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (NotADirectoryError, FileExistsError) as error:
            raise UsageError(f"--to {path}: {path.parent} is a file, not a folder") from error
        self.path = path
        self.left: list[str] = []
        self._aside = path.with_name(f".{path.name}.part")
        self._file = _opened(self._aside)
        self._archive = zipfile.ZipFile(self._file, "w")
        self._archive.comment = COMMENT

    def unchanged(self, path: str, key: str) -> Made | None:
        """Nothing is taken over from an earlier archive: reading it costs what making it does."""
        return None

    def put(
        self, path: str, pieces: Iterable[Piece], *, key: str = "", sha256: str | None = None
    ) -> Made:
        """Take a file."""
        entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
        entry.create_system = 3  # Unix, on every system
        entry.external_attr = 0o100644 << 16
        # Pictures are compressed already.
        entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith(_TEXTS) else zipfile.ZIP_STORED
        digest = hashlib.sha256()
        size = 0
        parts = list(pieces) if not path.endswith(_TEXTS) else pieces
        large = isinstance(parts, list) and sum(map(len, parts)) > 1 << 30
        with self._archive.open(entry, "w", force_zip64=large) as file:
            for piece in parts:
                if sha256 is None:
                    digest.update(piece)
                size += len(piece)
                file.write(piece)
        return Made(path=path, sha256=sha256 or digest.hexdigest(), bytes=size)

    def commit(self) -> None:
        """Put the archive in its place; one of the same bytes stays as it is."""
        self._archive.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        if (
            self.path.is_file()
            and not self.path.is_symlink()
            and filecmp.cmp(self._aside, self.path, shallow=False)
        ):
            self._aside.unlink()
        else:
            self._aside.replace(self.path)
        self._file.close()

    def abandon(self) -> None:
        """Give up; everything is as it was before. May be called after :meth:`commit`."""
        # The archive's own close would write its end: not wanted, and impossible on a full disk.
        self._archive.fp = None
        if not self._file.closed:
            self._aside.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._file.close()


def _opened(path: Path) -> BinaryIO:
    """The file in which an archive is made; one that a killed export left is swept."""
    busy = ExportError(f"{path}: another export is writing there; wait for it")
    with contextlib.suppress(FileNotFoundError):
        left = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        try:
            if not locked(left):
                raise busy
        finally:
            os.close(left)
        path.unlink(missing_ok=True)
    try:
        file = path.open("x+b")
    except FileExistsError:
        raise busy from None
    locked(file.fileno())
    return file


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == COMMENT
    except (OSError, zipfile.BadZipFile):
        return False
