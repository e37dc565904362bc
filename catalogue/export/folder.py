"""A set as a folder that can be written again and again.

Files are made aside. A folder that is not there yet is made beside its place, and takes it in one
step: it is there whole, or not at all. In a folder that is there, files are made in a folder of
their own (:data:`INCOMING`) and moved to their places when all of them are there, pictures first,
then the lists. A list of what was made (:data:`STATE`) tells the next export what it may replace
and remove: nothing else is touched. Links are never followed out of the folder, and no link is
written through: a file takes the place of a link, not of what it leads to.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from catalogue.errors import ExportError, UsageError
from catalogue.export.interface import Made, Piece, locked

STATE = ".catalogue-export.json"
"""What an export made, and of what; lies in the set's folder."""
INCOMING = ".catalogue-export.part"
"""Folder of files that are not in their places yet; one that a killed export left is swept."""

_Known = dict[str, tuple[str, Made]]
"""Path -> key, file."""


class FolderContainer:
    """A set as a folder.

    Args:
        folder: Where; made if it is not there.

    Raises:
        UsageError: It is a file.
        ExportError: Another export is writing it, or it may not be written.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--to {folder}: that is a file, not a folder")
        if folder.is_symlink() and not folder.exists():
            raise UsageError(f"--to {folder}: that is a link that leads nowhere")
        self.folder = folder
        self.left: list[str] = []
        """Files that no longer belong, but were changed by somebody else, and stay."""
        self._is_new = not folder.exists()
        self._made_folders = _make_folder(folder.parent if self._is_new else folder)
        beside = folder.parent / f".{folder.name}.part"
        self._incoming = beside if self._is_new else folder / INCOMING
        self._incoming_folders = {self._incoming}
        self._new: _Known = {}
        self._staged: list[str] = []
        self._open = True
        self._lock: int | None = None
        try:
            if self._is_new:
                self._lock = _renewed(beside)
                self._old: _Known = {}
            else:
                self._lock = _lock(folder)
                self._old = _read_state(folder)
                _remove_incoming(self._incoming)
                self._incoming.mkdir()
        except BaseException:
            self._unlock()
            self._remove_made_folders()
            raise

    def unchanged(self, path: str, key: str) -> Made | None:
        """The file that an earlier export made of the very same things, if it is there, whole."""
        known = self._old.get(path)
        if known is None or known[0] != key or not self._holds(known[1]):
            return None
        self._new[path] = known
        return known[1]

    def put(
        self, path: str, pieces: Iterable[Piece], *, key: str = "", sha256: str | None = None
    ) -> Made:
        """Take a file."""
        digest = hashlib.sha256()
        size = 0
        aside = self._incoming / path
        if aside.parent not in self._incoming_folders:
            aside.parent.mkdir(parents=True, exist_ok=True)
            self._incoming_folders.add(aside.parent)
        with aside.open("xb") as file:
            for piece in pieces:
                if sha256 is None:
                    digest.update(piece)
                size += len(piece)
                file.write(piece)
        made = Made(path=path, sha256=sha256 or digest.hexdigest(), bytes=size)
        if self._holds(made):
            aside.unlink()
            if path in self._old:
                self._new[path] = (key, made)
            return made  # somebody else's file of the same bytes stays theirs
        if path not in self._old and os.path.lexists(self.folder / path):
            raise ExportError(
                f"{self.folder / path} is there and was not made by an export: move it away, or "
                "export to another folder; nothing was changed"
            )
        self._new[path] = (key, made)
        self._staged.append(path)
        return made

    def commit(self) -> None:
        """Show the set, and take away what an earlier export made and no longer belongs."""
        # In a thread of its own, so that a user's interrupt is heard when all of it is done.
        with ThreadPoolExecutor(1, thread_name_prefix="commit") as apart:
            apart.submit(self._show_whole if self._is_new else self._show_changes).result()
        self._close()
        self._made_folders = []

    def _show_whole(self) -> None:
        self._write_state(self._new)
        self._incoming.rename(self.folder)

    def _show_changes(self) -> None:
        for path in self._staged:
            self._check_parents(path)
        # From here on all of it is known as ours, whatever happens in between.
        if self._staged or self._old.keys() != self._new.keys():
            self._write_state(self._old, self._new)
        for path in self._staged:
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            (self._incoming / path).replace(place)
        for path, (_, made) in self._old.items():
            if path not in self._new:
                self._remove(made)
        self._write_state(self._new)

    def abandon(self) -> None:
        """Give up; everything is as it was before. May be called after :meth:`commit`."""
        if self._open:
            self._close()
            self._remove_made_folders()

    def _close(self) -> None:
        self._open = False
        with contextlib.suppress(OSError, ExportError):
            _remove_incoming(self._incoming)
        self._unlock()

    def _remove_made_folders(self) -> None:
        for folder in reversed(self._made_folders):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _holds(self, made: Made) -> bool:
        """Whether the folder has this very file, not by a link."""
        place = self.folder / made.path
        try:
            self._check_parents(made.path)
            found = place.lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_size != made.bytes:
                return False
            with place.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == made.sha256
        except (OSError, ExportError):
            return False

    def _check_parents(self, path: str) -> None:
        parent = self.folder
        for part in path.split("/")[:-1]:
            parent = parent / part
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                raise ExportError(
                    f"{parent} is a link or a file where the set needs a folder: move it away; "
                    "nothing was changed"
                )

    def _remove(self, made: Made) -> None:
        place = self.folder / made.path
        if not os.path.lexists(place):
            return
        if not self._holds(made):
            self.left.append(made.path)
            return
        place.unlink()
        parent = place.parent
        while parent != self.folder:
            try:
                parent.rmdir()
            except OSError:  # something else lies in it
                return
            parent = parent.parent

    def _write_state(self, *known: _Known) -> None:
        """List what was made; of the same path in several, the last counts."""
        aside = self._incoming / (STATE if self._is_new else f"{STATE}.part")
        digest = hashlib.sha256()
        with aside.open("wb") as file:
            for line in _state_lines(known):
                file.write(line)
                digest.update(line)
        if self._is_new:
            return  # it lies where the rest of the set does
        size = aside.stat().st_size
        if not self._holds(Made(path=STATE, sha256=digest.hexdigest(), bytes=size)):
            aside.replace(self.folder / STATE)


def _state_lines(known: tuple[_Known, ...]) -> Iterator[bytes]:
    yield b'{"version": 1, "files": {'
    comma = ""
    for path in sorted(set().union(*known)):
        key, made = next(one[path] for one in reversed(known) if path in one)
        told = {"key": key, "sha256": made.sha256, "bytes": made.bytes}
        yield f"{comma}\n{json.dumps(path)}: {json.dumps(told)}".encode()
        comma = ","
    yield b"\n}}\n"


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns what was made, outermost first."""
    missing = []
    at = folder
    while not at.exists():
        missing.append(at)
        at = at.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (NotADirectoryError, FileExistsError) as error:
        raise UsageError(f"--to {folder}: {at} is a file, not a folder") from error
    return missing[::-1]


