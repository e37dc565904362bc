"""Credited sets: pictures that carry their credit inside, and lists of it beside them.

A set is made of records and of the catalogue's files. Several pictures are read and prepared at a
time, a bounded number, and written in order: a set of any length takes the same memory.

To add a format: its extra documents in a module of their own, and a branch in :func:`_documents`.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import itertools
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import catalogue
from catalogue.cite import UNCREDITED, Wording, wording
from catalogue.errors import UnreadableImage, UsageError
from catalogue.export import bagit, credits, manifest, names, ro_crate
from catalogue.export.folder import FolderContainer
from catalogue.export.interface import (
    Container,
    Entries,
    Entry,
    Exported,
    ExportError,
    Made,
    Piece,
)
from catalogue.export.zip import ZipContainer
from catalogue.images import embed
from catalogue.images.fields import Metadata
from catalogue.model import Record
from catalogue.registry import Registry, load_registry

__all__ = ["FORMATS", "ExportError", "Exported", "export"]

FORMATS = ("folder", "zip", "bagit", "ro-crate")
"""What a set can be."""

_RECIPE = "1"
"""Raised when the same picture and words give other bytes: earlier sets are then written anew."""

_SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
}
_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
}
_BATCH = 1 << 16
"""Bytes of a list that are gathered before they are written."""


def export(
    records: Iterable[Record],
    *,
    store_folder: Path,
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
        store_folder: The catalogue folder, which the records' files are relative to.
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
    _check_place(to, store_folder)
    task = _Task(
        store=store_folder.resolve(),
        format=format,
        template=name,
        max_size=max_size,
        allow_uncredited=allow_uncredited,
        split=split_by_licence,
        registry=registry or load_registry(),
    )
    return _export(records, to, task)


@dataclass(slots=True, kw_only=True)
class _Task:
    store: Path
    format: str
    template: str
    max_size: int | None
    allow_uncredited: bool
    split: bool
    registry: Registry
    taken: set[str] = field(default_factory=set)
    """Paths in the set, in small letters: two must not differ in case alone."""

    @property
    def prefix(self) -> str:
        """Where within the container the set lies."""
        return bagit.PAYLOAD if self.format == "bagit" else ""


def _check_place(to: Path, store: Path) -> None:
    place, home = to.resolve(), store.resolve()
    kept = [home / name for name in ("images", "pages", "incoming")]
    if place == home or any(place == one or one in place.parents for one in kept):
        raise UsageError(f"--to {to}: that is the catalogue's own folder; choose another")


def _export(records: Iterable[Record], to: Path, task: _Task) -> Iterator[Exported]:
    container: FolderContainer | ZipContainer | None = None
    entries = Entries()
    try:
        container = ZipContainer(to) if task.format == "zip" else FolderContainer(to)
        yield from _pictures(records, container, entries, task)
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


# --- pictures ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """One picture, before its bytes are touched."""

    record: Record
    words: Wording
    path: str
    """Within the set, without the container's prefix."""
    format: str
    """Of the file in the set."""
    shrink: bool
    metadata: Metadata
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """One picture, ready to be written; or the reason why it is not."""

    plan: _Plan
    made: tuple[Made, ...] = ()
    """What is there already, and need not be written."""
    pieces: tuple[Piece, ...] = ()
    sidecar: bytes | None = None
    width: int | None = None
    height: int | None = None
    failure: tuple[str, str] | None = None
    """Outcome and detail."""


def _pictures(
    records: Iterable[Record], container: Container, entries: Entries, task: _Task
) -> Iterator[Exported]:
    workers = min(4, os.cpu_count() or 1)
    waiting: deque[Exported | Future[_Ready]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="export") as pool:
        try:
            for record in records:
                planned = _plan(record, task)
                waiting.append(
                    planned
                    if isinstance(planned, Exported)
                    else pool.submit(_prepare, planned, container, task)
                )
                while len(waiting) > 2 * workers:
                    yield _settled(waiting.popleft(), container, entries, task)
            while waiting:
                yield _settled(waiting.popleft(), container, entries, task)
        finally:
            for one in waiting:
                if isinstance(one, Future):
                    one.cancel()


