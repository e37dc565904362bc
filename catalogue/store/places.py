"""Where the bytes of a catalogue lie: in its own folder, or in object storage.

A :class:`Place` takes bytes whole or not at all, under names that tell their content, and gives
them back as files; whatever goes wrong is an ``OSError``, of one place as of the other:
``FileNotFoundError`` for what is not there, ``PermissionError``, and ``TimeoutError`` for what may
pass.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import Protocol

from catalogue.errors import CatalogueUnusable, FetchError, UsageError

INCOMING = "incoming"
"""Folder of files that are being written; what a killed run left in it is swept by the next."""

ORPHANS = "orphans"
"""Folder to which a repair moves files that no row names, or that are damaged."""

IMAGES = "images"
PAGES = "pages"

SOUND, MISSING, DAMAGED, UNREACHABLE = "sound", "missing", "damaged", "unreachable"


class Place(Protocol):
    """Where bytes are kept; threads may share it."""

    at_once: int
    """How many files are sensibly read at one time."""

    def put(self, data: bytes | Path, relative: str, sha256: str, spool: Path) -> None:
        """Keep bytes; a file in ``spool`` that held them is gone then.

        Raises:
            OSError: They could not be written; nothing of them is to be seen.
        """
        ...

    def state(self, relative: str, sha256: str) -> str:
        """``sound``, ``missing``, ``damaged``, or ``unreachable`` where that cannot be told."""
        ...

    def local(self, relative: str) -> contextlib.AbstractContextManager[Path]:
        """The bytes as a file of this machine, for as long as the context lasts.

        Raises:
            OSError: They could not be had.
        """
        ...

    def all(self) -> Iterator[str]:
        """Every kept file, relative, sorted."""
        ...

    def set_aside(self, relative: str) -> str:
        """Move a file to where it is kept and harms nothing; its new relative path."""
        ...

    def remove(self, relative: str) -> None:
        """Remove a file; one that is not there is no trouble."""
        ...

    def sign(self, spool: Path) -> contextlib.AbstractContextManager[str]:
        """Put up a sign, for as long as the context lasts, by which others know this place.

        Raises:
            OSError: Nothing can be written here.
        """
        ...

    def sees(self, sign: str) -> str:
        """Why the sign cannot be seen from here, in words; empty where it can."""
        ...


class Folder:
    """The catalogue folder itself."""

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._durable: set[Path] = set()

    def put(self, data: bytes | Path, relative: str, sha256: str, spool: Path) -> None:
        """Written aside, synced, renamed; what is there and sound is left as it is."""
        path = self.folder / relative
        self._make_durable(path.parent)
        if _is_sound(path, sha256):
            if isinstance(data, Path):
                data.unlink()
        else:
            self._put_anew(data, path, spool)
        _sync_folder(path.parent)

    def _put_anew(self, data: bytes | Path, path: Path, spool: Path) -> None:
        aside = data if isinstance(data, Path) else spool / f"{secrets.token_hex(12)}.part"
        try:
            # unbuffered: a buffer would only ask the system more
            with aside.open("r+b" if isinstance(data, Path) else "xb", buffering=0) as file:
                if isinstance(data, bytes):
                    _write(file, data)
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
        if folder.is_symlink():
            raise CatalogueUnusable(
                f"{folder} is a link, and what it leads to is none of the catalogue's: put a folder"
                " in its place"
            )
        _sync_folder(folder.parent)
        self._durable.add(folder)

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

    def state(self, relative: str, sha256: str) -> str:
        """By its bytes; a link is none of ours."""
        if (self.folder / relative).is_symlink():
            return DAMAGED
        path = self.path(relative)
        if not path.is_file():
            return MISSING
        return SOUND if sha256_of(path) == sha256 else DAMAGED

    @contextlib.contextmanager
    def local(self, relative: str) -> Iterator[Path]:
        """The file itself."""
        yield self.path(relative)

    def all(self) -> Iterator[str]:
        """Every kept file, relative, sorted."""
        for kind in (IMAGES, PAGES):
            for path in sorted((self.folder / kind).rglob("*")):
                if path.is_symlink() or not path.is_dir():
                    yield path.relative_to(self.folder).as_posix()

    def set_aside(self, relative: str) -> str:
        """Into the folder ``orphans``."""
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

    @contextlib.contextmanager
    def sign(self, spool: Path) -> Iterator[str]:
        """A file among those that are being written."""
        shown = spool / f"{secrets.token_hex(12)}.part"
        shown.touch()
        try:
            yield shown.name
        finally:
            shown.unlink(missing_ok=True)

    def sees(self, sign: str) -> str:
        """Whether the disk is the same."""
        if (self.folder / INCOMING / sign).exists():
            return ""
        return (
            f"does not see {self.folder}: the catalogue folder must be on a disk that all workers"
            " share, or its files in object storage (--files)"
        )


class Bucket:
    """A place in object storage: ``s3://BUCKET/PREFIX``, with the names that a folder would have.

    An object appears when all of it has arrived, and holds the bytes of its name, so that putting
    it twice harms nothing. Endpoint and credentials are those of whoever asks.
    """

    at_once = 16

    def __init__(self, address: str) -> None:
        self.address = address

    def put(self, data: bytes | Path, relative: str, sha256: str, spool: Path) -> None:
        """One upload; what is there is replaced by the same."""
        from catalogue.fetch import objects

        try:
            with _told():
                objects.put(self._of(relative), data)
        finally:
            if isinstance(data, Path):
                data.unlink(missing_ok=True)

    def state(self, relative: str, sha256: str) -> str:
        """By all its bytes, which are had for that."""
        try:
            digest = hashlib.sha256()
            for piece in self._pieces(relative):
                digest.update(piece)
        except FileNotFoundError:
            return MISSING
        except OSError:
            return UNREACHABLE
        return SOUND if digest.hexdigest() == sha256 else DAMAGED

    @contextlib.contextmanager
    def local(self, relative: str) -> Iterator[Path]:
        """A copy that ends with the context."""
        with tempfile.TemporaryDirectory(prefix="catalogue-") as folder:
            path = Path(folder, Path(relative).name)
            with path.open("xb") as file:
                for piece in self._pieces(relative):
                    file.write(piece)
            yield path

    def all(self) -> Iterator[str]:
        """Every kept file, relative, sorted."""
        from catalogue.fetch import objects

        for kind in (IMAGES, PAGES):
            with _told():
                found = objects.below(self._of(kind))
            yield from (f"{kind}/{name}" for name in found)

    def set_aside(self, relative: str) -> str:
        """Under ``orphans``: copied, and only then removed."""
        from catalogue.fetch import objects

        name = Path(relative)
        aside = f"{ORPHANS}/{name.stem}-{secrets.token_hex(4)}{name.suffix}"
        with _told():
            objects.copy(self._of(relative), self._of(aside))
        self.remove(relative)
        return aside

    def remove(self, relative: str) -> None:
        """Remove an object."""
        from catalogue.fetch import objects

        with _told():
            objects.remove(self._of(relative))

    @contextlib.contextmanager
    def sign(self, spool: Path) -> Iterator[str]:
        """A small object."""
        name = f"{INCOMING}/{secrets.token_hex(12)}"
        self.put(b"a sign by which workers find this place", name, "", spool)
        try:
            yield name
        finally:
            with contextlib.suppress(OSError):  # who may write, and not remove, may harvest
                self.remove(name)

    def sees(self, sign: str) -> str:
        """Whether it is reached from here, with the credentials that are here."""
        try:
            for _ in self._pieces(sign):
                pass
        except (OSError, UsageError) as error:
            return f"cannot reach {self.address}: {getattr(error, 'strerror', None) or error}"
        return ""

    def _pieces(self, relative: str) -> Iterator[bytes]:
        from catalogue.fetch import objects

        with _told():
            yield from objects.pieces(self._of(relative))

    def _of(self, relative: str) -> str:
        if {"", ".", ".."} & set(relative.split("/")):
            raise CatalogueUnusable(
                f"{self.address}: the database names an object outside of it ({relative}); it was"
                " tampered with"
            )
        return f"{self.address}/{relative}"


_KINDS: dict[str, type[OSError]] = {"http-404": FileNotFoundError, "http-403": PermissionError}


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Trouble of the store, told as that of a disk would be."""
    try:
        yield
    except FetchError as error:
        raise _KINDS.get(error.reason, TimeoutError)(0, str(error)) from error


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_sound(path: Path, sha256: str) -> bool:
    return path.is_file() and not path.is_symlink() and sha256_of(path) == sha256


def _write(file: RawIOBase, data: bytes) -> None:
    """All of it: a file without a buffer may take less at one time."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _sync_folder(path: Path) -> None:
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
