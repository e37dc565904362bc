"""Values to rows and back, without a database."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from urllib.parse import urlsplit

from catalogue.model import (
    Appearance,
    Evidence,
    Finding,
    Gathered,
    Harvested,
    ImageFacts,
    Page,
    Role,
    Statement,
    StoredImage,
)
from catalogue.store.records import FOLDED, listed

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
    """The row of table ``image``."""
    facts = image.facts
    return {
        "sha256": image.id,
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


def image_from(row: Row, statements: Iterable[Row]) -> StoredImage:
    """The image of its row and those of its statements."""
    return StoredImage(
        id=row["sha256"],
        file=row["file"],
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


def appearance_row(address: str, gathered: Gathered) -> dict[str, object]:
    """The row of table ``appearance``, but for the keys of page and image."""
    said, outcome = gathered.appearance, gathered.outcome
    # Unchanged is what one harvest found; how the picture stands is the same whoever stored it, so
    # that a harvest that was stopped and completed leaves what one that was not does.
    had = outcome.outcome == "unchanged" and outcome.image is not None
    return {
        "place": place_of(said),
        "picture": picture_of(address, gathered),
        "asked": gathered.asked,
        "role": str(said.role),
        "title": said.title,
        "caption": said.caption,
        "credit": said.credit,
        "alt": said.alt,
        "outcome": "stored" if had else outcome.outcome,
        "detail": "" if had else outcome.detail,
    }


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


def picture_row(finding: Finding) -> dict[str, object]:
    """The row of table ``picture``.

    Args:
        finding: What was derived.
    """
    record = finding.record
    date = record.taken or record.published
    folded = bool(record.renditions) and record.renditions[0] != record.id
    return {
        "key": record.id,
        "spacecraft": record.spacecraft,
        "instrument": record.instrument,
        "kind": record.kind,
        "title": record.title,
        "caption": record.caption,
        "alt": record.alt,
        "credit": record.credit,
        "credit_normal": record.credit_normal,
        "licence": record.licence,
        "rights": record.rights.id if record.rights else None,
        "taken": record.taken,
        "sol": record.sol,
        "place": record.place,
        "product_id": record.product_id,
        "confidence": record.confidence,
        "review": listed(record.review),
        "corrected": listed(record.corrected),
        "suffix": suffix_of(record.file) if record.file else None,
        "url": record.url,
        "format": record.format,
        "media_type": record.media_type,
        "width": record.width,
        "height": record.height,
        "bytes": record.bytes,
        "colour": record.colour,
        "damage": record.damage,
        "published": record.published,
        "year": int(date[:4]) if date and date[:4].isdigit() else None,
        "names": f"{finding.names} {FOLDED}" if folded else finding.names,
        "best": record.renditions[0] if record.renditions else None,
        "folded": int(folded),
    }


def picture_side_rows(finding: Finding) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the side tables of ``picture``, by table, each without the picture's key."""
    record = finding.record
    return {
        "picture_subject": [(slug,) for slug in dict.fromkeys(record.subjects)],
        "picture_organisation": list(enumerate(record.organisations)),
        "picture_person": list(enumerate(record.people)),
        "picture_distributor": list(enumerate(record.distributors)),
        "picture_page": [
            (position, url, site_of(url), title)
            for position, (url, title) in enumerate(
                zip(record.pages, record.page_titles, strict=True)
            )
        ],
        "evidence": evidence_values(finding.evidence),
        "contradiction": list(enumerate(finding.contradictions)),
    }


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
