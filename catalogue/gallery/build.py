"""Building or refreshing a gallery: pictures first, then pages, the start page last of all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue.gallery.folder import Folder
from catalogue.gallery.options import GalleryOptions, GalleryReport, Progress
from catalogue.gallery.pages import SOURCES, read_source, render_pages
from catalogue.gallery.pictures import VERSION, place_pictures
from catalogue.gallery.view import view
from catalogue.model import Evidence, Outcome, Record
from catalogue.registry import Registry, load_registry
from catalogue.store.files import Files


def build_gallery(
    records: Iterable[Record],
    *,
    files: Files,
    to: Path,
    options: GalleryOptions | None = None,
    registry: Registry | None = None,
    evidence: Mapping[str, Sequence[Evidence]] | None = None,
    progress: Progress | None = None,
) -> GalleryReport:
    """Build or refresh a gallery.

    Args:
        records: The pictures, in the order in which they shall stand.
        files: The catalogue's, in which the records' files are.
        to: The gallery's folder; made where it is absent. What it holds beside a gallery stays.
        options: How it shall be.
        registry: Names of spacecraft and cameras; None for the program's own.
        evidence: By ID, why each picture is attributed as it is.
        progress: Told as thumbnails are made.

    Raises:
        UsageError: An option or the place cannot be, or a file that no gallery made stands in the
            way.
    """
    options = (options or GalleryOptions()).checked()
    files.keep_out(to)
    registry = registry or load_registry()
    evidence = evidence or {}
    listed = _ordered(records)
    folder = Folder(to)
    digest = _digest(listed, evidence, options)
    if folder.is_as(digest):
        return _report(folder, listed, folder.failed, made=0)

    for name in ("index.html", "feed.xml"):
        folder.refuse_foreign(name)
    views = [view(record, registry, evidence.get(record.id, ())) for record in listed]
    placed = place_pictures(listed, views, folder, files, options, progress)
    folder.finish(render_pages(placed.views, options), placed.tags, digest, placed.failed)
    return _report(folder, listed, placed.failed, made=placed.made)


def _ordered(records: Iterable[Record]) -> list[Record]:
    """As given, pictures to be seen before those known by their text alone; none twice."""
    known = {record.id[:20]: record for record in records}
    return sorted(known.values(), key=lambda record: record.file is None)


def _digest(
    records: Sequence[Record],
    evidence: Mapping[str, Sequence[Evidence]],
    options: GalleryOptions,
) -> str:
    """One value for everything that a gallery is made from."""
    import catalogue

    seen = hashlib.sha256(f"{VERSION} {catalogue.__version__}".encode())
    seen.update(repr(replace(options, jobs=None)).encode("utf-8", "replace"))
    for name in SOURCES:
        seen.update(read_source(name, options) or b"")
    for record in records:
        seen.update(repr(record).encode("utf-8", "replace"))
        seen.update(repr(evidence.get(record.id, ())).encode("utf-8", "replace"))
    return seen.hexdigest()


def _report(
    folder: Folder, records: Sequence[Record], failed: Mapping[str, str], *, made: int
) -> GalleryReport:
    named = {record.id[:20]: record for record in records}
    return GalleryReport(
        index=folder.path / "index.html",
        pictures=len(records),
        text_only=sum(record.file is None for record in records),
        uncredited=sum(not record.credit for record in records),
        thumbnails_made=made,
        written=folder.written,
        removed=folder.removed,
        failures=tuple(
            Outcome(
                kind="image",
                url=named[key].url or named[key].file,
                page=None,
                outcome="failed:corrupt-image",
                image=named[key].id,
                detail=why,
            )
            for key, why in failed.items()
            if key in named
        ),
    )
