"""Values to rows and back, without a database."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from catalogue.model import (
    Appearance,
    Evidence,
    Finding,
    Gathered,
    Harvested,
    ImageFacts,
    Page,
    Record,
    Role,
    Statement,
    StoredImage,
)
from catalogue.store.records import listed

Row = sqlite3.Row


def place(url: str | None, caption: str | None, credit: str | None) -> str:
    """What tells an appearance from the others of its page: address, else caption and credit."""
    if url is not None:
        return url
    return "text:" + json.dumps([caption, credit], ensure_ascii=False)


def place_of(appearance: Appearance) -> str:
    """The same of an appearance."""
    return place(appearance.url, appearance.caption, appearance.credit)


def words_id(address: str, place: str, caption: str | None, credit: str | None) -> str:
    """ID of a picture without bytes: of what is known of it."""
    known = [address, place, caption, credit]
    return hashlib.sha256(json.dumps(known, ensure_ascii=False).encode()).hexdigest()


def picture_of(address: str, gathered: Gathered) -> str:
    """ID of the picture: of its bytes, or, where there are none, of what is known of it."""
    if gathered.image is not None:
        return gathered.image.id
    if gathered.outcome.image is not None:  # the catalogue has its bytes already
        return gathered.outcome.image
    said = gathered.appearance
    return words_id(address, place_of(said), said.caption, said.credit)


def page_row(harvested: Harvested) -> dict[str, object]:
    """The row of table ``page``, but for whether it is complete."""
    page, snapshot = harvested.page, harvested.snapshot
    return {
        "address": harvested.address,
        "alone": int(harvested.outcome.kind == "image"),
        "url": page.url,
        "site": site_of(page.url or harvested.address),
        "title": page.title,
        "author": page.author,
        "published": page.published,
        "publisher": page.publisher,
        "language": page.language,
        "outcome": harvested.outcome.outcome,
        "detail": harvested.outcome.detail,
        "fetched": harvested.fetched,
        "etag": harvested.validators.etag,
        "last_modified": harvested.validators.last_modified,
        "snapshot_sha256": snapshot.sha256 if snapshot else None,
        "snapshot_file": snapshot.file if snapshot else None,
        "snapshot_bytes": snapshot.bytes if snapshot else None,
        "snapshot_media_type": snapshot.media_type if snapshot else None,
        "snapshot_charset": snapshot.charset if snapshot else None,
    }


def image_row(image: StoredImage, added: str) -> dict[str, object]:
    """The row of table ``image``, but for its key."""
    facts = image.facts
    return {
        "suffix": suffix_of(image.file),
        "bytes": image.bytes,
        "format": facts.format,
        "media_type": facts.media_type,
        "width": facts.width,
        "height": facts.height,
        "frames": facts.frames,
        "mode": facts.mode,
        "fingerprint": signed(facts.fingerprint),
        "colour": facts.colour,
        "damage": facts.damage,
        "added": added,
    }


def image_from(key: str, row: Row, statements: Iterable[Row]) -> StoredImage:
    """The image of its ID, its row and those of its statements."""
    return StoredImage(
        id=key,
        file=image_file(key, row["suffix"]),
        bytes=row["bytes"],
        facts=ImageFacts(
            format=row["format"],
            media_type=row["media_type"],
            width=row["width"],
            height=row["height"],
            frames=row["frames"],
            mode=row["mode"],
            fingerprint=unsigned(row["fingerprint"]),
            colour=row["colour"],
            damage=row["damage"],
            embedded=statements_from(statements),
        ),
    )


def appearance_from(
    row: Row, addresses: Iterable[Row], statements: Iterable[Row], evidence: Iterable[Row]
) -> Appearance:
    """The appearance of its row and those of its side tables."""
    listed_addresses = list(addresses)
    return Appearance(
        url=row["url"],
        alternatives=tuple(row["url"] for row in listed_addresses if not row["larger"]),
        larger=tuple(row["url"] for row in listed_addresses if row["larger"]),
        role=Role(row["role"]),
        title=row["title"],
        caption=row["caption"],
        credit=row["credit"],
        alt=row["alt"],
        statements=statements_from(statements),
        evidence=evidence_from(evidence),
    )


def appearance_row(gathered: Gathered) -> dict[str, object]:
    """The row of table ``appearance``, but for the keys of page and picture."""
    said, outcome = gathered.appearance, gathered.outcome
    # Unchanged is what one harvest found; how the picture stands is the same whoever stored it, so
    # that a harvest that was stopped and completed leaves what one that was not does.
    had = outcome.outcome == "unchanged" and outcome.image is not None
    return {
        "place": place_of(said),
        "asked": asked_cell(gathered.asked, place_of(said)),
        "role": str(said.role),
        "title": said.title,
        "caption": said.caption,
        "credit": said.credit,
        "alt": said.alt,
        "outcome": "stored" if had else outcome.outcome,
        "detail": "" if had else outcome.detail,
    }


def asked_cell(asked: str | None, place: str) -> str | None:
    """The address that was asked, as it is kept: empty where it is the place itself."""
    return "" if asked == place else asked


def address_values(said: Appearance) -> list[tuple[object, ...]]:
    """Position, whether convention yields it, address of each further address."""
    found = [(0, url) for url in said.alternatives] + [(1, url) for url in said.larger]
    return [(position, larger, url) for position, (larger, url) in enumerate(found)]


def statement_values(stated: Iterable[Statement]) -> list[tuple[object, ...]]:
    """Position, name, value, field of each statement."""
    return [(position, one.name, one.value, one.where) for position, one in enumerate(stated)]


def page_from(row: Row, notes: Iterable[Row]) -> Page:
    """The page of its row, without its images."""
    return Page(
        url=row["url"],
        title=row["title"],
        author=row["author"],
        published=row["published"],
        publisher=row["publisher"],
        language=row["language"],
        notes=tuple(note["note"] for note in notes),
    )


def statements_from(rows: Iterable[Row]) -> tuple[Statement, ...]:
    """Statements of their rows, in order."""
    return tuple(
        Statement(name=row["name"], value=row["value"], where=row["stated_in"]) for row in rows
    )


def evidence_from(rows: Iterable[Row]) -> tuple[Evidence, ...]:
    """Evidence of its rows, in order."""
    return tuple(
        Evidence(
            field=row["field"],
            text=row["text"],
            says=row["says"],
            rule=row["rule"],
            weight=row["weight"],
        )
        for row in rows
    )


def evidence_values(evidence: Iterable[Evidence]) -> list[tuple[object, ...]]:
    """Position, field, text, says, rule, weight of each."""
    return [
        (position, one.field, one.text, one.says, one.rule, one.weight)
        for position, one in enumerate(evidence)
    ]


def verdict_row(record: Record) -> dict[str, object]:
    """The row of table ``verdict``, but for words that an appearance says, and for keys."""
    return {
        "folded": int(not record.stands),
        "spacecraft": record.spacecraft,
        "instrument": record.instrument,
        "kind": record.kind,
        "taken": record.taken,
        "published": record.published,
        "year": year_of(record.taken, record.published),
        "sol": record.sol,
        "place": record.place,
        "product_id": record.product_id,
        "confidence": record.confidence,
        "review": listed(record.review),
        "corrected": listed(record.corrected),
    }


def verdict_side_rows(finding: Finding) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the side tables of ``verdict``, by table, each without the picture's key."""
    return {
        "picture_subject": [(slug,) for slug in dict.fromkeys(finding.record.subjects)],
        "evidence": evidence_values(finding.evidence),
        "contradiction": list(enumerate(finding.contradictions)),
    }


