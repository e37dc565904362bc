"""Pages, scripts, feed and site map from what is to be shown: all in memory, nothing is written."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.errors import UsageError
from catalogue.gallery.data import DETAILS, details_scripts, pictures_script, script_text
from catalogue.gallery.options import GalleryOptions
from catalogue.gallery.view import View

if TYPE_CHECKING:
    from jinja2 import Environment

_FEED = 50
_STATICS = ("gallery.css", "gallery.js", "icon.svg", "theme.css")
_TEMPLATES = ("page.html.jinja", "feed.xml.jinja", "sitemap.xml.jinja")
SOURCES = (*_STATICS, *_TEMPLATES)
"""Whatever of a gallery can be replaced by a file of the user's own."""
_HERE = Path(__file__).parent


def read_source(name: str, options: GalleryOptions) -> bytes | None:
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


def render_pages(views: Sequence[View], options: GalleryOptions) -> dict[str, bytes]:
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
        if (data := read_source(name, options)) is not None
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
        "sizes": f"auto, (max-width: 46rem) 94vw, {options.thumb_size}px",
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
    except (UnicodeDecodeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        if options.template is None:
            raise  # ours: a fault of the program, not of the user
        raise UsageError(f"--template: a template cannot be filled: {error}") from error
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
    uncredited = sum(not v.credit for v in views)
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
        "summary": f"{told}{crafted}{span}. {_credits(total, uncredited)}".strip(),
        "summary_count": told,
        "spacecraft": spacecraft,
        "years": line,
        "filters": choices,
    }


def _credits(total: int, uncredited: int) -> str:
    """What the page may promise of its credits."""
    if not uncredited:
        return "Every one with its credit." if total else ""
    if uncredited == total:
        return "No credit is known."
    return f"{total - uncredited:,} with their credit, {uncredited:,} whose credit is not known."


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