def _plan(record: Record, task: _Task) -> _Plan | Exported:
    if not (record.credit or "").strip() and not task.allow_uncredited:
        return _outcome(
            record,
            "refused:no-credit",
            "no credit is known; left out (--allow-uncredited takes it)",
        )
    if record.file is None:
        return _outcome(
            record, "skipped:no-file", "known by its caption and credit alone; there is no file"
        )
    words = wording(record, task.registry)
    own = record.format or ""
    shrink = task.max_size is not None and task.max_size < max(
        record.width or 0, record.height or 0
    )
    target = own
    if shrink:
        from catalogue.images.smaller import format_of_copy

        target = format_of_copy(own)
    suffix = _SUFFIXES.get(target, ".bin")
    folder = f"{names.folder_of(words.rights)}/" if task.split else ""
    path = f"{folder}{names.name(record, task.template)}{suffix}"
    if path.lower() in task.taken:
        path = f"{folder}{names.name(record, task.template, whole_id=True)}{suffix}"
    task.taken.add(path.lower())
    metadata = metadata_of(words)
    recipe = [_RECIPE, catalogue.__version__, record.id, target, task.max_size if shrink else None]
    text = json.dumps([*recipe, dataclasses.asdict(metadata)], sort_keys=True)
    return _Plan(
        record=record,
        words=words,
        path=path,
        format=target,
        shrink=shrink,
        metadata=metadata,
        key=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def metadata_of(words: Wording) -> Metadata:
    """What is written into a picture's file."""
    organisations = [one.name for one in words.creators if not one.is_person]
    known = words.terms_url or words.licence_url
    return Metadata(
        credit=words.credit,
        source=words.source,
        creators=tuple(one.name for one in words.creators),
        description=words.caption,
        headline=words.title if words.has_title or words.caption else None,
        title=words.product or (words.title if words.has_title else None),
        copyright_notice=words.copyright_notice,
        usage_terms=words.usage_terms,
        web_statement=words.rights_url,
        licensor_name=organisations[0] if organisations and known else None,
        licensor_url=known,
        instructions=None if words.credit else UNCREDITED,
        created=words.date,
        keywords=words.keywords,
        alt=words.alt,
        page=words.page,
    )


def _prepare(plan: _Plan, container: Container, task: _Task) -> _Ready:
    """Read, check and prepare one picture; in a thread of its own."""
    record = plan.record
    there = _there(plan, container, task)
    if there:
        width, height = _copied_size(record, task.max_size if plan.shrink else None)
        return _Ready(plan=plan, made=there, width=width, height=height)
    try:
        path = (task.store / (record.file or "")).resolve()
        if not path.is_relative_to(task.store):
            raise FileNotFoundError(record.file)
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, ValueError):
        return _Ready(plan=plan, failure=("failed:missing-file", _lost(record, "is missing")))
    except OSError as error:
        words = error.strerror or str(error)
        return _Ready(plan=plan, failure=("failed:damaged-file", _lost(record, words)))
    if hashlib.sha256(data).hexdigest() != record.id:
        return _Ready(
            plan=plan,
            failure=("failed:damaged-file", _lost(record, "is not the picture that was stored")),
        )
    also, width, height = None, record.width, record.height
    try:
        if plan.shrink and task.max_size:
            from catalogue.images.smaller import smaller

            copy = smaller(data, task.max_size)
            data, width, height, also = copy.data, copy.width, copy.height, copy.kept
    except UnreadableImage as error:
        return _Ready(plan=plan, failure=("failed:damaged-file", str(error)))
    try:
        pieces = embed.pieces(data, plan.metadata, also=also)
    except UnreadableImage:  # a format without room for it, or a structure that is broken
        return _Ready(
            plan=plan,
            pieces=(data,),
            sidecar=embed.sidecar(plan.metadata),
            width=width,
            height=height,
        )
    return _Ready(plan=plan, pieces=tuple(pieces), width=width, height=height)


