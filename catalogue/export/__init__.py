"""Credited sets: pictures that carry their credit inside, and lists of it beside them.

A set is made of records and of the catalogue's files: first the pictures (:mod:`.pictures`), then
the lists beside them. A set of any length takes the same memory.

To add a format: its extra documents in a module of their own, and a branch in :func:`_documents`.
"""

from __future__ import annotations

import dataclasses
import errno
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from catalogue.errors import ExportError, UsageError
from catalogue.export import bagit, credits, manifest, names, ro_crate
from catalogue.export.folder import FolderContainer
from catalogue.export.interface import (
    Container,
    Entries,
    Entry,
    Exported,
    Made,
)
from catalogue.export.pictures import Task, moved, pictures
from catalogue.export.zip import ZipContainer
from catalogue.model import Record
from catalogue.registry import Registry, load_registry
from catalogue.store.files import Files

__all__ = ["FORMATS", "Exported", "export"]

FORMATS = ("folder", "zip", "bagit", "ro-crate")
"""What a set can be."""

_BATCH = 1 << 16
"""Bytes of a list that are gathered before they are written."""


def export(
    records: Iterable[Record],
    *,
    files: Files,
    to: Path,
    format: str = "folder",
    name: str = names.DEFAULT,
    max_size: int | None = None,
    allow_uncredited: bool = False,
    split_by_licence: bool = False,
    registry: Registry | None = None,
) -> Iterator[Exported]:
    """Write a credited set; the result of each picture comes in the order of the records.

    The set is there when the iteration has ended. If it ends early, by an error or because the
    caller stops, everything is as it was before.

    Args:
        records: The pictures.
        files: The catalogue's, in which the records' files are.
        to: Folder to be written (again), or for ``zip`` the file.
        format: ``folder``, ``zip``, ``bagit`` or ``ro-crate``.
        name: Template of file names, see :mod:`catalogue.export.names`.
        max_size: Pixels of the longer side; larger pictures go in as smaller copies.
        allow_uncredited: Take pictures without a credit too, marked as such.
        split_by_licence: A folder for each licence or terms of use.
        registry: Names and terms; the program's own where left out.

    Raises:
        UsageError: Format, template or place cannot be used.
        ExportError: It could not be written, or there is nothing to write.
    """
    if format not in FORMATS:
        raise UsageError(f"--format: {format!r} is not known; known: {', '.join(FORMATS)}")
    if max_size is not None and max_size < 1:
        raise UsageError("--max-size: at least one pixel")
    names.check(name)
    files.keep_out(to)
    task = Task(
        files=files,
        format=format,
        template=name,
        max_size=max_size,
        allow_uncredited=allow_uncredited,
        split=split_by_licence,
        registry=registry or load_registry(),
    )
    return _export(records, to, task)


def _export(records: Iterable[Record], to: Path, task: Task) -> Iterator[Exported]:
    container: FolderContainer | ZipContainer | None = None
    entries = Entries()
    try:
        container = ZipContainer(to) if task.format == "zip" else FolderContainer(to)
        yield from pictures(records, container, entries, task)
        if not len(entries):
            raise ExportError(
                f"there is no picture to export (with a file, and with a credit); {to} is as it was"
            )
        made = list(_lists(container, entries, task))
        _documents(container, entries, made, task)
        container.commit()
    except OSError as error:
        raise _explained(error, to) from error
    finally:
        entries.close()
        if container is not None:
            container.abandon()


def _explained(error: OSError, to: Path) -> ExportError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        words = "the disk is full"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        words = f"{error.filename or to} may not be written"
    else:
        words = error.strerror or str(error)
    return ExportError(f"{to}: {words}; what was there before is as it was")


_LISTS: tuple[tuple[str, Callable[[Iterable[Entry]], Iterator[str]]], ...] = (
    ("CREDITS.md", credits.as_markdown),
    ("CREDITS.html", credits.as_html),
    ("CREDITS.txt", credits.as_text),
    ("credits.csv", credits.as_csv),
    ("manifest.json", manifest.as_json),
)


def _lists(container: Container, entries: Entries, task: Task) -> Iterator[Made]:
    """Write the lists beside the pictures; their paths are those within the set."""
    made = []
    for path, maker in _LISTS:
        made.append(moved(container.put(task.prefix + path, _encoded(maker(entries))), task))
        yield made[-1]
    sums = bagit.checksums(itertools.chain(_files(entries), made))
    yield moved(container.put(f"{task.prefix}sha256sums.txt", _encoded(sums)), task)


def _documents(container: Container, entries: Entries, lists: list[Made], task: Task) -> None:
    """Write what the format wants beyond the set itself."""
    if task.format == "ro-crate":
        container.put("ro-crate-metadata.json", _encoded(ro_crate.as_json(entries, lists)))
    if task.format == "bagit":
        payload = [
            dataclasses.replace(made, path=task.prefix + made.path)
            for made in sorted(itertools.chain(_files(entries), lists), key=lambda made: made.path)
        ]
        octets = sum(made.bytes for made in payload)
        tags = [
            container.put("bagit.txt", _encoded(bagit.declaration())),
            container.put("bag-info.txt", _encoded(bagit.information(octets, len(payload)))),
            container.put("manifest-sha256.txt", _encoded(bagit.checksums(payload))),
        ]
        container.put("tagmanifest-sha256.txt", _encoded(bagit.checksums(tags)))


def _files(entries: Iterable[Entry]) -> Iterator[Made]:
    for entry in entries:
        yield from entry.files


def _encoded(parts: Iterable[str]) -> Iterator[bytes]:
    gathered = bytearray()
    for part in parts:
        gathered += part.encode("utf-8", "replace")
        if len(gathered) >= _BATCH:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)
