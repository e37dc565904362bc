"""Building the folder: thumbnails first, then data, pages, and the start page last of all.

Whatever a page refers to has a name that changes with its content and is there before the page is.
So a build that is cut off leaves the gallery that was there before: its pages still find what
they name, since the old files are taken away only when the new pages stand. ``gallery.json`` tells
what the folder holds that is ours; nothing else is ever replaced or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.errors import UnreadableImage, UsageError
from catalogue.gallery.data import DETAILS, details_scripts, pictures_script, script_text
from catalogue.gallery.view import SHOWN_BY_BROWSERS, Sized, View, clean, view, web_address
from catalogue.model import Evidence, Outcome, Record
from catalogue.registry import Registry, load_registry

if TYPE_CHECKING:
    from jinja2 import Environment

MANIFEST = "gallery.json"
CACHE = "thumbnails"
"""Folder of the catalogue in which thumbnails are kept, for all galleries of it."""

ORIGINALS = ("copy", "link", "none")
MAX_SHOWN = 60_000_000
"""Pixels of the largest original that the viewer shows whole; a telephone fails on more."""

_VERSION = 1
"""Of the thumbnails: a higher number makes them anew."""
_FEED = 50
_OURS = re.compile(
    r"(index\.html|page-\d+\.html|feed\.xml|sitemap\.xml"
    r"|static/[a-z]+-[0-9a-f]{12}\.(js|css|svg)|data/[a-z]+(-\d+)?-[0-9a-f]{12}\.js"
    r"|thumbs/[0-9a-f]{2}/[0-9a-f]{20}-\d+\.jpg"
    r"|pictures/[0-9a-f]{20}\.(jpg|png|gif|webp|tif|avif|jp2))"
)
"""Every path that a gallery may hold: a manifest that names others is not believed."""
_FOLDERS = ("static", "data", "thumbs", "pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryOptions:
    """How a gallery is to be."""

    title: str = "Pictures of Mars"
    thumb_size: int = 320
    """Pixels of the longer side; a second size of twice as many is made for dense screens."""
    originals: str = "copy"
    """``copy`` puts the picture files in the gallery, ``link`` links to where they came from,
    ``none`` offers thumbnails only."""
    per_page: int = 60
    """Pictures on a page for browsers without script, and at once for those with."""
    template: Path | None = None
    """Folder of templates and styles that replace ours, file by file."""
    base_url: str | None = None
    """Address at which the gallery will stand, for feed and site map."""
    jobs: int | None = None
    """Thumbnails made at one time; None for as many as there are processors."""

    def checked(self) -> GalleryOptions:
        """The same, or an error that names what is wrong.

        Raises:
            UsageError: A value that cannot be.
        """
        if self.originals not in ORIGINALS:
            raise UsageError(f"--originals: {self.originals!r}; known: {', '.join(ORIGINALS)}")
        if not 32 <= self.thumb_size <= 2048:
            raise UsageError("--thumb-size: 32 to 2048 pixels")
        if not 1 <= self.per_page <= 10_000:
            raise UsageError("--per-page: 1 to 10000 pictures")
        if self.template is not None and not self.template.is_dir():
            raise UsageError(f"--template: there is no folder {str(self.template)!r}")
        base = self.base_url
        if base is not None:
            if not web_address(base):
                raise UsageError("--base-url: an address that begins with https:// or http://")
            base = base.rstrip("/") + "/"
        return replace(self, base_url=base, title=clean(self.title) or "Pictures of Mars")


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryReport:
    """What a build did."""

    index: Path
    """The start page."""
    pictures: int
    text_only: int
    """Pictures known by caption and credit alone, shown as cards of text."""
    uncredited: int
    thumbnails_made: int
    written: int
    """Files written, thumbnails included; 0 where nothing changed."""
    removed: int
    failures: tuple[Outcome, ...] = ()
    """Pictures of which no thumbnail could be made, and why."""


Progress = Callable[[int, int], None]
"""Called with how many thumbnails are made and how many there are to make."""


def build_gallery(
    records: Iterable[Record],
    *,
    store_folder: Path,
    to: Path,
    options: GalleryOptions | None = None,
    registry: Registry | None = None,
    evidence: Mapping[str, Sequence[Evidence]] | None = None,
    progress: Progress | None = None,
) -> GalleryReport:
    """Build or refresh a gallery.

    Args:
        records: The pictures, in the order in which they shall stand.
        store_folder: The catalogue folder, to which files of records are relative.
        to: The gallery's folder; made where it is absent. What it holds beside a gallery stays.
        options: How it shall be.
        registry: Names of spacecraft and cameras; None for the program's own.
        evidence: By ID, why each picture is attributed as it is.
        progress: Told as thumbnails are made.

    Raises:
        UsageError: An option cannot be, or a file that no gallery made stands in the way.
    """
    options = (options or GalleryOptions()).checked()
    registry = registry or load_registry()
    evidence = evidence or {}
    listed = _ordered(records)
    folder = _Folder(to)
    digest = _digest(listed, evidence, options)
    if folder.is_as(digest):
        return _report(folder, listed, folder.failed, made=0)

    for name in ("index.html", "feed.xml"):
        folder.refuse_foreign(name)
    views = [view(record, registry, evidence.get(record.id, ())) for record in listed]
    pictures, made = _pictures(
        listed, views, folder, store_folder, options, folder.failed, progress
    )
    pages = _pages(pictures.views, options)
    folder.finish(pages, pictures.tags, digest, pictures.failed)
    return _report(folder, listed, pictures.failed, made=made)


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

    seen = hashlib.sha256(f"{_VERSION} {catalogue.__version__}".encode())
    seen.update(repr(replace(options, jobs=None)).encode("utf-8", "replace"))
    for name in sorted(_STATICS + _TEMPLATES):
        seen.update(_read_static(name, options) or b"")
    for record in records:
        seen.update(repr(record).encode("utf-8", "replace"))
        seen.update(repr(evidence.get(record.id, ())).encode("utf-8", "replace"))
    return seen.hexdigest()


def _report(
    folder: _Folder, records: Sequence[Record], failed: Mapping[str, str], *, made: int
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


# --- the folder ---------------------------------------------------------------------------------


class _Folder:
    """The gallery's folder: what in it is ours, what was written, what is to go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.removed = 0
        if path.exists() and not path.is_dir():
            raise UsageError(f"--to: {str(path)!r} is a file, not a folder")
        for name in _FOLDERS:
            if (path / name).is_symlink():
                raise UsageError(f"--to: {name} in it is a link to elsewhere; take it away first")
        self.digest, self.tags, self.failed = self._manifest()

    def _manifest(self) -> tuple[str, dict[str, str], dict[str, str]]:
        try:
            told = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
            if told["made_by"] != "mars-image-catalogue":
                raise ValueError
            tags = {str(k): str(v) for k, v in told["files"].items() if _OURS.fullmatch(k)}
            failed = {str(k): str(v) for k, v in told["failed"].items()}
            return str(told["digest"]), tags, failed
        except FileNotFoundError:
            return "", {}, {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(
                f"--to: {MANIFEST} in it was not written by this program; choose another folder"
            ) from None

    def is_as(self, digest: str) -> bool:
        """Whether the folder was made from exactly this, and every file of it is there."""
        if digest != self.digest or not self.tags:
            return False
        by_folder: dict[str, set[str]] = {}
        for name in self.tags:
            parent, _, leaf = name.rpartition("/")
            by_folder.setdefault(parent, set()).add(leaf)
        for parent, leaves in by_folder.items():
            try:
                if not leaves <= set(os.listdir(self.path / parent)):  # noqa: PTH208
                    return False
            except OSError:
                return False
        return True

    def refuse_foreign(self, name: str) -> None:
        """Stop before something is replaced that no gallery made.

        Raises:
            UsageError: It is there, and the manifest does not have it.
        """
        target = self.path / name
        if name in self.tags or not (target.is_symlink() or target.exists()):
            return
        if name.startswith(_FOLDERS) and target.is_file() and not target.is_symlink():
            return  # named by its content: what a build that was cut off has left
        raise UsageError(
            f"--to: {name} in {str(self.path)!r} was not made by this program; "
            "choose another folder, or take it away"
        )

    def claim(self, names: Iterable[str]) -> None:
        """Note files that are about to be written, so that a build cut off leaves no orphans."""
        self.tags = {**dict.fromkeys(names, ""), **self.tags}
        self._write_manifest("", self.tags, self.failed)

    def has(self, name: str, tag: str) -> bool:
        """Whether the file is there as it shall be."""
        return bool(tag) and self.tags.get(name) == tag and (self.path / name).is_file()

    def put(self, name: str, data: bytes | Path) -> None:
        """Write one file whole.

        Args:
            name: Relative path.
            data: Its bytes, or a file to be copied.

        Raises:
            UsageError: Something that no gallery made has the name.
        """
        from catalogue.images.thumbnail import write_aside

        target = self.path / name
        self.refuse_foreign(name)
        if target.parent != self.path and target.parent.is_symlink():
            raise UsageError(f"--to: {target.parent} is a link to elsewhere; take it away first")
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Path):
            aside = target.with_name(f".{target.name}.part")
            with contextlib.suppress(FileNotFoundError):
                aside.unlink()
            shutil.copyfile(data, aside)
            aside.replace(target)
        else:
            write_aside(target, data)
        self.written += 1

    def finish(
        self,
        pages: Mapping[str, bytes],
        kept: Mapping[str, str],
        digest: str,
        failed: Mapping[str, str],
    ) -> None:
        """Put the pages in place, the start page last, and take away what is no more of use."""
        tags = dict(kept)
        for name, data in pages.items():
            tags[name] = hashlib.sha256(data).hexdigest()[:16]
        changed = [name for name in pages if not self.has(name, tags[name])]
        before = dict(self.tags)
        if changed or tags != before:
            # Until the pages stand, the manifest owns old and new: a cut-off build loses nothing.
            for name in changed:
                self.refuse_foreign(name)
            self._write_manifest("", {**before, **tags, **dict.fromkeys(changed, "")}, failed)
        for name in sorted(
            changed, key=lambda name: (not name.startswith(_FOLDERS), name[0] == "i")
        ):
            self.put(name, pages[name])
        for name in before.keys() - tags.keys():
            with contextlib.suppress(OSError):
                (self.path / name).unlink()
                self.removed += 1
        for folder in {Path(name).parent for name in before.keys() - tags.keys()}:
            with contextlib.suppress(OSError):
                (self.path / folder).rmdir()  # only where it is empty
        self._write_manifest(digest, tags, failed)
        self.tags = tags

    def _write_manifest(
        self, digest: str, tags: Mapping[str, str], failed: Mapping[str, str]
    ) -> None:
        from catalogue.images.thumbnail import write_aside

        told = {
            "made_by": "mars-image-catalogue",
            "about": "What in this folder belongs to the gallery. Everything else is left alone.",
            "digest": digest,
            "failed": dict(sorted(failed.items())),
            "files": dict(sorted(tags.items())),
        }
        data = (json.dumps(told, indent=0, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        self.path.mkdir(parents=True, exist_ok=True)
        write_aside(self.path / MANIFEST, data)


# --- thumbnails and originals -------------------------------------------------------------------


@dataclass(slots=True)
class _Pictures:
    """What became of the picture files."""

    views: list[View]
    tags: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def _sizes(record: Record, options: GalleryOptions) -> tuple[int, ...]:
    longer = max(record.width or 0, record.height or 0)
    small = options.thumb_size
    return (small,) if longer <= small else (small, 2 * small)


def _sized(record: Record, size: int) -> tuple[int, int]:
    """Width and height of a thumbnail, without opening it."""
    width, height = record.width or size, record.height or size
    scale = min(1.0, size / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _pictures(
    records: Sequence[Record],
    views: Sequence[View],
    folder: _Folder,
    store_folder: Path,
    options: GalleryOptions,
    failed_before: Mapping[str, str],
    progress: Progress | None,
) -> tuple[_Pictures, int]:
    """Make and place what the pages will show."""
    result = _Pictures(views=list(views))
    wanted: list[tuple[int, Record, dict[int, str], str]] = []
    for place, record in enumerate(records):
        if record.file is None:
            result.views[place] = replace(
                views[place], missing="Known by its caption and credit alone: there is no file."
            )
            continue
        key, credit = views[place].key, views[place].credit
        tag = hashlib.sha256(
            f"{_VERSION}\n{record.id}\n{credit}\n{record.url}".encode("utf-8", "replace")
        ).hexdigest()[:16]
        names = {size: f"thumbs/{key[:2]}/{key}-{size}.jpg" for size in _sizes(record, options)}
        if all(folder.has(name, tag) for name in names.values()):
            _place(result, place, record, names, tag)
        else:
            wanted.append((place, record, names, tag))
    made = 0
    if wanted:
        folder.claim(name for _, _, names, _ in wanted for name in names.values())
        made = _make(wanted, result, folder, store_folder, options, progress)
    for place, record in enumerate(records):
        if record.file is not None:
            _offer(result, place, record, folder, store_folder, options)
    return result, made


def _place(
    result: _Pictures, place: int, record: Record, names: Mapping[int, str], tag: str
) -> None:
    result.tags.update(dict.fromkeys(names.values(), tag))
    thumbs = tuple(
        Sized(path=name, width=_sized(record, size)[0], height=_sized(record, size)[1])
        for size, name in names.items()
    )
    result.views[place] = replace(result.views[place], thumbnails=thumbs, shown=thumbs[-1].path)


def _make(
    wanted: Sequence[tuple[int, Record, dict[int, str], str]],
    result: _Pictures,
    folder: _Folder,
    store_folder: Path,
    options: GalleryOptions,
    progress: Progress | None,
) -> int:
    from catalogue.images.thumbnail import pool

    cache = _cache(store_folder)
    decoded = 0

    def one(record: Record, names: dict[int, str]) -> tuple[dict[str, bytes], bool]:
        data, fresh = _thumbnails(record, tuple(names), store_folder, cache)
        return {names[size]: _credited(data[size], record) for size in names}, fresh

    with pool(options.jobs) as workers:
        jobs = {workers.submit(one, item[1], item[2]): item for item in wanted}
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                place, record, names, tag = jobs.pop(job)
                if progress is not None:
                    progress(done, len(wanted))
                try:
                    files, fresh = job.result()
                except (UnreadableImage, OSError) as error:
                    why = error.strerror if isinstance(error, OSError) else str(error)
                    result.failed[record.id[:20]] = clean(why or error)
                    result.views[place] = replace(
                        result.views[place], missing="The picture cannot be shown here."
                    )
                    continue
                for name, data in files.items():
                    folder.put(name, data)
                decoded += fresh
                _place(result, place, record, names, tag)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise
    return decoded


def _cache(store_folder: Path) -> Path | None:
    """The catalogue's own thumbnails; None where it cannot be written, as on a read-only disk."""
    path = store_folder / CACHE
    try:
        path.mkdir(exist_ok=True)
    except OSError:
        return path if path.is_dir() else None
    return path


def _thumbnails(
    record: Record, sizes: Sequence[int], store_folder: Path, cache: Path | None
) -> tuple[dict[int, bytes], bool]:
    """The thumbnails of one picture, from the cache where it has them; whether one was made."""
    from catalogue.images.thumbnail import thumbnails, write_aside

    kept = {
        size: cache / record.id[:2] / f"{record.id}-{size}-v{_VERSION}.jpg"
        for size in sizes
        if cache is not None
    }
    try:
        return {
            size: path.read_bytes() for size, path in kept.items()
        } if kept else _absent(), False
    except OSError:
        pass
    assert record.file is not None
    made = thumbnails(store_folder / record.file, sizes)
    for size, thumb in zip(sizes, made, strict=True):
        if size in kept:
            with contextlib.suppress(OSError):  # a cache that cannot be written is none
                kept[size].parent.mkdir(exist_ok=True)
                write_aside(kept[size], thumb.data)
    return {size: thumb.data for size, thumb in zip(sizes, made, strict=True)}, True


def _absent() -> dict[int, bytes]:
    raise FileNotFoundError


def _credited(data: bytes, record: Record) -> bytes:
    """The thumbnail with its credit inside, so that it can be told when it travels alone."""
    from catalogue.images.embed import Metadata, embed

    if not record.credit:
        return data
    return embed(data, Metadata(credit=clean(record.credit), page=web_address(record.url) or None))


def _offer(
    result: _Pictures,
    place: int,
    record: Record,
    folder: _Folder,
    store_folder: Path,
    options: GalleryOptions,
) -> None:
    """Put the picture itself in the gallery, or say where it is."""
    from catalogue.images.inspect import SUFFIXES

    if options.originals == "link":
        result.views[place] = replace(result.views[place], original=result.views[place].source)
    if options.originals != "copy":
        return
    assert record.file is not None
    current = result.views[place]
    name = f"pictures/{current.key}{SUFFIXES.get(record.format or '', '.jpg')}"
    tag = record.id[:16]
    if not folder.has(name, tag):
        try:
            folder.put(name, store_folder / record.file)
        except OSError as error:
            result.failed.setdefault(current.key, clean(error.strerror or error))
            return
    result.tags[name] = tag
    viewable = (
        record.format in SHOWN_BY_BROWSERS
        and (record.width or 0) * (record.height or 0) <= MAX_SHOWN
        and bool(current.thumbnails)
    )
    result.views[place] = replace(current, original=name, shown=name if viewable else current.shown)


# --- pages --------------------------------------------------------------------------------------

_STATICS = ("gallery.css", "gallery.js", "icon.svg", "theme.css")
_TEMPLATES = ("page.html.jinja", "feed.xml.jinja", "sitemap.xml.jinja")
_HERE = Path(__file__).parent


def _read_static(name: str, options: GalleryOptions) -> bytes | None:
    """A style, script or template: the user's own, else ours; None where there is none."""
    ours = _HERE / ("templates" if name.endswith(".jinja") else "static")
    for folder in (options.template, ours):
        if folder is not None and (folder / name).is_file():
            return (folder / name).read_bytes()
    return None


def _environment(options: GalleryOptions) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folders = [str(_HERE / "templates")]
    if options.template is not None:
        folders.insert(0, str(options.template))
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def _pages(views: Sequence[View], options: GalleryOptions) -> dict[str, bytes]:
    """Every page, script and style, by relative path."""
    from jinja2 import TemplateError
    from markupsafe import Markup

    made: dict[str, bytes] = {}

    def hashed(name: str, data: bytes) -> str:
        stem, _, suffix = name.rpartition(".")
        path = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
        made[path] = data
        return path

    statics = {
        name: hashed(f"static/{name}", data)
        for name in _STATICS
        if (data := _read_static(name, options)) is not None
    }
    data_script = hashed("data/pictures.js", _utf8(pictures_script(views)))
    details = [
        hashed(f"data/details-{number}.js", _utf8(script))
        for number, script in enumerate(details_scripts(views), 1)
    ]
    starts = range(0, max(1, len(views)), options.per_page)
    names = ["index.html" if n == 1 else f"page-{n}.html" for n in range(1, len(starts) + 1)]
    common: dict[str, Any] = {
        "title": options.title,
        "total": len(views),
        "base_url": options.base_url or "",
        "page_names": names,
        "stylesheet": statics["gallery.css"],
        "script": statics["gallery.js"],
        "icon": statics["icon.svg"],
        "theme": statics.get("theme.css", ""),
        "pictures": data_script,
        "details": details,
        "chunk": DETAILS,
        "sizes": f"(max-width: 46rem) 94vw, {options.thumb_size}px",
        **_overview(views),
    }
    try:
        environment = _environment(options)
        page = environment.get_template("page.html.jinja")
        for number, (start, name) in enumerate(zip(starts, names, strict=True), 1):
            shown = views[start : start + options.per_page]
            made[name] = _utf8(
                page.render(
                    common,
                    views=shown,
                    first=start,
                    page_number=number,
                    page_name=name,
                    linked_data=Markup(script_text(_linked_data(shown, options))),
                )
            )
        made["feed.xml"] = _utf8(
            environment.get_template("feed.xml.jinja").render(common, **_feed(views, options))
        )
        if options.base_url:
            made["sitemap.xml"] = _utf8(
                environment.get_template("sitemap.xml.jinja").render(common)
            )
    except TemplateError as error:
        where = getattr(error, "name", None) or "template"
        line = getattr(error, "lineno", None)
        raise UsageError(
            f"--template: {where}{f', line {line}' if line else ''}: {error.message}"
        ) from error
    return made


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _overview(views: Sequence[View]) -> dict[str, Any]:
    """Counts for the head of the page and the choices of the filters."""
    total = len(views)
    crafts = Counter((v.spacecraft, v.spacecraft_name) for v in views if v.spacecraft)
    years = Counter(v.year for v in views if v.year)
    spacecraft = [(slug, name, n) for (slug, name), n in _ranked(crafts)]
    line: list[tuple[str, int, float]] = []
    if years:
        first, last = int(min(years)), int(max(years))
        if last - first < 200:
            most = max(years.values())
            line = [
                (str(year), years[str(year)], round(max(3.0, 46 * years[str(year)] / most), 1))
                for year in range(first, last + 1)
            ]
    unknown = sum(not v.spacecraft for v in views)
    told = f"{total:,} {'picture' if total == 1 else 'pictures'}"
    crafted = f" from {len(spacecraft)} spacecraft" if spacecraft else ""
    span = ""
    if years:
        span = f", {min(years)}" if len(years) == 1 else f", {min(years)} to {max(years)}"
    choices: list[tuple[str, str, str, list[tuple[str, str, int]]]] = [
        ("spacecraft", "Spacecraft", "All spacecraft", spacecraft),
        ("instrument", "Instrument", "All instruments", _counted(
            Counter((v.instrument, v.instrument_name) for v in views if v.instrument))),
        ("subject", "Shows", "Anything", _counted(
            Counter(subject for v in views for subject in v.subjects))),
        ("credit", "Credit", "Every credit", _counted(
            Counter((v.credit_name, v.credit_name) for v in views if v.credit_name))[:300]),
        ("year", "Year", "All years", [
            (year, year, years[year]) for year in sorted(years, reverse=True)]),
        ("kind", "Kind", "All kinds", _counted(
            Counter((v.kind, v.kind_name) for v in views if v.kind))),
    ]  # fmt: skip
    return {
        "summary": f"{told}{crafted}{span}. Every one with its credit, and who took it.",
        "summary_count": told,
        "spacecraft": spacecraft,
        "years": line,
        "filters": choices,
        "unknown": unknown,
    }


def _ranked(counts: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _counted(counts: Counter[tuple[str, str]]) -> list[tuple[str, str, int]]:
    return [(value, name, n) for (value, name), n in _ranked(counts)]


def _linked_data(views: Sequence[View], options: GalleryOptions) -> dict[str, Any]:
    """The page's pictures in the words of schema.org, for search engines and for people's tools."""
    base = options.base_url or ""
    images = []
    for one in views:
        if not one.thumbnails:
            continue
        image: dict[str, Any] = {
            "@type": "ImageObject",
            "identifier": one.id,
            "name": one.title or one.alt,
            "contentUrl": one.original
            if ":" in one.original
            else base + (one.original or one.shown),
            "thumbnailUrl": base + one.thumbnails[0].path,
            "caption": one.caption,
            "creditText": one.credit,
            "dateCreated": one.taken,
            "datePublished": one.published,
            "license": one.rights_url,
            "acquireLicensePage": one.pages[0][0] if one.pages else "",
        }
        images.append({name: value for name, value in image.items() if value})
    return {
        "@context": "https://schema.org",
        "@type": "ImageGallery",
        "name": options.title,
        "image": images,
    }


def _feed(views: Sequence[View], options: GalleryOptions) -> dict[str, Any]:
    """Newest first. Times are those of the pictures: a build at another hour gives the same."""
    dated = [(one, _stamp(one.published or one.taken)) for one in views]
    dated.sort(key=lambda item: item[1], reverse=True)
    entries = dated[:_FEED]
    name = options.base_url or f"urn:mars-image-catalogue:{_slug(options.title)}"
    return {
        "entries": entries,
        "updated": entries[0][1] if entries else _stamp(""),
        "feed_id": name,
    }


def _stamp(date: str) -> str:
    full = re.fullmatch(r"(\d{4})(-(?:0[1-9]|1[0-2]))?(-(?:0[1-9]|[12]\d|3[01]))?", date)
    if not full:
        return "1970-01-01T00:00:00Z"
    return f"{full[1]}{full[2] or '-01'}{full[3] or '-01'}T00:00:00Z"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "gallery"
