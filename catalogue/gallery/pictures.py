"""What the pages will show: thumbnails, made once for all galleries, and the picture files."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalogue.errors import UnreadableImage
from catalogue.gallery.folder import Folder
from catalogue.gallery.options import GalleryOptions, Progress
from catalogue.gallery.view import SHOWN_BY_BROWSERS, Sized, View, clean, web_address
from catalogue.model import Record
from catalogue.store.files import Files
from catalogue.writing import write_aside

CACHE = "thumbnails"
"""Folder of the catalogue in which thumbnails are kept, for all galleries of it."""

MAX_SHOWN = 60_000_000
"""Pixels of the largest original that the viewer shows whole; a telephone fails on more."""

LARGE = 2048
"""Pixels of what the viewer shows of a picture that no browser shows itself, such as a TIFF."""

VERSION = 1
"""Of the thumbnails: a higher number makes them anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of the picture files."""

    views: list[View]
    """As given, each with its thumbnails and its original, or with the reason why there is none."""
    tags: dict[str, str]
    """The files of the gallery, each with a value that changes when it has to be made anew."""
    failed: dict[str, str]
    """By key, why a picture cannot be shown."""
    made: int
    """Pictures of which thumbnails were drawn, and not found in the catalogue."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The thumbnails that one picture is to have."""

    place: int
    record: Record
    names: dict[int, str]
    """By size, the path in the gallery."""
    tag: str


class _Placing:
    """What is known so far."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views
        self.found: list[dict[str, Any]] = [{} for _ in views]
        """What each view is to have beside what it has."""
        self.tags: dict[str, str] = {}
        self.failed: dict[str, str] = {}


def place_pictures(
    records: Sequence[Record],
    views: Sequence[View],
    folder: Folder,
    kept: Files,
    options: GalleryOptions,
    progress: Progress | None,
) -> Placed:
    """Make the thumbnails that are not there yet, and put the picture files where links lead.

    Args:
        records: The pictures.
        views: The same, as pages will show them.
        folder: The gallery's.
        kept: The catalogue's files; its folder keeps thumbnails for the next gallery.
        options: How the gallery is to be.
        progress: Told as thumbnails are made.

    Raises:
        UsageError: A file that no gallery made stands in the way.
    """
    placing = _Placing(views)
    wanted = []
    for place, record in enumerate(records):
        if record.lacking is not None:
            placing.found[place]["missing"] = f"There is no file: {record.lacking}."
            continue
        one = _wanted(place, record, views[place], options)
        if all(folder.has(name, one.tag) for name in one.names.values()):
            _note(placing, one)
        else:
            wanted.append(one)
    made = 0
    if wanted:
        folder.claim(name for one in wanted for name in one.names.values())
        made = _make(wanted, placing, folder, kept, options, progress)
    if options.originals != "none":
        for place, record in enumerate(records):
            if record.file is not None:
                _offer(placing, place, record, folder, kept, options)
    return Placed(
        views=[replace(one, **new) for one, new in zip(views, placing.found, strict=True)],
        tags=placing.tags,
        failed=placing.failed,
        made=made,
    )


# --- thumbnails -----------------------------------------------------------------------------------


def _viewable(record: Record) -> bool:
    """Whether the viewer can show the file itself."""
    pixels = (record.width or 0) * (record.height or 0)
    return record.format in SHOWN_BY_BROWSERS and pixels <= MAX_SHOWN


def _sizes(record: Record, options: GalleryOptions) -> tuple[int, ...]:
    longer = max(record.width or 0, record.height or 0)
    sizes = [options.thumb_size, 2 * options.thumb_size]
    if options.originals == "copy" and not _viewable(record):
        sizes.append(max(LARGE, 2 * options.thumb_size))
    needed = [size for n, size in enumerate(sizes) if n == 0 or longer > sizes[n - 1]]
    return tuple(sorted(set(needed)))


def _wanted(place: int, record: Record, view: View, options: GalleryOptions) -> _Wanted:
    made_from = f"{VERSION}\n{record.id}\n{view.credit}\n{record.url}"
    return _Wanted(
        place,
        record,
        {size: f"thumbs/{view.key[:2]}/{view.key}-{size}.jpg" for size in _sizes(record, options)},
        hashlib.sha256(made_from.encode("utf-8", "replace")).hexdigest()[:16],
    )


def _note(placing: _Placing, one: _Wanted) -> None:
    placing.tags.update(dict.fromkeys(one.names.values(), one.tag))
    width, height = one.record.width or 1, one.record.height or 1
    thumbs = []
    for size, name in one.names.items():
        scale = min(1.0, size / max(width, height))
        sides = max(1, round(width * scale)), max(1, round(height * scale))
        thumbs.append(Sized(path=name, width=sides[0], height=sides[1]))
    # The third is the viewer's: a grid that chose it on a dense screen would load megabytes.
    placing.found[one.place].update(thumbnails=tuple(thumbs[:2]), shown=thumbs[-1].path)


def _make(
    wanted: Sequence[_Wanted],
    placing: _Placing,
    folder: Folder,
    kept: Files,
    options: GalleryOptions,
    progress: Progress | None,
) -> int:
    from catalogue.images.thumbnail import pool

    cache = _cache(kept.folder)
    drawn = 0

    def thumbnails_of(record: Record, names: Mapping[int, str]) -> tuple[dict[str, bytes], bool]:
        data, fresh = _thumbnails(record, tuple(names), kept, cache)
        return {names[size]: _credited(data[size], record) for size in names}, fresh

    with pool(options.jobs) as workers:
        jobs = {workers.submit(thumbnails_of, one.record, one.names): one for one in wanted}
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                one = jobs.pop(job)
                if progress is not None:
                    progress(done, len(wanted))
                try:
                    files, fresh = job.result()
                except (UnreadableImage, OSError) as error:
                    why = error.strerror if isinstance(error, OSError) else str(error)
                    placing.failed[placing.views[one.place].key] = clean(why or error)
                    placing.found[one.place]["missing"] = "The picture cannot be shown here."
                    continue
                for name, data in files.items():
                    folder.put(name, data)
                drawn += fresh
                _note(placing, one)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise
    return drawn


def _cache(catalogue: Path) -> Path | None:
    """The catalogue's own thumbnails; None where it cannot be written, as on a read-only disk."""
    path = catalogue / CACHE
    try:
        path.mkdir(exist_ok=True)
    except OSError:
        return path if path.is_dir() else None
    return path


