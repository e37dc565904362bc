"""Lists of who is to be credited: for readers (Markdown, HTML, text) and for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from catalogue import cite
from catalogue.export.interface import Entry
from catalogue.spreadsheet import cell

TITLE = "Credits"


def as_markdown(entries: Iterable[Entry]) -> Iterator[str]:
    """``CREDITS.md``, in parts."""
    yield f"# {TITLE}\n\nEvery picture of this set, with the credit that it has to carry.\n"
    for entry in entries:
        words = entry.words
        yield f"\n## {cite.markdown(words.title)}\n\n"
        if caption := _told(words):
            yield f"{cite.markdown(caption)}\n\n"
        for name, value, url in _lines(entry):
            shown = cite.markdown(value)
            link = (url or "").replace("<", "%3C").replace(">", "%3E")
            yield f"- {name}: " + (f"[{shown}](<{link}>)\n" if url else f"{shown}\n")


def as_html(entries: Iterable[Entry]) -> Iterator[str]:
    """``CREDITS.html``, in parts: no script, nothing from elsewhere."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src 'self' file:; "
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{TITLE}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{TITLE}</h1>\n"
        "<p>Every picture of this set, with the credit that it has to carry.</p>\n"
    )
    for entry in entries:
        words = entry.words
        yield f'<section>\n<h2 dir="auto">{html.escape(words.title)}</h2>\n'
        if entry.media_type in _SHOWN:
            yield _picture(entry)
        if caption := _told(words):
            yield f'<p dir="auto">{html.escape(caption)}</p>\n'
        yield "<dl>\n"
        for name, value, url in _lines(entry):
            shown = html.escape(value)
            if url:
                shown = f'<a href="{html.escape(url)}" rel="noopener noreferrer">{shown}</a>'
            yield f"<dt>{name}</dt><dd>{shown}</dd>\n"
        yield "</dl>\n</section>\n"
    yield "</body>\n</html>\n"


_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
"""What browsers show."""


def _picture(entry: Entry) -> str:
    size = f' width="{entry.width}" height="{entry.height}"' if entry.width and entry.height else ""
    alt = html.escape(entry.words.alt or "")
    source = html.escape(quote(entry.file.path))
    return f'<img src="{source}" alt="{alt}"{size} loading="lazy" decoding="async">\n'


_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;"
    "margin:2rem auto;padding:0 1rem}section{border-top:1px solid #8888;break-inside:avoid}"
    "h2{font-size:1.1rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}"
    "img{width:auto;height:auto;max-width:100%;max-height:14rem}"
    "dd{margin:0;overflow-wrap:anywhere}@media print{a[href^=http]::after"
    '{content:" (" attr(href) ")"}}'
)


def as_text(entries: Iterable[Entry]) -> Iterator[str]:
    """``CREDITS.txt``, in parts: every address spelled out, as print needs it."""
    yield f"{TITLE.upper()}\n\nEvery picture of this set, with the credit that it has to carry.\n"
    for entry in entries:
        words = entry.words
        yield f"\n{_one_line(words.title)}\n"
        if caption := _told(words):
            yield f"  {_one_line(caption)}\n"
        for name, value, url in _lines(entry):
            spelled = f" <{url}>" if url and url.startswith("http") and url != value else ""
            yield f"  {name}: {_one_line(value)}{spelled}\n"


def _lines(entry: Entry) -> Iterator[tuple[str, str, str | None]]:
    """Name, value and link of each line about a picture."""
    words = entry.words
    yield "File", entry.file.path, quote(entry.file.path)
    if words.credit_line:
        yield "Credit", words.credit_line, None
    else:
        yield "Credit", cite.UNCREDITED, None
    yield "Licence" if words.licence else "Rights", words.rights, words.rights_url
    if words.statement:
        yield "Terms", words.statement, _other(words.terms_url, than=words.rights_url)
    if words.verified:
        yield "Terms checked", words.verified, None
    if words.source:
        yield "Taken by", words.source, None
    if words.subjects:
        yield "Shows", ", ".join(words.subjects), None
    if words.date:
        yield "Taken", words.date, None
    if words.product:
        yield "Product", words.product, None
    if words.page:
        yield "From", words.page_title or words.page, words.page


def _other(url: str | None, *, than: str | None) -> str | None:
    return url if url != than else None


def _told(words: cite.Wording) -> str | None:
    """The caption, where the title does not tell all of it."""
    caption = (words.caption or "").rstrip(".")
    return words.caption if caption and caption != words.title.rstrip(".") else None


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- for spreadsheets -------------------------------------------------------------------------

COLUMNS = (
    "title", "file", "credit", "credited", "creators", "licence", "licence_url", "rights",
    "rights_url", "statement", "verified", "caption", "alt", "spacecraft", "instrument", "subjects",
    "kind", "taken", "sol", "product_id", "page", "page_title", "url", "width", "height", "bytes",
    "sha256", "id",
)  # fmt: skip
"""Columns of ``credits.csv``."""


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """``credits.csv``, in parts; the mark at its head tells spreadsheets that it is UTF-8."""
    yield "\ufeff" + _row(COLUMNS)
    for entry in entries:
        words, record = entry.words, entry.record
        values: dict[str, object] = {
            "file": entry.file.path,
            "credit": words.credit,
            "credited": "yes" if words.credit else "no",
            "creators": [creator.name for creator in words.creators],
            "licence": words.licence,
            "licence_url": words.licence_url,
            "rights": (words.terms if words.terms_url else None) or words.rights,
            "rights_url": words.terms_url or words.licence_url,
            "statement": words.statement,
            "verified": words.verified,
            "title": words.title if words.has_title else None,
            "caption": words.caption,
            "alt": words.alt,
            "spacecraft": record.spacecraft,
            "instrument": record.instrument,
            "subjects": record.subjects,
            "kind": record.kind,
            "taken": record.taken,
            "sol": record.sol,
            "product_id": record.product_id,
            "page": words.page,
            "page_title": words.page_title,
            "url": words.url,
            "width": entry.width,
            "height": entry.height,
            "bytes": entry.file.bytes,
            "sha256": entry.file.sha256,
            "id": record.id,
        }
        yield _row([cell(values[name]) for name in COLUMNS])


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
