"""What a set is made of, and what every kind of container does.

A container takes files one after the other and shows nothing of them until :meth:`commit`; given
up, it leaves everything as it was. So the set that was there before stays whole when the disk is
full, a picture damaged, or the run interrupted.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from catalogue.cite import Wording
from catalogue.model import Outcome, Record

if sys.platform != "win32":
    import fcntl

Piece: TypeAlias = "bytes | memoryview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported(Outcome):
    """What became of one picture.

    ``outcome`` is ``exported``, ``unchanged``, ``skipped:no-file``, ``refused:no-credit``,
    ``failed:missing-file`` or ``failed:damaged-file``.
    """

    file: str | None = None
    """Path within the set, POSIX; None where it did not go in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file of the set, as written."""

    path: str
    """Within the set, POSIX."""
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One picture of the set: what the lists and manifests tell of it."""

    record: Record
    words: Wording
    file: Made
    media_type: str
    width: int | None
    """Pixels of the file in the set."""
    height: int | None
    sidecar: Made | None = None

    @property
    def files(self) -> tuple[Made, ...]:
        """The picture, and the file beside it where its format cannot carry the credit."""
        return (self.file, self.sidecar) if self.sidecar else (self.file,)


class Container(Protocol):
    """Where a set goes: a folder, an archive."""

    def unchanged(self, path: str, key: str) -> Made | None:
        """The file that an earlier export made of the very same things, if it is there, whole."""

    def put(
        self, path: str, pieces: Iterable[Piece], *, key: str = "", sha256: str | None = None
    ) -> Made:
        """Take a file.

        Args:
            path: Within the set, POSIX.
            pieces: Its bytes, in parts.
            key: What it was made of, so that another export can tell that nothing changed.
            sha256: Of its bytes, where it is known already.
        """

    def commit(self) -> None:
        """Show the set, and take away what an earlier export made and no longer belongs."""

    def abandon(self) -> None:
        """Give up; everything is as it was before. May be called after :meth:`commit`."""


def locked(handle: int) -> bool:
    """Whether a file or folder could be marked as written by this process.

    The mark goes with the handle, so a killed process leaves none. True where the system or the
    file system has no such marks.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


_HELD = 1000
"""Entries that are held in memory; those beyond are kept on disk."""


class Entries:
    """The entries of a set, few of them held: lists of any length are made in the same memory."""

    def __init__(self) -> None:
        self._first: list[Entry] = []
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._filed = 0

    def add(self, entry: Entry) -> None:
        """Keep one more."""
        if len(self._first) < _HELD:
            self._first.append(entry)
            return
        pickle.dump(entry, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._filed += 1

    def __iter__(self) -> Iterator[Entry]:
        yield from self._first
        # Our own file without a name: nobody else can have written what is unpickled here.
        self._file.seek(0)
        for _ in range(self._filed):
            entry: Entry = pickle.load(self._file)
            yield entry

    def __len__(self) -> int:
        return len(self._first) + self._filed

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()