def _thumbnails(
    record: Record, sizes: Sequence[int], files: Files, cache: Path | None
) -> tuple[dict[int, bytes], bool]:
    """The thumbnails of one picture by size, and whether they had to be drawn."""
    from catalogue.images.thumbnail import thumbnails

    kept = {}
    if cache is not None:
        kept = {
            size: cache / record.id[:2] / f"{record.id}-{size}-v{VERSION}.jpg" for size in sizes
        }
        with contextlib.suppress(OSError):
            return {size: path.read_bytes() for size, path in kept.items()}, False
    assert record.file is not None
    with files.local(record.file) as path:
        drawn = thumbnails(path, sizes)
    made = {size: thumb.data for size, thumb in zip(sizes, drawn, strict=True)}
    for size, path in kept.items():
        with contextlib.suppress(OSError):  # a cache that cannot be written is none
            path.parent.mkdir(exist_ok=True)
            write_aside(path, made[size])
    return made, True


def _credited(data: bytes, record: Record) -> bytes:
    """The thumbnail with its credit inside, so that it can be told when it travels alone."""
    from catalogue.images.embed import Metadata, embed

    if not record.credit:
        return data
    return embed(data, Metadata(credit=clean(record.credit), page=web_address(record.url) or None))


# --- originals ------------------------------------------------------------------------------------


def _offer(
    placing: _Placing,
    place: int,
    record: Record,
    folder: Folder,
    kept: Files,
    options: GalleryOptions,
) -> None:
    """Put the picture itself in the gallery, or say where it is."""
    from catalogue.images.formats import SUFFIXES

    view, found = placing.views[place], placing.found[place]
    if options.originals == "link":
        found["original"] = view.source
        return
    name = f"pictures/{view.key}{SUFFIXES.get(record.format or '', '.jpg')}"
    tag = record.id[:16]
    if not folder.has(name, tag):
        try:
            with kept.local(record.file or "") as file:
                folder.put(name, file)
        except OSError as error:
            placing.failed.setdefault(view.key, clean(error.strerror or error))
            return
    placing.tags[name] = tag
    found["original"] = name
    if _viewable(record) and found.get("thumbnails"):
        found["shown"] = name