def credit_side_rows(record: Record) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the side tables of ``credit``, by table, each without the credit's key."""
    return {
        "credit_organisation": list(enumerate(record.organisations)),
        "credit_person": list(enumerate(record.people)),
        "credit_distributor": list(enumerate(record.distributors)),
    }


WORDS = ("title", "caption", "alt", "url")
"""Columns of ``verdict`` that are left to an appearance of the picture where it says the same."""


def own_words(
    words: Sequence[str | None], said: Iterable[Sequence[Any]]
) -> tuple[int | None, list[str | None]]:
    """The appearance that says most of the words, and the words as they stand in ``verdict``.

    Args:
        words: As :data:`WORDS` has them.
        said: Key of each appearance of the picture, and what it says, as :data:`WORDS` has it.
    """
    best, most = None, 0
    for one in said:
        agreed = sum(
            word is not None and word == other for word, other in zip(words, one[1:], strict=True)
        )
        if agreed > most:
            best, most = one, agreed
    if best is None:
        return None, list(words)
    return best[0], [
        None if word == other else word or "" for word, other in zip(words, best[1:], strict=True)
    ]


def year_of(taken: str | None, published: str | None) -> int | None:
    """The year of a picture: when it was taken, else when it was published."""
    date = taken or published
    return int(date[:4]) if date and date[:4].isdigit() else None


def image_file(key: str, suffix: str) -> str:
    """Relative path of an image's file."""
    return f"images/{key[:2]}/{key}{suffix}"


def site_of(address: str) -> str:
    """Host of an address without ``www.``; empty for a file.

    >>> site_of("https://www.cnet.com/news/x"), site_of("landing-day.html")
    ('cnet.com', '')
    """
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def suffix_of(file: str) -> str:
    """The end of a name that begins with a hash.

    >>> suffix_of("images/ab/abcd.jpg")
    '.jpg'
    """
    _, dot, suffix = file.rpartition("/")[2].partition(".")
    return dot + suffix


def signed(fingerprint: int | None) -> int | None:
    """64 bits as SQLite's signed integer."""
    if fingerprint is None or fingerprint < 1 << 63:
        return fingerprint
    return fingerprint - (1 << 64)


def unsigned(stored: int | None) -> int | None:
    """SQLite's signed integer as 64 bits."""
    return stored + (1 << 64) if stored is not None and stored < 0 else stored