def _lost(record: Record, what: str) -> str:
    return f"the catalogue's file {record.file} {what}; catalogue verify --repair fetches it again"


def _copied_size(record: Record, pixels: int | None) -> tuple[int | None, int | None]:
    if pixels is None or not record.width or not record.height:
        return record.width, record.height
    scale = pixels / max(record.width, record.height)
    return max(1, round(record.width * scale)), max(1, round(record.height * scale))


_WITH_SIDECAR = "+xmp"
"""Behind the key of a picture whose credit stands in a file beside it: both must be there."""


def _there(plan: _Plan, container: Container, task: _Task) -> tuple[Made, ...]:
    place = task.prefix + plan.path
    picture = container.unchanged(place, plan.key)
    if picture:
        return (picture,)
    picture = container.unchanged(place, plan.key + _WITH_SIDECAR)
    beside = container.unchanged(f"{place}.xmp", plan.key) if picture else None
    return (picture, beside) if picture and beside else ()


def _settled(
    one: Exported | Future[_Ready], container: Container, entries: Entries, task: _Task
) -> Exported:
    """Write a picture that is ready, and tell what became of it."""
    if isinstance(one, Exported):
        return one
    ready = one.result()
    plan = ready.plan
    if ready.failure:
        return _outcome(plan.record, *ready.failure)
    made = ready.made
    if not made:
        place = task.prefix + plan.path
        key = plan.key if ready.sidecar is None else plan.key + _WITH_SIDECAR
        made = (container.put(place, ready.pieces, key=key),)
        if ready.sidecar is not None:
            made = (*made, container.put(f"{place}.xmp", [ready.sidecar], key=plan.key))
    inside = [_moved(file, task) for file in made]
    entries.add(
        Entry(
            record=plan.record,
            words=plan.words,
            file=inside[0],
            media_type=_MEDIA_TYPES.get(plan.format, "application/octet-stream"),
            width=ready.width,
            height=ready.height,
            sidecar=inside[1] if len(inside) > 1 else None,
        )
    )
    marked = "" if plan.words.credit else "no credit is known; marked as such"
    if ready.sidecar is not None:
        marked = marked or "the credit is in a file beside it"
    return _outcome(
        plan.record, "unchanged" if ready.made else "exported", marked, file=made[0].path
    )


def _moved(made: Made, task: _Task) -> Made:
    """A file by its path within the set."""
    return dataclasses.replace(made, path=made.path.removeprefix(task.prefix))


def _outcome(record: Record, outcome: str, detail: str, file: str | None = None) -> Exported:
    return Exported(
        kind="image",
        url=record.url,
        page=next(iter(record.pages), None),
        outcome=outcome,
        image=record.id,
        detail=detail,
        file=file,
    )


# --- lists ------------------------------------------------------------------------------------

_LISTS: tuple[tuple[str, Callable[[Iterable[Entry]], Iterator[str]]], ...] = (
    ("CREDITS.md", credits.as_markdown),
    ("CREDITS.html", credits.as_html),
    ("CREDITS.txt", credits.as_text),
    ("credits.csv", credits.as_csv),
    ("manifest.json", manifest.as_json),
)


def _lists(container: Container, entries: Entries, task: _Task) -> Iterator[Made]:
    """Write the lists beside the pictures; their paths are those within the set."""
    made = []
    for path, maker in _LISTS:
        made.append(_moved(container.put(task.prefix + path, _encoded(maker(entries))), task))
        yield made[-1]
    sums = bagit.checksums(itertools.chain(_files(entries), made))
    yield _moved(container.put(f"{task.prefix}sha256sums.txt", _encoded(sums)), task)


def _documents(container: Container, entries: Entries, lists: list[Made], task: _Task) -> None:
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