def _lock(folder: Path) -> int | None:
    """A mark that this process writes the folder; it goes with the process."""
    if sys.platform == "win32":
        return None
    handle = os.open(folder, os.O_RDONLY)
    if not locked(handle):
        os.close(handle)
        raise ExportError(f"{folder}: another export is writing there; wait for it")
    return handle


def _renewed(beside: Path) -> int | None:
    """An empty folder of this process alone; what a killed export left in it is swept."""
    if beside.is_symlink() or (beside.exists() and not beside.is_dir()):
        raise ExportError(f"{beside} is in the way; remove it, then export again")
    beside.mkdir(exist_ok=True)
    handle = _lock(beside)
    for left in beside.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
    return handle


def _remove_incoming(path: Path) -> None:
    if path.is_symlink():
        raise ExportError(f"{path} is a link; remove it, then export again; nothing was changed")
    if path.is_dir():
        shutil.rmtree(path)


_SAFE = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")


def _read_state(folder: Path) -> _Known:
    # The folder may come from anywhere: a list that names other paths than an export makes is not
    # believed.
    place = folder / STATE
    try:
        if place.is_symlink():
            return {}
        stated = json.loads(place.read_text(encoding="utf-8"))
        files = stated["files"] if stated["version"] == 1 else {}
        known = {}
        for path, told in files.items():
            key, sha256, size = told["key"], told["sha256"], told["bytes"]
            if not (
                isinstance(key, str)
                and isinstance(size, int)
                and isinstance(sha256, str)
                and _HASH.match(sha256)
                and _SAFE.match(path)
            ):
                raise ValueError(path)
            known[path] = (key, Made(path=path, sha256=sha256, bytes=size))
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(
            f"{place} is damaged, so it cannot be told what an export made here: export to another "
            "folder; nothing was changed"
        ) from error
    return known
