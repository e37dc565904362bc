"""JSON answers of image services: NASA's library, the Mars raw-image feeds, JSON Feed.

The shapes are told apart by their keys, so an answer is known wherever it was saved from:

* NASA Image and Video Library: ``{"collection": {"items": [{"data": [...], "links": [...]}]}}``;
* Mars 2020: ``{"images": [{"imageid", "image_files", "camera", "credit", "sol", ...}]}``;
* Mars Science Laboratory: ``{"items": [{"imageid", "https_url", "instrument", "sol", ...}]}``;
* JSON Feed: ``{"version": "https://jsonfeed.org/...", "items": [...]}``.

What a record states in fields of its own goes with the picture as statements, to the letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from catalogue.errors import UnreadableDocument
from catalogue.model import Appearance, Document, Evidence, Outcome, Page, Role, Statement
from catalogue.sites import addresses, larger_than
from catalogue.sites.dates import iso_date
from catalogue.sites.decode import decode
from catalogue.sites.structured import plain, text_of
from catalogue.sources.interface import Member, Several

Json: TypeAlias = Any

MAX_BYTES = 64_000_000
"""Bytes of one answer that are decoded."""

MAX_RECORDS = 30_000
"""Records of one answer that are read."""


def read_json(document: Document) -> Several:
    """Read a JSON answer.

    Raises:
        UnreadableDocument: It is no JSON, or of no shape that is known.
    """
    if len(document.data) > MAX_BYTES:
        raise UnreadableDocument(
            f"'{document.address}' has more than {MAX_BYTES} bytes of JSON", reason="too-large"
        )
    try:
        value = json.loads(decode(document.data, document.charset).lstrip("\ufeff"))
    except RecursionError as error:
        raise UnreadableDocument(f"'{document.address}' is nested too deeply") from error
    except ValueError as error:
        raise UnreadableDocument(f"'{document.address}' is no JSON: {error}") from error
    for knows, read in _SHAPES:
        if knows(value):
            members = list(read(value, document))
            if len(members) >= MAX_RECORDS:
                members.append(
                    Outcome(
                        kind="page",
                        url=document.address,
                        page=document.address,
                        outcome="failed:too-large",
                        detail=f"only the first {MAX_RECORDS} records were read",
                    )
                )
            return Several(tuple(members))
    raise UnreadableDocument(
        f"'{document.address}' is JSON, but no answer of an image library or feed that is known"
    )


def _records(value: Json, *path: str) -> list[dict[str, Json]]:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, list):
        return []
    return [record for record in value[:MAX_RECORDS] if isinstance(record, dict)]


def _text(record: dict[str, Json], *names: str) -> str | None:
    """The first of these fields that says something."""
    for name in names:
        value: Json = record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and value.strip() and value.strip().upper() != "UNK":
            return plain(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return None


def _stated(record: dict[str, Json], fields: dict[str, tuple[str, ...]]) -> tuple[Statement, ...]:
    out = []
    for name, keys in fields.items():
        for key in keys:
            value = _text(record, key)
            if value is not None:
                out.append(Statement(name=name, value=value[:2000], where=key))
                break
    return tuple(out)


def _url(value: Json, base: str) -> str | None:
    if not isinstance(value, str):
        return None
    url = addresses.absolute(value.replace(" ", "%20"), base)
    return url if url and url.startswith("http") else None


def _found(where: str, rule: str) -> tuple[Evidence, ...]:
    return (Evidence(field=where, text=where, says="picture of the record", rule=rule),)


# --- NASA Image and Video Library ---------------------------------------------------------------


def _is_library(value: Json) -> bool:
    return isinstance(value, dict) and bool(_records(value, "collection", "items"))


def _read_library(value: Json, document: Document) -> Iterator[Member]:
    for item in _records(value, "collection", "items"):
        data = next(iter(_records(item, "data")), {})
        if data.get("media_type") not in (None, "image"):
            continue
        links = _records(item, "links")
        sized = sorted(
            (
                (int(link["width"]) if str(link.get("width", "")).isdigit() else 0, url)
                for link in links
                if link.get("render", "image") == "image"
                and (url := _url(link.get("href"), ""))
                and addresses.is_raster(url)
            ),
            key=lambda one: _library_rank(one[1], one[0]),
        )
        urls = list(dict.fromkeys(url for _, url in sized))
        identifier = _text(data, "nasa_id")
        if not urls:
            continue
        creator = " / ".join(
            part for name in ("photographer", "secondary_creator") if (part := _text(data, name))
        )
        statements = _stated(
            data,
            {
                "product_id": ("nasa_id",),
                "taken": ("date_created",),
                "creator": ("photographer", "secondary_creator"),
                "place": ("location",),
                "title": ("title",),
                "producer": ("center",),
            },
        )
        keywords = data.get("keywords")
        if isinstance(keywords, list) and keywords:
            words = ", ".join(str(word) for word in keywords[:60] if isinstance(word, str))
            statements = (*statements, Statement(name="keywords", value=words, where="keywords"))
        caption = _text(data, "description", "description_508", "title")
        own_credit = _credit_in(caption)
        image = Appearance(
            url=urls[0],
            alternatives=tuple(urls[1:]),
            larger=larger_than(urls[0]),
            role=Role.LEAD,
            title=_text(data, "title"),
            caption=caption,
            credit=own_credit or creator or None,
            statements=statements,
            evidence=_found("collection.items", "NASA Image and Video Library"),
        )
        yield Page(
            url=f"https://images.nasa.gov/details/{identifier}" if identifier else document.url,
            title=_text(data, "title"),
            author=None,
            published=iso_date(_text(data, "date_created")),
            publisher="NASA Image and Video Library",
            images=(image,),
        )


def _library_rank(url: str, width: int) -> tuple[int, int]:
    sizes = ("~orig", "~large", "~medium", "~small", "~thumb")
    return (next((n for n, size in enumerate(sizes) if size in url), len(sizes)), -width)


_CREDIT_LINE = re.compile(
    r"(?i)\b(?:image|photo)?\s*credits?\s*:\s*([^.;]{3,200}(?:\.(?=\S)[^.;]{1,60})*)\s*\.?\s*$"
)


def _credit_in(text: str | None) -> str | None:
    found = _CREDIT_LINE.search((text or "")[-400:])
    return found[0].strip() if found else None


# --- Mars 2020 ----------------------------------------------------------------------------------


def _is_mars2020(value: Json) -> bool:
    return any("image_files" in record for record in _records(value, "images")[:5])


def _read_mars2020(value: Json, document: Document) -> Iterator[Member]:
    for record in _records(value, "images"):
        files = record.get("image_files")
        if not isinstance(files, dict):
            continue
        urls = [
            url
            for name in ("full_res", "large", "medium", "small")
            if (url := _url(files.get(name), document.url or ""))
        ]
        if urls:
            yield _raw(
                record,
                urls,
                document,
                rule="Mars 2020 raw images",
                page=_url(record.get("link"), document.url or ""),
                fields={
                    "instrument": ("camera.instrument",),
                    "product_id": ("imageid",),
                    "sol": ("sol",),
                    "taken": ("date_taken_utc",),
                    "credit": ("credit",),
                    "place": ("site",),
                },
            )


# --- Mars Science Laboratory ---------------------------------------------------------------------


def _is_msl(value: Json) -> bool:
    return any(
        ("https_url" in record or "url" in record) and "imageid" in record
        for record in _records(value, "items")[:5]
    )


def _read_msl(value: Json, document: Document) -> Iterator[Member]:
    for record in _records(value, "items"):
        urls = [
            url
            for name in ("https_url", "url", "urlList")
            if (url := _url(record.get(name), document.url or ""))
        ]
        if urls:
            identifier = record.get("id")
            page = (
                f"https://mars.nasa.gov/raw_images/{identifier}"
                if isinstance(identifier, int)
                else None
            )
            yield _raw(
                record,
                urls[:1],
                document,
                rule="MSL raw images",
                page=_url(record.get("link"), "https://mars.nasa.gov/") or page,
                fields={
                    "mission": ("mission",),
                    "instrument": ("instrument",),
                    "product_id": ("imageid",),
                    "sol": ("sol",),
                    "taken": ("date_taken",),
                    "credit": ("image_credit", "credit"),
                    "place": ("site",),
                },
            )


def _raw(
    record: dict[str, Json],
    urls: list[str],
    document: Document,
    *,
    rule: str,
    page: str | None,
    fields: dict[str, tuple[str, ...]],
) -> Page:
    statements = _stated(record, fields)
    credit = next((said.value for said in statements if said.name == "credit"), None)
    title = _text(record, "title")
    image = Appearance(
        url=urls[0],
        alternatives=tuple(dict.fromkeys(urls[1:])),
        larger=tuple(url for url in larger_than(urls[0]) if url not in urls),
        role=Role.LEAD,
        title=title,
        caption=_text(record, "caption", "description"),
        credit=credit,
        statements=statements,
        evidence=_found("imageid", rule),
    )
    return Page(
        url=page or urls[0],
        title=title or _text(record, "imageid"),
        published=iso_date(_text(record, "date_received", "created_at", "date_taken")),
        images=(image,),
    )


# --- JSON Feed ----------------------------------------------------------------------------------


def _is_json_feed(value: Json) -> bool:
    return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version", ""))


def _read_json_feed(value: Json, document: Document) -> Iterator[Member]:
    from catalogue.sources.feed import Entry, member_of

    title = _text(value, "title") or ""
    for item in _records(value, "items"):
        names = item.get("authors") or ([item["author"]] if item.get("author") else [])
        author = ", ".join(name for one in names if (name := text_of(one))) if names else ""
        entry = Entry(
            title=_text(item, "title") or "",
            link=_text(item, "url", "external_url") or "",
            guid=_text(item, "id") or "",
            published=_text(item, "date_published") or "",
            author=author,
            content=item["content_html"] if isinstance(item.get("content_html"), str) else "",
        )
        member = member_of(entry, title, "", document.url or "", document.address, ())
        if member is not None:
            yield member


Shape: TypeAlias = tuple[Callable[[Json], bool], Callable[[Json, Document], Iterator[Member]]]

_SHAPES: tuple[Shape, ...] = (
    (_is_library, _read_library),
    (_is_mars2020, _read_mars2020),
    (_is_msl, _read_msl),
    (_is_json_feed, _read_json_feed),
)
