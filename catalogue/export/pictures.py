"""The pictures of a set: planned in order, prepared several at a time, written in order."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import catalogue
from catalogue.cite import UNCREDITED, Wording, wording
from catalogue.errors import CatalogueUnusable, UnreadableImage
from catalogue.export import bagit, names
from catalogue.export.interface import Container, Entries, Entry, Exported, Made, Piece
from catalogue.images import embed
from catalogue.images.fields import Metadata
from catalogue.images.formats import MEDIA_TYPES, SUFFIXES
from catalogue.model import Record
from catalogue.registry import Registry
from catalogue.store.files import Files

_RECIPE = "2"
"""Raised when the same picture and words give other bytes: earlier sets are then written anew."""


@dataclass(slots=True, kw_only=True)
class Task:
    """What an export was asked for, and the names that it has given."""

    files: Files
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
    sha256: str = ""
    """Of the pieces."""
    sidecar: bytes | None = None
    width: int | None = None
    height: int | None = None
    failure: tuple[str, str] | None = None
    """Outcome and detail."""


def pictures(
    records: Iterable[Record], container: Container, entries: Entries, task: Task
) -> Iterator[Exported]:
    """Put the pictures into the container, and tell of each what became of it.

    Args:
        records: The pictures.
        container: Where they go.
        entries: Gathers what the lists tell of them.
        task: What was asked for.
    """
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


def _plan(record: Record, task: Task) -> _Plan | Exported:
    if not (record.credit or "").strip() and not task.allow_uncredited:
        return _outcome(
            record,
            "refused:no-credit",
            "no credit is known; left out (--allow-uncredited takes it)",
        )
    if record.file is None:
        return _outcome(record, "skipped:no-file", f"there is no file: {record.lacking}")
    words = wording(record, task.registry)
    own = record.format or ""
    shrink = task.max_size is not None and task.max_size < max(
        record.width or 0, record.height or 0
    )
    target = own
    if shrink:
        from catalogue.images.smaller import format_of_copy

        target = format_of_copy(own)
    suffix = SUFFIXES.get(target, ".bin")
    folder = f"{names.folder_of(words.rights)}/" if task.split else ""
    path = f"{folder}{names.name(record, task.template)}{suffix}"
    if path.lower() in task.taken:
        path = f"{folder}{names.name(record, task.template, whole_id=True)}{suffix}"
    task.taken.add(path.lower())
    metadata = metadata_of(words)
    size = task.max_size if shrink else None
    recipe = f"{(_RECIPE, catalogue.__version__, record.id, target, size)} {metadata!r}"
    return _Plan(
        record=record,
        words=words,
        path=path,
        format=target,
        shrink=shrink,
        metadata=metadata,
        key=hashlib.sha256(recipe.encode("utf-8", "surrogatepass")).hexdigest(),
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


def _prepare(plan: _Plan, container: Container, task: Task) -> _Ready:
    """Read, check and prepare one picture; in a thread of its own."""
    record = plan.record
    there = _there(plan, container, task)
    if there:
        width, height = _copied_size(record, task.max_size if plan.shrink else None)
        return _Ready(plan=plan, made=there, width=width, height=height)
    try:
        with task.files.local(record.file or "") as path:
            data = path.read_bytes()
    except (
        FileNotFoundError, IsADirectoryError, NotADirectoryError, ValueError, CatalogueUnusable
    ):  # fmt: skip
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
        pieces, beside = embed.pieces(data, plan.metadata, also=also), None
    except UnreadableImage:  # a format without room for it, or a structure that is broken
        pieces, beside = [data], embed.sidecar(plan.metadata)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return _Ready(
        plan=plan,
        pieces=tuple(pieces),
        sha256=digest.hexdigest(),
        sidecar=beside,
        width=width,
        height=height,
    )


def _lost(record: Record, what: str) -> str:
    return f"the catalogue's file {record.file} {what}; catalogue verify --repair fetches it again"


def _copied_size(record: Record, pixels: int | None) -> tuple[int | None, int | None]:
    if pixels is None or not record.width or not record.height:
        return record.width, record.height
    scale = pixels / max(record.width, record.height)
    return max(1, round(record.width * scale)), max(1, round(record.height * scale))


_WITH_SIDECAR = "+xmp"
"""Behind the key of a picture whose credit stands in a file beside it: both must be there."""


def _there(plan: _Plan, container: Container, task: Task) -> tuple[Made, ...]:
    place = task.prefix + plan.path
    picture = container.unchanged(place, plan.key)
    if picture:
        return (picture,)
    picture = container.unchanged(place, plan.key + _WITH_SIDECAR)
    beside = container.unchanged(f"{place}.xmp", plan.key) if picture else None
    return (picture, beside) if picture and beside else ()


def _settled(
    one: Exported | Future[_Ready], container: Container, entries: Entries, task: Task
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
        made = (container.put(place, ready.pieces, key=key, sha256=ready.sha256),)
        if ready.sidecar is not None:
            made = (*made, container.put(f"{place}.xmp", [ready.sidecar], key=plan.key))
    inside = [moved(file, task) for file in made]
    entries.add(
        Entry(
            record=plan.record,
            words=plan.words,
            file=inside[0],
            media_type=MEDIA_TYPES.get(plan.format, "application/octet-stream"),
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


def moved(made: Made, task: Task) -> Made:
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
